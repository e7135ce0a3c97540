"""Peaks of a survey: what was put in is found, steps and noise are not."""

import numpy as np
import pytest

from shirube_quant.peaks import filtered, find_peaks

ENERGY = np.arange(0.0, 600.0, 0.5)


def test_peaks_do_not_hang_on_the_unit_of_the_intensities():
    energy = np.arange(300.0, 200.0, -0.25)
    rate = 50.0 + 400.0 * np.exp(-np.square((energy - 250.0) / 1.5))
    counts = np.random.default_rng(6).poisson(rate).astype(float)
    plain, amperes = (find_peaks(filtered(energy, scale * counts), 6.0) for scale in (1.0, 1e-13))
    assert [one.energy for one in amperes] == pytest.approx([one.energy for one in plain])
    assert [one.significance for one in amperes] == pytest.approx([one.significance for one in plain])


def line(centre, height, width=2.0):
    return height * np.exp(-4.0 * np.log(2.0) * ((ENERGY - centre) / width) ** 2)


def background():
    return 2000.0 + 3.0 * ENERGY


def found(expected, seed=0, least=6.0):
    counts = np.random.default_rng(seed).poisson(expected).astype(float)
    return find_peaks(filtered(ENERGY, counts), least)


def test_noise_on_a_sloping_background_is_no_peak():
    assert [found(background(), seed) for seed in range(40)] == [[]] * 40


@pytest.mark.parametrize("unit", [1.0, 0.01, 350.0])
def test_the_unit_of_the_intensities_changes_heights_alone(unit):
    counts = np.random.default_rng(1).poisson(background() + line(285.0, 900.0)).astype(float)
    (plain,) = find_peaks(filtered(ENERGY, counts), 6.0)
    (scaled,) = find_peaks(filtered(ENERGY, counts * unit), 6.0)
    assert scaled.height == pytest.approx(plain.height * unit)
    assert (scaled.energy, scaled.significance) == pytest.approx((plain.energy, plain.significance))


def test_the_order_of_the_energies_does_not_matter():
    counts = np.random.default_rng(2).poisson(background() + line(285.0, 900.0)).astype(float)
    assert find_peaks(filtered(ENERGY[::-1], counts[::-1]), 6.0) == find_peaks(filtered(ENERGY, counts), 6.0)


def test_positions_scatter_as_their_uncertainties_say():
    pulls, areas = [], []
    for seed in range(60):
        (peak,) = found(background() + line(285.17, 700.0), seed)
        pulls.append((peak.energy - 285.17) / peak.uncertainty)
        areas.append(peak.area)
    assert 0.3 < np.std(pulls) < 1.5
    assert abs(np.mean(pulls)) < 0.5
    assert np.median(areas) == pytest.approx(1.064 * 700.0 * 2.0, rel=0.2)


def test_two_lines_of_a_doublet_are_two_peaks():
    energies = [one.energy for one in found(background() + line(84.0, 4000.0) + line(87.7, 3000.0))]
    assert energies == pytest.approx([84.0, 87.7], abs=0.3)


def test_a_broad_structure_is_one_peak():
    (peak,) = found(background() + line(220.0, 1500.0, 9.0))
    assert peak.energy == pytest.approx(220.0, abs=0.5)
    assert peak.width > 6.0
