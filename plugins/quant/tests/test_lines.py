"""The tables: levels against the edges of xraylib, Auger lines against the Z + 1 rule."""

import pytest
import xraylib

from shirube.errors import InputError
from shirube_quant import expectation
from shirube_quant.augerlines import auger_groups, transition_energy
from shirube_quant.crosssections import cross_section
from shirube_quant.expectation import expected_lines, single_lines, without_data
from shirube_quant.lines import SOURCES, core_lines, element_names
from shirube_quant.parameters import ElementsParameters
from shirube_quant.phrases import message

SHELLS = {"1s": "K", "2s": "L1", "2p1/2": "L2", "2p3/2": "L3", "3s": "M1", "3p1/2": "M2", "3p3/2": "M3", "3d3/2": "M4",
          "3d5/2": "M5", "4s": "N1", "4p1/2": "N2", "4p3/2": "N3", "4d3/2": "N4", "4d5/2": "N5"}  # fmt: skip


def test_every_element_from_lithium_to_uranium_has_lines_with_a_source():
    assert [xraylib.SymbolToAtomicNumber(one) for one in element_names()] == list(range(3, 93))
    assert all(lines and all(line.source in SOURCES.values() for line in lines) for lines in core_lines().values())


def test_levels_agree_with_the_edges_of_another_compilation():
    """The edges of xraylib are those of x-ray absorption and emission: single ones differ by several eV."""
    differences = []
    for symbol in ElementsParameters().considered:
        for line in core_lines()[symbol]:
            shell = SHELLS.get(line.level.orbital + line.level.momentum)
            if shell is not None and line.energy < 1500.0:
                number = xraylib.SymbolToAtomicNumber(symbol)
                edge = 1e3 * xraylib.EdgeEnergy(number, getattr(xraylib, f"{shell}_SHELL"))
                differences.append((abs(edge - line.energy), str(line.level)))
    assert len(differences) > 450
    assert max(differences) < (13.0, "")
    assert sum(size > 5.0 for size, _ in differences) < 0.05 * len(differences)


LIGHT = (("Ne", "Na"), ("Na", "Mg"), ("Mg", "Al"), ("Al", "Si"))
MIDDLE = (("Ga", "Ge"), ("Ge", "As"), ("As", "Se"))
HEAVY = (("In", "Sn"), ("Sn", "Sb"), ("Sb", "Te"), ("Te", "I"))


@pytest.mark.parametrize(
    ("pair", "hole", "outer", "name", "within"),
    [
        *((pair, "1s", "2p3/2", "KLL", 12.0) for pair in LIGHT),
        *((pair, "2p3/2", "3d5/2", "LMM", 12.0) for pair in MIDDLE),
        *((pair, "3d5/2", "4d5/2", "MNN", 9.0) for pair in HEAVY),
    ],
)
def test_cited_auger_lines_agree_with_the_rule_of_the_next_element(pair, hole, outer, name, within):
    (group,) = (one for one in auger_groups()[pair[0]] if one.name == name)
    assert group.lines[0] == pytest.approx(transition_energy(*pair, hole, outer, outer), abs=within)
    assert all(group.low < line < group.high for line in group.lines)


@pytest.mark.parametrize("photon_energy", [100.0, 300.0, 700.0, 932.0, 1486.6, 4600.0])
def test_no_line_is_expected_that_the_photon_energy_does_not_reach(photon_energy):
    for element in element_names():
        for line in expected_lines(element, photon_energy):
            assert line.energy < photon_energy
            assert line.strength > 0.0
            assert sum(cross_section(one, photon_energy) for one in line.label.lines) > 0.0


def test_a_level_without_a_cross_section_is_neither_expected_nor_missed(monkeypatch):
    def incomplete(level, photon_energy):
        if level.orbital == "3p":
            raise InputError(message("no-cross-section", level=level, hv=photon_energy))
        return cross_section(level, photon_energy)

    monkeypatch.setattr(expectation, "cross_section", incomplete)
    expected_lines.cache_clear()
    single_lines.cache_clear()
    assert [str(one) for one in without_data("Cu", 700.0)] == ["Cu 3p1/2", "Cu 3p3/2"]
    assert [str(one.label) for one in expected_lines("Cu", 700.0)] == ["Cu 3s"]
    expected_lines.cache_clear()
    single_lines.cache_clear()
