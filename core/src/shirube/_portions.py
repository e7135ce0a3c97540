"""A portion of a run's document: parsed piece by piece, what is not wanted being dropped before more is parsed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrs import field, frozen

from shirube._frozen import as_tuple

#: Plain data of one JSON object.
Plain: TypeAlias = dict[str, Any]

#: Lines of a document, as :func:`shirube.trees.write_json` writes it, after which its pieces come, and how far these
#: are indented: results, facts by spectrum, and spectra, which are nearly all of a long document.
_OPENING: Final = {'      "results": [\n': 8, '        "facts": {\n': 10, '            "spectra": [\n': 14}
#: Stands for a piece in what is left of the document.
_PIECE: Final = "@piece"

__all__ = ["Portion", "read_portion"]


@frozen
class Portion:
    """What is wanted of a run: its spectra and results without arrays, metadata and most facts.

    Attributes:
        ranks: Tables that name terms, of models up to this rank.
        facts: Terms of the facts that are wanted.
    """

    ranks: int
    facts: tuple[str, ...] = field(default=(), converter=as_tuple)

    def of(self, plain: Plain) -> Plain:
        """Return an object of the document without what is not wanted."""
        if "tables" in plain and "arrays" in plain:
            return {**plain, "arrays": [], "tables": [one for one in plain["tables"] if self._is_wanted(one)]}
        if "metadata" in plain and "intensity_unit" in plain:
            return {**plain, "metadata": []}
        if plain and plain.keys() <= {"candidates", "decided"}:
            return {
                kind: {term: one for term, one in found.items() if term in self.facts} for kind, found in plain.items()
            }
        return plain

    def _is_wanted(self, table: Plain) -> bool:
        return (table.get("rank") or 1) <= self.ranks and any(one.get("term") for one in table["columns"])


def read_portion(path: Path, portion: Portion) -> Any:
    """Return the plain data of a document, of which no more than a piece is in memory as text at a time.

    A document whose lines are not as :func:`shirube.trees.write_json` writes them is parsed as a whole.

    Raises:
        ValueError: It is not JSON.
        LookupError, TypeError, AttributeError: It is not a run's document.
    """
    pieces: list[Any] = []

    def restored(plain: Plain) -> Any:
        return pieces[plain[_PIECE]] if plain.keys() == {_PIECE} else portion.of(plain)

    return json.loads(_without_pieces(path, portion.of, pieces), object_hook=restored)


def _without_pieces(path: Path, hook: Callable[[Plain], Plain], pieces: list[Any]) -> str:
    """Return a document in which marks stand for pieces, which are parsed and added to ``pieces``."""
    rest: list[str] = []
    held: list[str] = []
    indent = 0
    with path.open(encoding="utf-8", newline="") as lines:
        for line in lines:
            if held:
                held.append(line)
                if line.rstrip(",\n") == f"{' ' * indent}}}":
                    begin = held[0].removesuffix("{\n")
                    pieces.append(json.loads("".join(held)[len(begin) :].rstrip(",\n"), object_hook=hook))
                    mark = f'{begin}{{"{_PIECE}": {len(pieces) - 1}}}'
                    rest.append(f"{mark},\n" if line.endswith(",\n") else f"{mark}\n")
                    held = []
            elif indent and line.endswith("{\n") and len(line) - len(line.lstrip(" ")) == indent:
                held.append(line)
            else:
                indent = _OPENING.get(line, indent if line.startswith(" " * max(indent, 1)) else 0)
                rest.append(line)
    return "".join(rest + held)
