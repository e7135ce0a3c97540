"""The report of a batch: every item in one table, failures with reasons, trends and maps, then each item folded in.

Items are read and drawn one after another, and what is drawn waits on the disk: however many there are, one is in
memory.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import IO, Final
from urllib.parse import quote

from attrs import define, field, frozen

from shirube.batch import ITEMS, ItemState, Manifest
from shirube.errors import InputError
from shirube.htmlreport._entries import shown_entry, shown_provenance
from shirube.htmlreport._measured import Conditions, common_conditions, condition_table, shared_conditions
from shirube.htmlreport._overview import STATUSES, OverviewRow, found_cells, present_statuses, result_heads
from shirube.htmlreport._pages import folded, render
from shirube.htmlreport._results import Image, embedded
from shirube.htmlreport._tables import Cell
from shirube.htmlreport._words import Words
from shirube.messages import Text
from shirube.records import Outcome, Provenance
from shirube.runs import read_run_with_figures

#: Items of which more than a row is shown.
SHOWN: Final = 1000
#: Up to so many items are elements of the page from the start; of more, each becomes elements when it is unfolded.
_UNPACKED: Final = 100
#: Folders of a batch that hold what was made of all items.
_FIGURES, _TABLES = "figures", "tables"
#: Bytes of all embedded images together.
_IMAGES: Final = 12_000_000
#: Where the items go in the page.
_HERE: Final = "<!-- items -->"

__all__ = ["BatchPage", "write_batch_page"]


@frozen
class _Failed:
    item: str
    reason: str
    where: str
    plugin: str


@frozen
class BatchPage:
    """What was written: how many items there are, and of how many the details are left out."""

    items: int
    left_out: int


@define
class _Gathered:
    """What the page says before and after its items."""

    many: bool
    rows: list[OverviewRow] = field(factory=list)
    failures: list[_Failed] = field(factory=list)
    shown: int = 0
    left_out: int = 0
    conditions: Conditions | None = None
    provenance: Provenance | None = None
    differs: bool = False


def write_batch_page(
    folder: Path, target: Path, manifest: Manifest, words: Words, abouts: Mapping[str, Text], out: IO[bytes]
) -> BatchPage:
    """Write the page of a batch to ``out``.

    Args:
        folder: The batch folder.
        target: Where the page will lie: links to run folders are relative to it.
        manifest: What became of each item.
        words: The language.
        abouts: What analyses do, by name.
        out: Takes the bytes of the page.

    Raises:
        MissingPluginError: The extra ``shirube[report]`` is not installed.
    """
    gathered = _Gathered(many=len(manifest.items) > _UNPACKED)
    with tempfile.TemporaryFile() as waiting:
        for number, state in enumerate(manifest.items.values(), start=1):
            page = _item(folder, target, state, f"i{number}", words, abouts, gathered)
            waiting.write(page.encode("utf-8"))
        before, after = _frame(folder, target, manifest, words, gathered).split(_HERE)
        out.write(before.encode("utf-8"))
        waiting.seek(0)
        while chunk := waiting.read(1 << 20):
            out.write(chunk)
        out.write(after.encode("utf-8"))
    return BatchPage(len(gathered.rows), gathered.left_out)


def _frame(folder: Path, target: Path, manifest: Manifest, words: Words, gathered: _Gathered) -> str:
    images, images_left_out = _images(folder / _FIGURES, words)
    provenance = gathered.provenance
    counted = [f"{name}: {sum(row.status == key for row in gathered.rows)}" for key, name in _statuses(gathered)]
    return render(
        "batch.html.j2",
        words,
        name=folder.resolve().name,
        tally=words.listed(counted),
        ended=manifest.ended,
        packed=gathered.many,
        shown=gathered.shown,
        left_out=gathered.left_out,
        heads=_heads(words),
        numeric=[*result_heads(words), words("head-spectra"), words("head-seconds")],
        overview=gathered.rows,
        statuses=_statuses(gathered),
        failures=gathered.failures,
        images=images,
        images_left_out=images_left_out,
        tables=[(path.name, _link(path, target)) for path in _files(folder / _TABLES)],
        conditions=condition_table(gathered.conditions or {}, words),
        provenance=None if provenance is None else shown_provenance(provenance, words),
        provenance_differs=gathered.differs,
    )


def _heads(words: Words) -> list[str]:
    own = (words("head-name"), words("head-status"), words("head-spectra"))
    return [*own, *result_heads(words), words("head-seconds"), words("head-folder")]


def _statuses(gathered: _Gathered) -> list[tuple[str, str]]:
    return sorted(present_statuses(gathered.rows))


def _item(
    folder: Path,
    target: Path,
    state: ItemState,
    anchor: str,
    words: Words,
    abouts: Mapping[str, Text],
    gathered: _Gathered,
) -> str:
    """Return the details of an item, and keep what the page says of it elsewhere."""
    place = folder / ITEMS / state.folder
    if state.state != "done":
        gathered.rows.append(_row(state, state.state, (), words))
        if state.failure is not None:
            failure = state.failure
            # The item is named already, and no path of a machine belongs on a page that is sent.
            where = PurePath(failure.path or "").name
            at = where if failure.line is None else f"{where}:{failure.line}"
            reason = words.text(failure.message).replace(failure.path or where, where)
            gathered.failures.append(_Failed(state.item, reason, at, failure.plugin or ""))
        return ""
    try:
        read = read_run_with_figures(place)
    except InputError as error:
        gathered.failures.append(_Failed(state.item, words.text(error.message), f"{ITEMS}/{state.folder}", ""))
        gathered.rows.append(_row(state, "unreadable", (), words))
        return ""
    outcomes = [outcome for outcome, _ in read]
    shows = gathered.shown < SHOWN
    row = _row(state, _worst(state), outcomes, words, anchor if shows else "", _link(place, target))
    gathered.rows.append(row)
    _keep(outcomes, gathered)
    if not shows:
        gathered.left_out += 1
        return ""
    gathered.shown += 1
    entries = [shown_entry(outcome, stored, abouts, words, brief=True) for outcome, stored in read]
    return folded(render("item.html.j2", words, row=row, entries=entries), row, words, packed=gathered.many)


def _keep(outcomes: Sequence[Outcome], gathered: _Gathered) -> None:
    for outcome in outcomes:
        here = common_conditions(outcome.entry)
        kept = gathered.conditions
        gathered.conditions = here if kept is None else shared_conditions(kept, here)
        # Which files went in is each item's own.
        made = outcome.provenance
        if gathered.provenance is None:
            gathered.provenance = made
        first = gathered.provenance
        gathered.differs |= (made.core, made.plugins, made.settings, made.judged_on) != (
            first.core,
            first.plugins,
            first.settings,
            first.judged_on,
        )


def _row(
    state: ItemState, status: str, outcomes: Sequence[Outcome], words: Words, anchor: str = "", link: str = ""
) -> OverviewRow:
    results = [result for outcome in outcomes for result in outcome.results]
    spectra = Cell(str(state.spectra), float(state.spectra)) if state.state == "done" else Cell("")
    seconds = Cell(words.number(round(state.seconds, 1)), state.seconds) if state.attempts else Cell("")
    return OverviewRow(
        name=state.item,
        status=status,
        word=words(f"status-{status}"),
        cells=[spectra, *found_cells(results, words), seconds],
        anchor=anchor,
        link=link,
    )


def _worst(state: ItemState) -> str:
    return next((one for one in STATUSES if state.statuses.get(one)), "none")


def _link(path: Path, target: Path) -> str:
    """Return a link from the page to a file or folder beside it; none where no relative path leads there."""
    try:
        relative = os.path.relpath(path.resolve(), target.resolve().parent)
    except ValueError:
        # Another drive.
        return ""
    return quote(Path(relative).as_posix()) + ("/" if path.is_dir() else "")


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _images(folder: Path, words: Words) -> tuple[list[Image], int]:
    """Return the figures of the batch, a vector one before another of its name, and how many are too large."""
    chosen: dict[str, Path] = {}
    for path in _files(folder):
        if path.suffix in (".svg", ".png"):
            chosen[path.stem] = path if path.suffix == ".svg" else chosen.get(path.stem, path)
    images, size = [], 0
    for stem, path in chosen.items():
        image = embedded(path, _caption(stem, words))
        if image is not None and size + len(image.uri) <= _IMAGES:
            images.append(image)
            size += len(image.uri)
    return images, len(chosen) - len(images)


def _caption(stem: str, words: Words) -> str:
    """Return what a figure of gathered results shows, by the name that gathering gives it."""
    what, _, kind = stem.rpartition("_")
    if what and kind in ("map", "trend"):
        return words(f"figure-{kind}", what=what.replace("_", " "))
    return stem.replace("_", " ")
