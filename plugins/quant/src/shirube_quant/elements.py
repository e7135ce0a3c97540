"""The analysis ``elements`` as the core calls it: does it apply, run it, draw what it found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from shirube.energy import scan_width
from shirube.messages import Language, Renderable
from shirube.parameters import effective
from shirube.progress import Progress
from shirube.records import AnalysisTarget, Drawing, Origin, Quantity, Result
from shirube.tables import Column, Table
from shirube_quant.parameters import ElementsParameters
from shirube_quant.peaks import Peak, filtered, find_peaks, usable_channels
from shirube_quant.phrases import message

__all__ = ["applies", "draw", "run"]


def applies(target: AnalysisTarget, parameters: ElementsParameters) -> Renderable | None:
    """Return None for a wide one-dimensional spectrum on the binding scale, otherwise what it is instead."""
    spectrum = target.spectrum
    if not spectrum.is_one_dimensional:
        return message("not-one-dimensional", number=len(spectrum.axes))
    if spectrum.reference.scale != "binding":
        return message("not-binding", scale=message(f"scale-{spectrum.reference.scale}"))
    if not usable_channels(spectrum.energy, spectrum.intensity):
        return message("nothing-to-see")
    if scan_width(spectrum) < parameters.min_range:
        return message("too-narrow", width=f"{scan_width(spectrum):g}", limit=f"{parameters.min_range:g}")
    return None


def run(target: AnalysisTarget, parameters: ElementsParameters, progress: Progress) -> Result:  # noqa: ARG001 fast
    """Return the peaks of the target's survey."""
    spectrum = target.spectrum
    peaks = find_peaks(filtered(spectrum.energy, spectrum.intensity), parameters.significance)
    origin = Origin("analysis", "elements")
    return Result(
        analysis="elements",
        target=spectrum.id,
        scalars={"quant.peak_count": Quantity(len(peaks), origin=origin)},
        tables=(_peaks_table(peaks, spectrum.intensity_unit),),
        parameters=effective(parameters),
    )


def draw(target: AnalysisTarget, result: Result, lang: Language) -> Iterable[Drawing]:  # noqa: ARG001 none yet
    """Return no figure: the core's own figure of the survey shows its peaks."""
    return ()


def _peaks_table(peaks: Sequence[Peak], unit: str) -> Table:
    units = {"energy": "eV", "uncertainty": "eV", "width": "eV", "height": unit, "significance": ""}
    columns = tuple(
        Column(
            name,
            message(f"column-{name}").text(),
            np.array([getattr(one, name) for one in peaks], dtype=np.float64),
            its_unit,
        )
        for name, its_unit in units.items()
    )
    return Table("peaks", message("table-peaks").text(), columns)
