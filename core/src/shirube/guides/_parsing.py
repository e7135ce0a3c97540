"""A guide's TOML text, structured and checked, with a facility's overrides of its leaves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import cattrs

from shirube._axes import ENERGY
from shirube._problems import Place, described, line_of, problems_of, wrong_type
from shirube._structure import converter
from shirube.errors import SettingsError, core_message
from shirube.guideprose import Range
from shirube.guides._conditions import Condition
from shirube.guides._overriding import Overridden, overridden
from shirube.guides._records import GuideData
from shirube.messages import Message, joined

__all__ = ["parse_guide"]


def parse_guide(text: str, name: str, where: str, overrides: Mapping[str, Any] | None = None) -> GuideData:
    """Return the guide of a TOML text, a facility's overrides of its leaves applied.

    Args:
        text: The TOML text.
        name: Name of the guide.
        where: Shown in errors.
        overrides: Nested tables whose leaves replace the guide's; a leaf must exist or be a known field. Entries of
            lists that have a key of their own are merged by it (``Overridden`` tells what was changed).

    Raises:
        SettingsError: Not TOML, unknown keys, wrong types; names the file and the key.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(core_message("resource-not-toml", reason=str(error)), path=where) from None
    laid = overridden(data, overrides or {}, GuideData)
    problems = laid.problems
    try:
        guide = converter().structure({**laid.data, "name": name}, GuideData)
    except cattrs.BaseValidationError as error:
        problems += tuple(_said_of_entries(problems_of(error, laid.data, GuideData), laid))
    else:
        problems += tuple(_unusable(guide, laid.data))
        if not problems:
            return guide
    # What settings override stands on no line of the guide.
    lines = [] if overrides else [line_of(place, text) for place, _ in problems]
    reasons = joined(problem.text() for _, problem in problems)
    message = core_message("guide-malformed", guide=name, reasons=reasons)
    raise SettingsError(message, path=where, line=lines[0] if len(lines) == 1 else None)


def _said_of_entries(problems: Iterator[tuple[Place, Message]], laid: Overridden) -> Iterator[tuple[Place, Message]]:
    """Yield problems; those of an entry that the guide does not have as one that says so: it may be misspelt."""
    within: dict[Place, list[Message]] = {one.place: [] for one in laid.added}
    for place, problem in problems:
        entry = next((one for one in within if place[: len(one)] == one), None)
        if entry is None:
            yield place, problem
        else:
            within[entry].append(problem)
    for one in laid.added:
        if within[one.place]:
            yield one.place, one.incomplete(joined(problem.text() for problem in within[one.place]))


def _unusable(guide: GuideData, data: Mapping[str, Any]) -> Iterator[tuple[Place, Message]]:
    """Yield what has the right type and still cannot be used, with its place."""
    for there, one in _conditions(guide):
        if isinstance(one.value, str) and one.is_of_number:
            yield (*there, "value"), wrong_type((*there, "value"), data, float)
    if not (guide.match.readers or guide.match.terms):
        yield ("match",), core_message("guide-match-empty")
    if ENERGY in guide.axes:
        yield ("axes", ENERGY), core_message("axes-energy", key=f"axes.{ENERGY}")
    for name in ("photon_energy", "detection_depth"):
        stated: Range | None = getattr(guide.overview, name)
        if stated is not None and stated.maximum < stated.minimum:
            yield ("overview", name), core_message("range-upside-down", key=f"overview.{name}")
    for place, pattern in _patterns(guide):
        try:
            re.compile(pattern)
        except (re.error, OverflowError) as error:
            yield place, core_message("key-not-a-pattern", key=described(place), value=repr(pattern), reason=str(error))


def _patterns(guide: GuideData) -> Iterator[tuple[Place, str]]:
    """Yield every regular expression of a guide with its place."""
    yield from ((("match", "terms", term), text) for term, text in guide.match.terms.items())
    yield ("overview", "model_pattern"), guide.overview.model_pattern
    yield from ((("manual", number, "pattern"), item.pattern) for number, item in enumerate(guide.manual))
    for place, one in _conditions(guide):
        if isinstance(one.value, str) and one.comparison != "blank" and not one.is_of_number:
            yield (*place, "value"), one.value
        yield (*place, "refused"), one.refused
    for key in ("mounting_pattern", "preparation_pattern", "foreign_pattern"):
        yield ("sample", key), getattr(guide.sample, key)
    if guide.calibration is not None:
        for key in ("standard_pattern", "operator_pattern"):
            yield ("calibration", key), getattr(guide.calibration, key)


def _conditions(guide: GuideData) -> Iterator[tuple[Place, Condition]]:
    """Yield every condition of a guide with its place."""
    for name, scan in guide.conditions.items():
        for number, one in enumerate(scan.conditions):
            yield ("conditions", name, "conditions", number), one
