"""Identification: the elements that together account for the peaks of a survey, the best supported one first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import evolve

from shirube.records import FloatArray
from shirube_quant.accounting import Ledger
from shirube_quant.assignments import Identification, assigned
from shirube_quant.expectation import ExpectedLine, expected_lines
from shirube_quant.hypotheses import Hypothesis, Scene, in_range, tried, within_reach
from shirube_quant.peaks import Filtered, Peak
from shirube_quant.revision import revised

#: Evidence that an element needs, where one certain line gives 1: with two lines, with a lone one, and with a lone one
#: of an element that has many. Carbon and oxygen, which nearly every sample takes from air, need less.
_ENOUGH, _LONE, _LONE_OF_MANY = 0.8, 0.78, 0.95
_MANY: Final = 4
_FROM_AIR: Final = {"C": 0.4, "O": 0.4}
#: Of the peak of its leading line so much must be left by other elements; where it is not, because the line lies under
#: that of another, one of its strongest lines must have such a peak, and its evidence be so large.
_OWN: Final = 0.35
_HIDDEN: Final = 1.0
_STRONGEST: Final = 3
#: Rigid offsets are tried at this distance, eV; an eV of offset must gain so much evidence, and none is tried where all
#: large peaks are explained and no element is moved by more than what costs so much.
_STEP: Final = 1.5
_DOUBT: Final = 0.3
_USUAL: Final = 0.1
#: A gain that counts as a line found, and how many make no lone line.
_COUNTS: Final = 0.2
_PAIR: Final = 2
#: Elements that are proposed at most.
_MOST: Final = 25

__all__ = ["identify"]


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
    next one. Rigid offsets of the scale are tried where shifts are unusual. In the end the set is held against the
    whole survey, beside sets in which single elements are missing, added or exchanged.

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
    return _best_search(scene, known, offset_range).completed()


def _best_search(scene: Scene, known: Mapping[str, Sequence[ExpectedLine]], largest: float) -> _Search:
    """Return the search at the rigid offset of the scale at which the elements found account for most.

    Chemistry moves single elements by as much, so an offset must gain what it costs; where the shifts that are found
    without one are usual, none is looked for.
    """
    searches = []
    steps = np.arange(_STEP, largest + 0.5 * _STEP, _STEP) if largest > 0.0 else np.zeros(0)
    for offset in (0.0, *steps.tolist(), *(-steps).tolist()):
        search = _Search(evolve(scene, offset=offset), known)
        searches.append(search)
        usual = all(one.evidence.unusual < _USUAL for one in search.found)
        if not offset and search.ledger.is_complete and usual:
            break
    return max(searches, key=lambda one: one.worth)


class _Search:
    """One search: what is found so far, and what it accounts for."""

    def __init__(self, scene: Scene, known: Mapping[str, Sequence[ExpectedLine]]) -> None:
        self.scene, self.known = scene, known
        self.ledger = Ledger(scene, known)
        self.found: list[Hypothesis] = []
        self._reach: dict[str, npt.NDArray[np.intp]] = {}
        self._last: dict[str, tuple[bytes, Hypothesis | None]] = {}
        self.left = self._collect()

    @property
    def worth(self) -> float:
        """What speaks for the elements found, less what the offset costs."""
        return sum(one.evidence.total for one in self.found) - _DOUBT * abs(self.scene.offset)

    def _collect(self) -> dict[str, Sequence[ExpectedLine]]:
        """Add elements until none has enough evidence left, and return the lines of the others."""
        left = dict(self.known)
        while left and len(self.found) < _MOST:
            unexplained = self.ledger.unexplained
            able = self._able(left, unexplained, 1) or self._able(left, unexplained, _STRONGEST)
            if not able:
                break
            best = max(able, key=self._support)
            self.found.append(best)
            self.ledger.account(best)
            del left[best.element]
        return left

    def completed(self) -> Identification:
        """Return what is found, once each element has been tried beside all others."""
        dropped = self._reviewed()
        unexplained = self.ledger.unexplained
        others = {name: self._best(name, unexplained) for name in self.left}
        rejected = {name: one for name, one in others.items() if one is not None} | dropped
        revision = revised(self.scene, self.found, rejected)
        known = rejected | {one.element: one for one in self.found}
        self.found = [known.pop(name) for name in revision.elements]
        self.found = [self._again(one) for one in self.found]
        self._account(self.found)
        return assigned(self.ledger, self.found, known, revision.needed)

    def _able(self, left: Iterable[str], unexplained: FloatArray, strongest: int) -> list[Hypothesis]:
        return [one for one in self._tried(left, unexplained, strongest) if self._holds(one, unexplained)]

    def _tried(self, left: Iterable[str], unexplained: FloatArray, strongest: int) -> Iterator[Hypothesis]:
        """Yield the hypotheses of elements of whose strongest lines one may have a peak of its own."""
        own = self.ledger.energies[unexplained >= _OWN]
        shifts = self.scene.shifts
        for element in left:
            inside = in_range(self.known[element], self.scene)[:strongest]
            room = np.array([2.0 * self.scene.tolerance + one.width for one in inside])[:, None]
            near = own - np.array([one.energy for one in inside])[:, None]
            if np.any((near > shifts[0] - room) & (near < shifts[-1] + room)):
                hypothesis = self._best(element, unexplained)
                if hypothesis is not None:
                    yield hypothesis

    def _best(self, element: str, unexplained: FloatArray) -> Hypothesis | None:
        """Return the best hypothesis of an element: the last one where nothing changed at the peaks it may reach."""
        lines = self.known[element]
        if element not in self._reach:
            self._reach[element] = within_reach(in_range(lines, self.scene), self.scene)
        state = unexplained[self._reach[element]].tobytes()
        if element not in self._last or self._last[element][0] != state:
            self._last[element] = state, tried(element, lines, self.scene, unexplained)
        return self._last[element][1]

    def _reviewed(self) -> dict[str, Hypothesis]:
        """Take back elements that are not needed beside those that were found later, and return them."""
        dropped = {}
        for one in sorted(self.found, key=self._support):
            unexplained = self._account(other for other in self.found if other is not one)
            again = self._best(one.element, unexplained)
            if again is None or not self._holds(again, unexplained):
                self.found.remove(one)
                dropped[one.element] = one if again is None else again
        self._account(self.found)
        return dropped

    def _again(self, one: Hypothesis) -> Hypothesis:
        """Return what speaks for an element beside the others found, as they are now."""
        again = self._best(one.element, self._account(other for other in self.found if other is not one))
        return one if again is None or again.evidence.total < one.evidence.total else again

    def _account(self, found: Iterable[Hypothesis]) -> FloatArray:
        """Account for these elements and no others, and return what they leave of each peak."""
        self.ledger.forget()
        for one in found:
            self.ledger.account(one)
        return self.ledger.unexplained

    def _holds(self, one: Hypothesis, unexplained: FloatArray) -> bool:
        """Tell whether a hypothesis has enough evidence: more where its leading line has no peak of its own."""
        leading = one.matches[0]
        if leading.peak is None or unexplained[leading.peak] < _OWN:
            return one.evidence.total >= _HIDDEN
        lone = sum(match.gain > _COUNTS for match in one.matches) < _PAIR
        rest = _LONE_OF_MANY if len(one.matches) >= _MANY else _LONE
        needed = (rest if lone else _ENOUGH) - _FROM_AIR.get(one.element, 0.0)
        return one.evidence.total >= needed

    def _support(self, one: Hypothesis) -> float:
        """Return by what hypotheses are ordered: evidence, weighted with how much of the survey it explains."""
        size = sum(self.ledger.areas[match.peak] * match.gain for match in one.matched if match.peak is not None)
        return one.evidence.total * float(np.log1p(size / (self.ledger.areas.min() + 1e-300)))
