"""Reporting: a fit as the result record that travels on."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from shirube.messages import Message, Text
from shirube.parameters import effective
from shirube.records import NamedArray, Origin, Quantity, Result, Spectrum, Value
from shirube.tables import Table
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.peakreport import report_table
from shirube_bicfit.phrases import message, variant_name
from shirube_bicfit.solutions import Fit, Solution
from shirube_bicfit.tabulating import models_table, peaks_table, remarks_table, starts_table
from shirube_bicfit.variants import SINGLE

ANALYSIS: Final = "bicfit"

__all__ = ["ANALYSIS", "no_such_rank", "peaks_name", "ranked_in", "ranks_of", "result_of", "variants_in"]


def peaks_name(rank: int) -> str:
    """Return the name of the table with the peaks of the model of this rank."""
    return "peaks" if rank == 1 else f"peaks_rank_{rank}"


def ranks_of(result: Result) -> range:
    """Return the ranks of the models that a result holds in full; none for a refusal."""
    return range(1, 1 + sum(array.name.endswith("_envelope") for array in result.arrays))


def ranked_in(result: Result) -> int:
    """Return how many models were ranked, kept in full or not; 0 for a refusal."""
    return len(result.table("models")) if ranks_of(result) else 0


def no_such_rank(result: Result, rank: int) -> Message:
    """Return why a result holds no model of this rank in full: there is none, or fewer are kept than there are."""
    kept, ranked = len(ranks_of(result)), ranked_in(result)
    if rank <= ranked:
        return message("rank-not-kept", rank=rank, kept=kept, ranked=ranked)
    return message("no-such-rank", rank=rank, ranks=ranked)


def variants_in(result: Result) -> dict[int, Text]:
    """Return what the variant of each ranked model is called, by rank."""
    models = result.table("models")
    columns = (models.column(name).values for name in ("rank", "background", "lineshape", "doublet"))
    return {
        int(float(rank)): variant_name(str(background), str(lineshape), "" if doublet == SINGLE else str(doublet))
        for rank, background, lineshape, doublet in zip(*columns, strict=True)
    }


def result_of(fit: Fit, spectrum: Spectrum, parameters: Parameters) -> Result:
    """Return a fit as a result: scalars by term, tables and arrays; a refusal has its reasons only."""
    ranked = fit.ranked[: parameters.top]
    return Result(
        analysis=ANALYSIS,
        target=spectrum.id,
        status=fit.status,
        reasons=tuple(reason.text() for reason in fit.reasons),
        scalars=_scalars(fit) if ranked else {},
        tables=_tables(fit, ranked, parameters, spectrum.intensity_unit),
        arrays=_arrays(fit, ranked, spectrum.intensity_unit),
        parameters=effective(parameters),
    )


def _scalars(fit: Fit) -> dict[str, Quantity]:
    best = fit.best
    main = int(np.argmax(best.areas.values))
    spreads = best.uncertainties[:-2].reshape(best.peaks.shape)
    standing, spread = best.standing, best.areas.part_uncertainties
    scalars = {
        "peak_count": _quantity(best.count),
        "main_peak_position": _quantity(float(best.peaks[main, 1]), "eV", float(spreads[main, 1])),
        "main_peak_width": _quantity(float(best.peaks[main, 2]), "eV", float(spreads[main, 2])),
        "main_peak_share": _quantity(100.0 * float(best.areas.parts[main]), "%", 100.0 * float(spread[main])),
        "bic": _quantity(standing.bic),
        "weight": _quantity(standing.weight),
        "equals": _quantity(sum(one.standing.tied for one in fit.solutions if one is not best)),
        "criterion": _quantity(fit.criterion),
        "noise": _quantity("" if fit.noise is None else fit.noise.kind),
        "dispersion": _quantity(fit.dispersion),
        "reduced_deviance": _quantity(best.reduced_deviance),
        "background": _quantity(best.variant.background),
        "lineshape": _quantity(best.variant.lineshape),
        "doublet": _quantity(best.variant.doublet),
        "parameters": _quantity(best.parameters),
        "channels": _quantity(int(fit.energy.size)),
        # Read off the axis, not measured: there is nothing uncertain about them.
        "range_low": Quantity(float(fit.energy.min()), "eV", origin=Origin("axis")),
        "range_high": Quantity(float(fit.energy.max()), "eV", origin=Origin("axis")),
        "starts": _quantity(sum(len(one.origins) for one in fit.solutions)),
        "hits": _quantity(best.hits),
    }
    if len(fit.ranked) > 1:
        scalars["delta_bic"] = _quantity(fit.ranked[1].standing.delta_bic)
    return {f"{ANALYSIS}.{name}": quantity for name, quantity in scalars.items()}


def _quantity(value: Value, unit: str | None = None, uncertainty: float | None = None) -> Quantity:
    known = None if uncertainty is None or not math.isfinite(uncertainty) else uncertainty
    return Quantity(value, unit, known, Origin("analysis", ANALYSIS))


def _tables(fit: Fit, ranked: tuple[Solution, ...], settings: Parameters, unit: str) -> tuple[Table, ...]:
    tables: list[Table] = []
    if ranked:
        tables.append(models_table(fit.solutions, unit))
        tables += [peaks_table(peaks_name(rank), one, fit, unit) for rank, one in enumerate(ranked, start=1)]
        tables.append(report_table(fit, settings, unit))
        tables.append(starts_table(fit.solutions))
    if fit.remarks:
        tables.append(remarks_table(fit.remarks))
    return tuple(tables)


def _arrays(fit: Fit, ranked: tuple[Solution, ...], unit: str) -> tuple[NamedArray, ...]:
    """Return everything that figures show, so that drawing needs no refit."""
    if not ranked:
        return ()
    arrays = [NamedArray("energy", fit.energy, "eV"), NamedArray("intensity", fit.intensity, unit)]
    for rank, one in enumerate(ranked, start=1):
        arrays += [
            NamedArray(f"rank_{rank}_background", one.background, unit),
            NamedArray(f"rank_{rank}_components", one.components, unit),
            NamedArray(f"rank_{rank}_envelope", one.envelope, unit),
            NamedArray(f"rank_{rank}_residuals", one.residuals),
        ]
    return tuple(arrays)
