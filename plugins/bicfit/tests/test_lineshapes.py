"""Pseudo-Voigt peaks: shape, area and the derivatives of the area."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube_bicfit.areas import area_gradient, line_areas
from shirube_bicfit.lineshapes import pseudo_voigt

PEAK = st.tuples(st.floats(1, 1e5), st.floats(-5, 5), st.floats(0.2, 3), st.floats(0, 1))


@given(PEAK)
def test_a_peak_has_its_height_at_the_centre_and_half_of_it_half_a_width_away(peak):
    height, centre, width, _ = peak
    energy = np.array([centre - width / 2, centre, centre + width / 2])
    assert pseudo_voigt(energy, np.array(peak)) == pytest.approx([height / 2, height, height / 2], rel=1e-9)


def test_the_fraction_leads_from_a_gaussian_to_a_lorentzian():
    energy = np.linspace(-4, 4, 81)
    gauss = 7 * np.exp(-(energy**2) / (2 * (1.5 / 2.3548200450309493) ** 2))
    lorentz = 7 * 0.75**2 / (energy**2 + 0.75**2)
    for fraction in (0.0, 0.25, 1.0):
        expected = fraction * lorentz + (1 - fraction) * gauss
        assert pseudo_voigt(energy, np.array([7.0, 0.0, 1.5, fraction])) == pytest.approx(expected, rel=1e-12)


def test_the_area_of_a_gaussian_is_the_integral_of_its_curve():
    energy = np.linspace(-30, 30, 60001)
    peak = np.array([3.0, 0.4, 1.3, 0.0])
    curve = pseudo_voigt(energy, peak)
    assert line_areas(peak) == pytest.approx(np.sum(curve) * 1e-3, rel=1e-12)


def test_the_area_of_a_lorentzian_is_pi_half_times_height_times_width():
    assert line_areas(np.array([3.0, 0.4, 1.3, 1.0])) == pytest.approx(np.pi / 2 * 3.0 * 1.3, rel=1e-14)


@given(PEAK)
def test_the_gradient_of_the_area_agrees_with_finite_differences(peak):
    at = np.array(peak)
    for index in range(4):
        step = np.zeros(4)
        step[index] = 1e-6 * max(1.0, at[index])
        slope = (line_areas(at + step) - line_areas(at - step)) / (2 * step[index])
        assert area_gradient(at)[index] == pytest.approx(slope, rel=1e-6, abs=1e-6 * line_areas(at))
