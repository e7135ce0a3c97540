"""Tracks: which component of one spectrum is which of the spectrum before it, with births and deaths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray
from shirube.series._assigning import assignment

#: What it costs a component to belong to no track, and a track to end: a pair costs less than both, two standard
#: deviations in all; one that takes up a track that has ended, less than one of them.
UNMATCHED: Final = 2.0
#: Beside both uncertainties, a component may be off its track by this part of the smaller FWHM as a standard deviation.
_WIDTHS: Final = 1.0 / 3.0
#: Standard deviations of the logarithms of FWHM and area between neighbours, and beyond how many they tell no more.
_WIDTH_SPREAD: Final = 0.5
_AREA_SPREAD: Final = 1.0
_MOST_UNLIKE: Final = 1.5
#: So many last positions, and at least so many, are drawn on as a line to where a component is expected next.
_LOOK_BACK: Final = 4
_FEWEST: Final = 3
#: Variance of what such a line says of the next step, by how many positions it is drawn through.
_EXTRAPOLATED: Final = {3: 7.0 / 3.0, 4: 3.0 / 2.0}

__all__ = ["UNMATCHED", "Seen", "pair_costs", "tracks_along"]


@frozen(eq=False)
class Seen:
    """The components of one spectrum: arrays of shape (k,); nan where a number or its uncertainty is not known."""

    positions: FloatArray
    uncertainties: FloatArray
    widths: FloatArray
    areas: FloatArray

    def __len__(self) -> int:
        return int(self.positions.size)


def tracks_along(series: Iterable[Seen | None], *, drifting: bool = True) -> Iterator[npt.NDArray[np.int64]]:
    """Yield, for each spectrum of a series in order, the number of the track that each of its components belongs to.

    Components are matched to tracks by the assignment of least total cost (:func:`pair_costs`); one that costs more
    than beginning a track and ending another begins a track. A track that ended may be taken up where it ended.
    Tracks are numbered from 1 as they begin, those of one spectrum by position, so that no number depends on what
    comes after it.

    Args:
        series: The components of each spectrum; None for one that has no result, which ends no track.
        drifting: Whether a track is expected to go on as it went; otherwise to stay where it was last seen.
    """
    tracks = _Tracks(drifting=drifting)
    for seen in series:
        yield np.zeros(0, dtype=np.int64) if seen is None else tracks.take(seen)


def pair_costs(seen: Seen, expected: Seen) -> FloatArray:
    """Return what it costs that each component of ``seen`` is each of ``expected``, shape (k, m).

    The squares of three deviations in standard deviations are added: of the position, where a third of the smaller FWHM
    adds to both uncertainties; of the logarithms of FWHM and area, each at most 1.5², which tell components apart that
    cross.
    """
    typical = np.fmin(seen.widths[:, None], expected.widths[None, :])
    apart = seen.positions[:, None] - expected.positions[None, :]
    # An uncertainty beyond the width says that nothing is known, which must not make everything match.
    unsure = np.fmin(np.nan_to_num(seen.uncertainties), seen.widths)[:, None] ** 2
    expected_unsure = np.fmin(np.nan_to_num(expected.uncertainties), expected.widths)[None, :] ** 2
    cost = apart**2 / (unsure + expected_unsure + (_WIDTHS * typical) ** 2)
    for mine, its, spread in (
        (seen.widths, expected.widths, _WIDTH_SPREAD),
        (seen.areas, expected.areas, _AREA_SPREAD),
    ):
        unlike = np.abs(_logarithm(mine)[:, None] - _logarithm(its)[None, :]) / spread
        cost += np.fmin(np.nan_to_num(unlike, nan=_MOST_UNLIKE), _MOST_UNLIKE) ** 2
    return np.asarray(cost, dtype=np.float64)


def _logarithm(values: FloatArray) -> FloatArray:
    """Return logarithms, nan where there is none: an area that was fitted as zero is like no other."""
    return np.log(np.where(values > 0.0, values, np.nan))


class _Tracks:
    """All tracks of a series so far, as arrays over tracks."""

    def __init__(self, *, drifting: bool) -> None:
        self._drifting = drifting
        self._history = np.zeros((0, _LOOK_BACK))
        self._length = np.zeros(0, dtype=np.int64)
        self._last = np.zeros((0, 3))
        self._alive = np.zeros(0, dtype=bool)

    def take(self, seen: Seen) -> npt.NDArray[np.int64]:
        """Return the numbers of the tracks of a spectrum's components, which are theirs from now on."""
        usable = np.isfinite(seen.positions) & (seen.widths > 0.0)
        places = np.flatnonzero(usable)
        known = Seen(*(getattr(seen, name)[places] for name in ("positions", "uncertainties", "widths", "areas")))
        chosen = self._matched(known)
        begun = np.flatnonzero(chosen < 0)
        begun = begun[np.argsort(known.positions[begun], kind="stable")]
        chosen[begun] = len(self._alive) + np.arange(begun.size)
        self._grow(begun.size)
        self._note(known, chosen)
        numbers = np.zeros(len(seen), dtype=np.int64)
        numbers[places] = chosen + 1
        return numbers

    def _matched(self, seen: Seen) -> npt.NDArray[np.int64]:
        """Return the place of the track of each component, -1 for one that begins a track."""
        chosen = np.full(len(seen), -1, dtype=np.int64)
        if not len(seen) or not self._alive.size:
            return chosen
        # A track that has ended already has not to end again.
        costs = pair_costs(seen, self._expected()) - np.where(self._alive, UNMATCHED, 0.0)
        near = np.flatnonzero((costs < UNMATCHED).any(axis=0))
        if not near.size:
            return chosen
        # What is beyond the limit is never better than one of the columns that stand for a new track.
        pairs = np.fmin(costs[:, near], UNMATCHED)
        begins = np.full((len(seen), len(seen)), UNMATCHED)
        for row, column in enumerate(assignment(np.hstack([pairs, begins]).tolist())):
            if column < near.size and pairs[row, column] < UNMATCHED:
                chosen[row] = near[column]
        return chosen

    def _expected(self) -> Seen:
        """Return where tracks go on: on a line through the last positions if they drift, else where they were seen."""
        positions = self._history[:, -1].copy()
        uncertainties, widths, areas = (self._last[:, column].copy() for column in range(3))
        if self._drifting:
            for number in range(_FEWEST, _LOOK_BACK + 1):
                enough = self._length >= number if number == _LOOK_BACK else self._length == number
                rows = np.flatnonzero(enough & self._alive)
                recent = self._history[rows, _LOOK_BACK - number :]
                steps = np.arange(number) - (number - 1) / 2.0
                slope = recent @ steps / (steps @ steps)
                ahead = recent.mean(axis=1) + slope * (number + 1) / 2.0
                # No component is expected farther from where it was than its width.
                limits = widths[rows]
                positions[rows] += np.clip(ahead - positions[rows], -limits, limits)
                uncertainties[rows] *= np.sqrt(_EXTRAPOLATED[number])
        return Seen(positions, uncertainties, widths, areas)

    def _grow(self, number: int) -> None:
        self._history = np.vstack([self._history, np.zeros((number, _LOOK_BACK))])
        self._length = np.append(self._length, np.zeros(number, dtype=np.int64))
        self._last = np.vstack([self._last, np.zeros((number, 3))])
        self._alive = np.append(self._alive, np.zeros(number, dtype=bool))

    def _note(self, seen: Seen, tracks: npt.NDArray[np.int64]) -> None:
        # What goes on after an end begins its line anew.
        self._length[tracks[~self._alive[tracks]]] = 0
        self._alive[:] = False
        self._alive[tracks] = True
        self._length[tracks] += 1
        self._history[tracks] = np.hstack([self._history[tracks, 1:], seen.positions[:, None]])
        self._last[tracks] = np.stack([seen.uncertainties, seen.widths, seen.areas], axis=1)
