"""Cross sections against Scofield's published factors, and what is said of lines that have none."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.errors import InputError, MissingPluginError
from shirube_quant import crosssections
from shirube_quant.crosssections import cross_section, level_named

#: J. H. Scofield, J. Electron Spectrosc. Relat. Phenom. 8, 129 (1976): 1486.6 eV, C 1s = 1.
SCOFIELD = {
    "N 1s": 1.80,
    "O 1s": 2.93,
    "F 1s": 4.43,
    "Na 1s": 8.52,
    "Al 2p": 0.537,
    "Si 2p": 0.817,
    "S 2p": 1.68,
    "Ca 2p": 5.07,
    "Ti 2p": 7.91,
    "Fe 2p": 16.42,
    "Cu 2p3/2": 16.73,
    "Zn 2p3/2": 18.92,
    "Ag 3d": 18.04,
    "In 3d5/2": 13.32,
    "Sn 3d5/2": 14.80,
    "W 4f": 9.80,
    "Pt 4f": 15.45,
    "Au 4f": 17.12,
    "C 1s": 1.0,
}
#: Computed beforehand with another program from the same tables: O 1s, N 1s … over C 1s.
AT_SYNCHROTRON = {
    800.0: {"O 1s": 2.63, "N 1s": 1.71, "Si 2p": 0.99, "Ti 2p": 7.65, "Ag 3d": 16.85, "Au 4f": 16.67},
    1200.0: {"O 1s": 2.84, "N 1s": 1.77, "Si 2p": 0.88, "Ti 2p": 7.89, "Ag 3d": 18.02, "Au 4f": 17.52},
}
#: J. J. Yeh and I. Lindau, At. Data Nucl. Data Tables 32, 1 (1985), Mb of all electrons of a level.
YEH_LINDAU = {
    800.0: {"C 1s": 0.077, "N 1s": 0.1329, "O 1s": 0.2044, "F 1s": 0.2923, "Al 2p": 0.051, "Si 2p": 0.076},
    1041.0: {"C 1s": 0.037, "N 1s": 0.065, "O 1s": 0.1042, "F 1s": 0.1525, "Al 2p": 0.022, "Si 2p": 0.034},
    1253.6: {"C 1s": 0.022, "N 1s": 0.039, "O 1s": 0.063, "F 1s": 0.094, "Al 2p": 0.012, "Si 2p": 0.019},
}


def relative(level, photon_energy):
    return cross_section(level_named(level), photon_energy) / cross_section(level_named("C 1s"), photon_energy)


@pytest.mark.parametrize(("level", "factor"), SCOFIELD.items())
def test_at_aluminium_k_alpha_factors_are_those_of_scofield(level, factor):
    assert relative(level, 1486.6) == pytest.approx(factor, rel=0.01)


@pytest.mark.parametrize("photon_energy", AT_SYNCHROTRON)
def test_at_other_photon_energies_factors_are_others(photon_energy):
    for level, factor in AT_SYNCHROTRON[photon_energy].items():
        assert relative(level, photon_energy) == pytest.approx(factor, abs=0.0051)


@pytest.mark.parametrize("photon_energy", YEH_LINDAU)
def test_cross_sections_are_those_of_another_calculation_within_first_principles(photon_energy):
    # the other table prints two digits of small ones
    for level, value in YEH_LINDAU[photon_energy].items():
        assert cross_section(level_named(level), photon_energy) == pytest.approx(value, rel=0.07)


def test_a_doublet_is_the_sum_of_its_lines():
    lines = [cross_section(level_named(one), 1000.0) for one in ("Au 4f5/2", "Au 4f7/2")]
    assert sum(lines) == pytest.approx(cross_section(level_named("Au 4f"), 1000.0), rel=1e-12)
    assert lines[1] / lines[0] == pytest.approx(4 / 3, rel=0.06)


def test_a_level_that_the_light_does_not_reach_is_said_with_its_edge():
    with pytest.raises(InputError, match=r"Cu 2p3/2 is not excited at 800 eV: its absorption edge lies at 93\d\.\d eV"):
        cross_section(level_named("Cu 2p3/2"), 800.0)


@pytest.mark.parametrize("text", ["", "Si", "2p", "Si 7p", "Si 2p5/2", "si 2p", "C 1s1/2", "Si 2p (oxide)"])
def test_what_is_no_level_is_said(text):
    with pytest.raises(InputError, match="is no core level; give an element and an orbital"):
        level_named(text)


def test_what_is_no_element_is_said():
    with pytest.raises(InputError, match="Xx 1s: there is no element Xx"):
        level_named("Xx 1s")


def test_a_level_that_is_empty_in_the_atom_has_no_data_and_that_is_said():
    with pytest.raises(InputError, match=r"there (are no data|is no cross section) for Li 3d"):
        cross_section(level_named("Li 3d"), 800.0)


def test_without_xraylib_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "xraylib", None)
    crosssections.xraylib.cache_clear()
    with pytest.raises(MissingPluginError, match="pip install xraylib") as caught:
        cross_section(crosssections.Level("C", "1s"), 800.0)
    assert "pip install xraylib" in caught.value.render("ja")
    assert "\n" not in caught.value.render("en")
    monkeypatch.undo()
    crosssections.xraylib.cache_clear()
    assert cross_section(level_named("C 1s"), 800.0) > 0.0


@given(photon_energy=st.floats(300.0, 2000.0), more=st.floats(1.0, 500.0))
def test_above_its_edge_a_1s_cross_section_falls_with_the_photon_energy(photon_energy, more):
    level = level_named("C 1s")
    assert 0.0 < cross_section(level, photon_energy + more) < cross_section(level, photon_energy)
