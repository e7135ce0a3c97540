"""Conversions: the right sign and size, there and back, and an honest answer where something is missing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve, frozen

from shirube.blame import Registered
from shirube.energy import kinetic_energy_of
from shirube.hooks import Conversion
from shirube.messages import LANGUAGES, Text
from shirube.records import Converted, Facts, Spectrum
from shirube.testing._check import Failed, Skipped, check
from shirube.testing._standard import facts_of, standard_spectra
from shirube.testing._subject import Subject, speaks_both

_TOLERANCE = 1e-9


@frozen(eq=False)
class _Case:
    """One spectrum that a conversion was given, and its answer."""

    registered: Registered[Conversion]
    spectrum: Spectrum
    facts: Facts
    answer: Converted

    @property
    def shown(self) -> str:
        """Conversion and scale, for messages."""
        return f"{self.registered.name}, {self.spectrum.id}"

    @property
    def done(self) -> bool:
        """Whether the spectrum was converted."""
        return self.answer.spectrum.reference.scale == self.registered.record.target


@check("CONV01", requires=["API02"])
def terms_are_known(subject: Subject) -> None:
    """The terms that a conversion requires and decides are known.

    変換が必要とする用語と決める用語は既知である。
    """
    for one in subject.own("shirube_unit_conversions"):
        unknown = sorted({*one.record.requires, *one.record.decides} - set(subject.vocabulary))
        if unknown:
            raise Failed(f"{one.name}: {', '.join(unknown)}")


@check("CONV02", requires=["API07", "CONV01"])
def converts(subject: Subject) -> None:
    """With the terms that it requires a conversion brings a spectrum of each of its sources to its target.

    必要な用語がそろえば、各変換元のスペクトルを変換先のスケールにする。
    """
    for case in _cases(subject):
        if not case.done:
            notices = [one.text for one in case.answer.notices]
            raise Failed.told(
                case.shown, Text(**{lang: "; ".join(one.render(lang) for one in notices) for lang in LANGUAGES})
            )


@check("CONV03", requires=["CONV02"])
def keeps_the_rest(subject: Subject) -> None:
    """A conversion changes energies and their reference, and nothing else of the spectrum, in any dimension.

    変換はエネルギーとその基準だけを変え、強度・ID・他の軸を変えない。
    """
    for case in _cases(subject):
        bare = case.spectrum.with_energy(case.answer.spectrum.energy, case.answer.spectrum.reference)
        if not bare.same_as(case.answer.spectrum):
            raise Failed(case.shown)


@check("CONV04", requires=["CONV03"])
def comes_back(subject: Subject) -> None:
    """The reference of a converted spectrum leads back: hv = KE + BE + phi gives the energies that went in.

    変換後の基準から元のエネルギーに戻る（hν = KE + BE + φ）。
    """
    for case in _cases(subject):
        before, after = kinetic_energy_of(case.spectrum), kinetic_energy_of(case.answer.spectrum)
        if before is not None and (after is None or not np.allclose(before, after, rtol=0.0, atol=_TOLERANCE)):
            raise Failed.because(
                "conformance-seen-energies-off",
                where=case.shown,
                off="?" if after is None else np.abs(before - after).max(),
            )


@check("CONV05", requires=["CONV02"])
def keeps_units(subject: Subject) -> None:
    """The energies of a converted spectrum are in electronvolts, and its reference states what is in them.

    変換後のエネルギーは eV で、基準は使った光エネルギーと仕事関数を述べる。
    """
    for case in _cases(subject):
        spectrum = case.answer.spectrum
        if spectrum.axis("energy").unit != "eV":
            raise Failed(f"{case.shown}: {spectrum.axis('energy').unit!r}")
        scales = (case.spectrum.reference.scale, spectrum.reference.scale)
        if scales == ("kinetic", "binding") and None in (
            spectrum.reference.photon_energy,
            spectrum.reference.work_function,
        ):
            raise Failed(f"{case.shown}: {spectrum.reference}")


@check("CONV06", requires=["CONV02"])
def converts_once(subject: Subject) -> None:
    """A spectrum that is on the target scale already is not converted again.

    変換先のスケールのスペクトルを再び変換しない。
    """
    for case in _cases(subject):
        if case.registered.record.target in case.registered.record.sources:
            again = _answer(subject, case.registered, case.answer.spectrum, case.facts)
            if not again.spectrum.same_as(case.answer.spectrum, rtol=_TOLERANCE):
                raise Failed(case.shown)


@check("CONV07", requires=["CONV02"])
def converts_the_same_twice(subject: Subject) -> None:
    """Asked again, a conversion answers the same, decisions and notices too.

    再び行っても、変換・決定・注意は同じになる。
    """
    for case in _cases(subject):
        again = _answer(subject, case.registered, case.spectrum, case.facts)
        same = again.spectrum.same_as(case.answer.spectrum)
        if not same or (again.decisions, again.notices) != (case.answer.decisions, case.answer.notices):
            raise Failed(case.shown)


@check("CONV08", requires=["CONV02"])
def decides_what_it_says(subject: Subject) -> None:
    """A conversion decides only terms that it says it decides, each with a rule in both languages.

    変換は、決めると述べた用語だけを決め、その規則を両言語で述べる。
    """
    for case in _cases(subject):
        for decision in case.answer.decisions:
            if decision.term not in case.registered.record.decides:
                raise Failed(f"{case.shown}: {decision.term}")
            if not speaks_both(decision.rule):
                raise Failed.because("conformance-seen-rule-silent", where=case.shown, term=decision.term)


@check("CONV09", requires=["CONV02"])
def says_what_is_missing(subject: Subject) -> None:
    """Without the terms that it requires a spectrum comes back as it was, with a notice in both languages.

    必要な用語がなければ、スペクトルをそのまま返し、両言語の注意を添える。
    """
    for case in _cases(subject):
        if case.spectrum.reference.scale == case.registered.record.target or not case.registered.record.requires:
            continue
        answer = _answer(subject, case.registered, case.spectrum, Facts())
        if not answer.spectrum.same_as(case.spectrum):
            raise Failed.because(
                "conformance-seen-converted-without", where=case.shown, terms=", ".join(case.registered.record.requires)
            )
        if not answer.notices or not all(speaks_both(one.text) for one in answer.notices):
            raise Failed.because("conformance-seen-nothing-said", where=case.shown)


@check("CONV10", requires=["CONV02"])
def survives_odd_spectra(subject: Subject) -> None:
    """A spectrum without an energy axis, and one of no points, come back as they were.

    エネルギー軸のないスペクトルや点のないスペクトルは、そのまま返る。
    """
    for one in subject.own("shirube_unit_conversions"):
        facts = facts_of(one.record.requires, subject.vocabulary)
        for spectrum in _odd():
            answer = _answer(subject, one, spectrum, facts)
            if answer.spectrum.intensity.shape != spectrum.intensity.shape:
                raise Failed(f"{one.name}, {spectrum.id}")


def _odd() -> Iterator[Spectrum]:
    kinetic = standard_spectra()[1]
    (axis,) = kinetic.axes
    yield evolve(kinetic, id="standard.dat#angle-only", axes=(evolve(axis, name="angle", unit="deg"),))
    yield evolve(kinetic, id="standard.dat#no-points", axes=(evolve(axis, values=[]),), intensity=[])


def _cases(subject: Subject) -> tuple[_Case, ...]:
    return subject.once("conversions", lambda: tuple(_converted(subject)))


def _converted(subject: Subject) -> Iterator[_Case]:
    tried = False
    for one in subject.own("shirube_unit_conversions"):
        facts = facts_of(one.record.requires, subject.vocabulary)
        spectra = [*((spectrum, facts) for spectrum in standard_spectra()), *subject.samples.spectra]
        for spectrum, known in spectra:
            if spectrum.reference.scale in one.record.sources:
                tried = True
                yield _Case(one, spectrum, known, _answer(subject, one, spectrum, known))
    if not tried:
        raise Skipped.because("conformance-no-spectra")


def _answer(subject: Subject, one: Registered[Conversion], spectrum: Spectrum, facts: Facts) -> Converted:
    answer = subject.plugins.call(one, "convert", spectrum, facts, subject.parameters(one))
    return subject.plugins.checked(one, answer, Converted)
