"""Judgement: what makes a spectrum impossible to fit, and a fit doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.messages import Message
from shirube.quantities import uncertain
from shirube.records import FloatArray
from shirube_bicfit.choices import ON_TOP, NoiseChoice
from shirube_bicfit.criteria import TIE
from shirube_bicfit.noise import Noise
from shirube_bicfit.phrases import message
from shirube_bicfit.search import RISES, most_peaks
from shirube_bicfit.significance import Rejection
from shirube_bicfit.solutions import Areas, Solution

#: Reduced deviance above which a model of counts does not describe the data.
MISFIT: Final = 1.5
#: Variance of the residuals over that between neighbouring channels above which residuals are structured.
STRUCTURED: Final = 2.0
#: Part of the area: what is not known of a line that surely holds less leaves a fit its worth.
MUCH: Final = 0.1
#: Cautions that make a fit doubtful.
_GRAVE: Final = ("correlated-channels", "undetermined")
#: Background ends below this part of the largest intensity are at their bound, zero.
_NOTHING: Final = 1e-6
#: More channels than this are refused: up to here a fit with 30 peaks took 10 s of CPU, of 100 000 it never ended.
MOST_CHANNELS: Final = 20000
_LEAST_WIDTH: Final = 1e-3
_LARGEST: Final = 1e100
_LARGEST_ENERGY: Final = 1e6

__all__ = ["MISFIT", "MUCH", "STRUCTURED", "cut_short", "doubts", "refusal", "rejection_message", "remarks_on"]


def refusal(energy: FloatArray, intensity: FloatArray, noise: NoiseChoice = "auto") -> Message | None:
    """Return why a spectrum cannot be fitted with this noise, None if it can."""
    if not (np.all(np.isfinite(energy)) and np.all(np.isfinite(intensity))):
        bad = int(np.count_nonzero(~np.isfinite(intensity)) + np.count_nonzero(~np.isfinite(energy)))
        return message("not-finite", number=bad)
    if energy.size > MOST_CHANNELS:
        return message("too-many-channels", number=energy.size, limit=MOST_CHANNELS, merged=_merged(energy.size))
    if most_peaks(energy.size, 1) < 1:
        return message("too-few-channels", number=energy.size)
    return _refusal_of_axis(energy) or _refusal_of_intensity(intensity) or _refusal_of_noise(intensity, noise)


def _merged(channels: int) -> int:
    return -(-channels // MOST_CHANNELS)


def doubts(best: Solution, tried: Sequence[Solution], most: int, noise: Noise) -> list[Message]:
    """Return what makes the best solution doubtful."""
    found = []
    if best.count == most > 1 and len(tried) == most:
        found.append(message("limit-reached", number=most))
    if noise.kind == "poisson" and best.reduced_deviance > MISFIT:
        found.append(message("misfit", value=round(best.reduced_deviance, 2)))
    if noise.kind != "poisson" and best.reduced_deviance > STRUCTURED:
        found.append(message("structured-residuals", value=round(best.reduced_deviance, 2)))
    found += [one for one in best.warnings if _grave(one)]
    found += _unsettled(best, much=True)
    found += _lost_background(best)
    if best.rejected:
        found.append(message("all-rejected", number=best.count))
    found += [rejection_message(best, one) for one in best.rejected]
    if not best.converged:
        found.append(message("not-converged", number=best.count))
    return found


def cut_short(best: Solution, tried: Sequence[Solution], most: int, starts: int) -> list[Message]:
    """Return how the number of starts allowed limited the search, if it did.

    Args:
        best: The best solution.
        tried: Those of all numbers of lines that were tried.
        most: Largest number of lines.
        starts: Starts that were allowed.
    """
    searched = best.origins != ("given",)
    spent = sum(len(one.origins) - sum(one.origins.count(on_top) for on_top in ON_TOP) for one in tried)
    if not searched or spent < starts:
        return []
    if len(tried) < min(most, best.count + RISES):
        return [message("starts-used-up", number=starts, tried=len(tried))]
    if any(one.code == "few-hits" for one in best.warnings):
        return [message("starts-run-out", number=starts)]
    return []


def remarks_on(best: Solution, solutions: Sequence[Solution]) -> list[Message]:
    """Return what else must be said: of the best solution, of its equals, and of those that were passed over."""
    found = [one for one in best.warnings if not _of_fraction(one) and not _grave(one)]
    found += _unsettled(best, much=False)
    found += [
        message("tie", number=other.count, value=round(other.standing.delta_bic, 1))
        for other in solutions
        if other.standing.rank > 1 and other.standing.tied
    ]
    for other in solutions:
        if other.standing.rank > 1 and other.rejected and other.standing.delta_bic < TIE:
            found += [rejection_message(other, one) for one in other.rejected]
    return found


def rejection_message(solution: Solution, one: Rejection) -> Message:
    """Return why a line of a solution was taken for noise."""
    return message(
        f"noise-born-{one.kind}",
        # components are numbered, and a line may be a doublet
        number=len(solution.peaks),
        peak=one.peak,
        energy=f"{one.position:.2f}",
        gain=round(one.gain, 1),
        needed=round(one.needed, 1),
    )


def _grave(one: Message) -> bool:
    """Tell whether a caution makes a fit doubtful; a position at a bound is where the line would have gone on."""
    bound = one.params.get("bound")
    return one.code in _GRAVE or (isinstance(bound, Message) and bound.code.startswith("bound-centre"))


def _unsettled(best: Solution, *, much: bool) -> Iterator[Message]:
    """Yield which areas and positions of lines are less certain than the area, or the line is wide.

    Args:
        best: The best solution.
        much: Of lines that may hold much of the area; else of the others.
    """
    told = {one.params["peak"] for one in best.warnings if one.code == "undetermined"}
    of_interest = _much(best.areas) == much
    spreads = best.uncertainties[:-2].reshape(-1, 4)
    of_areas = zip(best.areas.values.tolist(), best.areas.uncertainties.tolist(), of_interest, strict=True)
    areas = [
        _known(number, area, spread)
        for number, (area, spread, asked) in enumerate(of_areas, start=1)
        if asked and number not in told and not spread <= area
    ]
    if areas:
        yield message("unsettled-areas", peaks=", ".join(areas))
    of_positions = zip(best.peaks.tolist(), spreads[:, 1].tolist(), of_interest, strict=True)
    positions = [
        _known(number, peak[1], spread)
        for number, (peak, spread, asked) in enumerate(of_positions, start=1)
        if asked and spread > peak[2]
    ]
    if positions:
        yield message("unsettled-positions", peaks=", ".join(positions))


def _much(areas: Areas) -> npt.NDArray[np.bool_]:
    """Tell which components hold much of the area, or may do so as far as is known, shape (components,)."""
    return ~(areas.parts + areas.part_uncertainties <= MUCH)


def _lost_background(best: Solution) -> Iterator[Message]:
    """Yield the ends of the background that could be known as well without a fit."""
    largest = float(best.envelope.max())
    for name, value, spread in zip(
        ("background_low", "background_high"), best.theta[-2:].tolist(), best.uncertainties[-2:].tolist(), strict=True
    ):
        lost = np.isnan(spread) and value > _NOTHING * largest
        if lost or spread > largest:
            quantity = message(f"quantity-{name}")
            yield message("unsettled-background", quantity=quantity, value=uncertain(value, spread))


def _known(number: int, value: float, spread: float) -> str:
    """Return the number of a peak and how well something of it is known."""
    return f"{number} ({uncertain(value, spread)})"


def _of_fraction(one: Message) -> bool:
    """Tell whether it only says that a Lorentz fraction is 0 or 1, which is ordinary."""
    bound = one.params.get("bound")
    return isinstance(bound, Message) and bound.code.startswith("bound-fraction")


def _refusal_of_axis(energy: FloatArray) -> Message | None:
    unusable = message("not-an-energy-axis", low=f"{energy.min():g}", high=f"{energy.max():g}")
    if np.abs(energy).max() > _LARGEST_ENERGY:
        return unusable
    steps = np.diff(energy)
    if not (np.all(steps > 0.0) or np.all(steps < 0.0)):
        return message("not-monotone")
    return unusable if abs(energy[-1] - energy[0]) < _LEAST_WIDTH else None


def _refusal_of_noise(intensity: FloatArray, noise: NoiseChoice) -> Message | None:
    negative = int(np.count_nonzero(intensity < 0.0))
    return message("negative-counts", number=negative, noise=noise) if negative and "poisson" in noise else None


def _refusal_of_intensity(intensity: FloatArray) -> Message | None:
    largest = float(np.abs(intensity).max())
    if largest == 0.0:
        return message("all-zero")
    if not 1.0 / _LARGEST < largest < _LARGEST:
        return message("beyond-range", value=f"{largest:g}")
    return message("constant") if np.ptp(intensity) == 0.0 else None
