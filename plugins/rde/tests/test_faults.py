"""Whatever breaks a job, and whenever: nothing half-written looks whole, no input is lost, the next run ends well."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shirube.errors import OutputError
from shirube_rde.failure import code_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows can neither fork nor kill at once")
FAULTS = Path(__file__).with_name("faults.py")
#: A few here; `tox -e faults` asks for fifty of each.
TIMES = int(os.environ.get("SHIRUBE_FAULTS", "2"))


@pytest.fixture
def three_tiles(new_job, tmp_path):
    """Return a job of three tiles whose invoices it fills."""
    root = new_job(tmp_path / "job")
    inputs = root / "data" / "inputdata"
    measured = (inputs / "C1s_sample.csv").read_bytes()
    for path in inputs.iterdir():
        path.unlink()
    for name in ("a", "b", "c"):
        (inputs / f"{name}.csv").write_bytes(measured)
    (root / "data" / "tasksupport").mkdir()
    configuration = "system: {extended_mode: MultiDataTile, magic_variable: true}\n"
    (root / "data" / "tasksupport" / "rdeconfig.yaml").write_text(configuration, encoding="utf-8")
    invoice = root / "data" / "invoice" / "invoice.json"
    content = json.loads(invoice.read_text(encoding="utf-8"))
    content["basic"]["dataName"] = "${filename}"
    invoice.write_text(json.dumps(content), encoding="utf-8")
    return root


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["kill-time", "kill-call", "full", "read-only", "vanish"])
def test_a_fault_at_any_moment_does_no_harm(kind, three_tiles, laboratory):
    environment = dict(os.environ, PYTHONPATH=str(laboratory))
    command = [sys.executable, str(FAULTS), str(three_tiles), kind, str(TIMES), "20260115"]
    ended = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert json.loads(ended.stdout) == []


def mount(*arguments):
    subprocess.run(["/bin/mount", *arguments], check=True, capture_output=True)


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a file system")
    yield folder
    subprocess.run(["/bin/umount", folder], check=True)


@pytest.mark.usefixtures("drawn_quickly")
def test_a_disk_that_is_really_full_is_said_and_the_next_run_ends_well(new_job, small_disk, run):
    root = new_job(small_disk / "job")
    filler = small_disk / "filler"
    while True:
        try:
            with filler.open("ab") as file:
                file.write(b"0" * 4096)
        except OSError:
            break
    kept = filler.stat().st_size - 5 * 4096
    os.truncate(filler, kept)
    with pytest.raises(OutputError) as caught:
        run(root)
    assert code_of(caught.value) == 130
    # Whoever registers data can do nothing about the folders in which outputs are built aside.
    assert caught.value.path in ("data", "data/job.failed")
    assert "another place" not in caught.value.render("en")
    assert (root / "data" / "job.failed").read_text(encoding="utf-8").startswith("ErrorCode=1")
    assert not (root / "data" / "structured").exists()
    assert not (root / "data" / ".shirube").exists()
    filler.unlink()
    run(root)
    assert not (root / "data" / "job.failed").exists()
    assert (root / "data" / "meta" / "metadata.json").is_file()


@pytest.mark.usefixtures("drawn_quickly")
def test_a_disk_that_is_really_read_only_is_an_error_and_changes_nothing(new_job, small_disk, run, contents):
    root = new_job(small_disk / "job")
    before = contents(root)
    mount("-o", "remount,ro", small_disk)
    with pytest.raises(OutputError, match="Read-only file system"):
        run(root)
    assert contents(root) == before
    mount("-o", "remount,rw", small_disk)
    run(root)
    assert not (root / "data" / "job.failed").exists()
