"""What whoever has outcomes in hand leaves for a gathering: their points, for which no run need be read again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from shirube.messages import Language, Text
from shirube.records import Outcome
from shirube.runs import DOCUMENT
from shirube.series._collecting import points_of
from shirube.series._fields import Fields, Owner
from shirube.series._points import Component, Field, Given, Point
from shirube.series._spool import read_point, written
from shirube.trees import write_text

_SCHEMA: Final = "shirube-points/1"

__all__ = ["Left", "leave_points", "left_place", "left_points"]


@frozen
class Left:
    """The points of one outcome that was left: the name of its entry, and its points, which name no item."""

    entry: str
    points: tuple[Point, ...]


def left_place(folder: Path, run: Path) -> Path:
    """Return the file in ``folder`` that holds what was left of a run folder."""
    return folder / f"{run.name}.jsonl"


def leave_points(outcomes: Sequence[Outcome], run: Path, place: Path, lang: Language) -> None:
    """Write the points of the outcomes of a run folder to the file ``place``.

    A gathering of the best models in the language ``lang`` takes them for those of the folder as long as the folder's
    document is the same.

    Raises:
        OutputError: The file cannot be written.
    """
    fields = Fields()
    found = [list(points_of(one, "", fields, lang=lang, ranks=1, along=None)) for one in outcomes]
    head = {
        "schema": _SCHEMA,
        "lang": lang,
        "document": _digest(run),
        "fields": [_plain(*one) for one in fields],
        "outcomes": [[one.entry.name, len(points)] for one, points in zip(outcomes, found, strict=True)],
    }
    lines = (written(point) for points in found for point in points)
    write_text(place, "".join([json.dumps(head, separators=(",", ":")) + "\n", *lines]))


def left_points(place: Path, run: Path, lang: Language, fields: Fields) -> tuple[Left, ...] | None:
    """Return what was left of a run folder, None where that is nothing, or not of the folder as it is now.

    Args:
        place: The file.
        run: The run folder.
        lang: Language of reasons.
        fields: Where the fields of values are entered.
    """
    try:
        with place.open(encoding="ascii") as lines:
            head = json.loads(next(lines, ""))
            if (head["schema"], head["lang"], head["document"]) != (_SCHEMA, lang, _digest(run)):
                return None
            points = [read_point(line) for line in lines]
            if sum(count for _, count in head["outcomes"]) != len(points):
                return None
            known = [_field(one) for one in head["fields"]]
            return tuple(_numbered(head["outcomes"], points, known, fields))
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        # It was being written when its batch was killed, or is none of ours: then the run itself is read.
        return None


def _digest(run: Path) -> str:
    return hashlib.sha256((run / DOCUMENT).read_bytes()).hexdigest()


def _plain(one: Field, analysis: str, owner: Owner) -> list[Any]:
    return [analysis, owner, one.name, one.unit, one.kind, one.term, one.unsure, [one.label.en, one.label.ja]]


def _field(plain: Sequence[Any]) -> tuple[Field, str, Owner]:
    analysis, owner, name, unit, kind, term, unsure, label = plain
    return Field(name, unit, kind, term, Text(*label), unsure), analysis, owner


def _numbered(
    outcomes: Sequence[tuple[str, int]], points: list[Point], known: Sequence[tuple[Field, str, Owner]], fields: Fields
) -> Iterator[Left]:
    """Yield outcomes whose values bear the numbers that their fields have among those of all runs."""
    numbers = [fields.enter(*one) for one in known]
    rest = iter(points)
    for entry, count in outcomes:
        mine = (next(rest) for _ in range(count))
        yield Left(
            entry,
            tuple(
                evolve(
                    point,
                    scalars=_given(point.scalars, numbers),
                    components=tuple(_component(one, numbers) for one in point.components),
                )
                for point in mine
            ),
        )


def _component(component: Component, numbers: Sequence[int]) -> Component:
    return evolve(component, values=_given(component.values, numbers))


def _given(values: Sequence[Given], numbers: Sequence[int]) -> tuple[Given, ...]:
    return tuple((numbers[number], value, unsure) for number, value, unsure in values)
