"""The vicinity of an optimum: what the statistics of a fit are made of, in free form and in units of the noise."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits, box
from shirube_bicfit.layout import Layout
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.objective import Index
from shirube_bicfit.optima import Optimum
from shirube_bicfit.task import Task

_NAMES: Final = ("height", "centre", "fwhm", "fraction")

__all__ = ["Vicinity", "bounds_met", "held_at", "vicinities", "vicinity_at", "vicinity_of"]


@frozen(eq=False)
class Vicinity:
    """Model, derivatives and Fisher information at one parameter vector.

    Attributes:
        lines: The number of lines.
        free: The vector in free form, shape (p,).
        full: The same in component form, shape (f,).
        lower: Lower bounds of the free form, shape (p,).
        upper: Upper bounds, shape (p,).
        value: The model, shape (n,).
        tangent: Derivatives of the component form by the free form, shape (f, p).
        rows: Derivatives of the model by the free form, shape (p, n).
        root: Reciprocal standard deviations of the channels, shape (n,).
        residuals: Data minus model in standard deviations, shape (n,).
        information: Fisher information of the free form, shape (p, p).
        gradient: Half the derivative of the deviance by the free form, shape (p,).
        deviance: The deviance there.
        at_lower: Which numbers are at their lower bounds, shape (p,).
        at_upper: Which numbers are at their upper bounds, shape (p,).
        inside: Which numbers are at no bound, shape (p,).
    """

    lines: int
    free: FloatArray
    full: FloatArray
    lower: FloatArray
    upper: FloatArray
    value: FloatArray
    tangent: FloatArray
    rows: FloatArray
    root: FloatArray
    residuals: FloatArray
    information: FloatArray
    gradient: FloatArray
    deviance: float
    at_lower: npt.NDArray[np.bool_]
    at_upper: npt.NDArray[np.bool_]
    inside: npt.NDArray[np.bool_]


def held_at(free: FloatArray, bound: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell which numbers are at a bound."""
    return np.isfinite(bound) & (np.abs(free - bound) <= 1e-9 * np.maximum(1.0, np.abs(free)))


def vicinity_of(task: Task, model: SpectrumModel, optimum: Optimum) -> Vicinity:
    """Return the vicinity of an optimum."""
    return vicinity_at(task, model, optimum.free, optimum.limits)


def vicinity_at(task: Task, model: SpectrumModel, free: FloatArray, limits: Limits) -> Vicinity:
    """Return the vicinity of a vector in free form, shape (p,), within these limits."""
    bounds = box(limits, task.layout, task.layout.lines_in(free), task.noise.kind)
    return vicinities(task, model, free[None], bounds)[0]


def vicinities(
    task: Task, model: SpectrumModel, free: FloatArray, bounds: tuple[FloatArray, FloatArray]
) -> list[Vicinity]:
    """Return the vicinities of parameter vectors, shape (starts, p), that have the same bounds."""
    loss = task.noise.loss(task.intensity)
    full, tangent = task.layout.to_components(free), task.layout.tangent(free)
    value, jacobian = model.evaluate(full)
    residual, root = loss.residual(value)
    rows = np.matmul(tangent.swapaxes(1, 2), jacobian)
    weighted, residuals = rows * root[:, None], residual * root
    information = np.matmul(weighted, weighted.swapaxes(1, 2))
    gradient = -np.matmul(weighted, residuals[..., None])[..., 0]
    deviance = loss.deviance(value)
    at_lower, at_upper = held_at(free, bounds[0]), held_at(free, bounds[1])
    inside = ~(at_lower | at_upper)
    return [
        Vicinity(
            lines=task.layout.lines_in(free),
            free=free[at],
            full=full[at],
            lower=bounds[0],
            upper=bounds[1],
            value=value[at],
            tangent=tangent[at],
            rows=rows[at],
            root=root[at],
            residuals=residuals[at],
            information=information[at],
            gradient=gradient[at],
            deviance=float(deviance[at]),
            at_lower=at_lower[at],
            at_upper=at_upper[at],
            inside=inside[at],
        )
        for at in range(len(free))
    ]


def bounds_met(layout: Layout, at: Vicinity, order: Index) -> tuple[tuple[str, ...], ...]:
    """Return for each component, in this order, the bounds that its numbers are at, its own or shared ones."""
    own, shared = layout.line_names, layout.shared_names
    # the place of each number of the first line, and how far the next line's is from it
    places = [(name, own.index(name), len(own)) for name in own]
    places += [(name, len(own) * at.lines + shared.index(name), 0) for name in shared if name in _NAMES]
    places.sort(key=lambda place: _NAMES.index(place[0]))
    ends = (("min", at.at_lower.tolist()), ("max", at.at_upper.tolist()))
    lines = [
        tuple(f"{name}_{end}" for name, first, step in places for end, held in ends if held[first + step * line])
        for line in range(at.lines)
    ]
    return tuple(lines[component // layout.members] for component in order.tolist())
