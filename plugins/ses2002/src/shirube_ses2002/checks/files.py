"""Which files are there, how they are named, and whether they could be read."""

from __future__ import annotations

import fnmatch
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from shirube.guidechecks import guide_of
from shirube.guides import file_matches
from shirube.records import Entry, Remark
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, passed
from shirube_ses2002.checks.stated import say

#: What the reader remarks of a file that is not as SES writes it.
#: What only lenient reading lets pass.
_BROKEN: Final = ("region-skipped", "read-anyway")
_ODD: Final = ("lost-line-end",)

__all__ = ["JUDGES", "named_as_sidecar", "other_format", "paired", "readable", "registered", "sidecar_keys"]


def registered(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that there is a measurement file; its suffix in capitals is worth a note."""
    patterns = guide_of(context).files.data
    names = _matching(entry, patterns)
    if not names:
        return failed(patterns=", ".join(patterns))
    odd = [one for one in names if not any(fnmatch.fnmatchcase(one, pattern) for pattern in patterns)]
    if odd:
        return failed(say("suffix-in-capitals", files=", ".join(odd)), note=True, path=odd[0])
    return passed(count=len(names))


def named_as_sidecar(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Judge that JSON files are named as additional metadata are; another one is worth a note."""
    patterns = guide_of(context).files.sidecars
    names = _matching(entry, ("*.json",))
    strangers = [one for one in names if not file_matches(patterns, one)]
    for name in strangers:
        yield failed(note=True, path=name, file=name, patterns=", ".join(patterns))
    if not strangers:
        yield passed(count=len(names)) if names else not_applicable(say("no-sidecar"))


def paired(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Judge that additional metadata are named after exactly one data file."""
    files = guide_of(context).files
    data = _matching(entry, files.data)
    sidecars = _matching(entry, files.sidecars)
    for name in sidecars:
        owners = [one for one in data if _normal(name) in [_normal(_named(one, pattern)) for pattern in files.sidecars]]
        if not owners:
            yield failed(path=name, file=name)
        elif len(owners) > 1:
            yield failed(say("sidecar-of-several", file=name, owners=", ".join(owners)), path=name)
        else:
            yield passed(file=name, data=owners[0])
    if not sidecars:
        yield not_applicable(say("no-sidecar"))


def sidecar_keys(entry: Entry, _: RuleContext) -> Iterator[Judgement]:
    """Judge that additional metadata hold the photon energy and nothing that nobody reads.

    Whatever makes them unusable has stopped the reading: no finding on the entry could say it.
    """
    named = {source.name for measurement in entry.measurements for source in measurement.sources[1:]}
    odd = [one for one in _remarks(entry) if one.file in named and one.code.startswith("sidecar-")]
    for one in odd:
        yield failed(one.message, note=True, path=one.file)
    if not odd:
        yield passed() if named else not_applicable(say("no-sidecar"))


def other_format(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Judge that measurements are registered in the format for registration; beside it another is worth a note."""
    files = guide_of(context).files
    read = {measurement.name for measurement in entry.measurements}
    exported = {PurePosixPath(one).with_suffix("") for one in _matching(entry, files.data)}
    others = [
        one.name
        for one in entry.files
        if file_matches(files.other, one.name) or (one.name in read and not file_matches(files.data, one.name))
    ]
    for name in others:
        beside = PurePosixPath(name).with_suffix("") in exported
        yield failed(note=beside, path=name, file=name, patterns=", ".join(files.data))
    if not others:
        yield passed()


def readable(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Judge that every measurement file could be read, whole, and as SES writes it."""
    names = _matching(entry, guide_of(context).files.data)
    read = {measurement.name for measurement in entry.measurements}
    answers = [failed(path=name, file=name, detail=say("not-ses-text")) for name in names if name not in read]
    for one in _remarks(entry):
        if one.file not in names:
            continue
        if one.code in _BROKEN:
            answers.append(failed(path=one.file, file=one.file, detail=one.message))
        elif one.code in _ODD:
            answers.append(failed(one.message, note=True, path=one.file))
        elif one.code in ("encoding", "encoding-marked"):
            answers.append(informational(one.message))
    yield from answers or [passed(count=len(names)) if names else not_applicable(say("no-data"))]


def _matching(entry: Entry, patterns: tuple[str, ...]) -> list[str]:
    return [one.name for one in entry.files if file_matches(patterns, one.name)]


def _named(data: str, pattern: str) -> str:
    """Return what additional metadata of a data file are called."""
    path = PurePosixPath(data)
    return str(path.with_name(pattern.replace("*", path.stem)))


def _normal(name: str) -> str:
    # macOS stores Japanese names decomposed; the same name must pair wherever it comes from.
    return unicodedata.normalize("NFC", name)


def _remarks(entry: Entry) -> Iterator[Remark]:
    yield from (one for measurement in entry.measurements for one in measurement.remarks)


JUDGES: Final = {
    "FIL-001": registered,
    "FIL-002": named_as_sidecar,
    "FIL-003": paired,
    "FIL-004": sidecar_keys,
    "FIL-005": other_format,
    "FIL-006": readable,
}
