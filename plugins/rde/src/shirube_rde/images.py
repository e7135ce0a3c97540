"""Images of a tile: one that represents it, the others, a small one for lists, and drawings for structured data."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen

from shirube.exporting import RenderedFigure
from shirube.records import Outcome, Spectrum
from shirube_rde.naming import Names

__all__ = ["ImageFile", "main_figure", "place_images", "thumbnail"]


@frozen
class ImageFile:
    """A picture: its folder in the tile, its name and bytes."""

    folder: str
    name: str
    content: bytes


def place_images(figures: Sequence[RenderedFigure], thumbnail_size: int, outcome: Outcome) -> tuple[ImageFile, ...]:
    """Return the images of one entry with their places; none without figures.

    Image folders are for PNG: what a figure has in a vector format is structured data, under the name of its image.

    Args:
        figures: The figures of the entry, in order.
        thumbnail_size: Longer side of the thumbnail in pixels.
        outcome: What they show.
    """
    main = main_figure(figures, outcome)
    if main is None:
        return ()
    names = Names()
    named = {id(figure): names.take(figure.name, ".png") for figure in figures}
    others = (ImageFile("other_image", named[id(one)], one.png) for one in figures if one is not main)
    drawn = (
        ImageFile("structured", f"{named[id(one)].removesuffix('.png')}.{one.vector.format}", one.vector.content)
        for one in figures
        if one.vector is not None
    )
    return (
        ImageFile("main_image", named[id(main)], main.png),
        *others,
        ImageFile("thumbnail", named[id(main)], thumbnail(main.png, thumbnail_size)),
        *drawn,
    )


def main_figure(figures: Sequence[RenderedFigure], outcome: Outcome) -> RenderedFigure | None:
    """Return the figure that represents an entry, None without figures.

    It is the main figure of the best analysis of a spectrum: one that is not doubtful, of the spectrum that stands out
    most from its noise. Without such a figure it is the plot of the survey: of the widest range of energies.
    """
    spectra = {spectrum.id: spectrum for spectrum in outcome.entry.spectra()}
    sound = {(result.analysis, result.target) for result in outcome.results if result.status == "ok"}
    analysed = [one for one in figures if one.leads and one.target in spectra]
    if analysed:
        return max(analysed, key=lambda one: ((one.source, one.target) in sound, _contrast(spectra[one.target])))
    marked = [one for one in figures if one.leads or (one.main and one.source != "spectrum")]
    plots = [one for one in figures if one.source == "spectrum" and one.target in spectra]
    if marked or not plots:
        return next(iter((*marked, *figures)), None)
    return max(plots, key=lambda one: _width(spectra[one.target]))


def thumbnail(png: bytes, size: int) -> bytes:
    """Return an image made smaller, its longer side ``size`` pixels; an image that is smaller stays as it is."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("RGB")
    small.thumbnail((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _contrast(spectrum: Spectrum) -> float:
    """Return how far the intensities reach above their lowest, in units of the counting noise of the highest."""
    finite = spectrum.intensity[np.isfinite(spectrum.intensity)]
    if not finite.size:
        return 0.0
    low, high = float(finite.min()), float(finite.max())
    return (high - low) / math.sqrt(max(high, 1.0))


def _width(spectrum: Spectrum) -> float:
    if all(axis.name != "energy" for axis in spectrum.axes) or not spectrum.energy.size:
        return 0.0
    return float(spectrum.energy.max()) - float(spectrum.energy.min())
