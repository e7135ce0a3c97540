"""What the rules look at: a job tree whose documents have been read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from attrs import frozen

from shirube.errors import InputError
from shirube.messages import Renderable, Text
from shirube.records import Severity
from shirube.rules import Judgement, Rule, RuleContext, failed, passed
from shirube_rde.definition import from_document
from shirube_rde.documents import Document, read_document
from shirube_rde.items import Item
from shirube_rde.layout import Job, Tile, is_file, is_folder
from shirube_rde.parameters import Parameters
from shirube_rde.texts import message

#: A document, why it cannot be read, or None where there is none.
Read: TypeAlias = Document | InputError | None
Check: TypeAlias = "Callable[[Inspected], Iterable[Judgement] | None]"

__all__ = ["Inspected", "InspectedTile", "Read", "content_of", "fault", "inspect_job", "rule", "shown"]


@frozen(eq=False)
class InspectedTile:
    """A tile with its documents."""

    tile: Tile
    metadata: Read
    invoice: Read


@frozen(eq=False)
class Inspected:
    """A job with its documents."""

    job: Job
    definition: Read
    schema: Read
    tiles: tuple[InspectedTile, ...]
    parameters: Parameters

    def name(self, path: Path) -> str:
        """Return a path as findings show it: below ``data``."""
        return f"data/{path.relative_to(self.job.data).as_posix()}"

    def files(self, roles: Iterable[str]) -> Iterator[Path]:
        """Yield the files of all tiles in the folders ``roles``."""
        for one in self.tiles:
            for role in roles:
                yield from (one.tile.folder / role / name for name in one.tile.names(role))

    def items(self) -> dict[str, Item]:
        """Return the defined items; none without a sound definition."""
        if not isinstance(self.definition, Document):
            return {}
        return from_document(self.definition, self.name(self.job.definition))

    def metadata(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the readable metadata with the name of their file."""
        for one in self.tiles:
            if isinstance(one.metadata, Document):
                yield self.name(one.tile.metadata_path), one.metadata.content

    def invoices(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the readable invoices with the name of their file."""
        for one in self.tiles:
            if isinstance(one.invoice, Document):
                yield self.name(one.tile.invoice), one.invoice.content


def inspect_job(job: Job, parameters: Parameters) -> Inspected:
    """Return the job with every document read, or with the reason why it cannot be."""
    root = job.data
    return Inspected(
        job=job,
        definition=_read(job.definition, root),
        schema=_read(job.schema, root),
        tiles=tuple(InspectedTile(one, _read(one.metadata_path, root), _read(one.invoice, root)) for one in job.tiles),
        parameters=parameters,
    )


def shown(tile: Tile) -> str:
    """Return a tile as findings show it: below ``data``."""
    return f"data/{tile.place}".rstrip("/")


def rule(rule_id: str, severity: Severity, check: Check, requires: tuple[str, ...] = ()) -> Rule:
    """Return the rule of ``check``: it passes when nothing is wrong, and does not apply when ``check`` returns None."""

    def judge(subject: Inspected, _: RuleContext) -> Iterable[Judgement]:
        faults = check(subject)
        return [] if faults is None else (list(faults) or [passed()])

    return Rule(
        id=rule_id,
        subject="tree",
        severity=severity,
        message=message(rule_id).text(),
        remedy=message(f"{rule_id}-remedy").text(),
        judge=judge,
        requires=requires,
    )


def fault(path: str, text: Renderable | None = None, *, note: bool = False, **params: object) -> Judgement:
    """Return a failure at one file; ``text`` replaces the rule's message, ``params`` fill it."""
    said = None if text is None else Text(en=text.render("en"), ja=text.render("ja"))
    return failed(said, note=note, path=path, **params)


def content_of(read: Read) -> Mapping[str, Any] | None:
    """Return what a document says, None when there is none or it cannot be read."""
    return read.content if isinstance(read, Document) else None


def _read(path: Path, root: Path) -> Read:
    if not is_folder(path.parent) or not is_file(path):
        return None
    try:
        return read_document(path, f"data/{path.relative_to(root).as_posix()}")
    except InputError as error:
        return error
