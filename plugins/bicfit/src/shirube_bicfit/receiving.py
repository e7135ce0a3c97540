"""Receiving: what callers hand over as channels of a spectrum, as arrays of numbers or with why they are none."""

from __future__ import annotations

from typing import Any, Final, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from shirube.errors import ShirubeError
from shirube.messages import Message
from shirube.records import EnergyScale, FloatArray
from shirube_bicfit.bounds import refusal_of_widths
from shirube_bicfit.judgement import refusal
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message

_Masked: TypeAlias = "np.ma.MaskedArray[Any, Any]"
_SCALES: Final[tuple[str, ...]] = get_args(EnergyScale)

__all__ = ["check_scale", "received", "settings_from"]


def received(
    energy: npt.ArrayLike, intensity: npt.ArrayLike, settings: Parameters
) -> tuple[FloatArray, FloatArray, Message | None]:
    """Return energies and intensities as numbers, and why they cannot be fitted, None if they can.

    Nothing is dropped on the way: neither masks nor imaginary parts.
    """
    energies: _Masked = np.ma.asanyarray(energy)
    intensities: _Masked = np.ma.asanyarray(intensity)
    reason = _not_real(energies, intensities) or _not_one_row(energies, intensities) or _masked(energies, intensities)
    real = _numbers(energies), _numbers(intensities)
    reason = reason or refusal(*real, settings.noise)
    return *real, reason or refusal_of_widths(real[0], settings.fwhm_min, settings.fwhm_max)


def check_scale(scale: str) -> None:
    """Refuse what is no energy scale.

    Raises:
        ShirubeError: With the scales that there are.
    """
    if scale not in _SCALES:
        raise ShirubeError(message("no-such-scale", scale=str(scale), known=", ".join(_SCALES)))


def settings_from(parameters: Parameters | None) -> Parameters:
    """Return settings, the default ones for None.

    Raises:
        ShirubeError: They are no parameters.
    """
    if parameters is None:
        return Parameters()
    if not isinstance(parameters, Parameters):
        raise ShirubeError(message("no-parameters", kind=type(parameters).__name__))
    return parameters


def _numbers(values: _Masked) -> FloatArray:
    """Return values as plain real numbers, nan where they are none: what a refusal hands back."""
    plain = np.ma.getdata(values)
    return np.asarray(plain, dtype=np.float64) if _is_real(plain) else np.full(plain.shape, np.nan)


def _is_real(values: npt.NDArray[np.generic]) -> bool:
    if values.dtype.kind in "biuf":
        return True
    if values.dtype.kind in "cmM":
        return False
    try:
        values.astype(np.float64)
    except (TypeError, ValueError):
        return False
    return True


def _not_real(*both: _Masked) -> Message | None:
    wrong = [str(one.dtype) for one in both if not _is_real(np.ma.getdata(one))]
    return message("not-real", kinds=", ".join(wrong)) if wrong else None


def _not_one_row(energies: _Masked, intensities: _Masked) -> Message | None:
    if energies.ndim == 1 and energies.shape == intensities.shape:
        return None
    return message("not-a-row", energies=str(energies.shape), intensities=str(intensities.shape))


def _masked(*both: _Masked) -> Message | None:
    hidden = np.any([np.ma.getmaskarray(one) for one in both], axis=0)
    number = int(np.count_nonzero(hidden))
    return message("masked", number=number) if number else None
