"""Progress: a bar on a terminal, silence in a log."""

import io
import subprocess
import sys

import pytest

from shirube.progress import NoProgress, Progress, terminal_progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def work(progress: Progress):
    for step in range(5):
        progress.update(step / 4, f"peak {step} of [C 1s]")


def test_a_log_gets_nothing(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with terminal_progress("fitting") as progress:
        work(progress)
    assert log.getvalue() == ""
    assert isinstance(progress, NoProgress)


def test_a_program_without_a_standard_error_works(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with terminal_progress("fitting") as progress:
        work(progress)


def test_a_terminal_shows_title_and_label_as_they_are(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with terminal_progress("run [/tmp] [bold]") as progress:
        work(progress)
    shown = terminal.getvalue()
    assert "run [/tmp] [bold]" in shown
    assert "peak 4 of [C 1s]" in shown


def test_standard_output_stays_clean(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with terminal_progress("fitting") as progress:
        work(progress)
    assert capsys.readouterr().out == ""


def test_the_bar_goes_away_when_the_work_fails(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with pytest.raises(KeyboardInterrupt), terminal_progress("fitting"):
        raise KeyboardInterrupt


def test_rich_is_imported_on_a_terminal_only():
    code = (
        "import sys; from shirube.progress import terminal_progress\n"
        "with terminal_progress('x') as progress: progress.update(0.5)\n"
        "assert 'rich' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.PIPE)
