"""Output folders change places all or none, whenever a rename fails or the program dies."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shirube.errors import OutputError
from shirube_rde.swapping import recover, replacing_outputs

OLD = {"meta/metadata.json": b"old", "raw/scan.txt": b"old", "structured/a.csv": b"old", "inputdata/scan.txt": b"in"}
NEW = {"meta/metadata.json": b"new", "divided/0001/meta/metadata.json": b"new", "structured/b.csv": b"new"}
#: divided in; structured, meta out and in; raw out; and the rename that ends it.
STEPS = range(1, 8)


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    fill(folder, OLD)
    return folder


def fill(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def swap(data):
    with replacing_outputs(data) as folder:
        fill(folder, NEW)


def test_new_outputs_replace_old_ones_and_nothing_else(data, contents):
    swap(data)
    assert contents(data) == NEW | {"inputdata/scan.txt": b"in"}
    assert sorted(path.name for path in data.iterdir()) == ["divided", "inputdata", "meta", "structured"]


def test_an_exception_while_building_leaves_the_old_outputs(data, contents):
    def build():
        with replacing_outputs(data) as folder:
            fill(folder, NEW)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build()
    assert contents(data) == OLD
    assert not (data / ".shirube").exists()


@pytest.mark.parametrize("step", STEPS)
def test_a_rename_that_fails_puts_every_old_output_back(step, data, contents, monkeypatch):
    real, count = Path.replace, 0

    def fails_once(self, target):
        nonlocal count
        # What lies deeper is the building of the new outputs, which has tests of its own.
        if data in (self.parent, Path(target).parent):
            count += 1
            if count == step:
                raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails_once)
    with pytest.raises(OutputError, match="Input/output error"):
        swap(data)
    assert contents(data) == OLD
    assert not (data / ".shirube").exists()


DYING = """
import os, sys
from pathlib import Path
from shirube_rde.swapping import replacing_outputs

data, left, real = Path(sys.argv[1]), int(sys.argv[2]), Path.replace

def dies(self, target):
    global left
    if data in (self.parent, Path(target).parent):
        left -= 1
        if left == 0:
            os._exit(9)
    return real(self, target)

Path.replace = dies
with replacing_outputs(data) as folder:
    for name in {names!r}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"new")
""".replace("{names!r}", repr(list(NEW)))


@pytest.mark.parametrize("step", STEPS)
def test_after_a_death_at_any_rename_the_old_outputs_can_be_had_back(step, data, contents):
    assert subprocess.run([sys.executable, "-c", DYING, str(data), str(step)], check=False).returncode == 9
    recover(data)
    assert contents(data) == OLD
    assert sorted(path.name for path in data.iterdir()) == ["inputdata", "meta", "raw", "structured"]


def test_after_a_death_behind_the_last_rename_the_new_outputs_stay(data, contents):
    swap(data)
    fill(data / ".shirube-done", OLD)
    recover(data)
    assert contents(data) == NEW | {"inputdata/scan.txt": b"in"}


def test_a_death_while_recovering_does_no_harm(data, contents):
    subprocess.run([sys.executable, "-c", DYING, str(data), "6"], check=False)
    (data / ".shirube" / "old" / "structured").replace(data / "structured.tmp")
    for path in (data / "structured").iterdir():
        path.unlink()
    (data / "structured.tmp").replace(data / ".shirube" / "old" / "structured")
    recover(data)
    recover(data)
    assert contents(data) == OLD


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_an_error(data):
    data.chmod(0o500)
    try:
        with pytest.raises(OutputError):
            swap(data)
    finally:
        data.chmod(0o700)
