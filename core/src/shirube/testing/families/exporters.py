"""Exporters: all of it or nothing, always the same bytes, and nothing outside of their folder."""

from __future__ import annotations

import errno
import os
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from shirube.blame import Registered
from shirube.errors import ShirubeError, core_message
from shirube.exporting import RenderedFigure
from shirube.hooks import Exporter
from shirube.pipeline import export_context, write
from shirube.records import Dataset, Finding, Item, Outcome
from shirube.rendering import render_figures
from shirube.testing._check import Failed, Skipped, check
from shirube.testing._killed import Writing, at_each_writing
from shirube.testing._subject import Subject, speaks_both
from shirube.testing._surroundings import changed, snapshot, watched

#: So many places of a writing are made to fail, spread over the whole of it.
_FAULTS: Final = 12


@frozen(eq=False)
class _Written:
    """What an exporter wrote in a folder."""

    folder: Path
    outside: tuple[Path, ...]

    def tree(self) -> dict[str, bytes]:
        """Return the bytes of every file by its path, folders as empty ones."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes() if path.is_file() else b""
            for path in sorted(self.folder.rglob("*"))
        }


@check("EXP01", requires=["API07", "API09", "API10", "AMD03"])
def writes(subject: Subject) -> None:
    """An exporter writes outcomes into an empty folder, without an error and without a warning.

    エクスポーターは空のフォルダーに、エラーも警告もなく結果を書く。
    """
    for one in subject.own("shirube_exporters"):
        if not _written(subject, one).tree():
            raise Failed.because("conformance-seen-writes-nothing", name=one.name)


@check("EXP02", requires=["EXP01"])
def writes_inside(subject: Subject) -> None:
    """An exporter writes nothing outside of the folder that it is given.

    エクスポーターは、与えられたフォルダーの外に何も書かない。
    """
    for one in subject.own("shirube_exporters"):
        outside = _written(subject, one).outside
        if outside:
            raise Failed(f"{one.name}: {outside[0]}")


@check("EXP03", requires=["EXP02"])
def names_do_not_escape(subject: Subject) -> None:
    """No name of an entry leads out of the folder, whatever it holds: the name is changed, or refused.

    エントリー名がどのようなものでも、フォルダーの外に書かない（名前を変えるか断る）。
    """
    for one in subject.own("shirube_exporters"):
        for name in ("../escape", "/escape", "a/../../escape", "..", "C:\\escape", "nul\0"):
            outcomes, items = subject.outcomes()
            named = [evolve(outcomes[0], entry=evolve(outcomes[0].entry, name=name))]
            try:
                written = _write(subject, one, named, evolve(items[0], name=name))
            except (ShirubeError, OSError, ValueError):
                continue
            if written.outside:
                raise Failed.because(
                    "conformance-seen-name-leads", exporter=one.name, name=name, path=written.outside[0]
                )


@check("EXP04", requires=["EXP01"])
def writes_the_same_twice(subject: Subject) -> None:
    """The same outcomes give the same files, to the last byte.

    同じ結果からは、1 バイトも違わない同じファイルができる。
    """
    for one in subject.own("shirube_exporters"):
        first, second = _written(subject, one).tree(), _fresh(subject, one).tree()
        different = [name for name in {*first, *second} if first.get(name) != second.get(name)]
        if different:
            raise Failed(f"{one.name}: {min(different)}")


@check("EXP05", requires=["EXP01"])
def leaves_inputs(subject: Subject) -> None:
    """Writing leaves the surroundings and the input files as they were.

    書き出しは周囲と入力ファイルを変えない。
    """
    for one in subject.own("shirube_exporters"):
        outcomes, items = subject.outcomes()
        inputs = [file.path for item in items for file in item.files()]
        _write(subject, one, outcomes, *items)
        before, bytes_before = snapshot(), [path.read_bytes() for path in inputs]
        _write(subject, one, outcomes, *items)
        differing = changed(before, snapshot())
        if differing:
            raise Failed(f"{one.name}: {', '.join(differing)}")
        if bytes_before != [path.read_bytes() if path.is_file() else b"" for path in inputs]:
            raise Failed.told(one.name, core_message("conformance-seen-input-files"))


@check("EXP06", requires=["EXP01"])
def holds_no_paths(subject: Subject) -> None:
    """No file that is written holds a path of the machine.

    書かれたファイルに、計算機のパスが入らない。
    """
    needle = str(subject.root).encode()
    for one in subject.own("shirube_exporters"):
        leaking = [name for name, data in _written(subject, one).tree().items() if needle in data]
        if leaking:
            raise Failed(f"{one.name}: {leaking[0]}")


@check("EXP07", requires=["EXP02"])
def full_disks_are_told(subject: Subject) -> None:
    """When the disk is full in the middle, the error comes out: half a tree is never taken for a whole one.

    途中でディスクがいっぱいになれば、そのエラーが外に出る（不完全な出力を完全なものとしない）。
    """
    for one in subject.own("shirube_exporters"):
        count = _count_writings(subject, one)
        for number in range(0, count, -(-count // _FAULTS) or 1):
            if _survives(subject, one, number):
                raise Failed.because("conformance-seen-disk-full-silent", name=one.name, number=number + 1, count=count)


@check("EXP08", requires=["EXP04", "EXP07"], once=True)
def killed_half_way(subject: Subject) -> None:
    """Killed in the middle, it leaves what was there before, and the next run writes the whole tree.

    途中で強制終了しても前の出力が残り、次の実行で完全な出力ができる。
    """
    for one in subject.own("shirube_exporters"):
        target, job = subject.folder() / "out", subject.folder() / "job"
        outcomes, items = subject.outcomes()
        figures = _figures(subject)
        settings = subject.settings.with_values({"run.exporters": one.name})
        shared: dict[str, Any] = {"items": items, "figures": figures}
        write(outcomes, target, subject.plugins, settings, **shared)
        before = _Written(target, ()).tree()
        half = _count_writings(subject, one) // 2
        writing = Writing(plugin=subject.name, exporter=one.name, outcomes=outcomes, settings=settings, **shared)
        job.write_bytes(pickle.dumps(writing))
        try:
            subject.child("shirube.testing._killed", str(job), str(target), str(half))
        except Failed:
            pass
        else:
            raise Failed.because("conformance-seen-not-killed", name=one.name)
        if _Written(target, ()).tree() != before:
            raise Failed.because("conformance-seen-tree-changed", name=one.name)
        write(outcomes, target, subject.plugins, settings, overwrite=True, **shared)
        if _Written(target, ()).tree() != before:
            raise Failed.because("conformance-seen-tree-differs", name=one.name)


@check("EXP09", requires=["EXP01"])
def verifies_its_own(subject: Subject) -> None:
    """What an exporter wrote passes its own verification, whose findings speak both languages.

    自分の書いたものは自分の検査に通り、その指摘は両言語で述べられる。
    """
    for one in _with(subject, "verify"):
        findings = subject.plugins.call(one, "verify", _written(subject, one).folder, subject.parameters(one))
        for finding in subject.plugins.checked_all(one, findings, Finding):
            if finding.counts or not speaks_both(finding.message):
                raise Failed.told(f"{one.name}: {finding.rule}", finding.message)


@check("EXP10", requires=["EXP09"])
def verification_sees_damage(subject: Subject) -> None:
    """Verification finds fault, or refuses, when files of the tree are gone.

    検査は、ファイルが失われていれば指摘するか断る。
    """
    for one in _with(subject, "verify"):
        folder = _fresh(subject, one).folder
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            path.unlink()
        try:
            findings = subject.plugins.call(one, "verify", folder, subject.parameters(one))
        except ShirubeError:
            continue
        if not any(finding.kind == "fail" for finding in findings):
            raise Failed.because("conformance-seen-nothing-missed", name=one.name)


@check("EXP11", requires=["EXP01"])
def reads_only_its_own(subject: Subject) -> None:
    """Asked to read a folder that is not its own an exporter says None, or what is wrong; of its own a dataset.

    自分のものでないフォルダーには None かエラーを返し、自分のものからはデータセットを返す。
    """
    for one in _with(subject, "read"):
        strange = subject.folder()
        (strange / "notes.txt").write_text("nothing of yours\n", encoding="utf-8")
        for place in (strange, strange / "notes.txt", subject.folder()):
            answer = subject.plugins.call(one, "read", place, subject.parameters(one))
            if answer is not None:
                raise Failed.because("conformance-seen-reads-foreign", name=one.name, kind=type(answer).__name__)
        own = subject.plugins.call(one, "read", _written(subject, one).folder, subject.parameters(one))
        if own is not None:
            subject.plugins.checked(one, own, Dataset)


def _with(subject: Subject, method: str) -> list[Registered[Exporter]]:
    found = [one for one in subject.own("shirube_exporters") if subject.plugins.provides(one, method)]
    if not found:
        raise Skipped.because("conformance-no-method", method=method)
    return found


def _written(subject: Subject, one: Registered[Exporter]) -> _Written:
    return subject.once(f"written-{one.name}", lambda: _fresh(subject, one))


def _fresh(subject: Subject, one: Registered[Exporter]) -> _Written:
    outcomes, items = subject.outcomes()
    return _write(subject, one, outcomes, *items)


def _write(subject: Subject, one: Registered[Exporter], outcomes: Sequence[Outcome], *items: Item) -> _Written:
    figures = _figures(subject) if outcomes == subject.outcomes()[0] else ()
    context = export_context(subject.plugins, subject.settings, figures=figures, items=items)
    folder = subject.folder() / "target"
    folder.mkdir()
    with watched() as watch:
        subject.plugins.call(one, "write", outcomes, folder, context, subject.parameters(one))
    outside = [path for path in watch.written if not _is_inside(path, folder)]
    return _Written(folder, tuple(outside))


def _figures(subject: Subject) -> tuple[RenderedFigure, ...]:
    """Return the figures of the kit's outcomes, as a run would have rendered them."""
    return subject.once("figures", lambda: render_figures(subject.outcomes()[0], subject.plugins, "en"))


def _is_inside(path: Path, folder: Path) -> bool:
    place = Path(os.path.realpath(path))
    return place.is_relative_to(folder.resolve()) or "__pycache__" in place.parts or place == Path(os.devnull)


def _count_writings(subject: Subject, one: Registered[Exporter]) -> int:
    written: list[Path] = []
    with at_each_writing(written.append):
        folder = _fresh(subject, one).folder
    return len([path for path in written if path.is_relative_to(folder)])


def _survives(subject: Subject, one: Registered[Exporter], number: int) -> bool:
    """Tell whether an exporter went on although its file of this number could not be written."""
    seen: list[Path] = []

    def fail(path: Path) -> None:
        if "target" in path.parts:
            seen.append(path)
            if len(seen) == number + 1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with at_each_writing(fail):
        try:
            _fresh(subject, one)
        except (OSError, ShirubeError):
            return False
    return len(seen) > number
