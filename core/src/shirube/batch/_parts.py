"""Parts: a measurement of many spectra is work for many workers, and what each has found waits until all have.

A part that is kept outlives its batch, so it is data: whoever resumes a batch that somebody else began reads numbers
and texts, never code. It is two files, however many tables and arrays it holds: a file for each would take longer to
write, to read and to remove than many a fit.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import cattrs
import numpy as np

from shirube.batch._packing import packed, unpacked
from shirube.batch._phrases import message
from shirube.errors import InputError, message_of
from shirube.records import Result
from shirube.reduction import Chain
from shirube.trees import write_bytes, write_text

#: Chains that one worker takes at a time: few, so that all workers end at about the same time.
_CHAINS: Final = 1
_SCHEMA: Final = "shirube-part/1"

__all__ = ["is_there", "kept_results", "part_of", "parts_in", "stored_results"]


def parts_in(chains: Sequence[Chain]) -> int:
    """Return into how many parts chains are shared out; which chain is in which depends on the measurement alone."""
    return -(-len(chains) // _CHAINS)


def part_of(chains: Sequence[Chain], part: int) -> Sequence[Chain]:
    """Return the chains of a part, the first of which is 0."""
    return chains[part * _CHAINS : (part + 1) * _CHAINS]


def kept_results(folder: Path, part: int, results: Sequence[Result]) -> None:
    """Keep the results of a part for the worker that puts all together.

    Raises:
        OutputError: They cannot be written.
    """
    plain, numbers = packed(results)
    buffer = io.BytesIO()
    np.save(buffer, numbers, allow_pickle=False)
    write_bytes(_numbers(folder, part), buffer.getvalue())
    # The document comes last: where it is, the numbers are.
    document = {"schema": _SCHEMA, "results": plain}
    write_text(_document(folder, part), json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def is_there(folder: Path, part: int) -> bool:
    """Tell whether the results of a part have been kept."""
    return _document(folder, part).is_file()


def stored_results(folder: Path, parts: int) -> tuple[Result, ...]:
    """Return the results of all parts.

    Raises:
        InputError: One cannot be read; it is removed, for the next batch to work on it again.
    """
    return tuple(one for part in range(parts) for one in _stored(folder, part))


def _stored(folder: Path, part: int) -> tuple[Result, ...]:
    place = _document(folder, part)
    try:
        document = json.loads(place.read_bytes())
        # Not np.load, which takes other kinds of files too.
        data = io.BytesIO(_numbers(folder, part).read_bytes())
        numbers = np.lib.format.read_array(data, allow_pickle=False)
        numbers.flags.writeable = False
        if document["schema"] != _SCHEMA or numbers.dtype != np.float64 or numbers.ndim != 1:
            raise ValueError(document["schema"], numbers.dtype, numbers.shape)  # noqa: TRY301 told as any other damage
        return unpacked(document["results"], numbers)
    except Exception as error:  # noqa: BLE001 a damaged file can fail anywhere; cattrs raises bare exceptions, too
        for one in (place, _numbers(folder, part)):
            with suppress(OSError):
                one.unlink()
        invalid = isinstance(error, cattrs.BaseValidationError)
        reason = "; ".join(cattrs.transform_error(error)) if invalid else message_of(error)
        raise InputError(message("part-malformed", reason=reason), path=place) from None


def _document(folder: Path, part: int) -> Path:
    return folder / f"{part:06d}.json"


def _numbers(folder: Path, part: int) -> Path:
    return folder / f"{part:06d}.npy"
