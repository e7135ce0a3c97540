"""Accounting: what lines, Auger lines and losses of the elements found leave unexplained of the peaks of a survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_quant.augerlines import AugerGroup, auger_groups
from shirube_quant.expectation import ExpectedLine
from shirube_quant.hypotheses import SHALLOW, Hypothesis, Match, Scene

#: Peaks at lower binding energies are of the valence band.
_VALENCE: Final = 15.0
#: Energy losses lie so far above a line, eV, and have at most this part of its area.
_LOSSES: Final = (1.0, 32.0)
_LOSS_SHARE: Final = 0.35
#: What remains unexplained of a peak that may be an energy loss: of a broad one, of a narrow one so near that it may be
#: another chemical state, of another narrow one.
_LOSS_LEFT: Final = (0.25, 0.35, 0.8)
_STATES: Final = 6.0
#: An Auger group has at most so many times the area of the lines of the level that it follows.
_AUGER_SHARE: Final = 3.0
#: Peaks so far from a line of an Auger group show the group itself, eV.
_AUGER_NEAR: Final = 8.0
#: Part of the largest area from which on a peak is large.
_LARGE: Final = 0.25
#: What remains unexplained of a peak in an Auger group: of a broad one, of one near a line of the group, of others.
_AUGER_LEFT: Final = (0.15, 0.75, 0.9)
_BROAD: Final = 4.0
#: A line may account for so many times what is predicted; less of a peak that is narrower than the line.
_MORE: Final = 2.0
#: Peaks so near to where a line is expected may be parts of it, eV.
_BESIDE: Final = 2.5

__all__ = ["Ledger"]


class Ledger:
    """What is accounted for of each peak.

    Args:
        scene: The peaks.
        known: The lines of each element that the photon energy reaches.
    """

    def __init__(self, scene: Scene, known: Mapping[str, Sequence[ExpectedLine]]) -> None:
        self.scene, self.known = scene, known
        self.areas = np.array([one.area for one in scene.peaks])
        self.energies = np.array([one.energy for one in scene.peaks])
        self.widths = np.array([one.width for one in scene.peaks])
        self.forget()

    def forget(self) -> None:
        """Account for nothing but the valence band."""
        self.accounted = np.where(self.energies - self.scene.offset < _VALENCE, np.inf, 0.0)
        self.loss = np.ones(len(self.scene.peaks))
        self.augers: dict[str, tuple[AugerGroup, ...]] = {}

    @property
    def unexplained(self) -> FloatArray:
        """Part of each peak that nothing accounts for yet."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.clip(1.0 - self.accounted / self.areas, 0.0, 1.0) * self.loss, dtype=np.float64)

    @property
    def is_complete(self) -> bool:
        """Whether no large peak is left without an explanation."""
        left = self.unexplained * self.areas
        return bool(left.size == 0 or left.max() < _LARGE * self.areas.max())

    def account(self, one: Hypothesis) -> None:
        """Take what an element's lines, Auger groups and losses account for from the peaks."""
        for match in one.matched:
            if match.peak is not None:
                target = match.line.energy + one.shift
                beside = np.abs(self.energies - target) < max(_BESIDE, 0.8 * match.line.width)
                beside[match.peak] = True
                narrower = np.minimum(1.0, self.widths[beside] / match.line.width)
                self.accounted[beside] += _MORE * match.predicted * np.power(narrower, 3)
                if match.line.energy > SHALLOW:
                    self._account_losses(float(self.energies[match.peak]), match.predicted)
        groups = []
        for group, inside in self.auger_peaks(one):
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

    def auger_peaks(self, one: Hypothesis) -> list[tuple[AugerGroup, npt.NDArray[np.intp]]]:
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

    def is_valence(self, place: int) -> bool:
        """Tell whether a peak is of the valence band."""
        return bool(self.energies[place] - self.scene.offset < _VALENCE)

    def line_before(self, place: int, found: Sequence[Hypothesis]) -> tuple[Hypothesis, Match] | None:
        """Return the nearest line behind which a peak may be a loss or another state, with its element."""
        lines = [
            (float(self.energies[place] - self.energies[match.peak]), one, match)
            for one in found
            for match in one.matched
            if match.peak is not None
            and match.line.energy > SHALLOW
            and self.areas[place] < _LOSS_SHARE * match.predicted
        ]
        near = [one for one in lines if _LOSSES[0] < one[0] < _LOSSES[1]]
        return min(near, key=lambda one: one[0])[1:] if near else None
