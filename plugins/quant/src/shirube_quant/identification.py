"""Identification: the elements that together account for the peaks of a survey, the best supported one first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from shirube.records import FloatArray
from shirube_quant.augerlines import AugerGroup, auger_groups
from shirube_quant.expectation import ExpectedLine, expected_lines
from shirube_quant.hypotheses import SHALLOW, Hypothesis, Match, Scene, in_range, tried
from shirube_quant.peaks import Filtered, Peak

#: Evidence that an element needs: half of what one certain line gives.
_ENOUGH: Final = 0.5
#: A lone line needs more, and carbon and oxygen, which nearly every sample takes from air, need less.
_LONE: Final = 0.75
_FROM_AIR: Final = {"C": 0.25, "O": 0.25}
#: Its leading line must be a peak of which no other element accounts for so much.
_OWN: Final = 0.35
#: Peaks at lower binding energies are of the valence band.
_VALENCE: Final = 15.0
#: Energy losses lie so far above a line, eV, and have at most this part of its area.
_LOSSES: Final = (1.0, 32.0)
_LOSS_SHARE: Final = 0.35
#: What remains unexplained of a peak that may be an energy loss: of a broad one, of a narrow one so near that it may be
#: another chemical state, of another narrow one.
_LOSS_LEFT: Final = (0.25, 0.35, 0.8)
_STATES: Final = 6.0
#: An Auger group has at most so many times the area of the lines of the level that it follows, and counts as a part of
#: a line.
_AUGER_SHARE: Final = 3.0
_AUGER_GAIN: Final = 0.5
#: Peaks so far from a line of an Auger group show the group itself, eV.
_AUGER_NEAR: Final = 8.0
#: Rigid offsets are tried at this distance, eV; an eV of offset must gain so much evidence, and none is tried where all
#: large peaks are explained and no element is moved by more than what costs so much.
_STEP: Final = 1.5
_DOUBT: Final = 0.15
_USUAL: Final = 0.1
#: Part of the largest area from which on a peak is large.
_LARGE: Final = 0.25
#: What remains unexplained of a peak in an Auger group: of a broad one, of one near a line of the group, of others.
_AUGER_LEFT: Final = (0.15, 0.75, 0.9)
_BROAD: Final = 4.0
#: A gain that counts as a line found, and how many make no lone line.
_COUNTS: Final = 0.2
_PAIR: Final = 2
#: A line may account for so many times what is predicted; less of a peak that is narrower than the line.
_MORE: Final = 2.0
#: Peaks so near to where a line is expected may be parts of it, eV.
_BESIDE: Final = 2.5
#: Elements that are proposed at most.
_MOST: Final = 25
#: How many other elements are shown beside an assignment.
_OTHERS: Final = 3

Kind: TypeAlias = Literal["line", "auger", "loss", "valence", "none"]

__all__ = ["Assignment", "Identification", "Kind", "identify"]


@frozen
class Assignment:
    """What a peak may be.

    Attributes:
        peak: Place of the peak.
        kind: A core-level line, an Auger group, an energy loss of a stronger line, the valence band, or none.
        element: Symbol, ``""`` for none.
        line: The core-level line: that of the peak, or the stronger one of a loss.
        auger: The Auger group.
        match: How the line fits.
        share: Part of the peak that the element is expected to make up.
    """

    peak: int
    kind: Kind
    element: str = ""
    line: ExpectedLine | None = None
    auger: AugerGroup | None = None
    match: Match | None = None
    share: float = 0.0


@frozen(eq=False)
class Identification:
    """What a survey may show.

    Attributes:
        scene: Peaks and limits.
        elements: In order of their support.
        assignments: One for each peak.
        others: For each peak what else lies there, by place.
        rejected: Hypotheses that did not hold, by symbol.
        augers: Auger groups that show a peak, by symbol.
    """

    scene: Scene
    elements: tuple[Hypothesis, ...]
    assignments: tuple[Assignment, ...]
    others: Mapping[int, tuple[Assignment, ...]]
    rejected: Mapping[str, Hypothesis]
    augers: Mapping[str, tuple[AugerGroup, ...]] = field(factory=dict)

    @property
    def peaks(self) -> tuple[Peak, ...]:
        """The peaks, in order of energy."""
        return self.scene.peaks

    def score(self, element: str) -> float:
        """Return the score of an element that was found, from 0 to 1, its Auger lines counted as half a line."""
        (evidence,) = (one.evidence for one in self.elements if one.element == element)
        return evolve(evidence, gain=evidence.gain + _AUGER_GAIN * bool(self.augers.get(element))).score

    @property
    def unassigned(self) -> tuple[Peak, ...]:
        """Peaks for which there is no explanation."""
        return tuple(self.peaks[one.peak] for one in self.assignments if one.kind == "none")


def identify(
    peaks: Sequence[Peak],
    seen: Filtered,
    photon_energy: float,
    elements: Iterable[str],
    *,
    least: float = 6.0,
    tolerance: float = 2.0,
    offset_range: float = 0.0,
) -> Identification:
    """Return the elements that account for the peaks of a survey.

    The element with most evidence goes first; what its lines, Auger lines and losses account for is no evidence for the
    next one. Rigid offsets of the scale are tried where shifts are unusual.

    Args:
        peaks: In order of energy.
        seen: The survey behind its filters.
        photon_energy: In eV.
        elements: Symbols of those that are considered.
        least: Smallest significance of a peak.
        tolerance: How far a line may lie from where its element's shift puts it, eV.
        offset_range: Largest rigid offset of the scale that is tried, eV.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    known = {one: expected_lines(one, photon_energy) for one in elements}
    real = tuple(one for one in peaks if one.energy < photon_energy)
    scene = Scene(real, seen, photon_energy, least, tolerance)
    if offset_range > 0.0:
        scene = evolve(scene, offset=_offset(scene, known, offset_range))
    return _Search(scene, known).run()


def _offset(scene: Scene, known: Mapping[str, Sequence[ExpectedLine]], largest: float) -> float:
    """Return the rigid offset of the scale at which the elements found account for most, 0 unless another does more.

    Chemistry moves single elements by as much, so an offset must gain what it costs; where the shifts that are found
    without one are usual, none is looked for.
    """
    worth: dict[float, float] = {}
    steps = np.arange(_STEP, largest + 0.5 * _STEP, _STEP)
    for offset in (0.0, *steps.tolist(), *(-steps).tolist()):
        search = _Search(evolve(scene, offset=offset), known)
        search.collect()
        evidence = [one.evidence for one in search.found]
        worth[offset] = sum(one.total for one in evidence) - _DOUBT * abs(offset)
        if not offset and search.is_complete and all(one.unusual < _USUAL for one in evidence):
            break
    return max(worth, key=lambda one: worth[one])


class _Search:
    """One search: what is found so far, and what it accounts for."""

    def __init__(self, scene: Scene, known: Mapping[str, Sequence[ExpectedLine]]) -> None:
        self.scene, self.known = scene, known
        self.areas = np.array([one.area for one in scene.peaks])
        self.energies = np.array([one.energy for one in scene.peaks])
        self.widths = np.array([one.width for one in scene.peaks])
        self.found: list[Hypothesis] = []
        self._forget()

    def _forget(self) -> None:
        """Account for nothing but the valence band."""
        self.accounted = np.where(self.energies - self.scene.offset < _VALENCE, np.inf, 0.0)
        self.loss = np.ones(len(self.scene.peaks))
        self.augers: dict[str, tuple[AugerGroup, ...]] = {}

    @property
    def unexplained(self) -> FloatArray:
        """Part of each peak that nothing accounts for yet."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.clip(1.0 - self.accounted / self.areas, 0.0, 1.0) * self.loss, dtype=np.float64)

    def collect(self) -> dict[str, Sequence[ExpectedLine]]:
        """Add elements until none has enough evidence left, and return the lines of the others."""
        left = dict(self.known)
        while left and len(self.found) < _MOST:
            unexplained = self.unexplained
            able = [one for one in self._tried(left, unexplained) if self._holds(one, unexplained)]
            if not able:
                break
            best = max(able, key=self._support)
            self.found.append(best)
            self._account(best)
            del left[best.element]
        return left

    @property
    def is_complete(self) -> bool:
        """Whether no large peak is left without an explanation."""
        left = self.unexplained * self.areas
        return bool(left.size == 0 or left.max() < _LARGE * self.areas.max())

    def run(self) -> Identification:
        """Return what is found, once each element has been tried beside all others."""
        left = self.collect()
        dropped = self._reviewed()
        unexplained = self.unexplained
        others = {name: tried(name, lines, self.scene, unexplained) for name, lines in left.items()}
        return self._told({name: one for name, one in others.items() if one is not None} | dropped)

    def _tried(self, left: Mapping[str, Sequence[ExpectedLine]], unexplained: FloatArray) -> Iterator[Hypothesis]:
        """Yield the hypotheses of elements whose leading line may have a peak of its own."""
        own = self.energies[unexplained >= _OWN]
        shifts = self.scene.shifts
        for element, lines in left.items():
            inside = in_range(lines, self.scene)
            if not inside:
                continue
            room = 2.0 * self.scene.tolerance + inside[0].width
            near = own - inside[0].energy
            if np.any((near > shifts[0] - room) & (near < shifts[-1] + room)):
                hypothesis = tried(element, lines, self.scene, unexplained)
                if hypothesis is not None:
                    yield hypothesis

    def _reviewed(self) -> dict[str, Hypothesis]:
        """Take back elements that are not needed beside those that were found later, and return them."""
        dropped = {}
        for one in sorted(self.found, key=self._support):
            self._forget()
            for other in self.found:
                if other is not one:
                    self._account(other)
            unexplained = self.unexplained
            again = tried(one.element, self.known[one.element], self.scene, unexplained)
            if again is None or not self._holds(again, unexplained):
                self.found.remove(one)
                dropped[one.element] = one if again is None else again
        self._forget()
        for one in self.found:
            self._account(one)
        return dropped

    def _holds(self, one: Hypothesis, unexplained: FloatArray) -> bool:
        """Tell whether a hypothesis has enough evidence, and its leading line a peak of its own."""
        leading = one.matches[0]
        if leading.peak is None or unexplained[leading.peak] < _OWN:
            return False
        lone = sum(match.gain > _COUNTS for match in one.matches) < _PAIR
        needed = (_LONE if lone else _ENOUGH) - _FROM_AIR.get(one.element, 0.0)
        return one.evidence.total >= needed

    def _support(self, one: Hypothesis) -> float:
        """Return by what hypotheses are ordered: evidence, weighted with how much of the survey it explains."""
        size = sum(self.areas[match.peak] * match.gain for match in one.matched if match.peak is not None)
        return one.evidence.total * float(np.log1p(size / (self.areas.min() + 1e-300)))

    def _account(self, one: Hypothesis) -> None:
        """Take what an element's lines, Auger groups and losses account for from the peaks."""
        for match in one.matched:
            if match.peak is not None:
                target = match.line.energy + one.shift
                beside = np.abs(self.energies - target) < max(_BESIDE, 0.8 * match.line.width)
                beside[match.peak] = True
                narrower = np.minimum(1.0, self.widths[beside] / match.line.width)
                self.accounted[beside] += _MORE * match.predicted * np.square(narrower)
                if match.line.energy > SHALLOW:
                    self._account_losses(float(self.energies[match.peak]), match.predicted)
        groups = []
        for group, inside in self._auger_peaks(one):
            lines = self.scene.photon_energy - np.array(group.lines) + one.shift
            near = np.abs(self.energies[inside][:, None] - lines).min(axis=1) < _AUGER_NEAR
            broad = self.widths[inside] > _BROAD
            self.loss[inside] *= np.select([broad, near], _AUGER_LEFT[:2], _AUGER_LEFT[2])
            if near.any():
                groups.append(group)
        self.augers[one.element] = tuple(groups)

    def _account_losses(self, energy: float, area: float) -> None:
        behind = self.energies - energy
        inside = (behind > _LOSSES[0]) & (behind < _LOSSES[1]) & (self.areas < _LOSS_SHARE * area)
        left = np.select([self.widths > _BROAD, behind < _STATES], _LOSS_LEFT[:2], _LOSS_LEFT[2])
        # several lines before a peak make it no more of a loss than the likeliest of them does
        self.loss[inside] = np.minimum(self.loss, left)[inside]

    def _auger_peaks(self, one: Hypothesis) -> list[tuple[AugerGroup, npt.NDArray[np.intp]]]:
        """Return the element's Auger groups with the places of the peaks that lie in them and are not too large."""
        found = []
        strengths = {match.line.label.orbital: match.predicted for match in one.matches}
        for group in auger_groups().get(one.element, ()):
            if group.hole.orbital not in {line.label.orbital for line in self.known[one.element]}:
                continue
            limit = _AUGER_SHARE * max(strengths.get(group.hole.orbital, np.inf), *strengths.values())
            kinetic = self.scene.photon_energy - self.energies + one.shift
            inside = (kinetic > group.low) & (kinetic < group.high) & (self.areas < limit)
            if inside.any():
                found.append((group, np.flatnonzero(inside)))
        return found

    def _told(self, rejected: Mapping[str, Hypothesis]) -> Identification:
        candidates: dict[int, list[Assignment]] = {place: [] for place in range(len(self.areas))}
        for one in self.found:
            for assignment in self._claims(one):
                candidates[assignment.peak].append(assignment)
        chosen, others = [], {}
        for place, claims in candidates.items():
            ranked = sorted(claims, key=lambda claim: -claim.share)
            best = ranked[0] if ranked else self._unclaimed(place)
            chosen.append(best)
            more = [*ranked[1:], *_lying_at(place, rejected)]
            others[place] = tuple(more[:_OTHERS])
        return Identification(self.scene, tuple(self.found), tuple(chosen), others, rejected, self.augers)

    def _claims(self, one: Hypothesis) -> list[Assignment]:
        claims = [
            Assignment(match.peak, "line", one.element, match.line, None, match, min(1.0, match.ratio))
            for match in one.matched
            if match.peak is not None
        ]
        taken = {claim.peak for claim in claims}
        for group, inside in self._auger_peaks(one):
            claims += [
                Assignment(int(peak), "auger", one.element, auger=group, share=0.3)
                for peak in inside
                if peak not in taken
            ]
        return claims

    def _unclaimed(self, place: int) -> Assignment:
        """Return what a peak of no line is: of the valence band, a loss, or nothing known."""
        if self.energies[place] - self.scene.offset < _VALENCE:
            return Assignment(place, "valence")
        distances = [
            (self.energies[place] - self.energies[match.peak], match, one.element)
            for one in self.found
            for match in one.matched
            if match.peak is not None
            and match.line.energy > SHALLOW
            and self.areas[place] < _LOSS_SHARE * match.predicted
        ]
        near = [one for one in distances if _LOSSES[0] < one[0] < _LOSSES[1]]
        if not near:
            return Assignment(place, "none")
        _, match, element = min(near, key=lambda one: one[0])
        return Assignment(place, "loss", element, match.line, None, match)


def _lying_at(place: int, rejected: Mapping[str, Hypothesis]) -> list[Assignment]:
    """Return lines of elements that did not hold, at a peak, those of the best supported elements first."""
    lying = [
        (one.evidence.total, Assignment(place, "line", one.element, match.line, None, match, min(1.0, match.ratio)))
        for one in rejected.values()
        for match in one.matched[:_OTHERS]
        if match.peak == place
    ]
    return [one for _, one in sorted(lying, key=lambda pair: -pair[0])]
