"""Writing the report of a folder: what it holds is found out, and the file is there whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from shirube._extras import require
from shirube.errors import InputError, OutputError
from shirube.htmlreport._runs import Judgement, run_page
from shirube.htmlreport._words import Words, phrase
from shirube.messages import Text
from shirube.records import Outcome
from shirube.runs import DOCUMENT, REPORT, is_run, read_run_with_figures
from shirube.trees import write_bytes

#: What a report says of itself within its first bytes.
_HEAD: Final = 1 << 10
_MARK: Final = b'<meta name="generator" content="shirube report">'

__all__ = ["Written", "write_report"]


@frozen(kw_only=True)
class Written:
    """A report that was written.

    Attributes:
        file: Where it lies.
        size: Its bytes.
        kind: ``run`` or ``batch``.
        entries: Entries of a run, items of a batch.
        left_out: Items whose details are left out.
    """

    file: Path
    size: int
    kind: str
    entries: int
    left_out: int = 0

    def told(self, words: Words) -> list[str]:
        """Return what a person must know of it, a line each."""
        lines = [words("written", path=self.file, size=words.size(self.size))]
        return [*lines, words("written-left-out", count=self.left_out)] if self.left_out else lines


def write_report(
    folder: Path,
    target: Path | None,
    words: Words,
    abouts: Mapping[str, Text],
    judge: Callable[[tuple[Outcome, ...]], Judgement | None],
) -> Written:
    """Write the report of a run folder or a batch folder; one that is there already is replaced.

    Args:
        folder: The output of ``shirube run`` or ``shirube batch``.
        target: The file; None: ``report.html`` in the folder.
        words: The language.
        abouts: What analyses do, by name.
        judge: Asks the policies about a run.

    Raises:
        InputError: The folder is neither, or damaged.
        MissingPluginError: The extra ``shirube[report]`` is not installed.
        OutputError: The file cannot be written, or is there and no report.
    """
    from shirube import batch

    require("jinja2", "report")
    file = folder / REPORT if target is None else target
    if target is not None:
        _check_replaceable(target)
    if is_run(folder):
        read = read_run_with_figures(folder)
        judgement = judge(tuple(outcome for outcome, _ in read))
        page = run_page(folder.resolve().name, read, words, abouts, judgement).encode("utf-8")
        write_bytes(file, page)
        return Written(file=file, size=len(page), kind="run", entries=len(read))
    if not (folder / batch.DOCUMENT).is_file():
        raise InputError(phrase("neither", run=DOCUMENT, batch=batch.DOCUMENT), path=folder)
    from shirube.htmlreport._batches import write_batch_page

    buffer = io.BytesIO()
    about = write_batch_page(folder, file, batch.read_manifest(folder), words, abouts, buffer)
    page = buffer.getvalue()
    write_bytes(file, page)
    return Written(file=file, size=len(page), kind="batch", entries=about.items, left_out=about.left_out)


def _check_replaceable(file: Path) -> None:
    """Refuse to replace a file that is no report: a slip in its name must not cost a thesis.

    Raises:
        OutputError: It is there, and is none.
    """
    try:
        with file.open("rb") as handle:
            head = handle.read(_HEAD)
    except OSError:
        # It is not there, or whoever writes it will say why that cannot be.
        return
    if head and _MARK not in head:
        raise OutputError(phrase("no-report"), path=file)
