"""Random starts: they find what is rarer, change nothing else, and are no part of the starts that are allowed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shirube_bicfit.batch import fit_spectra
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters

C1S = Path(__file__).parent / "data" / "lg4x" / "C1s_sample.csv"
#: The least deviance that scipy found from 500 random starts with six lines between 281 and 294 eV
#: (``python benchmarks/fit_optima.py --random 500 --range 281 294 plugins/bicfit/tests/data/lg4x/C1s_sample.csv``).
SIX_LINES = 133.66


@pytest.fixture(scope="module")
def c1s():
    rows = np.loadtxt(C1S, delimiter=",", skiprows=1)
    kept = rows[(rows[:, 0] >= 281.0) & (rows[:, 0] <= 294.0)]
    return kept[:, 0], kept[:, 1]


@pytest.mark.thorough
def test_they_find_a_better_solution_that_hardly_any_start_leads_to(c1s):
    settings = [Parameters(max_peaks=12, random_starts=number) for number in (0, 200)]
    plain, thorough = (fit_spectrum(*c1s, one, threads=1) for one in settings)
    assert thorough.best.count == plain.best.count
    for one, other in zip(thorough.solutions, plain.solutions, strict=False):
        assert one.deviance <= other.deviance + 1e-6
    by_count = [{one.count: one.deviance for one in fit.solutions} for fit in (plain, thorough)]
    assert by_count[0][6] > SIX_LINES + 0.5
    assert by_count[1][6] < SIX_LINES + 0.1


def test_each_number_of_peaks_up_to_two_beyond_the_best_gets_as_many_on_top(case):
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(0), Parameters(random_starts=7))
    random = {one.count: one.origins.count("random") for one in fit.solutions}
    assert random == dict.fromkeys(range(1, 6), 7)
    assert sum(len(one.origins) - random[one.count] for one in fit.solutions) <= 155
    assert all(len(one.origins) == one.start_bics.size for one in fit.solutions)


def test_the_same_spectrum_gets_the_same_ones_alone_and_in_a_stack(case):
    p3, settings = case("p3"), Parameters(max_peaks=4, starts=40, random_starts=6)
    alone = [fit_spectrum(p3.energy, p3.counts(1), settings, threads=threads) for threads in (1, 2)]
    assert [one.start_bics.tolist() for one in alone[0].solutions] == [
        one.start_bics.tolist() for one in alone[1].solutions
    ]
    stacked = fit_spectra(p3.energy, np.array([p3.counts(0), p3.counts(1)]), settings)[1]
    assert stacked.best.theta == pytest.approx(alone[0].best.theta, rel=1e-6)


def test_they_do_not_use_up_the_starts_that_are_allowed(c1s):
    few = fit_spectrum(*c1s, Parameters(starts=155, random_starts=60))
    assert sum(len(one.origins) for one in few.solutions) > 155
    assert not [one for one in few.reasons if one.code.startswith("starts-")]


def test_how_far_they_are_is_told_to_the_end(case):
    told = []

    class Heard:
        def update(self, done, label=""):
            told.append((done, label))

    p3 = case("p3")
    fit_spectrum(p3.energy, p3.counts(0), Parameters(max_peaks=3, starts=20, random_starts=10), progress=Heard())
    assert told == [((turn + 1) / 10, f"{turn + 1}/10") for turn in range(10)]
