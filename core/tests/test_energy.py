"""Energy scales: hv = KE + BE + phi, on axes and on spectra."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.energy import binding_energy, kinetic_energy, kinetic_energy_of, reach_above, scan_width
from shirube.records import Axis, EnergyReference, Spectrum

AL_K_ALPHA = 1486.6


def spectrum(energy, reference):
    return Spectrum("x#1", "", np.ones(len(energy)), (Axis("energy", energy, "eV"),), reference=reference)


def test_gold_measured_with_aluminium_radiation_lies_at_84_electronvolts():
    # KE of Au 4f7/2 for a spectrometer work function of 4.5 eV; BE 83.96 eV (ISO 15472).
    assert binding_energy(1398.14, AL_K_ALPHA, 4.5) == pytest.approx(83.96)


def test_kinetic_energies_counted_from_the_fermi_level_need_no_work_function():
    # SES 1.3.1, header 153 eV: the kinetic axis 123 to 163 eV is written as binding energies 30 to -10 eV.
    assert binding_energy([123.0, 163.0], 153.0).tolist() == [30.0, -10.0]


def test_both_ways_are_one_formula_and_keep_the_shape():
    grid = np.arange(6.0).reshape(2, 3)
    assert np.allclose(kinetic_energy(binding_energy(grid, 400.0, 4.3), 400.0, 4.3), grid, rtol=0.0, atol=1e-12)
    assert binding_energy(7.0, 10.0).shape == ()


@given(st.floats(0.0, 1e4), st.floats(0.0, 1e4), st.floats(0.0, 10.0))
def test_the_photon_energy_is_the_sum_of_its_parts(kinetic, photon_energy, work_function):
    binding = float(binding_energy(kinetic, photon_energy, work_function))
    assert kinetic + binding + work_function == pytest.approx(photon_energy, abs=1e-8)


@given(st.floats(0.0, 10.0))
def test_a_work_function_that_made_the_photon_energy_cancels(work_function):
    # hv from a Fermi edge at KE 395.5 eV holds the work function that the conversion takes away again.
    energies = binding_energy([395.5, 111.5], 395.5 + work_function, work_function)
    assert energies == pytest.approx([0.0, 284.0], abs=1e-9)


def test_a_spectrum_tells_its_kinetic_energies_when_its_reference_does():
    kinetic = spectrum([1.0, 2.0], EnergyReference("kinetic"))
    binding = spectrum([30.0, -10.0], EnergyReference("binding", 153.0, 0.0))
    unstated = spectrum([30.0, -10.0], EnergyReference("binding", 153.0))
    corrected = spectrum([30.0, -10.0], EnergyReference("binding", 157.5, 4.5))
    assert kinetic_energy_of(kinetic).tolist() == [1.0, 2.0]
    for one in (binding, unstated, corrected):
        assert kinetic_energy_of(one).tolist() == [123.0, 163.0]


@pytest.mark.parametrize("reference", [EnergyReference("unknown"), EnergyReference("binding")])
def test_a_spectrum_that_does_not_tell_gives_none(reference):
    assert kinetic_energy_of(spectrum([1.0, 2.0], reference)) is None


def test_the_width_of_a_scan_does_not_depend_on_its_direction():
    assert scan_width(spectrum([600.0, 0.0, -10.0], EnergyReference("binding"))) == 610.0
    assert scan_width(spectrum([5.0], EnergyReference("kinetic"))) == 0.0


@pytest.mark.parametrize(("width", "reach"), [(0.0, 5.0), (20.0, 5.0), (100.0, 5.0), (1400.0, 70.0)])
def test_a_wide_scan_may_reach_further_above_the_photon_energy(width, reach):
    assert reach_above(width, 5.0, 0.05) == pytest.approx(reach)
