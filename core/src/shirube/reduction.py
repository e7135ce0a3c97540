"""What analyses see of a spectrum: axes that only repeat it are summed over; others stay, or make it many spectra."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final, TypeAlias

import numpy as np
from attrs import evolve

from shirube._axes import ENERGY
from shirube.records import (
    AnalysisTarget,
    Axis,
    AxisTreatment,
    Entry,
    Facts,
    FrozenMapping,
    Origin,
    Quantity,
    Spectrum,
)

#: Iterations repeat one measurement, so their sum is that measurement; angles and positions are what was measured.
DEFAULT: Final = FrozenMapping[str, AxisTreatment]([("iteration", "sum")])

#: Spectra that were measured one after another.
Chain: TypeAlias = tuple[Spectrum, ...]
#: So many spectra at most are analysed with a look at their neighbours, before it begins anew.
CHAIN: Final = 16

__all__ = [
    "CHAIN",
    "DEFAULT",
    "Chain",
    "chains_of",
    "cut",
    "cut_entry",
    "entry_target",
    "filled",
    "kept_axes",
    "reduced",
    "spectrum_target",
    "summed_axes",
    "treatment",
]


def treatment(*layers: Mapping[str, AxisTreatment]) -> FrozenMapping[str, AxisTreatment]:
    """Return what is done with each axis by name: the core's default, then ``layers`` (guide, settings), last wins."""
    merged: dict[str, AxisTreatment] = dict(DEFAULT)
    for layer in layers:
        merged.update(layer)
    return FrozenMapping(merged)


def filled(axes: Mapping[str, AxisTreatment], entry: Entry, other: AxisTreatment) -> FrozenMapping[str, AxisTreatment]:
    """Return what is done with each axis, those of the entry's spectra that are only kept being treated as ``other``.

    To keep an axis is what is done with one that nobody names, too; so a guide that says it does not withstand a person
    who asks for something else of all axes.
    """
    found = {axis.name for one in entry.spectra() for axis in one.axes if axis.name != ENERGY and len(axis) > 1}
    kept = {name: other for name in sorted(found) if axes.get(name, "keep") == "keep"}
    return FrozenMapping(axes if other == "keep" else {**axes, **kept})


def cut(spectrum: Spectrum, axes: Mapping[str, AxisTreatment]) -> Iterator[Spectrum]:
    """Yield a spectrum for each point of the axes that are treated as ``each``; the spectrum itself without such axes.

    A slice is of as many dimensions, with one point on each of these axes, so it knows where it was measured; its id
    has the numbers of the point, from 0, behind that of the spectrum: ``map.txt#1[3,12]``. Its numbers are views.
    """
    places = [at for at, axis in enumerate(spectrum.axes) if axes.get(axis.name) == "each" and axis.name != ENERGY]
    places = [at for at in places if len(spectrum.axes[at]) > 1]
    if not places:
        yield spectrum
        return
    points = {
        at: [evolve(spectrum.axes[at], values=spectrum.axes[at].values[one : one + 1]) for one in range(length)]
        for at in places
        for length in [len(spectrum.axes[at])]
    }
    for index in np.ndindex(*(len(points[at]) for at in places)):
        chosen = dict(zip(places, index, strict=True))
        part = tuple(
            slice(chosen[at], chosen[at] + 1) if at in chosen else slice(None) for at in range(len(spectrum.axes))
        )
        yield evolve(
            spectrum,
            id=f"{spectrum.id}[{','.join(str(one) for one in index)}]",
            intensity=spectrum.intensity[part],
            axes=tuple(points[at][chosen[at]] if at in chosen else axis for at, axis in enumerate(spectrum.axes)),
        )


def cut_entry(entry: Entry) -> Entry:
    """Return an entry whose spectra are cut as its axes say, each slice with the facts of what it was cut from."""
    facts = {}
    measurements = []
    for measurement in entry.measurements:
        spectra = []
        for spectrum in measurement.spectra:
            for one in cut(spectrum, entry.axes):
                spectra.append(one)
                facts[one.id] = entry.facts[spectrum.id]
        measurements.append(evolve(measurement, spectra=spectra))
    return entry if len(facts) == len(entry.facts) else evolve(entry, measurements=measurements, facts=facts)


def chains_of(entry: Entry) -> tuple[Chain, ...]:
    """Return the spectra of an entry as chains: up to :data:`CHAIN` neighbours that one measurement was cut into.

    Where a chain ends follows from the measurement alone, so that no result depends on who works on which. A spectrum
    that was measured by itself is a chain by itself.
    """
    if "each" not in entry.axes.values():
        return tuple((spectrum,) for spectrum in entry.spectra())
    chains: list[Chain] = []
    for measurement in entry.measurements:
        for _, alike in groupby(measurement.spectra, key=_cut_from):
            spectra = tuple(alike)
            chains += [spectra[first : first + CHAIN] for first in range(0, len(spectra), CHAIN)]
    return tuple(chains)


def _cut_from(spectrum: Spectrum) -> str:
    """Return the id of the spectrum that a slice was cut from; its own for one that was not."""
    whole, bracket, _ = spectrum.id.rpartition("[")
    return whole if bracket and any(len(axis) == 1 for axis in spectrum.axes) else spectrum.id


def summed_axes(spectrum: Spectrum, axes: Mapping[str, AxisTreatment]) -> tuple[Axis, ...]:
    """Return the axes of more than one point that analyses do not see, because they are summed over."""
    return tuple(axis for axis in _removed(spectrum, axes) if len(axis) > 1)


def kept_axes(spectrum: Spectrum, axes: Mapping[str, AxisTreatment]) -> tuple[Axis, ...]:
    """Return the axes that analyses see beside the energy."""
    removed = _removed(spectrum, axes)
    return tuple(axis for axis in spectrum.axes if axis.name != ENERGY and axis not in removed)


def reduced(spectrum: Spectrum, axes: Mapping[str, AxisTreatment]) -> Spectrum:
    """Return the spectrum as analyses see it: same id, name, reference and metadata, intensities summed.

    An axis of one point goes, too: there is nothing to sum. At least one axis stays.

    Args:
        spectrum: As read.
        axes: What is done with each axis, by name; one that is not named stays.

    Returns:
        The spectrum itself when nothing is removed. Sums of counts are counts; sums of anything else (counts/s) have
        no unit any more, because they are only in proportion to it.
    """
    removed = _removed(spectrum, axes)
    if not removed:
        return spectrum
    positions = tuple(index for index, axis in enumerate(spectrum.axes) if axis in removed)
    counted = spectrum.intensity_unit == "counts" or all(len(axis) == 1 for axis in removed)
    return evolve(
        spectrum,
        intensity=spectrum.intensity.sum(axis=positions),
        axes=tuple(axis for axis in spectrum.axes if axis not in removed),
        intensity_unit=spectrum.intensity_unit if counted else "",
    )


def spectrum_target(entry: Entry, spectrum: Spectrum) -> AnalysisTarget:
    """Return one spectrum of ``entry`` as analyses see it, with its facts."""
    seen = reduced(spectrum, entry.axes)
    return AnalysisTarget(entry=entry.name, spectra=(seen,), facts={seen.id: _facts(spectrum, entry)})


def entry_target(entry: Entry) -> AnalysisTarget:
    """Return all spectra of ``entry`` as analyses see them, with their facts."""
    measured = entry.spectra()
    spectra = tuple(reduced(spectrum, entry.axes) for spectrum in measured)
    facts = {**entry.facts, **{spectrum.id: _facts(spectrum, entry) for spectrum in measured}}
    return AnalysisTarget(entry=entry.name, spectra=spectra, facts=facts)


def _facts(spectrum: Spectrum, entry: Entry) -> Facts:
    """Return the facts of a spectrum, with how often it was repeated where its repetitions are summed.

    Times and numbers of sweeps in a file are those of one repetition.
    """
    facts = entry.facts[spectrum.id]
    times = [len(axis) for axis in summed_axes(spectrum, entry.axes) if axis.name in DEFAULT]
    return facts.add("summed_iterations", Quantity(times[0], origin=Origin("axis"))) if times else facts


def _removed(spectrum: Spectrum, axes: Mapping[str, AxisTreatment]) -> tuple[Axis, ...]:
    found = tuple(
        axis for axis in spectrum.axes if axis.name != ENERGY and (axes.get(axis.name) == "sum" or len(axis) == 1)
    )
    return found if len(found) < len(spectrum.axes) else ()
