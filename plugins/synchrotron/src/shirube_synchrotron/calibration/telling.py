"""Telling what came of a calibration: to people as lines, to programs as one document of the same content."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from shirube.findings import render_text, to_json
from shirube.messages import Language, Renderable, Text
from shirube.text import display_width
from shirube_synchrotron.calibration.crosscheck import EnergyScale
from shirube_synchrotron.calibration.document import document_of
from shirube_synchrotron.calibration.gold import GoldRegion
from shirube_synchrotron.calibration.phrases import message, uncertain
from shirube_synchrotron.calibration.record import Calibration, Measured
from shirube_synchrotron.calibration.sidecars import Sidecar
from shirube_synchrotron.calibration.slices import summed_axes
from shirube_synchrotron.calibration.workflow import Calibrated

__all__ = ["document_of_all", "lines_of", "series_lines", "sidecar_lines"]


def lines_of(done: Calibrated, lang: Language) -> Iterator[str]:
    """Yield the table of one gold scan, what is doubtful, and the findings."""
    spectrum = done.region.scan.spectrum
    status = message(f"status-{done.region.status}")
    yield message("line-scan", id=spectrum.id, region=spectrum.name, status=status).render(lang)
    rows = list(_rows(done))
    labels = [label.render(lang) for label, _ in rows]
    width = max(display_width(label) for label in labels)
    for label, (_, value) in zip(labels, rows, strict=True):
        yield f"  {label}{' ' * (width - display_width(label))}  {_shown(value, lang)}"
    for reason in done.region.reasons:
        yield f"  ! {reason.render(lang)}"
    if done.findings:
        yield render_text(done.findings, lang)


def series_lines(calibrations: Sequence[Calibration], lang: Language) -> Iterator[str]:
    """Yield one line a calibration: photon energy, Fermi level, resolution."""
    rows = [
        (
            one.source.name,
            uncertain(one.photon_energy, one.fermi_level.standard),
            uncertain(one.fermi_level.value, one.fermi_level.standard),
            uncertain(one.resolution.value, one.resolution.standard),
        )
        for one in sorted(calibrations, key=lambda one: one.photon_energy)
    ]
    heads = tuple(message(f"head-{name}").render(lang) for name in ("file", "photon-energy", "level", "resolution"))
    widths = [max(display_width(row[index]) for row in (heads, *rows)) for index in range(len(heads))]
    for row in (heads, *rows):
        cells = (cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def sidecar_lines(sidecar: Sidecar, lang: Language) -> Iterator[str]:
    """Yield what becomes of a sidecar, from which gold scan, and what must be known of that."""
    one = sidecar.calibration
    hv = f"{one.photon_energy:.10g}"
    yield message(f"sidecar-{sidecar.state}", path=sidecar.path, hv=hv, gold=one.source.name).render(lang)
    for text in sidecar.overridden:
        yield message("sidecar-overridden", what=text).render(lang)
    for text in sidecar.remarks:
        yield f"  ! {text.render(lang)}"


def document_of_all(done: Sequence[Calibrated], sidecars: Sequence[Sidecar], written: Sequence[str]) -> dict[str, Any]:
    """Return everything for programs."""
    return {
        "calibrations": [_document(one) for one in done],
        "sidecars": [_sidecar(one) for one in sidecars],
        "written": list(written),
    }


def _sidecar(sidecar: Sidecar) -> dict[str, Any]:
    return {
        "data": sidecar.data_file,
        "path": str(sidecar.path),
        "state": sidecar.state,
        "gold": sidecar.calibration.source.name,
        "status": sidecar.calibration.status,
        "photon_energy": sidecar.calibration.photon_energy,
        "overridden": [{"en": text.en, "ja": text.ja} for text in sidecar.overridden],
        "remarks": [{"en": text.en, "ja": text.ja} for text in sidecar.remarks],
    }


def _rows(done: Calibrated) -> Iterator[tuple[Renderable, Renderable | str]]:
    region, calibration = done.region, done.calibration
    edge = region.edge
    if calibration is not None:
        sum_of = message(
            "value-photon-energy", value=_energy(_photon(calibration)), phi=f"{calibration.work_function:g}"
        )
        yield message("column-photon-energy"), sum_of
    level = "column-fermi-level" if edge.scale == "kinetic" else "row-level-binding"
    for name, one in ((level, edge.position), ("column-energy-resolution", edge.resolution),
                      ("column-edge-width", edge.edge_width)):  # fmt: skip
        # The numbers of what is no edge mean nothing; where only the scale is wrong, they do.
        if math.isfinite(one.value) and edge.status != "refused":
            yield message(name), _energy(Measured(one.value, one.statistical, one.model))
    if edge.status == "refused":
        yield message(level), message("value-no-edge")
    elif edge.resolution_limit is not None:
        yield message("row-resolution-limit"), f"{edge.resolution_limit:.3g} eV"
    yield (
        message("column-temperature"),
        message("value-temperature", value=f"{edge.temperature.number:g}", origin=_origin(region)),
    )
    yield from _circumstances(region, calibration)


def _circumstances(
    region: GoldRegion, calibration: Calibration | None
) -> Iterator[tuple[Renderable, Renderable | str]]:
    conditions = region.scan.conditions
    summed = ", ".join(f"{name} ({count})" for name, count in summed_axes(region.scan.measured))
    if summed:
        yield message("row-summed"), summed
    if conditions.pass_energy is not None:
        yield message("column-pass-energy"), f"{conditions.pass_energy:g} eV"
    if conditions.lens_mode is not None:
        yield message("column-lens-mode"), conditions.lens_mode
    header = region.scan.facts.candidate("photon_energy", "header")
    if header is not None:
        impossible = conditions.photon_energy is None
        yield (
            message("column-header-photon-energy"),
            message("value-impossible", value=header.value) if impossible else f"{header.value} eV",
        )
    if calibration is None:
        return
    stated = calibration.stated
    previous = None if stated.previous_photon_energy is None else f"{stated.previous_photon_energy:.10g} eV"
    for name, text in (
        ("standard", stated.standard), ("role", stated.operator_role), ("reason", stated.reason),
        ("previous", previous), ("date", stated.date), ("changed", stated.changed_on),
    ):  # fmt: skip
        if text is not None:
            yield message(f"row-{name}"), text


def _photon(calibration: Calibration) -> Measured:
    level = calibration.fermi_level
    return Measured(calibration.photon_energy, level.statistical, level.model)


def _energy(measured: Measured) -> Renderable:
    if measured.model is None:
        text = f"{uncertain(measured.value, measured.standard)} eV"
        return Text(en=text, ja=text)
    return message(
        "value-energy",
        value=uncertain(measured.value, measured.standard),
        statistical=f"{measured.statistical:.2g}",
        model=f"{measured.model:.2g}",
    )


def _origin(region: GoldRegion) -> Renderable:
    origin = region.edge.temperature.origin
    if origin.kind == "default":
        return message("temperature-assumed")
    return Text(en=origin.where or origin.render("en"), ja=origin.where or origin.render("ja"))


def _shown(value: Renderable | str, lang: Language) -> str:
    return value if isinstance(value, str) else value.render(lang)


def _document(done: Calibrated) -> dict[str, Any]:
    region = done.region
    edge = region.edge
    return {
        "file": done.file,
        "spectrum": region.scan.spectrum.id,
        "region": region.scan.spectrum.name,
        "status": region.status,
        "reasons": [{"en": text.en, "ja": text.ja} for text in region.reasons],
        "edge": {
            "scale": edge.scale,
            **{
                name: None if edge.status == "refused" else _plain(one.value)
                for name, one in (
                    ("fermi_level", edge.position),
                    ("energy_resolution", edge.resolution),
                    ("edge_width", edge.edge_width),
                )
            },
            "energy_resolution_limit": edge.resolution_limit,
            "summed": dict(summed_axes(region.scan.measured)),
            "temperature": edge.temperature.number,
        },
        "calibration": None if done.calibration is None else document_of(done.calibration),
        "energy_scale": None if done.scale is None else _scale(done.scale),
        "findings": to_json(done.findings),
    }


def _scale(scale: EnergyScale) -> dict[str, Any]:
    return {
        "offset": scale.offset,
        "offset_uncertainty": scale.offset_uncertainty,
        "gain": scale.gain,
        "gain_uncertainty": scale.gain_uncertainty,
        "lines": [
            {
                "name": one.line.name,
                "reference": one.line.energy,
                "energy": one.energy,
                "statistical": one.statistical,
                "model": one.model,
            }
            for one in scale.lines
        ],
    }


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
