"""Parts: a measurement of many spectra is work for many workers, and what each has found waits until all have."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from shirube.records import Result
from shirube.reduction import Chain
from shirube.trees import write_bytes

#: Chains that one worker takes at a time: few, so that all workers end at about the same time.
_CHAINS: Final = 1

__all__ = ["is_there", "kept_results", "part_of", "parts_in", "stored_results"]


def parts_in(chains: Sequence[Chain]) -> int:
    """Return into how many parts chains are shared out; which chain is in which depends on the measurement alone."""
    return -(-len(chains) // _CHAINS)


def part_of(chains: Sequence[Chain], part: int) -> Sequence[Chain]:
    """Return the chains of a part, the first of which is 0."""
    return chains[part * _CHAINS : (part + 1) * _CHAINS]


def kept_results(folder: Path, part: int, results: Sequence[Result]) -> None:
    """Keep the results of a part for the worker that puts all together: this program writes and reads them."""
    write_bytes(_path(folder, part), pickle.dumps(tuple(results)))


def is_there(folder: Path, part: int) -> bool:
    """Tell whether the results of a part have been kept."""
    return _path(folder, part).is_file()


def stored_results(folder: Path, parts: int) -> tuple[Result, ...]:
    """Return the results of all parts."""
    found: list[Result] = []
    for part in range(parts):
        # Our own worker wrote it.
        found += cast("tuple[Result, ...]", pickle.loads(_path(folder, part).read_bytes()))  # noqa: S301
    return tuple(found)


def _path(folder: Path, part: int) -> Path:
    return folder / f"{part:06d}.pickle"
