"""Entries as the page shows them: what was measured, what the axis rests on, each spectrum, findings, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.htmlreport._figures import spectrum_figure
from shirube.htmlreport._findings import ShownFindings, shown_findings
from shirube.htmlreport._measured import (
    Calibration,
    Measured,
    Row,
    axis_rows,
    calibrations,
    condition_rows,
    measured,
)
from shirube.htmlreport._paper import Figure
from shirube.htmlreport._results import Image, ShownResult, shown_image, shown_result
from shirube.htmlreport._words import Words
from shirube.messages import Text
from shirube.records import Outcome, Provenance, Result, Spectrum
from shirube.runs import StoredFigure

#: Spectra of an entry that are shown; in a report of many items, of each item.
SPECTRA, _SPECTRA_BRIEF = 100, 4

__all__ = ["SPECTRA", "ShownEntry", "ShownProvenance", "ShownSpectrum", "shown_entry", "shown_provenance"]


@frozen(kw_only=True)
class ShownSpectrum:
    """A spectrum ready for the page.

    Attributes:
        id: As the records have it.
        name: As named at the instrument.
        axes: What its axes are, and conditions of its own.
        figure: The spectrum, where no result draws it.
        images: Stored figures of it, where the page cannot draw it.
        results: What was found.
    """

    id: str
    name: str
    axes: tuple[Row, ...] = field(converter=as_tuple)
    figure: Figure | None
    images: tuple[Image, ...] = field(converter=as_tuple)
    results: tuple[ShownResult, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class ShownEntry:
    """An entry ready for the page.

    Attributes:
        name: Of the entry.
        measured: What it holds.
        calibrations: What its energies rest on.
        spectra: Those that are shown.
        left_out: How many are not.
        results: Found on the whole entry.
        findings: About it.
        provenance: How it came to be.
    """

    name: str
    measured: Measured
    calibrations: tuple[Calibration, ...] = field(converter=as_tuple)
    spectra: tuple[ShownSpectrum, ...] = field(converter=as_tuple)
    left_out: int
    results: tuple[ShownResult, ...] = field(converter=as_tuple)
    findings: ShownFindings
    provenance: ShownProvenance


@frozen
class ShownProvenance:
    """Versions and settings, and the date that findings were judged on."""

    core: str
    plugins: tuple[tuple[str, str, str], ...] = field(converter=as_tuple)
    settings: tuple[Row, ...] = field(converter=as_tuple)
    judged_on: str


def shown_entry(
    outcome: Outcome,
    stored: Sequence[StoredFigure],
    abouts: Mapping[str, Text],
    words: Words,
    *,
    brief: bool = False,
) -> ShownEntry:
    """Return an entry ready for the page.

    Args:
        outcome: As the run folder holds it.
        stored: Its figures in the run folder.
        abouts: What analyses do, by name.
        words: The language.
        brief: One of very many: fewer spectra, and less about each.
    """
    entry = outcome.entry
    spectra = entry.spectra()
    most = _SPECTRA_BRIEF if brief else SPECTRA
    own = condition_rows(entry, words)
    by_target: dict[str, list[Result]] = {}
    for result in outcome.results:
        by_target.setdefault(result.target, []).append(result)

    def results(target: str, spectrum: Spectrum | None) -> list[ShownResult]:
        return [
            shown_result(one, spectrum, _drawn(stored, target, one.analysis), abouts, words, brief=brief)
            for one in by_target.get(target, ())
            if not (brief and one.status == "skipped")
        ]

    def shown(spectrum: Spectrum) -> ShownSpectrum:
        found = results(spectrum.id, spectrum)
        figure = None if any(one.figures for one in found) else spectrum_figure(spectrum, words)
        flat = all(len(axis) == 1 for axis in spectrum.axes if axis.name != "energy")
        kept = (
            []
            if brief or (flat and (figure or any(one.figures for one in found)))
            else _drawn(stored, spectrum.id, "spectrum")
        )
        images = [one for image in kept if (one := shown_image(image, words)) is not None]
        return ShownSpectrum(
            id=spectrum.id,
            name=spectrum.name or spectrum.id,
            axes=[*axis_rows(spectrum, words), *own[spectrum.id]],
            figure=None if images else figure,
            images=images,
            results=found,
        )

    return ShownEntry(
        name=entry.name,
        measured=measured(entry, words),
        calibrations=calibrations(outcome, words),
        spectra=[shown(one) for one in spectra[:most]],
        left_out=max(0, len(spectra) - most),
        results=results(entry.name, None),
        findings=shown_findings(outcome.findings, words),
        provenance=shown_provenance(outcome.provenance, words),
    )


def shown_provenance(provenance: Provenance, words: Words) -> ShownProvenance:
    """Return versions and settings ready for the page."""
    return ShownProvenance(
        core=provenance.core,
        plugins=[(one.name, one.distribution, one.version) for one in provenance.plugins],
        settings=[Row(name, words.value(value)) for name, value in provenance.settings.items()],
        judged_on=provenance.judged_on or "",
    )


def _drawn(stored: Sequence[StoredFigure], target: str, source: str) -> list[StoredFigure]:
    return [one for one in stored if (one.target, one.source) == (target, source)]
