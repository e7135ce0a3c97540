"""Anonymised datasets: what tables and archives state of a tile, without names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve

from shirube.records import FrozenMapping
from shirube.trees import write_json
from shirube_rde.anonymising import hidden_by
from shirube_rde.definition import term_key
from shirube_rde.documents import read_document
from shirube_rde.hiding import Hidden
from shirube_rde.items import Definition
from shirube_rde.making import Made
from shirube_rde.modes import TilePlan
from shirube_rde.parameters import Parameters

_USER = "user"
_METADATA = ("meta", "metadata.json")

__all__ = ["hidden_in", "naming_keys", "with_clean_metadata", "without_names"]


def hidden_in(made: Sequence[Made], parameters: Parameters) -> Hidden:
    """Return what is hidden in a job: names that are set, and who measured as files, tables and archives say."""
    outcomes = [one.outcome for one in made if one.outcome is not None]
    return hidden_by(parameters, outcomes, [user for one in made for user in _users(one.tile)])


def naming_keys(parameters: Parameters, definition: Definition) -> frozenset[str]:
    """Return the keys of metadata that tell who measured or where, those of other programs' definitions too."""
    terms = parameters.anonymous_terms
    usual = {key for term in terms for key in (term, term_key(term), term.removesuffix("_name"))}
    return frozenset(usual | {item.key for item in definition.values() if item.term in terms})


def without_names(tile: TilePlan, naming: Collection[str], hidden: Hidden) -> TilePlan:
    """Return a tile whose table states no name: items that tell who or where are gone, names are replaced in others."""
    stated = {key: hidden.without(text) for key, text in tile.stated.items() if key not in naming}
    return evolve(tile, stated=FrozenMapping(stated))


def with_clean_metadata(tile: TilePlan, folder: Path, naming: Collection[str], hidden: Hidden) -> None:
    """Write the metadata of a finished tile anew, without names.

    Args:
        tile: What an archive holds finished.
        folder: The tile's, where they are already.
        naming: Keys that are left out.
        hidden: What is replaced in the others.

    Raises:
        OutputError: They cannot be written.
    """
    if _METADATA in tile.given:
        path = folder.joinpath(*_METADATA)
        content = read_document(path).content
        write_json(path, {key: _clean(value, naming, hidden) for key, value in content.items()})


def _clean(value: Any, naming: Collection[str], hidden: Hidden) -> Any:
    if isinstance(value, str):
        return hidden.without(value)
    if isinstance(value, list):
        return [_clean(one, naming, hidden) for one in value]
    if isinstance(value, Mapping):
        return {key: _clean(one, naming, hidden) for key, one in value.items() if key not in naming}
    return value


def _users(tile: TilePlan) -> Iterator[str]:
    if _USER in tile.stated:
        yield tile.stated[_USER]
    if _METADATA in tile.given:
        content = read_document(tile.given[_METADATA]).content
        for cells in (content.get("constant"), *(content.get("variable") or ())):
            cell = cells.get(_USER) if isinstance(cells, Mapping) else None
            if isinstance(cell, Mapping) and isinstance(cell.get("value"), str):
                yield cell["value"]
