"""The settings of the identification of elements."""

from __future__ import annotations

from typing import Final

from shirube.errors import SettingsError
from shirube.messages import joined
from shirube.parameters import parameter, parameters
from shirube_quant.choices import named_wrongly
from shirube_quant.lines import element_names
from shirube_quant.phrases import message

#: Elements without a stable isotope that are rarely handled.
_RARE: Final = ("Tc", "Pm", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Pa")

__all__ = ["ElementsParameters"]


@parameters
class ElementsParameters:
    """What can be set of the identification on a survey.

    Raises:
        SettingsError: An element is not known, is named twice or in both lists, or none is left to look for; says all.
    """

    only: tuple[str, ...] = parameter(
        (),
        en="Only these elements are looked for; without any, all but those excluded.",
        ja="探す元素。指定しなければ、除外した元素以外のすべて。",
    )
    exclude: tuple[str, ...] = parameter(
        _RARE,
        en="These elements are not looked for; by default those that have no stable isotope and are rarely handled.",
        ja="探さない元素。初期設定では、安定同位体がなく扱うことの少ない元素。",
    )
    photon_energy: float | None = parameter(
        None,
        en="Photon energy, in place of what file and calibration say; without it, theirs.",
        ja="ファイルや校正の値の代わりに用いる光エネルギー。指定しなければそれらの値を用いる。",
        unit="eV",
        gt=0.0,
    )
    regions: tuple[str, ...] = parameter(
        (),
        en="Only these regions, by name, number in the file or id; without any, all that are wide enough.",
        ja="対象とするリージョン（名前、ファイル内の番号、ID）。指定しなければ、幅が十分なものすべて。",
    )
    min_range: float = parameter(
        100.0,
        en="Regions with a narrower energy range are no surveys.",
        ja="エネルギー範囲の幅がこれより狭いリージョンはサーベイとみなさない。",
        unit="eV",
        gt=0.0,
    )
    significance: float = parameter(
        6.0,
        en="Smallest height of a peak over its standard deviation.",
        ja="ピークとみなす高さの下限（標準偏差に対する比）。",
        ge=3.0,
        le=1000.0,
    )
    tolerance: float = parameter(
        2.0,
        en="How far a line may lie from where the shift of its element puts it.",
        ja="元素のシフトを考慮した位置から線がずれてよい範囲。",
        unit="eV",
        gt=0.0,
        le=20.0,
    )
    max_offset: float = parameter(
        3.0,
        en="Largest rigid offset of the scale (charging, photon energy) that is allowed for, beyond chemical shifts.",
        ja="化学シフトとは別に許すエネルギー軸全体のずれ（帯電、光エネルギー）の上限。",
        unit="eV",
        ge=0.0,
        le=50.0,
    )

    def __attrs_post_init__(self) -> None:
        problems = [*named_wrongly("only", self.only), *named_wrongly("exclude", self.exclude)]
        # what is left out unless somebody says otherwise does not contradict who says otherwise
        both = [] if self.exclude == _RARE else [one for one in self.exclude if one in self.only]
        if both:
            problems.append(message("elements-in-both", given=", ".join(dict.fromkeys(both))))
        if not problems and not self.considered:
            problems.append(message("no-elements-left"))
        if problems:
            raise SettingsError(joined(one.text() for one in problems))

    @property
    def considered(self) -> tuple[str, ...]:
        """The elements that are looked for, in order of atomic number; what ``only`` names is not excluded."""
        if self.only:
            return tuple(one for one in element_names() if one in self.only)
        return tuple(one for one in element_names() if one not in self.exclude)
