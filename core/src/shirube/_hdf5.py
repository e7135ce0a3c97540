"""HDF5 files as other files are written: whole or not at all, and with texts that they can hold."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shirube._extras import require
from shirube.text import well_formed
from shirube.trees import write_bytes

__all__ = ["hdf5_file", "hdf5_text"]


def hdf5_text(text: str) -> str:
    """Return a text that HDF5 can hold: lone surrogates are escapes, and there is no NUL, which would end it."""
    return well_formed(text).replace("\0", "")


@contextmanager
def hdf5_file(path: Path) -> Iterator[Any]:
    """Lend an open HDF5 file that is at ``path`` when the block ends without an exception.

    It is in the oldest format that holds everything, and keeps no times: the same content makes the same bytes.

    Raises:
        MissingPluginError: The extra ``shirube[nexus]`` is not installed.
        OutputError: It cannot be written.
    """
    # In memory: where a disk is full the library cannot close its file, says so at length in errors of any class, and
    # may crash when the process ends.
    buffer = io.BytesIO()
    with require("h5py", "nexus").File(buffer, "w", libver=("earliest", "v110")) as file:
        yield file
    write_bytes(path, buffer.getvalue())
