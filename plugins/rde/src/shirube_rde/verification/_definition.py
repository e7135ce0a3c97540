"""Rules on ``tasksupport``: the metadata definition and the schema of the invoice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shirube.errors import InputError
from shirube.rules import Judgement, Rule
from shirube_rde.documents import Document
from shirube_rde.schema import schema_problems
from shirube_rde.verification._inspected import Inspected, Read, fault, rule

__all__ = ["DEFINITION_RULES"]


def _definition_there(tree: Inspected) -> Iterator[Judgement]:
    yield from _unreadable(tree.definition, tree.name(tree.job.definition))


def _definition_sound(tree: Inspected) -> Iterator[Judgement]:
    try:
        tree.items()
    except InputError as error:
        yield fault(tree.name(tree.job.definition), error.message)


def _schema_there(tree: Inspected) -> Iterator[Judgement]:
    yield from _unreadable(tree.schema, tree.name(tree.job.schema))


def _schema_sound(tree: Inspected) -> Iterator[Judgement]:
    if isinstance(tree.schema, Document):
        for problem in schema_problems(tree.schema.content):
            yield fault(tree.name(tree.job.schema), problem)


def _unreadable(read: Read, name: str) -> Iterator[Judgement]:
    if read is None:
        yield fault(name)
    elif isinstance(read, InputError):
        yield fault(name, read.message)


DEFINITION_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-DEF-001", "must", _definition_there),
    rule("RDE-DEF-002", "must", _definition_sound, ("RDE-DEF-001",)),
    rule("RDE-SCH-001", "must", _schema_there),
    rule("RDE-SCH-002", "must", _schema_sound, ("RDE-SCH-001",)),
)
