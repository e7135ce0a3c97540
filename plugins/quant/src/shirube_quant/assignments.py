"""Assignments: what each peak of a survey may be, by the elements found, and what else lies there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias

from attrs import evolve, field, frozen

from shirube_quant.accounting import Ledger
from shirube_quant.augerlines import AugerGroup
from shirube_quant.expectation import ExpectedLine
from shirube_quant.hypotheses import Hypothesis, Match, Scene
from shirube_quant.peaks import Peak

#: Auger lines that are seen count as this part of a line in a score.
_AUGER_GAIN: Final = 0.5
#: What an Auger group is taken to make up of a peak in it, where lines claim the peak, too.
_AUGER_PART: Final = 0.3
#: How many other elements are shown beside an assignment.
_OTHERS: Final = 3

Kind: TypeAlias = Literal["line", "auger", "loss", "valence", "none"]

__all__ = ["Assignment", "Identification", "Kind", "assigned"]


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
        needed: By how much elements raise the log-likelihood of the whole survey beside the others, by symbol.
    """

    scene: Scene
    elements: tuple[Hypothesis, ...]
    assignments: tuple[Assignment, ...]
    others: Mapping[int, tuple[Assignment, ...]]
    rejected: Mapping[str, Hypothesis]
    augers: Mapping[str, tuple[AugerGroup, ...]] = field(factory=dict)
    needed: Mapping[str, float] = field(factory=dict)

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


def assigned(
    ledger: Ledger, found: Sequence[Hypothesis], rejected: Mapping[str, Hypothesis], needed: Mapping[str, float]
) -> Identification:
    """Return what each peak may be.

    Args:
        ledger: With what the elements found account for.
        found: In order of their support.
        rejected: By symbol.
        needed: By how much elements raise the log-likelihood of the survey, by symbol.
    """
    candidates: dict[int, list[Assignment]] = {place: [] for place in range(len(ledger.areas))}
    for one in found:
        for assignment in _claims(one, ledger):
            candidates[assignment.peak].append(assignment)
    chosen, others = [], {}
    for place, claims in candidates.items():
        ranked = sorted(claims, key=lambda claim: -claim.share)
        chosen.append(ranked[0] if ranked else _unclaimed(place, ledger, found))
        others[place] = tuple([*ranked[1:], *_lying_at(place, rejected)][:_OTHERS])
    return Identification(ledger.scene, tuple(found), tuple(chosen), others, rejected, ledger.augers, needed)


def _claims(one: Hypothesis, ledger: Ledger) -> list[Assignment]:
    claims = [
        Assignment(match.peak, "line", one.element, match.line, None, match, min(1.0, match.ratio))
        for match in one.matched
        if match.peak is not None
    ]
    taken = {claim.peak for claim in claims}
    for group, inside in ledger.auger_peaks(one):
        claims += [
            Assignment(int(peak), "auger", one.element, auger=group, share=_AUGER_PART)
            for peak in inside
            if peak not in taken
        ]
    return claims


def _unclaimed(place: int, ledger: Ledger, found: Sequence[Hypothesis]) -> Assignment:
    """Return what a peak of no line is: of the valence band, a loss, or nothing known."""
    if ledger.is_valence(place):
        return Assignment(place, "valence")
    before = ledger.line_before(place, found)
    if before is None:
        return Assignment(place, "none")
    element, match = before
    return Assignment(place, "loss", element.element, match.line, None, match)


def _lying_at(place: int, rejected: Mapping[str, Hypothesis]) -> list[Assignment]:
    """Return lines of elements that did not hold, at a peak, those of the best supported elements first."""
    lying = [
        (one.evidence.total, Assignment(place, "line", one.element, match.line, None, match, min(1.0, match.ratio)))
        for one in rejected.values()
        for match in one.matched[:_OTHERS]
        if match.peak == place
    ]
    return [one for _, one in sorted(lying, key=lambda pair: -pair[0])]
