"""Criteria: published values and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from shirube_bicfit.criteria import bic_gauss, bic_poisson, model_weights


def test_the_gaussian_criterion_is_the_one_the_nims_program_prints():
    # its best model of p3, seed 0: 289 channels, 14 parameters, residual variance 2603.4619 as printed
    assert bic_gauss(289 * 2603.4619, 289, 14) == pytest.approx(3172.3450788804807, abs=1e-5)


def test_a_parameter_must_buy_more_deviance_than_the_logarithm_of_the_channels():
    assert bic_poisson(300.0, 301, 18) - bic_poisson(300.0, 301, 14) == pytest.approx(4 * np.log(301))
    assert bic_poisson(300.0, 301, 14, dispersion=2.0) == pytest.approx(150.0 + 14 * np.log(301))


def test_weights_fall_by_e_for_every_two_units_and_sum_to_one():
    weights = model_weights([10.0, 12.0, 16.0])
    assert weights.sum() == pytest.approx(1.0)
    assert weights[1] / weights[0] == pytest.approx(np.exp(-1))
    assert weights[2] / weights[0] == pytest.approx(np.exp(-3))


def test_weights_of_hopeless_models_are_zero_not_nan():
    assert model_weights([0.0, 1e9]).tolist() == [1.0, 0.0]
