"""What a report costs: of four spectra, beside the figures of a run as matplotlib draws them, and of a thousand items.

Run with: python benchmarks/write_report.py [--items 1000]
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from comparing import compared

from shirube.cli import run_command_line
from shirube.htmlreport import Words, run_page, write_report
from shirube.messages import Text
from shirube.plugins import load_plugins
from shirube.rendering import render_figures
from shirube.runs import read_run_with_figures
from shirube.vocabulary import knowledge

ROOT = Path(__file__).parents[1]
EXAMPLES = [str(ROOT / "examples" / name) for name in ("cu-hhtp", "fe2p-haxpes")]
REPEATS = 3


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of several calls, s."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def batch_of(run: Path, folder: Path, items: int) -> None:
    """Make a batch folder whose items are all the same run."""
    (folder / "items").mkdir(parents=True)
    run.rename(folder / "items" / "run")
    one = {"schema": "shirube-batch/1", "event": "item", "folder": "run", "state": "done", "statuses": {"ok": 1}}
    lines = (json.dumps({**one, "item": f"s{number}", "name": "s", "spectra": 1}) for number in range(items))
    (folder / "batch.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def run_of(folder: Path, *inputs: str) -> Path:
    """Write a run folder with quick fits."""
    quick = ("--set", "analyses.bicfit.max_peaks=4", "--set", "analyses.bicfit.starts=8")
    with redirect_stdout(io.StringIO()):
        run_command_line(["run", *inputs, "-o", str(folder), "--no-export", *quick])
    return folder


def main() -> None:
    """Print processor times, sizes and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1000)
    items = parser.parse_args().items
    plugins = load_plugins()
    words = Words("en", knowledge(plugins).vocabulary)
    nothing: dict[str, Text] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        # The batch comes first: what matplotlib takes of the memory is not the report's.
        batch_of(run_of(folder / "single", f"{EXAMPLES[0]}/Cu-HHTP_0003.txt"), folder / "batch", items)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        written = write_report(folder / "batch", None, words, nothing, lambda _: None)
        spent = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"batch of {items} items: {spent:.1f} s, {written.size / 1e6:.1f} MB, peak {peak / 1024:.0f} MB")
        print(f"  of which before it began: {before / 1024:.0f} MB (the fit of one spectrum ran in this process)")
        found = read_run_with_figures(run_of(folder / "run", *EXAMPLES))
        outcomes = [outcome for outcome, _ in found]
        page = seconds(lambda: run_page("run", found, words, nothing, None))
        drawn = seconds(lambda: render_figures(outcomes, plugins, "en"))
        print(f"page of four spectra: {1000 * page:.0f} ms; the figures of its run as PNG: {1000 * drawn:.0f} ms")
        print(f"ratio {drawn / page:.1f}")
        compared("a page of four spectra with their fits", 1e3 * page, "matplotlib, their figures", 1e3 * drawn, "ms")


if __name__ == "__main__":
    main()
