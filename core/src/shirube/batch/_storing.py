"""Storing: what came of items is put in its place and written down, and only this waits for the disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from shirube.batch._hashes import inputs_hash
from shirube.batch._manifest import ITEMS, ItemState, Writer
from shirube.batch._phrases import message
from shirube.batch._plan import Failure, Job, Report
from shirube.errors import OutputError
from shirube.messages import Text
from shirube.runs import DOCUMENT, is_run
from shirube.series import left_place
from shirube.text import printable
from shirube.trees import swap_in, sync_trees

#: Folder of the results of parts of items; what a batch that was stopped has left there serves the next one.
PARTS: Final = ".shirube-parts"
#: Folder of what workers leave of items for the tables of all; goes with the former.
POINTS: Final = f"{PARTS}/points"

__all__ = ["PARTS", "POINTS", "Landed", "Store"]


@frozen(eq=False)
class Landed:
    """An item that a worker is done with: its job, what was known of it, and the report on it."""

    job: Job
    state: ItemState
    report: Report

    @property
    def site(self) -> Path | None:
        """The run folder that was written, None when none was."""
        return None if self.report.site is None else self.job.plan.work / self.report.site


class Store:
    """The output folder, in which items get their places.

    Args:
        out: The folder.
        manifest: What is written down.
        marks: Hashes of settings and plugins, for the manifest.
    """

    def __init__(self, out: Path, manifest: Writer, marks: tuple[str, str]) -> None:
        self._out, self._manifest = out, manifest
        self._settings, self._plugins = marks

    def put(self, landed: Sequence[Landed]) -> list[ItemState]:
        """Put items in their places and write them down; return what is known of them now.

        What is written down as done is on the disk: that of several items is waited for together.

        Raises:
            OutputError: It cannot be written, or is not where workers say; what was put before is written down.
        """
        self._sync(landed)
        self._manifest.items(*self._replaced(landed))
        states: list[ItemState] = []
        try:
            for one in landed:
                states.append(self._stored(one))  # noqa: PERF401 those before one that fails count
        finally:
            self._manifest.items(*states)
        for one in landed:
            if one.job.kept is not None:
                shutil.rmtree(one.job.kept, ignore_errors=True)
        return states

    def _sync(self, landed: Sequence[Landed]) -> None:
        sites = [one.site for one in landed if one.site is not None]
        for site in sites:
            if not site.is_dir():
                raise OutputError(message("not-shared", site=site), path=self._out)
        sync_trees([one.site for one in landed if one.site is not None and not one.report.synced], self._out)

    def _replaced(self, landed: Sequence[Landed]) -> Iterator[ItemState]:
        """Yield that items are to be done whose folders are about to be replaced.

        Killed after the swap, a batch with the settings of an earlier start must not take that for its result.
        """
        for one in landed:
            if one.site is not None and (self._out / ITEMS / one.job.folder).exists():
                state = one.state
                yield ItemState(item=state.item, name=state.name, folder=state.folder, state="planned")

    def _stored(self, landed: Landed) -> ItemState:
        # What an earlier start has made stays until there is something newer: the failure may be a slip of settings.
        report, site = landed.report, landed.site
        if site is not None:
            place = self._out / ITEMS / landed.job.folder
            self._keep_points(left_place(site.parent, site), place)
            swap_in(site, place)
        return evolve(
            landed.state,
            state="done" if report.state == "done" else "failed",
            inputs=inputs_hash(report.sources) if report.sources else None,
            settings=self._settings,
            plugins=self._plugins,
            spectra=report.spectra,
            statuses=report.statuses,
            not_analysed=report.not_analysed,
            flagged=report.flagged,
            seconds=round(report.seconds, 3),
            failure=self._told(landed.job, report.failure),
        )

    def _keep_points(self, points: Path, place: Path) -> None:
        """Keep what a worker has left for the tables of all items; without it their run folders are read."""
        kept = left_place(self._out / POINTS, place)
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            points.replace(kept)

    def _told(self, job: Job, failure: Failure | None) -> Failure | None:
        """Return a failure with names as the batch has them, which says where the result of an earlier start lies."""
        if failure is None:
            return None
        failure = _without_places(failure, job.group.paths[0], self._out.resolve())
        if not is_run(self._out / ITEMS / job.folder):
            return failure
        stands = message("earlier-stands", folder=f"{ITEMS}/{job.folder}", document=DOCUMENT).text()
        said = failure.message
        return evolve(failure, message=Text(en=f"{said.en} ({stands.en})", ja=f"{said.ja}（{stands.ja}）"))


def _without_places(failure: Failure, file: Path, out: Path) -> Failure:
    """Return a failure whose files are named as items are, by folder and name, and without control characters."""

    def short(text: str) -> str:
        for folder in (file.parent, out):
            if folder.name:
                text = text.replace(f"{folder}{os.sep}", f"{folder.name}/")
        # Problems of a file are a line each; a line end in its name is none.
        lines = text.replace(file.name, printable(file.name)).split("\n")
        return "\n".join(map(printable, lines))

    said = failure.message
    path = None if failure.path is None else short(failure.path)
    return evolve(failure, message=Text(en=short(said.en), ja=short(said.ja)), path=path)
