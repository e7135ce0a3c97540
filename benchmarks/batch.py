"""How a batch scales: two workers against one, local processes and a Dask cluster, what the parent takes, and resuming.

Spectra of 301 channels with three lines are fitted (bicfit, no figures), as files of their own and as one map of many
points. Runs with one and two workers take turns, so that whatever else the machine does touches both; the ratio is the
median over ``--rounds`` pairs. Dask is measured where it is installed: two workers of one thread each against one, the
start of the cluster excluded. Memory is the peak of the parent of a batch of ``--many`` spectra, as the system counts
it. Whatever the environment says, Python keeps what it has compiled, as it does for anybody who works with installed
packages, and a batch that is not counted comes first: otherwise every worker would compile scikit-learn anew. Run
``python benchmarks/batch.py``.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from comparing import compared, limited, missing

#: The promise: MB, s, and how much faster two workers are than one, here and on a cluster.
MOST_MEMORY, MOST_RESUMING = 600.0, 2.0
FASTER: Final = {"here": 1.8, "cluster": 1.6}
LINES: Final = [(10000.0, 284.8, 1.10), (4000.0, 286.3, 1.20), (2000.0, 288.7, 1.20)]
#: A map as text: a plugin of these lines reads it.
READER: Final = """
import numpy as np
from shirube.hooks import Reader, Text, hookimpl
from shirube.records import Axis, EnergyReference, Measurement, Spectrum

class Maps:
    def claims(self, source):
        return source.head.startswith(b"bench-map")

    def read(self, source, parameters):
        numbers = np.array(source.read_bytes().split()[1:], dtype=float).reshape(-1, 302)
        axes = (Axis("position", numbers[1:, 0], "mm"), Axis("energy", numbers[0, 1:], "eV"))
        spectrum = Spectrum(f"{source.name}#1", "C 1s", numbers[1:, 1:], axes, "counts", EnergyReference("binding"))
        return Measurement(name=source.name, reader="maps", spectra=(spectrum,), sources=(source.record(),))

@hookimpl
def shirube_readers():
    return [Reader(name="maps", description=Text("maps", "マップ"), suffixes=(".map",), implementation=Maps())]
"""


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="batch-") as name:
        place = Path(name)
        config = place / "batch.toml"
        (place / "maps.py").write_text(READER, encoding="utf-8")
        config.write_text('[plugins]\nfiles = ["maps.py"]\n[run]\npolicies = ["none"]\n', encoding="utf-8")
        _keep_compiled(place / "compiled")
        _batch(config, _files(place / "few", 2), place / "few-out", "--workers", "2")
        files, one_map = _files(place / "files", arguments.spectra), _map(place / "one.map", arguments.spectra)
        print("what                                     | one worker, s | two workers, s | ratio (median of pairs)")
        _compare(place, config, f"{arguments.spectra} files, processes", files, arguments, _local)
        _compare(place, config, f"a map of {arguments.spectra} points, processes", one_map, arguments, _local)
        if importlib.util.find_spec("distributed"):
            _compare(place, config, f"{arguments.spectra} files, Dask, cluster running", files, arguments, _dask)
        else:
            print("Dask is not installed: pip install 'shirube[dask]'")
            missing(f"a batch with two workers: {arguments.spectra} files, Dask", "Dask is not installed")
        _parent(place, config, arguments.many)


def _keep_compiled(folder: Path) -> None:
    """Let the processes that are started keep what they compile, in a folder of this run where they may not."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _compare(
    place: Path, config: Path, what: str, inputs: Path, arguments: argparse.Namespace, hired: Callable[..., Any]
) -> None:
    times: dict[int, list[float]] = {1: [], 2: []}
    with hired(1) as one, hired(2) as two:
        for number in range(arguments.rounds):
            for workers, options in ((1, one), (2, two))[:: 1 if number % 2 else -1]:
                out = place / f"{len(times[workers])}-{workers}-{what.replace(' ', '-')}"
                before = time.perf_counter()
                _batch(config, inputs, out, *options)
                times[workers].append(time.perf_counter() - before)
    ratios = [one / two for one, two in zip(times[1], times[2], strict=True)]
    compared(f"a batch with two workers: {what}", median(times[2]), "one worker", median(times[1]), "s")
    least = FASTER["cluster" if hired is _dask else "here"]
    limited(f"time of two workers: {what}", 1.0 / median(ratios), round(1.0 / least, 3), "of that of one")
    print(f"{what:40} | {median(times[1]):13.1f} | {median(times[2]):14.1f} | {median(ratios):.2f}", flush=True)


def _batch(config: Path, inputs: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "shirube", "batch", str(inputs), "-o", str(out), "--config", str(config)]
    fitting = ["--set", "run.analyses=bicfit", "--no-figures", *options]
    done = subprocess.run([*program, *fitting], capture_output=True, text=True, check=False)  # noqa: S603 ourselves
    if done.returncode:
        sys.exit(done.stderr)
    return done


@contextmanager
def _local(workers: int) -> Iterator[tuple[str, ...]]:
    yield ("--workers", str(workers))


@contextmanager
def _dask(workers: int) -> Iterator[tuple[str, ...]]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster:
        yield ("--scheduler", cluster.scheduler_address)


def _parent(place: Path, config: Path, many: int) -> None:
    """Print what the process takes that sends the work out, and how long it takes to find that all is done."""
    inputs, out = _files(place / "many", many, seed=7), place / "many-out"
    # Not analysed, and so quick: the parent knows no more of an item either way.
    quick = ("--no-analysis", "--workers", str(min(2, os.cpu_count() or 1)))
    peak = _peak(config, inputs, out, *quick)
    before = time.perf_counter()
    _batch(config, inputs, out, *quick)
    resumed = time.perf_counter() - before
    print(f"{many} spectra: peak of the parent {peak:.0f} MB; resumed when all is done in {resumed:.1f} s")
    limited(f"memory of the parent of a batch of {many} spectra", peak, MOST_MEMORY, "MB")
    limited(f"resuming a batch of {many} spectra when all is done", resumed, MOST_RESUMING, "s")


def _peak(config: Path, inputs: Path, out: Path, *options: str) -> float:
    """Return the peak memory of the parent of a batch, MB; of its children nothing is counted."""
    program = (
        "import resource, sys; from shirube.cli import run_command_line as run\n"
        "code = run(sys.argv[1:])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
        "sys.exit(code)"
    )
    typed = ["batch", str(inputs), "-o", str(out), "--config", str(config), "--set", "run.analyses=bicfit"]
    command = [sys.executable, "-c", f"if __name__ == '__main__':\n {program.replace(chr(10), chr(10) + ' ')}"]
    done = subprocess.run([*command, *typed, "--no-figures", *options], capture_output=True, text=True, check=True)  # noqa: S603 ourselves
    return float(done.stderr.splitlines()[-1]) / (1e6 if sys.platform == "darwin" else 1e3)


def _counts(number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    energy = np.linspace(280.0, 295.0, 301)
    peaks = [height * np.exp(-4 * np.log(2) * ((energy - centre) / width) ** 2) for height, centre, width in LINES]
    return energy, np.random.default_rng(seed).poisson(500.0 + np.sum(peaks, axis=0), (number, energy.size))


def _files(folder: Path, number: int, seed: int = 0) -> Path:
    folder.mkdir()
    energy, counts = _counts(number, seed)
    for at, one in enumerate(counts):
        rows = "\n".join(f"{e:.3f},{c}" for e, c in zip(energy, one, strict=True))
        (folder / f"C1s_{at:04d}.csv").write_text(f"binding_energy_eV,counts\n{rows}\n", encoding="utf-8")
    return folder


def _map(path: Path, number: int) -> Path:
    energy, counts = _counts(number, 1)
    rows = [np.concatenate([[0.0], energy]), *np.column_stack([0.1 * np.arange(number), counts])]
    text = "\n".join(" ".join(f"{value:.10g}" for value in row) for row in rows)
    path.write_text(f"bench-map\n{text}\n", encoding="utf-8")
    return path


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--spectra", type=int, default=200, help="spectra of a batch")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of runs")
    parser.add_argument("--many", type=int, default=1000, help="spectra of the batch whose parent is weighed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
