"""Variants: what settings ask of a model's layout."""

from __future__ import annotations

from attrs import evolve

from shirube.records import EnergyScale
from shirube_bicfit.layout import Doublet, Layout
from shirube_bicfit.levels import doublet_named
from shirube_bicfit.parameters import Parameters

__all__ = ["layout_for"]


def layout_for(settings: Parameters, scale: EnergyScale = "binding") -> Layout:
    """Return the layout that settings ask for, on an axis of this scale.

    On a kinetic axis partners and tails are on the other side. A linear background has no second straight line.
    """
    mirrored = scale == "kinetic"
    return Layout(
        asymmetric=settings.lineshape == "asymmetric",
        shared_width=settings.share_width,
        shared_fraction=settings.share_fraction,
        doublet=_doublet(settings, mirrored=mirrored),
        sloped=settings.slope and settings.background == "shirley",
        mirrored=mirrored,
    )


def _doublet(settings: Parameters, *, mirrored: bool) -> Doublet | None:
    if settings.doublet is None:
        return None
    known = doublet_named(settings.doublet)
    return evolve(
        known,
        splitting=-known.splitting if mirrored else known.splitting,
        free_splitting=settings.free_splitting,
        free_ratio=settings.free_ratio,
    )
