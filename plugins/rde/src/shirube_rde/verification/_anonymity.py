"""Rules on anonymised datasets: nothing that is published names a person or an institution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from shirube.rules import Judgement, Rule
from shirube_rde.anonymising import hidden_by
from shirube_rde.anonymousgiven import naming_keys
from shirube_rde.remaining import names_left
from shirube_rde.verification._inspected import Inspected, content_of, fault, rule, shown

__all__ = ["ANONYMITY_RULES"]


def _no_names(tree: Inspected) -> Iterator[Judgement] | None:
    hidden = hidden_by(tree.parameters)
    if hidden.pattern is None:
        return None
    found = (left for one in tree.tiles for left in names_left(one.tile, hidden))
    return (evolve(fault(f"data/{place}"), line=line) for place, line in found)


def _no_naming_items(tree: Inspected) -> Iterator[Judgement] | None:
    if not tree.parameters.anonymised:
        return None
    return _naming_items(tree)


def _naming_items(tree: Inspected) -> Iterator[Judgement]:
    naming = naming_keys(tree.parameters, {})
    for one in tree.tiles:
        content = content_of(one.metadata) or {}
        places = [content.get("constant"), *(content.get("variable") or ())]
        held = {key: None for cells in places if isinstance(cells, dict) for key in cells if key in naming}
        if held:
            yield fault(tree.name(one.tile.metadata_path), keys=", ".join(held))


def _no_shared_inputs(tree: Inspected) -> Iterator[Judgement] | None:
    if not tree.parameters.anonymised:
        return None
    return (fault(shown(one.tile)) for one in tree.tiles if one.tile.names("raw"))


ANONYMITY_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-ANO-001", "must", _no_names),
    rule("RDE-ANO-002", "must", _no_naming_items, ("RDE-MET-001", "RDE-MET-002")),
    rule("RDE-ANO-003", "must", _no_shared_inputs),
)
