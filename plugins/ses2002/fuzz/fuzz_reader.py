"""Fuzzes the SES reader, guided by coverage: ``python fuzz_reader.py [libFuzzer options] [inputs to run again]``.

Starts from the test data and from files of the writer, in a corpus folder of its own unless one is named. An input is a
finding if the reader raises anything but an ``InputError``, takes too long or too much memory, or reads something else
than an independent parser does. ``--seconds 1800`` ends after half an hour; a finding is written to ``crash-*``.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
import tempfile
import time
import tracemalloc
import zlib
from pathlib import Path

import atheris
import numpy as np

with atheris.instrument_imports(include=["shirube_ses2002", "shirube.text"]):
    from shirube_ses2002 import reader
    from shirube_ses2002.parameters import Parameters

import oracle
import seeds

from shirube.errors import InputError
from shirube.records import Measurement
from shirube.sources import SourceFile

#: Processor time that any input may take; a file of SES takes far less. A hang ends by the clock (-timeout).
SECONDS = 2.0
SECONDS_A_MEGABYTE = 20.0
ALLOWANCE = 8 << 20
GROWTH = 10
#: Tracing slows reading down, so one input in so many is traced, always the same ones.
TRACED = 8
LARGEST = 1 << 16
#: What lenient reading says of what strict reading refuses.
BROKEN = ("region-skipped", "read-anyway")


class Finding(Exception):  # noqa: N818 what a fuzzer finds is called so
    """The reader did what it must not do."""


class Target:
    """Reads inputs, strictly and leniently, and checks what comes out."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "input.txt"

    def __call__(self, data: bytes) -> None:
        """Read one input."""
        self.source.write_bytes(data)
        traced = zlib.crc32(data) % TRACED == 0
        if traced:
            tracemalloc.start()
        started = time.process_time()
        try:
            strict = self.read(lenient=False)
            lenient = self.read(lenient=True)
        finally:
            seconds = time.process_time() - started
            peak = tracemalloc.get_traced_memory()[1] if traced else 0
            tracemalloc.stop()
        if seconds > SECONDS + SECONDS_A_MEGABYTE * len(data) / 1e6:
            raise Finding(f"{seconds:.1f} s for {len(data)} bytes")
        if peak > ALLOWANCE + GROWTH * len(data):
            raise Finding(f"{peak} bytes of memory for {len(data)} bytes")
        check(data, strict, lenient)

    def read(self, *, lenient: bool) -> Measurement | InputError:
        """Return the measurement or the error that refuses the file."""
        source = SourceFile(self.source)
        reader.claims(source)
        try:
            return reader.read(source, Parameters(lenient=lenient))
        except InputError as error:
            return error


def check(data: bytes, strict: Measurement | InputError, lenient: Measurement | InputError) -> None:
    """Raise a finding unless both readings are what they should be."""
    for result in (strict, lenient):
        if isinstance(result, InputError):
            check_error(data, result)
        else:
            check_values(result)
    if isinstance(strict, Measurement):
        if isinstance(lenient, InputError) or not strict.same_as(lenient):
            raise Finding("lenient reading differs where nothing is wrong")
        oracle.compare(data, strict, Finding)
    elif isinstance(lenient, Measurement) and not any(one.code in BROKEN for one in lenient.remarks):
        raise Finding("what is wrong is not said")


def check_error(data: bytes, error: InputError) -> None:
    """Raise a finding unless the error is a whole sentence in both languages, on a line of the file."""
    if not all(error.render(lang).strip() for lang in ("en", "ja")):
        raise Finding("an error without words")
    lines = 1 + data.count(b"\n") + data.count(b"\r")
    if error.line is not None and not 1 <= error.line <= lines:
        raise Finding(f"line {error.line} of {lines}")


def check_values(measurement: Measurement) -> None:
    """Raise a finding unless every spectrum is complete and finite, and has an id of its own."""
    if len({spectrum.id for spectrum in measurement.spectra}) != len(measurement.spectra):
        raise Finding("two spectra of one id")
    for spectrum in measurement.spectra:
        shape = tuple(len(axis) for axis in spectrum.axes)
        if spectrum.intensity.shape != shape or not np.isfinite(spectrum.intensity).all():
            raise Finding(f"{spectrum.id} is not complete")
        if not math.isfinite(float(spectrum.energy.sum())):
            raise Finding(f"{spectrum.id} has an energy that is none")


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Return ``data`` with a few lines changed, or a few bytes."""
    chance = random.Random(seed)  # noqa: S311 not for secrets
    if chance.random() < 0.5:  # noqa: PLR2004 half of them
        return bytes(atheris.Mutate(data, max_size))
    lines = data.split(b"\n")
    for _ in range(chance.randint(1, 3)):
        change_lines(lines, chance)
    return b"\n".join(lines)[:max_size]


def change_lines(lines: list[bytes], chance: random.Random) -> None:
    """Drop, repeat, move or cut a line, put in a telling one, or change a number in one."""
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.randrange(6)
    if kind == 0 and len(lines) > 1:
        del lines[at]
    elif kind == 1:
        lines.insert(other, lines[at])
    elif kind == 2:  # noqa: PLR2004 one kind of many
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:  # noqa: PLR2004
        lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
    elif kind == 4:  # noqa: PLR2004
        lines.insert(at, chance.choice(seeds.WORDS))
    else:
        lines[at] = re.sub(rb"[0-9]+", lambda _: str(chance.choice(seeds.NUMBERS)).encode(), lines[at], count=1)


def main() -> None:
    """Fuzz until the time is over or something is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=0, help="end after so many seconds; 0: never")
    parser.add_argument("--corpus", type=Path, help="folder of inputs, kept; default: a temporary one")
    parser.add_argument("inputs", nargs="*", help="files that are run once, instead of fuzzing")
    options, others = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder, "corpus")
        seeds.write(corpus)
        words = Path(folder, "words.dict")
        words.write_text(seeds.dictionary(), encoding="ascii")
        flags = [f"-max_total_time={options.seconds}", f"-max_len={LARGEST}", f"-dict={words}"]
        flags += ["-timeout=30", "-rss_limit_mb=4096", "-print_final_stats=1", "-report_slow_units=5"]
        atheris.Setup(
            [sys.argv[0], *flags, *others, *(options.inputs or [str(corpus)])],
            Target(Path(folder)),
            custom_mutator=mutate,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
