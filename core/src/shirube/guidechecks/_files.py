"""Whether the files of an entry are those that a guide wants registered."""

from __future__ import annotations

from collections.abc import Iterator

from shirube.guidechecks._shared import guide_of, said
from shirube.guides import file_matches
from shirube.records import Entry
from shirube.rules import Judgement, RuleContext, failed, not_applicable, passed

__all__ = ["judge_files", "judge_sidecars"]


def judge_files(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Judge that there is a measurement file, that each has its format, and that each could be read."""
    patterns = guide_of(context).files.data
    shown = ", ".join(patterns)
    read = {measurement.name for measurement in entry.measurements}
    wrong = False
    for source in entry.files:
        if source.name in read and not file_matches(patterns, source.name):
            wrong = True
            yield failed(said("check-wrong-format", file=source.name, patterns=shown), path=source.name)
        elif source.name not in read and file_matches(patterns, source.name):
            wrong = True
            yield failed(said("check-not-read", file=source.name), path=source.name)
    if any(file_matches(patterns, name) for name in read):
        yield passed(patterns=shown)
    elif not wrong:
        yield failed(patterns=shown)


def judge_sidecars(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Judge that each sidecar belongs to a data file."""
    patterns = guide_of(context).files.sidecars
    paired = {source.name for measurement in entry.measurements for source in measurement.sources[1:]}
    orphans = [one.name for one in entry.files if file_matches(patterns, one.name) and one.name not in paired]
    for name in orphans:
        yield failed(path=name, file=name)
    if not orphans:
        yield passed() if paired else not_applicable()
