"""What readers return, and how they refuse what is broken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from shirube.blame import Registered
from shirube.errors import InputError, message_of
from shirube.hooks import Reader
from shirube.messages import LANGUAGES, Text
from shirube.records import Axis, Measurement, Spectrum
from shirube.sources import SourceFile, hash_file
from shirube.testing._check import Failed, Skipped, check
from shirube.testing._subject import Subject, speaks_both

#: So many truncations are tried of all samples together; of larger ones, evenly spaced.
TRUNCATIONS: Final = 1500
_READS: Final = ["READ03", "READ04", "READ05", "READ06"]


@check("READ08", requires=_READS)
def reads_its_samples(subject: Subject) -> None:
    """A reader reads its own samples, without an error and without a warning.

    リーダーは自分の見本ファイルを、エラーも警告もなく読む。
    """
    for _ in subject.measurements:
        pass


@check("READ09", requires=["READ08"])
def names_reader_and_spectra(subject: Subject) -> None:
    """A measurement names its reader and its file, holds a spectrum, and no two of its spectra have one id.

    測定結果はリーダー名とファイル名をもち、スペクトルを含み、スペクトルの ID は重複しない。
    """
    for (registered, source), measurement in _pairs(subject):
        ids = [spectrum.id for spectrum in measurement.spectra]
        if (measurement.reader, measurement.name) != (registered.name, source.name):
            raise Failed.because(
                "conformance-seen-measurement-named", file=source.name, reader=measurement.reader, name=measurement.name
            )
        if not ids or len(set(ids)) != len(ids):
            raise Failed.because("conformance-seen-spectrum-ids", file=source.name, ids=ids)


@check("READ10", requires=["READ09"])
def ids_follow_the_file(subject: Subject) -> None:
    """Under another name a file gives spectra of other ids, so that two files can stand in one entry.

    ファイル名が違えばスペクトルの ID も違う（一つのエントリーに複数のファイルを入れられる）。
    """
    for (registered, source), measurement in _pairs(subject):
        other = SourceFile(source.path, name=f"other-{source.name}", sidecar=source.sidecar)
        again = {spectrum.id for spectrum in subject.read(registered, other).spectra}
        equal = again & {spectrum.id for spectrum in measurement.spectra}
        if equal:
            raise Failed.because("conformance-seen-same-id", file=source.name, id=min(equal))


@check("READ11", requires=["READ08"])
def reads_the_same_twice(subject: Subject) -> None:
    """Reading a file again gives the same, to the last bit.

    同じファイルを再び読むと、まったく同じ結果になる。
    """
    for (registered, source), measurement in _pairs(subject):
        if not measurement.same_as(subject.read(registered, source)):
            raise Failed(source.name)


@check("READ12", requires=["READ08"])
def axes_are_monotone(subject: Subject) -> None:
    """The energies of a spectrum rise or fall all the way.

    スペクトルのエネルギー軸は単調に増加または減少する。
    """
    for spectrum, axis in _axes(subject):
        steps = np.diff(axis.values)
        if axis.name == "energy" and not ((steps > 0).all() or (steps < 0).all()):
            raise Failed.because("conformance-seen-axis", where=spectrum.id, axis=axis.name)


@check("READ13", requires=["READ08"])
def axes_have_units(subject: Subject) -> None:
    """Energies are in electronvolts, and an axis that does not merely count has a unit.

    エネルギー軸の単位は eV で、番号でない軸には単位がある。
    """
    for spectrum, axis in _axes(subject):
        if axis.name == "energy" and axis.unit != "eV":
            raise Failed.because("conformance-seen-energy-unit", where=spectrum.id, unit=axis.unit)
        if not axis.unit and not np.array_equal(axis.values, np.round(axis.values)):
            raise Failed.because("conformance-seen-axis-unit", where=spectrum.id, axis=axis.name)


@check("READ14", requires=["READ08"])
def sources_are_hashed(subject: Subject) -> None:
    """A measurement records what it was read from: the data file first, then the sidecar, each with its SHA-256.

    測定結果は読み込んだファイルを記録する（データファイル、追加メタデータの順に、それぞれ SHA-256 付き）。
    """
    for (_, source), measurement in _pairs(subject):
        wanted = [hash_file(one.path, one.name) for one in (source, source.sidecar) if one is not None]
        if list(measurement.sources) != wanted:
            raise Failed(f"{source.name}: {[one.name for one in measurement.sources]}")


@check("READ15", requires=["READ08"])
def raw_values_have_places(subject: Subject) -> None:
    """Every raw key says where it stands: the file's name, never a path, and a line that the file has.

    元のキーはどこにあるかを述べる（パスを含まないファイル名と、実在する行）。
    """
    for (_, source), measurement in _pairs(subject):
        lines = {one.name: _line_count(one.path) for one in (source, source.sidecar) if one is not None}
        raw = [*measurement.metadata, *(value for spectrum in measurement.spectra for value in spectrum.metadata)]
        for value in raw:
            if value.file not in lines:
                raise Failed.because("conformance-seen-key-file", key=value.key, file=value.file)
            if value.line is not None and not 1 <= value.line <= lines[value.file]:
                raise Failed.because(
                    "conformance-seen-key-line", key=value.key, line=value.line, count=lines[value.file]
                )


@check("READ16", requires=["READ08"])
def texts_hold_no_paths(subject: Subject) -> None:
    """Names, ids and remarks hold no path of the machine.

    名前・ID・注記に、計算機のパスが入らない。
    """
    folder = str(subject.sample_folder)
    for measurement in subject.measurements:
        texts = [measurement.name, *(one.message.en for one in measurement.remarks), *(_texts_of(measurement))]
        leaking = [text for text in texts if folder in text or os.path.isabs(text)]  # noqa: PTH117 it is a text
        if leaking:
            raise Failed(leaking[0].replace(folder, "<folder>"))


@check("READ17", requires=["READ08"])
def reads_japanese_names(subject: Subject) -> None:
    """A file with a Japanese name, spaces and brackets reads as any other.

    日本語・空白・括弧を含む名前のファイルも同じように読める。
    """
    folder = subject.folder()
    for (registered, source), measurement in _pairs(subject):
        path = folder / f"試料 (１) [a] #{source.path.suffix}"
        path.write_bytes(source.path.read_bytes())
        read = subject.read(registered, SourceFile(path, sidecar=source.sidecar))
        if len(read.spectra) != len(measurement.spectra):
            raise Failed.because(
                "conformance-seen-read-differently", file=source.name, name=path.name, count=len(read.spectra)
            )


@check("READ18", requires=["READ08"])
def truncations_are_refused(subject: Subject) -> None:
    """Of a file that was cut anywhere a reader gives what is there or raises InputError, and nothing else.

    途中で切れたファイルには、読める内容を返すか InputError を出す（それ以外の例外を出さない）。
    """
    for name, error in _refusals(subject):
        if error is not None and not isinstance(error, InputError):
            told = Text(**{lang: message_of(error, lang) for lang in LANGUAGES})
            raise Failed.told(f"{name}: {type(error).__name__}", told)


@check("READ19", requires=["READ18"])
def refusals_name_the_file(subject: Subject) -> None:
    """A refusal names the file as the user knows it, without the folders of the machine.

    エラーは、計算機のフォルダーを含まないファイル名を示す。
    """
    for name, error in _refusals(subject):
        if isinstance(error, InputError) and error.path != name.rpartition(", cut")[0]:
            raise Failed.because("conformance-seen-error-path", where=name, path=error.path)


@check("READ20", requires=["READ18"])
def refusals_speak_both(subject: Subject) -> None:
    """A refusal speaks English and Japanese.

    エラーは英語と日本語で述べられる。
    """
    for name, error in _refusals(subject):
        if isinstance(error, InputError) and not speaks_both(error.message):
            raise Failed(f"{name}: {error.render('ja')}")


def _pairs(subject: Subject) -> Iterator[tuple[tuple[Registered[Reader], SourceFile], Measurement]]:
    yield from zip(subject.data_files(), subject.measurements, strict=True)


def _axes(subject: Subject) -> Iterator[tuple[Spectrum, Axis]]:
    for measurement in subject.measurements:
        for spectrum in measurement.spectra:
            yield from ((spectrum, axis) for axis in spectrum.axes)


def _texts_of(measurement: Measurement) -> Iterator[str]:
    for spectrum in measurement.spectra:
        yield from (spectrum.id, spectrum.name)


def _line_count(path: Path) -> int:
    data = path.read_bytes()
    return max(data.count(b"\n"), data.count(b"\r")) + 1


def _refusals(subject: Subject) -> tuple[tuple[str, Exception | None], ...]:
    """Return what came of every truncation of every sample and sidecar, by a name that says which."""
    return subject.once("truncations", lambda: tuple(_truncated(subject)))


def _truncated(subject: Subject) -> Iterator[tuple[str, Exception | None]]:
    sources = subject.data_files()
    parts = [(one, source, part) for one, source in sources for part in (source, source.sidecar) if part is not None]
    total = sum(part.path.stat().st_size for _, _, part in parts)
    step = -(-total // TRUNCATIONS) or 1
    if not total:
        raise Skipped.because("conformance-no-files")
    folder = subject.folder()
    for registered, source, part in parts:
        data = part.path.read_bytes()
        for size in range(0, len(data), step):
            path = folder / part.path.name
            path.write_bytes(data[:size])
            cut = SourceFile(path, name=part.name)
            whole = cut if part is source else SourceFile(source.path, name=source.name)
            whole.sidecar = source.sidecar if part is source else cut
            yield f"{part.name}, cut after {size} bytes", _refusal(subject, registered, whole)


def _refusal(subject: Subject, registered: Registered[Reader], source: SourceFile) -> Exception | None:
    try:
        subject.plugins.call(registered, "claims", source)
        subject.read(registered, source)
    except Exception as error:  # noqa: BLE001 which one it is, is the question
        return error
    return None
