"""Warm starts along a series: the answer is that of each spectrum by itself, and a new line is not overlooked."""

import numpy as np
import pytest
from attrs import evolve

from shirube.progress import NoProgress
from shirube.records import AnalysisTarget, Axis, EnergyReference, Facts, Spectrum
from shirube_bicfit import analysis
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.warm import fit_along

ENERGY = np.linspace(282.0, 292.0, 101)
SETTINGS = Parameters(max_peaks=6)


def profile(heights, seed=0):
    """Return counts of spectra with lines at 285 and 287 eV, the second of these heights, on a flat background."""
    random = np.random.default_rng(seed)

    def line(centre, width):
        return np.exp(-4.0 * np.log(2.0) * ((ENERGY - centre) / width) ** 2)

    return [
        random.poisson(200.0 + 4000.0 * line(285.0, 1.1) + height * line(287.0 + 0.01 * at, 1.2)).astype(float)
        for at, height in enumerate(heights)
    ]


def along(spectra, settings=SETTINGS):
    return fit_along(ENERGY, spectra, settings, scale="binding", region="C 1s", progress=NoProgress(), threads=1)


@pytest.fixture(scope="module")
def growing():
    """Fit a series in which the second line appears, warm and one by one."""
    spectra = profile([0.0, 0.0, 300.0, 900.0, 1800.0])
    return along(spectra), [fit_spectrum(ENERGY, one, SETTINGS, threads=1) for one in spectra]


def test_warm_fits_choose_what_fits_of_one_spectrum_choose(growing):
    warm, cold = growing
    assert [fit.best.count for fit, _ in warm] == [fit.best.count for fit in cold] == [1, 1, 2, 2, 2]
    assert [fit.status for fit, _ in warm] == [fit.status for fit in cold]


def test_warm_fits_differ_from_others_by_less_than_a_hundredth_of_their_uncertainties(growing):
    warm, cold = growing
    for (one, _), other in zip(warm, cold, strict=True):
        deviation = np.sqrt(np.diag(other.best.covariance))
        known = deviation > 0.0
        assert (np.abs(one.best.theta - other.best.theta)[known] < 0.01 * deviation[known]).all()


def test_what_is_as_the_first_is_found_from_it_and_what_is_new_by_a_full_search(growing):
    warm, _ = growing
    assert [taken for _, taken in warm] == [False, True, False, False, False]


def test_a_warm_fit_compares_as_many_models_as_a_full_search_does(growing):
    warm, cold = growing
    for (one, _), other in zip(warm, cold, strict=True):
        assert len(one.solutions) == len(other.solutions)


def test_a_first_spectrum_that_cannot_be_fitted_helps_nobody_and_harms_nobody():
    spectra = [np.full(ENERGY.size, np.nan), *profile([900.0])]
    (first, _), (second, taken) = along(spectra)
    assert (first.status, second.status, second.best.count, taken) == ("refused", "ok", 2, False)


def test_a_spectrum_that_cannot_be_fitted_is_refused_and_the_next_is_not():
    good = profile([900.0, 900.0])
    fits = along([good[0], np.full(ENERGY.size, np.inf), good[1]])
    assert [(fit.status, taken) for fit, taken in fits] == [("ok", False), ("refused", False), ("ok", True)]


def targets(spectra, energies=ENERGY):
    axis = Axis("energy", energies, "eV")
    listed = [
        Spectrum(f"map#1[{at}]", "C 1s", one, (axis,), "counts", EnergyReference("binding"))
        for at, one in enumerate(spectra)
    ]
    return [AnalysisTarget("map", (one,), facts={one.id: Facts()}) for one in listed]


def test_a_series_gives_the_same_bits_every_time_and_the_first_those_of_a_run():
    series = targets(profile([900.0, 900.0]))
    once = analysis.run_series(series, SETTINGS, NoProgress())
    again = analysis.run_series(series, SETTINGS, NoProgress())
    assert all(one.same_as(other) for one, other in zip(once, again, strict=True))
    assert once[0].same_as(analysis.run(series[0], SETTINGS, NoProgress()))


def test_spectra_on_other_energies_are_fitted_one_by_one():
    first, second = profile([900.0, 900.0])
    other = evolve(targets([second])[0], spectra=targets([second], ENERGY + 0.5)[0].spectra)
    results = analysis.run_series([*targets([first]), other], SETTINGS, NoProgress())
    assert results[1].same_as(analysis.run(other, SETTINGS, NoProgress()))
