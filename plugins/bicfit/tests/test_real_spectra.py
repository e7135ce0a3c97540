"""Measured spectra: what the literature says is in them."""

from __future__ import annotations

import numpy as np
import pytest

from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters


def nearest(peaks, energy):
    return peaks[np.argmin(np.abs(peaks[:, 1] - energy))]


def test_the_carbons_of_pet_and_their_shake_up_are_where_the_literature_has_them(measured):
    fit = fit_spectrum(*measured("lg4x/PET_C1s.csv"))
    peaks = fit.best.peaks
    for energy in (284.7, 286.3, 288.7, 291.5):
        assert nearest(peaks, energy)[1] == pytest.approx(energy, abs=0.4)
    # the model with one line for each: C-C : C-O : O-C=O is 3 : 1 : 1 in the polymer
    model = fit.solutions[3]
    four = model.peaks
    assert four[:3, 1] == pytest.approx([284.7, 286.3, 288.7], abs=0.25)
    # the shake-up is a group of lines, broader than the bound
    assert four[3, 1] == pytest.approx(291.5, abs=0.6)
    main, ether, ester, _ = model.areas.values
    assert main / ether == pytest.approx(3.0, rel=0.15)
    assert ester / ether == pytest.approx(1.0, rel=0.3)


@pytest.fixture(scope="module")
def oxygen(measured):
    return fit_spectrum(*measured("pynxtools-xps/Cu-HHTP_0002.txt"))


def test_oxygen_of_the_framework_is_two_lines_and_a_satellite(oxygen):
    # a tenth of a count a channel: the area of the satellite is hardly known, that of the two lines is
    assert oxygen.status == "ok"
    (told,) = [one for one in oxygen.remarks if one.code == "unsettled-areas"]
    assert told.params["peaks"].startswith("3 (")
    assert oxygen.best.areas.parts[2] + oxygen.best.areas.part_uncertainties[2] < 0.1
    largest = oxygen.best.peaks[np.argsort(-oxygen.best.peaks[:, 0])]
    assert largest[0, 1] == pytest.approx(534.7, abs=0.2)
    assert largest[1, 1] == pytest.approx(533.1, abs=0.2)
    assert np.std(oxygen.best.residuals) == pytest.approx(1.0, abs=0.15)


def test_intensities_from_the_analysers_adc_are_recognised_as_scaled_counts(oxygen):
    assert oxygen.noise.kind == "quasi-poisson"
    assert oxygen.noise.unit == pytest.approx(0.014, abs=0.003)
    assert oxygen.dispersion == pytest.approx(1.0, abs=0.3)


def test_the_carbons_of_the_framework_are_found_among_what_its_satellites_need(measured):
    # with free Lorentz fractions broad lines imitate several; the framework conducts, so its lines have tails
    conducting = Parameters(lineshape="asymmetric", share_fraction=True)
    fit = fit_spectrum(*measured("pynxtools-xps/Cu-HHTP_0003.txt"), conducting)
    assert nearest(fit.best.peaks, 284.2)[0] == fit.best.peaks[:, 0].max()
    for energy in (286.0, 287.9):
        assert nearest(fit.best.peaks, energy)[1] == pytest.approx(energy, abs=0.3)


def test_the_shake_up_of_pet_and_its_three_carbons_are_all_there_is_between_281_and_295_ev(measured):
    energy, counts = measured("lg4x/PET_C1s.csv")
    kept = (energy >= 281.0) & (energy <= 295.0)
    fit = fit_spectrum(energy[kept], counts[kept])
    assert fit.status == "ok"
    large = fit.best.peaks[fit.best.areas.parts > 0.1]
    assert large[:, 1] == pytest.approx([284.7, 286.3, 288.7], abs=0.25)
    assert nearest(fit.best.peaks, 291.5)[1] == pytest.approx(291.5, abs=0.5)


def test_silver_is_a_doublet_of_six_electronvolts_when_single_lines_compete(measured):
    energy, counts = measured("pynxtools-xps/Ag_0001.txt")
    kept = (energy >= 365.0) & (energy <= 378.0)
    rivals = Parameters(doublet=("none", "Ag 3d"), background="linear", free_splitting=True, max_peaks=5)
    fit = fit_spectrum(energy[kept], counts[kept], rivals)
    assert fit.best.variant.doublet == "Ag 3d"
    (splitting,) = fit.best.commons
    assert splitting.value == pytest.approx(6.0, abs=3.0 * splitting.uncertainty + 0.01)
    assert splitting.uncertainty < 0.02
