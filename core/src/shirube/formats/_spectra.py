"""What every format needs of a spectrum: its results, even steps, and what is said of it in ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube import __version__
from shirube._naming import Taken
from shirube.records import Axis, Facts, FloatArray, OriginKind, Outcome, Quantity, Result, Spectrum
from shirube.rendering import stems_of
from shirube.trees import safe_name

#: So far, in steps, may a value lie from where even steps put it: less than any instrument sets.
_OFF: Final = 1e-6
#: Where a work function comes from that only says what is in an axis, or that nobody stated.
_NO_STATEMENT: Final[tuple[OriginKind, ...]] = ("axis", "default", "conversion")

__all__ = ["Written", "ascii_text", "axis_label", "entries_of", "nexus_name", "said_of", "step_of", "written_of"]


@frozen(eq=False)
class Written:
    """A spectrum to write.

    Attributes:
        stem: File name stem, unlike those of other spectra of the entry.
        spectrum: The spectrum.
        facts: What is known of it.
        results: What analyses found on it.
        outcome: Where it comes from.
    """

    stem: str
    spectrum: Spectrum
    facts: Facts
    results: tuple[Result, ...]
    outcome: Outcome

    def number(self, term: str) -> float | None:
        """Return the number of a term, None where it is not known or no number."""
        quantity = self.facts.get(term)
        return None if quantity is None or isinstance(quantity.value, str | bool) else float(quantity.value)

    def text(self, term: str) -> str:
        """Return the text of a term, blank where it is not known."""
        quantity = self.facts.get(term)
        return "" if quantity is None else str(quantity.value).strip()

    def work_function(self) -> float | None:
        """Return the analyser's work function in eV, as somebody states it: not the zero that an axis was made with."""
        told = (self.facts.get("work_function"), *self.facts.candidates.get("work_function", ()))
        stated = [one for one in told if one is not None and one.origin.kind not in _NO_STATEMENT]
        return next((one.number for one in stated if not isinstance(one.value, str) and one.number > 0.0), None)


def entries_of(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, Outcome]]:
    """Yield each outcome with a file name for its entry, no two the same."""
    taken = Taken()
    for outcome in outcomes:
        yield taken.take(safe_name(outcome.entry.name)), outcome


def written_of(outcome: Outcome) -> Iterator[Written]:
    """Yield the spectra of an outcome in order."""
    entry = outcome.entry
    spectra = entry.spectra()
    for stem, spectrum in zip(stems_of(spectra), spectra, strict=True):
        # What was found on a slice of a map (``FILE#1[3]``) belongs to the map.
        slices = f"{spectrum.id}["
        found = tuple(one for one in outcome.results if f"{one.target}[".startswith(slices))
        yield Written(stem, spectrum, entry.facts.get(spectrum.id, Facts()), found, outcome)


def step_of(values: FloatArray) -> float | None:
    """Return the step of an axis of even steps, None where they are not even, or there is none."""
    if values.size < 2:  # noqa: PLR2004 it takes two for a step
        return None
    step = float((values[-1] - values[0]) / (values.size - 1))
    even = values[0] + step * np.arange(values.size)
    return step if step and bool(np.all(np.abs(values - even) <= _OFF * abs(step))) else None


def said_of(written: Written) -> Iterator[tuple[str, str]]:
    """Yield what is to be said of a spectrum beside its numbers: key and text, each on one line."""
    spectrum, outcome = written.spectrum, written.outcome
    measurement = outcome.entry.measurement_of(spectrum.id)
    yield "spectrum", spectrum.id
    yield "name", spectrum.name
    yield "entry", outcome.entry.name
    for source in measurement.sources:
        yield "source", f"{source.name} sha256 {source.sha256}"
    yield "reader", measurement.reader
    yield "energy scale", _scale(spectrum)
    for key, quantity in written.facts.terms().items():
        yield key, _line(f"{_value(quantity)} [{quantity.origin.render()}]")
    for result in written.results:
        yield f"result {result.analysis}", _line(" ".join([result.status, *(one.en for one in result.reasons)]))
        for key, quantity in result.scalars.items():
            yield f"{result.analysis}: {key}", _line(_value(quantity))
    yield "written by", f"shirube {__version__}"


def ascii_text(text: str, lost: str = "backslashreplace") -> str:
    """Return a text as one line of printable ASCII; what is not ASCII becomes an escape, or ``?`` (``replace``)."""
    plain = text.translate(_PLAIN).encode("ascii", errors=lost).decode("ascii")
    return "".join(sign if sign.isprintable() else " " for sign in plain)


#: Signs that ASCII has its own words for.
_PLAIN: Final = str.maketrans(
    {
        "\u00a0": " ",
        "\u00b0": " deg",
        "\u00b1": "+-",
        "\u00b2": "2",
        "\u00b3": "3",
        "\u00b5": "u",
        "\u00c5": "angstrom",
        "\u212b": "angstrom",
        "\u03b1": "alpha",
        "\u03b2": "beta",
        "\u03bc": "u",
        "\u03c6": "phi",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
    }
)


def nexus_name(text: str) -> str:
    """Return a text as NeXus names groups and fields: letters, digits and ``_``, no digit first."""
    legal = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    return legal if legal[:1].isalpha() else f"n_{legal}"


def axis_label(axis: Axis, spectrum: Spectrum) -> str:
    """Return what an axis is called: energies by their scale."""
    if axis.name != "energy" or spectrum.reference.scale == "unknown":
        return axis.name
    return f"{spectrum.reference.scale} energy"


def _scale(spectrum: Spectrum) -> str:
    reference = spectrum.reference
    if reference.scale != "binding":
        return reference.scale
    inside = (("photon energy", reference.photon_energy), ("work function", reference.work_function))
    told = [f"{name} {'not known' if value is None else f'{value:.10g} eV'}" for name, value in inside]
    return f"binding ({', '.join(told)})"


def _value(quantity: Quantity) -> str:
    value = repr(quantity.value) if isinstance(quantity.value, float) else str(quantity.value)
    unit = f" {quantity.unit}" if quantity.unit else ""
    spread = "" if quantity.uncertainty is None else f" +- {quantity.uncertainty!r}"
    return f"{value}{spread}{unit}"


def _line(text: str) -> str:
    return " ".join(text.split())
