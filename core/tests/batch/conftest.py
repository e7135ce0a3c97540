"""Help for the tests of batches: small inputs, workers in this process, and a listener that remembers."""

import csv
import io
from concurrent.futures import Future
from datetime import date
from types import SimpleNamespace

import pytest

from shirube.batch import Wish, run_batch
from shirube.batch._lanes import LastWords
from shirube.batch._worker import work_on
from shirube.plugins import load_plugins
from shirube.settings import Settings

DAY = date(2026, 1, 15)


def table(level=1.0, channels=21):
    """Return a spectrum of two columns, as text."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["energy_eV", "intensity"])
    rows.writerows([280.0 + 0.1 * at, level * (100.0 + at)] for at in range(channels))
    return text.getvalue()


def inputs(folder, *names, level=1.0):
    """Write spectra of these names, each of its own height."""
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names, start=1):
        (folder / name).write_text(table(level * number), encoding="utf-8")
    return folder


class Here:
    """Works in this process, one item after another, and tells what was asked of it."""

    def __init__(self, dies=()):
        self.capacity, self.asked, self.ended = 1, [], []
        self._dies = list(dies)

    def submit(self, job):
        self.asked.append(job.folder)
        future = Future()
        if job.folder in self._dies:
            self._dies.remove(job.folder)
            future.set_exception(ChildProcessError())
        else:
            future.set_result(work_on(job))
        return future

    def died(self, error):
        return isinstance(error, ChildProcessError)

    def last_words(self, _):
        return LastWords()

    def shutdown(self):
        self.ended.append("shutdown")

    def stop(self):
        self.ended.append("stop")


class Heard:
    """Remembers what it is told."""

    def __init__(self):
        self.agenda = self.passed = None
        self.states, self.retries, self.shared, self.gathered = [], [], [], 0

    def began(self, agenda, passed):
        self.agenda, self.passed = agenda, [path.name for path in passed]

    def finished(self, state):
        self.states.append(state)

    def retried(self, state):
        self.retries.append(state.item)

    def split(self, state, parts, done):
        self.shared.append((state.item, parts, done))

    def joined(self, state):
        self.shared.append(state.item)

    def waited(self, busy):
        pass

    def stopping(self):
        pass

    def gathering(self):
        self.gathered += 1


def run(plugins, out, *paths, workers=None, settings=None, values=None, **wish):
    """Run a batch without analyses in this process; return its summary, what was heard, and the workers."""
    heard, here = Heard(), workers or Here()
    plain = {"run.exporters": ("none",), "run.analyses": ("none",), "plugins.allow": ()}
    chosen = settings or Settings().with_values({**plain, **(values or {})})
    wanted = Wish(inputs=paths, out=out, now=DAY, figures=False, **wish)
    return run_batch(wanted, plugins, chosen, lambda _: here, heard), heard, here


@pytest.fixture(scope="session")
def plugins():
    """Return the core's own readers, whatever else is installed."""
    return load_plugins(allow=())


@pytest.fixture
def kit(plugins):
    """Return what the tests of batches share."""

    def run_here(out, *paths, **more):
        return run(more.pop("plugins", plugins), out, *paths, **more)

    return SimpleNamespace(inputs=inputs, run=run_here, Here=Here, Heard=Heard, table=table, DAY=DAY)
