"""The smoothing ladder against scipy's own filter, pass by pass."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import savgol_filter

from shirube_bicfit.ladder import RUNGS, smoothing_ladder


def test_there_are_155_rungs_from_2_to_2880_passes():
    assert len(RUNGS) == 155
    assert (RUNGS[0], RUNGS[-1]) == (2, 2880)
    assert list(RUNGS) == sorted(set(RUNGS))


def test_every_rung_is_what_scipy_filters_with_growing_windows_and_repeated_ends(case):
    counts = case("p3").counts(0)
    ladder = dict(zip(RUNGS, smoothing_ladder(counts), strict=True))
    curve = counts
    for number in range(1, RUNGS[-1] + 1):
        curve = savgol_filter(curve, 5 + 2 * ((number - 1) // 480), 2, mode="nearest")
        if number in ladder:
            assert ladder[number] == pytest.approx(curve, abs=1e-6)


def test_a_constant_stays_as_it_is():
    assert smoothing_ladder(np.full(40, 3.0)) == pytest.approx(np.full((155, 40), 3.0))


@pytest.mark.parametrize("channels", [1, 3, 8])
def test_spectra_shorter_than_the_window_are_smoothed_too(channels):
    assert smoothing_ladder(np.arange(channels, dtype=float)).shape == (155, channels)
