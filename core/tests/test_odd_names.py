"""Names and texts that an encoding cannot hold: told with escapes, never a crash, and JSON that every reader takes."""

import json
import os
import subprocess
import sys

import pytest

from shirube.cli import run_command_line

COLUMNS = "Binding energy (eV),Intensity\n3.0,10\n2.0,20\n1.0,30\n0.0,40\n"
#: A name as an old Windows machine packs it, and how it is told: bytes that are no UTF-8 as escapes.
BYTES, TOLD = b"\x92Y\x91f.csv", "\\udc92Y\\udc91f"


@pytest.fixture
def odd(tmp_path, monkeypatch):
    """Return a file whose name is no UTF-8, with no plugin but the core's own."""
    (tmp_path / "alone.toml").write_text("[plugins]\nallow = []\n", encoding="utf-8")
    monkeypatch.setenv("SHIRUBE_CONFIG", str(tmp_path / "alone.toml"))
    return written(tmp_path / "day", os.fsdecode(BYTES))


def written(folder, name):
    folder.mkdir(exist_ok=True)
    try:
        (folder / name).write_text(COLUMNS, encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such names")
    return folder / name


def strict(text):
    """Return what a reader takes JSON for that knows no half characters."""
    found = json.loads(text)
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    return found


def called(*arguments, code=0, **environment):
    """Return what a process of its own answers, in an environment with nothing said of encodings but this."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    command = [sys.executable, "-m", "shirube", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env={**rest, **environment}, check=False)
    assert (done.returncode, bool(done.stderr)) == (code, bool(code)), done.stderr
    return done.stdout


CP932 = {"PYTHONIOENCODING": "cp932"}
#: A locale without anything beyond ASCII, as a cron job or a container has it.
PLAIN = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def test_what_the_encoding_of_the_terminal_lacks_is_told_with_escapes(odd):
    path = written(odd.parent, "銅 – Ɛ.csv")
    told = called("show", path, "--lang", "ja", **CP932)
    assert "銅 \\u2013 \\u0190.csv" in told.decode("cp932")
    assert b"\\u2013" in called("show", path, "--lang", "ja", **PLAIN)


def test_a_handler_that_a_person_asks_for_stays(odd):
    path = written(odd.parent, "a – b.csv")
    assert b"a ? b.csv" in called("show", path, PYTHONIOENCODING="cp932:replace")


@pytest.mark.parametrize("environment", [CP932, PLAIN, {"LC_ALL": "C.UTF-8"}])
def test_json_is_one_whatever_the_encoding_of_standard_output(odd, environment):
    path = written(odd.parent, "銅 – 𝛼.csv")
    document = strict(called("show", path, "--json", **environment).decode("utf-8"))
    # Where the names of files are ASCII, every byte of another one is told by itself.
    assert document["file"] == (path.name if environment != PLAIN else as_ascii(path.name))


def as_ascii(name):
    """Return how a name is told in a locale that has nothing beyond ASCII."""
    return name.encode().decode("ascii", "surrogateescape").encode("ascii", "backslashreplace").decode()


def test_answers_and_run_folders_hold_no_half_characters(odd, tmp_path, capsys):
    out = tmp_path / "out"
    assert run_command_line(["show", str(odd), "--json"]) == 0
    assert strict(capsys.readouterr().out)["file"] == f"{TOLD}.csv"
    assert run_command_line(["run", str(odd), "-o", str(out), "--json"]) == 0
    (entry,) = strict(capsys.readouterr().out)["entries"]
    assert entry["name"] == TOLD
    strict((out / "shirube.json").read_bytes())
    assert run_command_line(["check", str(out), "--json"]) == 0
    strict(capsys.readouterr().out)


def test_an_error_about_an_odd_name_is_told_in_json_too(odd):
    answer = called("show", odd.with_name(f"no{odd.name}"), "--json", code=2, LC_ALL="C.UTF-8")
    assert strict(answer)["path"].endswith(f"no{TOLD}.csv")


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "markdown"])
def test_reports_on_what_has_an_odd_name_can_be_written(odd, capsys, form):
    record = odd.with_suffix(".json")
    record.write_text("{}", encoding="utf-8")
    assert run_command_line(["check", str(record), "--format", form]) == 0
    text = capsys.readouterr().out.encode("utf-8", "strict")
    assert not form.endswith(("json", "sarif")) or strict(text)


def test_a_batch_finds_a_file_again_whose_name_is_no_utf8(odd, tmp_path, capsys):
    out = tmp_path / "out"
    command = ["batch", str(odd.parent), "-o", str(out), "--workers", "1", "--no-figures", "--events", "jsonl"]
    assert run_command_line(command) == 0
    events = [strict(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["item"] for one in events if one["event"] == "item"] == [f"day/{TOLD}.csv"]
    manifest = [strict(line) for line in (out / "batch.jsonl").read_bytes().splitlines()]
    assert {one["item"] for one in manifest if one["event"] == "item"} == {f"day/{TOLD}.csv"}
    assert run_command_line(command) == 0
    start, *_ = [strict(line) for line in capsys.readouterr().out.splitlines()]
    assert (start["event"], start["items"], start["open"], start["done"]) == ("start", 1, 0, 1)


def test_every_format_of_other_programs_spells_an_odd_name_alike(odd, tmp_path):
    h5py = pytest.importorskip("h5py")
    run, out, formats = tmp_path / "run", tmp_path / "out", ("itx", "vamas", "nexus")
    at_once = [argument for name in formats for argument in ("--export", name)]
    assert run_command_line(["run", str(odd), "-o", str(run), "--no-analysis", *at_once]) == 0
    later = [argument for name in formats for argument in ("--format", name)]
    assert run_command_line(["export", str(run), *later, "-o", str(out)]) == 0
    for folder in (run, out):
        ((itx,), (vamas,), (nexus,)) = (folder.rglob(f"*.{suffix}") for suffix in ("itx", "vms", "nxs"))
        # In Igor Text a backslash is a backslash twice.
        assert f"{TOLD}.csv#1".replace("\\", "\\\\") in itx.read_text(encoding="ascii")
        assert f"{TOLD}.csv#1" in vamas.read_text(encoding="ascii")
        with h5py.File(nexus) as file:
            (entry,) = file.values()
            assert entry["facts/spectrum"].asstr()[()] == f"{TOLD}.csv#1"
