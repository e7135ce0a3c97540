"""The arithmetic against what was put in, its uncertainties against the scatter of many series."""

import numpy as np
import pytest
from attrs import evolve
from shirube_drift import analysis
from shirube_drift.parameters import Parameters
from shirube_drift.samples import series
from shirube_drift.series import change, signal_to_noise, significance

from shirube.progress import NoProgress
from shirube.records import AnalysisTarget, Axis, Spectrum

SERIES = 100


def pulls(shift, loss):
    """Return how far shift, intensity, shape and dispersion of many series are off, in their own uncertainties."""
    rows = []
    for seed in range(SERIES):
        spectrum = series(shift, loss, seed=seed)
        found = change(spectrum.energy, spectrum.intensity, 9)
        # The intensity is told relative to the mean of the series.
        relative = -loss / (1.0 - loss / 2.0)
        rows.append(
            (
                (found.shift - shift) / found.shift_error,
                (found.intensity - relative) / found.intensity_error,
                found.shape,
                (found.dispersion - 1.0) / found.dispersion_error,
            )
        )
    return np.array(rows)


@pytest.mark.parametrize(("shift", "loss"), [(0.0, 0.0), (0.03, 0.0), (0.0, 0.1), (-0.03, -0.05)])
def test_what_was_put_in_comes_out_within_the_uncertainties_that_are_told(shift, loss):
    found = pulls(shift, loss)
    # Means scatter by 0.1, standard deviations by 0.07.
    np.testing.assert_allclose(found.mean(axis=0), 0.0, atol=0.4)
    np.testing.assert_allclose(found.std(axis=0), 1.0, atol=0.28)


def result_of(spectrum, **parameters):
    target = AnalysisTarget("entry", (spectrum,))
    assert analysis.applies(target, Parameters(**parameters)) is None
    return analysis.run(target, Parameters(**parameters), NoProgress())


@pytest.mark.parametrize(
    ("shift", "loss", "changed"), [(0.0, 0.0, False), (0.1, 0.0, True), (0.0, 0.3, False), (0.1, 0.3, True)]
)
def test_a_loss_of_intensity_alone_is_no_change_of_the_sample(shift, loss, changed):
    scalars = result_of(series(shift, loss)).scalars
    assert scalars["drift.sample_changed"].value is changed
    intensity = scalars["drift.intensity_change"]
    assert (abs(intensity.number) > 4 * intensity.uncertainty) is (loss > 0)


def test_a_peak_that_grows_beside_another_is_a_change_of_shape():
    still = series()
    done = np.linspace(0.0, 1.0, still.intensity.shape[1])
    grown = 120.0 * np.exp(-0.5 * ((still.energy[:, None] - 289.0) / 0.5) ** 2) * done
    scalars = result_of(evolve(still, intensity=still.intensity + grown)).scalars
    assert scalars["drift.shape_significance"].number > 10
    assert scalars["drift.sample_changed"].value is True


def test_the_order_of_the_axes_and_the_direction_of_the_energies_do_not_matter():
    spectrum = series(0.1)
    turned = Spectrum(
        id=spectrum.id,
        name=spectrum.name,
        intensity=spectrum.intensity[::-1].T,
        axes=(spectrum.axes[1], Axis("energy", spectrum.energy[::-1], "eV")),
        intensity_unit="counts",
        reference=spectrum.reference,
    )
    one, other = result_of(spectrum).scalars, result_of(turned).scalars
    for term in ("drift.energy_shift", "drift.intensity_change", "drift.shape_significance"):
        assert other[term].number == pytest.approx(one[term].number, rel=1e-6)


def test_more_scatter_than_counting_widens_the_uncertainties_and_is_said():
    spectrum = series()
    result = result_of(evolve(spectrum, intensity=9.0 * spectrum.intensity))
    assert (result.status, len(result.reasons)) == ("doubtful", 1)
    assert result.scalars["drift.dispersion"].number == pytest.approx(9.0, rel=0.2)
    counted = result_of(spectrum).scalars["drift.energy_shift"].uncertainty
    assert result.scalars["drift.energy_shift"].uncertainty == pytest.approx(counted, rel=0.1)


def test_signal_to_noise_is_what_a_peak_on_a_flat_background_has():
    counts = np.full(200, 100.0)
    counts[120] = 1000.0
    ratio, error = signal_to_noise(counts)
    # 900 counts above 100 +- sqrt(100/10 ((1-p)^2 + p^2)), p = 120/199.
    part = 120 / 199
    noise = np.sqrt(1000.0 + 10.0 * ((1 - part) ** 2 + part**2))
    assert ratio == pytest.approx(900.0 / noise)
    scatter = np.std(
        [signal_to_noise(np.random.default_rng(seed).poisson(counts).astype(float))[0] for seed in range(300)]
    )
    assert error == pytest.approx(scatter, rel=0.2)


@pytest.mark.parametrize(
    ("chi_square", "freedom", "deviations"), [(124.342, 100, 1.6449), (77.929, 100, -1.6449), (59.703, 30, 3.0902)]
)
def test_the_significance_agrees_with_tables_of_chi_square(chi_square, freedom, deviations):
    # The quantiles 0.95 and 0.05 for 100 degrees of freedom, and 0.999 for 30.
    assert significance(chi_square, freedom) == pytest.approx(deviations, abs=0.02)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda one: next(one.along("energy")), "no axis of iterations"),
        (
            lambda one: evolve(one, axes=(one.axes[0], Axis("angle", one.axes[1].values, "deg"))),
            "no axis of iterations",
        ),
        (lambda one: evolve(one, intensity=one.intensity - 1000.0), "not finite and positive"),
        (lambda one: evolve(one, intensity=0.0 * one.intensity), "not finite and positive"),
        (
            lambda one: evolve(one, intensity=one.intensity[:, :1], axes=(one.axes[0], Axis("iteration", [1.0]))),
            "1 iterations",
        ),
        (lambda one: evolve(one, axes=(Axis("energy", np.zeros(101), "eV"), one.axes[1])), "neither rise nor fall"),
    ],
)
def test_what_is_no_series_is_declined_with_a_reason(spoil, said):
    reason = analysis.applies(AnalysisTarget("entry", (spoil(series()),)), Parameters())
    assert said in reason.render("en")
    assert reason.render("ja") != reason.render("en")


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_a_flat_spectrum_cannot_tell_a_shift(seed):
    flat = np.full((101, 12), 50.0)
    counts = flat if seed is None else np.random.default_rng(seed).poisson(flat).astype(float)
    spectrum = evolve(series(), intensity=counts)
    assert result_of(spectrum).status == "refused"


def test_two_iterations_are_compared_by_counting_statistics_alone():
    result = result_of(series(0.2, iterations=2))
    assert (result.status, "drift.dispersion" in result.scalars) == ("doubtful", False)
    shift = result.scalars["drift.energy_shift"]
    assert abs(shift.number - 0.2) < 4 * shift.uncertainty
