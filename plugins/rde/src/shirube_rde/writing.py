"""Writing the tiles of a job: built aside, and swapped in together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import evolve, frozen

from shirube.records import Outcome
from shirube.trees import write_text
from shirube_rde.anonymising import anonymised
from shirube_rde.anonymousgiven import hidden_in, naming_keys, with_clean_metadata, without_names
from shirube_rde.datanames import named
from shirube_rde.definition import merge
from shirube_rde.documents import Document
from shirube_rde.hiding import Hidden
from shirube_rde.items import Definition
from shirube_rde.layout import Job
from shirube_rde.making import Made, Maker
from shirube_rde.metadata import Metadata, undefined_keys
from shirube_rde.originals import keep_original, refilled
from shirube_rde.parameters import Parameters, exporter_parameters
from shirube_rde.swapping import replacing_outputs
from shirube_rde.tiles import copy_raw, keep_given, write_tile
from shirube_rde.tree import definition_for

__all__ = ["TileReport", "definitions_of", "shown", "write_job"]


@frozen(eq=False)
class TileReport:
    """What a tile came to.

    Attributes:
        place: Below ``data``; ``""`` for ``data`` itself.
        outcome: What came of its files; None for one that an archive held finished.
        metadata: What is in ``metadata.json``; its ``missing`` keys are defined and have no value.
        undefined: Keys that have a value and no definition, so that they were not written.
        figures: How many figures were written.
    """

    place: str
    outcome: Outcome | None
    metadata: Metadata
    undefined: tuple[str, ...]
    figures: int


def write_job(job: Job, original: Path, made: Sequence[Made], maker: Maker) -> tuple[TileReport, ...]:
    """Write all tiles of a job in the place of what an earlier run left.

    Args:
        job: The job.
        original: Where the invoice lies that RDE handed to it.
        made: The tiles.
        maker: What made them.

    Raises:
        MetadataError: Metadata that RDE cannot take.
        InvoiceError: A data name whose variables cannot be filled.
        OutputError: A folder that cannot be written.
        InputError: An input file that is gone or has changed.
    """
    hidden = hidden_in(made, exporter_parameters(maker.settings))
    made = shown(made, maker)
    derived, definition = definitions_of(made, maker)
    with replacing_outputs(job.data) as folder:
        reports = []
        for one in made:
            report = _write(one, folder / one.tile.place, derived, definition, maker, hidden)
            reports.append(report)
            invoice = _named(one, report.metadata, maker, hidden)
            if one.tile.place:
                write_text(folder / one.tile.place / "invoice" / "invoice.json", invoice.text)
            elif invoice.text != _text(original):
                keep_original(job, original, invoice.text)
                refilled(job, invoice.text, folder / "invoice")
    return tuple(reports)


def definitions_of(made: Sequence[Made], maker: Maker) -> tuple[Definition, Definition]:
    """Return the metadata items derived from guides and analyses, and those that are written: the job's own come first.

    Raises:
        OutputError: Two guides define one key differently.
    """
    outcomes = [one.outcome for one in made if one.outcome is not None]
    derived = definition_for(outcomes, maker.context([]))
    own = maker.template.definition
    return derived, derived if own is None else merge(own, derived)


def shown(made: Sequence[Made], maker: Maker) -> list[Made]:
    """Return tiles as they may be shown: without names where the dataset is anonymised.

    Raises:
        OutputError: Two guides define one key differently.
    """
    parameters = exporter_parameters(maker.settings)
    if not parameters.anonymised:
        return list(made)
    hidden, naming = hidden_in(made, parameters), naming_keys(parameters, definitions_of(made, maker)[1])
    tiles = (evolve(one, tile=without_names(one.tile, naming, hidden)) for one in made)
    return [_shown(one, parameters) for one in tiles]


def _shown(one: Made, parameters: Parameters) -> Made:
    if one.outcome is None:
        return one
    outcome = anonymised(one.outcome, parameters)
    return evolve(one, outcome=outcome, item=evolve(one.item, name=outcome.entry.name))


def _write(
    one: Made, folder: Path, derived: Definition, definition: Definition, maker: Maker, hidden: Hidden
) -> TileReport:
    parameters = exporter_parameters(maker.settings)
    if one.outcome is None:
        folder.mkdir(parents=True, exist_ok=True)
        copy_raw(one.tile.files, folder, parameters)
        keep_given(one.tile.given, folder)
        if parameters.anonymised:
            with_clean_metadata(one.tile, folder, naming_keys(parameters, definition), hidden)
        return TileReport(one.tile.place, None, Metadata(), (), 0)
    context = maker.context([one.item], [one.outcome])
    inputs = context.inputs[one.item.name]
    metadata = write_tile(one.outcome, folder, definition, context.figures, inputs, parameters, one.tile.stated)
    keep_given(one.tile.given, folder)
    undefined = undefined_keys(one.outcome, definition, derived)
    return TileReport(one.tile.place, one.outcome, metadata, undefined, len(context.figures))


def _named(one: Made, metadata: Metadata, maker: Maker, hidden: Hidden) -> Document:
    if not maker.template.config.magic_variable or not one.item.data:
        return one.tile.invoice
    return named(one.tile.invoice, one.item.data[0].name, metadata, hidden)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")
