"""The search: culling, threads and stacks change how fast it is, not what it finds."""

from __future__ import annotations

import numpy as np
import pytest

from shirube.errors import ShirubeError
from shirube_bicfit.batch import fit_series, fit_spectra
from shirube_bicfit.bounds import WIDENING
from shirube_bicfit.chunks import Begin, Workers
from shirube_bicfit.fitter import Fitter
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.search import Search
from shirube_bicfit.task import Task

QUICK = Parameters(max_peaks=4, starts=40)


def numbers(fit):
    return [(one.deviance, *one.theta.tolist(), *one.start_bics.tolist()) for one in fit.solutions]


def test_results_are_the_same_to_the_last_bit_for_any_number_of_threads(case):
    p3 = case("p3")
    fits = [fit_spectrum(p3.energy, p3.counts(0), QUICK, threads=threads) for threads in (1, 2, 3)]
    assert numbers(fits[0]) == numbers(fits[1]) == numbers(fits[2])


@pytest.mark.parametrize(("name", "seed"), [("p3", 0), ("p3", 3), ("p6", 0)])
def test_culling_and_merged_channels_do_not_change_the_best_solution(case, name, seed):
    spectrum = case(name)
    task = Task.of(spectrum.energy, spectrum.counts(seed), Parameters())
    right = len(spectrum.peaks)
    quick, thorough = (
        Search([task], right, 20 * right, Workers(1), culling=culling).run()[0] for culling in (True, False)
    )
    for one, other in zip(quick, thorough, strict=True):
        assert one.deviance <= other.deviance * (1 + 1e-6)


def test_every_start_is_counted_with_where_it_came_from(case):
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(0))
    for one in fit.solutions:
        assert len(one.origins) == one.start_bics.size
        assert one.start_bics.min() >= one.standing.bic - 1e-4
    assert sum(len(one.origins) for one in fit.solutions) <= 155


def test_a_stack_of_spectra_is_fitted_as_each_alone(case):
    p3 = case("p3")
    stack = np.array([p3.counts(seed) for seed in range(3)])
    stack[1] *= 0.0137
    together = fit_spectra(p3.energy[::-1], stack[:, ::-1], QUICK)
    for counts, fit in zip(stack, together, strict=True):
        alone = fit_spectrum(p3.energy[::-1], counts[::-1], QUICK)
        assert (fit.noise, fit.best.count) == (alone.noise, 3)
        assert fit.best.deviance == pytest.approx(alone.best.deviance, rel=1e-12)
        assert fit.best.theta == pytest.approx(alone.best.theta, rel=1e-9)


def test_a_stack_is_the_same_to_the_last_bit_for_any_number_of_processes(case):
    p3 = case("p3")
    stack = np.array([p3.counts(seed) for seed in range(17)])
    few = Parameters(max_peaks=2, starts=10)
    one, two = (fit_spectra(p3.energy, stack, few, processes=processes) for processes in (1, 2))
    assert [numbers(fit) for fit in one] == [numbers(fit) for fit in two]


class Counted(Workers):
    """Threads that tell how many stacks they were given at once."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.shared: list[int] = []

    def map(self, work, items):
        self.shared.append(len(items))
        return super().map(work, items)


def test_starts_of_one_spectrum_end_alike_to_the_last_bit_when_threads_share_them(case):
    p3 = case("p3", 2001)
    task = Task.of(p3.energy, p3.counts(0), Parameters())
    jitter = np.random.default_rng(5).uniform(0.97, 1.03, (200, p3.theta.size)) ** np.tile([1, 0.01, 1, 1], 4)[2:]
    three = [Begin(0, 3, "given", start) for start in p3.theta * jitter[:110]]
    two = [Begin(0, 2, "given", np.delete(start, slice(8, 12))) for start in p3.theta * jitter[110:]]
    crews = [Counted(1), Counted(2)]
    alone, shared = (Fitter([task], crew).finely(three + two) for crew in crews)
    crews[1].close()
    assert max(crews[1].shared) > 1
    assert alone.cost.tobytes() == shared.cost.tobytes()
    assert [free.tobytes() for free in alone.free] == [free.tobytes() for free in shared.free]
    assert alone.leader.tolist() == shared.leader.tolist()


def test_what_cannot_be_fitted_is_refused_within_a_stack_and_the_rest_is_fitted(case):
    p3 = case("p3")
    stack = np.array([p3.counts(0), np.zeros(301), np.where(p3.energy > 290, np.nan, p3.counts(0))])
    fits = fit_spectra(p3.energy, stack, Parameters(max_peaks=3, starts=20))
    assert [fit.status == "refused" for fit in fits] == [False, True, True]
    assert [fit.reasons[0].code for fit in fits[1:]] == ["all-zero", "not-finite"]


def test_shapes_that_do_not_belong_together_are_refused():
    with pytest.raises(ShirubeError, match="one row of intensities a spectrum"):
        fit_spectra(np.arange(20.0), np.ones((3, 19)))


def test_an_answer_at_a_derived_bound_gets_more_room_once_and_that_is_said():
    energy = np.linspace(280, 300, 301)
    broad = 300 + 2000 * np.exp(-4 * np.log(2) * ((energy - 290) / 3.2) ** 2)
    fit = fit_spectrum(energy, np.random.default_rng(0).poisson(broad), Parameters(max_peaks=1))
    assert fit.best.peaks[0, 2] == pytest.approx(3.2, abs=0.1)
    assert fit.best.limits.fwhm_max == pytest.approx(WIDENING * fit.limits.fwhm_max)
    assert "widened" in [one.code for one in fit.remarks]
    asked = fit_spectrum(energy, np.random.default_rng(0).poisson(broad), Parameters(max_peaks=1, fwhm_max=2.5))
    assert asked.best.peaks[0, 2] == 2.5
    assert "widened" not in [one.code for one in asked.remarks]


@pytest.mark.parametrize("width", [2.6, 3.0, 3.5])
def test_one_line_wider_than_the_derived_bound_is_one_or_more_are_doubted(width):
    energy = np.linspace(280, 300, 301)
    broad = 150 + 1000 * np.exp(-4 * np.log(2) * ((energy - 290) / width) ** 2)
    fit = fit_spectrum(energy, np.random.default_rng(2).poisson(broad), Parameters(max_peaks=4))
    if fit.status == "ok":
        assert fit.best.peaks[:, 2] == pytest.approx([width], abs=0.15)
        assert fit.best.standing.bic == min(one.standing.bic for one in fit.solutions)
    else:
        assert [one.params["number"] for one in fit.reasons if one.code == "wider-instead"] == [1]


def test_a_number_of_lines_that_rests_on_the_bound_of_widths_is_doubted(measured):
    energy, counts = measured("lg4x/C1s_sample.csv")
    kept = (energy >= 281.0) & (energy <= 294.0)
    fit = fit_spectrum(energy[kept], counts[kept])
    (told,) = [one for one in fit.reasons if one.code == "wider-instead"]
    assert fit.status == "doubtful"
    wider = fit_spectrum(energy[kept], counts[kept], Parameters(fwhm_max=float(told.params["limit"])))
    assert wider.best.count == told.params["number"] == fit.best.count - 1
    difference = fit.best.standing.bic - wider.best.standing.bic
    assert told.params["value"] == pytest.approx(difference, abs=0.1)
    assert not [one for one in wider.reasons if one.code == "wider-instead"]


@pytest.mark.parametrize("ends", [(100.0, 3000.0), (3000.0, 3100.0)])
def test_a_background_that_rises_as_high_as_the_peaks_is_fitted_as_well(definition, ends):
    energy = np.linspace(280, 295, 301)
    truth = np.array([3000, 285.0, 1.1, 0.3, 1500, 287.5, 1.3, 0.3, *ends])
    fit = fit_spectrum(energy, np.random.default_rng(4).poisson(definition(energy, truth)), Parameters(max_peaks=4))
    assert fit.best.count == 2
    assert np.abs((fit.best.theta - truth) / fit.best.uncertainties).max() < 5


def test_a_series_follows_a_first_fit_without_another_search(case):
    p3 = case("p3")
    first = fit_spectrum(p3.energy, p3.counts(0), QUICK)
    later = np.array([p3.counts(seed) for seed in range(1, 7)])
    later[3:] *= 0.01
    fits = fit_series(p3.energy, 1.0 * later, first, QUICK)
    for counts, fit in zip(later[:3], fits[:3], strict=True):
        assert fit.best.origins == ("given",)
        searched = fit_spectrum(p3.energy, counts, QUICK)
        assert fit.best.deviance == pytest.approx(searched.best.deviance, abs=1e-3)
        assert fit.best.theta == pytest.approx(searched.best.theta, rel=1e-3)
    assert [fit.noise.kind for fit in fits] == ["poisson"] * 3 + ["quasi-poisson"] * 3


def test_a_series_cannot_follow_a_refusal(case):
    p3 = case("p3")
    with pytest.raises(ShirubeError, match="is a refusal"):
        fit_series(p3.energy, p3.counts(0)[None], fit_spectrum(p3.energy, np.ones(301)))
