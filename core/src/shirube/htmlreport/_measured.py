"""What was measured: files, sample, conditions with where they come from, and what the energy axis rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.htmlreport._words import Words
from shirube.inspection import AxisSummary, axis_name, axis_summary
from shirube.records import Decision, Entry, Facts, Outcome, Quantity, Sample, Source, Spectrum

#: What holds, by term; several quantities come from several places, or are several candidates.
Conditions: TypeAlias = Mapping[str, tuple[Quantity, ...]]

__all__ = [
    "Calibration",
    "Conditions",
    "Measured",
    "Row",
    "axis_rows",
    "calibrations",
    "common_conditions",
    "condition_rows",
    "condition_table",
    "measured",
    "shared_conditions",
]

#: What people look for first; terms of the core come before those of plugins.
_FIRST: Final = ("instrument", "sample_name", "measured_on", "measured_at", "photon_energy", "pass_energy", "lens_mode")


@frozen
class Row:
    """A term, its value, and where that comes from."""

    label: str
    value: str
    source: str = ""


@frozen
class Calibration:
    """Which value was taken for what the energy axis rests on, why, and what was not taken."""

    spectrum: str
    label: str
    value: str
    source: str
    rule: str
    rejected: tuple[str, ...] = field(converter=as_tuple)


@frozen
class Measured:
    """What an entry holds.

    Attributes:
        guide: What is said of the guide.
        sample: Items of the sample and of the registration.
        files: Name, size, SHA-256 of every file.
        conditions: What holds for all spectra.
        remarks: What readers noticed.
    """

    guide: str
    sample: tuple[Row, ...] = field(converter=as_tuple)
    files: tuple[tuple[str, str, str], ...] = field(converter=as_tuple)
    conditions: tuple[Row, ...] = field(converter=as_tuple)
    remarks: tuple[str, ...] = field(converter=as_tuple)


def measured(entry: Entry, words: Words) -> Measured:
    """Return what an entry holds, in words."""
    guide = words("guide-none") if entry.guide is None else words("guide-applies", name=entry.guide)
    files = entry.files or tuple(dict.fromkeys(one for part in entry.measurements for one in part.sources))
    remarks = [
        f"{words.text(one.message)} ({one.file or part.name})" for part in entry.measurements for one in part.remarks
    ]
    return Measured(
        guide=guide,
        sample=list(_sample_rows(entry, words)),
        files=[_file(one, words) for one in files],
        conditions=condition_table(common_conditions(entry), words),
        remarks=remarks,
    )


def condition_rows(entry: Entry, words: Words) -> dict[str, list[Row]]:
    """Return, by spectrum id, the conditions that not all spectra of an entry share."""
    common = common_conditions(entry)
    return {
        one.id: list(
            _rows(
                {
                    term: found
                    for term, found in _holding(entry.facts.get(one.id, Facts())).items()
                    if term not in common
                },
                words,
            )
        )
        for one in entry.spectra()
    }


def axis_rows(spectrum: Spectrum, words: Words) -> list[Row]:
    """Return what the axes of a spectrum are."""
    return [Row(words("axis", name=axis_name(axis.name)), _axis(axis_summary(axis), words)) for axis in spectrum.axes]


def calibrations(outcome: Outcome, words: Words) -> list[Calibration]:
    """Return every decision of an entry."""
    names = {spectrum.id: spectrum.name for spectrum in outcome.entry.spectra()}
    return [_calibration(one, names, words) for one in outcome.decisions]


def _calibration(decision: Decision, names: Mapping[str, str], words: Words) -> Calibration:
    chosen = decision.chosen
    name = names.get(decision.subject, "")
    return Calibration(
        spectrum=f"{name} ({decision.subject})" if name else decision.subject,
        label=words.term(decision.term),
        value="–" if chosen is None else words.quantity(chosen),
        source="" if chosen is None else words.origin(chosen.origin),
        rule=words.text(decision.rule),
        rejected=[f"{words.quantity(one)} ({words.origin(one.origin)})" for one in decision.rejected],
    )


def _axis(summary: AxisSummary, words: Words) -> str:
    points = words.number(summary.points)
    if summary.first is None or summary.last is None:
        return words("axis-points", points=points)
    ends = {"first": words.number(summary.first), "last": words.number(summary.last), "unit": summary.unit}
    if summary.step is None:
        return words("axis-range", points=points, **ends)
    code = "axis-step" if summary.even else "axis-uneven"
    return words(code, points=points, step=words.number(float(f"{summary.step:.6g}")), **ends)


def _file(source: Source, words: Words) -> tuple[str, str, str]:
    return source.name, words.size(source.size), source.sha256


def _holding(facts: Facts) -> Conditions:
    """Return what holds by term; all candidates where none was decided on."""
    holding: dict[str, tuple[Quantity, ...]] = {}
    for term in dict.fromkeys((*facts.candidates, *facts.decided)):
        one = facts.get(term)
        found = facts.candidates.get(term, ()) if one is None else (one,)
        if found and not (one is None and term in facts.decided):
            holding[term] = found
    return holding


def condition_table(holding: Conditions, words: Words) -> list[Row]:
    """Return conditions ready for the page."""
    return list(_rows(holding, words))


def shared_conditions(one: Conditions, other: Conditions) -> Conditions:
    """Return what holds in both, with the sources of the first."""
    return {term: found for term, found in one.items() if _values(other.get(term, ())) == _values(found)}


def common_conditions(entry: Entry) -> Conditions:
    """Return what holds for every spectrum alike, with the sources of all of them."""
    all_facts = [_holding(entry.facts.get(one.id, Facts())) for one in entry.spectra()]
    if not all_facts:
        return {}
    first, *others = all_facts
    return {
        term: tuple(dict.fromkeys(quantity for facts in all_facts for quantity in facts[term]))
        for term, found in first.items()
        if all(_values(facts.get(term, ())) == _values(found) for facts in others)
    }


def _values(quantities: Sequence[Quantity]) -> list[tuple[object, str | None]]:
    return list(dict.fromkeys((one.value, one.unit) for one in quantities))


def _rows(holding: Conditions, words: Words) -> Iterator[Row]:
    for term in sorted(holding, key=_place):
        found = holding[term]
        values = list(dict.fromkeys(words.quantity(one) for one in found))
        sources = list(dict.fromkeys(words.origin(one.origin) for one in found))
        more = [words("more", count=len(sources) - 1)] if len(sources) > 1 else []
        value = values[0] if len(values) == 1 else words("undecided", values=" / ".join(values))
        yield Row(words.term(term), value, words.listed([*sources[:1], *more]))


def _place(term: str) -> tuple[int, bool]:
    return (_FIRST.index(term) if term in _FIRST else len(_FIRST), "." in term)


def _sample_rows(entry: Entry, words: Words) -> Iterator[Row]:
    registration = entry.registration
    if registration is None:
        return
    source = registration.source
    if registration.data_name:
        yield Row(words("data-name"), registration.data_name, source)
    yield from _of_sample(registration.sample, source, words)
    for key, value in registration.manual.items():
        yield Row(key, words.value(value), source)
    for term, value in registration.facts.items():
        yield Row(words.term(term), words.value(value), source)


def _of_sample(sample: Sample | None, source: str, words: Words) -> Iterator[Row]:
    if sample is None:
        return
    told = (
        ("sample-id", sample.id),
        ("sample-names", sample.names),
        ("sample-composition", sample.composition),
        ("sample-description", sample.description),
        ("sample-reference", sample.reference_url),
        ("sample-owner", None if sample.hide_owner else sample.owner),
        ("sample-related", sample.related),
        ("sample-tags", sample.tags),
    )
    for code, value in told:
        if value:
            yield Row(words(code), words.value(value), source)
    for key, text in sample.attributes.items():
        yield Row(words.term(key), text, source)
