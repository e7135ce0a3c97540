"""Hints at chemical states: distances from cited positions, and none on a scale that was not calibrated."""

import math

import pytest

from shirube.records import Facts, Origin, Quantity
from shirube_quant.acquisition import Acquisition, is_calibrated
from shirube_quant.crosssections import edge_energy, level_named
from shirube_quant.fittedareas import Component
from shirube_quant.hints import hints
from shirube_quant.measuring import Area, Line
from shirube_quant.phrases import message
from shirube_quant.states import chemical_states


def line(level, *components, calibrated=True):
    """Return a fitted line; components are pairs of name and position."""
    made = tuple(Component(name, at, 0.05, 1.0, 0.1, math.nan) for name, at in components)
    how = Acquisition(800.0, 0.0, 50.0, "", 1.0, "counts", calibrated)
    area = Area(1.0, 0.1, made[0].position, "fit", message("area-fit", region=level, analysis="anyfit"), made)
    return Line(level, f"{level}.txt#1", level_named(level), how, area)


def states(*lines, **options):
    return [(one.component.name, one.state.name.en) for one in hints(lines, **options).rows]


def test_the_nearest_state_comes_first_with_its_distance_and_uncertainty():
    first = hints([line("Si 2p", ("p1", 103.4))]).rows[0]
    assert first.state.name.en == "SiO2"
    assert first.distance == pytest.approx(103.4 - 103.5)
    assert first.uncertainty == pytest.approx(math.hypot(0.3, 0.05))
    assert first.state.source


def test_each_component_has_hints_of_its_own():
    found = states(line("C 1s", ("p1", 284.8), ("p2", 286.3), ("p3", 288.7)))
    assert next(state for name, state in found if name == "p1") == "C-C, C-H"
    assert next(state for name, state in found if name == "p2") == "C-O, C-N"
    assert next(state for name, state in found if name == "p3") == "O-C=O"
    assert max([name for name, _ in found].count(name) for name in ("p1", "p2", "p3")) == 3


def test_far_from_every_state_there_is_no_hint():
    assert states(line("Si 2p", ("p1", 107.0))) == []
    assert states(line("Xe 3d", ("p1", 670.0))) == []


def test_the_second_line_of_a_doublet_is_not_held_against_positions_of_the_first():
    found = states(line("Ti 2p", ("p1", 454.1), ("p1b", 458.6)))
    assert {name for name, _ in found} == {"p1"}


def test_a_line_of_a_doublet_has_the_states_of_that_line_only():
    assert states(line("Cu 2p3/2", ("p1", 932.6)))[0] == ("p1", "Cu metal")
    assert states(line("Cu 2p1/2", ("p1", 932.6))) == []


def test_on_a_scale_that_was_not_calibrated_there_are_none_and_that_is_said():
    found = hints([line("Si 2p", ("p1", 103.4), calibrated=False)])
    assert found.rows == ()
    assert [one.code for one in found.said] == ["states-uncalibrated"]
    assert "no hints" in found.said[0].render("en")
    assert states(line("Si 2p", ("p1", 103.4), calibrated=False), stated=True)


def test_hints_are_said_to_be_no_more():
    (said,) = hints([line("Si 2p", ("p1", 103.4))]).said
    assert "hints, not assignments" in said.render("en")


@pytest.mark.parametrize(
    ("facts", "calibrated"),
    [
        ({"photon_energy": "header"}, False),
        ({"photon_energy": "settings"}, False),
        ({"photon_energy": "calibration"}, True),
        ({"photon_energy": "sidecar"}, True),
        ({"photon_energy": "header", "calibration_photon_energy": "calibration"}, True),
        ({}, False),
    ],
)
def test_a_photon_energy_that_was_determined_calibrates_a_scale(facts, calibrated):
    made = {term: (Quantity(800.0, "eV", None, Origin(kind)),) for term, kind in facts.items()}
    assert is_calibrated(Facts(made)) is calibrated


def test_every_state_of_the_table_lies_where_its_level_does():
    for one in chemical_states():
        assert abs(one.energy - edge_energy(one.level)) < 14.0, one
        assert 0.0 < one.uncertainty < 1.0
        assert one.source
        assert one.name.ja
    named = [(one.level, one.name.en) for one in chemical_states()]
    assert len(set(named)) == len(named) >= 60
