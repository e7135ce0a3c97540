"""The closed form of the broadened Fermi edge against integrals taken numerically."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erfc, expit

from shirube_synchrotron.model import BOLTZMANN, broadened_fermi, columns, energy_slopes, width_slopes

ENERGIES = np.array([-0.9, -0.3, -0.11, -0.04, 0.0, 0.013, 0.07, 0.2, 0.6])
TEMPERATURES = [4.0, 30.0, 100.0, 300.0, 400.0]
WIDTHS = [0.01, 0.05, 0.125, 0.5]


def convolved(energy, temperature, fwhm, power):
    """Integrate u^power f(u) times the Gaussian around ``energy``, in pieces that follow both widths."""
    sigma, kt = fwhm / (8.0 * np.log(2.0)) ** 0.5, BOLTZMANN * temperature

    def integrand(offset):
        u = energy - offset
        return u**power * expit(-u / kt) * np.exp(-0.5 * (offset / sigma) ** 2) / (sigma * (2.0 * np.pi) ** 0.5)

    reach = 9.0 * sigma
    breaks = sorted({-reach, reach, 0.0, *(np.clip(energy + k * kt, -reach, reach) for k in (-30, -5, 0, 5, 30))})
    pieces = [quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0] for a, b in pairwise(breaks)]
    return sum(pieces)


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("fwhm", WIDTHS)
def test_the_closed_form_is_the_integral_to_5e_9(temperature, fwhm):
    both = columns(broadened_fermi(ENERGIES, temperature, fwhm), "quadratic")
    for power in (0, 1, 2):
        expected = [convolved(energy, temperature, fwhm, power) for energy in ENERGIES]
        np.testing.assert_allclose(both[:, power], expected, rtol=0, atol=5e-9)


def test_without_resolution_it_is_the_fermi_function():
    edge = broadened_fermi(ENERGIES, 300.0, 0.0)
    np.testing.assert_allclose(edge.value, expit(-ENERGIES / (BOLTZMANN * 300.0)), rtol=0, atol=3e-9)


def test_at_absolute_zero_it_is_the_error_function():
    edge = broadened_fermi(ENERGIES, 0.0, 0.1)
    sigma = 0.1 / (8.0 * np.log(2.0)) ** 0.5
    np.testing.assert_allclose(edge.value, 0.5 * erfc(ENERGIES / (sigma * 2.0**0.5)), rtol=0, atol=1e-12)


@pytest.mark.parametrize("sloping", [False, True])
@pytest.mark.parametrize("dos", ["constant", "linear", "quadratic"])
def test_derivatives_are_those_of_the_columns(dos, sloping):
    temperature, fwhm, step = 300.0, 0.125, 1e-5

    def at(energies, variance):
        width = variance**0.5 * (8.0 * np.log(2.0)) ** 0.5
        return columns(broadened_fermi(energies, temperature, width), dos, sloping)

    edge = broadened_fermi(ENERGIES, temperature, fwhm)
    by_energy = (at(ENERGIES + step, edge.variance) - at(ENERGIES - step, edge.variance)) / (2 * step)
    np.testing.assert_allclose(energy_slopes(edge, dos, sloping), by_energy, rtol=0, atol=1e-6)
    small = 1e-6
    by_width = (at(ENERGIES, edge.variance + small) - at(ENERGIES, edge.variance - small)) / (2 * small)
    np.testing.assert_allclose(width_slopes(edge, dos, sloping), by_width, rtol=0, atol=1e-4)
