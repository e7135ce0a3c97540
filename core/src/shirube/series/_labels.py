"""The words that trends and maps carry."""

from __future__ import annotations

from typing import Final

from shirube.figures._labels import AXES
from shirube.messages import Text
from shirube.terms import core_terms

INDEX: Final = Text(en="Number in the series", ja="系列内の番号")
POSITION: Final[dict[str, Text]] = {
    "binding": Text(en="Peak position (binding)", ja="ピーク位置（束縛）"),
    "kinetic": Text(en="Peak position (kinetic)", ja="ピーク位置（運動）"),
    "unknown": Text(en="Peak position", ja="ピーク位置"),
}
WIDTH: Final = Text(en="FWHM", ja="半値全幅")
AREA: Final = Text(en="Peak area", ja="ピーク面積")
DOUBTFUL: Final = Text(en="open: doubtful fit", ja="白抜き：要確認のフィット")
DOTTED: Final = Text(en="dot: doubtful fit", ja="点：要確認のフィット")
NO_COMPONENT: Final = Text(en="hatched: not found", ja="斜線：成分なし")
FEWER: Final = Text(en="1 in {step} of {count} spectra", ja="スペクトル {count} 件を {step} 件に 1 件表示")
MOST_SEEN: Final = Text(en="the {shown} most frequent of {count} tracks", ja="全 {count} 本中、頻度の高い {shown} 本")

__all__ = [
    "AREA",
    "DOTTED",
    "DOUBTFUL",
    "FEWER",
    "INDEX",
    "MOST_SEEN",
    "NO_COMPONENT",
    "POSITION",
    "WIDTH",
    "axis_text",
]


def axis_text(name: str) -> Text:
    """Return what an axis, or a term of a fact, is called."""
    if name in AXES:
        return AXES[name]
    term = core_terms().get(name)
    return Text(name, name) if term is None else term.label
