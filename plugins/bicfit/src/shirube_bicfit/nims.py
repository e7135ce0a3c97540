"""The exporter ``nims``: ranked models as CSV files with the names and columns of the NIMS peak separation tool.

A folder for each spectrum holds ``gbp_rank{r}_numPeak{K}_{background}_mSG0000_parameters.csv``, the same with
``_result.csv``, and ``summary_BIC.csv``. As there, peaks come in falling binding energy, ``width`` is the *half* width
at half maximum, each ``peak[i]`` is drawn on the background, and ``bic_gauss`` is N (ln(2 pi RSS / N) + 1) + k ln N.
The tool knows no doublets: each of the two components of one is a peak there, and ``numPeak`` counts it.
Nor does it know lines with tails: where they have one, the background in names and in ``method`` is followed by
``-asymmetric``, so that what looks for ``shirley`` alone does not draw other lines, and a last column ``asymmetry``
holds the number a (1/eV) that makes 2 ``width`` / (1 + exp(-a (E - ``position``))) of the half width at energy E.
``area`` is that of the line with its tail.
The number after ``mSG`` and in ``smoothing_point`` is that of the passes of smoothing that a solution of the tool began
with; ours owe themselves to none, so it is 0, and the column ``smoothing`` is the spectrum after no pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from shirube.exporting import ExportContext
from shirube.records import FloatArray, Outcome, Result
from shirube.rendering import stems_of
from shirube.trees import safe_name, write_text
from shirube_bicfit.criteria import bic_gauss
from shirube_bicfit.reporting import ANALYSIS, peaks_name, ranks_of

#: Passes of smoothing that a model owes its start to.
_PASSES: Final = 0
_PARAMETERS: Final = ("peakID", "height", "position", "width", "lorentzRatio", "area")
#: Of models whose lines have tails, too.
_ASYMMETRY: Final = "asymmetry"
_RESULT: Final = ("Binding_Energy(eV)", "spectrum", "smoothing", "background", "sum_peaks", "fitting")
_SUMMARY: Final = ("method", "smoothing_point", "numPeak", "bic_gauss")

__all__ = ["write"]


def write(outcomes: Sequence[Outcome], target: Path, context: ExportContext, parameters: object) -> None:
    """Write a folder for each spectrum that was fitted; kinetic energies have no such files.

    Energies of which nobody said what they are count as binding energies, as the tool takes all.
    """
    del context, parameters
    for outcome in outcomes:
        spectra = outcome.entry.spectra()
        stems = dict(zip((one.id for one in spectra), stems_of(spectra), strict=True))
        for result in outcome.results:
            if result.analysis != ANALYSIS or not ranks_of(result):
                continue
            if outcome.entry.spectrum(result.target).reference.scale != "kinetic":
                _write_spectrum(result, target / safe_name(outcome.entry.name) / stems[result.target])


def _write_spectrum(result: Result, folder: Path) -> None:
    folder.mkdir(parents=True)
    rows = []
    for rank in ranks_of(result):
        peaks, asymmetric = _peaks(result, rank)
        method = str(_of_rank(result, rank, "background")) + ("-asymmetric" if asymmetric else "")
        stem = f"gbp_rank{rank}_numPeak{len(peaks)}_{method}_mSG{_PASSES:04d}"
        columns = (*_PARAMETERS, _ASYMMETRY) if asymmetric else _PARAMETERS
        write_text(folder / f"{stem}_parameters.csv", _text(columns, _numbered(peaks)))
        names = (*_RESULT, *(f"peak[{number}]" for number in range(len(peaks))))
        write_text(folder / f"{stem}_result.csv", _text(names, _curves(result, rank).tolist()))
        rows.append((method, _PASSES, len(peaks), _bic(result, rank)))
    write_text(folder / "summary_BIC.csv", _text(_SUMMARY, rows))


def _peaks(result: Result, rank: int) -> tuple[FloatArray, bool]:
    """Return the peaks of a ranked model in falling energy, shape (k, 5 or 6), and whether they have tails."""
    table = result.table(peaks_name(rank))
    names = ("height", "position", "fwhm", "lorentz_fraction", "area")
    columns = [np.asarray(table.column(name).values, dtype=np.float64) for name in names]
    columns[2] = columns[2] / 2.0
    asymmetric = _of_rank(result, rank, "lineshape") == "asymmetric"
    if asymmetric:
        columns.append(np.full(len(table), float(_of_rank(result, rank, _ASYMMETRY))))
    return np.stack(columns, axis=1)[::-1], asymmetric


def _numbered(peaks: FloatArray) -> Iterator[tuple[float, ...]]:
    return ((number, *row) for number, row in enumerate(peaks.tolist()))


def _curves(result: Result, rank: int) -> FloatArray:
    """Return the columns of a result file, shape (channels, 6 + k), in falling energy."""
    energy, spectrum = result.array("energy"), result.array("intensity")
    background, fitted = result.array(f"rank_{rank}_background"), result.array(f"rank_{rank}_envelope")
    peaks = result.array(f"rank_{rank}_components")[::-1]
    columns = np.stack([energy, spectrum, spectrum, background, fitted - background, fitted, *(background + peaks)])
    return np.asarray(columns.T[np.argsort(-energy, kind="stable")], dtype=np.float64)


def _bic(result: Result, rank: int) -> float:
    residuals = result.array("intensity") - result.array(f"rank_{rank}_envelope")
    free = float(_of_rank(result, rank, "parameters"))
    return float(bic_gauss(float(residuals @ residuals), residuals.size, int(free)))


def _of_rank(result: Result, rank: int, column: str) -> str | float:
    models = result.table("models")
    row = [int(one) for one in models.column("rank").values].index(rank)
    return models.column(column).values[row]


def _text(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [",".join(names), *(",".join(_cell(cell) for cell in row) for row in rows)]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
