"""Tables of a fit: its models, the peaks of a model, every start, and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from attrs import evolve

from shirube.messages import Message, Text
from shirube.records import FloatArray
from shirube.tables import Column, Table
from shirube_bicfit.components import component_names, component_order
from shirube_bicfit.phrases import message
from shirube_bicfit.solutions import Fit, Solution

#: Numbers that all lines of a model may have in common, or its background beside its ends, with their units.
COMMONS: Final = {"asymmetry": "1/eV", "splitting": "eV", "ratio": "", "slope": None}

#: Columns of peaks whose values are of a term of the core.
_TERMS: Final = {"position": "peak_position", "fwhm": "peak_width", "area": "peak_area"}

#: What stands for the unit of intensities that have none: the numbers are in that of the intensity column.
_INTENSITY: Final = "intensity"

__all__ = ["COMMONS", "models_table", "peaks_table", "remarks_table", "starts_table"]


def models_table(solutions: Sequence[Solution], unit: str) -> Table:
    """Return one row for each number of peaks of each variant; ``unit`` is that of the intensities."""
    standings = [one.standing for one in solutions]
    columns = (
        _of("component_count", _count("peaks", "Number of peaks", "ピーク本数", (one.count for one in solutions))),
        _of("model_rank", _count("rank", "Rank", "順位", (one.rank for one in standings))),
        _texts("background", "Background", "バックグラウンド", (one.variant.background for one in solutions)),
        _texts("lineshape", "Line shape", "線形", (one.variant.lineshape for one in solutions)),
        _texts("doublet", "Spin-orbit doublet", "スピン軌道二重線", (one.variant.doublet for one in solutions)),
        _count("parameters", "Free parameters", "自由パラメーター数", (one.parameters for one in solutions)),
        _of("bic", _column("bic", "BIC", "BIC", (one.bic for one in standings))),
        _column("delta_bic", "BIC difference to the best", "最良との BIC の差", (one.delta_bic for one in standings)),
        _column("weight", "Approximate probability", "近似確率", (one.weight for one in standings)),
        _count("tied", "As good as the best (1: yes)", "最良と同等（1：はい）", (one.tied for one in standings)),
        _column("aicc", "AICc", "AICc", (one.aicc for one in standings)),
        _column("log_evidence", "Logarithm of the evidence", "対数エビデンス", (one.log_evidence for one in standings)),
        _column(
            "evidence_weight",
            "Probability by the evidence",
            "エビデンスによる確率",
            (one.evidence_weight for one in standings),
        ),
        _column("reduced_deviance", "Reduced deviance", "換算デビアンス", (one.reduced_deviance for one in solutions)),
        _count("hits", "Starts that reached it", "到達した初期値の数", (one.hits for one in solutions)),
        _count(
            "finished", "Starts that came to an end", "最後まで計算した初期値の数", (one.finished for one in solutions)
        ),
        _count("starts", "Starts", "初期値の数", (len(one.origins) for one in solutions)),
        _texts("rejected", "Peaks taken for noise", "ノイズとみなしたピーク", (_rejected(one) for one in solutions)),
        *_backgrounds(solutions, unit),
        *_commons(solutions, unit),
    )
    return Table("models", Text("Models by number of peaks", "ピーク本数ごとのモデル"), columns)


def peaks_table(name: str, solution: Solution, fit: Fit, unit: str) -> Table:
    """Return the peaks of one model with standard uncertainties, in order of energy.

    The model of rank 1 has the ends of its intervals, too.
    """
    layout = fit.task_of(solution).layout
    names, order = component_names(solution, layout), component_order(solution, layout)
    columns = (
        _count("peak", "Peak", "ピーク", range(1, len(solution.peaks) + 1)),
        _of("component_name", _texts("component", "Component", "成分", (names[place] for place in order.tolist()))),
        *(_of(_TERMS.get(column.name, ""), column) for column in _measured(solution, unit)),
        _texts("at_bound", "At a bound", "上下限にある量", (" ".join(one) for one in solution.at_bound)),
    )
    rank, count, variant = solution.standing.rank, solution.count, solution.variant.name
    label = Text(
        f"Peaks of rank {rank} (K = {count}, {variant.render('en')})",
        f"順位 {rank} のピーク（K = {count}、{variant.render('ja')}）",
    )
    return Table(name, label, columns, rank=rank)


def starts_table(solutions: Sequence[Solution]) -> Table:
    """Return one row for each start: how many peaks, where it came from, and what it came to."""
    counts = np.concatenate([np.full(len(one.origins), float(one.count)) for one in solutions])
    bics = np.concatenate([one.start_bics for one in solutions])
    columns = (
        _count("peaks", "Number of peaks", "ピーク本数", counts),
        _texts("background", "Background", "バックグラウンド", _by_start(solutions, "background")),
        _texts("lineshape", "Line shape", "線形", _by_start(solutions, "lineshape")),
        _texts("doublet", "Spin-orbit doublet", "スピン軌道二重線", _by_start(solutions, "doublet")),
        _texts("origin", "Origin", "由来", (origin for one in solutions for origin in one.origins)),
        _column("bic", "BIC", "BIC", bics),
    )
    return Table("starts", Text("Starting models", "初期値"), columns)


def remarks_table(remarks: Sequence[Message]) -> Table:
    """Return remarks, which must not be empty, in both languages."""
    columns = (
        _texts("code", "Code", "コード", (one.code for one in remarks)),
        _texts("en", "Remark (English)", "注記（英語）", (one.render("en") for one in remarks)),
        _texts("ja", "Remark (Japanese)", "注記（日本語）", (one.render("ja") for one in remarks)),
    )
    return Table("remarks", Text("Remarks", "注記"), columns)


def _measured(solution: Solution, unit: str) -> Iterable[Column]:
    """Yield the columns of every number of a component, with uncertainty and, where there are, interval."""
    peaks, areas, intervals = solution.peaks, solution.areas, solution.intervals
    spreads = solution.uncertainties[:-2].reshape(peaks.shape)
    ends = None if intervals is None else intervals.theta[:-2].reshape(*peaks.shape, 2)
    own = (("position", 1, "eV"), ("fwhm", 2, "eV"), ("height", 0, unit or _INTENSITY), ("lorentz_fraction", 3, ""))
    for name, column, its_unit in own:
        between = None if ends is None else ends[:, column]
        yield from _quantity(name, peaks[:, column], spreads[:, column], between, its_unit)
    between = None if intervals is None else intervals.areas
    yield from _quantity(
        "area", areas.values, areas.uncertainties, between, f"{unit} eV" if unit else f"{_INTENSITY} × eV"
    )
    between = None if intervals is None else 100.0 * intervals.parts
    yield from _quantity("area_percent", 100.0 * areas.parts, 100.0 * areas.part_uncertainties, between, "%")


def _backgrounds(solutions: Sequence[Solution], unit: str) -> Iterable[Column]:
    for name, place in (("background_low", -2), ("background_high", -1)):
        values = np.array([one.theta[place] for one in solutions])
        yield from _quantity(
            name, values, np.array([one.uncertainties[place] for one in solutions]), None, unit or _INTENSITY
        )


def _commons(solutions: Sequence[Solution], unit: str) -> Iterable[Column]:
    """Yield what models have in common for all their lines; nan for models that have it not."""
    for name, its_unit in COMMONS.items():
        found = [next((one for one in model.commons if one.name == name), None) for model in solutions]
        if any(found):
            values = np.array([np.nan if one is None else one.value for one in found])
            spreads = np.array([np.nan if one is None else one.uncertainty for one in found])
            yield from _quantity(name, values, spreads, None, (unit or _INTENSITY) if its_unit is None else its_unit)


def _rejected(solution: Solution) -> str:
    return " ".join(str(one.peak) for one in solution.rejected)


def _by_start(solutions: Sequence[Solution], name: str) -> Iterable[str]:
    return (getattr(one.variant, name) for one in solutions for _ in one.origins)


def _of(term: str, column: Column) -> Column:
    return evolve(column, term=term)


def _column(name: str, en: str, ja: str, values: Iterable[float], unit: str = "") -> Column:
    return Column(name, Text(en, ja), np.array(list(values), dtype=np.float64), unit)


def _count(name: str, en: str, ja: str, values: Iterable[float]) -> Column:
    return evolve(_column(name, en, ja, values), whole=True)


def _texts(name: str, en: str, ja: str, values: Iterable[str]) -> Column:
    return Column(name, Text(en, ja), tuple(values))


def _quantity(
    name: str, values: FloatArray, uncertainties: FloatArray, between: FloatArray | None, unit: str
) -> Iterable[Column]:
    """Yield the columns of a quantity, its standard uncertainty and, if given, both ends of its interval."""
    label = message(f"column-{name}").text()
    yield Column(name, label, values, unit)
    about = Text(f"{label.en}, standard uncertainty", f"{label.ja}の標準不確かさ")
    yield Column(f"{name}_uncertainty", about, uncertainties, unit)
    if between is not None:
        for end, en, ja in (("low", "lower", "下端"), ("high", "upper", "上端")):
            about = Text(f"{label.en}, {en} end of the 95 % interval", f"{label.ja}の 95 % 区間の{ja}")
            yield Column(f"{name}_{end}", about, between[:, 0 if end == "low" else 1], unit)
