"""Gathering: the results of many run folders as tables and figures, read once and never all in memory."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from attrs import frozen

from shirube._extras import require
from shirube._hdf5 import hdf5_file
from shirube.errors import MissingPluginError, OutputError
from shirube.messages import Language, Message, Text
from shirube.progress import NoProgress, Progress
from shirube.series._drawing import drawn
from shirube.series._hdf5 import Hdf5File
from shirube.series._ordering import Series
from shirube.series._phrases import message
from shirube.series._piling import Pile
from shirube.series._points import Absent
from shirube.series._signing import held, sign, strangers
from shirube.series._writing import HDF5, write_tables
from shirube.text import printable
from shirube.trees import building, write_bytes

#: Folders that are written below the target.
TABLES: Final = "tables"
FIGURES: Final = "figures"
_SPOOL: Final = ".points"
#: So many names of files that a gathering must not touch are told.
_NAMED: Final = 5

__all__ = ["FIGURES", "TABLES", "Gathered", "check_gather_target", "gather"]


@frozen
class Gathered:
    """What was written.

    Attributes:
        files: Paths relative to the target, ``/`` between folders.
        spectra: How many spectra there are.
        results: How many of them have a result.
        missing: Items of which nothing could be read, with the reason.
        notes: What is not in the tables or figures, and why.
    """

    files: tuple[str, ...]
    spectra: int
    results: int
    missing: tuple[tuple[str, Text], ...] = ()
    notes: tuple[Text, ...] = ()

    def told(self, target: Path) -> Message:
        """Return one sentence that says what was written to ``target``."""
        kinds = [name.partition("/")[0] for name in self.files]
        counts = {kind: kinds.count(kind) for kind in (TABLES, FIGURES)}
        return message("written", spectra=self.spectra, results=self.results, target=target, **counts)


def gather(  # noqa: PLR0913 each says one thing of its own
    runs: Iterable[Path],
    target: Path,
    *,
    lang: Language = "en",
    along: str | None = None,
    ranks: int = 1,
    figures: bool = True,
    absent: Iterable[Absent] = (),
    overwrite: bool = False,
    left: Path | None = None,
    progress: Progress | None = None,
) -> Gathered:
    """Write the results of run folders to ``target/tables`` and ``target/figures``; what is beside them stays.

    The runs are read one by one. In memory stays what is followed along series, about 2 kB a spectrum, and the HDF5
    file.

    Args:
        runs: Run folders, in the order in which spectra without coordinates are a series.
        target: Where the two folders go; may hold other things.
        lang: Language of figures and reasons; headers are the same in any.
        along: Name of an axis or term of a fact to order series by and draw them against.
        ranks: So many models of each result go into the tables of components, from the best.
        figures: Whether trends and maps are drawn.
        absent: Items that left no run folder.
        overwrite: Replace the two folders if they are there, and hold nothing else than what a gathering wrote.
        left: Folder of what was left of the runs (``leave_points``), which need then not be read themselves.
        progress: Told how far it is.

    Raises:
        UsageError: There is no run at all.
        InputError: Not one run can be read; why, for each.
        OutputError: The target cannot be written, or holds what may not be replaced.
    """
    check_gather_target(target, overwrite=overwrite)
    telling = progress or NoProgress()
    pile = Pile(lang, along, ranks, left)
    notes: list[Text] = []
    with ExitStack() as stack:
        folder = stack.enter_context(building(target / TABLES, replace=overwrite))
        spool = folder / _SPOOL
        pile.read(list(runs), list(absent), spool, telling)
        series = tuple(pile.finder.series())
        notes += pile.notes()
        names = _write_tables(folder, pile, series, spool, notes)
        files = [f"{TABLES}/{name}" for name in names]
        spool.unlink()
        sign(folder, names)
        pictures = _pictures(series, lang, notes) if figures else {}
        if pictures or (target / FIGURES).is_dir():
            # Figures of an earlier gathering do not stay beside tables that they are not of.
            place = stack.enter_context(building(target / FIGURES, replace=overwrite))
            for name, png in pictures.items():
                write_bytes(place / name, png)
                files.append(f"{FIGURES}/{name}")
            if pictures:
                sign(place, pictures)
        # Somebody may have put something there meanwhile.
        check_gather_target(target, overwrite=overwrite)
    return Gathered(tuple(files), pile.spectra, pile.results, tuple(pile.missing), tuple(notes))


def check_gather_target(target: Path, *, overwrite: bool = False) -> None:
    """Refuse a target whose folders hold something, before any work is done.

    Raises:
        OutputError: They hold what a gathering wrote (and ``overwrite`` is not set), or anything else; at most five
            names are told.
    """
    for folder in (target / TABLES, target / FIGURES):
        strange = strangers(folder)
        if strange:
            told = (*strange[:_NAMED], *(f"… ({len(strange)})",) * (len(strange) > _NAMED))
            raise OutputError(message("holds-strangers", names=", ".join(map(printable, told))), path=folder)
        if held(folder) and not overwrite:
            raise OutputError(message("holds-tables"), path=folder)


def _write_tables(
    folder: Path, pile: Pile, series: tuple[Series, ...], spool: Path, notes: list[Text]
) -> tuple[str, ...]:
    """Write the tables, into one typed file too where that can be written, and return the names of the files."""
    try:
        require("h5py", "nexus")
    except MissingPluginError as error:
        notes.append(message("no-hdf5", file=HDF5, reason=error.message).text())
        return write_tables(folder, pile, series, spool, None)
    with hdf5_file(folder / HDF5) as file:
        return (*write_tables(folder, pile, series, spool, Hdf5File(file)), HDF5)


def _pictures(series: tuple[Series, ...], lang: Language, notes: list[Text]) -> dict[str, bytes]:
    """Return the figures by name; where none can be drawn, a note says so."""
    try:
        pictures, left_out = drawn(series, lang)
    except MissingPluginError as error:
        notes.append(message("no-figures", reason=error.message).text())
        return {}
    if left_out:
        notes.append(message("figures-left-out", count=left_out).text())
    return pictures
