"""A disk that takes no more while HDF5 tables are written: the ordinary sentence, and nothing is left."""

import errno
import os

import pytest

from shirube.cli import run_command_line

pytest.importorskip("h5py")
resource = pytest.importorskip("resource")


@pytest.fixture
def limited():
    """Return a function that lets the system refuse files longer than this, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("short", [1, 10_000])
def test_it_is_one_ordinary_sentence_and_nothing_is_left(write, fit, at, limited, tmp_path, capsys, short):
    write("a", at("a.txt#1"), fit(((("p1", 284.8, 1.1, 900.0),),)))
    gather = ["gather", str(tmp_path / "runs"), "--no-figures", "--lang", "en", "-o"]
    assert run_command_line([*gather, str(tmp_path / "whole")]) == 0
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "whole" / "tables").iterdir()}
    room = sizes.pop("results.h5") - short
    assert max(sizes.values()) < room
    capsys.readouterr()
    limited(room)
    assert run_command_line([*gather, str(tmp_path / "out")]) == 2
    reason, said = os.strerror(errno.EFBIG), "check the permissions and the free space, or name another place"
    place = tmp_path / "out" / "tables" / "results.h5"
    assert capsys.readouterr().err == f"shirube: {place}: cannot be written ({reason}); {said}\n"
    assert not (tmp_path / "out").exists()
