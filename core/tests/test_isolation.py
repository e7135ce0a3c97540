"""Work in a process of its own: limits hold, what goes wrong is said, and nothing is left running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shirube.blame import PluginNote, note_of
from shirube.errors import InputError, PluginError
from shirube.isolation import Limits, run_isolated
from shirube.testing import on_path

QUICK = Limits(seconds=60.0, memory=1000)
SHORT = Limits(seconds=2.0, memory=1000)
NOTE = PluginNote.of("slow", "slow-plugin", "1.0", "shirube_readers", "slow")


@pytest.fixture
def jobs(tmp_path):
    """Make functions importable for both sides."""

    def make(source):
        (tmp_path / "isolated_jobs.py").write_text(source, encoding="utf-8")
        import isolated_jobs

        return isolated_jobs

    with on_path(tmp_path):
        yield make


def test_what_a_function_returns_comes_back_from_another_process():
    assert run_isolated(QUICK, os.getppid) == os.getpid()


def test_what_it_raises_keeps_its_type_file_and_note(jobs):
    module = jobs(
        "from shirube.blame import PluginNote, call\n"
        "from shirube.errors import InputError\n"
        "def fail(note):\n"
        "    def inside():\n"
        "        raise InputError('no', path='a.txt', line=3)\n"
        "    call(note, inside)\n"
    )
    with pytest.raises(InputError) as caught:
        run_isolated(QUICK, module.fail, NOTE)
    assert (caught.value.path, caught.value.line, note_of(caught.value)) == ("a.txt", 3, NOTE)


def test_an_exception_that_cannot_be_made_again_is_told_in_words(jobs):
    module = jobs(
        "class Odd(Exception):\n"
        "    def __init__(self, one, two):\n"
        "        super().__init__(f'{one} and {two}')\n"
        "def fail():\n"
        "    raise Odd(1, 2)\n"
    )
    with pytest.raises(PluginError, match="Odd: 1 and 2"):
        run_isolated(QUICK, module.fail)


def test_a_function_that_hangs_is_stopped_with_what_it_started_and_its_plugin_is_named(jobs, tmp_path):
    module = jobs(
        "import subprocess, time\n"
        "from shirube.blame import call\n"
        "def hang(note, path):\n"
        "    def inside():\n"
        "        child = subprocess.Popen(['sleep', '60'])\n"
        "        path.write_text(str(child.pid))\n"
        "        while True:\n"
        "            time.sleep(1)\n"
        "    call(note, inside)\n"
    )
    with pytest.raises(PluginError, match="longer than 2 s") as caught:
        run_isolated(SHORT, module.hang, NOTE, tmp_path / "child")
    assert note_of(caught.value) == NOTE
    assert not _lives(int((tmp_path / "child").read_text()))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits data")
def test_a_function_that_takes_all_memory_is_refused_it(jobs):
    module = jobs("def eat():\n    kept = []\n    while True:\n        kept.append(bytearray(10**7))\n")
    with pytest.raises(PluginError, match="more than 300 MB"):
        run_isolated(Limits(seconds=60.0, memory=300), module.eat)
    assert len(run_isolated(Limits(memory=300), bytes, 10**8)) == 10**8


@pytest.mark.parametrize(("end", "how"), [("os._exit(0)", "exit status 0"), ("os.kill(os.getpid(), 9)", "SIGKILL")])
def test_a_function_that_ends_the_process_is_told_apart_from_an_answer(jobs, end, how):
    module = jobs(f"import os\ndef stop():\n    {end}\n")
    with pytest.raises(PluginError, match=how):
        run_isolated(QUICK, module.stop)


def test_threads_and_exit_handlers_keep_nobody_waiting_and_input_is_empty(jobs):
    module = jobs(
        "import atexit, sys, threading, time\n"
        "def busy():\n"
        "    atexit.register(time.sleep, 60)\n"
        "    threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "    return sys.stdin.read()\n"
    )
    begun = time.monotonic()
    assert run_isolated(QUICK, module.busy) == ""
    assert time.monotonic() - begun < 30


def test_a_worker_ends_with_its_parent(tmp_path):
    (tmp_path / "forever.py").write_text(
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from shirube.isolation import Limits, run_isolated\n"
        "def wait(path):\n"
        "    Path(path).write_text(str(os.getpid()))\n"
        "    time.sleep(60)\n",
        encoding="utf-8",
    )
    start = "import forever, sys; forever.run_isolated(forever.Limits(), forever.wait, sys.argv[1])"
    pid = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", start, str(pid)], cwd=tmp_path)
    worker = _soon(lambda: int(pid.read_text()) if pid.exists() and pid.read_text() else None)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert _soon(lambda: not _lives(worker))


@pytest.mark.parametrize("limits", [{"seconds": 0.0}, {"memory": -1}])
def test_limits_that_are_none_are_refused(limits):
    with pytest.raises(ValueError, match="above 0"):
        Limits(**limits)


def _lives(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _soon(found):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError
