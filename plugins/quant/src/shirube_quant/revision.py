"""Revision: elements that were found one after another are held together against the whole survey.

An element that went first may have taken the peaks of another one; only both sets, each fitted to the whole survey,
tell which of them accounts for it. Elements are taken away, added and exchanged as long as that makes it likelier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from shirube_quant.channels import Channels
from shirube_quant.hypotheses import Hypothesis, Scene
from shirube_quant.spectralmodel import Conditions, Fit, Member, SpectralModel

#: By how much an element must raise the log-likelihood where no peak is evidence for it, and what each unit of evidence
#: (a certain line) takes off, within limits. Carbon and oxygen, which nearly every sample takes from air, need less.
_PRICE: Final = 24.0
_FROM_AIR: Final = {"C": 12.0, "O": 12.0}
_EVIDENCE: Final = 15.0
_LIMITS: Final = (-1.0, 1.5)
#: Chemical shifts: what is usual, and their standard deviation, eV.
_USUAL, _UNUSUAL = 0.6, 2.0
#: Evidence that an element needs to be tried; carbon and oxygen need less.
_TRIED: Final = 0.3
_TRIED_FROM_AIR: Final = 0.05
#: So many additions are tried as exchanges, where they cost no more than this, too.
_EXCHANGED: Final = 4
_NEARLY: Final = 8.0
#: A change must gain so much, and there are so many at most.
_GAIN: Final = 0.5
_CHANGES: Final = 8
#: Widths of the instrument (eV), powers of the transmission and energies of plasmons (eV) that are tried; a plasmon
#: must gain so much.
_WIDTHS: Final = (0.8, 1.3, 1.9)
_POWERS: Final = (0.0, 1.0)
_PLASMONS: Final = (11.0, 13.0, 15.5, 18.0, 21.0, 24.0)
_PLASMON_GAIN: Final = 3.0

__all__ = ["Revision", "revised"]


@frozen
class Revision:
    """The set of elements that accounts best for a survey.

    Attributes:
        elements: Symbols.
        needed: By how much each element of the set, and each of those found that is no longer in it, raises the
            log-likelihood of the survey beside the others of the set.
    """

    elements: tuple[str, ...]
    needed: Mapping[str, float]


def revised(scene: Scene, found: Sequence[Hypothesis], rejected: Mapping[str, Hypothesis]) -> Revision:
    """Return the set of elements that accounts best for a survey, from those found and those rejected.

    Args:
        scene: Peaks, survey and limits.
        found: The elements to begin with.
        rejected: Others, by symbol.
    """
    channels = Channels.of(scene.seen, scene.offset)
    names = tuple(one.element for one in found)
    if not found or not channels.energy.size:
        return Revision(names, {})
    evidence = {one.element: one.evidence.total for one in (*rejected.values(), *found)}
    begun = {one.element: Member(one.shift, one.amplitude) for one in found}
    others = {
        name: Member(one.shift, one.amplitude)
        for name, one in rejected.items()
        if one.evidence.total >= (_TRIED_FROM_AIR if name in _FROM_AIR else _TRIED)
    }
    return _Revising(_matching(channels, scene, begun), scene.offset, evidence, begun | others).from_(begun)


def _matching(channels: Channels, scene: Scene, members: Mapping[str, Member]) -> SpectralModel:
    """Return the model under the conditions that fit a set of elements best."""

    def tried(conditions: Conditions, bonus: float = 0.0) -> tuple[float, SpectralModel]:
        model = SpectralModel(channels, scene.photon_energy, conditions)
        return model.fitted(members).likelihood + bonus, model

    best = max((tried(Conditions(width=one)) for one in _WIDTHS), key=_first)
    best = max([best, *(tried(evolve(best[1].conditions, power=one)) for one in _POWERS)], key=_first)
    lossy = (tried(evolve(best[1].conditions, loss=one), -_PLASMON_GAIN) for one in _PLASMONS)
    return max([best, *lossy], key=_first)[1]


def _first(pair: tuple[float, SpectralModel]) -> float:
    return pair[0]


class _Revising:
    """The search for the best set."""

    def __init__(
        self, model: SpectralModel, offset: float, evidence: Mapping[str, float], known: Mapping[str, Member]
    ) -> None:
        self.model, self.offset, self.evidence, self.known = model, offset, evidence, known

    def from_(self, members: Mapping[str, Member]) -> Revision:
        """Return the best set that single changes lead to."""
        worth, fit = self._judged(members)
        for _ in range(_CHANGES):
            best = max(self._changed(fit.members, worth), key=lambda one: one[0], default=(worth, fit))
            if best[0] <= worth + _GAIN:
                break
            worth, fit = best
        return Revision(tuple(fit.members), dict(self._needed(fit, members)))

    def _judged(self, members: Mapping[str, Member]) -> tuple[float, Fit]:
        """Return the worth of a set, its log-likelihood less what its elements cost, and its fit."""
        fit = self.model.fitted(members)
        return fit.likelihood - sum(self._price(name, one.shift) for name, one in fit.members.items()), fit

    def _price(self, element: str, shift: float) -> float:
        low, high = _LIMITS
        evidence = min(max(self.evidence[element], low), high)
        unusual = 0.5 * ((shift - self.offset - _USUAL) / _UNUSUAL) ** 2
        return _PRICE - _FROM_AIR.get(element, 0.0) - _EVIDENCE * evidence + unusual

    def _changed(self, members: Mapping[str, Member], worth: float) -> Iterator[tuple[float, Fit]]:
        """Yield the sets with an element less, one more, and one exchanged."""
        if len(members) > 1:
            yield from (self._judged(_without(members, one)) for one in members)
        added = [self._judged({**members, name: one}) for name, one in self.known.items() if name not in members]
        yield from added
        for more, fit in sorted(added, key=lambda one: -one[0])[:_EXCHANGED]:
            if more > worth - _NEARLY:
                yield from (self._judged(_without(fit.members, one)) for one in members)

    def _needed(self, fit: Fit, begun: Mapping[str, Member]) -> Iterator[tuple[str, float]]:
        for name in fit.members:
            yield name, fit.likelihood - self.model.fitted(_without(fit.members, name)).likelihood
        for name in begun.keys() - fit.members.keys():
            yield name, self.model.fitted({**fit.members, name: begun[name]}).likelihood - fit.likelihood


def _without(members: Mapping[str, Member], element: str) -> dict[str, Member]:
    return {name: one for name, one in members.items() if name != element}
