"""Runs a three-tile job in child processes, breaks each of them in its own way, and looks at what is left.

Called with the folder of the job, the kind of fault, how many times, and a seed; prints what is wrong as JSON.

A fault hits at a random moment (``kill-time``) or before a random one of the calls that touch the job's files: the
process is killed (``kill-call``), everything that is written fails from then on because the disk is full (``full``) or
read-only (``read-only``), or an input file is gone (``vanish``).
"""

import errno
import json
import os
import random
import shutil
import signal
import sys
import time
from datetime import date
from pathlib import Path

from shirube.plugins import load_plugins
from shirube.settings import Settings
from shirube_rde import making
from shirube_rde.job import run_job

WATCHED = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")
WRITING = os.O_WRONLY | os.O_RDWR
#: Logs tell the time, and what lies in ``temp`` is what the job keeps for itself.
ASIDE = ("logs", "temp")
MOST = 250
VANISHING = "inputdata/b.csv"


def files(data):
    found = {path.relative_to(data).as_posix(): path for path in data.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name.split("/")[0] not in ASIDE}


def restore(root, saved):
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(saved, root)


class Fault:
    """What goes wrong in the child, before the call of the given number."""

    def __init__(self, kind, data, number):
        self.kind, self.data, self.left, self.count, self.busy = kind, str(data), number, 0, False

    def __call__(self, event, args):
        if self.busy or event not in WATCHED or not str(args[0] if args else "").startswith(self.data):
            return
        self.count += 1
        self.left -= 1
        if self.left >= 0:
            return
        writing = event in ("os.rename", "os.mkdir") or (event == "open" and bool((args[2] or 0) & WRITING))
        if self.kind == "kill-call":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.kind == "full" and writing and event != "os.rename":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), args[0])
        elif self.kind == "read-only" and (writing or event != "open"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), args[0])
        elif self.kind == "vanish":
            self.busy = True
            Path(self.data, VANISHING).unlink(missing_ok=True)


def child(root, fault, plugins):
    """Return the id of a process that runs the job."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.close(2)
        os.open(os.devnull, os.O_WRONLY)
        sys.addaudithook(fault)
        start(root, plugins)
        code = 0
    finally:
        os._exit(code if fault.kind != "count" else min(fault.count, MOST))


def start(root, plugins):
    run_job(root, plugins, Settings().with_values({"run.reader": "fakelab"}), today=date(2026, 1, 15))


def wait(pid):
    return os.waitpid(pid, 0)[1]


def broken(root, kind, before, wholes, original):
    """Yield what is wrong with a job in which something went wrong; ``wholes`` are trees of jobs that ended well."""
    data = root / "data"
    found = files(data)
    failed = found.pop("job.failed", None)
    for name, content in before.items():
        kept = name in found and found[name] == content
        if name.startswith(("inputdata/", "tasksupport/")) and not kept and (kind, name) != ("vanish", VANISHING):
            yield f"input {name} is lost"
    places = ("invoice/invoice.json", ".shirube/old/invoice/invoice.json", "temp/invoice_org.json")
    if not any((data / place).is_file() and (data / place).read_bytes() == original for place in places):
        yield "the original invoice is lost"
    if failed is None and (expected(found, kind) not in [expected(one, kind) for one in (before, *wholes)]):
        yield "there is no job.failed, but the tree is neither the old nor the new one"
    if failed is not None and not failed.startswith(b"ErrorCode="):
        yield f"job.failed says {failed!r}"


def expected(found, kind):
    """Return files without the one that may have gone after everything was done with it."""
    return {name: one for name, one in found.items() if (kind, name) != ("vanish", VANISHING)}


def without(root, saved, plugins):
    """Return the tree of a job whose file was gone before anybody looked."""
    restore(root, saved)
    (root / "data" / VANISHING).unlink()
    start(root, plugins)
    return files(root / "data")


def attempts(root, kind, times, seed):
    """Yield what is wrong after each fault, and after the run that follows it."""
    plugins = load_plugins(allow=["fakelab", "rde"])
    chance = random.Random(seed)  # noqa: S311 chance is wanted, not secrecy
    saved = root.with_name("saved")
    shutil.copytree(root, saved)
    original = (root / "data" / "invoice" / "invoice.json").read_bytes()
    fresh = files(root / "data")
    began = time.monotonic()
    start(root, plugins)
    took = time.monotonic() - began
    after = files(root / "data")
    # A second starting point: outputs of an earlier run, of which one file has changed since.
    older = root.with_name("older")
    shutil.copytree(root, older)
    stale = next((older / "data" / "divided" / "0001" / "structured").iterdir())
    stale.write_bytes(b"stale")
    wholes = [after, without(root, saved, plugins)]
    restore(root, saved)
    number = os.waitstatus_to_exitcode(wait(child(root, Fault("count", root / "data", 10**9), plugins)))
    assert number < MOST, "more calls than a process can tell: raise the limit"
    for attempt in range(times):
        base = (saved, older)[attempt % 2]
        restore(root, base)
        before = files(root / "data")
        moment = chance.randrange(number)
        pid = child(root, Fault(kind, root / "data", moment), plugins)
        if kind == "kill-time":
            time.sleep(chance.uniform(0.0, took))
            os.kill(pid, signal.SIGKILL)
        status = wait(pid)
        where = f"{kind} {attempt} (call {moment} of {number}, status {status})"
        yield from (f"{where}: {one}" for one in broken(root, kind, before, wholes, original))
        if kind == "vanish":
            shutil.copy(saved / "data" / VANISHING, root / "data" / VANISHING)
        start(root, plugins)
        if files(root / "data") != after:
            yield f"{where}: the next run does not end well"
    assert fresh != after


def main():
    root, kind, times, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    making.render_figures = lambda *_, **__: ()
    json.dump(list(attempts(root, kind, times, seed)), sys.stdout)


if __name__ == "__main__":
    main()
