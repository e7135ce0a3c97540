"""Plugins that print, end the program or raise anything, wherever they are called: a run is never taken in."""

import json
import os
import subprocess
import sys

import pytest

from shirube.cli import run_command_line
from shirube.testing import fake_distribution, on_path

#: Every place where a run calls into a plugin.
PLACES = (
    "import",
    "hook",
    "claims",
    "read",
    "amend",
    "convert",
    "applies",
    "run",
    "draw",
    "rules",
    "judge",
    "write",
)
#: A plugin that does a run's whole work, and something of its own at each place.
PLUGIN = """
import acting
import numpy as np
from shirube.hooks import (
    Amendment, Analysis, Conversion, Exporter, Policy, Reader, Text, hookimpl
)
from shirube.records import (
    Amended, Axis, Converted, Drawing, EnergyReference, Measurement, Result, Spectrum, Subject
)

acting.at("import")
WORDS = Text(en="hostile", ja="hostile")


class Work:
    def claims(self, source):
        acting.at("claims")
        return source.head.startswith(b"hostile")

    def read(self, source, parameters):
        acting.at("read")
        numbers = np.array(source.read_bytes().split()[1:], dtype=float)
        axis = Axis("energy", np.arange(numbers.size, dtype=float), "eV")
        spectrum = Spectrum(f"{source.name}#1", "one", numbers, (axis,), reference=EnergyReference("kinetic"))
        return Measurement(source.name, "hostile", (spectrum,), sources=(source.record(),))

    def amend(self, spectrum, measurement, facts, parameters):
        acting.at("amend")
        return Amended({})

    def convert(self, spectrum, facts, parameters):
        acting.at("convert")
        return Converted(spectrum.with_energy(10.0 - spectrum.energy, EnergyReference("binding", 10.0, 0.0)))

    def applies(self, target, parameters):
        acting.at("applies")

    def run(self, target, parameters, progress):
        acting.at("run")
        return Result(analysis="hostile", target=target.spectrum.id)

    def draw(self, target, result, lang):
        from shirube.figures import new_figure

        yield Drawing("one", new_figure(2.0, 2.0))
        acting.at("draw")

    def rules(self, parameters):
        from shirube.rules import Rule

        acting.at("rules")
        return [Rule(id="H-1", subject="entry", severity="may", message=WORDS, judge=judge)]

    def write(self, outcomes, target, context, parameters):
        acting.at("write")
        (target / "names.txt").write_text("".join(one.entry.name for one in outcomes))


def judge(subject, context):
    from shirube.rules import passed

    acting.at("judge")
    return passed()


def about(**more):
    return {"name": "hostile", "description": WORDS, "implementation": Work()} | more


@hookimpl
def shirube_readers():
    acting.at("hook")
    return [Reader(**about(suffixes=(".dat",)))]


@hookimpl
def shirube_amendments():
    return [Amendment(**about(sets=("location",)))]


@hookimpl
def shirube_unit_conversions():
    return [Conversion(**about(sources=("kinetic",), target="binding"))]


@hookimpl
def shirube_analyses():
    return [Analysis(**about())]


@hookimpl
def shirube_policies():
    return [Policy(**about())]


@hookimpl
def shirube_exporters():
    return [Exporter(**about())]
"""
NOISE = """
import atexit, os, subprocess, sys, threading
PLACES = []
def at(place):
    PLACES.append(place)
    print("noise", place)
    sys.stdout.write("noise\\n")
    os.write(1, b"noise\\n")
    if place == "run":
        subprocess.run([sys.executable, "-S", "-c", "print('noise')"], check=True)
    thread = threading.Thread(target=print, args=("noise",))
    thread.start()
    thread.join()
atexit.register(print, "noise")
"""
QUIET = "def at(place):\n    pass\n"


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """Install the plugin with what it does beside its work, alone with the core's own."""
    settings = tmp_path / "alone.toml"
    settings.write_text('[plugins]\nallow = ["hostile"]\n', encoding="utf-8")
    monkeypatch.setenv("SHIRUBE_CONFIG", str(settings))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.dat").write_text("hostile 1 2 3 4", encoding="utf-8")

    def install(acting):
        site = tmp_path / "site"
        modules = {"hostile": PLUGIN, "acting": acting}
        fake_distribution(site, "hostile", plugins={"hostile": "hostile"}, modules=modules)
        return site

    return install


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def program(site, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "shirube", *arguments],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.mark.thorough
@pytest.mark.parametrize("isolate", [[], ["--isolate"]])
def test_what_a_plugin_prints_changes_neither_answer_nor_files(hostile, tmp_path, isolate):
    site = hostile(NOISE)
    noisy = program(site, "run", "one", "two", "-o", "noisy", "--json", "--today", "2026-04-01", *isolate)
    assert noisy.returncode == 0, noisy.stderr
    for place in PLACES:
        assert f"noise {place}".encode() in noisy.stderr, place
    (site / "acting.py").write_text(QUIET, encoding="utf-8")
    quiet = program(site, "run", "one", "two", "-o", "quiet", "--json", "--today", "2026-04-01")
    assert quiet.stderr == b""
    assert json.loads(noisy.stdout) == json.loads(quiet.stdout) | {"output": "noisy"}
    assert tree(tmp_path / "noisy") == tree(tmp_path / "quiet")


@pytest.mark.thorough
@pytest.mark.parametrize(
    "act",
    [
        "import sys; sys.exit(0)",
        "raise RuntimeError('broken')",
        "raise EOFError",
        "raise GeneratorExit",
        "import os; os.chdir('/')",
        "raise type('Odd', (BaseException,), {})('odd')",
        "raise StopIteration",
        "import click; raise click.exceptions.Exit(0)",
        "raise BrokenPipeError",
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_a_plugin_that_ends_or_raises_is_named_and_nothing_is_written(hostile, tmp_path, capsys, place, act):
    site = hostile(f"def at(place):\n    if place == {place!r}:\n        {act}\n")
    with on_path(site):
        code = run_command_line(["run", "one", "-o", "out", "--json"])
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    if place == "judge":
        # A rule that cannot be evaluated is a finding, never a pass.
        (finding,) = [one for one in answer["entries"][0]["findings"]["findings"] if one["rule"] == "H-1"]
        assert (finding["kind"], finding["error"]) == ("fail", True)
        return
    assert code == 3
    assert (answer["schema"], answer["exit_code"]) == ("shirube-error/1", 3)
    assert "hostile" in printed.err
    assert not (tmp_path / "out").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


HANGS = "while True:\n            pass"
EATS = "kept = []\n        while True:\n            kept.append(bytearray(10**7))"
DIES = "import os\n        os._exit(0)"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("place", "act", "said"),
    [
        ("claims", DIES, "without an answer"),
        ("read", "raise OSError(5)", "OSError"),
        ("read", EATS, "more than 300 MB"),
        ("run", HANGS, "longer than 15 s"),
        ("draw", DIES, "without an answer"),
    ],
)
def test_an_isolated_item_that_goes_wrong_costs_that_item_only(hostile, tmp_path, capsys, place, act, said):
    if act == EATS and not sys.platform.startswith("linux"):
        pytest.skip("only Linux limits data")
    # The second item only: a plugin is one for both.
    site = hostile(
        "import inspect\n"
        "def at(place):\n"
        "    seen = inspect.currentframe().f_back.f_locals\n"
        "    of = repr(seen) + getattr(seen.get('source'), 'name', '')\n"
        f"    if place == {place!r} and 'two' in of:\n"
        f"        {act}\n"
    )
    limits = ["--set", "run.item_seconds=15", "--set", "run.item_memory=300"]
    arguments = ["run", "one", "two", "-o", "out", "--json", "--isolate", *limits]
    with on_path(site):
        code = run_command_line(arguments)
    printed = capsys.readouterr()
    assert code == 1, printed.err
    first, second = json.loads(printed.out)["entries"]
    assert [one["kind"] for one in first["findings"]["findings"] if one["rule"] == "H-1"] == ["pass"]
    (failed,) = second["findings"]["findings"]
    assert failed["rule"] == "run.item-failed"
    assert said in failed["message"]["en"]
    # The registry gets what came through, the run folder tells of both.
    assert (tmp_path / "out" / "hostile" / "names.txt").read_text(encoding="utf-8") == "one"
    document = json.loads((tmp_path / "out" / "shirube.json").read_text(encoding="utf-8"))
    assert [one["entry"]["name"] for one in document["outcomes"]] == ["one", "two"]


def test_an_isolated_run_of_which_nothing_comes_fails_and_names_the_plugin_at_work(hostile, tmp_path, capsys):
    site = hostile(f"def at(place):\n    if place == 'run':\n        {DIES}\n")
    with on_path(site):
        code = run_command_line(["run", "one", "-o", "out", "--isolate"])
    printed = capsys.readouterr()
    assert (code, printed.out) == (3, "")
    assert "hook 'shirube_analyses' of plugin 'hostile'" in printed.err
    assert not (tmp_path / "out").exists()


def test_an_isolated_exporter_that_dies_ends_the_run_with_nothing_written(hostile, tmp_path, capsys):
    site = hostile(f"def at(place):\n    if place == 'write':\n        {DIES}\n")
    with on_path(site):
        code = run_command_line(["run", "one", "-o", "out", "--isolate"])
    assert code == 3
    assert "hook 'shirube_exporters' of plugin 'hostile'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
