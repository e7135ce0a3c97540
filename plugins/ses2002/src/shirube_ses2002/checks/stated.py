"""What is stated of an entry: values by term and by region, and the photon energy that holds, B before A."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve

from shirube.guidechecks import region_list
from shirube.messages import Message, Text, joined
from shirube.records import Entry, Facts, Quantity, Value
from shirube.rules import Judgement, not_applicable

PHOTON_ENERGY: Final = "photon_energy"
#: No source gives photons of less, in eV; SES prints such numbers where nobody entered one.
SMALLEST: Final = 1.0
#: Regions that a sentence tells one by one.
_TOLD: Final = 3
#: Groups of regions that a sentence tells one by one.
_GROUPS: Final = 6

__all__ = [
    "PHOTON_ENERGY",
    "SMALLEST",
    "first",
    "listed",
    "no_spectrum",
    "number",
    "photon_energy",
    "refused",
    "regions",
    "say",
    "several",
    "told",
    "values",
    "with_photon_energy",
]


def say(code: str, /, **params: object) -> Text:
    """Return a sentence of this package's catalogue."""
    return Message("shirube_ses2002.checks", code, params).text()


def no_spectrum() -> Judgement:
    """Return that there is nothing to judge because no spectrum was read."""
    return not_applicable(say("no-spectrum"))


def values(entry: Entry, term: str) -> Mapping[Value, list[str]]:
    """Return the values of ``term`` in the order of the regions, each with the ids of its regions."""
    stated: dict[Value, list[str]] = {}
    for spectrum in entry.spectra():
        quantity = entry.facts[spectrum.id].get(term)
        if quantity is not None:
            stated.setdefault(quantity.value, []).append(spectrum.id)
    return stated


def first(entry: Entry, term: str) -> Value | None:
    """Return the first value of a term that is of the whole entry, None where nobody states it."""
    return next(iter(values(entry, term)), None)


def several(entry: Entry, term: str) -> str:
    """Return the values of a term as one text, the first of many."""
    every = [str(one) for one in values(entry, term)]
    return ", ".join(every[:_TOLD]) + (", …" if len(every) > _TOLD else "")


def number(facts: Facts, term: str) -> float | None:
    """Return the number that holds for ``term``."""
    quantity = facts.get(term)
    return None if quantity is None or isinstance(quantity.value, str) else quantity.number


def photon_energy(facts: Facts) -> Quantity | None:
    """Return the photon energy in eV: the one that was decided, else B before A, as the guide says; None without any.

    A number below that of any source is none; so is every candidate where the conversion decided for none of them.
    """
    stated = (facts.candidate(PHOTON_ENERGY, kind) for kind in ("sidecar", "header"))
    candidates = (facts.get(PHOTON_ENERGY), *(() if PHOTON_ENERGY in facts.decided else stated))
    return next((one for one in candidates if one is not None and one.number >= SMALLEST), None)


def refused(facts: Facts) -> tuple[Quantity, ...]:
    """Return the photon energies that are stated for a region of which the conversion decided that none is right."""
    decided_none = PHOTON_ENERGY in facts.decided and facts.decided[PHOTON_ENERGY] is None
    return facts.candidates.get(PHOTON_ENERGY, ()) if decided_none else ()


def with_photon_energy(entry: Entry) -> Entry:
    """Return the entry with the photon energy of every region decided."""
    return evolve(
        entry, facts={name: facts.decide(PHOTON_ENERGY, photon_energy(facts)) for name, facts in entry.facts.items()}
    )


def listed(entry: Entry, groups: Mapping[Text, list[str]]) -> Text:
    """Return labelled groups of regions as one text, the first of many: ``wide scan: a#1; narrow scan: a#2-4``."""
    shown = [say("group", label=label, where=region_list(entry, ids)) for label, ids in [*groups.items()][:_GROUPS]]
    more = sum(len(ids) for ids in [*groups.values()][_GROUPS:])
    return joined([*shown, say("more", count=more)] if more else shown)


def told(details: Iterable[tuple[str, Text]]) -> Text:
    """Return what is wrong in each region as one text, the first few told and the others counted."""
    every = list(details)
    shown = [say("detail", region=region, detail=detail) for region, detail in every[:_TOLD]]
    more = [say("more", count=len(every) - _TOLD)] if len(every) > _TOLD else []
    return joined([*shown, *more])


def regions(entry: Entry) -> Iterator[tuple[str, Facts]]:
    """Yield each region's id with its facts, in order."""
    yield from ((spectrum.id, entry.facts[spectrum.id]) for spectrum in entry.spectra())
