"""What is in a file and what is unusual about it, by what any spectrum and any fact can be asked."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import numpy as np
from attrs import evolve, frozen

from shirube.errors import core_message
from shirube.messages import Text
from shirube.records import Axis, AxisTreatment, Facts, Measurement, Quantity, Remark, Spectrum
from shirube.reduction import summed_axes
from shirube.terms import Vocabulary

#: How far a point may be from an even grid, as a fraction of the step: what rounding in print does.
_EVEN: Final = 0.02
#: Axes whose names the core can translate.
_NAMED: Final = frozenset(("energy", "angle", "position", "iteration", "point", "time", "temperature"))
PHOTON_ENERGY: Final = "photon_energy"

__all__ = ["PHOTON_ENERGY", "AxisSummary", "Unusual", "axis_name", "axis_summary", "difference", "unusual"]


@frozen
class AxisSummary:
    """An axis in a few words.

    Attributes:
        name: As the axis's.
        unit: Unit of the numbers.
        points: How many there are.
        first: The first value, None without any; ``last`` likewise.
        step: Mean step from point to point, None for fewer than two points.
        even: Whether the points are a grid as far as rounding in print lets see.
    """

    name: str
    unit: str
    points: int
    first: float | None
    last: float | None
    step: float | None
    even: bool


@frozen
class Unusual:
    """Something to know before a file is used.

    Attributes:
        code: Stable id; a reader's remark keeps its own.
        text: What is so.
        spectra: Ids of the spectra it is about; empty for the whole file.
        file: The file that says it, line ``line``.
    """

    code: str
    text: Text
    spectra: tuple[str, ...] = ()
    file: str = ""
    line: int | None = None


def axis_summary(axis: Axis) -> AxisSummary:
    """Return an axis in a few words."""
    values, points = axis.values, len(axis)
    first, last = (float(values[0]), float(values[-1])) if points else (None, None)
    step = None if points < 2 else float((values[-1] - values[0]) / (points - 1))  # noqa: PLR2004 a step has two ends
    even = step is None or _off_grid(axis) <= _EVEN
    return AxisSummary(axis.name, axis.unit, points, first, last, step, even)


def difference(facts: Facts, term: str) -> float | None:
    """Return by how much the additional metadata differ from the header, in the term's unit.

    None without both, or when one is no number, or none that anybody wrote.
    """
    header, sidecar = facts.candidate(term, "header"), facts.candidate(term, "sidecar")
    if header is None or sidecar is None or isinstance(header.value, str) or isinstance(sidecar.value, str):
        return None
    if _never_written(header) or _never_written(sidecar):
        return None
    return sidecar.number - header.number


def unusual(
    measurement: Measurement,
    facts: Mapping[str, Facts],
    remarks: Iterable[Remark],
    vocabulary: Vocabulary,
    axes: Mapping[str, AxisTreatment],
) -> tuple[Unusual, ...]:
    """Return everything that is unusual about a file: what its reader remarked, then what its content shows.

    Args:
        measurement: The file as read.
        facts: By spectrum id.
        remarks: What was noticed when keys became facts.
        vocabulary: All terms.
        axes: What analyses see of each axis.
    """
    told = [Unusual(one.code, one.message, (), one.file, one.line) for one in (*measurement.remarks, *remarks)]
    found = [*_of_file(measurement)]
    for spectrum in measurement.spectra:
        about = (*_of_facts(facts[spectrum.id], spectrum, vocabulary), *_of_axes(spectrum, axes), *_of_data(spectrum))
        found.extend(evolve(one, spectra=(spectrum.id,)) for one in about)
    return (*dict.fromkeys(told), *_gathered(found))


def _of_file(measurement: Measurement) -> Iterator[Unusual]:
    if not measurement.spectra:
        yield _said("no-spectra")
    named: dict[str, list[str]] = {}
    for spectrum in measurement.spectra:
        named.setdefault(spectrum.name, []).append(spectrum.id)
    for name, ids in named.items():
        if len(ids) > 1:
            yield evolve(_said("names-alike", name=name), spectra=tuple(ids))


def _of_facts(facts: Facts, spectrum: Spectrum, vocabulary: Vocabulary) -> Iterator[Unusual]:
    for term, candidates in facts.candidates.items():
        label = vocabulary[term].label if term in vocabulary else Text(term, term)
        for one in candidates:
            if _never_written(one):
                yield _from(one, _said("never-written", term=label, value=one.value))
            elif term == PHOTON_ENERGY and one.number <= 0.0:
                yield _from(one, _said("photon-energy-not-positive", value=f"{one.number:g}"))
        apart = difference(facts, term)
        if apart is not None and apart != 0.0:
            unit = vocabulary[term].unit if term in vocabulary else None
            yield _said("sidecar-differs", term=label, difference=f"{apart:+.6g} {unit or ''}".rstrip())
    yield from _beyond_photon_energy(facts, spectrum)


def _never_written(one: Quantity) -> bool:
    """Whether a number is too small to be one: memory that was never written looks like this."""
    return isinstance(one.value, float) and 0.0 < abs(one.value) < sys.float_info.min


def _beyond_photon_energy(facts: Facts, spectrum: Spectrum) -> Iterator[Unusual]:
    usable = [one for one in facts.candidates.get(PHOTON_ENERGY, ()) if one.number > 0.0 and not _never_written(one)]
    energies = next((axis.values for axis in spectrum.axes if axis.name == "energy"), None)
    if spectrum.reference.scale != "kinetic" or energies is None or not energies.size:
        return
    fastest = float(energies.max())
    for one in usable:
        if fastest > one.number:
            energy, photon = f"{fastest:g}", f"{one.number:g}"
            yield _from(one, _said("beyond-photon-energy", energy=energy, photon=photon))


def _of_axes(spectrum: Spectrum, axes: Mapping[str, AxisTreatment]) -> Iterator[Unusual]:
    if all(axis.name != "energy" for axis in spectrum.axes):
        yield _said("no-energies")
    elif spectrum.reference.scale == "unknown":
        yield _said("scale-not-known")
    for axis in spectrum.axes:
        steps = np.diff(axis.values)
        if steps.size and not ((steps > 0.0).all() or (steps < 0.0).all()):
            yield _said("axis-turns", axis=axis_name(axis.name))
        elif not axis_summary(axis).even:
            smallest, largest = float(np.abs(steps).min()), float(np.abs(steps).max())
            unit = f" {axis.unit}" if axis.unit else ""
            yield _said("axis-uneven", axis=axis_name(axis.name), steps=f"{smallest:.4g} … {largest:.4g}{unit}")
    for axis in summed_axes(spectrum, axes):
        yield _said("axis-summed", axis=axis_name(axis.name), count=len(axis))


def _of_data(spectrum: Spectrum) -> Iterator[Unusual]:
    values = spectrum.intensity
    if not values.size:
        yield _said("no-points")
        return
    if spectrum.intensity_unit != "counts":
        yield _said("not-counts", unit=spectrum.intensity_unit or "–")
    finite = np.isfinite(values)
    if not finite.all():
        yield _said("not-finite", count=int(values.size - finite.sum()))
    elif values.size > 1 and values.min() == values.max():
        yield _said("flat", value=f"{float(values.min()):g}")
    elif values.min() < 0.0:
        yield _said("negative", count=int((values < 0.0).sum()))


def axis_name(name: str) -> Text:
    """Return the name of an axis as people read it; one that only an instrument knows stays as it is."""
    return core_message(f"axis-name-{name}").text() if name in _NAMED else Text(name, name)


def _off_grid(axis: Axis) -> float:
    """Return how far the points of an axis are from an even grid, as a fraction of its step."""
    values = axis.values
    step = abs(float(values[-1] - values[0])) / (len(axis) - 1)
    if step == 0.0:
        return 0.0 if bool((values == values[0]).all()) else float("inf")
    return float(np.abs(values - np.linspace(values[0], values[-1], len(axis))).max()) / step


def _said(code: str, **params: object) -> Unusual:
    return Unusual(code, core_message(f"unusual-{code}", **params).text())


def _from(one: Quantity, said: Unusual) -> Unusual:
    return evolve(said, file=one.origin.where, line=one.origin.line)


def _gathered(found: Iterable[Unusual]) -> Iterator[Unusual]:
    """Yield what is said of several spectra once, with all of them and the first place."""
    groups: dict[tuple[str, Text], list[Unusual]] = {}
    for one in found:
        groups.setdefault((one.code, one.text), []).append(one)
    for group in groups.values():
        yield evolve(group[0], spectra=tuple(dict.fromkeys(name for one in group for name in one.spectra)))
