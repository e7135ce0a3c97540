"""Records: frozen, read-only on every side of a process boundary, compared by what they hold."""

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from shirube.messages import Text
from shirube.records import (
    AnalysisTarget,
    Axis,
    Converted,
    Decision,
    Drawing,
    EnergyReference,
    Entry,
    Facts,
    Finding,
    FrozenMapping,
    Measurement,
    NamedArray,
    Notice,
    Origin,
    Outcome,
    Provenance,
    Quantity,
    RawValue,
    Registration,
    Remark,
    Result,
    Sample,
    Source,
    Spectrum,
    Subject,
    Waiver,
)
from shirube.tables import Column, Table

ENERGY = np.linspace(0.0, 3.0, 4)


def cube():
    """Return a spectrum over iteration, energy and angle whose values tell where they stand."""
    intensity = np.arange(2 * 4 * 3, dtype=float).reshape(2, 4, 3)
    axes = (Axis("iteration", [0.0, 1.0]), Axis("energy", ENERGY, "eV"), Axis("angle", [-1.0, 0.0, 1.0], "deg"))
    return Spectrum("x.txt#1", "VB", intensity, axes, "counts", EnergyReference("kinetic"))


def line(values=(1.0, 2.0, 3.0, 4.0), **changes):
    made = Spectrum(
        "x.txt#1", "C 1s", values, (Axis("energy", ENERGY, "eV"),), "counts", EnergyReference("binding", 400.0)
    )
    return evolve(made, **changes)


def outcome():
    spectrum = line(metadata=(RawValue("Pass Energy", "100", "Info 1", "x.txt", 12),))
    quantity = Quantity(284.8, "eV", 0.01, Origin("sidecar", "x_metadata.json", 3, "Excitation Energy"))
    facts = Facts().add("photon_energy", quantity)
    table = Table("peaks", Text("Peaks", "ピーク"), (Column("position", Text("Position", "位置"), [284.8], "eV"),))
    return Outcome(
        entry=Entry("x", (Measurement("x.txt", "ses2002", (spectrum,)),), facts={spectrum.id: facts}),
        results=(
            Result("fit", spectrum.id, scalars={"k": quantity}, tables=(table,), arrays=(NamedArray("r", ENERGY),)),
        ),
        findings=(
            Finding(
                rule="R-1",
                policy="p",
                subject=Subject("entry", "x"),
                kind="fail",
                severity="must",
                message=Text("a", "あ"),
            ),
        ),
        decisions=(Decision("photon_energy", quantity, (Quantity(1.0),), Text("B before A", "A より B"), spectrum.id),),
        provenance=Provenance("0.1.0", settings={"run.guide": None}),
    )


def travelled(record):
    return pickle.loads(pickle.dumps(record))  # noqa: S301 our own bytes


def arrays_of(one):
    spectra = one.entry.spectra()
    yield from (spectrum.intensity for spectrum in spectra)
    yield from (axis.values for spectrum in spectra for axis in spectrum.axes)
    for result in one.results:
        yield from (array.values for array in result.arrays)
        yield from (column.values for table in result.tables for column in table.columns)


@pytest.mark.parametrize("way", [travelled, copy.copy, copy.deepcopy])
def test_an_outcome_travels_unchanged_and_stays_read_only(way):
    original = outcome()
    again = way(original)
    assert again.same_as(original)
    found = list(arrays_of(again))
    assert len(found) == 4
    for array in found:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7.0


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_every_pickle_protocol_keeps_arrays_read_only(protocol):
    again = pickle.loads(pickle.dumps(cube(), protocol=protocol))  # noqa: S301 our own bytes
    assert again.same_as(cube())
    assert not again.intensity.flags.writeable
    assert not again.energy.flags.writeable


def test_a_worker_process_sends_back_the_same_outcome():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        again = pool.submit(copy.copy, outcome()).result(timeout=60)
    assert again.same_as(outcome())
    assert all(not array.flags.writeable for array in arrays_of(again))


def test_an_array_that_others_may_change_is_copied():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    view = values[:]
    view.flags.writeable = False
    for given_values in (values, view):
        made = line(given_values)
        values[0] = 9.0
        assert made.intensity[0] == 1.0
        values[0] = 1.0


def test_an_array_that_nobody_can_change_is_not_copied():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    values.flags.writeable = False
    assert np.shares_memory(line(values).intensity, values)
    frozen = np.frombuffer(np.arange(4.0).tobytes())
    assert np.shares_memory(line(frozen).intensity, frozen)


def test_a_memory_mapped_file_is_not_copied(tmp_path):
    np.arange(4.0).tofile(tmp_path / "x.bin")
    mapped = np.memmap(tmp_path / "x.bin", dtype=np.float64, mode="r")
    assert np.shares_memory(line(mapped).intensity, mapped)
    assert type(line(mapped).intensity) is np.ndarray


def test_integers_become_doubles():
    assert line([1, 2, 3, 4]).intensity.dtype == np.float64


def test_intensity_and_axes_must_agree():
    with pytest.raises(ValueError, match=r"shape \(3,\), its axes \(4,\)"):
        line([1.0, 2.0, 3.0])


@pytest.mark.parametrize("values", [[1.0, np.nan], [np.inf], [[1.0, 2.0]], 3.0])
def test_an_axis_is_finite_and_of_one_dimension(values):
    with pytest.raises(ValueError, match="finite and of one dimension"):
        Axis("energy", values)


def test_a_cube_is_cut_along_any_axis():
    whole = cube()
    cuts = list(whole.along("energy"))
    assert [one.id for one in cuts] == [f"x.txt#1[{i},{k}]" for i in range(2) for k in range(3)]
    for one, (i, k) in zip(cuts, np.ndindex(2, 3), strict=True):
        assert one.is_one_dimensional
        assert np.array_equal(one.intensity, whole.intensity[i, :, k])
        assert not one.intensity.flags.writeable
    angles = list(whole.along("angle"))
    assert np.array_equal(angles[3].intensity, whole.intensity[0, 3, :])
    assert not angles[3].is_one_dimensional
    assert [one.id for one in line().along()] == ["x.txt#1"]


def test_a_cut_along_an_axis_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError, match="time"):
        list(cube().along("time"))
    with pytest.raises(KeyError):
        cube().axis("time")


def test_new_energies_leave_everything_else():
    whole = cube()
    moved = whole.with_energy(400.0 - ENERGY, EnergyReference("binding", 400.0, 0.0))
    assert moved.energy.tolist() == [400.0, 399.0, 398.0, 397.0]
    assert moved.reference == EnergyReference("binding", 400.0, 0.0)
    assert np.shares_memory(moved.intensity, whole.intensity)
    assert moved.axis("angle").same_as(whole.axis("angle"))
    with pytest.raises(ValueError, match="its axes"):
        cube().with_energy([1.0], EnergyReference())
    with pytest.raises(KeyError):
        Spectrum("x", "", [1.0], (Axis("angle", [1.0]),)).with_energy([1.0], EnergyReference())


@pytest.mark.parametrize(
    "change",
    [
        {"id": "y"},
        {"name": "O 1s"},
        {"intensity": [1.0, 2.0, 3.0, 4.5]},
        {"intensity_unit": ""},
        {"axes": (Axis("energy", ENERGY, "keV"),)},
        {"axes": (Axis("energy", ENERGY + 1e-6, "eV"),)},
        {"reference": EnergyReference("kinetic")},
        {"reference": EnergyReference("binding", 400.1)},
        {"reference": EnergyReference("binding", 400.0, 0.0)},
        {"metadata": (RawValue("key", "value"),)},
    ],
)
def test_spectra_that_differ_in_anything_are_not_the_same(change):
    assert line().same_as(line())
    assert not line().same_as(line(**change))


def test_numbers_may_differ_within_a_tolerance():
    near = line([1.0, 2.0, 3.0, 4.0 + 1e-9], reference=EnergyReference("binding", 400.0 + 1e-9))
    assert not line().same_as(near)
    assert line().same_as(near, rtol=1e-8)
    assert line([np.nan, 1.0, 2.0, 3.0]).same_as(line([np.nan, 1.0, 2.0, 3.0]))


def test_outcomes_that_differ_deep_inside_are_not_the_same():
    one = outcome()
    assert one.same_as(outcome())
    (result,) = one.results
    changed_array = evolve(one, results=(evolve(result, arrays=(NamedArray("r", ENERGY + 1.0),)),))
    renamed_array = evolve(one, results=(evolve(result, arrays=(NamedArray("s", ENERGY),)),))
    longer_array = evolve(one, results=(evolve(result, arrays=(NamedArray("r", np.arange(5.0)),)),))
    no_result = evolve(one, results=())
    other_fact = evolve(one, entry=evolve(one.entry, facts={}))
    for other in (changed_array, renamed_array, longer_array, no_result, other_fact):
        assert not one.same_as(other)
        assert not other.same_as(one)


def test_records_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        line().name = "other"
    with pytest.raises(FrozenInstanceError):
        outcome().entry.facts = {}
    with pytest.raises(TypeError):
        outcome().entry.facts["x"] = Facts()
    with pytest.raises(AttributeError):
        FrozenMapping({"a": 1})._items = {}


def test_what_is_not_there_is_a_key_error():
    made = outcome()
    assert made.entry.spectrum("x.txt#1").name == "C 1s"
    assert made.entry.measurement_of("x.txt#1").name == "x.txt"
    assert made.results[0].array("r").tolist() == ENERGY.tolist()
    assert made.results[0].table("peaks").column("position").unit == "eV"
    for ask in (made.entry.spectrum, made.entry.measurement_of, made.results[0].array, made.results[0].table):
        with pytest.raises(KeyError, match="nothing"):
            ask("nothing")


def test_a_target_of_several_spectra_has_no_single_one():
    assert AnalysisTarget("x", (line(),)).spectrum.name == "C 1s"
    with pytest.raises(ValueError, match="too many"):
        _ = AnalysisTarget("x", (line(), cube())).spectrum


def test_a_fact_with_one_candidate_holds_and_with_several_is_open():
    header, sidecar = Quantity(650.0, "eV", origin=Origin("header")), Quantity(650.2, "eV", origin=Origin("sidecar"))
    facts = Facts().add("photon_energy", header)
    assert facts.get("photon_energy") == header
    both = facts.add("photon_energy", sidecar)
    assert both.get("photon_energy") is None
    assert "photon_energy" not in both
    assert both.candidate("photon_energy", "sidecar") == sidecar
    assert both.candidate("photon_energy", "settings") is None
    decided = both.decide("photon_energy", sidecar)
    assert decided.get("photon_energy") == sidecar
    assert list(decided) == ["photon_energy"]
    assert dict(decided.terms()) == {"photon_energy": sidecar}
    assert both.get("photon_energy") is None


def test_a_text_is_no_number():
    assert Quantity(True).number == 1.0
    with pytest.raises(TypeError, match="'fixed' is not a number"):
        _ = Quantity("fixed").number


def test_origins_are_told_in_both_languages():
    origin = Origin("sidecar", "x_metadata.json", 3)
    assert origin.render("en") == "additional metadata x_metadata.json:3"
    assert origin.render("ja") == "追加メタデータ x_metadata.json:3"


def test_only_plain_failures_count():
    (failure,) = outcome().findings
    assert failure.counts
    assert not evolve(failure, note=True).counts
    assert not evolve(failure, kind="pass").counts
    assert not evolve(failure, waiver=Waiver("R-1", "known", "PI")).counts


FINDING = {
    "rule": "R-1",
    "policy": "p",
    "subject": Subject("entry", "x"),
    "kind": "fail",
    "severity": "must",
    "message": Text("a", "あ"),
}
TABLE = Table("peaks", Text("Peaks", "ピーク"), (Column("position", Text("Position", "位置"), [284.8], "eV"),))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Quantity(None), "Quantity.value"),
        (lambda: Quantity((1, 2)), "Quantity.value"),
        (lambda: Quantity(np.arange(3)), "Quantity.value"),
        (lambda: Quantity(1j), "Quantity.value"),
        (lambda: Quantity(np.datetime64("2025-04-01")), "Quantity.value"),
        (lambda: Quantity(1.0, 5), "Quantity.unit"),
        (lambda: Quantity(1.0, "eV", "0.1"), "Quantity.uncertainty"),
        (lambda: Quantity(1.0, "eV", origin="header"), "Quantity.origin"),
        (lambda: Origin("measured"), "Origin.kind: expected one of header, sidecar"),
        (lambda: Origin("header", line="3"), "Origin.line"),
        (lambda: EnergyReference("Binding"), "EnergyReference.scale: expected one of kinetic, binding, unknown"),
        (lambda: EnergyReference("binding", "400"), "EnergyReference.photon_energy"),
        (lambda: RawValue("k", [1, 2]), "RawValue.value"),
        (lambda: RawValue("k", "v", kind="footer"), "RawValue.kind"),
        (lambda: RawValue(1, "v"), "RawValue.key"),
        (lambda: RawValue("k", "v", line=1.5), "RawValue.line"),
        (lambda: Decision("t", 1.0), "Decision.chosen"),
        (lambda: Decision("t", None, (1.0,)), "Decision.rejected"),
        (lambda: Axis(None, [1.0]), "Axis.name"),
        (lambda: line(name=None), "Spectrum.name"),
        (lambda: line(axes=(ENERGY,)), "Spectrum.axes"),
        (lambda: line(reference="binding"), "Spectrum.reference"),
        (lambda: line(metadata=(("k", "v"),)), "Spectrum.metadata"),
        (lambda: Spectrum("x", "", 1.0, ()), "no axis"),
        (lambda: Measurement("x", "r", ("x",)), "Measurement.spectra"),
        (lambda: Measurement("x", None, ()), "Measurement.reader"),
        (lambda: Measurement("x", "r", (), sources=("x",)), "Measurement.sources"),
        (lambda: Measurement("x", "r", (), remarks=("x",)), "Measurement.remarks"),
        (lambda: Source("x", 1.0, ""), "Source.size"),
        (lambda: Remark("c", "text"), "Remark.message"),
        (lambda: NamedArray(None, [1.0]), "NamedArray.name"),
        (lambda: Result("a", "x", "good"), "Result.status: expected one of ok, doubtful, refused, skipped, failed"),
        (lambda: Result("a", "x", reasons=("no",)), "Result.reasons"),
        (lambda: Result("a", "x", scalars={"x": 1.5}), "Result.scalars"),
        (lambda: Result("a", "x", scalars={1: Quantity(1.5)}), "Result.scalars"),
        (lambda: Result("a", "x", tables=("t",)), "Result.tables"),
        (lambda: Result("a", "x", arrays=(ENERGY,)), "Result.arrays"),
        (lambda: Result("a", "x", parameters={1: 2}), "Result.parameters"),
        (lambda: Result("a", "x", parameters={"a": {"b": 1}}), "Result.parameters"),
        (lambda: Result("a", "x", parameters={"a": ((1,),)}), "Result.parameters"),
        (lambda: Finding(**{**FINDING, "kind": "failed"}), "Finding.kind"),
        (lambda: Finding(**{**FINDING, "severity": "high"}), "Finding.severity"),
        (lambda: Finding(**{**FINDING, "message": "a"}), "Finding.message"),
        (lambda: Finding(**{**FINDING, "path": 3}), "Finding.path"),
        (lambda: Subject("file", "x"), "Subject.kind"),
        (lambda: Notice("c", Text("a", "a"), "high"), "Notice.severity"),
        (lambda: Notice("c", Text("a", None)), "Notice.text"),
        (lambda: Converted(None), "Converted.spectrum"),
        (lambda: Converted(line(), decisions=(1,)), "Converted.decisions"),
        (lambda: Drawing("x", None), "Drawing.figure"),
        (lambda: Registration({"a": [1]}), "Registration.manual"),
        (lambda: Sample(names=(1,)), "Sample.names"),
        (lambda: Sample(attributes={"a": 1}), "Sample.attributes"),
    ],
)
def test_a_value_that_could_not_be_read_back_is_refused_where_it_is_made(make, said):
    with pytest.raises(ValueError, match=said):
        make()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), np.float32("nan"), np.longdouble("inf")])
@pytest.mark.parametrize(
    "make",
    [
        Quantity,
        lambda value: Quantity(1.0, "eV", value),
        lambda value: RawValue("k", value),
        lambda value: EnergyReference("binding", value),
        lambda value: EnergyReference("binding", 400.0, value),
        lambda value: Result("a", "x", parameters={"limit": value}),
        lambda value: Result("a", "x", parameters={"limits": (1.0, value)}),
        lambda value: Registration({"a": value}),
    ],
)
def test_a_number_that_is_not_finite_is_refused_and_named(make, value):
    with pytest.raises(ValueError, match=r"finite.*(nan|inf)"):
        make(value)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (np.float64(1.5), 1.5),
        (np.float32(1.5), 1.5),
        (np.longdouble(1.5), 1.5),
        (np.int64(3), 3),
        (np.uint8(3), 3),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.array(2.5), 2.5),
    ],
)
def test_scalars_of_numpy_become_those_of_python(value, wanted):
    for kept in (
        Quantity(value).value,
        RawValue("k", value).value,
        Result("a", "x", parameters={"p": value}).parameters["p"],
        Result("a", "x", parameters={"p": [value]}).parameters["p"][0],
    ):
        assert (kept, type(kept)) == (wanted, type(wanted))


def test_whole_numbers_become_floats_where_floats_are_meant():
    quantity, reference = Quantity(1.0, "eV", np.int32(2)), EnergyReference("binding", 400, np.float32(4.5))
    held = (quantity.uncertainty, reference.photon_energy, reference.work_function)
    assert held == (2.0, 400.0, 4.5)
    assert {type(one) for one in held} == {float}


def test_parameters_keep_several_values_as_tuples():
    kept = Result("a", "x", parameters={"list": [1, 2], "array": np.array([1.5, 2.5]), "none": None}).parameters
    assert kept == {"list": (1, 2), "array": (1.5, 2.5), "none": None}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Result("a", "x", tables=(TABLE, TABLE)),
        lambda: Result("a", "x", arrays=(NamedArray("peaks", [1.0]), NamedArray("peaks", [2.0]))),
        lambda: Spectrum("x", "", np.ones((2, 2)), (Axis("peaks", [1.0, 2.0]), Axis("peaks", [1.0, 2.0]))),
    ],
)
def test_two_of_one_name_are_refused(make):
    with pytest.raises(ValueError, match="two are called 'peaks'"):
        make()


def test_a_table_and_an_array_may_share_a_name():
    result = Result("a", "x", tables=(TABLE,), arrays=(NamedArray("peaks", [1.0]),))
    assert len(result.table("peaks")) == len(result.array("peaks"))


@pytest.mark.parametrize("values", [np.array([1j, 2.0]), [1.0, np.complex128(2j)], np.complex64(1.0)])
def test_complex_numbers_are_refused_because_a_part_would_be_lost(values):
    with pytest.raises(ValueError, match="real and imaginary part"):
        NamedArray("r", values)


def test_one_text_is_not_several():
    with pytest.raises(TypeError, match="several values"):
        Sample(names="Cu")


@given(st.dictionaries(st.text(max_size=3), st.integers()))
def test_a_frozen_mapping_behaves_as_the_dict_it_was_made_of(items):
    frozen = FrozenMapping(items)
    assert frozen == items
    assert dict(frozen) == items
    assert list(frozen) == list(items)
    assert len(frozen) == len(items)
    backwards = FrozenMapping(reversed(list(items.items())))
    assert backwards == frozen
    assert hash(backwards) == hash(frozen)
    again = travelled(frozen)
    assert (again, type(again), hash(again)) == (frozen, FrozenMapping, hash(frozen))
    before = dict(items)
    items["another"] = 1
    assert frozen == before


def test_a_spectrum_becomes_a_data_array():
    pytest.importorskip("xarray")
    array = cube().to_xarray()
    assert array.dims == ("iteration", "eV", "angle")
    assert array.sel(eV=1.0, angle=0.0, iteration=1.0).item() == cube().intensity[1, 1, 1]
    assert array.attrs["energy_scale"] == "kinetic"
    assert array.attrs["units"] == "counts"
    assert array["angle"].attrs["units"] == "deg"
    assert array["eV"].attrs["units"] == "eV"
    assert array.name == "VB"


def test_a_data_array_of_counts_has_their_uncertainties_and_no_attribute_for_what_is_unknown():
    pytest.importorskip("xarray")
    counted = evolve(cube(), intensity=np.full((2, 4, 3), 16.0) * (np.arange(3.0) > 0))
    array = counted.to_xarray()
    assert array["uncertainty"].dims == array.dims
    assert array["uncertainty"].sel(angle=array["angle"][1]).values.tolist() == [[4.0] * 4] * 2
    assert array["uncertainty"].isel(angle=0, eV=0, iteration=0).item() == 1.0
    assert array["uncertainty"].attrs == {"units": "counts"}
    assert "photon_energy" not in array.attrs
    assert None not in array.attrs.values()
    rates = evolve(counted, intensity_unit="counts/s", reference=EnergyReference("binding", 1486.6)).to_xarray()
    assert "uncertainty" not in rates.coords
    assert rates.attrs["photon_energy"] == 1486.6
