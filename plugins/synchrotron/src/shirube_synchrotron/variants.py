"""What other admissible models say of the same edge, and the uncertainty that follows from it.

Statistics tell how well one model is determined, not whether it is the right one: on measured edges the order of the
density of states, the background and the window move the level by a few meV and the resolution by 10 % and more. So
the edge is fitted with all of them. Those that the points reject are left out; half the range of the others is the
model uncertainty. A part of their differences is statistics again, since they weigh the points differently: for an
efficient estimate and another one of the same quantity, the variance of the difference is the difference of the
variances (Hausman, Econometrica 46 (1978) 1251), and that part is taken off.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Final

import numpy as np
from attrs import evolve, frozen

from shirube_synchrotron.evidence import Scales
from shirube_synchrotron.fermiedge import Estimate, Variant, Weights
from shirube_synchrotron.model import DensityOfStates
from shirube_synchrotron.projection import Form, solve, weights_of
from shirube_synchrotron.scan import Fit, Scan, Window, fit_window
from shirube_synchrotron.summary import Numbers, numbers

_SHAPES: Final[tuple[DensityOfStates, ...]] = ("constant", "linear", "quadratic")
_WINDOWS: Final = (0.75, 1.0, 1.25)
#: A model is rejected when its criterion is worse than the best one's by more (odds of about 1 to 20).
_REJECTED: Final = 6.0
#: A sloping background is taken only when the points ask for it beyond doubt.
_DEMANDED: Final = 10.0
#: A density of states may undershoot 0 by this fraction of its value at the level before it is called impossible.
_NEGATIVE: Final = 0.05
#: Levels within the edge's width at which a fit at 0 K begins.
_STARTS: Final = 7

__all__ = ["demanded", "examined", "negative", "sharper", "with_model", "with_temperature"]


@frozen(eq=False)
class _Rival:
    fit: Fit
    admitted: bool


def demanded(scan: Scan, fit: Fit, weights: Weights) -> Fit:
    """Return ``fit`` with a sloping background if the points demand one beyond doubt, else as it is."""
    form = evolve(fit.solution.form, background_slope=True)
    sloping = _alike(scan, fit, form, fit.window)
    if sloping is None or not _possible(sloping):
        return fit
    scales = Scales.of(sloping.data, sloping.solution, weights)
    gain = _criterion(scales, fit) - _criterion(scales, sloping)
    return sloping if gain > _DEMANDED else fit


def sharper(scan: Scan, fit: Fit, weights: Weights) -> float:
    """Return how much better the fall is described at 0 K than at the temperature of the fit, by the criterion."""
    if fit.data.temperature == 0.0:
        return 0.0
    cold = _coldest(scan, fit)
    scales = Scales.of(cold.data, cold.solution, weights)
    return _criterion(scales, fit) - _criterion(scales, cold)


def _coldest(scan: Scan, fit: Fit) -> Fit:
    """Return the best fit of the same points at 0 K.

    Nothing but the resolution then makes the edge wider than a step, and where no point lies on it the points do not
    say where to go: the fit begins at several levels and widths.
    """
    data = evolve(fit.data, temperature=0.0)
    places = 0.5 * fit.edge_width * np.linspace(-1.0, 1.0, _STARTS)
    starts = product(places.tolist(), (2.0 * scan.step, 0.5 * fit.edge_width))
    found = [solve(data, fit.solution.form, fit.solution.level + off, fwhm) for off, fwhm in starts]
    # One and the same weight for each point, or a curve that lies too high would excuse itself.
    noise = weights_of(fit.solution.model)
    best = min(found, key=lambda one: float(noise @ (data.values - one.model) ** 2))
    return Fit(data, fit.around, fit.window, best)


def examined(scan: Scan, fit: Fit, weights: Weights) -> tuple[Variant, ...]:
    """Return every combination of density of states, background and window that can be fitted, the own one first.

    The own one is admitted, too, only if no other model of the same points is far better.
    """
    found: list[Variant] = []
    for factor in _WINDOWS:
        window = fit.window.scaled(factor)
        rivals = [_alike(scan, fit, Form(dos, slope), window) for dos, slope in product(_SHAPES, (False, True))]
        found.extend(
            _variant(rival, scan, weights) for rival in _judged([one for one in rivals if one is not None], weights)
        )
    own = [one for one in found if _is_of(one, fit)]
    return (*own, *(one for one in found if one not in own))


def with_model(own: Numbers, fit: Fit, weights: Weights, variants: tuple[Variant, ...]) -> Numbers:
    """Return the numbers of a fit with the model uncertainty that the admitted variants set."""
    admitted = [one for one in variants if one.admitted]
    # What is statistics is judged by one noise for all: a poor model must not excuse itself by its own residuals.
    tiny = np.finfo(float).tiny
    noises = [math.sqrt(fit.solution.dispersion / max(one.dispersion, tiny)) for one in admitted]
    if weights == "poisson":
        noises = [1.0] * len(admitted)

    def widened(own: Estimate, pick: Callable[[Variant], Estimate]) -> Estimate:
        others = [(pick(one), noise) for one, noise in zip(admitted, noises, strict=True)]
        return evolve(own, model=_spread([_shift(own, one.value, one.statistical * noise) for one, noise in others]))

    return evolve(
        own,
        position=widened(own.position, lambda one: one.position),
        resolution=widened(own.resolution, lambda one: one.resolution),
        edge_width=widened(own.edge_width, lambda one: one.edge_width),
    )


def with_temperature(own: Numbers, scan: Scan, fit: Fit, tolerance: float) -> Numbers:
    """Return the numbers with what a temperature adds that may be off by ``tolerance`` in K, to either side.

    A rectangular distribution (JCGM 100:2008, 4.3.7) between what the colder and the warmer sample would give.
    """
    kelvin = fit.data.temperature
    limits = [max(kelvin - tolerance, 0.0), kelvin + tolerance] if tolerance else []
    fits = [fit_window(scan, fit.around, one, fit.solution.form, fit.window, start=fit) for one in limits]
    found = [one for one in fits if one is not None and one.solution.converged]

    def widened(own: Estimate, values: list[float]) -> Estimate:
        off = max((abs(value - own.value) for value in values), default=0.0) / math.sqrt(3.0)
        return evolve(own, model=math.hypot(own.model or 0.0, off))

    return evolve(
        own,
        position=widened(own.position, [scan.shown(one.solution.level) for one in found]),
        resolution=widened(own.resolution, [one.resolution for one in found]),
        edge_width=widened(own.edge_width, [one.edge_width for one in found]),
    )


def negative(fit: Fit) -> bool:
    """Tell whether the fitted density of states falls below 0 within the window, which no density can."""
    coefficients = fit.solution.coefficients
    shape = coefficients.size - 1 - fit.solution.form.background_slope
    below = fit.data.energies[fit.data.energies < fit.solution.level] - fit.solution.level
    density = sum(coefficients[power] * below**power for power in range(shape))
    return bool(below.size and (density < -_NEGATIVE * coefficients[0]).any())


def _alike(scan: Scan, fit: Fit, form: Form, window: Window) -> Fit | None:
    """Return the same edge fitted with another form or window, starting from the solution."""
    return fit_window(scan, fit.around, fit.data.temperature, form, window, start=fit)


def _is_of(variant: Variant, fit: Fit) -> bool:
    form = Form(variant.density_of_states, variant.background_slope)
    return form == fit.solution.form and variant.points == fit.data.values.size


def _judged(rivals: list[Fit], weights: Weights) -> list[_Rival]:
    """Return rivals for the same points, each with whether it is admitted."""
    if not rivals:
        return []
    richest = max(rivals, key=lambda one: one.solution.form.unknowns)
    scales = Scales.of(richest.data, richest.solution, weights)
    criteria = [_criterion(scales, one) if _possible(one) else math.inf for one in rivals]
    best = min(criteria)
    return [
        _Rival(fit, math.isfinite(own) and own - best <= _REJECTED) for fit, own in zip(rivals, criteria, strict=True)
    ]


def _criterion(scales: Scales, fit: Fit) -> float:
    return scales.criterion(fit.solution.model, fit.solution.form.unknowns)


def _possible(fit: Fit) -> bool:
    solution = fit.solution
    first, last = float(fit.data.energies[0]), float(fit.data.energies[-1])
    inside = first < solution.level < last
    return (
        inside and solution.converged and not solution.at_limit and solution.coefficients[0] > 0.0 and not negative(fit)
    )


def _variant(rival: _Rival, scan: Scan, weights: Weights) -> Variant:
    fit, own = rival.fit, numbers(rival.fit, scan, weights)
    return Variant(
        density_of_states=fit.solution.form.dos,
        background_slope=fit.solution.form.background_slope,
        window=fit.ends(scan),
        points=fit.data.values.size,
        position=own.position,
        resolution=own.resolution,
        edge_width=own.edge_width,
        dispersion=fit.solution.dispersion,
        admitted=rival.admitted,
    )


def _shift(own: Estimate, value: float, error: float) -> float:
    """Return how far another value lies from the own one, less what is statistics."""
    shift = value - own.value
    return math.copysign(math.sqrt(max(shift**2 - abs(error**2 - own.statistical**2), 0.0)), shift)


def _spread(shifts: list[float]) -> float:
    """Return a standard uncertainty for a value whose rivals lie so far off.

    Half the range; or, where they lie to one side, the root mean square distance from the own value to a point anywhere
    on the way to the farthest (a rectangular distribution, JCGM 100:2008, 4.3.7).
    """
    low, high = min([0.0, *shifts]), max([0.0, *shifts])
    return max((high - low) / 2.0, max(high, -low) / math.sqrt(3.0))
