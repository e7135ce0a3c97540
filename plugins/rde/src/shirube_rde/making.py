"""Making tiles: from a tile's files and invoice to its outcome, with the problems of all tiles found in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import PurePosixPath

from attrs import evolve, field, frozen

from shirube.errors import InputError
from shirube.exporting import ExportContext, RenderedFigure
from shirube.intake import item_of
from shirube.messages import Language
from shirube.pipeline import export_context, process, read_file
from shirube.plugins import Plugins
from shirube.progress import NoProgress, Progress
from shirube.records import Item, Outcome, Registration
from shirube.rendering import render_figures
from shirube.settings import Settings
from shirube_rde.brought import INVOICE, Template, checked_registration
from shirube_rde.defaults import with_defaults
from shirube_rde.documents import Document, parse_document
from shirube_rde.failure import InvoiceError, as_one, attempt
from shirube_rde.modes import TilePlan, placed
from shirube_rde.parameters import exporter_parameters, vector_format
from shirube_rde.texts import message
from shirube_rde.tree import schema_for

__all__ = ["LeftOut", "Made", "Maker"]


@frozen(eq=False)
class Made:
    """A tile with what came of its files; no outcome where an archive holds a finished tile without raw data."""

    tile: TilePlan
    item: Item
    outcome: Outcome | None


@frozen(eq=False)
class LeftOut:
    """A tile that failed."""

    tile: TilePlan
    error: Exception


@frozen(eq=False, kw_only=True)
class Maker:
    """Makes the tiles of one job.

    Attributes:
        plugins: Who does the work.
        settings: Effective settings.
        template: What the dataset template brings.
        today: The date on which rules judge.
        lang: Language of figures.
        guide: Name of the guide; None for the settings', or the one that matches.
        progress: Told how far the work is.
    """

    plugins: Plugins
    settings: Settings
    template: Template
    today: date
    lang: Language
    guide: str | None = None
    progress: Progress = field(factory=NoProgress)

    def make(self, tiles: Sequence[TilePlan], *, ignore_errors: bool = False) -> tuple[list[Made], list[LeftOut]]:
        """Return the tiles made, and those that failed and are left out.

        Once a tile has failed the job is lost; the files of the others are still read, so that all that is wrong with
        them is said, but they are not analysed any more.

        Raises:
            Exception: What a tile raised, or one error of all; with ``ignore_errors`` only when no tile is left.
        """
        failed: list[LeftOut] = []
        made: list[Made] = []
        items = self._items(tiles, failed)
        for number, (tile, item) in enumerate(items):
            problems: list[Exception] = []
            step = _Step(self.progress, number, len(tiles))
            lost = bool(failed) and not ignore_errors
            outcome = attempt(problems, partial(self._read, item) if lost else partial(self.outcome, item, step))
            failed.extend(LeftOut(tile, error) for error in problems)
            if not problems:
                made.append(Made(tile, item, outcome))
        if failed and not (ignore_errors and made):
            errors = [_placed(one) if len(tiles) > 1 else one.error for one in failed]
            raise as_one([*errors, *_unread(items, errors)])
        return made, failed

    def item(self, tile: TilePlan) -> Item:
        """Return the item that a tile's files and invoice make.

        Raises:
            InputError: The invoice is not as it should be, or no file can be read: everything that is wrong.
        """
        problems: list[Exception] = []
        registration = attempt(problems, lambda: checked_registration(tile.invoice, self.template.schema), InvoiceError)
        item = attempt(problems, lambda: self._of_files(tile))
        if item is not None and problems:
            attempt(problems, lambda: self._read(item))
            problems.extend(_unread([(tile, item)], problems))
        if item is None or registration is None or problems:
            raise as_one(problems)
        return evolve(item, registration=with_defaults(registration, self.template.defaults))

    def outcome(self, item: Item, progress: Progress) -> Outcome | None:
        """Return what comes of an item; None for one without data.

        Raises:
            Exception: Whatever is wrong with the files, or with the invoice as the guide's form wants it.
        """
        if not item.data:
            return None
        outcome = process(item, self.plugins, self.settings, today=self.today, progress=progress)
        if self.template.schema is None and outcome.entry.guide is not None and item.registration is not None:
            # Without a form of the job's own, the guide's manual items are what its invoice must satisfy.
            form = Document(schema_for([outcome], self.context([item])), "")
            checked_registration(_document(item.registration), form)
        return outcome

    def context(self, items: Sequence[Item], outcomes: Sequence[Outcome] = ()) -> ExportContext:
        """Return what writing needs beside the outcomes: of those that are given, the figures too."""
        figures = self._figures(outcomes) if outcomes else ()
        return export_context(self.plugins, self.settings, figures=figures, items=items, lang=self.lang)

    def _figures(self, outcomes: Sequence[Outcome]) -> tuple[RenderedFigure, ...]:
        parameters = exporter_parameters(self.settings)
        most, vector = parameters.most_figures, vector_format(parameters)
        return render_figures(outcomes, self.plugins, self.lang, most=most, vector=vector)

    def _items(self, tiles: Sequence[TilePlan], failed: list[LeftOut]) -> list[tuple[TilePlan, Item]]:
        found: list[tuple[TilePlan, Item]] = []
        names: dict[str, int] = {}
        for tile in tiles:
            problems: list[Exception] = []
            item = attempt(problems, partial(self.item, tile))
            failed.extend(LeftOut(tile, error) for error in problems)
            if item is not None:
                names[item.name] = names.get(item.name, 0) + 1
                number = names[item.name]
                found.append((tile, item if number == 1 else evolve(item, name=f"{item.name} ({number})")))
        return found

    def _of_files(self, tile: TilePlan) -> Item:
        item = item_of("data", tile.files, self.plugins, reader=self.settings.run.reader)
        if not item.data and not _is_finished(tile):
            names = ", ".join(file.name for file in tile.files) or "-"
            raise InputError(message("job-without-data-files", files=names, readers=", ".join(self.plugins.readers)))
        _refuse_same_names(tile)
        name = PurePosixPath(item.data[0].name).stem if item.data else tile.where.en
        unclaimed = (*item.unclaimed, *tile.unread)
        return evolve(item, name=name, unclaimed=unclaimed, guide=self.guide, reader=self.settings.run.reader)

    def _read(self, item: Item) -> None:
        """Read the files of an item for the problems that they have.

        Raises:
            Exception: What is wrong with them, all of it.
        """
        problems: list[Exception] = []
        for file in item.data:
            sidecar = item.sidecars.get(file.name)
            reading = partial(read_file, file, self.plugins, self.settings, sidecar=sidecar, reader=item.reader)
            attempt(problems, reading)
        if problems:
            raise as_one(problems)


def _unread(items: Sequence[tuple[TilePlan, Item]], errors: Sequence[Exception]) -> Iterator[InputError]:
    """Yield an error on the files that no reader takes, where files failed: they may be data that are damaged too."""
    names = [one.name for tile, item in items for one in item.unclaimed if one not in tile.unread]
    if names and not all(isinstance(one, InvoiceError) for one in errors):
        yield InputError(message("job-unread", files=", ".join(names)))


class _Step:
    """Progress of one tile as a part of the whole."""

    def __init__(self, progress: Progress, number: int, count: int) -> None:
        self._progress, self._number, self._count = progress, number, count

    def update(self, done: float, label: str = "") -> None:
        self._progress.update((self._number + done) / self._count, label)


def _is_finished(tile: TilePlan) -> bool:
    return ("meta", "metadata.json") in tile.given


def _refuse_same_names(tile: TilePlan) -> None:
    called: dict[str, list[str]] = {}
    for one in (*tile.files, *tile.unread):
        called.setdefault(one.name.casefold(), []).append(one.name)
    same = [names for names in called.values() if len(names) > 1]
    if same:
        raise InputError(message("job-names-by-case", files="; ".join(", ".join(names) for names in same)))


def _document(registration: Registration) -> Document:
    return parse_document(registration.document or "{}", INVOICE)


def _placed(failed: LeftOut) -> Exception:
    """Return the error of one of several tiles; the invoice's says which tile it means, as files have names anyway."""
    error = failed.error
    if not isinstance(error, InvoiceError):
        return error
    return InvoiceError(placed(failed.tile.where, error.text()))
