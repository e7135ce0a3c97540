"""Areas that a peak fit found, read from results as any analysis may leave them: a table of positions and areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray, Result, Spectrum
from shirube.tables import Column, Table

#: Results that are worth using.
_USABLE: Final = ("ok", "doubtful")
_POSITION: Final = "peak_position"
_AREA: Final = "peak_area"
_NAME: Final = "component_name"
_ROUNDING: Final = 1e-6

__all__ = ["Component", "Fitted", "fitted_areas"]


@frozen
class Component:
    """A component of a fit.

    Attributes:
        name: As the fit calls it, ``""`` where it does not.
        position: In eV on the scale of the spectrum.
        position_uncertainty: Standard uncertainty; nan where it is not known.
        area: Intensity times eV.
        uncertainty: Standard uncertainty of the area; nan where it is not known.
        covariance: Of this area with that of the whole region; nan where it is not known.
    """

    name: str
    position: float
    position_uncertainty: float
    area: float
    uncertainty: float
    covariance: float


@frozen(eq=False)
class Fitted:
    """The areas of a region by its fit.

    Attributes:
        analysis: Name of the analysis that fitted.
        doubtful: Whether it doubts its own fit.
        components: Those that are quantified.
        left_out: Those at the end of the region or beyond it: background rather than lines.
        area: Sum over ``components``.
        uncertainty: Standard uncertainty of the sum; nan where it is not known.
        correlated: Whether the uncertainty takes account of the covariance of the components.
    """

    analysis: str
    doubtful: bool
    components: tuple[Component, ...]
    left_out: tuple[Component, ...]
    area: float
    uncertainty: float
    correlated: bool

    @property
    def position(self) -> float:
        """The position of the largest component in eV."""
        return max(self.components, key=lambda one: one.area).position


def fitted_areas(results: Sequence[Result], spectrum: Spectrum) -> Fitted | None:
    """Return the areas of the last usable fit of a spectrum, None where there is none.

    A fit is any result with a table of its best model that has columns of the terms ``peak_position`` and
    ``peak_area``; their uncertainties, and those of the shares in the sum (``area_percent_uncertainty``), are used
    where they are there.
    """
    for result in reversed(results):
        if result.target != spectrum.id or result.status not in _USABLE:
            continue
        table = next((one for one in result.tables if _is_fit(one)), None)
        if table is not None:
            return _read(table, result, spectrum)
    return None


def _is_fit(table: Table) -> bool:
    columns = [table.of_term(term) for term in (_POSITION, _AREA)]
    numbers = all(one is not None and isinstance(one.values, np.ndarray) for one in columns)
    return table.rank in (None, 1) and len(table) > 0 and numbers


def _read(table: Table, result: Result, spectrum: Spectrum) -> Fitted | None:
    areas, spread = _measured(table, _AREA)
    positions, unsure = _measured(table, _POSITION)
    names = table.of_term(_NAME)
    low, high = float(spectrum.energy.min()), float(spectrum.energy.max())
    step = (high - low) / max(1, spectrum.energy.size - 1)
    inside = (positions - low > step) & (high - positions > step) & np.isfinite(areas)
    total, covariance = _covariances(areas, spread, _shares(table) / 100.0)
    variance, correlated = _variance(total, spread, covariance, inside)
    if not inside.all():
        # What is known is the covariance with the sum of all.
        covariance = np.full(areas.shape, math.nan)
    numbers = (one.tolist() for one in (positions, unsure, areas, spread, covariance))
    components = [Component(*row) for row in zip(_texts(names, len(table)), *numbers, strict=True)]
    kept = tuple(one for one, there in zip(components, inside, strict=True) if there)
    if not kept:
        return None
    return Fitted(
        analysis=result.analysis,
        doubtful=result.status == "doubtful",
        components=kept,
        left_out=tuple(one for one, there in zip(components, inside, strict=True) if not there),
        area=sum(one.area for one in kept),
        uncertainty=math.sqrt(variance) if variance >= 0.0 else math.nan,
        correlated=correlated,
    )


def _covariances(areas: FloatArray, spread: FloatArray, share_spread: FloatArray) -> tuple[float, FloatArray]:
    """Return the variance of the sum T of areas A, and the covariance of each with it; nan where not known.

    With shares s = A / T, to first order: T^2 var(s) = var(A) - 2 s cov(A, T) + s^2 var(T). Summed over the areas after
    division by s this leaves var(T) = sum((var(A) - T^2 var(s)) / s), and then each cov(A, T).
    """
    total = float(areas.sum())
    nothing = np.full(areas.shape, math.nan)
    if total <= 0.0 or (areas <= 0.0).any() or not np.isfinite(share_spread).all():
        return math.nan, nothing
    share = areas / total
    own, of_share = np.square(spread), np.square(total * share_spread)
    variance = float(((own - of_share) / share).sum())
    # Rounding, or uncertainties that were not made to first order.
    if not math.isfinite(variance) or not 0.0 <= variance <= float(spread.sum()) ** 2 * (1.0 + _ROUNDING):
        return math.nan, nothing
    return variance, (own + np.square(share) * variance - of_share) / (2.0 * share)


def _variance(
    total: float, spread: FloatArray, covariance: FloatArray, kept: npt.NDArray[np.bool_]
) -> tuple[float, bool]:
    """Return the variance of the sum of the areas that are kept, and whether it is with covariances."""
    out = np.flatnonzero(~kept)
    if math.isfinite(total) and out.size <= 1:
        less = total - 2.0 * float(covariance[out].sum()) + float(np.square(spread[out]).sum())
        if less >= 0.0:
            return less, True
    return float(np.square(spread[kept]).sum()), False


def _shares(table: Table) -> FloatArray:
    """Return the standard uncertainties of the shares of components in per cent; no term names them."""
    return _numbers(next((one for one in table.columns if one.name == "area_percent_uncertainty"), None), len(table))


def _measured(table: Table, term: str) -> tuple[FloatArray, FloatArray]:
    """Return the values of a term and their standard uncertainties, nan where there are none."""
    column = table.of_term(term)
    if column is None:
        return _numbers(None, len(table)), _numbers(None, len(table))
    spread = next((one for one in table.columns if one.name == f"{column.name}_uncertainty"), None)
    return _numbers(column, len(table)), _numbers(spread, len(table))


def _numbers(column: Column | None, rows: int) -> FloatArray:
    return column.values if column and isinstance(column.values, np.ndarray) else np.full(rows, math.nan)


def _texts(column: Column | None, rows: int) -> tuple[str, ...]:
    return column.values if column and isinstance(column.values, tuple) else ("",) * rows
