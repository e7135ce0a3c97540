"""What a figure shows of a series: its most frequent tracks as arrays over the spectra."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray
from shirube.series._ordering import FOLLOWED, Series
from shirube.series._tabling import track_name

#: A figure shows so many tracks at most: more have no colour of their own, and no place in a legend.
MOST_TRACKS: Final = 12
#: A track that was found once is no trend, unless there are no others.
_TREND: Final = 2

__all__ = ["MOST_TRACKS", "Curves", "curves_of"]


@frozen(eq=False)
class Curves:
    """The tracks of a series that a figure shows.

    Attributes:
        names: Of the tracks, in the order of their median positions.
        tracks: How many tracks there are in all.
        numbers: Position, FWHM and area with their uncertainties, nan where a track is not; shape (spectra, tracks, 6).
        doubtful: Which spectra have a result that is doubtful, shape (spectra,).
    """

    names: tuple[str, ...]
    tracks: int
    numbers: FloatArray
    doubtful: npt.NDArray[np.bool_]

    def label(self, place: int) -> str:
        """Return a track's name with its median position."""
        return f"{self.names[place]} · {np.nanmedian(self.numbers[:, place, 0]):.1f}"


def curves_of(series: Series, most: int = MOST_TRACKS) -> Curves | None:
    """Return what to draw of a series, None when it has no components."""
    counts: dict[int, int] = {}
    for member in series.members:
        for number in member.tracks.tolist():
            if number:
                counts[number] = counts.get(number, 0) + 1
    lasting = [number for number, seen in counts.items() if seen >= _TREND] or list(counts)
    chosen = sorted(lasting, key=lambda number: (-counts[number], number))[:most]
    if not chosen:
        return None
    columns = {number: column for column, number in enumerate(chosen)}
    numbers = np.full((len(series.members), len(chosen), 2 * len(FOLLOWED)), np.nan)
    for row, member in enumerate(series.members):
        for component, number in enumerate(member.tracks.tolist()):
            if number in columns:
                numbers[row, columns[number]] = member.numbers[component]
    order = np.argsort(np.nanmedian(numbers[:, :, 0], axis=0), kind="stable").tolist()
    return Curves(
        names=tuple(track_name(chosen[place]) for place in order),
        tracks=len(counts),
        numbers=numbers[:, order],
        doubtful=np.array([member.status != "ok" for member in series.members]),
    )
