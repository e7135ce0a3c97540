"""How fast SES text is read, beside the public readers, each in a process of its own, in one run.

Run with ``tox -e peers``, or ``python benchmarks/read_ses_peers.py [FILE...]`` where the readers are installed.

The files have the shapes of real ones: a survey of 8001 points; six regions of 170 to 1911 points; an image of 301
energies and 571 angles. What is timed is one call that reads a whole file from the page cache, imports not counted.
Ours reads every region and key, compares the energies with the axis in the header, and hashes the file; the others
read what they read. Before a time counts, the numbers are compared with those that np.loadtxt reads from the data
blocks: times of readers that lose or change numbers stand in brackets. Rounds are interleaved, so that a busy moment
of the machine meets all of them; every load is preceded by one that does not count. Ratios are those of the median
processor times, since each reader keeps to one thread and a busy machine disturbs its clock more.

The exit code is 1 if a reader that reads a file right is faster than required, or ours does not read it right.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from peers.readers import OURS, PEERS
from peers.worker import RIGHT, Times, Worker

SIX: Final = (1911, 401, 301, 251, 201, 170)
#: How many times as long as ours the fastest other reader must take, at least.
REQUIRED: Final = {"8001 points": 2.0, "six regions": 2.0, "301 x 571": 1.0}


class Figures(NamedTuple):
    """What one reader makes of one file."""

    verdict: str
    times: Sequence[Times]

    @property
    def right(self) -> bool:
        """Whether its numbers are those of the file, perhaps in single precision."""
        return self.verdict.startswith(RIGHT)

    def milliseconds(self) -> tuple[float, float, float]:
        """Return the median and the minimum on the clock, and the median of the processor."""
        wall = [1e3 * one.wall for one in self.times]
        return statistics.median(wall), min(wall), self.processor()

    def processor(self) -> float:
        """Return the median processor time in milliseconds."""
        return statistics.median(1e3 * one.processor for one in self.times)


def main() -> int:
    """Print a table for each file; return 1 if a required ratio is missed."""
    options = _arguments()
    missing = [name for name, peer in PEERS.items() if peer.version() is None]
    if set(PEERS) - set(missing) <= {OURS}:
        print("none of the other readers is installed; `tox -e peers` installs them")
        return 0
    if missing:
        print(f"not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        files = {path.name: path for path in options.files} or written(Path(folder))
        workers = [Worker(name) for name in PEERS if name not in missing]
        figures = measure(files, workers, options.rounds)
        for worker in workers:
            worker.stop()
    return max([report(name, files[name], of_file) for name, of_file in figures.items()])


def written(folder: Path) -> Mapping[str, Path]:
    """Write the files of the shapes that are compared."""
    import numpy as np

    from shirube_ses2002.testing import SesRegion, ses_bytes

    random = np.random.default_rng(0)

    def line(points: int) -> SesRegion:
        energies = np.round(1000.0 - 0.1 * np.arange(points), 10)
        return SesRegion(energies=energies, intensity=random.uniform(1.0, 1e6, points), name=f"line {points}")

    image = SesRegion(
        energies=np.round(16.0 + 0.003 * np.arange(301), 10),
        intensity=random.uniform(0.0, 1e3, (301, 571)),
        axes=(("Y-Scale [deg]", np.round(np.linspace(-15.0, 15.0, 571), 7).tolist()),),
        scale="Kinetic",
        info={"Number of Slices": "571"},
    )
    contents = ([line(8001)], [line(points) for points in SIX], [image])
    files = {name: folder / f"{name.replace(' ', '_')}.txt" for name in REQUIRED}
    for path, regions in zip(files.values(), contents, strict=True):
        path.write_bytes(ses_bytes(regions))
    return files


def measure(files: Mapping[str, Path], workers: Sequence[Worker], rounds: int) -> Mapping[str, Mapping[str, Figures]]:
    """Return what each worker makes of each file, by file and reader."""
    verdicts = {(name, one.name): one.verdict(path) for name, path in files.items() for one in workers}
    times: dict[tuple[str, str], list[Times]] = {key: [] for key in verdicts}
    for _ in range(rounds):
        for name, path in files.items():
            for worker in workers:
                seconds = worker.seconds(path)
                if seconds is not None:
                    times[name, worker.name].append(seconds)
    return {
        name: {one.name: Figures(verdicts[name, one.name], times[name, one.name]) for one in workers} for name in files
    }


def report(name: str, path: Path, figures: Mapping[str, Figures]) -> int:
    """Print the table of one file; return 1 if the ratio that is required is missed."""
    size = f", {path.stat().st_size / 1e6:.2f} MB" if path.exists() else ""
    print(f"\n{name}{size}\n  {'':24}{'median ms':>11}{'min':>9}{'CPU':>9}{'x ours':>9}   numbers")
    ours = figures[OURS].processor() if figures[OURS].times else float("nan")
    for reader, of_reader in figures.items():
        title = f"{reader} {PEERS[reader].version()}"
        if not of_reader.times:
            print(f"  {title:24}{'-':>11}{'-':>9}{'-':>9}{'-':>9}   {of_reader.verdict}")
            continue
        values = [*of_reader.milliseconds(), of_reader.processor() / ours]
        texts = [f"{value:.2f}" if of_reader.right else f"({value:.2f})" for value in values]
        print(f"  {title:24}{texts[0]:>11}{texts[1]:>9}{texts[2]:>9}{texts[3]:>9}   {of_reader.verdict}")
    others = {one: of_one.processor() for one, of_one in figures.items() if of_one.right and one != OURS}
    if not figures[OURS].right:
        print("  ours does not read it")
        return 1
    if not others:
        print("  no other reader reads it right")
        return 0
    fastest = min(others, key=lambda one: others[one])
    required = REQUIRED.get(name, 1.0)
    print(f"  the fastest of the others, {fastest}, takes {others[fastest] / ours:.1f} x our time; required {required}")
    return int(others[fastest] / ours < required)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="*", help="SES files to compare on instead of the written ones")
    parser.add_argument("--rounds", type=int, default=25, help="loads that count, of each reader and file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
