"""Analyses: repeatable, honest about what they do not know, and stoppable."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve, frozen

from shirube.blame import Registered
from shirube.errors import UnitError
from shirube.hooks import Analysis
from shirube.progress import NoProgress
from shirube.records import AnalysisTarget, Entry, Facts, Measurement, Result, Spectrum
from shirube.reduction import entry_target, spectrum_target
from shirube.testing._check import Failed, Skipped, check
from shirube.testing._standard import facts_of, hostile_spectra, standard_spectra
from shirube.testing._subject import Subject, speaks_both
from shirube.testing._surroundings import changed, snapshot, watched
from shirube.units import convert

#: So many targets of each analysis are analysed.
_TARGETS = 2


@frozen(eq=False)
class Analysed:
    """What an analysis found on one target, and the files that it wrote meanwhile."""

    registered: Registered[Analysis]
    target: AnalysisTarget
    result: Result
    written: tuple[Path, ...]

    @property
    def shown(self) -> str:
        """Analysis and target, for messages."""
        return f"{self.registered.name}, {self.result.target}"


class Stop(BaseException):
    """What a person who is tired of waiting raises; no analysis may keep it to itself."""


class _Recorder:
    """Progress that is written down, and stopped after ``calls`` calls."""

    def __init__(self, calls: int | None = None) -> None:
        self.told: list[float] = []
        self._calls = calls

    def update(self, done: float, label: str = "") -> None:
        del label
        self.told.append(done)
        if self._calls is not None and len(self.told) == self._calls:
            raise Stop


@check("ANA01", requires=["API10"])
def terms_are_known(subject: Subject) -> None:
    """The terms that an analysis requires and yields are known.

    解析が必要とする用語と返す用語は既知である。
    """
    for one in subject.own("shirube_analyses"):
        unknown = sorted({*one.record.requires, *one.record.yields} - set(subject.vocabulary))
        if unknown:
            raise Failed(f"{one.name}: {', '.join(unknown)}")


@check("ANA02", requires=["API07", "API09", "ANA01", "READ09"])
def runs(subject: Subject) -> None:
    """An analysis runs on a spectrum that it applies to, without an error and without a warning.

    解析は、対象となるスペクトルについて、エラーも警告もなく終わる。
    """
    analysed(subject)


@check("ANA03", requires=["ANA02"])
def yields_what_it_says(subject: Subject) -> None:
    """A result holds no term but those that the analysis says it yields.

    結果は、返すと述べた用語だけを含む。
    """
    for one in analysed(subject):
        others = set(one.result.scalars) - set(one.registered.record.yields)
        if others:
            raise Failed(f"{one.shown}: {', '.join(sorted(others))}")


@check("ANA04", requires=["ANA03"])
def units_fit_the_terms(subject: Subject) -> None:
    """The unit of a result converts to the unit of its term.

    結果の単位は用語の単位に変換できる。
    """
    for one in analysed(subject):
        for name, quantity in one.result.scalars.items():
            unit = subject.vocabulary[name].unit
            try:
                fits = quantity.unit == unit or (quantity.unit and unit and convert(1.0, quantity.unit, unit))
            except UnitError:
                fits = False
            if not fits:
                raise Failed.because(
                    "conformance-seen-wrong-unit", where=f"{one.shown}: {name}", unit=quantity.unit, wanted=unit
                )


@check("ANA05", requires=["ANA03"])
def numbers_have_uncertainties(subject: Subject) -> None:
    """A number with a unit carries its standard uncertainty in some result, unless its origin is an axis or a setting.

    単位のある数値は、いずれかの結果で標準不確かさをもつ（軸や設定に由来するものを除く）。
    """
    stated: dict[str, list[float | None]] = {}
    for one in analysed(subject):
        for name, quantity in one.result.scalars.items():
            measured = quantity.origin.kind not in ("axis", "settings", "guide", "invoice")
            if measured and quantity.unit is not None and isinstance(quantity.value, float):
                stated.setdefault(name, []).append(quantity.uncertainty)
    for name, found in stated.items():
        known = [one for one in found if one is not None]
        if not known or min(known) < 0.0:
            raise Failed(f"{name}: {found}")


@check("ANA06", requires=["ANA02"])
def runs_the_same_twice(subject: Subject) -> None:
    """The same target and parameters give the same result, to the last bit, whatever random numbers were drawn before.

    同じ対象とパラメーターからは、乱数の状態によらず、まったく同じ結果が得られる。
    """
    for one in analysed(subject):
        random.seed(subject.seed + 99)
        np.random.seed(subject.seed + 99)  # noqa: NPY002 it is the shared state that must not matter
        again = _run(subject, one.registered, one.target, NoProgress())
        if not one.result.same_as(again):
            raise Failed(one.shown)


@check("ANA07", requires=["ANA02"])
def leaves_surroundings(subject: Subject) -> None:
    """Running leaves the surroundings as they were: random states, folder, environment, warnings, logging, threads.

    解析は周囲（乱数の状態、フォルダー、環境変数、警告、ログ、スレッド）を変えない。
    """
    for one in analysed(subject):
        before = snapshot()
        _run(subject, one.registered, one.target, NoProgress())
        differing = changed(before, snapshot())
        if differing:
            raise Failed(f"{one.shown}: {', '.join(differing)}")


@check("ANA08", requires=["ANA06"])
def leaves_the_target(subject: Subject) -> None:
    """Running leaves its target as it was, and can be given one that came from another process.

    解析は対象を変えず、他のプロセスから来た対象も扱える。
    """
    for one in analysed(subject):
        before = pickle.dumps(one.target)
        result = _run(subject, one.registered, pickle.loads(before), NoProgress())  # noqa: S301 our own bytes
        _run(subject, one.registered, one.target, NoProgress())
        if pickle.dumps(one.target) != before or not result.same_as(one.result):
            raise Failed(one.shown)


@check("ANA09", requires=["ANA02"])
def progress_is_told(subject: Subject) -> None:
    """Progress goes from 0 to 1 and never back.

    進捗は 0 から 1 へ進み、戻らない。
    """
    for one in analysed(subject):
        recorder = _Recorder()
        _run(subject, one.registered, one.target, recorder)
        if any(not 0.0 <= done <= 1.0 for done in recorder.told) or recorder.told != sorted(recorder.told):
            raise Failed(f"{one.shown}: {recorder.told[:8]}")


@check("ANA10", requires=["ANA02"])
def can_be_cancelled(subject: Subject) -> None:
    """A person who stops an analysis while it tells its progress is obeyed: what that raises comes out.

    進捗の通知中に中止すると、その例外がそのまま外に出る。
    """
    for one in analysed(subject):
        recorder = _Recorder(calls=1)
        function = subject.plugins.implementation(one.registered).run
        with suppress(Stop):
            function(one.target, subject.parameters(one.registered), recorder)
            if recorder.told:
                raise Failed.because("conformance-seen-goes-on", where=one.shown)


@check("ANA11", requires=["ANA02"])
def survives_hostile_spectra(subject: Subject) -> None:
    """Of an empty spectrum, one point, zeros, nan or huge numbers an analysis says why not, or gives a result.

    空・一点・ゼロ・nan・巨大な値のスペクトルにも、理由か結果を返す。
    """
    for one in subject.own("shirube_analyses"):
        for spectrum in hostile_spectra():
            target = _target(one, spectrum, facts_of(one.record.requires, subject.vocabulary))
            if _declines(subject, one, target) is None:
                _run(subject, one, target, NoProgress())


@check("ANA12", requires=["ANA11"])
def reasons_speak_both(subject: Subject) -> None:
    """Why an analysis does not apply, or its result is not ok, is said in English and in Japanese.

    対象外の理由や結果が ok でない理由を、両言語で述べる。
    """
    for one in subject.own("shirube_analyses"):
        for spectrum in hostile_spectra():
            target = _target(one, spectrum, facts_of(one.record.requires, subject.vocabulary))
            answer = _declines(subject, one, target)
            if answer is not None:
                _refuse_silence(f"{one.name}, {spectrum.id}", [answer])
                continue
            result = _run(subject, one, target, NoProgress())
            if result.status != "ok":
                _refuse_silence(f"{one.name}, {spectrum.id}: {result.status}", result.reasons)


@check("ANA13", requires=["ANA02"])
def tables_are_labelled(subject: Subject) -> None:
    """Tables of a result, and their columns, have labels in English and in Japanese.

    結果の表と列には、英語と日本語の名称がある。
    """
    for one in analysed(subject):
        for table in one.result.tables:
            columns = [column for column in table.columns if not column.label.en.strip() or not column.label.ja.strip()]
            if not speaks_both(table.label) or columns:
                raise Failed(f"{one.shown}: {table.name} {[column.name for column in columns]}")


@check("ANA18", requires=["ANA05", "ANA06"])
def series_are_as_single_spectra(subject: Subject) -> None:
    """A series of spectra gives each the result that it has by itself: status, terms, and numbers within uncertainties.

    系列として解析しても、各スペクトルの結果は単独の場合と同じである（状態・用語は等しく、数値は不確かさの範囲内）。
    """
    for one in analysed(subject):
        if one.registered.record.scope == "entry" or not subject.plugins.provides(one.registered, "run_series"):
            continue
        parameters = subject.parameters(one.registered)
        series = [one.target, _turned(one.target), one.target]
        answer = subject.plugins.call(one.registered, "run_series", series, parameters, NoProgress())
        results = subject.plugins.checked_all(one.registered, answer, Result)
        other = _run(subject, one.registered, series[1], NoProgress())
        if len(results) != len(series):
            raise Failed(f"{one.shown}: {len(results)}")
        for found, expected in zip(results, (one.result, other, one.result), strict=True):
            _refuse_other(one.shown, found, expected)


@check("ANA19", requires=["ANA02"])
def writes_nothing(subject: Subject) -> None:
    """Running writes no file: what an analysis has to say is in its result.

    解析はファイルを書かない（述べることは結果に含める）。
    """
    for one in analysed(subject):
        if one.written:
            raise Failed.because("conformance-seen-file-written", file=one.shown, written=one.written[0].name)


def _turned(target: AnalysisTarget) -> AnalysisTarget:
    """Return a target of the same intensities the other way round: another spectrum, as noisy as the first."""
    return evolve(target, spectra=[evolve(one, intensity=one.intensity[..., ::-1]) for one in target.spectra])


def _refuse_other(shown: str, found: Result, expected: Result) -> None:
    if (found.status, sorted(found.scalars)) != (expected.status, sorted(expected.scalars)):
        raise Failed(f"{shown}: {found.status} {sorted(set(found.scalars) ^ set(expected.scalars))}")
    for term, quantity in expected.scalars.items():
        if quantity.uncertainty and abs(found.scalars[term].number - quantity.number) > quantity.uncertainty:
            raise Failed(f"{shown}: {term}")


def _refuse_silence(shown: str, reasons: Any) -> None:
    if not reasons or not all(speaks_both(one) for one in reasons):
        raise Failed(shown)


def analysed(subject: Subject) -> tuple[Analysed, ...]:
    """Return results of every analysis of the plugin, run once a round.

    Raises:
        Skipped: An analysis applies to none of the samples.
    """
    return subject.once("analysed", lambda: tuple(_analysed(subject)))


def _analysed(subject: Subject) -> Iterator[Analysed]:
    for one in subject.own("shirube_analyses"):
        chosen = [target for target in _targets(subject, one) if _declines(subject, one, target) is None]
        if not chosen:
            raise Skipped.because("conformance-nothing-applies", name=one.name)
        for target in chosen[:_TARGETS]:
            with watched() as watch:
                result = _run(subject, one, target, NoProgress())
            yield Analysed(one, target, result, tuple(watch.left))


def _targets(subject: Subject, one: Registered[Analysis]) -> Iterator[AnalysisTarget]:
    """Yield what to try an analysis on: the samples' spectra, those of the sample files, the kit's own."""
    for spectrum, facts in subject.samples.spectra:
        yield _target(one, spectrum, facts)
    if subject.samples.files and subject.plugins.readers:
        with suppress(Skipped):
            entry = subject.entry
            if one.record.scope == "entry":
                yield entry_target(entry)
            else:
                yield from (spectrum_target(entry, spectrum) for spectrum in entry.spectra())
    for spectrum in standard_spectra():
        yield _target(one, spectrum, facts_of(one.record.requires, subject.vocabulary))


def _target(one: Registered[Analysis], spectrum: Spectrum, facts: Facts) -> AnalysisTarget:
    others = () if one.record.scope == "spectrum" else (evolve(spectrum, id=f"{spectrum.id}-2"),)
    spectra = (spectrum, *others)
    measurement = Measurement(name="standard.dat", reader="columns", spectra=spectra)
    entry = Entry(name="standard", measurements=(measurement,), facts={one.id: facts for one in spectra})
    return entry_target(entry) if others else spectrum_target(entry, spectrum)


def _declines(subject: Subject, one: Registered[Analysis], target: AnalysisTarget) -> Any:
    lacking = [term for term in one.record.requires if not any(term in facts for facts in target.facts.values())]
    if lacking:
        return lacking
    return subject.plugins.call(one, "applies", target, subject.parameters(one))


def _run(subject: Subject, one: Registered[Analysis], target: AnalysisTarget, progress: Any) -> Result:
    answer = subject.plugins.call(one, "run", target, subject.parameters(one), progress)
    return subject.plugins.checked(one, answer, Result)
