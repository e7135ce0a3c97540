"""What is unusual about a file, told from its numbers and facts, whoever read it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.inspection import axis_summary, difference, unusual
from shirube.messages import Text
from shirube.records import Axis, EnergyReference, Facts, Measurement, Origin, Quantity, Remark, Spectrum
from shirube.reduction import treatment
from shirube.terms import core_terms

GARBAGE = 3.10021844987699e-317


def spectrum_of(intensity=(1.0, 2.0, 3.0), energy=(3.0, 2.0, 1.0), name="C 1s", number=1, **options):
    options = {"intensity_unit": "counts", "reference": EnergyReference("binding")} | options
    return Spectrum(f"a.txt#{number}", name, intensity, (Axis("energy", energy, "eV"),), **options)


def photon_energies(**values):
    facts = Facts()
    for kind, value in values.items():
        facts = facts.add("photon_energy", Quantity(value, "eV", origin=Origin(kind, f"{kind}.file", 7)))
    return facts


def said_of(*spectra, facts=None, remarks=(), axes=None):
    measurement = Measurement("a.txt", "r", spectra, remarks=remarks)
    by_id = {one.id: facts or Facts() for one in spectra}
    return unusual(measurement, by_id, (), core_terms(), treatment(axes or {}))


def codes(*spectra, **options):
    return [one.code for one in said_of(*spectra, **options)]


def test_a_good_file_has_nothing_unusual():
    facts = photon_energies(header=800.0, sidecar=800.0)
    assert said_of(spectrum_of(), spectrum_of(name="O 1s", number=2), facts=facts) == ()


def test_what_the_reader_remarked_comes_first_and_once():
    remark = Remark("lost-line-end", Text("lost", "なし"), "a.txt", 9)
    first, *_ = found = said_of(spectrum_of(intensity=[1.0, 1.0, 1.0]), remarks=(remark, remark))
    assert (first.code, first.text.en, first.file, first.line) == ("lost-line-end", "lost", "a.txt", 9)
    assert [one.code for one in found] == ["lost-line-end", "flat"]


@pytest.mark.parametrize(
    ("spectrum", "code"),
    [
        (spectrum_of(intensity_unit=""), "not-counts"),
        (spectrum_of(intensity_unit="counts/s"), "not-counts"),
        (spectrum_of(intensity=[2.0, 2.0, 2.0]), "flat"),
        (spectrum_of(intensity=[2.0, -1.0, 2.0]), "negative"),
        (spectrum_of(intensity=[2.0, np.nan, np.inf]), "not-finite"),
        (spectrum_of(intensity=[], energy=[]), "no-points"),
        (spectrum_of(reference=EnergyReference("unknown")), "scale-not-known"),
        (spectrum_of(energy=[3.0, 2.0, 0.5]), "axis-uneven"),
        (spectrum_of(energy=[3.0, 2.0, 2.5]), "axis-turns"),
        (spectrum_of(energy=[3.0, 3.0, 3.0]), "axis-turns"),
        (Spectrum("a.txt#1", "x", [1.0, 2.0], (Axis("time", [0.0, 1.0], "s"),), "counts"), "no-energies"),
    ],
)
def test_what_is_unusual_is_said_of_its_spectrum(spectrum, code):
    (one,) = said_of(spectrum)
    assert (one.code, one.spectra) == (code, ("a.txt#1",))
    assert one.text.en
    assert one.text.ja
    assert "{" not in one.text.en + one.text.ja


def test_a_file_without_spectra_says_so():
    assert codes() == ["no-spectra"]


def test_names_that_are_alike_are_told_with_all_their_ids():
    (one,) = said_of(spectrum_of(), spectrum_of(number=2), spectrum_of(name="O 1s", number=3))
    assert (one.code, one.spectra) == ("names-alike", ("a.txt#1", "a.txt#2"))


def test_iterations_that_will_be_summed_are_told_unless_they_are_kept():
    axes = (Axis("energy", [1.0, 2.0, 3.0], "eV"), Axis("iteration", [1.0, 2.0]))
    spectrum = Spectrum("a.txt#1", "x", np.arange(6.0).reshape(3, 2), axes, "counts", EnergyReference("kinetic"))
    (one,) = said_of(spectrum)
    assert (one.code, "2 points of the axis iteration" in one.text.en) == ("axis-summed", True)
    assert "繰り返し" in one.text.ja
    assert codes(spectrum, axes={"iteration": "keep"}) == []


def test_memory_that_was_never_written_is_no_photon_energy_and_is_compared_with_nothing():
    facts = photon_energies(header=GARBAGE, sidecar=799.85)
    (one,) = said_of(spectrum_of(), facts=facts)
    assert (one.code, one.file, one.line) == ("never-written", "header.file", 7)
    assert difference(facts, "photon_energy") is None


def test_the_difference_of_two_photon_energies_is_told():
    facts = photon_energies(header=800.0, sidecar=799.85)
    (one,) = said_of(spectrum_of(), facts=facts)
    assert one.code == "sidecar-differs"
    assert "-0.15 eV" in one.text.en
    assert difference(facts, "photon_energy") == pytest.approx(-0.15)
    assert difference(facts, "pass_energy") is None


def test_a_photon_energy_must_be_positive_and_above_the_kinetic_energies():
    assert codes(spectrum_of(), facts=photon_energies(header=0.0)) == ["photon-energy-not-positive"]
    fast = spectrum_of(energy=(801.0, 802.0, 803.0), reference=EnergyReference("kinetic"))
    (one,) = said_of(fast, facts=photon_energies(header=800.0))
    assert (one.code, "803 eV" in one.text.en) == ("beyond-photon-energy", True)
    assert codes(spectrum_of(energy=(801.0, 802.0, 803.0)), facts=photon_energies(header=800.0)) == []


def test_what_is_the_same_in_several_spectra_is_said_once():
    spectra = [spectrum_of(number=number, name=str(number)) for number in (1, 2, 3)]
    (one,) = said_of(*spectra, facts=photon_energies(header=GARBAGE))
    assert one.spectra == ("a.txt#1", "a.txt#2", "a.txt#3")


@given(
    start=st.integers(-500, 5000),
    step=st.sampled_from([0.01, 0.05, 0.1, 0.2, 1.0, -0.1, -0.02]),
    points=st.integers(2, 400),
    digits=st.sampled_from([4, 6, 12]),
)
def test_a_grid_that_was_rounded_in_print_is_even(start, step, points, digits):
    axis = Axis("energy", [round(start + index * step, digits) for index in range(points)], "eV")
    summary = axis_summary(axis)
    assert summary.even
    assert summary.step == pytest.approx(step, abs=1e-4)
    assert (summary.points, summary.first) == (points, float(start))


@given(points=st.integers(4, 60), at=st.integers(1, 58), shift=st.sampled_from([0.1, 0.3, -0.2]))
def test_a_point_off_the_grid_makes_it_uneven(points, at, shift):
    values = np.arange(float(points))
    values[min(at, points - 2)] += shift
    assert not axis_summary(Axis("energy", values, "eV")).even
