"""The settings of the identification of elements."""

from __future__ import annotations

from shirube.parameters import parameter, parameters

__all__ = ["ElementsParameters"]


@parameters
class ElementsParameters:
    """What can be set of the identification on a survey."""

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
