"""What calibrations say, by code, from this package's own catalogue; numbers with their uncertainties as text."""

from __future__ import annotations

import math
from typing import Final

from shirube.messages import Message

#: Uncertainties are told to two digits; below this many decimals nothing on an energy scale is known.
_MOST_DECIMALS: Final = 6

__all__ = ["message", "uncertain"]


def message(code: str, **params: object) -> Message:
    """Return a message of this package."""
    return Message("shirube_synchrotron.calibration", code, params)


def uncertain(value: float, uncertainty: float) -> str:
    """Return ``799.84 ± 0.01``, the value to the digits that its uncertainty leaves."""
    if not math.isfinite(value):
        return "-"
    if not math.isfinite(uncertainty) or uncertainty <= 0.0:
        return f"{value:.8g}"
    decimals = min(max(1 - math.floor(math.log10(uncertainty)), 0), _MOST_DECIMALS)
    return f"{value:.{decimals}f} ± {uncertainty:.{decimals}f}"
