"""A batch whose disk is full when the tables come: all items are done, and only the tables are to be made again."""

import errno
import os

import pytest

from shirube.errors import OutputError

pytest.importorskip("h5py")
resource = pytest.importorskip("resource")


def test_it_is_one_sentence_and_the_next_start_needs_only_the_tables(kit, tmp_path):
    folder, out = kit.inputs(tmp_path / "day", "a.csv"), tmp_path / "out"
    kit.run(tmp_path / "whole", folder)
    room = (tmp_path / "whole" / "tables" / "results.h5").stat().st_size - 1
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Longer files are refused by the system, as by a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(OutputError) as caught:
            kit.run(out, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = f"{out / 'tables' / 'results.h5'}: cannot be written ({os.strerror(errno.EFBIG)}); "
    assert (caught.value.exit_code, str(caught.value).startswith(said)) == (2, True), str(caught.value)
    assert not (out / "tables").exists()
    summary, _, here = kit.run(out, folder)
    assert (here.asked, summary.agenda.done, (out / "tables" / "results.h5").is_file()) == ([], 1, True)
