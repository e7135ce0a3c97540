"""``shirube new``: projects that can be installed as they are, names that are refused, nothing overwritten."""

import ast
import json
import re
import shutil
import sys
import tomllib
from contextlib import ExitStack
from pathlib import Path

import pytest

from shirube.cli import run_command_line
from shirube.scaffold import KINDS, new_project
from shirube.testing import on_path


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_empty(tmp_path / "none.toml")))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = run_command_line([str(one) for one in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def _empty(path):
    path.write_text("", encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_project_is_one_screen_of_sound_files(call, tmp_path, kind):
    code, out, err = call("new", "beam-7", "--kind", kind)
    assert (code, err) == (0, "")
    project = tmp_path / "shirube-beam-7"
    files = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "src/shirube_beam_7/plugin.py",
        "src/shirube_beam_7/py.typed",
    } <= files
    assert all(file in out for file in files)
    for path in project.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        ast.parse(text)
        assert max(map(len, text.splitlines())) <= 120
        assert len(text.splitlines()) <= 80
    for path in project.rglob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))
    assert not [path for path in project.rglob("*") if path.is_file() and re.search(rb"\$[a-z{]", path.read_bytes())]


@pytest.mark.parametrize(
    ("kind", "records"),
    [
        ("reader", {"readers", "metadata_maps"}),
        ("guide", {"guides"}),
        ("analysis", {"analyses"}),
        ("policy", {"policies"}),
        ("exporter", {"exporters"}),
        ("instrument", {"readers", "metadata_maps", "guides"}),
    ],
)
def test_what_a_project_registers_is_listed(call, installed, tmp_path, kind, records):
    site = installed(new_project("beam-7", kind, tmp_path, _today()), tmp_path / "site")
    with on_path(site):
        _, out, _ = call("plugins", "list", "--load", "--json")
    (row,) = [row for row in json.loads(out)["plugins"] if row["name"] == "beam-7"]
    assert row["status"] == "active"
    assert {one.partition(".")[0] for one in row["records"]} == records


def test_a_new_instrument_goes_all_the_way(call, installed, tmp_path):
    site = installed(new_project("beam-7", "instrument", tmp_path, _today()), tmp_path / "site")
    sample = site / "shirube_beam_7" / "sample.txt"
    with on_path(site):
        code, out, err = call("run", sample, "-o", "out", "--no-analysis", "--json")
    assert code == 0, err
    (entry,) = json.loads(out)["entries"]
    assert entry["guide"] == "beam-7"
    findings = {one["rule"]: one["kind"] for one in entry["findings"]["findings"]}
    # Pass energy 20 eV is below the 50 eV that the guide recommends at most.
    assert [kind for rule, kind in findings.items() if "pass_energy" in rule and "conditions" in rule] == ["pass"]


def test_a_cut_sample_of_a_new_reader_is_one_sentence(call, installed, tmp_path):
    site = installed(new_project("beam-7", "reader", tmp_path, _today()), tmp_path / "site")
    cut = tmp_path / "cut.txt"
    cut.write_bytes((site / "shirube_beam_7" / "sample.txt").read_bytes()[:-30])
    with on_path(site):
        code, _, err = call("run", cut, "-o", "out")
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert "cut" in err


@pytest.mark.parametrize("name", ["", "Beam", "7beam", "a b", "../evil", "none", "entries", "ビーム", "a.b", "-x"])
def test_a_name_that_no_plugin_can_have_is_refused(call, tmp_path, name):
    code, _, err = call("new", "--kind", "reader", "--", name)
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["none.toml"]


@pytest.mark.parametrize("name", ["columns", "core", "beam"])
def test_a_name_that_is_taken_is_refused_and_says_by_whom(call, installed, tmp_path, name):
    site = installed(new_project("beam", "guide", tmp_path, _today()), tmp_path / "site")
    with on_path(site):
        code, _, err = call("new", name, "--kind", "reader", "-o", "elsewhere")
    assert code == 2
    assert ("shirube-beam 0.1.0" if name == "beam" else "shirube ") in err
    assert not (tmp_path / "elsewhere").exists()


def test_nothing_is_overwritten(call, tmp_path):
    project = tmp_path / "shirube-beam"
    project.mkdir()
    assert call("new", "beam", "--kind", "reader")[0] == 2
    assert list(project.iterdir()) == []
    project.rmdir()
    project.write_text("mine", encoding="utf-8")
    assert call("new", "beam", "--kind", "reader")[0] == 2
    assert project.read_text(encoding="utf-8") == "mine"


def test_the_command_knows_every_kind(call):
    code, _, err = call("new", "beam", "--kind", "nothing")
    assert code == 2
    for kind in KINDS:
        assert kind in err


def _today():
    from datetime import date

    return date(2026, 4, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_nowhere_is_something_too(call, tmp_path):
    (tmp_path / "shirube-beam").symlink_to(tmp_path / "nowhere")
    assert call("new", "beam", "--kind", "reader")[0] == 2


def test_the_tutorial_shows_what_works(call, installed, tmp_path):
    text = (Path(__file__).parents[1] / "docs" / "tutorial-guide.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    commands = [line for block in blocks for line in block.splitlines()]
    assert [line.split()[0] for line in commands] == ["shirube", "pip", "shirube", "shirube", "shirube", "shirube"]
    with ExitStack() as stack:
        for line in commands:
            program, *arguments = line.split()
            if program == "pip":
                copy = shutil.copytree(tmp_path / "shirube-beam-7", tmp_path / "copy")
                stack.enter_context(on_path(installed(copy, tmp_path / "site")))
            elif arguments[:2] != ["plugins", "check"]:
                # The kit has a tox environment of its own for each kind.
                assert call(*arguments)[0] == 0, line
    assert (tmp_path / "out" / "shirube.json").is_file()
