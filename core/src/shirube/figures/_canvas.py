"""The canvas: figures that need no display and no pyplot, Japanese glyphs, and PNG files without a date."""

from __future__ import annotations

import functools
import importlib.util
import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shirube._extras import missing, require
from shirube.figures._palette import BLACK, COMPONENT_COLOURS
from shirube.text import display_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FONT_PACKAGE: Final = "matplotlib_fontja"
_LATIN: Final = "DejaVu Sans"
#: Columns of a title: so many of the widest letters fit on a figure of 6 inches.
_LONGEST: Final = 40
#: What has no glyph of its own is shown as this.
_UNKNOWN: Final = "\u25a1"
_STYLE: Final[dict[str, object]] = {
    "axes.axisbelow": True,
    "axes.labelsize": 9.0,
    "axes.linewidth": 0.8,
    "axes.titlesize": 9.0,
    "font.size": 9.0,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "savefig.bbox": None,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
}


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of ``width`` by ``height`` inches that renders without a display.

    Its layout makes room for labels, legends and colour bars; its fonts hold Latin and Japanese glyphs.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    figure_class = require("matplotlib.figure", "figures").Figure
    with style():
        figure: Figure = figure_class(figsize=(width, height), layout="constrained")
    require("matplotlib.backends.backend_agg", "figures").FigureCanvasAgg(figure)
    return figure


def to_png(figure: Figure, dpi: int = 150) -> bytes:
    """Return a figure as the bytes of a PNG file: the same for the same figure, without date or software version.

    The layout is worked out on the first call and kept; add nothing to the figure after it.
    """
    buffer = io.BytesIO()
    with style():
        _add_japanese(figure)
        _settle(figure)
        figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def to_svg(figure: Figure) -> bytes:
    """Return a figure as the bytes of an SVG file: the same for the same figure, letters as outlines.

    As with :func:`to_png` nothing is added to the figure after it.
    """
    buffer = io.BytesIO()
    with style():
        require("matplotlib", "figures").rcParams["svg.hashsalt"] = "shirube"
        _add_japanese(figure)
        _settle(figure)
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def to_pdf(figure: Figure) -> bytes:
    """Return a figure as the bytes of a PDF file: the same for the same figure, letters as letters of embedded fonts.

    As with :func:`to_png` nothing is added to the figure after it.
    """
    buffer = io.BytesIO()
    with style():
        require("matplotlib", "figures").rcParams["pdf.fonttype"] = 42
        _add_japanese(figure)
        _settle(figure)
        figure.savefig(buffer, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return buffer.getvalue()


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of Shirube, whatever a ``matplotlibrc`` in the current folder or a notebook has set.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    matplotlib = require("matplotlib", "figures")
    cycler = require("cycler", "figures").cycler
    families = [_LATIN, _japanese_family()]
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        matplotlib.rcParams["font.family"] = families
        matplotlib.rcParams["axes.prop_cycle"] = cycler(color=(BLACK, *COMPONENT_COLOURS))
        yield


def printable(text: str, longest: int = _LONGEST) -> str:
    """Return a name from a file as a figure can show it: one line, not too long, only characters the fonts have.

    Args:
        text: Any text.
        longest: Columns after which it is cut.
    """
    line = " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in text).split())
    if display_width(line) > longest:
        widths = accumulate(display_width(char) for char in line)
        line = "".join(char for char, width in zip(line, widths, strict=True) if width < longest) + "…"
    glyphs = _glyphs()
    return "".join(char if ord(char) in glyphs else _UNKNOWN for char in line)


def _add_japanese(figure: Figure) -> None:
    """Let every text of the figure fall back on the Japanese font, whoever made it outside :func:`style`."""
    family = _japanese_family()
    for text in figure.findobj(require("matplotlib.text", "figures").Text):
        families = text.get_fontfamily()
        if family not in families:
            text.set_fontfamily([*families, family])


def _settle(figure: Figure) -> None:
    # A layout engine starts from where it ended the last time, and ends elsewhere each time: it runs once.
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
        figure.set_layout_engine("none")


@functools.cache
def _japanese_family() -> str:
    """Return the name of the Japanese font, made known to matplotlib."""
    manager: Any = require("matplotlib.font_manager", "figures")
    path = _japanese_font()
    manager.fontManager.addfont(path)
    return str(manager.FontProperties(fname=path).get_name())


@functools.cache
def _japanese_font() -> Path:
    # Found, not imported: importing the package changes matplotlib's settings for everybody.
    spec = importlib.util.find_spec(_FONT_PACKAGE)
    for location in (spec and spec.submodule_search_locations) or ():
        for path in sorted(Path(location, "fonts").glob("*.ttf")):
            return path
    raise missing(_FONT_PACKAGE.replace("_", "-"), "figures")


@functools.cache
def _glyphs() -> frozenset[int]:
    manager: Any = require("matplotlib.font_manager", "figures")
    with style():
        latin = manager.findfont(manager.FontProperties(family=_LATIN))
    return frozenset(code for path in (latin, _japanese_font()) for code in manager.get_font(str(path)).get_charmap())
