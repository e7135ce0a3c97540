"""Did the sample change under the beam? Signal to noise, and what changed over the iterations of a spectrum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shirube.figures import draw_legend, energy_axis, intensity_axis, new_figure, with_residuals
from shirube.messages import Language, Message, Text
from shirube.progress import Progress
from shirube.records import AnalysisTarget, Drawing, FloatArray, NamedArray, Origin, Quantity, Result, Spectrum
from shirube.tables import Column, Table
from shirube_drift.parameters import Parameters
from shirube_drift.series import FEWEST_ITERATIONS, Change, change, signal_to_noise

_LARGEST = 1e100
_OVERDISPERSED = 1.5


def message(code: str, **params: object) -> Message:
    """Return a message of this package."""
    return Message("shirube_drift", code, params)


def applies(target: AnalysisTarget, parameters: Parameters) -> Message | None:
    """Return why the spectrum is no series of counts, None when it is one."""
    spectrum = target.spectrum
    names = {axis.name for axis in spectrum.axes}
    series = names - {"energy"}
    if "energy" not in names or len(series) != 1 or not series.pop().endswith("iteration"):
        return message("not-a-series")
    energy, counts = _arranged(spectrum)
    size, iterations = counts.shape
    if size < parameters.fewest or iterations < FEWEST_ITERATIONS:
        return message("too-few", iterations=iterations, energies=size, fewest=parameters.fewest)
    steps = np.diff(energy)
    if not (np.all(steps > 0) or np.all(steps < 0)):
        return message("not-monotone")
    countable = np.isfinite(counts).all() and counts.min() >= 0 and 0 < counts.max() < _LARGEST
    return None if countable else message("not-counts")


def run(target: AnalysisTarget, parameters: Parameters, progress: Progress) -> Result:
    """Return what changed; ``refused`` where the spectrum has no slope that would tell a shift."""
    spectrum = target.spectrum
    energy, counts = _arranged(spectrum)
    progress.update(0.1)
    found = change(energy, counts, parameters.smoothing)
    progress.update(0.9)
    if found is None:
        lost = message("no-peak").text()
        return Result(analysis="drift", target=spectrum.id, status="refused", reasons=(lost,))
    reasons = _doubts(found)
    result = Result(
        analysis="drift",
        target=spectrum.id,
        status="doubtful" if reasons else "ok",
        reasons=reasons,
        scalars=_scalars(found, counts, parameters),
        tables=(_table(spectrum, counts, found),),
        arrays=(
            NamedArray("slope", found.slope),
            NamedArray("slope_error", found.slope_error),
            NamedArray("explained", found.explained),
        ),
    )
    progress.update(1.0)
    return result


def draw(target: AnalysisTarget, result: Result, lang: Language) -> Iterator[Drawing]:
    """Yield the halves of the series above, the slope in standard deviations below."""
    if "drift.energy_shift" not in result.scalars:
        return
    spectrum = target.spectrum
    energy, counts = _arranged(spectrum)
    middle = counts.shape[1] // 2
    figure = new_figure(6.4, 4.8)
    main, below = with_residuals(figure)
    halves = ((counts[:, :middle], "first", "#0072B2"), (counts[:, -middle:], "last", "#D55E00"))
    for half, code, colour in halves:
        main.plot(energy, half.mean(axis=1), ".", color=colour, markersize=3, label=message(code).render(lang))
    intensity_axis(main, lang, unit=spectrum.intensity_unit, largest=float(counts.max()))
    error = result.array("slope_error")
    below.axhspan(-2.0, 2.0, color="0.9", linewidth=0)
    below.plot(energy, result.array("slope") / error, ".", color="black", markersize=2.5)
    explained = message("explained").render(lang)
    below.plot(energy, result.array("explained") / error, "-", color="#009E73", linewidth=1.2, label=explained)
    below.set_ylabel(message("slope-label").render(lang))
    main.set_title(_verdict(result).render(lang), fontsize=8)
    energy_axis(below, spectrum, lang)
    draw_legend(main)
    draw_legend(below)
    yield Drawing("series", figure, caption=message("caption").text())


def _doubts(found: Change) -> tuple[Text, ...]:
    """Return why the uncertainties are to be taken with care."""
    if found.dispersion_error is None:
        return (message("two-iterations").text(),)
    if found.dispersion > _OVERDISPERSED:
        return (message("overdispersed", dispersion=found.dispersion).text(),)
    return ()


def _arranged(spectrum: Spectrum) -> tuple[FloatArray, FloatArray]:
    """Return energies, shape (n,), and intensities, shape (n, iterations)."""
    position = [axis.name for axis in spectrum.axes].index("energy")
    return spectrum.energy, spectrum.intensity if position == 0 else spectrum.intensity.T


def _scalars(found: Change, counts: FloatArray, parameters: Parameters) -> dict[str, Quantity]:
    ratio, ratio_error = signal_to_noise(counts.sum(axis=1), max(found.dispersion, 1.0))
    significance = abs(found.shift) / found.shift_error
    changed = max(significance, found.shape) > parameters.threshold
    origin = Origin("analysis", "drift")
    numbers: dict[str, tuple[float, str | None, float]] = {
        "signal_to_noise": (ratio, None, ratio_error),
        "intensity_change": (100.0 * found.intensity, "%", 100.0 * found.intensity_error),
        "energy_shift": (found.shift, "eV", found.shift_error),
        "shift_significance": (significance, None, 1.0),
        "shape_significance": (found.shape, None, 1.0),
    }
    if found.dispersion_error is not None:
        numbers["dispersion"] = (found.dispersion, None, found.dispersion_error)
    scalars = {f"drift.{name}": Quantity(value, unit, error, origin) for name, (value, unit, error) in numbers.items()}
    return scalars | {"drift.sample_changed": Quantity(bool(changed), origin=origin)}


def _table(spectrum: Spectrum, counts: FloatArray, found: Change) -> Table:
    dispersion = max(found.dispersion, 1.0)
    axis = next(axis for axis in spectrum.axes if axis.name != "energy")
    totals = counts.sum(axis=0)
    signals = np.array([signal_to_noise(one, dispersion)[0] for one in counts.T])
    columns = (
        Column("iteration", message("column-iteration").text(), axis.values, axis.unit),
        Column("total", message("column-total").text(), totals, spectrum.intensity_unit),
        Column("total_error", message("column-error").text(), np.sqrt(dispersion * totals), spectrum.intensity_unit),
        Column("signal_to_noise", message("column-signal").text(), signals),
    )
    return Table("iterations", message("table").text(), columns)


def _verdict(result: Result) -> Message:
    shift, intensity = result.scalars["drift.energy_shift"], result.scalars["drift.intensity_change"]
    return message(
        "verdict",
        shift=shift.number,
        shift_error=shift.uncertainty or 0.0,
        change=intensity.number,
        change_error=intensity.uncertainty or 0.0,
        shape=result.scalars["drift.shape_significance"].number,
    )
