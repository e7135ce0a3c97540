"""What analyses see of a spectrum: axes that only repeat the measurement are summed over, all others stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import evolve

from shirube._axes import ENERGY
from shirube.records import AnalysisTarget, Axis, AxisTreatment, Entry, FrozenMapping, Spectrum

#: Iterations repeat one measurement, so their sum is that measurement; angles and positions are what was measured.
DEFAULT: Final = FrozenMapping[str, AxisTreatment]([("iteration", "sum")])

__all__ = ["DEFAULT", "entry_target", "kept_axes", "reduced", "spectrum_target", "summed_axes", "treatment"]


def treatment(*layers: Mapping[str, AxisTreatment]) -> FrozenMapping[str, AxisTreatment]:
    """Return what is done with each axis by name: the core's default, then ``layers`` (guide, settings), last wins."""
    merged: dict[str, AxisTreatment] = dict(DEFAULT)
    for layer in layers:
        merged.update(layer)
    return FrozenMapping(merged)


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
    return AnalysisTarget(entry=entry.name, spectra=(seen,), facts={seen.id: entry.facts[seen.id]})


def entry_target(entry: Entry) -> AnalysisTarget:
    """Return all spectra of ``entry`` as analyses see them, with their facts."""
    spectra = tuple(reduced(spectrum, entry.axes) for spectrum in entry.spectra())
    return AnalysisTarget(entry=entry.name, spectra=spectra, facts=entry.facts)


def _removed(spectrum: Spectrum, axes: Mapping[str, AxisTreatment]) -> tuple[Axis, ...]:
    found = tuple(
        axis for axis in spectrum.axes if axis.name != ENERGY and (axes.get(axis.name) == "sum" or len(axis) == 1)
    )
    return found if len(found) < len(spectrum.axes) else ()
