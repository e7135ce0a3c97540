"""Making a calibration of an accepted edge."""

from __future__ import annotations

from importlib.metadata import version

from attrs import evolve

from shirube import __version__
from shirube.records import Source
from shirube_synchrotron.calibration.gold import GoldRegion
from shirube_synchrotron.calibration.record import DIGITS, Calibration, Measured, Stated
from shirube_synchrotron.edge import Estimate

__all__ = ["calibration_of"]


def calibration_of(region: GoldRegion, source: Source, stated: Stated, work_function: float) -> Calibration | None:
    """Return the calibration that a region gives, None where it is refused.

    Without a stated date, the date of the file is the calibration's: the clock is not asked.
    """
    scan, edge = region.scan, region.edge
    if region.status == "refused":
        return None
    header = scan.facts.candidate("photon_energy", "header")
    measured_on = scan.facts.get("measured_on")
    dated = stated
    if stated.date is None and measured_on is not None:
        dated = evolve(stated, date=str(measured_on.value))
    return Calibration(
        status=region.status,
        reasons=region.reasons,
        fermi_level=_measured(edge.position),
        work_function=work_function,
        resolution=_measured(edge.resolution),
        resolution_limit=None if edge.resolution_limit is None else round(edge.resolution_limit, DIGITS),
        edge_width=_measured(edge.edge_width),
        temperature=edge.temperature.number,
        temperature_origin=edge.temperature.origin.render(),
        stated=dated,
        conditions=scan.conditions,
        header_photon_energy=None if header is None else header.number,
        source=source,
        spectrum=scan.spectrum.id,
        region=scan.spectrum.name,
        window=(round(edge.window[0], DIGITS), round(edge.window[1], DIGITS)),
        points=edge.points,
        core=__version__,
        plugin=version("shirube-synchrotron"),
    )


def _measured(estimate: Estimate) -> Measured:
    model = estimate.model
    return Measured(
        round(estimate.value, DIGITS),
        round(estimate.statistical, DIGITS),
        None if model is None else round(model, DIGITS),
    )
