"""Hints at chemical states: how far fitted components lie from cited positions on a calibrated energy scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube.messages import Message
from shirube.tables import Column
from shirube_quant.fittedareas import Component
from shirube_quant.measuring import Line
from shirube_quant.phrases import message
from shirube_quant.states import ChemicalState, chemical_states

#: States further from a component are no hint, eV.
_FAR: Final = 1.5
#: How many states are listed for a component.
_MOST: Final = 3
#: What ends the name of the second line of a doublet, beside that of the first.
_PARTNER: Final = "b"

__all__ = ["Hint", "Hints", "hints"]


@frozen
class Hint:
    """A chemical state near which a component lies.

    Attributes:
        region: Name of the region.
        component: The component.
        state: The state.
    """

    region: str
    component: Component
    state: ChemicalState

    @property
    def distance(self) -> float:
        """Position of the component less that of the state, eV."""
        return self.component.position - self.state.energy

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty of the distance, eV."""
        known = self.component.position_uncertainty
        return math.hypot(self.state.uncertainty, known if math.isfinite(known) else 0.0)


@frozen(eq=False)
class Hints:
    """Hints of an entry, nearest first for each component, and what is to be said of them."""

    rows: tuple[Hint, ...] = ()
    said: tuple[Message, ...] = ()

    def columns(self) -> tuple[Column, ...]:
        """Return the hints as the columns of a table."""
        rows = self.rows
        return (
            _texts("region", (one.region for one in rows)),
            _texts("level", (str(one.state.level) for one in rows)),
            _texts("component", (one.component.name for one in rows)),
            _numbers("position", (one.component.position for one in rows)),
            _numbers("position_uncertainty", (one.component.position_uncertainty for one in rows)),
            _texts("state_en", (one.state.name.en for one in rows)),
            _texts("state_ja", (one.state.name.ja for one in rows)),
            _numbers("state_energy", (one.state.energy for one in rows)),
            _numbers("state_uncertainty", (one.state.uncertainty for one in rows)),
            _numbers("distance", (one.distance for one in rows)),
            _numbers("distance_uncertainty", (one.uncertainty for one in rows)),
            _texts("state_source", (one.state.source for one in rows)),
        )


def hints(lines: Sequence[Line], *, stated: bool = False) -> Hints:
    """Return hints for the components of fits.

    A scale that was not calibrated gets none: positions on it mean nothing to a tenth of an eV.

    Args:
        lines: Of an entry.
        stated: Whether settings state that the scale is calibrated.
    """
    fitted = [one for one in lines if one.area.components]
    known = [one for one in fitted if stated or one.acquisition.calibrated]
    rows = tuple(hint for line in known for hint in _of_line(line))
    said = [message("states-uncalibrated", region=one.region) for one in fitted if one not in known]
    if rows:
        said.insert(0, message("states-hints"))
    return Hints(rows, tuple(said))


def _of_line(line: Line) -> Iterable[Hint]:
    wanted = [one for one in chemical_states() if _is_of(one, line)]
    names = {one.name for one in line.area.components}
    for component in line.area.components:
        # The second line of a doublet lies elsewhere than positions say.
        if component.name.endswith(_PARTNER) and component.name.removesuffix(_PARTNER) in names:
            continue
        near = [Hint(line.region, component, one) for one in wanted]
        near = sorted((one for one in near if abs(one.distance) <= _FAR), key=lambda one: abs(one.distance))
        yield from near[:_MOST]


def _is_of(state: ChemicalState, line: Line) -> bool:
    level, own = state.level, line.level
    return (level.element, level.orbital) == (own.element, own.orbital) and own.momentum in ("", level.momentum)


def _texts(name: str, values: Iterable[str]) -> Column:
    return Column(name, message(f"column-{name}").text(), tuple(values))


def _numbers(name: str, values: Iterable[float]) -> Column:
    return Column(name, message(f"column-{name}").text(), np.array(list(values), dtype=np.float64), "eV")
