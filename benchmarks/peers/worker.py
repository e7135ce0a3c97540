"""One reader in a process of its own: it says whether it reads a file right, and how long it takes."""

from __future__ import annotations

import contextlib
import io
import logging
import multiprocessing
import os
import re
import time
import warnings
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from peers.readers import PEERS, Reader, Table

#: A reader that takes longer hangs; one of them does on broken files.
PATIENCE: Final = 60.0
_DATA: Final = re.compile(rb"^\[Data (?P<number>[0-9]+)(?::[0-9]+)?\]\s*$(?P<rows>[^\[]*)", re.MULTILINE)
RIGHT: Final = "right"
#: What single precision may change.
SINGLE: Final = 1e-7


class Times(NamedTuple):
    """Seconds of one load: on the clock, and of the processor."""

    wall: float
    processor: float


class Worker:
    """The process of one reader."""

    def __init__(self, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.name = name
        self._line, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, far_end), daemon=True)
        self._process.start()
        far_end.close()
        self.started: str = self._answer() or "does not answer"

    def verdict(self, path: Path) -> str:
        """Return :data:`RIGHT`, or what is wrong with what the reader makes of a file."""
        return str(self._ask("judge", path) or "hangs")

    def seconds(self, path: Path) -> Times | None:
        """Return the times of one load, after one that does not count; None if it failed."""
        answer = self._ask("time", path)
        return answer if isinstance(answer, Times) else None

    def stop(self) -> None:
        """End the process, gently if it answers at all."""
        self._line.close()
        self._process.join(5.0)
        self._process.terminate()
        self._process.join()

    def _ask(self, task: str, path: Path) -> Any:
        if not self._process.is_alive():
            return None
        self._line.send((task, path))
        return self._answer()

    def _answer(self) -> Any:
        """Return what the process answers; None, and the process is ended, if it does not in time."""
        with contextlib.suppress(EOFError):
            if self._line.poll(PATIENCE):
                return self._line.recv()
        self.stop()
        return None


def _serve(name: str, line: Connection) -> None:
    """Answer until the other end goes; what the reader prints goes nowhere."""
    warnings.simplefilter("ignore")
    logging.disable()
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        try:
            reader = PEERS[name].start()
        except Exception as error:  # noqa: BLE001 whatever a reader's import raises is said of it
            line.send(f"cannot be imported: {_said(error)}")
            return
        line.send("started")
        with contextlib.suppress(EOFError):
            while True:
                task, path = line.recv()
                line.send(_judged(reader, path) if task == "judge" else _timed(reader, path))


def _timed(reader: Reader, path: Path) -> Times | None:
    try:
        reader.load(path)
        wall, processor = time.perf_counter(), time.process_time()
        reader.load(path)
        return Times(time.perf_counter() - wall, time.process_time() - processor)
    except Exception:  # noqa: BLE001 the verdict says what it was
        return None


def _judged(reader: Reader, path: Path) -> str:
    try:
        found = [(np.asarray(energies), np.asarray(values)) for energies, values in reader.tables(reader.load(path))]
    except Exception as error:  # noqa: BLE001 whatever a reader raises is said of it
        return f"fails ({_said(error)})"
    return _difference(expected_tables(path), found)


def expected_tables(path: Path) -> list[Table]:
    """Return the energies, shape (n,), and intensities, shape (n, m), of every region, read by np.loadtxt.

    The blocks of a region of three dimensions become the last of them.
    """
    blocks: dict[int, list[np.ndarray]] = {}
    for match in _DATA.finditer(path.read_bytes().replace(b"\r\n", b"\n")):
        blocks.setdefault(int(match["number"]), []).append(np.loadtxt(io.BytesIO(match["rows"]), ndmin=2))
    cubes = [np.stack(several, axis=2) for several in blocks.values()]
    return [(cube[:, 0, 0], cube[:, 1:].reshape(len(cube), -1)) for cube in cubes]


def _difference(expected: Sequence[Table], found: Sequence[Table]) -> str:
    """Return how what was found differs from what stands in the file."""
    filled = sum(values.size > 0 for _, values in found)
    if filled < len(expected):
        return f"reads {filled} of {len(expected)} regions" if filled else "reads nothing, and does not say so"
    if [values.shape for _, values in found] != [values.shape for _, values in expected]:
        return "gives arrays of another shape"
    energies = [(mine[0], its[0]) for mine, its in zip(expected, found, strict=True)]
    values = [(mine[1], its[1]) for mine, its in zip(expected, found, strict=True)]
    if all(np.array_equal(mine, its) for mine, its in energies + values):
        return RIGHT
    if all(np.allclose(its, mine, rtol=SINGLE, atol=0) for mine, its in energies + values):
        return f"{RIGHT} to 7 digits (float32)"
    factors = [float(its.sum(dtype=np.float64) / mine.sum()) for mine, its in values]
    scaled = [(factor * mine, its) for factor, (mine, its) in zip(factors, values, strict=True)]
    if all(np.allclose(its, mine, rtol=10 * SINGLE, atol=0) for mine, its in energies + scaled):
        return f"{RIGHT} to 6 digits as rates, {factors[0]:.4g} of the numbers in the file"
    return "gives other numbers"


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:70]}"
