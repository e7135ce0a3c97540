"""Areas of lines in a survey: windows around what its peaks were identified as, where nothing else disturbs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen

from shirube.messages import Message, Renderable
from shirube.progress import NoProgress
from shirube.records import AnalysisTarget, EnergyReference, Facts, Result, Spectrum
from shirube_quant.acquisition import acquisition
from shirube_quant.crosssections import Level, level_named
from shirube_quant.elements import applies, run
from shirube_quant.elementsreport import ANALYSIS
from shirube_quant.integration import integrate, variances
from shirube_quant.lines import core_lines
from shirube_quant.measuring import Area, Line
from shirube_quant.negatives import has_negatives, is_counted, negatives_said
from shirube_quant.parameters import ElementsParameters
from shirube_quant.phrases import message

#: How far a window reaches beyond its lines, eV, and how near a line of another level is not within it.
_REACH: Final = 6.0
_CLEAR: Final = 1.5
#: Channels that a window must have: surveys of 1 eV a step have thirteen in that of one line.
_FEWEST: Final = 10

#: Levels bound less than this lie near the valence band, and count only where an element shows no other, eV.
_SHALLOW: Final = 35.0

__all__ = ["Found", "Surveyed", "found_in", "identified_lines", "survey_lines"]


@frozen
class Found:
    """A peak that was found in a survey.

    Attributes:
        level: One line, or a whole level, that it is; None for anything else, which only disturbs.
        position: Binding energy in eV.
    """

    level: Level | None
    position: float


@frozen(eq=False)
class Surveyed:
    """The core levels of a survey.

    Attributes:
        lines: Those whose area could be taken.
        elements: All elements that the survey may show.
        left_out: Why there are no lines.
    """

    lines: tuple[Line, ...] = ()
    elements: tuple[str, ...] = ()
    left_out: tuple[Renderable, ...] = ()


def found_in(result: Result) -> tuple[Found, ...]:
    """Return the peaks of an identification as far as they are lines or disturb them; losses go with their lines."""
    peaks = result.table("peaks")
    rows = zip(*(peaks.column(name).values for name in ("kind", "assignment_en", "energy")), strict=True)
    found = [
        Found(level_named(str(label)) if kind == "line" else None, float(energy))
        for kind, label, energy in rows
        if kind != "loss"
    ]
    deep = {one.level.element for one in found if one.level is not None and one.position > _SHALLOW}
    return tuple(
        evolve(one, level=None)
        if one.level is not None and one.position <= _SHALLOW and one.level.element in deep
        else one
        for one in found
    )


def identified_lines(spectrum: Spectrum, facts: Facts, results: Sequence[Result]) -> Surveyed:
    """Return the areas of the core levels of a survey, the elements that it may show, or why there are none.

    Args:
        spectrum: A survey, one-dimensional.
        facts: Of the survey.
        results: What earlier analyses found; without an identification the survey is identified with usual settings.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    done = next((one for one in reversed(results) if one.analysis == ANALYSIS and one.target == spectrum.id), None)
    if done is None:
        alone, usual = AnalysisTarget("", (spectrum,), {spectrum.id: facts}), ElementsParameters()
        why = applies(alone, usual)
        if why is not None:
            return Surveyed(left_out=(message("line-left-out", region=_name(spectrum), why=why),))
        done = run(alone, usual, NoProgress())
    if not any(one.name == "peaks" for one in done.tables):
        why_not = (message("line-left-out", region=_name(spectrum), why=one) for one in done.reasons)
        return Surveyed(left_out=tuple(why_not))
    lines, left_out = survey_lines(_on_binding(spectrum, facts, done), facts, found_in(done))
    proposed = next((one.column("element").values for one in done.tables if one.name == "elements"), ())
    return Surveyed(lines, tuple(str(one) for one in proposed), left_out)


def _on_binding(spectrum: Spectrum, facts: Facts, done: Result) -> Spectrum:
    """Return a survey with the binding energies on which its peaks were identified."""
    stated, fact = done.parameters.get("photon_energy"), facts.get("photon_energy")
    known = spectrum.reference.photon_energy
    if isinstance(stated, int | float):
        known = float(stated)
    elif known is None and fact is not None and not isinstance(fact.value, str):
        known = fact.number
    reference = EnergyReference("binding", known, spectrum.reference.work_function)
    return spectrum.with_energy(done.array("energy"), reference)


def survey_lines(
    spectrum: Spectrum, facts: Facts, found: Sequence[Found]
) -> tuple[tuple[Line, ...], tuple[Message, ...]]:
    """Return the areas of core levels in a survey, and why others have none.

    The two lines of a doublet make one level. A level is left out if another peak lies in its window, if its window
    leaves the survey, or if its area is not above zero.

    Args:
        spectrum: A survey on the binding scale.
        facts: Of the survey.
        found: Every peak that was found.
    """
    how = acquisition(spectrum, facts)
    if isinstance(how, Message):
        return (), (how,)
    lines: list[Line] = []
    doubts = (negatives_said(spectrum),) if has_negatives(spectrum) else ()
    for level, low, high in _windows(found):
        others = [one.position for one in found if one.level is None or not _same(one.level, level)]
        if any(low - _CLEAR < one < high + _CLEAR for one in others):
            continue
        area = _area(spectrum, low, high)
        if area is not None and area.value > 0.0:
            said = message("level-in-survey", region=_name(spectrum), level=level, low=f"{low:.1f}", high=f"{high:.1f}")
            lines.append(Line(_name(spectrum), spectrum.id, level, how, area, (said,), doubts, surveyed=True))
    return tuple(lines), ()


def _windows(found: Sequence[Found]) -> Iterator[tuple[Level, float, float]]:
    """Yield each whole level that was found, and the energies of its window."""
    levels = {Level(one.level.element, one.level.orbital): one for one in found if one.level is not None}
    for level, one in levels.items():
        known = {line.level: line.energy for line in core_lines().get(level.element, ())}
        if not all(line in known for line in level.lines):
            continue
        shift = one.position - known.get(one.level or level, _middle(level, known))
        energies = [known[line] + shift for line in level.lines]
        yield level, min(energies) - _REACH, max(energies) + _REACH


def _middle(level: Level, known: Mapping[Level, float]) -> float:
    """Return where the joint maximum of the lines of a level lies: their mean, weighted with degeneracies 2 j + 1."""
    weights = [int(line.momentum[:1] or 1) + 1 for line in level.lines]
    return sum(weight * known[line] for weight, line in zip(weights, level.lines, strict=True)) / sum(weights)


def _same(one: Level, other: Level) -> bool:
    return (one.element, one.orbital) == (other.element, other.orbital)


def _area(spectrum: Spectrum, low: float, high: float) -> Area | None:
    inside = (spectrum.energy >= low) & (spectrum.energy <= high)
    beyond = low < spectrum.energy.min() or high > spectrum.energy.max()
    if beyond or np.count_nonzero(inside) < _FEWEST:
        return None
    variance = variances(spectrum.intensity, counted=is_counted(spectrum))
    found = integrate(spectrum.energy[inside], spectrum.intensity[inside], variance[inside])
    said = message(f"area-{found.background}", region=_name(spectrum))
    return Area(found.area, found.uncertainty, found.position, found.background, said)


def _name(spectrum: Spectrum) -> str:
    return spectrum.name or spectrum.id
