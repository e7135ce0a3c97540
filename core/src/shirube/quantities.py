"""Quantities as people read them: as many digits as the uncertainty leaves, and the unit."""

from __future__ import annotations

import math
from typing import Final

#: No energy scale is known to more decimals than these; smaller uncertainties show as powers of ten.
_MOST_DECIMALS: Final = 5
_LONG: Final = 1e5

__all__ = ["uncertain"]


def uncertain(value: float, uncertainty: float | None, unit: str | None = None) -> str:
    """Return ``284.800 ± 0.002 eV``: two digits of the uncertainty, and the value to the same decimal.

    Args:
        value: Any number.
        uncertainty: Its standard uncertainty; None or nan where there is none.
        unit: What both are in.
    """
    text = _pair(value, math.nan if uncertainty is None else uncertainty)
    return f"{text} {unit}" if unit else text


def _pair(value: float, uncertainty: float) -> str:
    if not math.isfinite(uncertainty):
        return f"{value:.6g}"
    if max(abs(value), uncertainty) >= _LONG:
        return f"{value:.4g} ± {uncertainty:.2g}"
    if uncertainty <= 0.0:
        return f"{value:.6g} ± {uncertainty:.2g}"
    digits = max(0, 1 - math.floor(math.log10(uncertainty)))
    if digits > _MOST_DECIMALS:
        return f"{value:.{_MOST_DECIMALS}f} ± {uncertainty:.1e}"
    return f"{value:.{digits}f} ± {uncertainty:.{digits}f}"
