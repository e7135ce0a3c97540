"""Draws SES files of all variants for property tests; needs hypothesis, which nothing else of this package does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from attrs import evolve, frozen
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from shirube_ses2002.testing._records import SesRegion, SesStyle, ses_number

__all__ = ["Written", "axis_names", "comments", "files", "regions", "styles", "texts"]

#: Encodings without a mark are told by their words, so words must be those of their languages.
_WORDS: Final = {
    "ascii": ("Au", "TiO2 (110)", "hv=800", "a=b;", "[Data 1]", "x [eV]", "0,1 M KOH", "Al 250 W;", ""),
    "cp1252": ("Ångström", "20 °C", "½ ML", "µ-metal", "Löwenzahn", "Größe=3", "naïve – “x”", "Niño", "déjà vu …"),
    "cp932": ("アルミの板", "酸化チタン", "表示ソ能", "600 ℃まで加熱", "ｱﾙﾐのうえ", "予備測定－１回め", "①のつぎ"),
    "euc-jp": ("アルミの板", "サンプルホルダー", "はじめの測定", "くりかえし、カーボン", "うえとした=ソース"),
}
#: What makes a file of one of them plain.
_TELLING: Final = {
    "cp1252": "Ångström … 20 °C, Größe",
    "cp932": "表面のソフトエッチング",
    "euc-jp": "サンプルのうえ、カーボン",
}
_ANY_TEXT: Final = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
_AXES: Final = {
    "Y-Scale [deg]": "angle",
    "Y-Scale [mm]": "position",
    "Seq. Iteration[a.u.]": "iteration",
    "Region Iteration[a.u.]": "iteration",
    "Seq. Iteration [a.u.]": "iteration",
    "Point [Position]": "point",
    "Delay(fs)": "delay",
    "Photon Energy [eV]": "photon_energy",
}
_RUN_MODES: Final[Sequence[Sequence[str]]] = (
    (),
    ("Name=Add Dimension", "Name=Add Dimension"),
    ("Name=CIS", "Point 1=570 eV", "Point 2=570.1 eV"),
    ("\x0bPosition\x0bP\x0bX", "\x0b1\x0b1.500\x0b0.100", "\x0b2\x0b3.000\x0b0.100"),
    ("Name=DA30", "Thetay_Low=-5", "Thetay_High=5"),
)
_MANIPULATORS: Final[Sequence[dict[str, str] | None]] = (
    None,
    {},
    {"X": "2.302", "Polar": ""},
    {"R1": "-1", "T": "20,5"},
)
_NUMBERS: Final[Sequence[Callable[[float], str]]] = (ses_number, "{:.5f}".format, "{:.6e}".format, "{:.17g}".format)


@frozen
class Written:
    """A file as drawn: what was written, and how."""

    regions: tuple[SesRegion, ...]
    style: SesStyle


def axis_names() -> dict[str, str]:
    """Return the names of second and third dimensions that are drawn, and what the axis is called after reading."""
    return dict(_AXES)


def texts(encoding: str) -> st.SearchStrategy[str]:
    """Return texts of one line that the encoding can hold."""
    if encoding.startswith("utf"):
        return _ANY_TEXT | st.sampled_from([word for words in _WORDS.values() for word in words])
    return st.lists(st.sampled_from((*_WORDS["ascii"], *_WORDS[encoding])), max_size=3).map(" ".join)


def comments(encoding: str) -> st.SearchStrategy[str]:
    """Return comments of several lines, blank ones and such that look like titles and keys among them."""
    odd = st.sampled_from(
        [
            "",
            "[Data 1]",
            "[sic]",
            "[Manipulator 1]",
            "Time=noon",
            "Date=soon\nor later",
            "Date=yesterday",
            "Time=5 min",
            "[Info 1]",
            "[Region 2]",
            "Pass Energy=200",
            "Point 1=570 eV",
            " 1.0  2.0",
        ]
    )
    lines = st.lists(texts(encoding) | odd, min_size=1, max_size=5)
    # A blank line at the end of a comment cannot be told from the one that SES writes behind it.
    return lines.map("\n".join).map(str.rstrip)


def styles() -> st.SearchStrategy[SesStyle]:
    """Return ways to write a file."""
    drawn: st.SearchStrategy[SesStyle] = st.builds(
        SesStyle,
        encoding=st.sampled_from(["ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc-jp", "cp1252"]),
        bom=st.booleans(),
        line_end=st.sampled_from(["\r\n", "\n", "\r", "\r\r\n"]),
        number=st.sampled_from([ses_number, ses_number, *_NUMBERS]),
        separator=st.sampled_from([" ", " ", "\t", "  "]),
        trailing=st.sampled_from(["", "", " ", "\t"]),
        decimal=st.sampled_from([".", ","]),
        header_decimal=st.sampled_from([None, ".", ","]),
        old_keys=st.booleans(),
    )
    return drawn.map(_consistent)


@st.composite
def regions(draw: st.DrawFn, encoding: str = "utf-8") -> SesRegion:
    """Draw a region of one to three dimensions, some points large."""
    points = draw(st.integers(1, 6))
    shape = (points, *draw(st.lists(st.integers(1, 3), max_size=2)))
    start, step = draw(st.integers(-10_000, 2_000_000)), draw(st.sampled_from([-100, -5, 1, 10, 250]))
    names = draw(st.lists(st.sampled_from(list(_AXES)), min_size=len(shape) - 1, max_size=len(shape) - 1))
    # SES prints 15 digits.
    values = st.floats(-1e12, 1e12, allow_subnormal=False).map(lambda value: float(f"{value:.14e}"))
    return SesRegion(
        energies=np.array([round((start + step * index) / 1000, 3) for index in range(points)]),
        intensity=draw(arrays.arrays(np.float64, shape, elements=values)),
        axes=tuple((name, [0.5 * point for point in range(size)]) for name, size in zip(names, shape[1:], strict=True)),
        name=draw(texts(encoding)),
        scale=draw(st.sampled_from(["Kinetic", "Binding"])),
        info={"Sample": draw(texts(encoding)), "User": draw(texts(encoding)), "Comments": draw(comments(encoding))},
        signal=draw(st.sampled_from([None, ["I0=2.5E-9"]])),
        run_mode=draw(st.sampled_from(_RUN_MODES)),
        manipulator=draw(st.sampled_from(_MANIPULATORS)),
    )


@st.composite
def files(draw: st.DrawFn, most: int = 3, style: st.SearchStrategy[SesStyle] | None = None) -> Written:
    """Draw a file of up to ``most`` regions, any style or one of those given."""
    how = draw(styles() if style is None else style)
    written = draw(st.lists(regions(how.encoding), min_size=1, max_size=most))
    telling = _TELLING.get(how.encoding)
    if telling is not None:
        written[0] = evolve(written[0], info={**written[0].info, "Location": telling})
    return Written(tuple(written), how)


def _consistent(style: SesStyle) -> SesStyle:
    """Return a style that can be read: marks where they belong, and a decimal mark that is told from the other."""
    changes: dict[str, Any] = {}
    if style.encoding in ("utf-16-le", "utf-16-be"):
        changes["bom"] = True
    elif style.encoding != "utf-8":
        changes["bom"] = False
    return evolve(style, **changes)
