"""Parts: a measurement of many spectra is work for many workers, and what each has found waits until all have.

A part that is kept outlives its batch, so it is data like any other run folder: whoever resumes a batch that somebody
else began reads numbers and texts, never code.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shirube.errors import InputError
from shirube.records import Entry, Outcome, Result
from shirube.reduction import Chain
from shirube.runs import is_run, read_run, write_run
from shirube.trees import swap_in

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
    """Keep the results of a part for the worker that puts all together, as a run folder of results alone."""
    site = folder / f"{secrets.token_hex(6)}.new"
    site.mkdir(parents=True)
    try:
        write_run([Outcome(entry=Entry(name="part", measurements=()), results=tuple(results))], site)
        swap_in(site, _path(folder, part))
    except BaseException:
        shutil.rmtree(site, ignore_errors=True)
        raise


def is_there(folder: Path, part: int) -> bool:
    """Tell whether the results of a part have been kept."""
    return is_run(_path(folder, part))


def stored_results(folder: Path, parts: int) -> tuple[Result, ...]:
    """Return the results of all parts.

    Raises:
        InputError: One cannot be read; it is removed, for the next batch to work on it again.
    """
    found: list[Result] = []
    for part in range(parts):
        place = _path(folder, part)
        try:
            (outcome,) = read_run(place)
        except (InputError, ValueError):
            shutil.rmtree(place, ignore_errors=True)
            raise
        found += outcome.results
    return tuple(found)


def _path(folder: Path, part: int) -> Path:
    return folder / f"{part:06d}"
