"""Axes: energies labelled by their scale and running the way the field expects, intensities with a readable factor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from shirube._extras import require
from shirube.figures._labels import ENERGY, INTENSITY, with_unit
from shirube.messages import Language, Text
from shirube.records import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Intensities outside these limits get a power of ten in the label instead of many zeros, or an offset, at the ticks.
_LARGE: Final = 1e5
_NOTHING: Final = 1e-280
_SMALL: Final = 1e-2


def energy_axis(axes: Axes, spectrum: Spectrum, lang: Language) -> None:
    """Make ``x`` the energy axis of ``spectrum``: limits, label, and binding energies running to the left.

    Of axes that share ``x`` only the one that shows its tick labels is labelled.
    """
    energy = spectrum.axis("energy")
    if energy.values.size > 1:
        low, high = float(np.min(energy.values)), float(np.max(energy.values))
        axes.set_xlim((high, low) if spectrum.reference.scale == "binding" else (low, high))
    label = with_unit(ENERGY[spectrum.reference.scale], energy.unit or "eV", lang)
    for sharing in axes.get_shared_x_axes().get_siblings(axes):
        if sharing.xaxis.get_tick_params()["labelbottom"]:
            sharing.set_xlabel(label)


def intensity_axis(axes: Axes, lang: Language, *, unit: str = "", largest: float | None = None) -> None:
    """Make ``y`` an intensity axis: ``Intensity (counts)``, or ``Intensity (10⁵ counts)`` for large numbers.

    Args:
        axes: The axes.
        lang: Language of the label.
        unit: Unit of the intensities, ``""`` when it is not known.
        largest: The largest intensity shown; taken from the axes when not given.
    """
    top = max(abs(limit) for limit in axes.get_ylim()) if largest is None else abs(largest)
    scale_ticks(axes.yaxis, top)
    axes.set_ylabel(intensity_label(lang, unit, top))


def scale_ticks(axis: Any, largest: float) -> None:
    """Take the power of ten that :func:`intensity_label` shows out of the numbers at the ticks."""
    ticker = require("matplotlib.ticker", "figures")
    formatter = ticker.ScalarFormatter(useOffset=False)
    exponent = power_of_ten(largest)
    formatter.set_scientific(exponent != 0)
    formatter.set_powerlimits((exponent, exponent))
    axis.set_major_formatter(formatter)
    axis.get_offset_text().set_visible(False)


def intensity_label(lang: Language, unit: str, largest: float = 0.0) -> str:
    """Return the label of intensities up to ``largest``, with the power of ten that the ticks leave out."""
    return scaled_label(INTENSITY, lang, unit, largest)


def scaled_label(label: Text, lang: Language, unit: str, largest: float) -> str:
    """Return a label of numbers up to ``largest``, with the power of ten that :func:`scale_ticks` leaves out."""
    exponent = power_of_ten(largest)
    factor = f"10{str(exponent).translate(_SUPERSCRIPTS)}" if exponent else ""
    return with_unit(label, f"{factor} {unit}".strip(), lang)


def power_of_ten(largest: float) -> int:
    """Return the power of ten that intensities up to ``largest`` have in their label; 0 for none."""
    # Below this matplotlib cannot keep two axis limits apart; such data are drawn as the zero that they are.
    if not math.isfinite(largest) or largest < _NOTHING or _SMALL <= largest < _LARGE:
        return 0
    return math.floor(math.log10(largest))
