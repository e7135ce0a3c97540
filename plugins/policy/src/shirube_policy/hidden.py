"""What anonymity (匿名化・非表示化) hides of a dataset, and where it stands in what is published."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs
from attrs import evolve, frozen

from shirube.records import Catalogue, Dataset, Person, Sample
from shirube.spellings import (
    Spelling,
    compiled,
    family_alone,
    folded,
    given_alone,
    literal,
    names,
    split_name,
    substituted,
)
from shirube_policy.blanks import filled
from shirube_policy.spellings import numbers, organizations

Kind: TypeAlias = Literal["name", "organization", "project_title", "project_number"]
Certainty: TypeAlias = Literal["sure", "likely", "perhaps"]

#: What can be hidden, by what people call it: 氏名・組織名・課題名・課題番号.
FIELDS: Final[Mapping[str, Kind]] = {
    "name": "name",
    "氏名": "name",
    "organization": "organization",
    "organisation": "organization",
    "組織名": "organization",
    "project_title": "project_title",
    "subject_title": "project_title",
    "課題名": "project_title",
    "project_number": "project_number",
    "grant_number": "project_number",
    "課題番号": "project_number",
}
#: Sections that no portal publishes.
PRIVATE: Final = (
    *("manager_account", "data_owners", "usage", "exemptions", "deletions", "usage_report", "changes", "accesses"),
    *("licence_request", "sibling_titles", "sibling_descriptions", "embargo_extension_reason"),
)
#: The organisation that runs the instrument is shown in any case; whether it tells too much, a person decides.
SHOWN: Final = ("facility", "catalogue.facility")
#: Shorter accounts and titles occur by chance.
_SHORTEST_ACCOUNT: Final = 5
_SHORTEST_TITLE: Final = 3

__all__ = [
    "FIELDS",
    "PRIVATE",
    "SHOWN",
    "Certainty",
    "Kind",
    "Trace",
    "found_in",
    "kinds_hidden",
    "people_of",
    "published",
    "replaced",
    "texts_of",
    "traces",
]


@frozen
class Trace:
    """How something hidden may be written.

    Attributes:
        kind: What it is.
        spellings: The ways of writing it, at least one.
        certainty: ``sure`` when what is found is that; ``likely`` for a family name alone, which may be another's or a
            word; ``perhaps`` for a given name alone.
    """

    kind: Kind
    spellings: tuple[Spelling, ...]
    certainty: Certainty = "sure"

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds it in a :func:`shirube.spellings.folded` text."""
        return compiled(self.spellings)

    @functools.cached_property
    def needs(self) -> tuple[str, ...]:
        """Parts of which no text that holds it lacks all, in small letters."""
        return tuple(dict.fromkeys(one.need for one in self.spellings))


def kinds_hidden(dataset: Dataset) -> tuple[Kind, ...]:
    """Return what is to be hidden: what the registrant named, else all that the policy allows."""
    named = (dataset.anonymization.fields if dataset.anonymization else None) or ()
    known = {FIELDS[key] for one in named if (key := one.strip().casefold()) in FIELDS}
    return tuple(kind for kind in get_args(Kind) if not known or kind in known)


def people_of(dataset: Dataset) -> tuple[Person, ...]:
    """Return whom a dataset names as its registrant, manager or owner, on its catalogue page too."""
    page = dataset.catalogue or Catalogue()
    held = (dataset.registrant, dataset.manager, dataset.manager_account, page.registrant, *(dataset.data_owners or ()))
    return tuple(dict.fromkeys(one for one in held if one is not None))


def traces(dataset: Dataset) -> tuple[Trace, ...]:
    """Return how what is to be hidden may be written; none when nothing is known."""
    people, page = people_of(dataset), dataset.catalogue or Catalogue()
    called = [one.name for one in people if one.name is not None and filled(split_name(one.name).family)]
    # A title may hold the name of an organisation, so that it is looked for while it is still whole.
    spelt: tuple[tuple[Kind, Certainty, list[Spelling]], ...] = (
        ("project_title", "sure", _of(_titles, (dataset.project_title, page.project_title))),
        ("project_number", "sure", _of(numbers, (dataset.project_number, page.project_number))),
        ("organization", "sure", _of(organizations, (one.organization for one in people))),
        ("name", "sure", [*_of(names, called), *_accounts(people)]),
        ("name", "likely", _of(family_alone, called)),
        ("name", "perhaps", _of(given_alone, called)),
    )
    wanted = kinds_hidden(dataset)
    return tuple(
        Trace(kind, tuple(spellings), certainty) for kind, certainty, spellings in spelt if kind in wanted and spellings
    )


def published(dataset: Dataset) -> Dataset:
    """Return the part of a dataset that is published though it is anonymised; what RDE itself hides is left away."""
    kinds = kinds_hidden(dataset)
    hidden = [kind for kind in ("project_title", "project_number") if kind in kinds]
    page = dataset.catalogue
    if page is not None:
        page = evolve(page, registrant=_shown(page.registrant, kinds), **dict.fromkeys(hidden))
    # The registry's own document repeats everything in its own form.
    entries = tuple(
        evolve(one, session=None, late_reason=None, registration=registration)
        for one in dataset.entries
        for registration in (None if one.registration is None else evolve(one.registration, document=None),)
    )
    return evolve(
        dataset,
        **dict.fromkeys((*PRIVATE, *hidden)),
        registrant=_shown(dataset.registrant, kinds),
        manager=_shown(dataset.manager, kinds),
        catalogue=page,
        sample=_unowned(dataset.sample) if dataset.sample and dataset.sample.hide_owner else dataset.sample,
        entries=entries,
    )


def texts_of(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a record with its place; of a table also of its keys."""
    if isinstance(value, str):
        yield place, value
    elif attrs.has(type(value)):
        for one in attrs.fields(type(value)):
            yield from texts_of(getattr(value, one.name), f"{place}.{one.name}" if place else one.name)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield f"{place}.{key}", key
            yield from texts_of(one, f"{place}.{key}")
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from texts_of(one, f"{place}[{index}]")


def found_in(text: str, wanted: Iterable[Trace]) -> Iterator[Trace]:
    """Yield the traces that occur in a text."""
    plain = folded(text)
    return (one for one in wanted if any(need in plain for need in one.needs) and one.pattern.search(plain))


def replaced(text: str, wanted: Iterable[Trace], marks: Mapping[Kind, str]) -> str:
    """Return ``text`` with a mark in place of everything that is found; as it is, when nothing is."""
    for one in list(found_in(text, wanted)):
        text = substituted(text, one.pattern, marks[one.kind])
    return text


def _unowned(sample: Sample) -> Sample:
    return evolve(sample, owner=None, owner_id=None)


def _shown(person: Person | None, kinds: Iterable[Kind]) -> Person | None:
    """Return what may be shown of a person; None when nothing may."""
    if person is None:
        return None
    kept = evolve(person, id=None, **{kind: None for kind in ("name", "organization") if kind in kinds})
    return None if kept == Person() else kept


def _of(spell: Callable[[str], Iterable[Spelling]], texts: Iterable[str | None]) -> list[Spelling]:
    return [one for text in texts if text is not None and filled(text) for one in spell(text)]


def _titles(text: str) -> Iterator[Spelling]:
    if len(text.strip()) >= _SHORTEST_TITLE:
        yield literal(text)


def _accounts(people: Iterable[Person]) -> list[Spelling]:
    return [literal(one.id) for one in people if one.id is not None and len(one.id.strip()) >= _SHORTEST_ACCOUNT]
