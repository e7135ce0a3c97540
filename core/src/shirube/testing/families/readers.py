"""What readers claim, and what they touch while they read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shirube.blame import Registered
from shirube.hooks import Reader
from shirube.sources import SourceFile
from shirube.testing._check import Failed, check
from shirube.testing._foreign import FOREIGN
from shirube.testing._subject import Subject
from shirube.testing._surroundings import Watch, changed, snapshot, watched


@check("READ01", requires=["API07"])
def claims_without_raising(subject: Subject) -> None:
    """Asked about a foreign file a reader answers; it never raises, whatever the bytes are.

    他の形式のファイルについて尋ねられても、リーダーは例外を出さずに答える。
    """
    for registered, _, source in _foreign(subject):
        subject.plugins.call(registered, "claims", source)


@check("READ02", requires=["READ01"])
def claims_nothing_foreign(subject: Subject) -> None:
    """A reader claims no file of another format, empty and broken ones among them.

    リーダーは他の形式のファイル（空や壊れたものを含む）を自分のものとしない。
    """
    for registered, name, source in _foreign(subject):
        if subject.plugins.call(registered, "claims", source):
            raise Failed.because("conformance-seen-claims-foreign", name=registered.name, file=source.name, format=name)


@check("READ03", requires=["READ01"])
def claims_its_samples(subject: Subject) -> None:
    """A reader claims its own samples.

    リーダーは自分の見本ファイルを自分のものとする。
    """
    declined = [source.name for one, source in subject.data_files() if not subject.plugins.call(one, "claims", source)]
    if declined:
        raise Failed(", ".join(declined))


@check("READ04", requires=["API07"])
def opens_nothing_else(subject: Subject) -> None:
    """Reading opens the data file and its sidecar, and neither lists nor opens what else lies around them.

    読み込みで開くのはデータファイルと追加メタデータだけで、周囲のファイルやフォルダーを見ない。
    """
    for registered, source in subject.data_files():
        allowed = {one.path.resolve() for one in (source, source.sidecar) if one is not None}
        watch = _watch_reading(subject, registered, source)
        strangers = [path for path in watch.opened if path.resolve() not in allowed and _is_around(path, subject)]
        strangers += [path for path in watch.listed if _is_around(path, subject)]
        if strangers:
            raise Failed(f"{source.name}: {os.path.relpath(strangers[0], source.path.parent)}")


@check("READ05", requires=["API07"])
def reads_without_network(subject: Subject) -> None:
    """Reading does not use the network.

    読み込みにネットワークを使わない。
    """
    for registered, source in subject.data_files():
        watch = _watch_reading(subject, registered, source)
        if watch.called:
            raise Failed(f"{source.name}: {watch.called[0]}")


@check("READ06", requires=["API07"])
def writes_nothing(subject: Subject) -> None:
    """Reading writes nothing, and leaves the data file and its sidecar as they were.

    読み込みは何も書かず、データファイルと追加メタデータを変えない。
    """
    for registered, source in subject.data_files():
        before = _digests(source.path.parent)
        watch = _watch_reading(subject, registered, source)
        if _digests(source.path.parent) != before:
            raise Failed.because("conformance-seen-file-changed", file=source.name)
        if watch.left:
            raise Failed.because("conformance-seen-file-written", file=source.name, written=watch.left[0].name)


@check("READ07", requires=["API07"])
def leaves_surroundings(subject: Subject) -> None:
    """Reading leaves the surroundings as they were: folder, environment, locale, logging, warnings, random states.

    読み込みは周囲（フォルダー、環境変数、ロケール、ログ、警告、乱数の状態）を変えない。
    """
    for registered, source in subject.data_files():
        _watch_reading(subject, registered, source)
        before = snapshot()
        _watch_reading(subject, registered, source)
        differing = changed(before, snapshot())
        if differing:
            raise Failed(f"{source.name}: {', '.join(differing)}")


def _foreign(subject: Subject) -> Iterator[tuple[Registered[Reader], str, SourceFile]]:
    folder = subject.folder()
    for registered in subject.own("shirube_readers"):
        for name, data in FOREIGN.items():
            if name not in subject.samples.formats:
                path = folder / f"{name}{registered.record.suffixes[0] if registered.record.suffixes else ''}"
                path.write_bytes(data)
                yield registered, name, SourceFile(path)


def _watch_reading(subject: Subject, registered: Registered[Reader], source: SourceFile) -> Watch:
    """Return what happened while a sample was read; whether that went well is another check's matter."""
    with watched() as watch, suppress(Exception):
        subject.read(registered, source)
    return watch


def _is_around(path: Path, subject: Subject) -> bool:
    place = path.resolve()
    return place.is_relative_to(subject.root.resolve())


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}
