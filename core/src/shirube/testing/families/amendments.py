"""Amendments: they state what they say they state, of terms that are known, and always the same."""

from __future__ import annotations

from collections.abc import Iterator

from shirube.blame import Registered
from shirube.hooks import Amendment
from shirube.known import distribution_of
from shirube.records import Amended, Facts, Measurement, Spectrum
from shirube.testing._check import Failed, check
from shirube.testing._standard import facts_of, standard_spectra
from shirube.testing._subject import Subject


@check("AMD01", requires=["API02"])
def terms_are_known(subject: Subject) -> None:
    """The terms that an amendment sets are known.

    補足が設定する用語は既知である。
    """
    for one in subject.own("shirube_amendments"):
        unknown = sorted(set(one.record.sets) - set(subject.vocabulary))
        if unknown:
            raise Failed(f"{one.name}: {', '.join(unknown)}")


@check("AMD02", requires=["API02"])
def readers_are_known(subject: Subject) -> None:
    """The readers whose measurements an amendment amends are the plugin's, the core's or well known.

    補足の対象のリーダーは、プラグイン・本体・既知のいずれかである。
    """
    for one in subject.own("shirube_amendments"):
        for reader in one.record.readers:
            if reader not in subject.plugins.readers and distribution_of("readers", reader) is None:
                raise Failed(f"{one.name}: {reader}")


@check("AMD03", requires=["API07", "AMD01"])
def sets_what_it_says(subject: Subject) -> None:
    """An amendment answers, and states facts only of the terms that it says it sets.

    補足は、設定すると述べた用語の事実だけを返す。
    """
    for one, spectrum, measurement, facts in _cases(subject):
        others = set(_amended(subject, one, spectrum, measurement, facts).facts) - set(one.record.sets)
        if others:
            raise Failed(f"{one.name}: {', '.join(sorted(others))}")


@check("AMD04", requires=["AMD03"])
def units_are_the_terms(subject: Subject) -> None:
    """A fact that an amendment states is in the unit of its term.

    補足が述べる事実は用語の単位をもつ。
    """
    for one, spectrum, measurement, facts in _cases(subject):
        for name, quantity in _amended(subject, one, spectrum, measurement, facts).facts.items():
            if quantity.unit != subject.vocabulary[name].unit:
                raise Failed.because(
                    "conformance-seen-wrong-unit", where=name, unit=quantity.unit, wanted=subject.vocabulary[name].unit
                )


@check("AMD05", requires=["AMD03"])
def states_the_same_twice(subject: Subject) -> None:
    """Asked again, an amendment states the same.

    再び尋ねても、補足は同じことを述べる。
    """
    for one, spectrum, measurement, facts in _cases(subject):
        answers = [_amended(subject, one, spectrum, measurement, facts) for _ in range(2)]
        if answers[0] != answers[1]:
            raise Failed(one.name)


def _cases(subject: Subject) -> Iterator[tuple[Registered[Amendment], Spectrum, Measurement, Facts]]:
    for one in subject.own("shirube_amendments"):
        reader = (*one.record.readers, "columns")[0]
        for spectrum in (*standard_spectra(), *(spectrum for spectrum, _ in subject.samples.spectra)):
            measurement = Measurement(name="standard.dat", reader=reader, spectra=(spectrum,))
            for terms in ((), ("photon_energy", "work_function")):
                yield one, spectrum, measurement, facts_of(terms, subject.vocabulary)


def _amended(
    subject: Subject, one: Registered[Amendment], spectrum: Spectrum, measurement: Measurement, facts: Facts
) -> Amended:
    answer = subject.plugins.call(one, "amend", spectrum, measurement, facts, subject.parameters(one))
    return subject.plugins.checked(one, answer, Amended)
