"""Quantities as people read them."""

from __future__ import annotations

import math

import pytest

from shirube.quantities import uncertain


@pytest.mark.parametrize(
    ("value", "uncertainty", "unit", "text"),
    [
        (284.79952, 0.00203, "eV", "284.7995 ± 0.0020 eV"),
        (284.8, 0.12, None, "284.80 ± 0.12"),
        (12.3456789, None, "eV", "12.3457 eV"),
        (12.3456789, math.nan, "", "12.3457"),
        (1234567.0, 4321.0, "counts", "1.235e+06 ± 4.3e+03 counts"),
        (285.0, 1e-9, "eV", "285.00000 ± 1.0e-09 eV"),
        (1.0, 0.0, None, "1 ± 0"),
        (1.0, 1234.0, None, "1 ± 1234"),
    ],
)
def test_a_value_is_shown_to_the_digits_that_its_uncertainty_leaves(value, uncertainty, unit, text):
    assert uncertain(value, uncertainty, unit) == text
