"""Inelastic mean free paths against a table that another program made, and the materials that they need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.errors import SettingsError
from shirube_quant.materials import known_materials, material_named
from shirube_quant.meanfreepath import average, mean_free_path, tpp2m

ENERGIES = (100, 200, 300, 500, 700, 1000, 1400)
#: Å, rounded to 0.1, by another implementation of TPP-2M with handbook densities.
TABLE = {
    "Au": (3.9, 4.6, 5.6, 7.7, 9.6, 12.3, 15.8),
    "Ag": (4.2, 5.3, 6.6, 9.0, 11.4, 14.8, 19.0),
    "Cu": (4.1, 5.4, 6.8, 9.4, 11.9, 15.5, 19.9),
    "Si": (5.3, 7.6, 9.9, 14.1, 18.1, 23.9, 31.1),
    "SiO2": (7.8, 10.2, 12.9, 18.1, 23.1, 30.2, 39.3),
    "graphite": (6.9, 9.0, 11.4, 16.0, 20.4, 26.7, 34.7),
    "Al2O3": (7.0, 8.8, 10.9, 15.1, 19.1, 24.9, 32.3),
    "TiO2": (5.7, 7.3, 9.2, 12.8, 16.3, 21.2, 27.5),
}


@pytest.mark.parametrize("name", TABLE)
def test_tpp2m_gives_the_published_paths(name):
    material = material_named(name)
    for energy, angstrom in zip(ENERGIES, TABLE[name], strict=True):
        # the densities of the two tables differ by up to half a per cent
        assert 10.0 * tpp2m(energy, material) == pytest.approx(angstrom, rel=0.01, abs=0.06)


def test_without_a_material_the_average_over_solids_is_told_with_its_spread():
    found = mean_free_path(1000.0, None)
    value, spread = average(1000.0)
    assert (found.value, found.uncertainty) == (value, spread)
    assert value - spread == pytest.approx(143e-6 + 0.054 * 1000**0.5)
    assert found.weight == pytest.approx(1000.0**0.75)


def test_outside_its_range_a_path_is_marked():
    found = [mean_free_path(energy, material_named("Au")).within for energy in (49.0, 50.0, 2000.0, 2001.0)]
    assert found == [False, True, True, False]


@given(st.sampled_from(sorted(known_materials())), st.floats(150.0, 3000.0), st.floats(1.01, 2.0))
def test_paths_are_positive_and_grow_with_the_energy(name, energy, factor):
    material = material_named(name)
    assert 0.1 < tpp2m(energy, material) < tpp2m(factor * energy, material) < 16.0


def test_a_formula_is_a_material_once_density_and_gap_are_stated():
    stated = material_named("Si0.9Ge0.1O2", density=2.5, band_gap=8.0)
    assert stated.valence_electrons == pytest.approx(16.0)
    assert stated.molar_mass == pytest.approx(0.9 * 28.086 + 0.1 * 72.63 + 2 * 15.999, rel=1e-3)


def test_what_is_stated_goes_before_the_table():
    assert material_named("SiO2", density=2.65).density == 2.65
    assert material_named("SiO2").density == 2.20


@pytest.mark.parametrize("name", ["ＳｉＯ２", "SiO₂", " SiO2"])
def test_full_width_letters_and_subscripts_are_those_of_a_formula(name):
    assert material_named(name) == material_named("SiO2")


@pytest.mark.parametrize("name", ["酸化銅", "Xx2", "TiO2-x", "", "glass wool"])
def test_what_is_no_formula_is_said(name):
    with pytest.raises(SettingsError, match="neither a chemical formula, such as SiO2, nor one of the names graphite"):
        material_named(name, density=1.0, band_gap=0.0)


def test_all_that_is_lacking_is_said_at_once():
    with pytest.raises(SettingsError, match=r"Gd2O3 .*: density, band_gap, valence_electrons; state them"):
        material_named("Gd2O3")
