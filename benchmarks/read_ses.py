"""How fast SES text is read, against np.loadtxt on the same file in the same run.

Usage: python benchmarks/read_ses.py [--megabytes 200] [--rounds 5]

Prints a table; the ratios are what to compare between machines.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from shirube.sources import SourceFile
from shirube_ses2002.reader import read
from shirube_ses2002.reader._blocks import read_block
from shirube_ses2002.reader._content import opened
from shirube_ses2002.reader._free_form import Table
from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import Problems
from shirube_ses2002.reader._sections import Section, sections
from shirube_ses2002.testing import SesRegion, ses_bytes, ses_number

COLUMNS = 1000
ROW_BYTES = 24 * (COLUMNS + 1) + 1
#: Rows of different numbers; a larger file repeats them behind other energies.
DISTINCT = 40


def one_dimensional(points: int) -> SesRegion:
    """Return a region of plausible counts."""
    energies = np.round(300.0 - 0.05 * np.arange(points), 10)
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
    head, _, _ = ses_bytes([stub]).partition(b"[Data 1]\r\n")
    yield head + b"[Data 1]\r\n"
    for index, energy in enumerate(energies.tolist()):
        yield f"{ses_number(energy)} {tails[index % DISTINCT]}\r\n".encode("ascii")
    yield b"\r\n"


def data_section(path: Path) -> Section:
    """Return where the numbers of a file of one region stand."""
    with opened(SourceFile(path)) as content:
        return sections(content.buffer, content.start)[-1]


def with_loadtxt(path: Path, section: Section) -> None:
    """Read the numbers as np.loadtxt does best: from a file handle that stands at the block."""
    with path.open("rb") as handle:
        handle.seek(section.start)
        np.loadtxt(handle, ndmin=2)


def block_alone(path: Path, section: Section, rows: int, columns: int) -> None:
    """Read the numbers as the reader does, without header and hash."""
    with opened(SourceFile(path)) as content:
        table = Table(np.empty(rows), np.empty((rows, columns)))
        read_block(content, section, table, Lines(content.buffer), Problems(path.name))


def seconds(work: Callable[[], object], rounds: int, repeats: int = 1) -> float:
    """Return the median time of ``work`` in seconds."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(repeats):
            work()
        times.append((time.perf_counter() - start) / repeats)
    return statistics.median(times)


def peak_bytes(work: Callable[[], object]) -> int:
    """Return the peak of memory that Python and NumPy allocate during ``work``; mapped files do not count."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def report_small(folder: Path, rounds: int) -> None:
    for points, regions in ((1000, 1), (8001, 1), (400, 6)):
        path = folder / f"one_{points}.txt"
        path.write_bytes(ses_bytes([one_dimensional(points)] * regions))
        source = SourceFile(path)
        mine = seconds(lambda source=source: read(source), rounds, 50)
        name = f"{regions} region(s) of {points} channels"
        if regions > 1:
            print(f"{name:34} read {mine * 1e3:7.2f} ms")
            continue
        section = data_section(path)
        theirs = seconds(lambda path=path, section=section: with_loadtxt(path, section), rounds, 50)
        print(f"{name:34} read {mine * 1e3:7.2f} ms   np.loadtxt, numbers alone {theirs * 1e3:7.2f} ms")


def report_large(folder: Path, megabytes: float, rounds: int) -> None:
    path = folder / "image.txt"
    with path.open("wb") as handle:
        handle.writelines(large_image(megabytes))
    size = path.stat().st_size / 1e6
    section = data_section(path)
    rows = (section.stop - section.start) // ROW_BYTES
    whole = seconds(lambda: read(SourceFile(path)), rounds)
    block = seconds(lambda: block_alone(path, section, rows, COLUMNS), rounds)
    theirs = seconds(lambda: with_loadtxt(path, section), rounds)
    array = rows * (COLUMNS + 1) * 8
    print(f"{rows} rows of {COLUMNS + 1} numbers, {size:.0f} MB")
    print(f"  np.loadtxt, numbers alone  {size / theirs:6.0f} MB/s")
    print(f"  numbers alone              {size / block:6.0f} MB/s   {theirs / block:4.1f} x np.loadtxt")
    print(f"  whole file, with its hash  {size / whole:6.0f} MB/s   {theirs / whole:4.1f} x np.loadtxt")
    print(f"  peak memory                {peak_bytes(lambda: read(SourceFile(path))) / array:6.2f} x the array")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=200.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report_small(Path(folder), options.rounds)
        report_large(Path(folder), options.megabytes, options.rounds)


if __name__ == "__main__":
    main()
