"""Reads SES text files (Scienta Omicron SES, ``*.txt``) with their sidecars, all of it or not at all."""

from __future__ import annotations

import codecs
import re
from typing import Final

from shirube.records import Measurement
from shirube.sources import SourceFile
from shirube_ses2002.parameters import DETECT, Parameters
from shirube_ses2002.reader._content import opened
from shirube_ses2002.reader._file import first_line, read_content
from shirube_ses2002.reader._sections import is_first_title
from shirube_ses2002.reader._sidecar import read_sidecar

__all__ = ["claims", "read"]

_SIGN: Final = re.compile(rb"^(?:Number of Regions=|\[Region [0-9]+\])", re.MULTILINE)
#: A file that ends this early was cut; it is ours, and its error message should be too.
_CUT: Final = 64


def claims(source: SourceFile) -> bool:
    """Tell whether ``source`` is SES text: ``[Info]`` on its first line and a sign of regions, whatever its suffix.

    Raises:
        InputError: There is no such file, or it may not be read.
    """
    head = source.head
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head[: len(head) // 2 * 2].decode("utf-16", errors="replace").encode("utf-8")
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if not is_first_title(first_line(head, start)):
        return False
    return len(head) < _CUT or _SIGN.search(head.replace(b"\r", b"\n")) is not None


def read(source: SourceFile, parameters: Parameters | None = None) -> Measurement:
    """Return everything that an SES file and its sidecar say.

    Each region becomes a spectrum of one to three dimensions, energies first, with the id ``<file name>#<region>``.
    Intensities have a unit only where pulses were counted: those of an ADC are scaled.

    Raises:
        InputError: The file or its sidecar is broken; names file and line, what was expected and what was found.
    """
    parameters = parameters or Parameters()
    encoding = None if parameters.encoding == DETECT else parameters.encoding
    with opened(source) as content:
        file = read_content(content, lenient=parameters.lenient, encoding=encoding)
    sidecar = None if source.sidecar is None else read_sidecar(source.sidecar, encoding)
    return Measurement(
        name=source.name,
        reader="ses2002",
        spectra=file.spectra,
        metadata=file.metadata if sidecar is None else (*file.metadata, *sidecar.values),
        sources=(content.source,) if sidecar is None else (content.source, sidecar.source),
        remarks=file.remarks if sidecar is None else (*file.remarks, *sidecar.remarks),
    )
