"""The first pass: every run is read once, its points are put on disk, and what all tables need is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve

from shirube._portions import Portion
from shirube.errors import ShirubeError, UsageError, all_problems
from shirube.messages import Language, Text
from shirube.progress import Progress
from shirube.runs import read_run
from shirube.series._collecting import points_of
from shirube.series._fields import Fields
from shirube.series._finding import item_names
from shirube.series._leaving import left_place, left_points
from shirube.series._ordering import SeriesFinder
from shirube.series._phrases import message
from shirube.series._points import UNREADABLE, Absent, Point
from shirube.series._spool import written

#: Statuses of results that hold something.
_WITH_RESULT = ("ok", "doubtful")

__all__ = ["Pile"]


class Pile:
    """What was read: the fields, coordinates and series that the tables are made of, not the points themselves.

    Attributes:
        fields: Every field of a value.
        finder: Finds the series.
        coordinates: Every axis beside the energies, by name and unit.
        analyses: Names of analyses, and whether each did anything but skip.
        spectra: How many spectra there are.
        results: How many of them have a result.
        missing: Items of which nothing could be read, with the reason.
    """

    def __init__(self, lang: Language, along: str | None, ranks: int, left: Path | None = None) -> None:
        self._lang, self._along, self._ranks = lang, along, ranks
        # Only such points are left for us: of the best models, with the coordinates that spectra have themselves.
        self._left = left if along is None and ranks == 1 else None
        self._portion = Portion(ranks, () if along is None else (along,))
        self.fields = Fields()
        self.finder = SeriesFinder(self.fields, along)
        self.coordinates: dict[tuple[str, str], None] = {}
        self.analyses: dict[str, bool] = {}
        self.spectra = self.results = 0
        self.missing: list[tuple[str, Text]] = []

    def read(self, runs: Sequence[Path], absent: Sequence[Absent], spool: Path, progress: Progress) -> None:
        """Read all runs, and put their points into the file ``spool``, a line each.

        Raises:
            UsageError: There is none.
            InputError: Not one can be read.
        """
        if not runs and not absent:
            raise UsageError(message("nothing"))
        problems: list[ShirubeError] = []
        with spool.open("w", encoding="ascii") as lines:
            for number, (run, item) in enumerate(zip(runs, item_names(runs), strict=True)):
                progress.update(number / (len(runs) + 1), item)
                for points in self._of_run(run, item, problems):
                    self._note(points)
                    lines.writelines(map(written, points))
            for one in absent:
                self.missing.append((one.item, one.reason))
                gone = Point(item=one.item, source=one.source, status=one.status, reason=one.reason.render(self._lang))
                self._note([gone])
                lines.write(written(gone))
        if problems and len(problems) == len(runs) and not absent:
            raise all_problems(problems)

    def is_told(self, analysis: str) -> bool:
        """Tell whether an analysis belongs into the tables: one that skipped every spectrum does not, among others."""
        return not analysis or self.analyses[analysis] or not any(self.analyses.values())

    def notes(self) -> Iterator[Text]:
        """Yield what the tables leave out."""
        for analysis in self.analyses:
            if not self.is_told(analysis):
                yield message("all-skipped", analysis=analysis).text()
        for name in self.finder.mixed:
            yield message("mixed-units", series=name).text()
        if self._along is not None and all(name != self._along for name, _ in self.coordinates):
            yield message("along-unknown", name=self._along).text()

    def _of_run(self, run: Path, item: str, problems: list[ShirubeError]) -> Iterator[list[Point]]:
        """Yield the points of each outcome of a run; of one that cannot be read, why."""
        left = None if self._left is None else left_points(left_place(self._left, run), run, self._lang, self.fields)
        if left is not None:
            for one in left:
                name = item if len(left) == 1 else f"{item}/{one.entry}"
                yield self._told([evolve(point, item=name) for point in one.points], name)
            return
        try:
            outcomes = read_run(run, portion=self._portion)
        except ShirubeError as error:
            problems.append(error)
            # Not where it lies: the tables are the same on every machine.
            reason = error.message.render("en"), error.message.render("ja")
            self.missing.append((item, Text(*reason)))
            yield [Point(item=item, status=UNREADABLE, reason=Text(*reason).render(self._lang))]
            return
        for outcome in outcomes:
            name = item if len(outcomes) == 1 else f"{item}/{outcome.entry.name}"
            points = points_of(outcome, name, self.fields, lang=self._lang, ranks=self._ranks, along=self._along)
            yield self._told(list(points), name)

    def _told(self, points: list[Point], name: str) -> list[Point]:
        """Return the points of an outcome; where nothing could be read, that is noted."""
        if all(point.status == UNREADABLE for point in points):
            self.missing += [(name, Text(point.reason, point.reason)) for point in points]
        return points

    def _note(self, points: Sequence[Point]) -> None:
        for point in points:
            self.coordinates.update(dict.fromkeys((one.name, one.unit) for one in point.coordinates))
            if point.analysis:
                did = point.status != "skipped"
                self.analyses[point.analysis] = self.analyses.get(point.analysis, False) or did
            self.finder.take(point)
        spectra = {point.spectrum for point in points if point.spectrum}
        self.spectra += len(spectra)
        self.results += len({one.spectrum for one in points if one.spectrum and one.status in _WITH_RESULT})
