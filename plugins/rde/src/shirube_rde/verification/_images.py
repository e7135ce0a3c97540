"""Rules on images: what RDE's viewer shows, and whether there is a picture in the file at all."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from shirube.rules import Judgement, Rule
from shirube_rde.layout import IMAGE_FOLDERS
from shirube_rde.texts import message
from shirube_rde.verification._inspected import Inspected, content_of, fault, rule, shown

#: What RDE's viewer shows: the format of each suffix.
_SHOWN: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF"}
#: Longer side of a thumbnail in pixels beyond which it is none.
_THUMBNAIL: Final = 1024
#: An image of several spectra, from the first number to the last.
_OVERVIEW: Final = re.compile(r"(?:.*_)?overview_(\d{4,6})-(\d{4,6})\.png")
#: Stored and downloaded soundly, but not always shown.
_STORED: Final = (".bmp", ".tif", ".tiff")

__all__ = ["IMAGE_RULES"]


def _suffixes(tree: Inspected) -> Iterator[Judgement]:
    for path in tree.files(IMAGE_FOLDERS):
        suffix = path.suffix.lower()
        if suffix not in _SHOWN:
            yield fault(tree.name(path), note=suffix in _STORED)


def _contents(tree: Inspected) -> Iterator[Judgement]:
    from PIL import Image

    for path in tree.files(IMAGE_FOLDERS):
        form = _SHOWN.get(path.suffix.lower())
        if form is None:
            continue
        try:
            _decode(path, form)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            # A small file can ask for all memory there is; nothing says that RDE's viewer cannot show it.
            yield fault(tree.name(path), message("image-too-large"), note=True)
        except Exception:  # noqa: BLE001 decoders answer broken data with exceptions of many kinds
            yield fault(tree.name(path))


def _decode(path: Path, form: str) -> None:
    """Decode an image whole: a file may begin like an image and hold none."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path, formats=(form,)) as image:
            image.load()


def _one_main(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        names = one.tile.names("main_image")
        if len(names) > 1:
            yield fault(shown(one.tile), note=True, names=", ".join(names), first=names[0])


def _small(tree: Inspected) -> Iterator[Judgement]:
    from PIL import Image

    for path in tree.files(("thumbnail",)):
        form = _SHOWN.get(path.suffix.lower())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(path, formats=(form,) if form else ()) as image:
                    width, height = image.size
        except Exception:  # noqa: BLE001, S112 what holds no picture is another rule's
            continue
        if max(width, height) > _THUMBNAIL:
            yield fault(tree.name(path), width=width, height=height, most=_THUMBNAIL)


def _one_each(tree: Inspected) -> Iterator[Judgement]:
    """Note tiles with fewer images than spectra: images of one name overwrite each other without a word."""
    for one in tree.tiles:
        content = content_of(one.metadata) or {}
        spectra = content.get("variable")
        images = sum(map(_spectra_of, (*one.tile.names("main_image"), *one.tile.names("other_image"))))
        if isinstance(spectra, list) and 0 < images < len(spectra):
            yield fault(shown(one.tile), note=True, images=images, spectra=len(spectra))


def _spectra_of(name: str) -> int:
    """Return how many spectra an image shows: an overview says it in its name."""
    found = _OVERVIEW.fullmatch(PurePosixPath(name).name)
    return 1 if found is None else max(1, int(found[2]) - int(found[1]) + 1)


IMAGE_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-IMG-001", "must", _suffixes),
    rule("RDE-IMG-002", "must", _contents),
    rule("RDE-IMG-003", "should", _one_main),
    rule("RDE-IMG-004", "should", _small),
    rule("RDE-IMG-005", "should", _one_each),
)
