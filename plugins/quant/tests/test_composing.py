"""Fractions and their uncertainties against derivatives taken by small steps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shirube_quant.composing import fraction_spreads, fractions, part_spread

AMOUNTS = st.lists(st.floats(0.01, 100.0), min_size=1, max_size=6).map(np.array)


def by_steps(function, values, covariance):
    """Return the standard uncertainty of a function by central differences."""
    steps = 1e-6 * values
    gradient = [(function(values + one) - function(values - one)) / (2.0 * one.sum()) for one in np.diag(steps)]
    return float(np.sqrt(np.array(gradient) @ covariance @ np.array(gradient)))


@given(AMOUNTS, st.integers(0, 2**32 - 1))
def test_fractions_add_up_and_their_spreads_are_first_order(amounts, seed):
    relative = np.random.default_rng(seed).uniform(0.01, 0.3, amounts.size)
    parts = fractions(amounts)
    assert np.isclose(parts.sum(), 1.0)
    covariance = np.diag(np.square(relative * amounts))
    for place, spread in enumerate(fraction_spreads(parts, relative)):
        expected = by_steps(lambda values, place=place: values[place] / values.sum(), amounts, covariance)
        assert np.isclose(spread, expected, rtol=1e-4, atol=1e-9)


@given(st.lists(st.floats(0.1, 10.0), min_size=3, max_size=6).map(np.array), st.integers(0, 2**32 - 1))
def test_a_part_of_an_amount_moves_with_it(areas, seed):
    # the first two areas make one amount, the others one each
    random = np.random.default_rng(seed)
    root = random.normal(size=(areas.size, areas.size)) * 0.05
    root[2:, :2] = root[:2, 2:] = 0.0
    root[2:, 2:] = np.diag(np.diagonal(root[2:, 2:]))
    covariance = root @ root.T
    first = areas[:2].sum()
    amounts = np.array([first, *areas[2:]])
    variances = np.array([covariance[:2, :2].sum(), *np.diagonal(covariance)[2:]])
    own = (covariance[0, 0] / areas[0] ** 2, covariance[0, :2].sum() / (areas[0] * first))
    spread = part_spread(areas[0] / areas.sum(), 0, fractions(amounts), np.sqrt(variances) / amounts, own)
    expected = by_steps(lambda values: values[0] / values.sum(), areas, covariance)
    assert np.isclose(spread, expected, rtol=1e-3, atol=1e-7)


def test_one_element_alone_is_certain():
    assert fraction_spreads(np.array([1.0]), np.array([0.3])).tolist() == [0.0]
