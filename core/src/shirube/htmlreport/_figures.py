"""Figures of a report, as lines of SVG: spectra, fits with their residuals, a criterion over the number of components.

They are the figures of :mod:`shirube.figures`, drawn once more: without matplotlib, a tenth of the size, in letters of
the reader's own fonts and the colours of the reader's theme. See decision 13.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import evolve

from shirube.figures._axes import intensity_label, power_of_ten
from shirube.figures._labels import AXES, BACKGROUND, DATA, ENERGY, ENVELOPE, RESIDUALS, SUMMED, with_unit
from shirube.figures._palette import COMPONENT_COLOURS
from shirube.htmlreport._curves import Curves
from shirube.htmlreport._paper import BELOW, LEFT, RIGHT, WIDTH, Figure, Layer, Mark, Panel, Tick, across, panel, spread
from shirube.htmlreport._paths import area_path, dots_path, line_path, thinned
from shirube.htmlreport._scales import Scale, ticks
from shirube.htmlreport._words import Words
from shirube.records import FloatArray, Spectrum
from shirube.tables import Table

#: Heights of panels, and of what stands above and between them.
_TOP, _MARKED, _MAIN, _GAP, _RESIDUALS = 80, 300, 2400, 60, 800
#: Numbers of components stand so far apart.
_APART: Final = 170
#: Residuals are shown at least this far, in standard deviations.
_SIGMAS: Final = 4.0
#: Part of the range that stays free above and below.
_AIR: Final = 0.05
#: Beyond this the arithmetic of a scale has no doubles any more.
_LARGEST: Final = 1e300
#: A criterion's panel reaches up to so many times the distance of the middle one from the best.
_REACH: Final = 4.0

__all__ = ["criterion_figure", "fit_figure", "spectrum_figure"]


def spectrum_figure(spectrum: Spectrum, words: Words) -> Figure | None:
    """Return a spectrum over its energies, other axes summed over; None where no line can be drawn of it."""
    if all(axis.name != "energy" for axis in spectrum.axes):
        return None
    energy = spectrum.axis("energy")
    position = spectrum.axes.index(energy)
    others = tuple(index for index in range(len(spectrum.axes)) if index != position)
    intensity = np.asarray(spectrum.intensity.sum(axis=others), dtype=np.float64)
    if not _is_drawable(energy.values, intensity):
        return None
    x, marks = across(*_ends(energy.values, spectrum))
    unit = spectrum.intensity_unit if not others or spectrum.intensity_unit == "counts" else ""
    y, main = _intensity_panel(_TOP, words, unit, intensity)
    shown = thinned(energy.values, intensity)
    layers = [Layer("thin", line_path(x(shown[0]), y(shown[1]))), Layer("dots", dots_path(x(shown[0]), y(shown[1])))]
    summed = [AXES[axis.name].render(words.lang) if axis.name in AXES else axis.name for axis in spectrum.axes]
    names = words.listed([summed[index] for index in others if len(spectrum.axes[index]) > 1])
    return Figure(
        alt=words("alt-spectrum", name=spectrum.name or spectrum.id, range=_range(energy.values, spectrum, words)),
        height=_TOP + _MAIN + BELOW,
        panels=[evolve(main, layers=layers)],
        ticks=marks,
        label=with_unit(ENERGY[spectrum.reference.scale], energy.unit or "eV", words.lang),
        caption=SUMMED.render(words.lang, axes=names) if names else "",
    )


def fit_figure(curves: Curves, spectrum: Spectrum, words: Words) -> Figure | None:
    """Return one model: data, components filled down to the background, envelope, residuals below."""
    if not _is_drawable(curves.energy, curves.intensity, curves.envelope, curves.background, curves.components):
        return None
    x, marks = across(*_ends(curves.energy, spectrum))
    together = np.concatenate((curves.intensity, curves.envelope, curves.background))
    y, main = _intensity_panel(_MARKED, words, spectrum.intensity_unit, together)
    panels = [evolve(main, layers=_model_layers(curves, x, y))]
    if curves.residuals is not None:
        panels.append(_residual_panel(curves, x, words))
    energy = with_unit(ENERGY[spectrum.reference.scale], "eV", words.lang)
    return Figure(
        alt=_told(curves, spectrum, words),
        height=panels[-1].bottom + BELOW,
        panels=panels,
        ticks=marks,
        label=energy,
        marks=_marks(curves, x),
        legend=(
            ("dots", words.text(DATA)),
            ("envelope", words.text(ENVELOPE)),
            ("background", words.text(BACKGROUND)),
            *(_component_kinds(curves, words)),
        ),
    )


def criterion_figure(table: Table, words: Words) -> Figure | None:
    """Return BIC over the number of components; None where a table does not hold both, or only one number."""
    counts, values = table.of_term("component_count"), table.of_term("bic")
    if counts is None or values is None or isinstance(counts.values, tuple) or isinstance(values.values, tuple):
        return None
    known = np.isfinite(counts.values) & np.isfinite(values.values)
    count, bic = counts.values[known], values.values[known]
    numbers = np.unique(count)
    if numbers.size < 2 or not _is_drawable(count, bic):  # noqa: PLR2004 of one number there is nothing to compare
        return None
    best = np.array([bic[count == one].min() for one in numbers])
    low, high = _reach(best)
    x, _ = across(float(numbers[0]) - 0.5, float(numbers[-1]) + 0.5)
    y, main = panel(_TOP, _MAIN * 2 // 3, low, high, values.label.render(words.lang))
    beyond = bic > high
    leader = int(np.argmin(bic))
    within = best <= high
    layers = [
        Layer("envelope", line_path(x(numbers[within]), y(best[within]))),
        Layer("points", dots_path(x(count[~beyond]), y(bic[~beyond]))),
        Layer("beyond", "".join(_triangle(x.at(one), _TOP) for one in np.unique(count[beyond]))),
        Layer("chosen", dots_path(x(count[[leader]]), y(bic[[leader]]))),
    ]
    return Figure(
        alt=words(
            "alt-criterion",
            first=f"{numbers[0]:.0f}",
            last=f"{numbers[-1]:.0f}",
            value=words.number(float(bic[leader])),
            best=f"{count[leader]:.0f}",
        ),
        height=_TOP + _MAIN * 2 // 3 + BELOW,
        panels=[evolve(main, layers=layers)],
        ticks=[Tick(x.at(float(one)), f"{one:.0f}") for one in numbers],
        label=counts.label.render(words.lang),
        caption=words("criterion-beyond") if beyond.any() else "",
        legend=(("points", words("candidate")), ("chosen", words("chosen"))),
    )


def _is_drawable(*arrays: FloatArray) -> bool:
    return all(np.isfinite(one).all() and np.abs(one).max(initial=0.0) < _LARGEST for one in arrays) and all(
        array.size for array in arrays[:2]
    )


def _ends(energy: FloatArray, spectrum: Spectrum) -> tuple[float, float]:
    """Return the energies at the left and right edge: binding energies run to the left."""
    low, high = float(energy.min()), float(energy.max())
    return (high, low) if spectrum.reference.scale == "binding" else (low, high)


def _range(energy: FloatArray, spectrum: Spectrum, words: Words) -> str:
    first, last = _ends(energy, spectrum)
    return words("range", first=words.number(first), last=words.number(last), unit=spectrum.axis("energy").unit or "eV")


def _intensity_panel(top: int, words: Words, unit: str, shown: FloatArray) -> tuple[Scale, Panel]:
    low, high = float(shown.min()), float(shown.max())
    air = _AIR * ((high - low) or abs(high) or 1.0)
    largest = max(abs(low), abs(high))
    label = intensity_label(words.lang, unit, largest)
    return panel(top, _MAIN, low - air, high + air, label, 10.0 ** power_of_ten(largest))


def _model_layers(curves: Curves, x: Scale, y: Scale) -> list[Layer]:
    places, below = x(curves.energy), y(curves.background)
    layers = []
    for index, component in enumerate(curves.components):
        upper = y(curves.background + component)
        layers.append(Layer(f"fill {component_kind(index)}", area_path(places, upper, below)))
    data = thinned(curves.energy, curves.intensity)
    return [
        *layers,
        Layer("background", line_path(places, below)),
        Layer("envelope", line_path(places, y(curves.envelope))),
        Layer("dots", dots_path(x(data[0]), y(data[1]))),
    ]


def _residual_panel(curves: Curves, x: Scale, words: Words) -> Panel:
    residuals = np.zeros(0) if curves.residuals is None else curves.residuals
    finite = np.abs(residuals[np.isfinite(residuals)])
    limit = max(_SIGMAS, 1.1 * float(finite.max(initial=0.0)))
    label = " ".join(words.text(RESIDUALS).split())
    y, empty = panel(_MARKED + _MAIN + _GAP, _RESIDUALS, -limit, limit, label)
    energy, shown = thinned(curves.energy, residuals)
    layers = (
        Layer("band", f"M{LEFT} {y.at(2.0)}H{WIDTH - RIGHT}V{y.at(-2.0)}H{LEFT}z"),
        Layer("zero", f"M{LEFT} {y.at(0.0)}H{WIDTH - RIGHT}"),
        Layer("dots", dots_path(x(energy), y(shown))),
    )
    # One on each side, not at the edges, where it would touch those of the panel above.
    largest = ticks(0.0, 0.8 * limit, 3)[-1][0]
    marks = [Tick(y.at(value), words.number(value)) for value in (-largest, 0.0, largest)]
    return evolve(empty, ticks=marks, layers=layers)


def component_kind(index: int) -> str:
    """Return the class of a component: its colour, and dashes where the colours have begun anew."""
    turn, colour = divmod(index, len(COMPONENT_COLOURS))
    return f"c{colour + 1}" + (" again" if turn else "")


def _component_kinds(curves: Curves, words: Words) -> list[tuple[str, str]]:
    count = len(curves.components)
    label = words("component-range", last=count) if count > 1 else words("component-one")
    return [(f"fill {component_kind(0)}", label)] if count else []


def _marks(curves: Curves, x: Scale) -> list[Mark]:
    """Return the numbers of components, in the order of their places on the axis."""
    tops = [int(np.argmax(np.abs(one))) for one in curves.components]
    places = [x.at(float(curves.energy[top])) for top in tops]
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = spread([places[index] for index in order], _APART, LEFT + 60, WIDTH - RIGHT - 60)
    return [
        Mark(text=str(index + 1), place=place, points_to=places[index], kind=component_kind(index))
        for index, place in zip(order, moved, strict=True)
    ]


def _told(curves: Curves, spectrum: Spectrum, words: Words) -> str:
    """Return what the figure of a fit shows, in words."""
    name, span = spectrum.name or spectrum.id, _range(curves.energy, spectrum, words)
    said = words("alt-fit", name=name, rank=curves.rank, count=len(curves.components), range=span)
    if curves.residuals is None or not np.isfinite(curves.residuals).any():
        return said
    low, high = words.number(round(float(np.nanmin(curves.residuals)), 1)), float(np.nanmax(curves.residuals))
    return said + words("alt-residuals", low=low, high=words.number(round(high, 1)))


def _reach(best: FloatArray) -> tuple[float, float]:
    """Return the ends of a criterion's axis: all of it, unless a few numbers dwarf the others."""
    low, high = float(best.min()), float(best.max())
    near = low + _REACH * (float(np.median(best)) - low)
    top = near if near - low > 0.0 and near < high else high
    air = _AIR * ((top - low) or 1.0)
    return low - air, top + air


def _triangle(place: int, top: int) -> str:
    """Return a mark below the upper edge of a panel for what lies beyond it."""
    return f"M{place} {top + 30}l60 110h-120z"
