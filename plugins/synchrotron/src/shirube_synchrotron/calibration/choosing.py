"""What must be said of the calibration that was chosen for a spectrum: made later, not alone, or contradicted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shirube.messages import Message
from shirube.records import Spectrum
from shirube_synchrotron.calibration.fitting import Held
from shirube_synchrotron.calibration.phrases import message, uncertain
from shirube_synchrotron.calibration.record import Calibration

__all__ = ["told_of"]


def told_of(held: Held, spectrum: Spectrum, names: Mapping[Calibration, str]) -> Iterator[Message]:
    """Yield what a person should look at: a calibration later than the data, others that say something else.

    Args:
        held: What was chosen.
        spectrum: For which.
        names: Of the calibrations, as people know them.
    """
    one = held.calibration
    if one is None:
        return
    if held.later:
        yield message("calibration-later", region=spectrum.id, file=names[one], date=one.stated.date)
    if held.apart:
        others = ", ".join(f"{names[other]} {_level(other)}" for other in held.apart)
        yield message("calibrations-apart", region=spectrum.id, file=names[one], level=_level(one), others=others)


def _level(calibration: Calibration) -> str:
    level = calibration.fermi_level
    return f"{uncertain(level.value, level.standard)} eV"
