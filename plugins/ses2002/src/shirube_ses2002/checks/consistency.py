"""Whether the selected metadata agree with each other, with the data and with the registration."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final, TypeAlias

from shirube.errors import UnitError
from shirube.guidechecks import guide_of
from shirube.messages import Text
from shirube.records import Entry, Facts, Spectrum
from shirube.rules import Judgement, RuleContext, failed, not_applicable, passed
from shirube.units import convert
from shirube_ses2002.checks.stated import no_spectrum, number, say, several, told, values

#: Returns what is wrong with a region, "" in both languages when nothing is, and None when it cannot be said.
Check: TypeAlias = Callable[[Spectrum, Facts], "Text | None"]

_FINE: Final = Text(en="", ja="")
#: Words of a name: runs of letters and digits, of katakana, of kanji, of hiragana.
_WORD: Final = re.compile(r"[^\W_\u3040-\u30ff\u4e00-\u9fff]+|[\u30a0-\u30ff]+|[\u4e00-\u9fff]+|[\u3040-\u309f]+")
#: Words that any sample may be called by.
_GENERIC: Final = frozenset(
    re.findall(
        r"\w+",
        "sample samples specimen film films thin layer bulk powder crystal substrate test piece no on of the and "
        "new old 試料 サンプル 試験片 薄膜 膜 フィルム 粉末 バルク 基板 単結晶 結晶 の と 上 新 旧 番",
    )
)
#: Points by which a count may be off: the last step of a sweep is made or not.
_POINTS: Final = 1
#: Numbers of regions that a sentence tells.
_SHOWN: Final = 8

__all__ = ["JUDGES"]


def regions_agree(check: Check, otherwise: str, entry: Entry, _: RuleContext) -> Judgement:
    """Judge that ``check`` finds nothing in any region; ``otherwise`` is said where it can be asked of none."""
    found = [(one.id, check(one, entry.facts[one.id])) for one in entry.spectra()]
    wrong = [(name, detail) for name, detail in found if detail is not None and detail != _FINE]
    if wrong:
        return failed(detail=told(wrong))
    return passed() if any(detail == _FINE for _, detail in found) else not_applicable(say(otherwise))


def energies(_: Spectrum, facts: Facts) -> Text | None:
    """Hold the centre against the ends, within a step."""
    low, high, centre = (number(facts, f"{name}_energy") for name in ("low", "high", "center"))
    step = number(facts, "energy_step")
    if low is None or high is None:
        return None
    if not low < high:
        return say("ends-swapped", low=f"{low:g}", high=f"{high:g}")
    if centre is None or step is None:
        return None
    middle = (low + high) / 2
    return _FINE if abs(centre - middle) <= abs(step) else say("off-centre", centre=f"{centre:g}", middle=f"{middle:g}")


def points(spectrum: Spectrum, facts: Facts) -> Text | None:
    """Hold the number of points of a swept region against its ends and step."""
    low, high, step = (number(facts, f"{name}") for name in ("low_energy", "high_energy", "energy_step"))
    mode = facts.get("acquisition_mode")
    swept = mode is not None and "swept" in str(mode.value).casefold()
    if not swept or low is None or high is None or step is None or step <= 0:
        return None
    wanted, there = round((high - low) / step) + 1, len(spectrum.energy)
    return _FINE if abs(wanted - there) <= _POINTS else say("points-differ", wanted=wanted, there=there)


def channels(_: Spectrum, facts: Facts) -> Text | None:
    """Hold the last channels of the detector against the first."""
    answers = []
    for axis in "xy":
        first, last = (number(facts, f"ses2002.detector_{end}_{axis}_channel") for end in ("first", "last"))
        if first is not None and last is not None:
            answers.append(
                _FINE
                if last >= first
                else say("channels-swapped", axis=axis.upper(), first=f"{first:g}", last=f"{last:g}")
            )
    return next((one for one in answers if one != _FINE), answers[0] if answers else None)


def dated(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that nothing was measured after its registration, or after today where that is not known."""
    registered = None if context.dataset is None else context.dataset.registered_on
    latest = context.today if registered is None else date.fromisoformat(registered[:10])
    stated = values(entry, "measured_on")
    wrong = [
        (where[0], say("later-than", day=day, latest=latest)) for day, where in stated.items() if _day(day) > latest
    ]
    if wrong:
        return failed(detail=told(wrong))
    return passed() if stated else not_applicable(say("not-stated"))


def sample_named(entry: Entry, _: RuleContext) -> Judgement:
    """Judge that the sample of the header and of the registration have a word in common that is a sample's own."""
    sample = None if entry.registration is None else entry.registration.sample
    registered = [] if sample is None else [one for one in sample.names or () if one.strip()]
    stated = [str(one) for one in values(entry, "sample_name")]
    if not registered or not stated:
        return not_applicable(say("sample-not-stated"))
    if any(_akin(one, other) for one in stated for other in registered):
        return passed()
    return failed(note=True, header=several(entry, "sample_name"), registered=", ".join(registered))


def units(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that values are in the units that the guide prints beside them."""
    wrong: list[tuple[str, Text]] = []
    seen = False
    for item in guide_of(context).metadata:
        units = {f.unit for f in (entry.facts[one.id].get(item.term) for one in entry.spectra()) if f is not None}
        if item.unit is None or not units:
            continue
        seen = True
        wrong += [
            (item.name, say("unit-differs", unit=unit or "-", printed=item.unit))
            for unit in units
            if not _same_unit(unit, item.unit)
        ]
    if wrong:
        return failed(detail=told(wrong))
    return passed() if seen else not_applicable(say("not-stated"))


def region_order(entry: Entry, _: RuleContext) -> Judgement:
    """Judge that the regions of each file are those that it announces, in its order."""
    wrong: list[tuple[str, Text]] = []
    for measurement in entry.measurements:
        numbers = [_region(one.id) for one in measurement.spectra]
        counts = [number(entry.facts[one.id], "ses2002.region_count") for one in measurement.spectra]
        announced = next((int(one) for one in counts if one is not None), len(numbers))
        if numbers != list(range(1, announced + 1)):
            there = ", ".join(str(one) for one in numbers[:_SHOWN]) + (", …" if len(numbers) > _SHOWN else "")
            wrong.append((measurement.name, say("regions-differ", announced=announced, there=there)))
    if wrong:
        return failed(detail=told(wrong))
    return passed() if entry.spectra() else no_spectrum()


def _region(spectrum_id: str) -> int | None:
    found = re.search(r"#(\d+)$", spectrum_id)
    return None if found is None else int(found[1])


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


def _same_unit(unit: str | None, printed: str) -> bool:
    try:
        return unit is not None and convert(1.0, printed, unit) == 1.0
    except UnitError:
        return False


def _akin(one: str, other: str) -> bool:
    mine, its = _words(one), _words(other)
    return "".join(mine) == "".join(its) or bool(_telling(mine) & _telling(its))


def _words(text: str) -> list[str]:
    """Return the words of a name; Japanese has no blanks between them, but changes script."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _telling(words: list[str]) -> set[str]:
    """Return the words that tell one sample from another: no numbers, single letters and words of any sample."""
    return {one for one in words if not one.isdecimal() and one not in _GENERIC and (len(one) > 1 or not one.isascii())}


def _checked(check: Check, otherwise: str = "not-stated") -> partial[Judgement]:
    return partial(regions_agree, check, otherwise)


JUDGES: Final = {
    "MET-101": _checked(energies),
    "MET-102": _checked(points, "not-swept"),
    "MET-103": _checked(channels),
    "MET-104": dated,
    "MET-105": sample_named,
    "MET-106": units,
    "MET-107": region_order,
}
