"""Components along a series: the assignment is the best there is, and names follow components, not places."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.series._assigning import assignment
from shirube.series._tracking import UNMATCHED, Seen, pair_costs, tracks_along

COSTS = st.integers(1, 5).flatmap(
    lambda rows: st.integers(rows, 6).flatmap(
        lambda columns: st.lists(
            st.lists(st.floats(-50, 50), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


@given(COSTS)
@settings(max_examples=150, deadline=None)
def test_no_other_assignment_costs_less(costs):
    def total(columns):
        return sum(row[column] for row, column in zip(costs, columns, strict=True))

    chosen = assignment(costs)
    assert len(set(chosen)) == len(costs)
    least = min(total(columns) for columns in itertools.permutations(range(len(costs[0])), len(costs)))
    assert total(chosen) == pytest.approx(least, abs=1e-9)


@pytest.mark.parametrize("costs", [[[1.0], [2.0]], [[1.0, float("nan")]], [[float("inf"), 1.0]]])
def test_what_has_no_assignment_is_refused(costs):
    with pytest.raises(ValueError, match="finite"):
        assignment(costs)


def seen(*components):
    """Return components given as (position, FWHM, area), with an uncertainty of 0.01 eV."""
    positions, widths, areas = np.array(components, dtype=float).reshape(-1, 3).T
    return Seen(positions, np.full(positions.shape, 0.01), widths, areas)


COMPONENTS = st.lists(st.tuples(st.floats(280, 286), st.floats(0.5, 2.0), st.floats(10, 1000)), min_size=0, max_size=4)


@given(COMPONENTS, COMPONENTS)
@settings(max_examples=100, deadline=None)
def test_two_spectra_are_matched_as_the_best_of_all_partial_matchings(first, second):
    before, after = seen(*first), seen(*second)
    costs = pair_costs(after, before)

    def total(partners):
        matched = sum(costs[row, place] for row, place in enumerate(partners) if place is not None)
        single = partners.count(None) + len(first) - (len(partners) - partners.count(None))
        return matched + UNMATCHED * single

    choices = [None] * len(second) + list(range(len(first)))
    least = min(map(total, map(list, set(itertools.permutations(choices, len(second))))))
    of_first, of_second = (one.tolist() for one in tracks_along([before, after]))
    partners = [of_first.index(one) if one in of_first else None for one in of_second]
    assert total(partners) == pytest.approx(least, abs=1e-9)


def followed(series, **how):
    """Return the tracks of each named component; a series holds a dictionary a spectrum, or None."""
    points = [None if one is None else sorted(one.items(), key=lambda item: item[1][0]) for one in series]
    tracks = tracks_along((None if one is None else seen(*(value for _, value in one)) for one in points), **how)
    found = {}
    for point, numbers in zip(points, tracks, strict=True):
        for (name, _), number in zip(point or (), numbers.tolist(), strict=True):
            found.setdefault(name, set()).add(number)
    return found


def test_components_that_cross_vanish_and_appear_keep_their_names():
    noise = np.random.default_rng(0)

    def spectrum(step):
        true = {"rising": (284 + 0.05 * step, 1.0, 1000), "falling": (286 - 0.05 * step, 1.1, 900)}
        if step < 15 or step >= 25:
            true["pausing"] = (290.0, 1.3, 400)
        if step >= 20:
            true["late"] = (282.0, 1.0, 300)
        return {
            name: (position + noise.normal(0, 0.01), width * noise.normal(1, 0.03), area * noise.normal(1, 0.03))
            for name, (position, width, area) in true.items()
        }

    series = [spectrum(step) for step in range(40)]
    assert [list(one) for one in series[:1] + series[-1:]] == [
        ["rising", "falling", "pausing"],
        ["rising", "falling", "pausing", "late"],
    ]
    assert series[0]["rising"] < series[0]["falling"]
    assert series[-1]["rising"] > series[-1]["falling"]
    assert followed(series) == {"rising": {1}, "falling": {2}, "pausing": {3}, "late": {4}}


def test_one_of_a_close_row_that_goes_does_not_shift_the_names_of_the_others():
    before = {str(place): (284.0 + 0.8 * place, 1.2, 500) for place in range(3)}
    after = {**{name: before[name] for name in ("1", "2")}, "new": (284.0 + 0.8 * 3, 1.2, 500)}
    assert followed([before, after]) == {"0": {1}, "1": {2}, "2": {3}, "new": {4}}


def test_a_component_farther_away_than_its_width_is_another_one():
    assert followed([{"a": (284.0, 1.2, 500)}, {"b": (285.3, 1.2, 500)}]) == {"a": {1}, "b": {2}}


def test_a_spectrum_without_a_result_ends_no_track():
    steps = [{"a": (284.0 + 0.3 * step, 1.0, 500)} for step in range(6)]
    assert followed([*steps[:4], None, *steps[4:]]) == {"a": {1}}


def test_names_do_not_depend_on_what_comes_after():
    noise = np.random.default_rng(1)
    series = [seen(*((284 + 2 * place + noise.normal(0, 0.4), 1.0, 500) for place in range(4))) for _ in range(30)]
    whole = [one.tolist() for one in tracks_along(series)]
    assert max(map(max, whole)) > 4
    assert [one.tolist() for one in tracks_along(series[:12])] == whole[:12]


def test_what_has_no_position_or_width_belongs_to_no_track():
    odd = Seen(np.array([np.nan, 284.0, 285.0]), np.zeros(3), np.array([1.0, 0.0, 1.0]), np.ones(3))
    assert [one.tolist() for one in tracks_along([odd, odd])] == [[0, 0, 1], [0, 0, 1]]
