"""Drawing: which series have figures, and what the files are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from shirube._naming import Taken
from shirube.figures import to_png
from shirube.messages import Language
from shirube.series._curves import curves_of
from shirube.series._maps import MOST_ROWS, is_map, plot_maps
from shirube.series._ordering import Series
from shirube.series._trends import plot_trends
from shirube.trees import safe_name

#: So many series have figures; the tables hold all.
_MOST: Final = 40
#: Spectra with components that make a trend.
_FEWEST: Final = 2

__all__ = ["drawn"]


def drawn(series: Sequence[Series], lang: Language) -> tuple[dict[str, bytes], int]:
    """Return PNG files by name, and how many series have none because there are too many.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    wanted = [one for one in series if sum(bool(len(member.numbers)) for member in one.members) >= _FEWEST]
    taken = Taken()
    files = {}
    for one in wanted[:_MOST]:
        for kind, png in _of(one, lang):
            files[taken.take(f"{safe_name(f'{one.analysis}_{one.name}'.replace('#', '_'))}_{kind}", ".png")] = png
    return files, max(0, len(wanted) - _MOST)


def _of(series: Series, lang: Language) -> Iterator[tuple[str, bytes]]:
    flat = is_map(series)
    curves = curves_of(series, MOST_ROWS) if flat else curves_of(series)
    if curves is not None:
        figure = plot_maps(series, curves, lang) if flat else plot_trends(series, curves, lang)
        yield ("map" if flat else "trend"), to_png(figure)
