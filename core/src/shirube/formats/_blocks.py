"""Blocks of ISO 14976: one spectrum with everything that the standard asks of it, item by item."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from shirube.formats._spectra import Written, ascii_text
from shirube.records import Spectrum

#: What the standard has for a number that is not known.
UNKNOWN: Final = "1E+37"
_UNSAID: Final = "Not Specified"
_WIDTH: Final = 80
#: Photons of less are called ultraviolet, eV.
_ULTRAVIOLET: Final = 100.0
#: A core level as regions are called: ``C 1s``, ``Fe2p3/2``.
_LEVEL: Final = re.compile(r"([A-Z][a-z]?)[ _]?([1-7][spdf](?:[ _]?\d/2)?)")
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME: Final = re.compile(r"(\d{2}):(\d{2})(?::(\d{2}))?")
_OFFSET: Final = re.compile(r"([+-])(\d{2}):(\d{2})")
_SCALES: Final = {"kinetic": "kinetic energy", "binding": "binding energy", "unknown": "energy"}
#: Label, unit and signal mode of intensities: counts are dimensionless (d).
_SIGNALS: Final = {"counts": ("counts", "d", "pulse counting"), "counts/s": ("count rate", "c/s", "pulse counting")}

__all__ = ["UNKNOWN", "block_lines", "comment_lines", "hours_ahead", "number_text", "text_line"]


def block_lines(written: Written, spectrum: Spectrum, step: float | None, at: Sequence[float]) -> Iterator[str]:
    """Yield the lines of a block.

    Args:
        written: What is known.
        spectrum: One dimension of it, over energies.
        step: Step of the energies, None where they are not even.
        at: Values of the experimental variables.
    """
    comment = comment_lines([f"spectrum: {spectrum.id}"])
    yield text_line(spectrum.name)
    yield text_line(written.text("sample_name"))
    yield from (*_moment(written), number_text(hours_ahead(written) or 0.0))
    yield from (str(len(comment)), *comment)
    yield "UPS" if _is_ultraviolet(written) else "XPS"
    yield from map(number_text, at)
    yield from _source(written)
    yield from _analyser(written, spectrum)
    yield from _signal(written, spectrum, step)
    yield from _values(spectrum, step)


def text_line(text: str) -> str:
    """Return a text as the standard takes it: ASCII, at most 80 characters, never blank."""
    return " ".join(ascii_text(text).split())[:_WIDTH].rstrip() or _UNSAID


def comment_lines(texts: Iterable[str]) -> list[str]:
    """Return texts as lines of a comment, what is too long for one line on more; signs beyond ASCII as escapes."""
    return [
        line
        for text in texts
        for line in textwrap.wrap(ascii_text(text), _WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    ]


def number_text(value: float | None) -> str:
    """Return the shortest text that reads back as the same double, the standard's own number for what is not known."""
    return UNKNOWN if value is None or not math.isfinite(value) else repr(float(value)).removesuffix(".0")


def _moment(written: Written) -> tuple[str, ...]:
    """Return year, month, day, hours, minutes and seconds, -1 where they are not known."""
    date = _DATE.fullmatch(written.text("measured_on"))
    time = _TIME.match(written.text("measured_at"))
    parts = (*(date.groups() if date else (None,) * 3), *(time.groups() if time else (None,) * 3))
    return tuple("-1" if one is None else str(int(one)) for one in parts)


def hours_ahead(written: Written) -> float | None:
    """Return by how many hours the clock was in advance of UTC, None where nobody says so."""
    text = written.text("time_zone")
    found = _OFFSET.fullmatch(text)
    if found is None:
        return 0.0 if text == "Z" else None
    sign, hours, minutes = found.groups()
    return float(f"{sign}1") * (int(hours) + int(minutes) / 60.0)


def _is_ultraviolet(written: Written) -> bool:
    energy = written.number("photon_energy")
    return energy is not None and energy < _ULTRAVIOLET


def _source(written: Written) -> Iterator[str]:
    """Yield label, energy, strength, widths and angles of the source."""
    yield text_line(written.text("xray_source"))
    yield number_text(written.number("photon_energy"))
    yield number_text(written.number("xray_output"))
    yield from (UNKNOWN,) * 4


def _analyser(written: Written, spectrum: Spectrum) -> Iterator[str]:
    """Yield mode, energies, widths and angles of the analyser, then what it detects: electrons of a level."""
    reference = spectrum.reference
    inside = reference.work_function if reference.scale == "binding" else written.work_function()
    passed = written.number("pass_energy")
    # One pass energy for the whole region is what fixed analyser transmission means.
    yield from (_UNSAID if passed is None else "FAT", number_text(passed), UNKNOWN, number_text(inside))
    # Target bias, analysis widths, take-off angles.
    yield from (UNKNOWN,) * 5
    level = _LEVEL.match(spectrum.name)
    yield from (_UNSAID, _UNSAID) if level is None else level.groups()
    yield "-1"


def _signal(written: Written, spectrum: Spectrum, step: float | None) -> Iterator[str]:
    """Yield the abscissa, the variables, and how the signal was collected."""
    abscissa = _SCALES[spectrum.reference.scale]
    label, unit, mode = _SIGNALS.get(spectrum.intensity_unit, ("intensity", "d", "analogue"))
    if step is None:
        yield from ("2", abscissa, "eV", label, unit)
    else:
        yield from (abscissa, "eV", number_text(float(spectrum.energy[0])), number_text(step), "1", label, unit)
    time, sweeps = written.number("step_time"), written.number("sweeps")
    yield from (mode, number_text(None if time is None else time / 1000.0), str(1 if sweeps is None else int(sweeps)))
    # Dead time, and three angles of the sample; no additional parameters.
    yield from (*(UNKNOWN,) * 4, "0")


def _values(spectrum: Spectrum, step: float | None) -> Iterator[str]:
    """Yield how many values there are, the ends of each variable, and the values, point by point."""
    variables = [spectrum.intensity] if step is not None else [spectrum.energy, spectrum.intensity]
    yield str(spectrum.intensity.size * len(variables))
    for one in variables:
        finite = one[np.isfinite(one)]
        yield from (number_text(float(end)) for end in ((finite.min(), finite.max()) if finite.size else (0.0, 0.0)))
    yield from map(number_text, np.stack(variables, axis=-1).reshape(-1).tolist())
