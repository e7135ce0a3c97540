"""How fast SES text is read, and how much memory that takes, against np.loadtxt and pandas on the same file.

Run with ``python benchmarks/read_ses.py [--megabytes 216] [--rounds 7]``; pandas is left out where it is not installed.

np.loadtxt and pandas read the numbers alone, from a handle that stands where they begin: nobody has to find the block,
read the header or hash the file for them. ``its numbers alone`` of ours is the part of a whole read that does the same.
Rounds are interleaved. The ratios, of median processor times, are what to compare between machines: all keep to one
thread, and a busy machine disturbs its clock more. Memory is measured in a fresh process: the peak
of its resident set, less what it held before and less the mapped file, whose pages the system takes back at will.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest import mock

import numpy as np
from comparing import compared, limited, missing

from shirube.sources import SourceFile
from shirube_ses2002.reader import _blocks, _spectra, read
from shirube_ses2002.testing import SesRegion, ses_bytes, ses_number

COLUMNS: Final = 1000
ROW_BYTES: Final = 24 * (COLUMNS + 1) + 1
#: Rows of different numbers; a larger file repeats them behind other energies.
DISTINCT: Final = 40
DATA: Final = b"[Data 1]\r\n"
WHOLE: Final = "whole file, with its hash"
ALONE: Final = "its numbers alone"
LOADTXT: Final = "np.loadtxt, numbers alone"
PANDAS: Final = "pandas (C), numbers alone"
#: The promise: MB/s for a whole file, and memory in sizes of its array.
LEAST_SPEED, MOST_MEMORY = 350.0, 2.0
#: MB/s that are asked of ours.
REQUIRED: Final = {WHOLE: " (>= 350)", ALONE: " (>= 500)"}
STATUS: Final = Path("/proc/self/status")


class Times(NamedTuple):
    """Seconds of one run: on the clock, and of the processor."""

    wall: float
    processor: float


def main() -> None:
    """Print how long small files and a large one take, and the memory that the large one takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=216.0)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report_small(Path(folder), 5 * options.rounds)
        report_large(Path(folder), options.megabytes, options.rounds)


# the files


def one_dimensional(points: int) -> SesRegion:
    """Return a region of plausible counts."""
    energies = np.round(1000.0 - 0.1 * np.arange(points), 10)
    return SesRegion(energies=energies, intensity=1e4 + 1e3 * np.sin(energies))


def large_image(megabytes: float) -> Iterator[bytes]:
    """Yield the bytes of a file of one two-dimensional region."""
    rows = int(megabytes * 1e6 / ROW_BYTES)
    energies = np.round(100.0 + 0.01 * np.arange(rows), 10)
    random = np.random.default_rng(0).uniform(1.0, 1e6, (DISTINCT, COLUMNS))
    tails = [" ".join(map(ses_number, values)) for values in random.tolist()]
    angles = [round(float(angle), 10) for angle in np.linspace(-15.0, 15.0, COLUMNS)]
    stub = SesRegion(
        energies=energies, intensity=np.zeros((rows, 1)), axes=(("Y-Scale [deg]", angles),), scale="Kinetic"
    )
    head, _, _ = ses_bytes([stub]).partition(DATA)
    yield head + DATA
    for index, energy in enumerate(energies.tolist()):
        yield f"{ses_number(energy)} {tails[index % DISTINCT]}\r\n".encode("ascii")
    yield b"\r\n"


def numbers_begin(path: Path) -> int:
    """Return where the numbers of a file of one region begin."""
    with path.open("rb") as handle:
        return handle.read(1 << 20).index(DATA) + len(DATA)


# the readers


def ours(path: Path, start: int) -> None:  # noqa: ARG001 it finds the numbers by itself
    """Read the whole file: every key, every check, the hash."""
    read(SourceFile(path))


def with_loadtxt(path: Path, start: int) -> None:
    """Read the numbers as np.loadtxt does best."""
    with path.open("rb") as handle:
        handle.seek(start)
        np.loadtxt(handle, ndmin=2)


def with_pandas(path: Path, start: int) -> None:
    """Read the numbers with the C parser of pandas, the fastest that takes runs of blanks."""
    import pandas as pd

    with path.open("rb") as handle:
        handle.seek(start)
        pd.read_csv(handle, sep=r"\s+", header=None, engine="c").to_numpy()


def readers() -> Mapping[str, Callable[[Path, int], None]]:
    """Return what is compared, by name."""
    found = {WHOLE: ours, LOADTXT: with_loadtxt}
    if importlib.util.find_spec("pandas"):
        found[PANDAS] = with_pandas
    return found


def timed(work: Callable[[], object]) -> Times:
    """Return the times of one call."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Times(time.perf_counter() - wall, time.process_time() - processor)


def processor(times: Sequence[Times]) -> float:
    """Return the median processor time in seconds."""
    return statistics.median(one.processor for one in times)


def numbers_alone(path: Path) -> Times:
    """Return the times of the part of a whole read that turns text into numbers."""
    parts: list[Times] = []
    read_block = _blocks.read_block

    def watched(*arguments: Any) -> None:
        parts.append(timed(lambda: read_block(*arguments)))

    with mock.patch.object(_spectra, "read_block", watched):
        read(SourceFile(path))
    return Times(sum(part.wall for part in parts), sum(part.processor for part in parts))


# the reports


def report_small(folder: Path, rounds: int) -> None:
    """Print the times of small files beside those of np.loadtxt, which needs only their numbers."""
    print("small files, milliseconds: median (minimum) on the clock; median of the processor")
    for points in (361, 1000, 8001):
        path = folder / f"one_{points}.txt"
        path.write_bytes(ses_bytes([one_dimensional(points)]))
        times = interleaved(path, rounds)
        whole = processor(times[WHOLE])
        print(f"  {points} points")
        compared(f"reading SES text of {points} points", 1e3 * whole, LOADTXT, 1e3 * processor(times[LOADTXT]), "ms")
        for name, of_name in times.items():
            wall = [1e3 * one.wall for one in of_name]
            clock = f"{statistics.median(wall):8.2f} ({min(wall):.2f})"
            print(f"    {name:34}{clock};{1e3 * processor(of_name):6.2f}   {processor(of_name) / whole:5.2f} x ours")


def report_large(folder: Path, megabytes: float, rounds: int) -> None:
    """Print speed and memory of a large file."""
    path = folder / "image.txt"
    with path.open("wb") as handle:
        handle.writelines(large_image(megabytes))
    rows = int(megabytes * 1e6 / ROW_BYTES)
    size, array = path.stat().st_size, rows * (COLUMNS + 1) * 8
    print(f"\n{rows} rows of {COLUMNS + 1} numbers, {size / 1e6:.0f} MB: MB/s on the clock, median (best); of the CPU")
    times = interleaved(path, rounds)
    loadtxt, whole = processor(times[LOADTXT]), processor(times[WHOLE])
    what = f"reading SES text of {size / 1e6:.0f} MB"
    compared(what, whole, LOADTXT, loadtxt, "s")
    if PANDAS in times:
        compared(what, whole, PANDAS, processor(times[PANDAS]), "s")
    else:
        missing(f"{what}, beside {PANDAS}", "pandas is not installed")
    limited(what, whole, size / 1e6 / LEAST_SPEED, "s")
    for name, of_name in times.items():
        cost = processor(of_name)
        wall = [one.wall for one in of_name]
        title = name + REQUIRED.get(name, "")
        speeds = f"{size / 1e6 / statistics.median(wall):8.0f} ({size / 1e6 / min(wall):.0f});{size / 1e6 / cost:6.0f}"
        print(f"  {title:34}{speeds}   {loadtxt / cost:5.2f} x np.loadtxt")
    print("\nmemory of one read in a fresh process, in arrays of the result (required of ours: < 2)")
    for name, reader in readers().items():
        resident, allocated = memory(reader, path)
        mapped = size if reader is ours else 0
        beyond = "not measured here" if resident is None else f"{(resident - mapped) / array:.2f}"
        if reader is ours and resident is not None:
            limited(f"memory beyond the file: {what}", (resident - mapped) / array, MOST_MEMORY, "sizes of its array")
        print(f"  {name:34}resident beyond the mapped file {beyond}   allocated {allocated / array:.2f}")


def interleaved(path: Path, rounds: int) -> dict[str, Sequence[Times]]:
    """Return the times of every reader by name, one after the other in each round; ours also for the numbers alone."""
    start = numbers_begin(path)
    work: dict[str, Callable[[], Times]] = {
        name: partial(timed, partial(reader, path, start)) for name, reader in readers().items()
    }
    work[ALONE] = partial(numbers_alone, path)
    times: dict[str, list[Times]] = {name: [] for name in work}
    for name, run in (rounds + 1) * list(work.items()):
        times[name].append(run())
    return {name: of_name[1:] for name, of_name in times.items()}


def memory(reader: Callable[[Path, int], None], path: Path) -> tuple[int | None, int]:
    """Return the growth of the resident set at its peak (None where the system does not tell), and of allocations."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, maxtasksperchild=1) as pool:
        resident: int | None = pool.apply(_resident, (reader, path))
        allocated: int = pool.apply(_allocated, (reader, path))
    return resident, allocated


def _resident(reader: Callable[[Path, int], None], path: Path) -> int | None:
    if not STATUS.exists():
        return None
    start = _after_imports(reader, path)
    before = _status("VmRSS")
    reader(path, start)
    return _status("VmHWM") - before


def _allocated(reader: Callable[[Path, int], None], path: Path) -> int:
    start = _after_imports(reader, path)
    tracemalloc.start()
    reader(path, start)
    return tracemalloc.get_traced_memory()[1]


def _after_imports(reader: Callable[[Path, int], None], path: Path) -> int:
    """Let the reader read a small file first, so that what it imports does not count; return where numbers begin."""
    small = path.with_name("one_361.txt")
    reader(small, numbers_begin(small))
    return numbers_begin(path)


def _status(key: str) -> int:
    """Return a size from what Linux says of this process, in bytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{key}:"))
    return 1024 * int(line.split()[1])


if __name__ == "__main__":
    main()
