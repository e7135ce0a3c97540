"""What analyses see of a spectrum: sums over the axes that repeat it, and every other axis as it was measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.errors import SettingsError
from shirube.guides import parse_guide
from shirube.records import Axis, EnergyReference, Entry, Facts, Measurement, Quantity, Spectrum
from shirube.reduction import entry_target, kept_axes, reduced, spectrum_target, summed_axes, treatment
from shirube.settings import Settings, load_settings

ITERATION = {"iteration": "sum"}


def spectrum_of(unit="counts", **sizes):
    axes = tuple(Axis(name, np.arange(float(size)), "eV" if name == "energy" else "") for name, size in sizes.items())
    values = np.arange(float(np.prod(list(sizes.values())))) ** 2
    reference = EnergyReference("binding", 800.0)
    return Spectrum("a.txt#1", "O 1s", values.reshape(tuple(sizes.values())), axes, unit, reference)


def test_iterations_are_summed_and_all_that_names_the_spectrum_stays():
    spectrum = spectrum_of(energy=3, iteration=2)
    seen = reduced(spectrum, treatment())
    assert seen.is_one_dimensional
    assert list(seen.intensity) == [0 + 1, 4 + 9, 16 + 25]
    assert (seen.id, seen.name, seen.reference, seen.intensity_unit) == (
        "a.txt#1",
        "O 1s",
        spectrum.reference,
        "counts",
    )
    assert [axis.name for axis in summed_axes(spectrum, treatment())] == ["iteration"]
    assert spectrum.intensity.shape == (3, 2)


def test_angles_and_positions_are_kept_until_somebody_says_otherwise():
    spectrum = spectrum_of(energy=3, angle=4, position=2)
    assert reduced(spectrum, treatment()) is spectrum
    assert [axis.name for axis in kept_axes(spectrum, treatment())] == ["angle", "position"]
    seen = reduced(spectrum, treatment({"angle": "sum"}))
    assert [axis.name for axis in seen.axes] == ["energy", "position"]
    np.testing.assert_array_equal(seen.intensity, spectrum.intensity[:, 0] + spectrum.intensity[:, 1:].sum(axis=1))


def test_the_last_word_wins():
    assert treatment({"iteration": "keep", "angle": "sum"}, {"angle": "keep"}) == {"iteration": "keep", "angle": "keep"}


def test_an_axis_of_one_point_goes_and_the_unit_stays():
    spectrum = spectrum_of("counts/s", energy=3, angle=1)
    seen = reduced(spectrum, treatment())
    assert (seen.is_one_dimensional, seen.intensity_unit) == (True, "counts/s")
    assert summed_axes(spectrum, treatment()) == ()


def test_a_sum_of_rates_is_no_rate():
    assert reduced(spectrum_of("counts/s", energy=3, iteration=2), ITERATION).intensity_unit == ""


def test_energies_and_the_last_axis_are_never_summed():
    spectrum = spectrum_of(energy=3, iteration=2)
    assert [axis.name for axis in reduced(spectrum, {"energy": "sum", "iteration": "sum"}).axes] == ["energy"]
    only = spectrum_of(iteration=4)
    assert reduced(only, ITERATION) is only


@given(
    order=st.permutations(["energy", "iteration", "angle", "position"]),
    sizes=st.lists(st.integers(1, 4), min_size=4, max_size=4),
    wanted=st.dictionaries(st.sampled_from(["iteration", "angle", "position"]), st.sampled_from(["sum", "keep"])),
)
def test_whatever_is_summed_the_spectrum_along_the_energy_has_the_same_total(order, sizes, wanted):
    spectrum = spectrum_of(**dict(zip(order, sizes, strict=True)))
    seen = reduced(spectrum, wanted)
    total = np.zeros(len(spectrum.energy))
    for one in spectrum.along("energy"):
        total = total + one.intensity
    again = np.zeros(len(seen.energy))
    for one in seen.along("energy"):
        again = again + one.intensity
    np.testing.assert_array_equal(again, total)
    stays = [name for name in order if name == "energy" or (wanted.get(name) != "sum" and len(spectrum.axis(name)) > 1)]
    assert [axis.name for axis in seen.axes] == stays


def test_targets_hold_what_analyses_see_under_the_names_and_facts_of_what_was_read():
    spectrum = spectrum_of(energy=3, iteration=2)
    facts = {spectrum.id: Facts().add("pass_energy", Quantity(50.0, "eV"))}
    entry = Entry("e", (Measurement("a.txt", "r", (spectrum,)),), facts, axes=ITERATION)
    for target in (spectrum_target(entry, spectrum), entry_target(entry)):
        assert target.spectrum.is_one_dimensional
        seen = target.facts[spectrum.id]
        assert (seen.get("pass_energy").number, seen.get("summed_iterations").value) == (50.0, 2)
    assert entry.facts == facts
    single = Entry("e", entry.measurements, facts, axes={"iteration": "keep"})
    assert (spectrum_target(single, spectrum).facts, entry_target(single).facts) == (facts, facts)
    assert entry.spectrum(spectrum.id) is spectrum


def test_settings_say_what_is_done_with_an_axis(tmp_path):
    (tmp_path / "shirube.toml").write_text('[run.axes]\nangle = "sum"\niteration = "keep"\n', encoding="utf-8")
    settings = load_settings(sets=["run.axes.iteration=sum"], project=tmp_path, facility=tmp_path / "none")
    assert settings.run.axes == {"angle": "sum", "iteration": "sum"}
    assert settings.values() == {"run.axes.angle": "sum", "run.axes.iteration": "sum"}
    assert Settings().run.axes == {}


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("run.axes.angle=summ", "sum | keep"),
        ("run.axes=sum", "a table"),
        ("run.axes.energy=sum", "never summed"),
        ("run.axis.angle=sum", "Did you mean 'axes'"),
        ("run.guide.angle=sum", "run.guide.angle"),
    ],
)
def test_a_wrong_setting_of_an_axis_is_refused(tmp_path, assignment, said):
    with pytest.raises(SettingsError) as caught:
        load_settings(sets=[assignment], project=tmp_path, facility=tmp_path / "none")
    assert said in caught.value.render("en")


GUIDE = """
axes = { iteration = "keep", WHAT = "sum" }
[overview]
title = "A guide"
instrument = "Toy"
maker = "Us"
model = "Toy"
edition = "1"
issued = "2026-01"
publisher = "Us"
[match]
readers = ["columns"]
[files]
data = ["*.csv"]
"""


def test_a_guide_says_what_is_done_with_an_axis_and_cannot_sum_energies():
    guide = parse_guide(GUIDE.replace("WHAT", "angle"), "toy", "guide.toml")
    assert guide.axes == {"iteration": "keep", "angle": "sum"}
    for wrong in ("energy", 'angle = "summ", position'):
        with pytest.raises(SettingsError, match="axes"):
            parse_guide(GUIDE.replace("WHAT", wrong), "toy", "guide.toml")
