"""Local workers: one that dies, hangs or takes all memory costs its item, and an interrupt costs nothing."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shirube.batch import DOCUMENT, ITEMS, LocalWorkers, read_manifest
from shirube.batch._lanes import Lanes
from shirube.isolation import Limits
from shirube.plugins import load_plugins
from shirube.runs import read_run

ODD = Path(__file__).with_name("odd_reader.py")
#: One here; `tox -e faults-batch` asks for twenty of each.
TIMES = int(os.environ.get("SHIRUBE_FAULTS", "1"))
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows can neither kill at once nor limit memory")


@pytest.fixture
def odd(tmp_path):
    """Return how to make a folder of odd files, settings that allow their reader, and its plugins."""
    (tmp_path / "odd.toml").write_text(
        f'[plugins]\nallow = ["odd_reader"]\nfiles = ["{ODD}"]\n[run]\npolicies = ["none"]\n', encoding="utf-8"
    )

    def made(**files):
        folder = tmp_path / "day"
        folder.mkdir(exist_ok=True)
        for name, said in files.items():
            (folder / f"{name}.odd").write_text(f"odd {said}", encoding="utf-8")
        return folder

    return made


def command(tmp_path, folder, *more):
    program = [sys.executable, "-m", "shirube", "batch", str(folder), "-o", str(tmp_path / "out")]
    return [*program, "--config", str(tmp_path / "odd.toml"), "--no-figures", "--lang", "en", *more]


def test_whatever_a_worker_does_costs_its_item_only(odd, tmp_path, kit):
    folder = odd(a="read", b="die", c=f"once {tmp_path / 'mark'}", d="raise", e="print", f="hang", g="eat", h="read")
    plugins = load_plugins(allow=("odd_reader",), files=[ODD])
    values = {"plugins.allow": ("odd_reader",), "plugins.files": (str(ODD),), "run.item_memory": 500}
    workers = LocalWorkers(2, Limits(seconds=6.0, memory=500))
    summary, heard, _ = kit.run(tmp_path / "out", folder, workers=workers, plugins=plugins, values=values, seconds=6.0)
    states = {state.item[4]: state for state in summary.states}
    said = {name: one.failure for name, one in states.items() if one.failure}
    assert "".join(name for name, one in states.items() if one.state == "done") == "aceh", said
    assert {"day/b.odd", "day/c.odd", "day/g.odd"} <= set(heard.retries)
    assert "2 times" in said["b"].message.en
    assert said["b"].plugin == said["f"].plugin == "odd_reader"
    assert said["d"].line == 3
    assert "took longer than 6 s" in said["f"].message.en
    assert "more than 500 MB" in said["g"].message.en


def test_a_worker_that_dies_while_it_is_idle_is_replaced():
    lanes = Lanes(1, Limits(seconds=None, memory=None))
    first = lanes.submit(os.getpid).result(timeout=60)
    os.kill(first, signal.SIGKILL)
    gone_by = time.monotonic() + 10
    while Path(f"/proc/{first}").exists() and time.monotonic() < gone_by:
        time.sleep(0.02)
    time.sleep(0.2)
    assert lanes.submit(os.getpid).result(timeout=60) != first
    lanes.stop()
    lanes.shutdown()


def test_events_are_lines_of_json_whatever_plugins_print(odd, tmp_path):
    folder = odd(a="print", b="raise")
    ended = subprocess.run(
        command(tmp_path, folder, "--events", "jsonl", "--workers", "1"), capture_output=True, text=True, check=False
    )
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [one["event"] for one in events] == ["start", "item", "item", "gathering", "end"]
    assert {one["schema"] for one in events} == {"shirube-batch-events/1"}
    assert (events[-1]["failed"][0]["item"], ended.returncode) == ("day/b.odd", 1)
    assert "printed by a plugin" in ended.stderr


def test_what_a_person_reads_names_the_plugin_that_failed_and_of_a_bad_line_the_file_alone(odd, tmp_path):
    folder = odd(a="die", b="raise")
    ended = subprocess.run(command(tmp_path, folder, "--workers", "1"), capture_output=True, text=True, check=False)
    for printed in (ended.stderr, ended.stdout):
        told = " ".join(printed.split())
        assert ("day/a.odd" in told, "day/b.odd" in told) == (True, True)
        assert told.count("[plugin odd_reader]") == 1
        assert "2 times" in told.partition("[plugin odd_reader]")[0]


def begin(tmp_path, folder, *more):
    """Start a batch and return it when the first item is done."""
    process = subprocess.Popen(
        command(tmp_path, folder, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not done(tmp_path):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    return process


def done(tmp_path):
    return [one for one in read_manifest(tmp_path / "out").items.values() if one.state == "done"]


def test_an_interrupt_finishes_what_is_in_hand_and_the_same_command_goes_on(odd, tmp_path):
    folder = odd(**{f"s{number}": "read 0.4" for number in range(6)})
    process = begin(tmp_path, folder, "--workers", "1")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "in hand" in err
    finished = len(done(tmp_path))
    assert finished in (2, 3)
    assert f"stopped with {6 - finished} items to do; the same command goes on" in out
    assert not (tmp_path / "out" / ".shirube-work").exists()
    ended = subprocess.run(command(tmp_path, folder, "--workers", "1"), capture_output=True, text=True, check=False)
    assert ended.returncode == 0
    assert f"6 items: {6 - finished} to do, {finished} done already" in ended.stderr
    assert len(done(tmp_path)) == 6


def test_a_second_interrupt_stops_at_once_without_harm(odd, tmp_path):
    folder = odd(a="read", b="read 60")
    process = begin(tmp_path, folder, "--workers", "1")
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopped at once; every item that was finished before is whole in" in err
    assert "nothing was written" not in err
    assert [one.name for one in done(tmp_path)] == ["a"]
    assert not children(process.pid)


def test_an_analysis_that_nobody_has_is_told_before_anything_begins(odd, tmp_path):
    program = command(tmp_path, odd(a="read"), "--set", "run.analyses=nosuch")
    ended = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (ended.returncode, (tmp_path / "out").exists()) == (4, False)
    assert "no analysis 'nosuch' is installed" in ended.stderr


def children(parent):
    """Return the living processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("victim", ["worker", "batch"])
def test_a_kill_at_any_moment_loses_nothing_and_makes_nothing_twice(victim, odd, tmp_path):
    chance = random.Random(f"{victim} 20260115")  # noqa: S311 no secret
    names = [f"s{number}" for number in range(6)]
    folder = odd(**dict.fromkeys(names, "read 0.03"))
    for number in range(TIMES):
        place = tmp_path / str(number)
        place.mkdir()
        (place / "odd.toml").write_bytes((tmp_path / "odd.toml").read_bytes())
        killed_once(victim, place, folder, chance)
        ended = subprocess.run(command(place, folder, "--workers", "1"), capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        told = read_manifest(place / "out")
        assert [one.state for one in told.items.values()] == ["done"] * 6
        assert told.ended
        folders = sorted(path.name for path in (place / "out" / ITEMS).iterdir())
        assert folders == [f"{at:04d}_{name}" for at, name in enumerate(names, start=1)]
        for name, run in zip(names, folders, strict=True):
            (outcome,) = read_run(place / "out" / ITEMS / run)
            assert outcome.entry.spectra()[0].intensity[0] == sum(f"{name}.odd".encode())
        assert sorted(path.name for path in (place / "out").iterdir()) == [DOCUMENT, ITEMS, "tables"]


def killed_once(victim, place, folder, chance):
    process = subprocess.Popen(
        command(place, folder, "--workers", "2"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if victim == "batch":
        time.sleep(chance.uniform(0.3, 2.0))
        workers = children(process.pid)
        process.kill()
        process.communicate()
        gone_by = time.monotonic() + 10
        while any(Path(f"/proc/{one}").exists() and one in children(1) for one in workers):
            assert time.monotonic() < gone_by, "a worker outlives its batch"
            time.sleep(0.02)
        return
    while process.poll() is None and len(children(process.pid)) < 2:
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 1.0))
    for one in chance.sample(children(process.pid), k=min(1, len(children(process.pid)))):
        os.kill(one, signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
