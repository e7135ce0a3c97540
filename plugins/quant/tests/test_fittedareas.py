"""Areas of fits, read from results that any analysis may leave: sums with the covariances that tables imply."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.messages import Text
from shirube.records import Axis, EnergyReference, Result, Spectrum
from shirube.tables import Column, Table
from shirube_quant.fittedareas import fitted_areas

SPECTRUM = Spectrum(
    id="a.txt#1",
    name="C 1s",
    intensity=np.ones(101),
    axes=(Axis("energy", np.linspace(295.0, 280.0, 101), "eV"),),
    reference=EnergyReference("binding", 800.0, 0.0),
)


def result(columns, *, status="ok", rank=1, target="a.txt#1"):
    named = {"centre": "peak_position", "content": "peak_area", "label": "component_name"}
    made = tuple(Column(name, Text(name, name), values, term=named.get(name, "")) for name, values in columns.items())
    return Result(
        analysis="anyfit", target=target, status=status, tables=(Table("lines", Text("", ""), made, rank=rank),)
    )


def fit_of(areas, covariance, positions=None):
    """Return what a fit with this covariance of areas would write, to first order."""
    total = areas.sum()
    jacobian = (np.eye(areas.size) - np.outer(areas / total, np.ones(areas.size))) / total
    return {
        "centre": np.linspace(284.0, 290.0, areas.size) if positions is None else np.array(positions),
        "content": areas,
        "content_uncertainty": np.sqrt(np.diagonal(covariance)),
        "area_percent_uncertainty": 100.0 * np.sqrt(np.diagonal(jacobian @ covariance @ jacobian.T)),
    }


CASES = st.tuples(st.lists(st.floats(0.5, 50.0), min_size=2, max_size=6).map(np.array), st.integers(0, 2**32 - 1))


@given(CASES)
def test_the_variance_of_the_sum_is_told_by_the_uncertainties_of_areas_and_shares(case):
    areas, seed = case
    root = np.random.default_rng(seed).normal(size=(areas.size, areas.size))
    covariance = root @ root.T
    found = fitted_areas((result(fit_of(areas, covariance)),), SPECTRUM)
    assert found.correlated
    assert found.area == pytest.approx(areas.sum())
    assert found.uncertainty == pytest.approx(math.sqrt(covariance.sum()), rel=1e-5, abs=1e-6)
    for component, expected in zip(found.components, covariance.sum(axis=0), strict=True):
        assert component.covariance == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_a_component_at_the_end_of_the_region_is_left_out_of_area_and_uncertainty():
    areas, covariance = np.array([10.0, 5.0, 7.0]), np.diag([1.0, 0.25, 2500.0])
    found = fitted_areas((result(fit_of(areas, covariance, [284.8, 286.0, 295.0])),), SPECTRUM)
    assert [one.position for one in found.left_out] == [295.0]
    assert found.area == pytest.approx(15.0)
    assert found.uncertainty == pytest.approx(math.sqrt(1.25), rel=1e-6)


def test_without_uncertainties_of_shares_components_are_independent_of_each_other():
    columns = fit_of(np.array([10.0, 5.0]), np.array([[1.0, -0.4], [-0.4, 0.25]]))
    del columns["area_percent_uncertainty"]
    found = fitted_areas((result(columns),), SPECTRUM)
    assert not found.correlated
    assert found.uncertainty == pytest.approx(math.sqrt(1.25))


def test_without_any_uncertainty_the_area_is_there_and_its_uncertainty_is_not():
    found = fitted_areas((result({"centre": [284.8], "content": [3.0]}),), SPECTRUM)
    assert (found.area, found.position) == (3.0, 284.8)
    assert math.isnan(found.uncertainty)


@pytest.mark.parametrize(
    "other",
    [
        result({"centre": [284.8], "content": [3.0]}, target="b.txt#1"),
        result({"centre": [284.8], "content": [3.0]}, status="refused"),
        result({"centre": [284.8], "content": [3.0]}, rank=2),
        result({"centre": [284.8]}),
        result({"centre": [294.99], "content": [3.0]}),
    ],
)
def test_what_is_no_usable_fit_of_the_spectrum_is_none(other):
    assert fitted_areas((other,), SPECTRUM) is None


def test_a_doubtful_fit_is_used_and_marked():
    assert fitted_areas((result({"centre": [284.8], "content": [3.0]}, status="doubtful"),), SPECTRUM).doubtful
