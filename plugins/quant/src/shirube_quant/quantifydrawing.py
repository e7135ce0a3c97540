"""Drawing: atomic percentages as bars with their uncertainties, ready to publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from shirube.figures import OKABE_ITO, draw_legend, new_figure, printable, style
from shirube.messages import Language
from shirube.records import Drawing, FloatArray, Result
from shirube.tables import Table
from shirube.wrapping import wrapped
from shirube_quant.phrases import message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Inches: of the figure, of its parts that do not grow, and of a bar.
_WIDTH, _HEIGHT, _BAR = 7.6, 1.5, 0.36
#: Of notes below the figure: size, and letters in a line.
_NOTE, _LETTERS = 7.0, 135
_BLUE, _GREY, _BLACK = OKABE_ITO[1], "#888888", OKABE_ITO[7]
#: Room to the right of the longest bar for what is written there, as a part of the axis.
_ROOM: Final = 1.35
#: Uncertainties in per cent from which decimals say nothing.
_WHOLE: Final = 9.5

__all__ = ["drawings_of"]


def drawings_of(result: Result, entry: str, lang: Language) -> Iterator[Drawing]:
    """Yield the bar chart of the set of regions with most elements; nothing for a refusal."""
    if "quant.composition" in result.scalars:
        figure = _bars(result, entry, lang)
        yield Drawing("quantify_composition", figure, main=True, caption=message("caption-composition").text())


def _bars(result: Result, entry: str, lang: Language) -> Figure:
    table = result.table("composition")
    energy = result.scalars["quant.photon_energy"].number
    rows = np.flatnonzero(_numbers(table, "photon_energy") == energy)
    elements, levels = _texts(table, "element"), _texts(table, "level")
    percent, both, areas = (
        _numbers(table, name)[rows] for name in ("percent", "percent_uncertainty", "percent_by_areas")
    )
    figure = new_figure(_WIDTH, _HEIGHT + _BAR * len(rows))
    with style():
        axes: Any = figure.add_subplot()
        places = np.arange(len(rows))
        axes.barh(places, percent, height=0.62, color=_BLUE, zorder=1)
        wide = message("legend-both").render(lang)
        narrow = message("legend-areas").render(lang)
        axes.errorbar(percent, places, xerr=both, fmt="none", ecolor=_GREY, elinewidth=1.2, capsize=4, label=wide)
        axes.errorbar(percent, places, xerr=areas, fmt="none", ecolor=_BLACK, elinewidth=2.6, label=narrow)
        for place, value, spread in zip(places, percent, both, strict=True):
            axes.annotate(
                _value(float(value), float(spread)),
                (value + spread, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
            )
        axes.set_yticks(places, [f"{elements[row]}  ({levels[row]})" for row in rows], parse_math=False)
        axes.invert_yaxis()
        axes.set_xlim(0.0, _ROOM * float((percent + both).max()))
        axes.set_xlabel(message("axis-percent").render(lang))
        title = message("title-composition", entry=printable(entry), hv=f"{energy:.6g}").render(lang)
        axes.set_title(title, parse_math=False)
        draw_legend(axes, title=message("legend-title").render(lang))
        notes = [line for one in _notes(result, lang) for line in wrapped(one, _LETTERS)]
        figure.supxlabel("\n".join(notes), parse_math=False, fontsize=_NOTE, ha="left", x=0.02, ma="left")
    return figure


def _notes(result: Result, lang: Language) -> list[str]:
    """Return what the percentages rest on, shortly, and what makes them doubtful."""
    percent = result.scalars["quant.factor_uncertainty"].number
    return [
        message("note-rests", percent=f"{percent:g}").render(lang),
        *(message("doubt", reason=one).render(lang) for one in result.reasons),
    ]


def _value(value: float, spread: float) -> str:
    digits = 1 if spread < _WHOLE else 0
    return f"{value:.{digits}f} ± {spread:.{digits}f}"


def _numbers(table: Table, name: str) -> FloatArray:
    return np.asarray(table.column(name).values, dtype=np.float64)


def _texts(table: Table, name: str) -> list[str]:
    return [str(one) for one in table.column(name).values]
