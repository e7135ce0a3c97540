"""Areas: closed forms, and numerical integrals where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube_bicfit.areas import area_gradient, line_areas


def integral_of_an_asymmetric_line(height, width, fraction, asymmetry):
    """Integrate the definition of Stancik and Brauns by scipy, in 1 / E far out, where the Lorentzian falls as that."""
    from scipy.integrate import quad

    def line(distance):
        varying = 2 * width / (1 + np.exp(np.clip(-asymmetry * distance, -700, 700)))
        square = min(abs(2 * distance / max(varying, 1e-200)), 1e100) ** 2
        return height * (fraction / (1 + square) + (1 - fraction) * np.exp(-np.log(2) * square))

    near = sum(quad(line, low, low + 1, epsabs=0, epsrel=1e-10)[0] for low in range(-40, 40))
    far = sum(quad(lambda x, side=side: line(side / x) / x**2, 1e-12, 1 / 40, epsrel=1e-10)[0] for side in (-1, 1))
    return near + far


@pytest.mark.parametrize("asymmetry", [0.05, 0.4, -0.4, 2.0, -2.0])
@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("width", [0.3, 1.1, 4.0])
def test_the_area_of_a_line_with_a_tail_is_its_integral(width, fraction, asymmetry):
    line = np.array([1200.0, 284.8, width, fraction, asymmetry])
    assert line_areas(line) == pytest.approx(
        integral_of_an_asymmetric_line(1200.0, width, fraction, asymmetry), rel=1e-7
    )


def test_a_tail_of_no_length_leaves_the_area_of_the_symmetric_line():
    line = np.array([1200.0, 284.8, 1.1, 0.3])
    assert line_areas(np.append(line, 0.0)) == pytest.approx(line_areas(line), rel=1e-13)


@given(
    st.tuples(st.floats(1.0, 1e6), st.floats(0, 1e3), st.floats(0.1, 4), st.floats(0, 1), st.floats(0.05, 2)),
    st.sampled_from([-1.0, 1.0]),
)
def test_the_gradient_is_that_of_the_area_and_sides_do_not_matter(numbers, side):
    line = np.array(numbers)
    line[4] *= side
    gradient = area_gradient(line)
    for index, step in enumerate(np.diag([1e-3, 1e-4, 1e-5, 1e-5, 1e-5])):
        slope = (line_areas(line + step) - line_areas(line - step)) / (2 * step[index])
        assert gradient[index] == pytest.approx(slope, rel=2e-5, abs=1e-6 * line_areas(line))
    assert line_areas(line * [1, 1, 1, 1, -1]) == pytest.approx(line_areas(line), rel=1e-12)
