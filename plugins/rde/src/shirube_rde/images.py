"""Images of a tile: exactly one that represents it, the others, and a small one for lists."""

from __future__ import annotations

import io
from collections.abc import Sequence

from attrs import frozen

from shirube.exporting import RenderedFigure
from shirube_rde.naming import Names

__all__ = ["ImageFile", "main_figure", "place_images", "thumbnail"]


@frozen
class ImageFile:
    """An image: its folder in the tile, its name and bytes."""

    folder: str
    name: str
    png: bytes


def place_images(figures: Sequence[RenderedFigure], thumbnail_size: int) -> tuple[ImageFile, ...]:
    """Return the images of one entry with their places; none without figures.

    Args:
        figures: The figures of the entry, in order.
        thumbnail_size: Longer side of the thumbnail in pixels.
    """
    main = main_figure(figures)
    if main is None:
        return ()
    names = Names()
    named = {id(figure): names.take(figure.name, ".png") for figure in figures}
    others = (ImageFile("other_image", named[id(one)], one.png) for one in figures if one is not main)
    return (
        ImageFile("main_image", named[id(main)], main.png),
        *others,
        ImageFile("thumbnail", named[id(main)], thumbnail(main.png, thumbnail_size)),
    )


def main_figure(figures: Sequence[RenderedFigure]) -> RenderedFigure | None:
    """Return the figure that represents an entry: the first marked so, else the first, None without figures."""
    return next((figure for figure in figures if figure.main), figures[0] if figures else None)


def thumbnail(png: bytes, size: int) -> bytes:
    """Return an image made smaller, its longer side ``size`` pixels; an image that is smaller stays as it is."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("RGB")
    small.thumbnail((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, format="PNG", optimize=True)
    return out.getvalue()
