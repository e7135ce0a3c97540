"""The analysis ``fermi_edge``: the Fermi edge of a gold scan within a run, where settings say that it is one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from attrs import evolve

from shirube.energy import kinetic_energy_of
from shirube.messages import Language, Message, Text
from shirube.parameters import effective
from shirube.progress import Progress
from shirube.records import AnalysisTarget, Drawing, EnergyReference, NamedArray, Origin, Quantity, Result, Spectrum
from shirube.tables import Column, Table
from shirube_synchrotron.calibration.crosscheck import LANDING
from shirube_synchrotron.calibration.gold import GoldRegion, fitted_region, scan_of
from shirube_synchrotron.calibration.parameters import EdgeParameters
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.edge import Estimate

ANALYSIS: Final = "fermi_edge"
_FEWEST_POINTS: Final = 8
#: Points of the drawn fit; a scan of wide steps has few of its own.
_FINE: Final = 400

__all__ = ["applies", "draw", "run"]


def applies(target: AnalysisTarget, parameters: EdgeParameters) -> Message | None:
    """Return None for a one-dimensional spectrum of known kinetic energies where the analysis is on, else why not."""
    spectrum = target.spectrum
    if not parameters.on:
        return message("edge-off")
    if not spectrum.is_one_dimensional or spectrum.energy.size < _FEWEST_POINTS:
        return message("edge-shape")
    return message("kinetic-unknown") if kinetic_energy_of(spectrum) is None else None


def run(target: AnalysisTarget, parameters: EdgeParameters, progress: Progress) -> Result:
    """Return the edge of the target: Fermi level (kinetic energy), resolution, width, and the photon energy it gives.

    Where the spectrum was converted, the Fermi level must lie at 0; elsewhere its photon energy or work function is
    wrong, and the result is doubtful.
    """
    del progress
    spectrum = target.spectrum
    region = fitted_region(scan_of(_kinetic(spectrum), target.facts[spectrum.id], parameters.temperature))
    reasons = region.reasons
    status = region.status
    landing = None if status == "refused" else _landing(spectrum, region)
    if landing is not None:
        status, reasons = "doubtful", (*reasons, landing)
    refused = status == "refused"
    return Result(
        analysis=ANALYSIS,
        target=spectrum.id,
        status=status,
        reasons=reasons,
        scalars={} if refused else _scalars(region, _work_function(spectrum, parameters)),
        tables=() if region.edge.curves is None else (_table(region), *_variants(region)),
        arrays=_arrays(region, spectrum.intensity_unit),
        parameters=effective(parameters),
    )


def draw(target: AnalysisTarget, result: Result, lang: Language) -> Iterable[Drawing]:
    """Return the figure of the edge; of a refused one too, where something was fitted."""
    from shirube_synchrotron.calibration.drawing import draw_edge, picture_of_result

    if not result.arrays:
        return ()
    figure = draw_edge(picture_of_result(result, target.spectrum), lang)
    return (Drawing(ANALYSIS, figure, main=True, caption=message("figure-caption").text()),)


def _work_function(spectrum: Spectrum, parameters: EdgeParameters) -> float:
    if parameters.work_function is not None:
        return parameters.work_function
    return spectrum.reference.work_function or 0.0


def _kinetic(spectrum: Spectrum) -> Spectrum:
    kinetic = kinetic_energy_of(spectrum)
    return spectrum if kinetic is None else spectrum.with_energy(kinetic, EnergyReference("kinetic"))


def _landing(spectrum: Spectrum, region: GoldRegion) -> Text | None:
    reference = spectrum.reference
    if reference.scale != "binding" or reference.photon_energy is None:
        return None
    level = reference.photon_energy - (reference.work_function or 0.0) - region.edge.position.value
    if abs(level) <= LANDING:
        return None
    return message("edge-not-at-zero", level=f"{level:+.3f}", limit=f"{LANDING:g}").text()


def _scalars(region: GoldRegion, work_function: float) -> dict[str, Quantity]:
    edge = region.edge
    shifted = evolve(edge.position, value=edge.photon_energy(work_function))
    return {
        "fermi_level": _quantity(edge.position),
        # A hidden resolution was not measured: only its limit is known, which the table has.
        **({"energy_resolution": _quantity(edge.resolution)} if edge.resolution_limit is None else {}),
        "edge_width": _quantity(edge.edge_width),
        "calibration_photon_energy": _quantity(shifted),
    }


def _quantity(estimate: Estimate) -> Quantity:
    return Quantity(estimate.value, "eV", estimate.standard, Origin("analysis", ANALYSIS))


def _table(region: GoldRegion) -> Table:
    edge = region.edge
    columns = []
    for name, one in (
        ("fermi_level", edge.position),
        ("energy_resolution", edge.resolution),
        ("edge_width", edge.edge_width),
    ):
        label = message(f"column-{name.replace('_', '-')}").text()
        unsure = message("column-uncertainty", of=label).text()
        columns += [
            Column(name, label, np.array([one.value]), "eV"),
            Column(f"{name}_uncertainty", unsure, np.array([one.standard]), "eV"),
        ]
    limit = math.nan if edge.resolution_limit is None else edge.resolution_limit
    columns.append(Column("energy_resolution_limit", message("row-resolution-limit").text(), np.array([limit]), "eV"))
    columns.append(
        Column("temperature", message("column-temperature").text(), np.array([edge.temperature.number]), "K")
    )
    return Table("edge", message("figure-caption").text(), columns)


def _variants(region: GoldRegion) -> tuple[Table, ...]:
    variants = region.edge.variants
    if not variants:
        return ()

    def numbers(name: str, values: Iterable[float], unit: str = "") -> Column:
        return Column(name, message(f"column-{name.replace('_', '-')}").text(), np.array(list(values)), unit)

    columns = (
        Column(
            "density_of_states",
            message("column-density-of-states").text(),
            tuple(one.density_of_states for one in variants),
        ),
        numbers("background_slope", (float(one.background_slope) for one in variants)),
        numbers("window_low", (one.window[0] for one in variants), "eV"),
        numbers("window_high", (one.window[1] for one in variants), "eV"),
        numbers("fermi_level", (one.position.value for one in variants), "eV"),
        numbers("energy_resolution", (one.resolution.value for one in variants), "eV"),
        numbers("edge_width", (one.edge_width.value for one in variants), "eV"),
        numbers("dispersion", (one.dispersion for one in variants)),
        numbers("admitted", (float(one.admitted) for one in variants)),
    )
    return (Table("variants", message("variants-table").text(), columns),)


def _arrays(region: GoldRegion, unit: str) -> tuple[NamedArray, ...]:
    curves = region.edge.curves
    if curves is None:
        return ()
    fine = np.linspace(float(curves.energies[0]), float(curves.energies[-1]), _FINE)
    return (
        NamedArray("energy", curves.energies, "eV"),
        NamedArray("intensity", curves.counts, unit),
        NamedArray("model", curves.model, unit),
        NamedArray("fit_energy", fine, "eV"),
        NamedArray("fit", region.edge.intensity(fine), unit),
        NamedArray("background", curves.background, unit),
        NamedArray("residuals", curves.residuals),
    )
