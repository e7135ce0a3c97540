"""What must be said of a measurement before it is written for RDE: texts that RDE's metadata cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

from shirube.records import Amended, Facts, Measurement, Remark, Spectrum
from shirube_rde.texts import message
from shirube_rde.values import MAX_BYTES, left_out

__all__ = ["amend"]


def amend(spectrum: Spectrum, measurement: Measurement, facts: Facts, parameters: object) -> Amended:
    """Return no facts, and a remark for each text that is too long for RDE's metadata; the file keeps it whole."""
    del spectrum, measurement, parameters
    return Amended(remarks=tuple(_remarks(facts)))


def _remarks(facts: Facts) -> Iterator[Remark]:
    for term, quantity in facts.terms().items():
        size = left_out(quantity)
        if size is not None:
            origin = quantity.origin
            said = message("value-left-out", key=origin.key or term, size=size, limit=MAX_BYTES)
            yield Remark("rde-value-left-out", said.text(), origin.where, origin.line)
