"""Holds the bytes of an input file: read when small, memory-mapped when large, with uniform line ends."""

from __future__ import annotations

import codecs
import hashlib
import mmap
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from attrs import frozen

from shirube.records import Source
from shirube.sources import SourceFile, open_input
from shirube_ses2002.reader._problems import problem

#: From this size on a file is mapped instead of read.
MAPPED_FROM: Final = 1 << 22
#: How many bytes of a mapped file are looked at in one go.
PIECE: Final = 1 << 20

Buffer: TypeAlias = bytes | mmap.mmap

_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_RETURN_AND_FEED: Final = re.compile(rb"\r+\n")

__all__ = ["Buffer", "Content", "count_lines", "opened"]


@frozen(eq=False)
class Content:
    """The bytes of a file.

    Attributes:
        name: Name of the file in records.
        buffer: The bytes; lines end with a line feed, perhaps after a carriage return.
        start: Where the text begins, behind a byte order mark.
        encoding: The encoding that a UTF-16 mark states (the buffer is then UTF-8), None otherwise.
        source: The record of the file.
    """

    name: str
    buffer: Buffer
    start: int
    encoding: str | None
    source: Source


@contextmanager
def opened(file: SourceFile) -> Iterator[Content]:
    """Give the bytes of ``file`` for the length of a ``with`` block.

    Raises:
        InputError: The file cannot be read, or it begins with the mark of UTF-16 and is not.
    """
    with open_input(file.path, file.name) as handle:
        size = os.fstat(handle.fileno()).st_size
        if size < MAPPED_FROM:
            yield _content(file.name, handle.read())
            return
        with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield _content(file.name, mapped)


def count_lines(buffer: Buffer, start: int, stop: int) -> int:
    """Return how many line feeds stand between two positions."""
    if isinstance(buffer, bytes):
        return buffer.count(b"\n", start, stop)
    return sum(buffer[at : min(at + PIECE, stop)].count(b"\n") for at in range(start, stop, PIECE))


def _content(name: str, buffer: Buffer) -> Content:
    source = Source(name=name, size=len(buffer), sha256=hashlib.sha256(buffer).hexdigest())
    encoding = _UTF16.get(buffer[:2])
    if encoding is not None:
        buffer = _transcoded(name, buffer, encoding)
    start = len(codecs.BOM_UTF8) if buffer[:3] == codecs.BOM_UTF8 else 0
    return Content(name, _with_line_feeds(buffer, start), start, encoding, source)


def _transcoded(name: str, buffer: Buffer, encoding: str) -> bytes:
    try:
        return buffer[:].decode(encoding).encode("utf-8")
    except UnicodeError:
        raise problem(name, "not-utf16", 1) from None


def _with_line_feeds(buffer: Buffer, start: int) -> Buffer:
    """Return the buffer with line feeds if its first line ends with carriage returns alone."""
    carriage_return = buffer.find(b"\r", start)
    line_feed = buffer.find(b"\n", start, max(start, carriage_return)) if carriage_return >= 0 else start
    if line_feed >= 0 or _RETURN_AND_FEED.match(buffer, carriage_return):
        return buffer
    return buffer[:].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
