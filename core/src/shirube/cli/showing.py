"""What ``shirube show`` tells of a file: the same for people, as tables, and for programs, as a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from shirube.errors import core_message
from shirube.inspection import PHOTON_ENERGY, AxisSummary, Unusual, axis_name, axis_summary, difference
from shirube.messages import Language
from shirube.records import Facts, Measurement, Origin, Quantity, RawValue, Spectrum
from shirube.terms import Vocabulary
from shirube.text import display_width
from shirube.wrapping import grid_lines, wrapped

#: Longest value that is shown whole: an axis written out may have thousands of numbers. JSON holds it all.
WIDEST: Final = 100
#: Spectra that are named where something is said of several; the others are counted.
_NAMED: Final = 6

__all__ = ["Shown"]


@frozen(eq=False)
class Shown:
    """A file with all that is said of it.

    Attributes:
        measurement: As read.
        facts: By spectrum id.
        unusual: What to know before it is used.
        vocabulary: All terms.
    """

    measurement: Measurement
    facts: Mapping[str, Facts]
    unusual: tuple[Unusual, ...]
    vocabulary: Vocabulary

    def lines(self, lang: Language, width: int, *, raw: bool) -> Iterator[str]:
        """Yield the lines for people; ``raw`` shows keys as the file spells them instead of facts."""
        # What a file holds must not move the cursor or change the colours of a terminal.
        for line in self._lines(lang, width, raw=raw):
            yield "".join(char if char.isprintable() else "\ufffd" for char in line)

    def _lines(self, lang: Language, width: int, *, raw: bool) -> Iterator[str]:
        one = self.measurement
        yield _word("show-file", lang, file=one.name, reader=one.reader, count=len(one.spectra))
        yield from (_word("show-sidecar", lang, file=source.name) for source in one.sources[1:])
        yield from ("", _word("show-unusual", lang))
        for unusual in self.unusual:
            yield from _hanging(_told(unusual, one, lang), width)
        if not self.unusual:
            yield f"  {_word('show-nothing-unusual', lang)}"
        for spectrum in one.spectra:
            yield ""
            yield from self._spectrum_lines(spectrum, lang, width, raw=raw)
        if raw and one.metadata:
            yield ""
            yield from _key_lines(one.metadata)

    def _spectrum_lines(self, spectrum: Spectrum, lang: Language, width: int, *, raw: bool) -> Iterator[str]:
        unit = spectrum.intensity_unit or _word("show-unit-unknown", lang)
        scale = _word(f"scale-name-{spectrum.reference.scale}", lang)
        title = f"{spectrum.id}  {spectrum.name}  ({scale}; {_word('show-intensities', lang)}: {unit})"
        yield title
        yield "-" * min(display_width(title), width)
        head = [_word(f"show-head-{name}", lang) for name in ("axis", "points", "range", "step", "unit")]
        yield from grid_lines([_axis_row(axis_summary(axis), lang) for axis in spectrum.axes], width, head, "  ")
        facts = grid_lines([*self._fact_rows(self.facts[spectrum.id], lang)], width, indent="  ")
        lines = [*(_key_lines(spectrum.metadata) if raw else facts)]
        yield from ("", *lines) if lines else ()

    def _fact_rows(self, facts: Facts, lang: Language) -> Iterator[tuple[str, str, str]]:
        # The photon energy comes first: all binding energies hang on it.
        for term in sorted(facts.candidates, key=lambda name: name != PHOTON_ENERGY):
            label = self.vocabulary[term].label.render(lang)
            for quantity in facts.candidates[term]:
                yield label, _valued(quantity), _origin(quantity, lang)
            apart = difference(facts, term)
            if apart:
                unit = facts.candidates[term][0].unit or ""
                yield _word("show-difference", lang), f"{apart:+.6g} {unit}".rstrip(), ""

    def document(self) -> dict[str, Any]:
        """Return the same for programs."""
        one = self.measurement
        return {
            "file": one.name,
            "reader": one.reader,
            "sidecars": [source.name for source in one.sources[1:]],
            "unusual": [_unusual_document(unusual) for unusual in self.unusual],
            # What readers remarked is among what is unusual, too; the schema had it by this name first.
            "remarks": [
                {"code": remark.code, "en": remark.message.en, "ja": remark.message.ja, "line": remark.line}
                for remark in one.remarks
            ],
            "metadata": _raw(one.metadata),
            "spectra": [self._spectrum_document(spectrum) for spectrum in one.spectra],
        }

    def _spectrum_document(self, spectrum: Spectrum) -> dict[str, Any]:
        facts = self.facts[spectrum.id]
        return {
            "id": spectrum.id,
            "name": spectrum.name,
            "energy_scale": spectrum.reference.scale,
            "intensity_unit": spectrum.intensity_unit,
            "axes": [_axis_document(axis_summary(axis)) for axis in spectrum.axes],
            "metadata": _raw(spectrum.metadata),
            "facts": {
                term: [{"value": q.value, "unit": q.unit, "origin": q.origin.render("en")} for q in quantities]
                for term, quantities in facts.candidates.items()
            },
            "differences": {term: apart for term in facts.candidates if (apart := difference(facts, term)) is not None},
        }


def _told(one: Unusual, measurement: Measurement, lang: Language) -> str:
    text = one.text.render(lang)
    # A line alone is one of the file itself.
    file = "" if one.file == measurement.name else one.file
    at = file if one.line is None else _word("show-where", lang, file=file, line=one.line).lstrip(", ")
    spectra = [name.removeprefix(measurement.name) for name in one.spectra]
    named = ", ".join(spectra[:_NAMED]) + (f", … ({len(spectra)})" if len(spectra) > _NAMED else "")
    about = "; ".join(part for part in (named if len(measurement.spectra) > 1 else "", at) if part)
    return f"{text} ({about})" if about else text


def _axis_row(axis: AxisSummary, lang: Language) -> tuple[str, ...]:
    ends = "–" if axis.first is None else f"{axis.first:g} … {axis.last:g}"
    step = "–" if axis.step is None else f"{axis.step:.6g}"
    shown = step if axis.even else _word("show-uneven", lang, step=step)
    return axis_name(axis.name).render(lang), str(axis.points), ends, shown, axis.unit


def _valued(quantity: Quantity) -> str:
    text = str(quantity.value)
    shown = text if len(text) <= WIDEST else f"{text[:WIDEST]} …"
    return f"{shown} {quantity.unit or ''}".rstrip()


def _origin(quantity: Quantity, lang: Language) -> str:
    """Return where a value comes from; the files are named above."""
    kind = Origin(quantity.origin.kind).render(lang)
    line = quantity.origin.line
    return kind if line is None else _word("show-where", lang, file=kind, line=line)


def _key_lines(values: Iterable[RawValue]) -> Iterator[str]:
    for value in values:
        text = str(value.value)
        shown = text if len(text) <= WIDEST else f"{text[:WIDEST]} …"
        yield f"  [{value.section}] {value.key} = {shown}"


def _hanging(text: str, width: int) -> Iterator[str]:
    first, *others = wrapped(text, width - 4)
    yield f"  * {first}"
    yield from (f"    {line}" for line in others)


def _axis_document(axis: AxisSummary) -> dict[str, Any]:
    return {
        "name": axis.name,
        "unit": axis.unit,
        "points": axis.points,
        "first": axis.first,
        "last": axis.last,
        "step": axis.step,
        "even": axis.even,
    }


def _unusual_document(one: Unusual) -> dict[str, Any]:
    return {
        "code": one.code,
        "en": one.text.en,
        "ja": one.text.ja,
        "spectra": list(one.spectra),
        "file": one.file,
        "line": one.line,
    }


def _raw(values: Iterable[RawValue]) -> list[dict[str, Any]]:
    return [{"section": one.section, "key": one.key, "value": one.value, "line": one.line} for one in values]


def _word(code: str, lang: Language, **params: object) -> str:
    return core_message(code, **params).render(lang)
