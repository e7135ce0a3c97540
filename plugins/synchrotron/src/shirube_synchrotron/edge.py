"""Fit a Fermi edge: Fermi level, instrumental resolution and total width, each with an honest uncertainty.

**Physics.** Sample and analyser share one Fermi level, so its electrons arrive with KE_F = hv - phi, phi being the
analyser's work function: the edge gives the difference hv - phi and nothing more. The intensity is

    I(E) = A [(1 + c u + q u^2) f(u, T)] * G(FWHM) + b0 + b1 u,      u = E - KE_F,  f = 1 / (1 + exp(u / kT)),

a density of states (constant, linear or quadratic) that is occupied by the Fermi function f, seen with a Gaussian
resolution G, above a background that may slope. See :mod:`shirube_synchrotron.model` for its closed form and
:mod:`shirube_synchrotron.projection` for the fit. Two widths are told apart:

* *resolution*: FWHM of G alone, what the beamline and the analyser do;
* *edge width*: from 10 to 90 % of the whole step, what the eye sees; 0.125 eV of resolution make 0.179 eV at 300 K.

The temperature is given, never fitted: to second order the data know only the sum of thermal and instrumental variance.

**Uncertainties.** *statistical*: from the full information matrix of Fermi level, resolution and all linear unknowns;
with quasi-Poisson weights scaled by the dispersion that the points show, since intensities of a camera or an ADC are
not counts. *model*: what other densities of states, backgrounds and windows say that the points admit
(:mod:`shirube_synchrotron.variants`). ``standard`` is both in quadrature.

**Verdict.** ``ok``, ``doubtful`` (usable, with reasons) or ``refused`` (:mod:`shirube_synchrotron.verdict`). No edge is
not an error: the record comes back refused, with the reasons in both languages, so that a series goes on;
:meth:`FermiEdge.accepted` turns it into one.

>>> import numpy as np
>>> from shirube_synchrotron.model import broadened_fermi
>>> kinetic = np.arange(799.0, 800.6, 0.01)
>>> edge = fit_fermi_edge(kinetic, 50 + 1000 * broadened_fermi(kinetic - 800, 300, 0.125).value, temperature=300)
>>> edge.status, round(edge.position.value, 3), round(edge.resolution.value, 3), round(edge.edge_width.value, 3)
('ok', 800.0, 0.125, 0.179)
"""

from __future__ import annotations

import math
from typing import Final, get_args

import numpy.typing as npt
from attrs import frozen

from shirube.errors import UsageError
from shirube.messages import Message
from shirube.records import Origin, Quantity
from shirube_synchrotron.fermiedge import (
    Curves,
    Estimate,
    FermiEdge,
    Scale,
    Status,
    Variant,
    Weights,
)
from shirube_synchrotron.finder import find_edge
from shirube_synchrotron.model import DensityOfStates
from shirube_synchrotron.projection import Form
from shirube_synchrotron.scan import Fit, Scan, Window, ordered, well_placed
from shirube_synchrotron.summary import curves, limit, numbers
from shirube_synchrotron.variants import demanded, examined, sharper, with_model, with_temperature
from shirube_synchrotron.verdict import coarse, doubts, refusals
from shirube_synchrotron.wording import electronvolts, said

#: Assumed in K where nobody says how warm the sample is.
ROOM_TEMPERATURE: Final = 300.0
#: No sample is measured hotter; a larger number is a slip.
_HOTTEST: Final = 3000.0
#: How far in K the temperature of a laboratory and of a sample in it may be from what is assumed.
ASSUMED_WITHIN: Final = 10.0
#: A fall is beyond doubt steeper than the Fermi function when 0 K is better by this much of Schwarz's criterion.
_BEYOND_DOUBT: Final = 10.0
#: Beside a much higher edge, a little evidence is enough that a fall is none of electrons (odds of about 1 to 3).
_LIKELIER: Final = 2.0
_NOTHING: Final = Estimate(math.nan, math.nan)

__all__ = [
    "ASSUMED_WITHIN",
    "ROOM_TEMPERATURE",
    "Curves",
    "DensityOfStates",
    "Estimate",
    "FermiEdge",
    "Scale",
    "Status",
    "Variant",
    "Weights",
    "fit_fermi_edge",
]


def fit_fermi_edge(  # noqa: PLR0913 every choice has a default and a name
    energies: npt.ArrayLike,
    counts: npt.ArrayLike,
    *,
    temperature: float | Quantity | None = None,
    temperature_tolerance: float | None = None,
    scale: Scale = "kinetic",
    weights: Weights = "quasi-poisson",
    window: tuple[float, float] | None = None,
    density_of_states: DensityOfStates = "linear",
    background_slope: bool | None = None,
    variants: bool = True,
) -> FermiEdge:
    """Return the Fermi edge of a metal, found from the empty side and fitted.

    Args:
        energies: In eV, shape (n,), in any order; steps may vary.
        counts: Intensities, shape (n,); points that are not finite are left out.
        temperature: Of the sample in K; a quantity keeps its origin. None assumes 300 K.
        temperature_tolerance: How far in K it may be off, to either side; a part of the model uncertainty. None takes
            10 K for one that is assumed (whose origin is a default), 0 for one that is stated.
        scale: Whether ``energies`` are kinetic or binding energies. A binding axis need not be a right one: its
            position is where the Fermi level lies on it.
        weights: ``poisson`` for counts, ``quasi-poisson`` for intensities in any unit.
        window: How far the fitted points reach from the edge in eV, on its occupied and on its empty side. None for
            1.0 and 0.6, wider for wide steps and wide edges.
        density_of_states: Form of the density of states. A constant one shifts the level by 6 meV for each 10 %/eV.
        background_slope: Whether the background above the edge may slope; None: if the points demand it beyond doubt.
        variants: Whether other models and windows are asked for the model uncertainty.

    Raises:
        UsageError: The arrays differ in shape, or an argument is impossible.
    """
    _check(scale, weights, density_of_states, window)
    kelvin = _kelvin(temperature)
    tolerance = temperature_tolerance
    if tolerance is None:
        tolerance = ASSUMED_WITHIN if kelvin.origin.kind == "default" else 0.0
    if not 0.0 <= tolerance <= _HOTTEST:
        raise UsageError(said("edge-temperature", given=f"{tolerance:g} K"))
    asked = _Asked(kelvin, tolerance, weights, Form(density_of_states, bool(background_slope)))
    scan = ordered(energies, counts, scale)
    found = find_edge(scan.energies, scan.values)
    if isinstance(found, Message):
        return _unfitted(asked, scan, found)
    fit = well_placed(
        scan, found.level, asked.temperature.number, asked.form, None if window is None else Window(*window)
    )
    if isinstance(fit, int):
        return _unfitted(asked, scan, said("edge-too-few-points", points=fit, needed=asked.form.unknowns + 1))
    passed: tuple[Message, ...] = ()
    # A resolution that shows leaves nothing that a colder sample would describe better.
    gain = sharper(scan, fit, weights) if limit(fit, weights) is not None else 0.0
    if gain > _BEYOND_DOUBT:
        passed = (said("edge-sharper", temperature=f"{asked.temperature.number:g} K"),)
    if found.higher is not None:
        fit, passed = _of_two(asked, scan, fit, found.higher, gain, None if window is None else Window(*window))
    if background_slope is None:
        fit = demanded(scan, fit, weights)
    return _judged(asked, scan, fit, passed, variants=variants)


@frozen
class _Asked:
    """What the caller asked for."""

    temperature: Quantity
    tolerance: float
    weights: Weights
    form: Form


def _of_two(
    asked: _Asked, scan: Scan, last: Fit, higher: float, gain: float, window: Window | None
) -> tuple[Fit, tuple[Message, ...]]:
    """Return the last fall of a scan or the much higher one below it, and the doubt that this leaves.

    No fall of electrons is steeper than the Fermi function, but a detector that stops counting, or light that goes out,
    is. One that is not may be the Fermi edge of a metal whose d band is much stronger, and stays the one. ``gain`` is
    how much better 0 K describes it.
    """
    below, above = (electronvolts(scan.shown(one)) for one in (higher, last.around))
    if gain <= _LIKELIER:
        return last, (said("edge-higher-below", higher=below),)
    fit = well_placed(scan, higher, asked.temperature.number, asked.form, window)
    if isinstance(fit, int):
        return last, (said("edge-higher-below", higher=below),)
    return fit, (said("edge-drop-above", drop=above),)


def _judged(asked: _Asked, scan: Scan, fit: Fit, passed: tuple[Message, ...], *, variants: bool) -> FermiEdge:
    own = numbers(fit, scan, asked.weights)
    hidden = limit(fit, asked.weights, scan.step if coarse(scan, own) else None)
    reasons = refusals(fit, scan, own, asked.weights)
    others: tuple[Variant, ...] = ()
    status: Status = "refused"
    if not reasons:
        if variants:
            others = examined(scan, fit, asked.weights)
            own = with_model(own, fit, asked.weights, others)
            own = with_temperature(own, scan, fit, asked.tolerance)
        reasons = (*passed, *doubts(fit, scan, own, asked.weights, hidden, others))
        status = "doubtful" if reasons else "ok"
    return FermiEdge(
        status=status,
        reasons=reasons,
        scale=scan.scale,
        position=own.position,
        resolution=own.resolution,
        resolution_limit=hidden,
        edge_width=own.edge_width,
        temperature=asked.temperature,
        temperature_tolerance=asked.tolerance,
        weights=asked.weights,
        density_of_states=asked.form.dos,
        height=own.height,
        dos_slope=own.dos_slope,
        dos_curvature=own.dos_curvature,
        background=own.background,
        background_slope=own.background_slope,
        dispersion=fit.solution.dispersion,
        freedom=fit.solution.freedom,
        window=fit.ends(scan),
        points=fit.data.values.size,
        variants=others,
        curves=curves(fit, scan, asked.weights),
    )


def _unfitted(asked: _Asked, scan: Scan, reason: Message) -> FermiEdge:
    return FermiEdge(
        status="refused",
        reasons=(reason,),
        scale=scan.scale,
        position=_NOTHING,
        resolution=_NOTHING,
        resolution_limit=None,
        edge_width=_NOTHING,
        temperature=asked.temperature,
        temperature_tolerance=asked.tolerance,
        weights=asked.weights,
        density_of_states=asked.form.dos,
        height=_NOTHING,
        dos_slope=_NOTHING,
        dos_curvature=None,
        background=_NOTHING,
        background_slope=None,
        dispersion=math.nan,
        freedom=0,
        window=(math.nan, math.nan),
        points=0,
    )


def _kelvin(given: float | Quantity | None) -> Quantity:
    if given is None:
        return Quantity(ROOM_TEMPERATURE, "K", origin=Origin("default"))
    quantity = (
        given if isinstance(given, Quantity) else Quantity(float(given), "K", origin=Origin("settings", "temperature"))
    )
    if isinstance(quantity.value, str) or quantity.unit != "K" or not 0.0 <= quantity.number <= _HOTTEST:
        raise UsageError(said("edge-temperature", given=f"{quantity.value} {quantity.unit or ''}".strip()))
    return quantity


def _check(scale: Scale, weights: Weights, dos: DensityOfStates, window: tuple[float, float] | None) -> None:
    given = {"scale": (scale, Scale), "weights": (weights, Weights), "density_of_states": (dos, DensityOfStates)}
    for name, (value, choices) in given.items():
        if value not in get_args(choices):
            raise UsageError(said("edge-option", name=name, value=value, allowed=", ".join(get_args(choices))))
    if window is not None and not all(0.0 < one < math.inf for one in window):
        raise UsageError(said("edge-window", window=window))
