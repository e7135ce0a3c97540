"""What the tests share: real files, files written for a test, and a reading of numbers that is not the reader's."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from shirube.sources import SourceFile

DATA = Path(__file__).parent / "data"


@pytest.fixture
def place(tmp_path):
    """Return a function that writes bytes to a file and returns it, perhaps with a sidecar."""

    def written(content: bytes, name: str = "measured.txt", sidecar: bytes | None = None) -> SourceFile:
        path = tmp_path / name
        path.write_bytes(content)
        beside = None
        if sidecar is not None:
            (tmp_path / f"{path.stem}_metadata.json").write_bytes(sidecar)
            beside = SourceFile(tmp_path / f"{path.stem}_metadata.json")
        return SourceFile(path, sidecar=beside)

    return written


@pytest.fixture(scope="session")
def content_of():
    """Return a function that returns the bytes of a test file (``specqp/scienta_survey_1.txt``)."""

    def content(name: str) -> bytes:
        packed = DATA / f"{name}.gz"
        return gzip.decompress(packed.read_bytes()) if packed.exists() else (DATA / name).read_bytes()

    return content


@pytest.fixture
def real(content_of, place):
    """Return a function that gives a test file to the reader."""
    return lambda name: place(content_of(name), Path(name).name)


@pytest.fixture(scope="session")
def columns_of():
    """Return a function that reads the numbers of a file with float() alone: rows of each data block, by its title."""

    def columns(content: bytes) -> dict[str, list[list[float]]]:
        blocks: dict[str, list[list[float]]] = {}
        title = None
        for line in content.decode("latin-1").replace("\r\n", "\n").split("\n"):
            if line.startswith("["):
                title = line if line.startswith("[Data") else None
            elif title is not None and line.strip():
                blocks.setdefault(title, []).append([float(word) for word in line.split()])
        return blocks

    return columns
