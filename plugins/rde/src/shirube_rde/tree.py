"""A whole job tree: tiles in RDE's order, invoices, and the definitions they follow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shirube.errors import OutputError
from shirube.exporting import ExportContext
from shirube.guides import GuideData
from shirube.records import Outcome
from shirube.settings import FILE_NAME
from shirube.trees import write_json, write_text
from shirube_rde import definition as definitions
from shirube_rde.definition import Definition, derive
from shirube_rde.documents import Document, parse_document
from shirube_rde.form import invoice_schema
from shirube_rde.metadata import Metadata
from shirube_rde.parameters import Parameters
from shirube_rde.texts import message
from shirube_rde.tiles import tile_places, write_tile

__all__ = ["definition_for", "guides_of", "schema_for", "write_tiles", "write_tree"]


def write_tree(outcomes: Sequence[Outcome], target: Path, context: ExportContext, parameters: Parameters) -> None:
    """Write ``target/data`` for a run: tiles, invoices that were given, and ``tasksupport``.

    Args:
        outcomes: In the order in which RDE shall register them.
        target: Existing empty folder.
        context: Guides, terms, figures, where the inputs lie, registration documents.
        parameters: Settings of the exporter.

    Raises:
        OutputError: Metadata that RDE cannot take, guides that contradict each other, a folder that cannot be written.
        InputError: An input file that is gone or has changed.
    """
    data = target / "data"
    data.mkdir()
    definition = definition_for(outcomes, context)
    write_tiles(outcomes, data, definition, context, parameters)
    documents = [_invoice(outcome, context) for outcome in outcomes]
    for place, document in zip(tile_places(len(outcomes)), documents, strict=True):
        if document is not None:
            write_text(data / place / "invoice" / "invoice.json", document.text)
    support = data / "tasksupport"
    write_json(support / "metadata-def.json", definitions.to_json(definition))
    write_json(support / "invoice.schema.json", schema_for(outcomes, context))
    guides = {outcome.entry.guide for outcome in outcomes}
    if len(guides) == 1 and None not in guides:
        # So that a job made from this template follows the guide without being told.
        write_text(support / FILE_NAME, f'[run]\nguide = "{guides.pop()}"\n')


def write_tiles(
    outcomes: Sequence[Outcome], data: Path, definition: Definition, context: ExportContext, parameters: Parameters
) -> tuple[Metadata, ...]:
    """Write the tiles of ``outcomes`` below ``data`` and return their metadata, in order.

    Raises:
        OutputError: As :func:`write_tree`.
        InputError: As :func:`write_tree`.
    """
    found = []
    for place, outcome in zip(tile_places(len(outcomes)), outcomes, strict=True):
        name = outcome.entry.name
        figures = [figure for figure in context.figures if figure.entry == name]
        inputs = dict(context.inputs.get(name, {}))
        found.append(write_tile(outcome, data / place, definition, figures, inputs, parameters))
    return tuple(found)


def definition_for(outcomes: Sequence[Outcome], context: ExportContext) -> Definition:
    """Return the definition derived from the outcomes' guides, the analyses that ran, and what calibrations state.

    Raises:
        OutputError: Two guides define one key differently.
    """
    ran = {result.analysis for outcome in outcomes for result in outcome.results if result.status != "skipped"}
    analyses = [analysis for analysis in context.analyses if analysis.name in ran]
    used = dict.fromkeys(
        term
        for outcome in outcomes
        if outcome.entry.guide is None
        for facts in outcome.entry.facts.values()
        for term in facts
    )
    calibrated = dict.fromkeys(
        term
        for outcome in outcomes
        for facts in outcome.entry.facts.values()
        for term, quantity in facts.terms().items()
        if quantity.origin.kind == "calibration"
    )
    return derive(guides_of(outcomes, context), analyses, context.vocabulary, used, calibrated)


def guides_of(outcomes: Sequence[Outcome], context: ExportContext) -> list[GuideData | None]:
    """Return the guides of the outcomes, each once, in order; None when one has none.

    Raises:
        OutputError: An outcome names a guide that the context does not hold.
    """
    names = dict.fromkeys(outcome.entry.guide for outcome in outcomes)
    return [None if name is None else _guide(name, context) for name in names]


def schema_for(outcomes: Sequence[Outcome], context: ExportContext) -> dict[str, Any]:
    """Return the form derived from the outcomes' guides; it asks for the sample unless an invoice given knows none.

    Raises:
        OutputError: Two guides define one item differently.
    """
    known = [guide for guide in guides_of(outcomes, context) if guide is not None]
    documents = [_invoice(outcome, context) for outcome in outcomes]
    given = [document.content for document in documents if document is not None]
    custom, sample = (all(section in content for content in given) for section in ("custom", "sample"))
    return invoice_schema(known, custom=custom and bool(given), sample=sample and bool(known or given))


def _guide(name: str, context: ExportContext) -> GuideData:
    if name not in context.guides:
        raise OutputError(message("guide-unknown", guide=name))
    return context.guides[name]


def _invoice(outcome: Outcome, context: ExportContext) -> Document | None:
    registration = context.registrations.get(outcome.entry.name, outcome.entry.registration)
    if registration is None or registration.document is None:
        return None
    return parse_document(registration.document, registration.source or "invoice.json")
