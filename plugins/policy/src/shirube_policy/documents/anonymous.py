"""Anonymisation (匿名化・非表示化): a dataset as it may be published, without what names the registrant or the project.

The policy lets the name, the organisation, the project's title and its number be hidden, and then rules a DOI out.
Metadata written by instruments hold the same things: the user, the location, comments, names of files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import attrs
from attrs import evolve, frozen

from shirube.errors import UsageError
from shirube.records import Catalogue, Dataset, DatasetEntry, FrozenMapping, Person
from shirube.text import is_japanese
from shirube_policy.blanks import filled
from shirube_policy.documents.people import spellings, split_name
from shirube_policy.documents.texts import message
from shirube_policy.judges.anonymity import FIELDS

#: What stands in place of what is hidden; no name of a file can be split by it.
MARKS: Final[Mapping[str, str]] = {
    "name": "[anonymous]",
    "organization": "[organization]",
    "project_title": "[project]",
    "project_number": "[project-number]",
}
#: Parts of metadata keys that say who measured, where, or anything at all.
_PERSONAL: Final = re.compile(
    r"(?<![a-z])(?:user|operator|owner|location|comments?|person|author|email|mail|phone)(?![a-z])|使用者|測定者|所属|場所|コメント|備考",
    re.IGNORECASE,
)
#: Sections that no portal publishes.
_PRIVATE: Final = (
    *("manager_account", "data_owners", "usage", "exemptions", "deletions", "usage_report", "changes", "accesses"),
    *("licence_request", "sibling_titles", "sibling_descriptions", "embargo_extension_reason"),
)
#: Fields that are what is hidden.
_SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "project_title": ("project_title",),
    "project_number": ("project_number",),
}
_SHORTEST_LATIN: Final = 4
_SHORTEST_JAPANESE: Final = 2
_FILE_SAFE: Final = re.compile(r"[\[\]]")

__all__ = ["MARKS", "Anonymised", "anonymise"]


@frozen
class Anonymised:
    """The dataset as it may be published, and what was done to it.

    Attributes:
        dataset: Without what is hidden; ``is_anonymized`` is true.
        places: Where something was removed or replaced.
        renamed: Files that were renamed, old name and new.
        remarks: What a person must still look at, codes of messages.
    """

    dataset: Dataset
    places: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]


def anonymise(dataset: Dataset) -> Anonymised:
    """Return ``dataset`` without what names the registrant or the project.

    Raises:
        UsageError: It has a DOI or asks for one, which anonymity rules out; or nothing is known that could be hidden.
    """
    if filled(dataset.doi) or dataset.doi_requested or (dataset.catalogue and filled(dataset.catalogue.doi)):
        raise UsageError(message("anonymise-doi"))
    kinds = _wanted(dataset)
    hidden = list(_hidden(dataset, kinds))
    if not hidden:
        raise UsageError(message("anonymise-nothing"))
    work = _Work(hidden)
    private = [*_PRIVATE, *(name for kind, names in _SECTIONS.items() if kind in kinds for name in names)]
    published = evolve(
        dataset,
        **dict.fromkeys(private),
        registrant=_person(dataset.registrant, kinds),
        manager=_person(dataset.manager, kinds),
        is_anonymized=True,
        doi_requested=False,
        catalogue=_page(dataset.catalogue, kinds),
        entries=tuple(_entry(one) for one in dataset.entries),
    )
    removed = [one for one in (*private, "registrant", "manager") if getattr(dataset, one) != getattr(published, one)]
    removed += [
        f"entries[{place}].metadata.{key}" for place, one in enumerate(dataset.entries) for key in _personal(one)
    ]
    result = work.cleaned(published, "")
    remarks = ["anonymise-files"] if any(one.files for one in dataset.entries) else []
    remarks += ["anonymise-publications"] if dataset.publications else []
    return Anonymised(result, (*removed, *work.places), tuple(work.renamed.items()), tuple(remarks))


def _wanted(dataset: Dataset) -> frozenset[str]:
    """Return what is to be hidden: what the registrant named, else all that the policy allows."""
    named = (dataset.anonymization.fields if dataset.anonymization else None) or ()
    known = {FIELDS[key] for one in named if (key := one.strip().casefold()) in FIELDS}
    return frozenset(known or MARKS)


def _hidden(dataset: Dataset, kinds: Collection[str]) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield what is to be hidden as patterns, the longest spellings first, with what takes its place."""
    people = [one for one in (dataset.registrant, dataset.manager, *(dataset.data_owners or ())) if one is not None]
    page = dataset.catalogue or Catalogue()
    people += [page.registrant] if page.registrant is not None else []
    texts: dict[str, list[str | None]] = {
        "name": [one for person in people for one in _names(person)],
        "organization": [person.organization for person in people],
        "project_number": [dataset.project_number, page.project_number],
        "project_title": [dataset.project_title, page.project_title],
    }
    for kind, values in texts.items():
        if kind in kinds:
            yield from _patterns(values, kind)


def _person(person: Person | None, kinds: Collection[str]) -> Person | None:
    """Return what may be shown of a person; None when nothing may."""
    if person is None:
        return None
    kept = evolve(
        person,
        id=None,
        name=None if "name" in kinds else person.name,
        organization=None if "organization" in kinds else person.organization,
    )
    return None if kept == Person() else kept


def _names(person: Person) -> Iterator[str]:
    if person.name is None or not filled(person.name):
        return
    name = split_name(person.name)
    for one in spellings(person.name):
        # A family name alone may be a word (Li, Mori, 林): short ones are hidden only beside the given name.
        if one != name.family or not name.given or _telling(one):
            yield one


def _telling(text: str) -> bool:
    return len(text) >= (_SHORTEST_JAPANESE if is_japanese(text) else _SHORTEST_LATIN)


def _patterns(texts: Iterable[str | None], mark: str) -> Iterator[tuple[re.Pattern[str], str]]:
    found = {unicodedata.normalize("NFKC", text).strip() for text in texts if text is not None and filled(text)}
    for text in sorted(found, key=lambda one: (-len(one), one)):
        body = r"[\s_　]*".join(re.escape(part) for part in text.split())
        # Within a Latin word nothing is hidden: NIMS is not in "minims"; a Japanese name touches its neighbours.
        edges = (r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])") if not is_japanese(text) else ("", "")
        yield re.compile(f"{edges[0]}{body}{edges[1]}", re.IGNORECASE), MARKS[mark]


def _page(page: Catalogue | None, kinds: Collection[str]) -> Catalogue | None:
    if page is None:
        return None
    # The link of a page holds the number of its project.
    hidden = {"project_title": ("project_title",), "project_number": ("project_number", "direct_link")}
    names = [name for kind, held in hidden.items() if kind in kinds for name in held]
    return evolve(page, registrant=_person(page.registrant, kinds), **dict.fromkeys(names))


def _entry(entry: DatasetEntry) -> DatasetEntry:
    metadata = None
    if entry.metadata is not None:
        metadata = FrozenMapping({key: value for key, value in entry.metadata.items() if not _PERSONAL.search(key)})
    registration = entry.registration
    if registration is not None:
        # The registry's own document repeats everything in its own form.
        manual = {key: value for key, value in registration.manual.items() if not _PERSONAL.search(key)}
        registration = evolve(registration, manual=manual, document=None)
    return evolve(entry, metadata=metadata, registration=registration, session=None, late_reason=None)


def _personal(entry: DatasetEntry) -> list[str]:
    return [key for key in entry.metadata or () if _PERSONAL.search(key)]


class _Work:
    """Replaces what is hidden in every text of a record, and remembers where."""

    def __init__(self, hidden: list[tuple[re.Pattern[str], str]]) -> None:
        self._hidden = hidden
        self.places: list[str] = []
        self.renamed: dict[str, str] = {}

    def cleaned(self, value: Any, place: str) -> Any:
        if isinstance(value, str):
            return self._text(value, place)
        if attrs.has(type(value)):
            changes = {
                one.name: self._files(held)
                if one.name in ("files", "digests")
                else self.cleaned(held, _at(place, one.name))
                for one in attrs.fields(type(value))
                for held in (getattr(value, one.name),)
            }
            return evolve(value, **changes)
        if isinstance(value, Mapping):
            return FrozenMapping({key: self.cleaned(one, _at(place, key)) for key, one in value.items()})
        if isinstance(value, tuple):
            return tuple(self.cleaned(one, f"{place}[{index}]") for index, one in enumerate(value))
        return value

    def _files(self, value: Any) -> Any:
        """Return names of files with the hidden replaced: the values by role, the keys of digests."""
        if value is None:
            return None
        return FrozenMapping(
            {
                self._file(key) if isinstance(one, str) else key: one
                if isinstance(one, str)
                else tuple(map(self._file, one))
                for key, one in value.items()
            }
        )

    def _file(self, name: str) -> str:
        new = _FILE_SAFE.sub("", self._replaced(name))
        if new != name:
            self.renamed[name] = new
        return new

    def _text(self, text: str, place: str) -> str:
        new = self._replaced(text)
        if new != text:
            self.places.append(place)
        return new

    def _replaced(self, text: str) -> str:
        if not any(pattern.search(unicodedata.normalize("NFKC", text)) for pattern, _ in self._hidden):
            return text
        new = unicodedata.normalize("NFKC", text)
        for pattern, mark in self._hidden:
            new = pattern.sub(mark, new)
        return new


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
