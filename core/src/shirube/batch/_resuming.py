"""Resuming: which items are done already, which have to be done, and what each is called from the first time on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from attrs import evolve, field, frozen

from shirube._frozen import as_tuple
from shirube.batch._hashes import inputs_hash
from shirube.batch._items import BatchItem, sources_of
from shirube.batch._manifest import ITEMS, ItemState, Manifest
from shirube.errors import ShirubeError
from shirube.runs import DOCUMENT
from shirube.trees import safe_name

_Named: TypeAlias = tuple[BatchItem, ItemState]

__all__ = ["Agenda", "agenda"]


@frozen(kw_only=True)
class Agenda:
    """What is to be done.

    Attributes:
        items: Every item of the inputs with what is known of it, in order.
        open: Those of ``items`` that have to be done.
        done: How many are done, with the same files, settings and plugins.
        failed: How many of the open ones failed before.
        changed: How many of the open ones were done with other files, settings or plugins.
        absent: How many items of the output are not among the inputs.
        restored: Those of ``items`` that failed since they were done just as they would be now: what was done stands.
    """

    items: tuple[tuple[BatchItem, ItemState], ...] = field(converter=as_tuple)
    open: tuple[tuple[BatchItem, ItemState], ...] = field(converter=as_tuple)
    done: int
    failed: int
    changed: int
    absent: int
    restored: tuple[ItemState, ...] = field(default=(), converter=as_tuple)

    @property
    def new(self) -> tuple[ItemState, ...]:
        """The items of which nothing came yet."""
        return tuple(state for _, state in self.open if state.state == "planned")


def agenda(items: Sequence[BatchItem], manifest: Manifest, out: Path, marks: tuple[str, str]) -> Agenda:
    """Return what has to be done; ``marks`` are the hashes of settings and plugins that are in force."""
    named, waiting, restored = list[_Named](), list[_Named](), list[ItemState]()
    for item, last in _named(items, manifest):
        # What failed since it was done may have failed by a slip that is mended: then what was done stands.
        state = manifest.standing.get(item.label, last)
        done = _is_done(item, state, out, marks)
        if done and last.state == "failed":
            restored.append(state)
        named.append((item, state if done else last))
        if not done:
            waiting.append((item, last))
    before = [state.state for _, state in waiting]
    labels = {item.label for item in items}
    return Agenda(
        items=named,
        open=waiting,
        done=len(named) - len(waiting),
        failed=before.count("failed"),
        changed=before.count("done"),
        absent=sum(label not in labels for label in manifest.items),
        restored=restored,
    )


def _named(items: Sequence[BatchItem], manifest: Manifest) -> list[_Named]:
    """Return the items with the names and folders that they have, or that nobody else has."""
    taken = {state.name for state in manifest.items.values()}
    numbers = [state.folder.partition("_")[0] for state in manifest.items.values()]
    number = max((int(one) for one in numbers if one.isdigit()), default=0)
    named = []
    for item in items:
        state = manifest.items.get(item.label)
        if state is None:
            name = _unlike(item.group.name, taken)
            taken.add(name)
            number += 1
            folder = f"{number:04d}_{safe_name(name)}"
            state = ItemState(item=item.label, name=name, folder=folder, state="planned")
        named.append((evolve(item, group=evolve(item.group, name=state.name)), evolve(state, attempts=0)))
    return named


def _unlike(name: str, taken: set[str]) -> str:
    number, tried = 1, name
    while tried in taken:
        number += 1
        tried = f"{name} ({number})"
    return tried


def _is_done(item: BatchItem, state: ItemState, out: Path, marks: tuple[str, str]) -> bool:
    if state.state != "done" or (state.settings, state.plugins) != marks or not _is_whole(out / ITEMS / state.folder):
        return False
    try:
        return inputs_hash(sources_of(item)) == state.inputs
    except ShirubeError:
        # Whoever works on it will say why it cannot be read any more.
        return False


def _is_whole(folder: Path) -> bool:
    """Tell whether the document of a run folder is there to its end: a full disk or a copy may have cut it short."""
    try:
        return isinstance(json.loads((folder / DOCUMENT).read_bytes()), dict)
    except (OSError, ValueError, RecursionError):
        return False
