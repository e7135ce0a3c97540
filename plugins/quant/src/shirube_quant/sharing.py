"""Sharing: which line tells of each element, and the fractions of elements and components with their uncertainties."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from shirube.records import FloatArray
from shirube_quant.composing import fraction_spreads, fractions, part_spread
from shirube_quant.fittedareas import Component
from shirube_quant.measuring import Line
from shirube_quant.quantification import ComponentShare, ElementShare, LineShare
from shirube_quant.sensitivity import Sensitivity

__all__ = ["component_shares", "element_shares", "line_shares"]


def line_shares(
    lines: Sequence[Line], factors: Sequence[Sensitivity], exposed: Sequence[float]
) -> tuple[LineShare, ...]:
    """Return lines with their factors; of each element the line with the least uncertain area is used."""
    plain = [LineShare(*one, used=False, ratio=math.nan) for one in zip(lines, factors, exposed, strict=True)]
    best: dict[str, LineShare] = {}
    for one in plain:
        element = one.line.level.element
        if element not in best or _rank(one) < _rank(best[element]):
            best[element] = one
    return tuple(
        LineShare(
            one.line,
            one.sensitivity,
            one.exposure,
            used=one is best[one.line.level.element],
            ratio=one.amount / best[one.line.level.element].amount,
        )
        for one in plain
    )


def _rank(one: LineShare) -> tuple[bool, float]:
    relative = one.line.area.relative
    return one.line.surveyed, relative if math.isfinite(relative) else math.inf


def element_shares(shares: Sequence[LineShare], spread: float) -> tuple[ElementShare, ...]:
    """Return the fractions of the elements, largest first.

    Args:
        shares: Lines, one of each element used.
        spread: Relative standard uncertainty of a sensitivity factor.
    """
    used = [one for one in shares if one.used]
    parts = fractions(np.array([one.amount for one in used]))
    by_areas = fraction_spreads(parts, _relative(used))
    by_factors = fraction_spreads(parts, np.full(parts.shape, spread))
    found = [
        ElementShare(element=one.line.level.element, line=one, fraction=part, by_areas=areas, by_factors=factors)
        for one, part, areas, factors in zip(used, parts.tolist(), by_areas.tolist(), by_factors.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.fraction))


def _relative(used: Sequence[LineShare]) -> FloatArray:
    """Return relative uncertainties of areas; one that is not known counts as none, which is said."""
    known = [one.line.area.relative for one in used]
    return np.array([one if math.isfinite(one) else 0.0 for one in known], dtype=np.float64)


def component_shares(elements: Sequence[ElementShare], spread: float) -> tuple[ComponentShare, ...]:
    """Return the fractions of the components of the fits of the lines that elements come from.

    Args:
        elements: Their fractions.
        spread: Relative standard uncertainty of a sensitivity factor.
    """
    parts = np.array([one.fraction for one in elements])
    relative = _relative([one.line for one in elements])
    others = np.full(parts.shape, spread)
    found: list[ComponentShare] = []
    for place, element in enumerate(elements):
        area = element.line.line.area
        for one in area.components:
            part = element.fraction * one.area / area.value
            own, common = _own(one, area.value), (spread**2, spread**2)
            found.append(
                ComponentShare(
                    line=element.line,
                    component=one,
                    fraction=part,
                    by_areas=part_spread(part, place, parts, relative, own),
                    by_factors=part_spread(part, place, parts, others, common),
                )
            )
    return tuple(found)


def _own(component: Component, area: float) -> tuple[float, float]:
    """Return the relative variance of a component's area, and its relative covariance with that of the region."""
    variance = (component.uncertainty / component.area) ** 2 if component.area > 0.0 else 0.0
    covariance = component.covariance / (component.area * area) if component.area > 0.0 else 0.0
    if not math.isfinite(variance):
        return 0.0, 0.0
    # Without covariances components are taken as independent of each other.
    return variance, covariance if math.isfinite(covariance) else variance * component.area / area
