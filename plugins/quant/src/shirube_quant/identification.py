"""Identification: the elements that together account for the peaks of a survey, the best supported one first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from shirube.records import FloatArray
from shirube_quant.augerlines import AugerGroup, auger_groups
from shirube_quant.expectation import ExpectedLine, expected_lines
from shirube_quant.hypotheses import SHALLOW, Hypothesis, Match, Scene, tried
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
#: Common shifts within these are no offset, eV: most elements are somewhat above the cited energies in compounds.
_ALIKE: Final = (-0.75, 1.5)
_ALONE: Final = (-2.5, 2.0)
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
    next one. A rigid offset of the scale is the shift that the elements found with freer shifts have in common; with it
    all is done again.

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
        found = _Search(evolve(scene, extra=offset_range), known).run()
        scene = evolve(scene, offset=_common_shift(found.elements, offset_range))
    return _Search(scene, known).run()


def _common_shift(elements: Sequence[Hypothesis], offset_range: float) -> float:
    """Return the rigid offset: by how much the shifts of all elements are beyond what chemistry usually does.

    Chemistry moves single elements by as much; what all have in common is more likely the scale.
    """
    shifts = [one.shift for one in elements]
    low, high = _ALIKE if len(shifts) > 1 else _ALONE
    beyond = min(shifts, default=0.0) - high, max(shifts, default=0.0) - low
    common = beyond[0] if beyond[0] > 0.0 else min(beyond[1], 0.0)
    return float(np.clip(common, -offset_range, offset_range))


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

    def run(self) -> Identification:
        """Add elements until none has enough evidence left."""
        left = dict(self.known)
        rejected: dict[str, Hypothesis] = {}
        while left and len(self.found) < _MOST:
            unexplained = self.unexplained
            hypotheses = {one: tried(one, lines, self.scene, unexplained) for one, lines in left.items()}
            rejected = {name: one for name, one in hypotheses.items() if one is not None}
            able = [one for one in rejected.values() if self._holds(one, unexplained)]
            if not able:
                break
            best = max(able, key=self._support)
            self.found.append(best)
            self._account(best)
            del left[best.element], rejected[best.element]
        rejected |= self._reviewed()
        return self._told(rejected)

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
