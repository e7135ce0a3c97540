"""Areas without a fit: known lines on known backgrounds, and uncertainties that repetitions bear out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube_quant import integration

ENERGY = np.linspace(540.0, 525.0, 151)


def integrate(energy, intensity, *, counted):
    return integration.integrate(energy, intensity, integration.variances(intensity, counted=counted))


def line(area, centre=532.0, width=1.5):
    sigma = width / 2.3548
    return area / (sigma * np.sqrt(2.0 * np.pi)) * np.exp(-0.5 * ((ENERGY - centre) / sigma) ** 2)


def shirley(peak, low, step):
    """Return a background that rises by ``step`` in proportion to what lies at lower binding energies."""
    below = np.array([np.sum(peak[one > ENERGY]) for one in ENERGY]) + 0.5 * peak
    return low + step * below / below.max()


def test_a_line_on_a_shirley_background_gives_its_area():
    peak = line(3000.0)
    found = integrate(ENERGY, peak + shirley(peak, 500.0, 300.0), counted=True)
    assert found.background == "shirley"
    assert found.area == pytest.approx(3000.0, rel=1e-3)
    assert found.position == pytest.approx(532.0, abs=0.11)


def test_a_background_that_falls_is_a_straight_line():
    found = integrate(ENERGY, line(3000.0) + 900.0 - 10.0 * (ENERGY - 525.0), counted=True)
    assert found.background == "linear"
    assert found.area == pytest.approx(3000.0, rel=2e-3)


def test_the_order_of_channels_is_of_no_matter():
    peak = line(800.0)
    intensity = peak + shirley(peak, 100.0, 50.0)
    one = integrate(ENERGY, intensity, counted=True)
    other = integrate(ENERGY[::-1], intensity[::-1], counted=True)
    assert (one.area, one.uncertainty) == pytest.approx((other.area, other.uncertainty))


@pytest.mark.parametrize("rate", [1.0, 0.02])
@pytest.mark.parametrize("falling", [False, True])
def test_the_uncertainty_is_the_spread_of_repetitions(rate, falling):
    random = np.random.default_rng(3)
    peak = line(2000.0)
    ground = 700.0 - 8.0 * (ENERGY - 525.0) if falling else shirley(peak, 400.0, 200.0)
    found = [integrate(ENERGY, rate * random.poisson(peak + ground), counted=rate == 1.0) for _ in range(150)]
    areas = np.array([one.area for one in found])
    stated = np.mean([one.uncertainty for one in found])
    assert areas.mean() == pytest.approx(rate * 2000.0, rel=0.01)
    assert areas.std() == pytest.approx(stated, rel=0.2)


@settings(max_examples=40)
@given(st.floats(1e-3, 1e6), st.floats(100.0, 1e5), st.floats(0.0, 1.0))
def test_areas_scale_with_intensities(factor, area, rise):
    peak = line(area)
    intensity = peak + shirley(peak, 50.0, 1.0 + 100.0 * rise)
    one = integrate(ENERGY, intensity, counted=False)
    other = integrate(ENERGY, factor * intensity, counted=False)
    assert other.area == pytest.approx(factor * one.area, rel=1e-6)
    assert other.background == one.background


def test_noise_alone_has_no_area_beyond_its_uncertainty():
    found = integrate(ENERGY, np.random.default_rng(0).poisson(400.0, 151).astype(float), counted=True)
    assert abs(found.area) < 4.0 * found.uncertainty
