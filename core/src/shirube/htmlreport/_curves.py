"""Curves: what a fit has stored, found by the names of its arrays, whoever made it."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray, NamedArray, Result

#: Arrays of one model; those of one of several models are led by its rank.
_NAME: Final = re.compile(r"(?:rank_([1-9]\d*)_)?(background|components|envelope|residuals)")

__all__ = ["Curves", "curves_of"]


@frozen(eq=False)
class Curves:
    """One model of a fit over the energies that were fitted.

    Attributes:
        rank: 1 for the best of several models, or the only one.
        energy: Shape (n,).
        intensity: What was fitted, shape (n,).
        envelope: Background and components together, shape (n,).
        background: Shape (n,).
        components: Above the background, shape (k, n); k may be 0.
        residuals: In standard deviations, shape (n,); None where the fit stores none.
    """

    rank: int
    energy: FloatArray
    intensity: FloatArray
    envelope: FloatArray
    background: FloatArray
    components: FloatArray
    residuals: FloatArray | None


def curves_of(result: Result) -> tuple[Curves, ...]:
    """Return the models whose curves a result holds, best first; none where it is no fit.

    A fit stores arrays named ``energy`` and ``intensity``, and of each model an ``envelope``, perhaps a ``background``,
    ``components`` and ``residuals``; of several models each name is led by ``rank_1_``, ``rank_2_`` and so on.
    """
    arrays = {one.name: one.values for one in result.arrays}
    energy, intensity = arrays.get("energy"), arrays.get("intensity")
    if energy is None or intensity is None or energy.ndim != 1 or energy.size == 0 or intensity.shape != energy.shape:
        return ()
    models: dict[int, dict[str, FloatArray]] = {}
    for one in result.arrays:
        found = _NAME.fullmatch(one.name)
        if found and _fits(one, energy.size):
            models.setdefault(int(found[1] or 1), {})[found[2]] = one.values
    return tuple(
        _curves(rank, energy, intensity, model) for rank, model in sorted(models.items()) if "envelope" in model
    )


def _fits(array: NamedArray, size: int) -> bool:
    dimensions = 2 if array.name.endswith("components") else 1
    return array.values.ndim == dimensions and array.values.shape[-1] == size


def _curves(rank: int, energy: FloatArray, intensity: FloatArray, model: dict[str, FloatArray]) -> Curves:
    return Curves(
        rank=rank,
        energy=energy,
        intensity=intensity,
        envelope=model["envelope"],
        background=model.get("background", np.zeros_like(energy)),
        components=model.get("components", np.zeros((0, energy.size))),
        residuals=model.get("residuals"),
    )
