"""The bridge to lmfit: a solution as an lmfit model with parameters, data and weights, to go on with there.

Needs the extra ``shirube-bicfit[lmfit]``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from attrs import field, frozen

from shirube.errors import MissingPluginError
from shirube.records import FloatArray
from shirube_bicfit.bounds import box
from shirube_bicfit.components import component_names, component_order
from shirube_bicfit.layout import LINE, Layout
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.noise import Noise
from shirube_bicfit.phrases import message
from shirube_bicfit.solutions import Fit, Solution

if TYPE_CHECKING:
    import lmfit

_NUMBERS: Final = ("height", "center", "fwhm", "fraction")
#: lmfit spells it the other way.
_SPELT: Final = {"centre": "center"}

__all__ = ["Handover", "to_lmfit"]


@frozen(eq=False)
class Handover:
    """A solution as lmfit takes it: ``model.fit(intensity, parameters, x=energy, weights=weights)``.

    Attributes:
        model: The peaks on their background as one function of ``x``.
        parameters: ``p1_height``, ``p1_center`` (eV), ``p1_fwhm`` (eV), ``p1_fraction`` of each line, ``p1b_…`` of its
            spin-orbit partner, what all lines have in common, the background; tied ones as expressions, bounds as they
            were, standard errors as they were found.
        energy: Shape (n,), as it was fitted.
        intensity: Shape (n,).
        weights: One over the standard deviation that the noise model gives each channel at the solution, shape (n,).
            With them the least-squares optimum is that of the likelihood.
    """

    model: lmfit.Model
    parameters: lmfit.Parameters
    energy: FloatArray = field(repr=False)
    intensity: FloatArray = field(repr=False)
    weights: FloatArray = field(repr=False)


def to_lmfit(fit: Fit, rank: int = 1) -> Handover:
    """Return the solution of a rank as an lmfit model with everything that a fit with lmfit needs.

    Raises:
        ShirubeError: The fit has no solution of this rank.
        MissingPluginError: lmfit is not installed.
    """
    try:
        import lmfit
    except ImportError:
        raise MissingPluginError(message("lmfit-missing")) from None
    solution = fit.solution_of_rank(rank)
    parameters = lmfit.Parameters()
    task = fit.task_of(solution)
    layout = task.layout
    _add_free(parameters, solution, layout, task.noise)
    _add_tied(parameters, solution, layout)
    return Handover(
        model=lmfit.Model(_Curve(solution, layout, list(parameters)), independent_vars=["x"], name="shirube_bicfit"),
        parameters=parameters,
        energy=fit.energy,
        intensity=fit.intensity,
        weights=1.0 / _deviations(task.noise, solution.envelope),
    )


class _Curve:
    """The model as a function of ``x`` and of parameters by name."""

    def __init__(self, solution: Solution, layout: Layout, names: Sequence[str]) -> None:
        self.__name__ = "peaks_on_background"
        # lmfit takes the names of parameters from the signature
        every = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("x", *names)]
        self.__signature__ = Signature(every)
        self._layout, self._background = layout, solution.variant.background
        self._components = component_names(solution, layout)

    def __call__(self, x: FloatArray, **values: float) -> FloatArray:
        order = np.argsort(x, kind="stable")
        tail = (values["asymmetry"],) if self._layout.asymmetric else ()
        lines = [(*(values[f"{name}_{number}"] for number in _NUMBERS), *tail) for name in self._components]
        ends = [values[name] for name in self._layout.names[-self._layout.background :]]
        theta = np.concatenate([np.ravel(lines), ends])
        ascending = np.asarray(x, dtype=np.float64)[order]
        curve = np.empty(ascending.size)
        curve[order] = SpectrumModel(ascending, self._background, self._layout).value(theta[None])[0]
        return curve


def _free_names(solution: Solution, layout: Layout) -> list[str]:
    """Return what the free numbers are called, in the order of the free form."""
    own = [f"p{line}_{_SPELT.get(name, name)}" for line in range(1, solution.count + 1) for name in layout.line_names]
    return [*own, *layout.shared_names]


def _add_free(parameters: Any, solution: Solution, layout: Layout, noise: Noise) -> None:
    """Add what is free, within the bounds that it had, with the standard error that was found."""
    lower, upper = box(solution.limits, layout, solution.count, noise.kind)
    errors = _errors(solution, layout)
    for name, value, low, high in zip(_free_names(solution, layout), solution.free, lower, upper, strict=True):
        # bounds of backgrounds are in counts; they only keep logarithms defined
        room = {} if name in {"background_low", "background_high", "slope"} else {"min": low, "max": high}
        parameters.add(name, value=float(value), **room)
        error = errors.get(name, math.nan)
        parameters[name].stderr = error if math.isfinite(error) else None


def _errors(solution: Solution, layout: Layout) -> dict[str, float]:
    """Return the standard errors that are known, by parameter."""
    names = component_names(solution, layout)
    of_lines = solution.uncertainties[:-2].reshape(-1, LINE)
    by_name = {
        f"{names[component]}_{number}": float(error)
        for component, row in zip(component_order(solution, layout).tolist(), of_lines, strict=True)
        for number, error in zip(_NUMBERS, row, strict=True)
    }
    shared = {name: by_name[f"p1_{name}"] for name in ("fwhm", "fraction")}
    ends = dict(zip(("background_low", "background_high"), solution.uncertainties[-2:].tolist(), strict=True))
    return by_name | shared | ends | {one.name: one.uncertainty for one in solution.commons}


def _add_tied(parameters: Any, solution: Solution, layout: Layout) -> None:
    """Add what follows from other parameters: shared numbers of lines, and partners of doublets."""
    for line in range(1, solution.count + 1):
        for column in layout.shared_columns:
            parameters.add(f"p{line}_{_NUMBERS[column]}", expr=_NUMBERS[column])
    if layout.doublet is None:
        return
    for name, fixed in (("splitting", layout.doublet.splitting), ("ratio", layout.doublet.ratio)):
        if name not in parameters:
            parameters.add(name, value=fixed, vary=False)
    for line in range(1, solution.count + 1):
        parameters.add(f"p{line}b_height", expr=f"p{line}_height * ratio")
        parameters.add(f"p{line}b_center", expr=f"p{line}_center + splitting")
        parameters.add(f"p{line}b_fwhm", expr=f"p{line}_fwhm")
        parameters.add(f"p{line}b_fraction", expr=f"p{line}_fraction")


def _deviations(noise: Noise, model: FloatArray) -> FloatArray:
    if noise.kind == "gauss":
        return np.full(model.size, noise.unit)
    return np.asarray(np.sqrt(noise.unit * np.maximum(model, 1e-12 * model.max())), dtype=np.float64)
