"""The words that figures carry."""

from __future__ import annotations

from typing import Final

from shirube.messages import Language, Text

DATA: Final = Text(en="Data", ja="測定値")
BACKGROUND: Final = Text(en="Background", ja="バックグラウンド")
ENVELOPE: Final = Text(en="Envelope", ja="合成曲線")
#: In two lines, because the panel is narrow.
RESIDUALS: Final = Text(en="Residual\n(σ)", ja="残差 (σ)")
INTENSITY: Final = Text(en="Intensity", ja="強度")
SUMMED: Final = Text(en="summed over {axes}", ja="{axes}について合計")
LEFT_OUT: Final = Text(en="the first {shown} of {count} spectra", ja="スペクトル {count} 件のうち最初の {shown} 件")
TOO_LARGE: Final = Text(en="Not drawn: numbers beyond 10³⁰⁰", ja="10³⁰⁰ を超える数値のため描けません")
ENERGY: Final[dict[str, Text]] = {
    "binding": Text(en="Binding energy", ja="束縛エネルギー"),
    "kinetic": Text(en="Kinetic energy", ja="運動エネルギー"),
    "unknown": Text(en="Energy", ja="エネルギー"),
}
AXES: Final[dict[str, Text]] = {
    "angle": Text(en="Angle", ja="角度"),
    "position": Text(en="Position", ja="位置"),
    "iteration": Text(en="Iteration", ja="繰り返し"),
    "point": Text(en="Point", ja="点"),
}


def with_unit(label: Text, unit: str, lang: Language) -> str:
    """Return ``label (unit)``, the label alone without a unit."""
    text = label.render(lang)
    return f"{text} ({unit})" if unit else text
