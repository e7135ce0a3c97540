"""Hypotheses: how well the lines of one element fit the peaks of a survey, in position and in relative strength."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from shirube.records import FloatArray
from shirube_quant.expectation import ExpectedLine
from shirube_quant.peaks import Filtered, Peak

#: Chemical shifts from the element that are tried, eV: down for nitrides and carbides, up for oxides and fluorides.
_SHIFTS: Final = np.arange(-2.5, 5.76, 0.25)
#: What is usual among them, and how far from it a shift must be to cost as much as a missing line.
_USUAL: Final = 0.6
_UNUSUAL: Final = 4.5
#: Relative strengths are known within this factor: transmission, angular asymmetry and background are not corrected.
_FACTOR: Final = 2.5
#: The two lines of a doublet have nearly the same kinetic energy: theirs is known within this factor.
_DOUBLET: Final = 1.7
#: A line that is missed, beyond what would have been seen, is missed within this factor.
_ABSENT: Final = 1.5
#: It grows with the ratio of the kinetic energies to this power, as the transmission of analysers may.
_POWER: Final = 0.7
#: Lines that may tell how much of an element there is.
_LEADING: Final = 3
#: Significance at which a peak counts in full, in units of the smallest one.
_CERTAIN: Final = 3.0
#: Part of the width of a line by which its maximum may lie elsewhere.
_BROAD: Final = 0.3
#: A missing line costs at most as much as two lines gain.
_WORST: Final = 2.0
#: Lines bound less than this lie in or near the valence band, whose orbitals are no longer those of atoms: they count
#: by half, and cannot be missed.
SHALLOW: Final = 35.0
#: Orbitals whose lines are often spread over many states or moved, and are missed with little reason.
_SPREAD: Final = {"4p": 0.25, "5s": 0.25, "5p": 0.25, "5d": 0.5, "4s": 0.5, "3s": 0.7, "2s": 0.7}
#: A peak this much wider than a line is no single line of it, eV.
_TOO_WIDE: Final = 1.3
#: Lines wider than this are smeared over their neighbourhood, and missed with less reason.
_WIDE: Final = 4.5

__all__ = ["SHALLOW", "Evidence", "Hypothesis", "Match", "Scene", "in_range", "tried", "within_reach"]


@frozen(eq=False)
class Scene:
    """What hypotheses are held against.

    Attributes:
        peaks: In order of energy.
        seen: The survey behind its filters.
        photon_energy: In eV.
        least: Smallest significance of a peak.
        tolerance: How far a line may lie from where its element's shift puts it, eV.
        offset: Rigid offset of the scale in eV, to be added to cited energies.
    """

    peaks: tuple[Peak, ...]
    seen: Filtered = field(repr=False)
    photon_energy: float
    least: float
    tolerance: float
    offset: float = 0.0

    @property
    def shifts(self) -> FloatArray:
        """Shifts that are tried, in eV, the offset included."""
        return self.offset + _SHIFTS


@frozen
class Match:
    """A line and the peak that it may be.

    Attributes:
        line: The line.
        peak: Place of the peak among the peaks, None where the line was missed or cannot be expected to stand out.
        distance: Energy of the peak less that of the shifted line, eV.
        predicted: Area that the other lines of the element let expect.
        ratio: Predicted over measured area.
        gain: What it adds to the evidence, up to 1.
        cost: What its absence or weakness takes away.
    """

    line: ExpectedLine
    peak: int | None
    distance: float
    predicted: float
    ratio: float
    gain: float
    cost: float


@frozen
class Evidence:
    """Sums over the lines of a hypothesis: gain, cost, and what its shift costs."""

    gain: float
    cost: float
    unusual: float

    @property
    def total(self) -> float:
        """What speaks for the hypothesis less what speaks against it."""
        return self.gain - self.cost - self.unusual

    @property
    def score(self) -> float:
        """The same between 0 and 1: 0.5 where one line fits, and nothing speaks against it."""
        against = self.cost + self.unusual
        return max(0.0, self.gain / (1.0 + self.gain) * (1.0 - against / (self.gain + against))) if self.gain else 0.0


@frozen
class Hypothesis:
    """An element with its lines, the shift that fits them best, and what that is worth.

    Attributes:
        element: Symbol.
        shift: Of its lines from the cited energies, eV, the offset of the scale included.
        amplitude: Area over strength.
        matches: One for each line in the range, strongest first.
        evidence: For and against.
    """

    element: str
    shift: float
    amplitude: float
    matches: tuple[Match, ...]
    evidence: Evidence

    @property
    def matched(self) -> tuple[Match, ...]:
        """The lines that were found."""
        return tuple(one for one in self.matches if one.peak is not None)


def tried(element: str, lines: Sequence[ExpectedLine], scene: Scene, unexplained: FloatArray) -> Hypothesis | None:
    """Return the best hypothesis of an element, None where none of its lines in the range is near a peak.

    All shifts are tried at once, and with each as many amplitudes as there are leading lines.

    Args:
        element: Symbol.
        lines: That the photon energy reaches, strongest first.
        scene: Peaks, survey and limits.
        unexplained: Part of each peak that no element accounts for yet, shape (peaks,).
    """
    inside = in_range(lines, scene)
    if not inside or not scene.peaks:
        return None
    grid = _Grid(inside, scene, unexplained)
    return grid.best(element)


def in_range(lines: Sequence[ExpectedLine], scene: Scene) -> list[ExpectedLine]:
    """Return the lines that lie within the survey, in their order."""
    low, high = float(scene.seen.energy[0]), float(scene.seen.energy[-1])
    return [one for one in lines if low + one.width < one.energy + scene.offset < high - one.width]


def within_reach(lines: Sequence[ExpectedLine], scene: Scene) -> npt.NDArray[np.intp]:
    """Return the places of all peaks that some shift brings a line near; no other has a part in a hypothesis.

    Args:
        lines: Those in the range.
        scene: Peaks, survey and limits.
    """
    positions = np.array([one.energy for one in scene.peaks])
    energies, widths = np.array([(one.energy, one.width) for one in lines]).reshape(-1, 2).T
    room, shifts = _room(scene, widths), scene.shifts
    beyond = positions - energies[:, None]
    return np.flatnonzero(((beyond > shifts[0] - room) & (beyond < shifts[-1] + room)).any(axis=0))


def _room(scene: Scene, widths: FloatArray) -> FloatArray:
    """Return how far a peak may lie from where a line is expected, eV, shape (lines, peaks)."""
    uncertainties = np.array([one.uncertainty for one in scene.peaks])
    return np.asarray(scene.tolerance + 2.0 * uncertainties + _BROAD * np.maximum(widths - 2.0, 0.0)[:, None])


class _Grid:
    """Every shift (first axis) and amplitude (second) against every line (third)."""

    def __init__(self, lines: Sequence[ExpectedLine], scene: Scene, unexplained: FloatArray) -> None:
        self.lines, self.scene = lines, scene
        self.shifts = scene.shifts
        self.strengths = np.array([one.strength for one in lines])
        self.energies = np.array([one.energy for one in lines])
        self.widths = np.array([one.width for one in lines])
        self.targets = self.shifts[:, None] + self.energies
        self._match(unexplained)
        self._weigh()

    def _match(self, unexplained: FloatArray) -> None:
        """Find for every shift and line the peak nearest in position and not the smallest."""
        peaks = self.scene.peaks
        positions = np.array([one.energy for one in peaks])
        self.areas = np.array([one.area for one in peaks])
        significances = np.array([one.significance for one in peaks])
        room = _room(self.scene, self.widths)
        distances = positions - self.targets[:, :, None]
        near = np.exp(-0.5 * np.square(distances / (0.6 * room)))
        near[np.abs(distances) >= room] = 0.0
        choice = np.argmax(near * np.power(self.areas, 0.3) * (0.1 + unexplained), axis=2)
        at = (*np.indices(choice.shape), choice)
        self.choice, self.near, self.distances = choice, near[at], distances[at]
        counting = np.minimum(np.log1p(significances / self.scene.least) / np.log1p(_CERTAIN), 1.0)
        peak_widths = np.array([one.width for one in peaks])[choice]
        fitting = np.minimum(1.0, (self.widths + _TOO_WIDE) / peak_widths)
        half = np.where(self.energies < SHALLOW, 0.5, 1.0)
        self.worth = self.near * (unexplained * counting)[choice] * np.power(fitting, 3) * half * self._first()
        self.there = self.near > 0.0
        self.measured = np.where(self.there, self.areas[choice], 0.0)

    def _first(self) -> npt.NDArray[np.bool_]:
        """Tell for every shift and line whether no stronger line has the same peak: one peak is evidence once."""
        same = self.choice[:, :, None] == self.choice[:, None, :]
        earlier = np.tril(np.ones((len(self.lines), len(self.lines)), dtype=np.bool_), -1)
        return np.asarray(~(same & (self.near > 0.0)[:, None, :] & earlier).any(axis=2), dtype=np.bool_)

    def _weigh(self) -> None:
        """Compare predicted with measured areas, and with what would have been seen where nothing was."""
        leading = self.measured[:, :_LEADING] / self.strengths[:_LEADING]
        self.amplitudes = leading
        predicted = leading[:, :, None] * self.strengths
        kinetic = self.scene.photon_energy - self.energies
        farther = np.power(np.maximum(kinetic / kinetic[0], kinetic[0] / kinetic), _POWER)
        orbitals = np.array([one.label.orbital for one in self.lines])
        factor = np.where(orbitals[:_LEADING, None] == orbitals, _DOUBLET, _FACTOR * farther)
        measured = np.where(self.there, self.measured, _limits(self.scene, self.targets, self.widths))[:, None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(predicted > 0.0, predicted / measured, 0.0)
        there = self.there[:, None, :]
        factor = np.where(there, factor, _ABSENT * farther)
        fits = np.minimum(1.0, ratio * factor)
        too_weak = np.log(np.maximum(ratio / factor, 1.0)) * np.minimum(1.0, _WIDE / self.widths)
        self.ratio, self.predicted = ratio, predicted
        self.gains = np.where(there & (ratio < factor), fits * self.worth[:, None, :], 0.0)
        reason = np.array([_SPREAD.get(one.label.orbital, 1.0) for one in self.lines])
        missed = np.where(self.energies < SHALLOW, 0.0, np.minimum(too_weak, _WORST) * reason)
        self.costs = missed * (leading > 0.0)[:, :, None]

    def best(self, element: str) -> Hypothesis | None:
        """Return the hypothesis of the largest total, None where no line has a peak."""
        unusual = np.square((self.shifts - self.scene.offset - _USUAL) / _UNUSUAL)
        total = self.gains.sum(axis=2) - self.costs.sum(axis=2) - unusual[:, None]
        total[self.amplitudes <= 0.0] = -np.inf
        shift, lead = np.unravel_index(int(np.argmax(total)), total.shape)
        if not np.isfinite(total[shift, lead]):
            return None
        matches = tuple(self._told(place, int(shift), int(lead)) for place in range(len(self.lines)))
        evidence = Evidence(
            float(self.gains[shift, lead].sum()), float(self.costs[shift, lead].sum()), float(unusual[shift])
        )
        return Hypothesis(element, float(self.shifts[shift]), float(self.amplitudes[shift, lead]), matches, evidence)

    def _told(self, place: int, shift: int, lead: int) -> Match:
        return Match(
            line=self.lines[place],
            peak=int(self.choice[shift, place]) if self.there[shift, place] else None,
            distance=float(self.distances[shift, place]),
            predicted=float(self.predicted[shift, lead, place]),
            ratio=float(self.ratio[shift, lead, place]),
            gain=float(self.gains[shift, lead, place]),
            cost=float(self.costs[shift, lead, place]),
        )


def _limits(scene: Scene, targets: FloatArray, widths: FloatArray) -> FloatArray:
    """Return the area that a line at each target would have had to have to be seen, shape (shifts, lines)."""
    seen = scene.seen
    rows: npt.NDArray[np.intp] = np.abs(np.log(seen.widths[:, None] / widths)).argmin(axis=0)
    places = np.clip(np.rint((targets - seen.energy[0]) / seen.step).astype(np.intp), 0, seen.energy.size - 1)
    heights, deviations = seen.heights[rows, places], seen.deviations[rows, places]
    least = np.maximum(scene.least * deviations, heights + 2.0 * deviations)
    return np.asarray(1.07 * widths * least, dtype=np.float64)
