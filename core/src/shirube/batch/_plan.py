"""What travels between a batch and its workers: the plan of all items, the job of one, and the report on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.intake import Group
from shirube.messages import Language, Text
from shirube.records import Source
from shirube.settings import Settings

#: ``split``: the item is work for several; ``part``: some of its spectra are analysed; ``unfit``: the worker has other
#: plugins than whoever sent the job.
ReportState: TypeAlias = Literal["done", "failed", "split", "part", "unfit"]

__all__ = ["Failure", "Job", "Plan", "Report", "ReportState"]


@frozen(eq=False, kw_only=True)
class Plan:
    """What all items of a batch have in common.

    Attributes:
        key: The same for the same settings and plugins: what a worker keeps its plugins under.
        settings: Effective settings; they say which plugins may be loaded.
        plugins: The fingerprint of the plugins, a line each (see :func:`shirube.batch.fingerprint`).
        today: The date to judge on.
        lang: Language of figures.
        work: Folder in which workers write, on the file system of the output.
        guide: Name of the guide, None to select by match.
        reader: Name of the reader, None to select by claim.
        figures: Whether figures are drawn.
        seconds: What an item may take, s; None: no limit.
    """

    key: str
    settings: Settings
    plugins: tuple[str, ...] = field(converter=as_tuple)
    today: date
    lang: Language
    work: Path
    guide: str | None = None
    reader: str | None = None
    figures: bool = True
    seconds: float | None = None


@frozen(eq=False, kw_only=True)
class Job:
    """One item to be worked on, or a part of one.

    Attributes:
        plan: What it has in common with others.
        group: Its paths.
        folder: Name of the folder that it will be.
        parts: Into how many parts it was split; 0 as long as nobody has looked at it.
        part: Which part is to be done; None: everything, or what is left when all parts are done.
        kept: Folder of the results of parts.
    """

    plan: Plan
    group: Group
    folder: str
    parts: int = 0
    part: int | None = None
    kept: Path | None = None

    @property
    def mark(self) -> str:
        """A name that no other job has at the same time."""
        return self.folder if self.part is None else f"{self.folder}.{self.part}"


@frozen(kw_only=True)
class Failure:
    """Why nothing came of an item: one sentence, the file and line it is about, the plugin to blame."""

    message: Text
    path: str | None = None
    line: int | None = None
    plugin: str | None = None

    def text(self) -> Text:
        """Return the sentence, after file and line where it is not said already."""
        return self.message


@frozen(eq=False, kw_only=True)
class Report:
    """What a worker answers.

    Attributes:
        state: What became of the item.
        site: Name of the run folder that was written, in the folder of work; None when none was.
        sources: Every file of the item with its hash.
        spectra: How many spectra were analysed, or read where nothing was.
        statuses: How many results there are of each status.
        not_analysed: How many of the spectra every analysis skipped.
        flagged: Whether findings reach the level at which a run fails.
        seconds: What the item took, s.
        failure: Why nothing came of it.
        plugins: The fingerprint of the worker's plugins where it is another.
        parts: Into how many parts the item is to be split.
        exhausted: Whether the memory was not enough; what has taken it may still be there.
        synced: Whether the run folder is on the disk.
    """

    state: ReportState
    site: str | None = None
    sources: tuple[Source, ...] = field(default=(), converter=as_tuple)
    spectra: int = 0
    statuses: FrozenMapping[str, int] = field(factory=FrozenMapping, converter=as_frozen)
    not_analysed: int = 0
    flagged: bool = False
    seconds: float = 0.0
    failure: Failure | None = None
    plugins: tuple[str, ...] = field(default=(), converter=as_tuple)
    parts: int = 0
    exhausted: bool = False
    synced: bool = True
