"""Tables of a fit: its models, the peaks of a model, every start, and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from shirube.messages import Message, Text
from shirube.records import FloatArray
from shirube.tables import Column, Table
from shirube_bicfit.solutions import Solution

__all__ = ["models_table", "peaks_table", "remarks_table", "starts_table"]


def models_table(solutions: Sequence[Solution], unit: str) -> Table:
    """Return one row for each number of peaks; ``unit`` is that of the intensities."""
    standings = [one.standing for one in solutions]
    ends = np.array([[one.theta[-2:], one.uncertainties[-2:]] for one in solutions])
    columns = (
        _column("peaks", "Number of peaks", "ピーク本数", (one.count for one in solutions)),
        _column("rank", "Rank", "順位", (one.rank for one in standings)),
        _column("bic", "BIC", "BIC", (one.bic for one in standings)),
        _column("delta_bic", "BIC difference to the best", "最良との BIC の差", (one.delta_bic for one in standings)),
        _column("weight", "Approximate probability", "近似確率", (one.weight for one in standings)),
        _column("reduced_deviance", "Reduced deviance", "換算デビアンス", (one.reduced_deviance for one in solutions)),
        _column("hits", "Starts that reached it", "到達した初期値の数", (one.hits for one in solutions)),
        _column("starts", "Starts", "初期値の数", (len(one.origins) for one in solutions)),
        *_with_uncertainty(
            "background_low", "Background at low energy", "低エネルギー端の背景強度", ends[:, 0, 0], ends[:, 1, 0], unit
        ),
        *_with_uncertainty(
            "background_high",
            "Background at high energy",
            "高エネルギー端の背景強度",
            ends[:, 0, 1],
            ends[:, 1, 1],
            unit,
        ),
    )
    return Table("models", Text("Models by number of peaks", "ピーク本数ごとのモデル"), columns)


def peaks_table(name: str, solution: Solution, unit: str) -> Table:
    """Return the peaks of one model with standard uncertainties, in order of energy."""
    peaks = solution.peaks
    spreads = solution.uncertainties[:-2].reshape(peaks.shape)
    areas = solution.areas
    columns = (
        _column("peak", "Peak", "ピーク", range(1, solution.count + 1)),
        *_with_uncertainty("position", "Position", "位置", peaks[:, 1], spreads[:, 1], "eV"),
        *_with_uncertainty("fwhm", "FWHM", "半値全幅", peaks[:, 2], spreads[:, 2], "eV"),
        *_with_uncertainty("height", "Height", "高さ", peaks[:, 0], spreads[:, 0], unit),
        *_with_uncertainty("lorentz_fraction", "Lorentz fraction", "ローレンツ比", peaks[:, 3], spreads[:, 3]),
        *_with_uncertainty("area", "Area", "面積", areas.values, areas.uncertainties, f"{unit} eV".strip()),
        *_with_uncertainty(
            "area_percent", "Area fraction", "面積比", 100.0 * areas.parts, 100.0 * areas.part_uncertainties, "%"
        ),
        Column("at_bound", Text("At a bound", "上下限にある量"), tuple(" ".join(one) for one in solution.at_bound)),
    )
    rank, count = solution.standing.rank, solution.count
    label = Text(f"Peaks of rank {rank} (K = {count})", f"順位 {rank} のピーク（K = {count}）")
    return Table(name, label, columns)


def starts_table(solutions: Sequence[Solution]) -> Table:
    """Return one row for each start: how many peaks, where it came from, and what it came to."""
    counts = np.concatenate([np.full(len(one.origins), float(one.count)) for one in solutions])
    origins = tuple(origin for one in solutions for origin in one.origins)
    bics = np.concatenate([one.start_bics for one in solutions])
    columns = (
        _column("peaks", "Number of peaks", "ピーク本数", counts),
        Column("origin", Text("Origin", "由来"), origins),
        _column("bic", "BIC", "BIC", bics),
    )
    return Table("starts", Text("Starting models", "初期値"), columns)


def remarks_table(remarks: Sequence[Message]) -> Table:
    """Return remarks, which must not be empty, in both languages."""
    columns = (
        Column("code", Text("Code", "コード"), tuple(one.code for one in remarks)),
        Column("en", Text("Remark (English)", "注記（英語）"), tuple(one.render("en") for one in remarks)),
        Column("ja", Text("Remark (Japanese)", "注記（日本語）"), tuple(one.render("ja") for one in remarks)),
    )
    return Table("remarks", Text("Remarks", "注記"), columns)


def _column(name: str, en: str, ja: str, values: Iterable[float], unit: str = "") -> Column:
    return Column(name, Text(en, ja), np.array(list(values), dtype=np.float64), unit)


def _with_uncertainty(
    name: str, en: str, ja: str, values: FloatArray, uncertainties: FloatArray, unit: str = ""
) -> tuple[Column, Column]:
    return (
        _column(name, en, ja, values, unit),
        _column(f"{name}_uncertainty", f"{en}, standard uncertainty", f"{ja}の標準不確かさ", uncertainties, unit),
    )
