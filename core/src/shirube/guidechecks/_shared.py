"""What the checks of a guide have in common: the guide, its leaves, and regions listed in few words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Final, TypeVar

from shirube.errors import PluginError, core_message
from shirube.guides import GuideData
from shirube.messages import Text
from shirube.records import Entry
from shirube.rules import Judgement, RuleContext, not_applicable

T = TypeVar("T")

#: Parts of a list of regions that fit into a sentence.
_SHOWN: Final = 6

__all__ = ["guide_of", "leaf", "not_asked", "region_list", "said"]


def said(code: str, /, **params: object) -> Text:
    """Return a message of the core in both languages."""
    return core_message(code, **params).text()


def guide_of(context: RuleContext) -> GuideData:
    """Return the guide that applies to the entry.

    Raises:
        PluginError: None applies.
    """
    if context.guide is None:
        raise PluginError(core_message("rule-needs-guide"))
    return context.guide


def leaf(value: T | None, guide: GuideData, name: str) -> T:
    """Return a value of the guide that a rule cannot do without.

    Raises:
        PluginError: The guide does not have it; names it.
    """
    if value is None or value in ("", ()):
        raise PluginError(core_message("rule-needs-leaf", guide=guide.name, leaf=name))
    return value


def not_asked() -> Judgement:
    """Return that the guide, perhaps as the facility has it, does not ask for the thing."""
    return not_applicable(said("check-not-asked"))


def region_list(entry: Entry, ids: Collection[str]) -> Text:
    """Return the spectra of ``ids`` in few words: ``survey.txt#1-3, 7`` or ``every region``."""
    every = [spectrum.id for spectrum in entry.spectra()]
    if len(every) > 1 and set(every) <= set(ids):
        return said("check-every-region")
    numbers: dict[str, list[int | None]] = {}
    for name in every:
        if name in ids:
            stem, mark, number = name.rpartition("#")
            known = mark and number.isdecimal()
            numbers.setdefault(stem if known else name, []).append(int(number) if known else None)
    parts = [f"{stem}#{', '.join(_runs(found))}" if found[0] else stem for stem, found in _known(numbers)]
    shown = ", ".join(parts[:_SHOWN])
    return (
        said("check-more-regions", shown=shown, more=len(parts) - _SHOWN) if len(parts) > _SHOWN else Text(shown, shown)
    )


def _known(numbers: dict[str, list[int | None]]) -> Iterator[tuple[str, list[int]]]:
    yield from ((stem, [one for one in found if one is not None]) for stem, found in numbers.items())


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """Yield runs of neighbouring numbers: 1, 2, 3, 7 -> 1-3, 7."""
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield str(members[0]) if len(members) == 1 else f"{members[0]}-{members[-1]}"
