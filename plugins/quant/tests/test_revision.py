"""Revision: sets of elements are held against the whole survey, so that no line is given to the wrong element."""

import numpy as np
import pytest

from shirube_quant.channels import Channels
from shirube_quant.expectation import single_lines
from shirube_quant.identification import identify
from shirube_quant.parameters import ElementsParameters
from shirube_quant.peaks import filtered, find_peaks
from shirube_quant.spectralmodel import Conditions, Member, SpectralModel

PHOTON_ENERGY = 900.0
ENERGY = np.arange(0.0, 840.0, 0.5)
WIDTH = 1.6


def survey(shifts, **amounts):
    """Return counts of a survey with all lines of these elements, each Gaussian, on a background."""
    rate = np.full(ENERGY.size, 4000.0)
    for element, amount in amounts.items():
        for line in single_lines(element, PHOTON_ENERGY):
            kinetic = (PHOTON_ENERGY - line.energy) / 500.0
            height = amount * line.strength / kinetic**0.5 / WIDTH
            off = (ENERGY - line.energy - shifts.get(element, 0.0)) / WIDTH
            rate += height * np.exp(-4.0 * np.log(2.0) * np.square(off))
    return np.random.default_rng(5).poisson(rate).astype(float)


def amount(element, height):
    """Return the amount with which the strongest line of an element is so high."""
    strongest = max(single_lines(element, PHOTON_ENERGY), key=lambda one: one.strength)
    return height * WIDTH / strongest.strength


def model(counts):
    return SpectralModel(Channels.of(filtered(ENERGY, counts)), PHOTON_ENERGY, Conditions(width=1.5, power=0.5))


def test_a_fit_finds_shift_and_amplitude_of_each_element():
    true = amount("Cu", 20000.0)
    fit = model(survey({"Cu": 0.8}, Cu=true, C=amount("C", 15000.0))).fitted(
        {"Cu": Member(0.3, 0.6 * true), "C": Member(0.0, amount("C", 15000.0))}
    )
    # area of a Gaussian over height times width
    assert fit.members["Cu"].amplitude == pytest.approx(1.064 * true, rel=0.2)
    assert fit.members["Cu"].shift == pytest.approx(0.8, abs=0.25)


def test_an_element_that_is_there_makes_a_survey_likelier_and_another_one_does_not():
    carbon, copper = amount("C", 15000.0), amount("Cu", 9000.0)
    held = model(survey({}, C=carbon, Cu=copper))
    alone = held.fitted({"C": Member(0.0, carbon)})
    assert held.fitted(alone.members | {"Cu": Member(0.0, copper)}).likelihood > alone.likelihood + 20.0
    absent = held.fitted(alone.members | {"Sc": Member(0.0, amount("Sc", 9000.0))})
    assert absent.likelihood < alone.likelihood + 10.0
    assert absent.members["Sc"].amplitude < 0.1 * amount("Sc", 9000.0)


def test_channels_of_the_valence_band_and_beyond_the_ends_are_left_out():
    channels = Channels.of(filtered(ENERGY, survey({}, C=amount("C", 15000.0))), offset=2.0)
    assert channels.energy.min() > 18.0
    assert channels.energy.max() < ENERGY.max()
    assert np.all(np.isfinite(channels.heights))
    assert np.all(channels.variances > 0.0)


def test_the_derivative_of_a_line_is_that_of_its_heights():
    channels = Channels.of(filtered(ENERGY, survey({}, C=amount("C", 15000.0))))
    value, derivative = channels.line(285.0, 1.6)
    beside, before = channels.line(285.01, 1.6)[0], channels.line(284.99, 1.6)[0]
    assert value.max() > 0.0
    assert (beside - before) / 0.02 == pytest.approx(derivative, abs=1e-3 * np.abs(derivative).max())


def found_in(counts):
    settings = ElementsParameters()
    seen = filtered(ENERGY, counts)
    result = identify(find_peaks(seen, settings.significance), seen, PHOTON_ENERGY, settings.considered)
    return result, {one.element for one in result.elements}


@pytest.mark.parametrize(
    ("shifts", "heights"),
    [
        ({"S": -1.0}, {"S": 9000.0, "C": 12000.0}),
        ({"Cu": 1.0, "Ni": 0.5}, {"Cu": 9000.0, "Ni": 9000.0, "O": 12000.0}),
        ({"Zn": -1.5, "Mn": 1.0}, {"Zn": 4000.0, "Mn": 20000.0, "C": 12000.0}),
    ],
)
def test_the_elements_of_a_survey_are_found_and_no_rival_of_theirs(shifts, heights):
    counts = survey(shifts, **{name: amount(name, height) for name, height in heights.items()})
    result, elements = found_in(counts)
    assert elements == set(heights)
    assert all(result.needed[name] > 5.0 for name in elements)
    assert not elements & result.rejected.keys()
