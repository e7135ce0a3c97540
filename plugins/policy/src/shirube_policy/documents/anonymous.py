"""Anonymisation (匿名化・非表示化): a dataset as it may be published, without what names the registrant or the project.

The policy lets the name, the organisation, the project's title and its number be hidden, and then rules a DOI out.
Metadata written by instruments hold the same things: the user, the location, comments, names of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

import attrs
from attrs import evolve, frozen

from shirube.errors import UsageError
from shirube.records import Dataset, DatasetEntry, FrozenMapping, Sample
from shirube_policy.blanks import filled
from shirube_policy.documents.texts import message
from shirube_policy.hidden import SHOWN, Kind, Trace, found_in, kinds_hidden, published, replaced, texts_of, traces

#: What stands in place of what is hidden; no name of a file can be split by it.
MARKS: Final[Mapping[Kind, str]] = {
    "name": "[anonymous]",
    "organization": "[organization]",
    "project_title": "[project]",
    "project_number": "[project-number]",
}
#: Parts of metadata keys that say who measured, where, or anything at all.
_PERSONAL: Final = re.compile(
    r"(?<![a-z])(?:user|operator|owner|location|comments?|person|author|email|mail|phone|experimenter|researcher|analyst"
    r"|investigator|contact)(?![a-z])|使用者|利用者|測定者|実験者|担当者|作成者|提供者|ユーザ|氏名|連絡先|所属|場所|コメント|備考",
    re.IGNORECASE,
)
_FILE_SAFE: Final = re.compile(r"[\[\]]")

__all__ = ["MARKS", "Anonymised", "anonymise", "as_published"]


@frozen
class Anonymised:
    """The dataset as it may be published, and what was done to it.

    Attributes:
        dataset: Without what is hidden; ``is_anonymized`` is true.
        places: Where something was removed or replaced.
        renamed: Files that were renamed, old name and new; no two get the same new name.
        doubtful: Places where a part of a name stands alone, which may be a word: a person must look.
        remarks: What a person must still look at, codes of messages.
        files: Names of all files, as they were.
        hidden: What was looked for, to look for it in the files, too.
    """

    dataset: Dataset
    places: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    doubtful: tuple[str, ...]
    remarks: tuple[str, ...]
    files: tuple[str, ...]
    hidden: tuple[Trace, ...]


def anonymise(dataset: Dataset) -> Anonymised:
    """Return ``dataset`` without what names the registrant or the project.

    Raises:
        UsageError: It has a DOI or asks for one, which anonymity rules out; or nothing is known that could be hidden.
    """
    if filled(dataset.doi) or dataset.doi_requested or (dataset.catalogue and filled(dataset.catalogue.doi)):
        raise UsageError(message("anonymise-doi"))
    wanted = traces(dataset)
    if not wanted:
        raise UsageError(message("anonymise-nothing"))
    kinds = kinds_hidden(dataset)
    public = published(dataset)
    page = public.catalogue
    if page is not None and "project_number" in kinds:
        # The link of a page holds the number of its project.
        page = evolve(page, direct_link=None)
    public = evolve(
        public,
        is_anonymized=True,
        doi_requested=False,
        catalogue=page,
        sample=_sample(public.sample, kinds),
        entries=tuple(_entry(one, kinds) for one in public.entries),
    )
    # A family name that tells enough is replaced, too; whether a given name alone is one, a person decides.
    work = _Work([one for one in wanted if one.certainty != "perhaps"], _files_of(public))
    result = work.cleaned(public, "")
    remarks = ["anonymise-files"] if any(one.files for one in dataset.entries) else []
    remarks += ["anonymise-publications"] if dataset.publications else []
    return Anonymised(
        dataset=result,
        places=(*_removed(dataset, public), *work.places),
        renamed=tuple((old, new) for old, new in work.renamed.items() if old != new),
        doubtful=tuple(place for place, text in texts_of(result) if any(found_in(text, wanted))),
        remarks=tuple(remarks),
        files=tuple(work.renamed),
        hidden=wanted,
    )


def as_published(dataset: Dataset) -> Dataset:
    """Return a dataset as its page shows it: an anonymised one without what is hidden, any other as it is."""
    if not dataset.is_anonymized or not traces(dataset):
        return dataset
    # A DOI that it should not have does not keep its page from being shown.
    page = None if dataset.catalogue is None else evolve(dataset.catalogue, doi=None)
    return anonymise(evolve(dataset, doi=None, doi_requested=False, catalogue=page)).dataset


def _sample(sample: Sample | None, kinds: Sequence[Kind]) -> Sample | None:
    """Return a sample without its owner, whom the form hides with the registrant."""
    if sample is None or not {"name", "organization"} & set(kinds):
        return sample
    return evolve(sample, owner=None, owner_id=None, hide_owner=True)


def _entry(entry: DatasetEntry, kinds: Sequence[Kind]) -> DatasetEntry:
    metadata = None if entry.metadata is None else _impersonal(entry.metadata)
    registration = entry.registration
    if registration is not None:
        manual, sample = _impersonal(registration.manual), _sample(registration.sample, kinds)
        registration = evolve(registration, manual=manual, sample=sample)
    return evolve(entry, metadata=metadata, registration=registration)


def _impersonal(values: Mapping[str, Any]) -> FrozenMapping[str, Any]:
    return FrozenMapping({key: value for key, value in values.items() if not _PERSONAL.search(key)})


def _removed(before: Dataset, after: Dataset) -> Iterator[str]:
    """Yield what is not there any more: whole sections, and texts within others."""
    names = [one.name for one in attrs.fields(Dataset)]
    gone = [one for one in names if getattr(before, one) is not None and getattr(after, one) is None]
    yield from gone
    left = {place for place, _ in texts_of(after)}
    for place, _ in texts_of(before):
        if place not in left and re.split(r"[.\[]", place, maxsplit=1)[0] not in gone:
            yield place


def _files_of(dataset: Dataset) -> list[str]:
    """Return every name of a file in a dataset, once."""
    listed = [name for entry in dataset.entries for names in (entry.files or {}).values() for name in names]
    hashed = [name for entry in dataset.entries for name in entry.digests or ()]
    return list(dict.fromkeys([*listed, *hashed]))


class _Work:
    """Replaces what is hidden in every text of a record, and remembers where."""

    def __init__(self, hidden: Sequence[Trace], files: Sequence[str]) -> None:
        self._hidden = hidden
        self.places: list[str] = []
        self.renamed = self._names(files)
        # Figures that somebody wants are named without their folders.
        self._bases = {PurePosixPath(old).name: PurePosixPath(new).name for old, new in self.renamed.items()}

    def cleaned(self, value: Any, place: str) -> Any:
        if isinstance(value, str):
            return value if place in SHOWN else self._text(value, place)
        if attrs.has(type(value)):
            changes = {
                one.name: self._files(held)
                if one.name in ("files", "digests")
                else self.cleaned(held, f"{place}.{one.name}" if place else one.name)
                for one in attrs.fields(type(value))
                for held in (getattr(value, one.name),)
            }
            return evolve(value, **changes)
        if isinstance(value, Mapping):
            return FrozenMapping(
                {replaced(key, self._hidden, MARKS): self.cleaned(one, f"{place}.{key}") for key, one in value.items()}
            )
        if isinstance(value, tuple):
            return tuple(self.cleaned(one, f"{place}[{index}]") for index, one in enumerate(value))
        return value

    def _files(self, value: Mapping[str, Any] | None) -> Any:
        """Return names of files with the hidden replaced: the values by role, the keys of digests."""
        if value is None:
            return None
        return FrozenMapping(
            {self.renamed[key]: one for key, one in value.items()}
            if all(isinstance(one, str) for one in value.values())
            else {role: tuple(self.renamed[name] for name in names) for role, names in value.items()}
        )

    def _names(self, files: Sequence[str]) -> dict[str, str]:
        """Return the new name of each file, unlike every other one's."""
        cleaned = {name: replaced(name, self._hidden, MARKS) for name in files}
        wanted = {old: old if old == new else _FILE_SAFE.sub("", new) for old, new in cleaned.items()}
        taken = {old for old, new in wanted.items() if old == new}
        found = {}
        for old, new in wanted.items():
            found[old] = old if old == new else _unlike(new, taken)
            taken.add(found[old])
        return found

    def _text(self, text: str, place: str) -> str:
        new = self.renamed.get(text) or self._bases.get(text) or replaced(text, self._hidden, MARKS)
        if new != text:
            self.places.append(place)
        return new


def _unlike(name: str, taken: set[str]) -> str:
    """Return a name of a file that nobody has, with a number before its suffix where that is needed."""
    path, number, free = PurePosixPath(name), 1, name
    # File systems of Windows and macOS do not tell capital letters from small ones.
    held = {one.casefold() for one in taken}
    while free.casefold() in held:
        number += 1
        free = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
    return free
