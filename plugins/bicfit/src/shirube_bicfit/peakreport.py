"""The peak-fit report: what ISO 19830 wants to be told with the components of a fitted spectrum.

That is data and range, noise, background with its type and end points, line shape, constraints, how the fit was begun
and made, what the residuals are, how the number of peaks was chosen, and with which software.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from typing import Final

import numpy as np

from shirube.messages import Message, Renderable, Text, joined
from shirube.quantities import uncertain
from shirube.tables import Column, Table
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.patterns import pattern_of
from shirube_bicfit.phrases import message
from shirube_bicfit.solutions import Fit, Solution
from shirube_bicfit.variants import SINGLE

_DISTRIBUTION: Final = "shirube-bicfit"
_KINDS: Final = ("poisson", "quasi-poisson", "gauss")

__all__ = ["report_table"]


def report_table(fit: Fit, settings: Parameters, unit: str) -> Table:
    """Return one row for each thing to be told of the best model, in both languages.

    Args:
        fit: Not a refusal.
        settings: What it was made with.
        unit: Of the intensities.
    """
    rows = [
        (code, message(f"report-{code}").text(), Text(told.render("en"), told.render("ja")))
        for code, told in _told(fit, fit.best, settings, unit)
    ]
    columns = (
        ("item", "Item", "項目コード", [code for code, _, _ in rows]),
        ("item_en", "Item (English)", "項目（英語）", [label.en for _, label, _ in rows]),
        ("item_ja", "Item (Japanese)", "項目（日本語）", [label.ja for _, label, _ in rows]),
        ("value_en", "Told (English)", "内容（英語）", [told.en for _, _, told in rows]),
        ("value_ja", "Told (Japanese)", "内容（日本語）", [told.ja for _, _, told in rows]),
    )
    about = Text("Report of the peak fit (ISO 19830)", "ピークフィットの報告（ISO 19830）")
    return Table("report", about, tuple(Column(name, Text(en, ja), tuple(cells)) for name, en, ja, cells in columns))


def _told(fit: Fit, best: Solution, settings: Parameters, unit: str) -> Iterator[tuple[str, Renderable]]:
    yield "software", _plain(f"{_DISTRIBUTION} {metadata.version(_DISTRIBUTION)}")
    yield "range", _range(fit)
    yield "noise", _noise(fit, unit)
    yield "background", _background(fit, best, unit)
    yield "line-shape", message(f"shape-{best.variant.lineshape}")
    yield "constraints", joined([one.text() for one in _constraints(fit, best, settings)])
    yield "parameters", message("told-parameters", free=best.parameters, peaks=best.count)
    yield "initial-values", _initial_values(best)
    yield "optimisation", message(f"method-{fit.noise.kind if fit.noise else _KINDS[0]}")
    yield "residuals", _residuals(best)
    yield "selection", _selection(fit)
    yield "uncertainties", _uncertainties(best)


def _range(fit: Fit) -> Message:
    low, high = float(fit.energy.min()), float(fit.energy.max())
    step = float(np.median(np.abs(np.diff(fit.energy))))
    return message("told-range", low=f"{low:g}", high=f"{high:g}", channels=fit.energy.size, step=f"{step:.4g}")


def _noise(fit: Fit, unit: str) -> Message:
    if fit.noise is None:
        raise ValueError("a refusal has no report")
    size = f"{fit.noise.unit:.4g} {unit}".rstrip()
    return message(f"noise-{fit.noise.kind}", unit=size)


def _background(fit: Fit, best: Solution, unit: str) -> Message:
    low, high = best.theta[-2:]
    below, above = best.uncertainties[-2:]
    return message(
        f"told-{best.variant.background}",
        low=uncertain(float(low), float(below), unit),
        high=uncertain(float(high), float(above), unit),
        first=f"{float(fit.energy.min()):g}",
        last=f"{float(fit.energy.max()):g}",
    )


def _constraints(fit: Fit, best: Solution, settings: Parameters) -> Iterator[Message]:
    limits, layout = best.limits, fit.task_of(best).layout
    yield message("bounds-fwhm", low=f"{limits.fwhm_min:.4g}", high=f"{limits.fwhm_max:.4g}")
    yield message("bounds-centre", low=f"{limits.low:.6g}", high=f"{limits.high:.6g}")
    yield message("bounds-fraction", high=f"{limits.fraction_max:g}")
    if settings.share_width:
        yield message("tied-fwhm")
    if settings.share_fraction:
        yield message("tied-fraction")
    if layout.doublet is not None and best.variant.doublet != SINGLE:
        yield from _doublet(best, abs(layout.doublet.splitting), layout.doublet.ratio)
    yield from (_common(one.name, one.value, one.uncertainty) for one in best.commons)


def _doublet(best: Solution, splitting: float, ratio: float) -> Iterator[Message]:
    free = {one.name for one in best.commons}
    if "splitting" not in free:
        yield message("fixed-splitting", value=f"{splitting:g}")
    if "ratio" not in free:
        yield message("fixed-ratio", value=f"{ratio:.4g}")


def _common(name: str, value: float, uncertainty: float) -> Message:
    return message("free-common", quantity=message(f"quantity-{name}"), value=uncertain(value, uncertainty))


def _initial_values(best: Solution) -> Renderable:
    counted = Counter(best.origins)
    parts = [message(f"origin-{origin}", number=number).text() for origin, number in counted.items()]
    parts.append(message("told-hits", hits=best.hits, finished=best.finished).text())
    return joined(parts, en=", ", ja="、")


def _residuals(best: Solution) -> Message:
    pattern = pattern_of(best.residuals)
    return message(
        "told-residuals",
        reduced=f"{best.reduced_deviance:.3f}",
        scatter=f"{float(np.sqrt(np.mean(np.square(best.residuals)))):.3f}",
        largest=f"{float(np.abs(best.residuals).max()):.1f}",
        watson=f"{pattern.durbin_watson:.2f}",
        runs=pattern.runs,
        expected=f"{pattern.expected_runs:.0f}",
    )


def _selection(fit: Fit) -> Renderable:
    counts = sorted({one.count for one in fit.solutions})
    told = message("told-selection", fewest=counts[0], most=counts[-1], dispersion=f"{fit.dispersion:.4g}")
    names = list(dict.fromkeys(_name(one) for one in fit.solutions))
    variants = joined(names, en=" / ", ja=" / ")
    return joined([told.text(), message("told-variants", variants=variants).text()])


def _name(solution: Solution) -> Text:
    name = solution.variant.name
    return Text(name.render("en"), name.render("ja"))


def _uncertainties(best: Solution) -> Message:
    intervals = best.intervals
    if intervals is None:
        raise ValueError("only the best model is reported, and it has intervals")
    return message(f"intervals-{intervals.method}", level=f"{100.0 * intervals.level:g}")


def _plain(text: str) -> Text:
    return Text(text, text)
