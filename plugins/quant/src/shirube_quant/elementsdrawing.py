"""Drawing: the survey with the names of its lines in a row above it, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from attrs import evolve, frozen
from scipy.optimize import isotonic_regression

from shirube.figures import OKABE_ITO, energy_axis, intensity_axis, new_figure, printable, style
from shirube.messages import Language
from shirube.records import EnergyReference, FloatArray, Result, Spectrum
from shirube_quant.phrases import message

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Inches, and points of letters.
_WIDTH, _HEIGHT, _LETTERS = 11.0, 5.6, 7.5
#: Distance of labels from each other as a part of the width of the axes, and how many stand side by side with it.
_GAP: Final = 0.0155
_MOST: Final = int(1.0 / _GAP) - 1
#: Where leaders bend and labels begin, as parts of the height of the axes.
_BEND, _ROW = 1.02, 1.06
#: Room above the data for leaders, as a part of their height.
_ROOM: Final = 0.06
_COLOURS: Final = {"line": OKABE_ITO[7], "auger": OKABE_ITO[4], "none": OKABE_ITO[5]}
#: What is labelled: neither losses nor the valence band.
_LABELLED: Final = tuple(_COLOURS)

__all__ = ["spread_out", "survey_figure"]


@frozen
class _Label:
    """A name above a peak: place on the axis from 0 (left) to 1, height of the peak in the data, what it is."""

    place: float
    energy: float
    top: float
    text: str
    kind: str
    weight: float


def survey_figure(result: Result, spectrum: Spectrum, lang: Language) -> Figure:
    """Return the survey, binding energies running right to left, with labels of lines, Auger groups and unknowns."""
    energy, intensity = result.array("energy"), result.array("intensity")
    figure = new_figure(_WIDTH, _HEIGHT)
    with style():
        axes = figure.add_subplot()
        order = np.argsort(energy)
        axes.plot(energy[order], intensity[order], ".-", color=OKABE_ITO[7], linewidth=0.6, markersize=1.6)
        along = evolve(spectrum.axis("energy"), values=energy)
        binding = evolve(spectrum, axes=(along,), reference=EnergyReference("binding"))
        energy_axis(axes, binding, lang)
        largest = float(intensity.max())
        intensity_axis(axes, lang, unit=spectrum.intensity_unit, largest=largest)
        low = min(0.0, float(intensity.min()))
        axes.set_ylim(low, largest + _ROOM * (largest - low))
        labels = _labels(result, energy[order], intensity[order])
        _write(axes, labels)
        _legend(axes, {one.kind for one in labels}, lang)
        found = str(result.scalars["quant.elements_found"].value) or message("none-found").render(lang)
        name = printable(spectrum.name or spectrum.id)
        title = message("title-survey", name=name, elements=found).render(lang)
        figure.suptitle(title, parse_math=False, fontsize=10.0)
    return figure


def spread_out(places: FloatArray, gap: float) -> FloatArray:
    """Return ascending places moved as little as possible so that neighbours are ``gap`` apart, all within 0 to 1.

    Args:
        places: Ascending, shape (n,), 0 to 1, with ``(n - 1) * gap`` at most 1.
        gap: Smallest distance.
    """
    steps = gap * np.arange(places.size)
    room = 1.0 - (steps[-1] if places.size else 0.0)
    level = isotonic_regression(places - steps).x
    return np.asarray(np.clip(level, 0.0, room) + steps, dtype=np.float64)


def _labels(result: Result, energy: FloatArray, intensity: FloatArray) -> list[_Label]:
    """Return the labels from left to right; where there is no room for all, the least significant ones are left out."""
    peaks = result.table("peaks")
    low, high = float(energy[0]), float(energy[-1])
    columns = (peaks.column(name).values for name in ("energy", "kind", "assignment_en", "significance"))
    labels = [
        _Label(
            place=(high - float(at)) / (high - low),
            energy=float(at),
            top=float(np.interp(float(at), energy, intensity)),
            text="?" if kind == "none" else str(text),
            kind=str(kind),
            weight=float(significance) * (0.1 if kind == "none" else 1.0),
        )
        for at, kind, text, significance in zip(*columns, strict=True)
        if kind in _LABELLED
    ]
    kept = sorted(_one_of_each_group(labels), key=lambda one: -one.weight)[:_MOST]
    return sorted(kept, key=lambda one: one.place)


def _one_of_each_group(labels: Sequence[_Label]) -> list[_Label]:
    """Return the labels with each Auger group named at its most significant peak only."""
    best: dict[str, _Label] = {}
    for one in labels:
        if one.kind == "auger" and (one.text not in best or best[one.text].weight < one.weight):
            best[one.text] = one
    return [one for one in labels if one.kind != "auger" or best[one.text] is one]


def _write(axes: Axes, labels: Sequence[_Label]) -> None:
    """Write labels upright above the axes, each with a bent leader down to its peak."""
    places = spread_out(np.array([one.place for one in labels], dtype=np.float64), _GAP)
    low, high = axes.get_ylim()
    upright: dict[str, Any] = {"rotation": 90, "ha": "center", "va": "bottom", "fontsize": _LETTERS}
    for one, place in zip(labels, places, strict=True):
        colour = _COLOURS[one.kind]
        top = (one.top - low) / (high - low) + 0.01
        axes.plot(
            [one.place, one.place, place, place],
            [min(top, 1.0), 1.0, _BEND, _ROW - 0.01],
            transform=axes.transAxes,
            color=colour,
            linewidth=0.4,
            alpha=0.6,
            clip_on=False,
            zorder=1.5,
        )
        axes.text(place, _ROW, one.text, transform=axes.transAxes, color=colour, parse_math=False, **upright)


def _legend(axes: Axes, kinds: set[str], lang: Language) -> None:
    """Say what the colours of the labels mean, below the axis of energies."""
    for kind, colour in _COLOURS.items():
        if kind in kinds:
            axes.plot([], [], "-", color=colour, linewidth=2.0, label=message(f"legend-{kind}").render(lang))
    if kinds:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=len(kinds), fontsize=_LETTERS + 0.5)
