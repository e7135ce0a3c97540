"""Variants: which models compete, and what settings ask of the layout of each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final, cast

from attrs import evolve, frozen

from shirube.messages import Renderable
from shirube.records import EnergyScale
from shirube_bicfit.choices import Background, Lineshape
from shirube_bicfit.layout import Doublet, Layout
from shirube_bicfit.levels import doublet_named, level_in
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import variant_name

_BACKGROUNDS: Final = ("shirley", "linear")
_LINESHAPES: Final = ("symmetric", "asymmetric")
#: What stands for lines without partners.
SINGLE: Final = "none"

__all__ = ["SINGLE", "Variant", "layout_for", "variants_of"]


@frozen
class Variant:
    """One way to model a spectrum; the number of lines is left open.

    Attributes:
        background: The background.
        lineshape: The shape of the lines.
        doublet: The level or ``splitting:ratio`` of spin-orbit doublets, ``none`` for single lines.
    """

    background: Background = "shirley"
    lineshape: Lineshape = "symmetric"
    doublet: str = SINGLE

    @property
    def name(self) -> Renderable:
        """What people call it: ``Shirley``, ``Shirley, asymmetric, Ag 3d doublets``."""
        return variant_name(self.background, self.lineshape, "" if self.doublet == SINGLE else self.doublet)


def variants_of(settings: Parameters, region: str = "") -> tuple[Variant, ...]:
    """Return the variants that settings let compete, each once.

    Args:
        settings: With one or several backgrounds, line shapes and doublets; ``auto`` stands for all there are.
        region: The name of the spectrum, which may tell its level.
    """
    choices = product(
        _different(_spread(settings.doublet, (SINGLE, *level_in(region)))),
        _spread(settings.lineshape, _LINESHAPES),
        _spread(settings.background, _BACKGROUNDS),
    )
    return tuple(
        Variant(cast("Background", background), cast("Lineshape", lineshape), doublet)
        for doublet, lineshape, background in choices
    )


def layout_for(settings: Parameters, variant: Variant, scale: EnergyScale = "binding") -> Layout:
    """Return the layout of a variant, on an axis of this scale.

    On a kinetic axis partners and tails are on the other side. A linear background has no second straight line.
    """
    mirrored = scale == "kinetic"
    return Layout(
        asymmetric=variant.lineshape == "asymmetric",
        shared_width=settings.share_width,
        shared_fraction=settings.share_fraction,
        doublet=_doublet(settings, variant, mirrored=mirrored),
        sloped=settings.slope and variant.background == "shirley",
        mirrored=mirrored,
    )


def _different(doublets: Sequence[str]) -> tuple[str, ...]:
    """Return doublets without those that are what one before them is, however both are spelt."""
    found: dict[Doublet | None, str] = {}
    for name in doublets:
        found.setdefault(None if name == SINGLE else doublet_named(name), name)
    return tuple(found.values())


def _doublet(settings: Parameters, variant: Variant, *, mirrored: bool) -> Doublet | None:
    if variant.doublet == SINGLE:
        return None
    known = doublet_named(variant.doublet)
    return evolve(
        known,
        splitting=-known.splitting if mirrored else known.splitting,
        free_splitting=settings.free_splitting,
        free_ratio=settings.free_ratio,
    )


def _spread(chosen: Sequence[str], everything: Sequence[str]) -> tuple[str, ...]:
    """Return what was chosen with ``auto`` written out, each once."""
    spread = [one for name in chosen for one in (everything if name == "auto" else (name,))]
    return tuple(dict.fromkeys(spread))
