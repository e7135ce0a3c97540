"""Reference lines: found where they are, to what their uncertainty says, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from shirube_synchrotron.calibration.lines import LINES, found_lines


def test_the_values_are_those_of_the_standard():
    assert {one.name: one.energy for one in LINES} == {"Au 4f7/2": 83.96, "Ag 3d5/2": 368.21, "Cu 2p3/2": 932.62}


@pytest.mark.parametrize("line", LINES, ids=lambda one: one.name)
@pytest.mark.parametrize("off", [-0.6, -0.02, 0.0, 0.31])
def test_a_line_is_found_where_it_is(line_counts, line, off):
    binding = np.arange(line.energy - 3.2, line.energy + 3.2, 0.05)
    (found,) = found_lines(binding[::-1], line_counts(binding, line.energy + off)[::-1])
    assert found.line is line
    assert found.difference == pytest.approx(off, abs=4.0 * np.hypot(found.statistical, found.model) + 0.002)
    assert np.hypot(found.statistical, found.model) < 0.02


def test_positions_scatter_as_their_uncertainty_says(line_counts):
    binding = np.arange(81.0, 87.0, 0.05)
    runs = [found_lines(binding, line_counts(binding, 83.96, seed=seed))[0] for seed in range(100)]
    scatter = np.std([one.energy for one in runs])
    claimed = np.mean([np.hypot(one.statistical, one.model) for one in runs])
    assert 0.5 * scatter < claimed < 3.0 * scatter


@pytest.mark.parametrize(
    "make",
    [
        lambda line_counts: (b := np.arange(80.0, 88.0, 0.05), line_counts(b, 82.5)),
        lambda line_counts: (b := np.arange(83.5, 90.0, 0.05), line_counts(b, 83.96)),
        lambda line_counts: (b := np.arange(0.0, 600.0, 1.2), line_counts(b, 83.96)),
        lambda line_counts: (b := np.arange(280.0, 300.0, 0.1), line_counts(b, 285.0)),
    ],
    ids=["too far", "cut off", "wide steps", "another line"],
)
def test_what_is_no_reference_line_is_not_taken_for_one(line_counts, make):
    assert found_lines(*make(line_counts)) == []


def test_noise_is_no_reference_line():
    binding = np.arange(80.0, 88.0, 0.05)
    for seed in range(50):
        counts = np.random.default_rng(seed).poisson(50.0, binding.size).astype(float)
        assert found_lines(binding, counts) == []


@pytest.mark.parametrize("line", LINES, ids=lambda one: one.name)
@pytest.mark.parametrize(("part", "found"), [(0.5, 1), (0.75, 1), (0.0, 0)])
def test_where_the_partner_of_the_doublet_is_in_range_it_must_be_there(line_counts, line, part, found):
    binding = np.arange(line.energy - 4.0, line.energy + line.partner + 3.0, 0.05)
    counts = line_counts(binding, line.energy)
    partner = part * (line_counts(binding, line.energy + line.partner, seed=5) - 200.0)
    assert len(found_lines(binding, counts + partner)) == found
