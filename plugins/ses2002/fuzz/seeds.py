"""Makes the inputs that the fuzzer starts from: the test data, cut to a few points, and every variant of the writer."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from shirube_ses2002.testing import examples

DATA = Path(__file__).parent.parent / "tests" / "data"
#: Points that are left of each region of a real file, so that an input is small.
POINTS = 3
SMALL = 1 << 14

WORDS = [
    b"[Region 1]",
    b"[Region 2]",
    b"[Info 1]",
    b"[Info 2]",
    b"[Data 1]",
    b"[Data 2]",
    b"[Data 1:1]",
    b"[Data 1:2]",
    b"[Run Mode Information 1]",
    b"[Manipulator 1]",
    b"[Signal 1]",
    b"Number of Regions=0002",
    b"Dimension 2 name=Y-Scale [deg]",
    b"Dimension 2 size=1",
    b"Dimension 2 scale=0",
    b"Dimension 3 name=Seq. Iteration[a.u.]",
    b"Dimension 3 size=1",
    b"Dimension 3 scale=1",
    b"Comments=",
    b"Date=2025-12-01",
    b"Energy Scale=Kinetic",
    b" 1.00000000000000E+0000  2.00000000000000E+0000",
    b"1,5 2,5",
    b"\x0b1\x0b2",
    b"\xb0",
    b"\x8e\xb1",
    b"\x83\x5c",
    b"\x85",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\0",
    b"\r",
    b"\r\r\n",
]
NUMBERS = [0, 1, 2, 3, 9, 10, 99, 1000, 999999999, 9999999999]

__all__ = ["NUMBERS", "WORDS", "dictionary", "write"]


def write(folder: Path) -> None:
    """Write the inputs into ``folder``, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(DATA.rglob("*.txt*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        name = path.name.removesuffix(".gz")
        (folder / f"short-{name}").write_bytes(shortened(content))
        if len(content) <= SMALL:
            (folder / name).write_bytes(content)
    for name, content in examples().items():
        (folder / f"variant-{name}").write_bytes(content)


def shortened(content: bytes) -> bytes:
    """Return an SES file with the first points of each region only, in the dimension of energies."""
    lines = []
    rows = None
    for line in content.split(b"\n"):
        if line.startswith(b"["):
            rows = 0 if line.startswith(b"[Data") else None
        if rows is not None and re.match(rb"[ \d]", line):
            rows += 1
        if rows is None or rows <= POINTS:
            lines.append(_shortened_dimension(line))
    return b"\n".join(lines)


def dictionary() -> str:
    """Return the telling words in the form that libFuzzer reads."""
    return "".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in WORDS)


def _shortened_dimension(line: bytes) -> bytes:
    key, equals, value = line.rstrip(b"\r").partition(b"=")
    end = line[len(line.rstrip(b"\r")) :]
    if key == b"Dimension 1 size":
        value = b"%d" % min(POINTS, int(value)) if value.isdigit() else value
    elif key == b"Dimension 1 scale":
        value = b" ".join(value.split()[:POINTS])
    return key + equals + value + end
