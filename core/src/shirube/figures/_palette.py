"""Colours that people with any colour vision can tell apart (Okabe and Ito, 2008)."""

from __future__ import annotations

from typing import Final

OKABE_ITO: Final[tuple[str, ...]] = (
    "#E69F00",  # orange
    "#56B4E9",  # sky blue
    "#009E73",  # bluish green
    "#F0E442",  # yellow
    "#0072B2",  # blue
    "#D55E00",  # vermilion
    "#CC79A7",  # reddish purple
    "#000000",  # black
)
ORANGE, SKY_BLUE, GREEN, YELLOW, BLUE, VERMILION, PURPLE, BLACK = OKABE_ITO
#: Fills of components: without black, which is the data's, and vermilion, which is the envelope's; yellow comes last.
COMPONENT_COLOURS: Final[tuple[str, ...]] = (SKY_BLUE, ORANGE, GREEN, PURPLE, BLUE, YELLOW)
GREY: Final = "#666666"
