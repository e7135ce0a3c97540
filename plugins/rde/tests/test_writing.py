"""What ``write`` puts where."""

import csv
import io
import json

import numpy as np
import pytest
from attrs import evolve

from shirube.errors import InputError, OutputError
from shirube.guides import SidecarKey
from shirube.records import Axis, Decision, EnergyReference, Origin, Quantity, Registration
from shirube.trees import building
from shirube_rde import exporter, remarks
from shirube_rde.definition import derive
from shirube_rde.metadata import metadata_of
from shirube_rde.parameters import Parameters


def write(target, outcomes, context, parameters=None):
    target.mkdir()
    exporter.write(outcomes, target, context(*outcomes), parameters or Parameters())
    return target / "data"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def rows(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def metadata(tile):
    return json.loads((tile / "meta" / "metadata.json").read_text(encoding="utf-8"))


def test_one_outcome_makes_the_folders_of_one_tile(outcome, context, tmp_path):
    data = write(tmp_path / "out", [outcome()], context)
    assert names(data) == [
        "filemeta.json",
        "main_image",
        "meta",
        "nonshared_raw",
        "other_image",
        "structured",
        "tasksupport",
        "thumbnail",
    ]


def test_of_several_outcomes_the_last_goes_to_the_root_because_rde_registers_it_last(outcome, context, tmp_path):
    data = write(tmp_path / "out", [outcome("first"), outcome("second"), outcome("third")], context)
    said = {
        place: (data / place / "nonshared_raw" / "scan.txt").read_text(encoding="utf-8").strip()
        for place in ("divided/0001", "divided/0002", ".")
    }
    assert said == {
        "divided/0001": "measured for first",
        "divided/0002": "measured for second",
        ".": "measured for third",
    }
    assert names(data / "divided") == ["0001", "0002"]


def test_a_spectrum_is_a_csv_with_binding_and_kinetic_energy_and_units(outcome, context, tmp_path):
    data = write(tmp_path / "out", [outcome()], context)
    (name,) = names(data / "structured")
    assert rows(data / "structured" / name) == [
        ["Binding energy (eV)", "Kinetic energy (eV)", "Intensity (counts)"],
        ["290.0", "360.0", "1.0"],
        ["289.5", "360.5", "5.0"],
        ["289.0", "361.0", "2.0"],
    ]


def test_kinetic_energies_have_no_decimals_that_their_terms_have_not(outcome, spectrum, context, tmp_path):
    energy = np.array([550.0, 495.95, 495.90, 0.05])
    told = spectrum(axes=(Axis("energy", energy, "eV"),), intensity=(1.0, 2.0, 3.0, 4.0), photon_energy=600.0)
    rough = spectrum("scan.txt#2", "O1s", photon_energy=650.0 + 1.0 / 3.0)
    data = write(tmp_path / "out", [outcome(spectra=[told, rough])], context)
    short, long = (rows(data / "structured" / name) for name in names(data / "structured"))
    assert [row[1] for row in short[1:]] == ["50.0", "104.05", "104.1", "599.95"]
    # What is no short decimal itself is not rounded.
    assert [float(row[1]) for row in long[1:]] == [650.0 + 1.0 / 3.0 - one for one in (290.0, 289.5, 289.0)]


def test_what_a_calibration_states_is_metadata_though_no_guide_lists_it(outcome, spectrum, facts, context, tmp_path):
    known = facts(user="山田", temperature=(300.0, "K"))
    found = Quantity(0.12, "eV", origin=Origin("calibration", "gold_calibration.json"))
    one = outcome(facts_by_id={spectrum().id: known.add("energy_resolution", found)})
    written = metadata(write(tmp_path / "out", [one], context))
    (cells,) = [cells for cells in (written["constant"], *written["variable"]) if "energy_resolution" in cells]
    assert cells["energy_resolution"] == {"value": 0.12, "unit": "eV"}
    listed = json.loads((tmp_path / "out/data/tasksupport/metadata-def.json").read_text(encoding="utf-8"))
    assert "energy_resolution" in listed
    # What only a header says is not, unless the guide asks for it.
    assert "edge_width" not in listed


def test_without_a_photon_energy_no_kinetic_energy_is_claimed(outcome, spectrum, context, tmp_path):
    lone = spectrum(photon_energy=None)
    kinetic = spectrum("scan.txt#2", reference=EnergyReference("kinetic"))
    unknown = spectrum("scan.txt#3", reference=EnergyReference(), intensity_unit="")
    data = write(tmp_path / "out", [outcome(spectra=[lone, kinetic, unknown])], context)
    headers = [rows(data / "structured" / name)[0] for name in names(data / "structured")]
    assert headers == [
        ["Binding energy (eV)", "Intensity (counts)"],
        ["Kinetic energy (eV)", "Intensity (counts)"],
        ["Energy (eV)", "Intensity"],
    ]


def test_a_two_dimensional_spectrum_is_written_in_long_form(outcome, spectrum, context, tmp_path):
    axes = (Axis("energy", [290.0, 289.0], "eV"), Axis("angle", [-1.0, 0.0, 1.0], "deg"))
    data = write(
        tmp_path / "out", [outcome(spectra=[spectrum(intensity=np.arange(6.0).reshape(2, 3), axes=axes)])], context
    )
    header, *points = rows(next((data / "structured").iterdir()))
    assert header == ["Binding energy (eV)", "Kinetic energy (eV)", "Angle (deg)", "Intensity (counts)"]
    assert points[2] == ["290.0", "360.0", "1.0", "2.0"]
    assert points[3] == ["289.0", "361.0", "-1.0", "3.0"]


def test_spectra_of_equal_names_do_not_overwrite_each_other(outcome, spectrum, context, tmp_path):
    twice = [spectrum(f"{file}#{number}") for file in ("a.txt", "a.csv", "A.TXT") for number in (1, 2)]
    data = write(tmp_path / "out", [outcome(spectra=twice)], context)
    found = names(data / "structured")
    assert len(found) == 6
    assert len({name.casefold() for name in found}) == 6


def test_japanese_names_become_ascii_file_names_and_stay_in_the_metadata(outcome, spectrum, facts, context, tmp_path):
    spectra = [spectrum("試料A.txt#1", "炭素"), spectrum("試料B.txt#1", "炭素")]
    known = {one.id: facts(user="山田", comments="測定メモ") for one in spectra}
    made = outcome("解析", spectra=spectra, facts_by_id=known, files={"試料A.txt": b"A", "試料B.txt": b"B"})
    data = write(tmp_path / "out", [made], context)
    assert len(names(data / "structured")) == 2
    assert all(name.isascii() for name in names(data / "structured"))
    assert names(data / "nonshared_raw") == ["試料A.txt", "試料B.txt"]
    assert metadata(data)["constant"]["user"] == {"value": "山田"}


def test_tables_of_results_are_csv_files_with_units(outcome, result, context, tmp_path):
    data = write(tmp_path / "out", [outcome(results=(result(),))], context)
    (name,) = [name for name in names(data / "structured") if "peaks" in name]
    assert "fakelab" in name
    assert rows(data / "structured" / name) == [["Position (eV)"], ["289.5"], [""]]


def test_there_is_one_main_image_a_thumbnail_of_it_and_the_rest_is_other(outcome, context, tmp_path):
    from PIL import Image

    data = write(tmp_path / "out", [outcome()], context)
    assert names(data / "main_image") == ["fit.png"]
    assert names(data / "other_image") == ["survey.png"]
    assert names(data / "thumbnail") == ["fit.png"]
    with Image.open(data / "thumbnail" / "fit.png") as small, Image.open(data / "main_image" / "fit.png") as large:
        assert large.size == (450, 300)
        assert small.size == (320, 213)
        assert small.getpixel((5, 5)) == (10, 20, 200)


def test_a_run_without_figures_writes_no_image(outcome, context, tmp_path):
    made = outcome()
    (tmp_path / "out").mkdir()
    exporter.write([made], tmp_path / "out", context(made, figures=()), Parameters())
    assert names(tmp_path / "out" / "data" / "main_image") == []


def test_input_files_are_kept_byte_for_byte_out_of_the_public_unless_shared(outcome, context, tmp_path):
    files = {"scan.txt": b"\x00\xff\r\n", "scan_metadata.json": b"{}", "notes/read me.pdf": b"%PDF"}
    hidden = write(tmp_path / "one", [outcome(files=files)], context)
    shared = write(tmp_path / "two", [outcome(files=files)], context, Parameters(raw_sharing="shared"))
    for folder, absent in ((hidden / "nonshared_raw", hidden / "raw"), (shared / "raw", shared / "nonshared_raw")):
        assert {name: (folder / name).read_bytes() for name in files} == files
        assert not absent.exists()


def test_an_input_file_that_changed_since_it_was_read_is_refused(outcome, context, tmp_path):
    made = outcome()
    (tmp_path / "inputs" / "run1" / "scan.txt").write_bytes(b"other")
    with pytest.raises(InputError, match=r"scan\.txt: this file changed"):
        write(tmp_path / "out", [made], context)


def test_an_input_file_whose_place_is_unknown_is_refused(outcome, context, tmp_path):
    made = outcome()
    (tmp_path / "out").mkdir()
    with pytest.raises(OutputError, match=r"scan\.txt"):
        exporter.write([made], tmp_path / "out", context(made, inputs={}), Parameters())


@pytest.mark.parametrize("name", ["../scan.txt", "/etc/scan.txt", "a/../../scan.txt"])
def test_an_input_file_whose_name_leads_out_of_the_folder_is_refused(name, outcome, context, tmp_path):

    made = outcome()
    source = evolve(made.entry.files[0], name=name)
    astray = evolve(made, entry=evolve(made.entry, files=(source,)))
    (tmp_path / "out").mkdir()
    inputs = {"run1": {name: tmp_path / "inputs" / "run1" / "scan.txt"}}
    with pytest.raises(InputError):
        exporter.write([astray], tmp_path / "out", context(astray, inputs=inputs), Parameters())


def test_an_invoice_is_written_back_as_it_was_and_only_if_there_was_one(outcome, registration, context, tmp_path):
    given = registration()
    data = write(tmp_path / "one", [outcome("a", registration=given), outcome("b", registration=given)], context)
    for place in ("divided/0001", "."):
        assert (data / place / "invoice" / "invoice.json").read_text(encoding="utf-8") == given.document
    assert not (write(tmp_path / "two", [outcome()], context) / "invoice").exists()


def test_an_invoice_that_the_run_was_given_wins_over_the_entrys_own(outcome, registration, context, tmp_path):
    made = outcome(registration=Registration())
    (tmp_path / "out").mkdir()
    given = registration(dataName="named by the run")
    exporter.write([made], tmp_path / "out", context(made, registrations={"run1": given}), Parameters())
    written = (tmp_path / "out" / "data" / "invoice" / "invoice.json").read_text(encoding="utf-8")
    assert json.loads(written)["basic"]["dataName"] == "named by the run"


def test_metadata_are_typed_in_the_guides_units_and_order(outcome, facts, context, tmp_path):
    known = facts(
        step_time=(0.25, "s"),
        measured_at="18:43:59",
        measured_on="2025-03-31",
        sweeps=4,
        photon_energy=(650.0, "eV"),
        user="u",
    )
    data = write(tmp_path / "out", [outcome(facts_by_id={"scan.txt#1": known})], context)
    assert metadata(data) == {
        "constant": {"user": {"value": "u"}},
        "variable": [
            {
                "excitation_energy": {"value": 650.0},
                "number_of_sweeps": {"value": 4},
                "step_time": {"value": 250.0, "unit": "msec"},
                "date": {"value": "2025-03-31"},
                "time": {"value": "18:43:59+09:00"},
            }
        ],
    }
    assert list(metadata(data)["variable"][0]) == ["excitation_energy", "number_of_sweeps", "step_time", "date", "time"]


def test_the_excitation_energy_is_the_one_that_was_used(outcome, facts, context, tmp_path):
    known = {"scan.txt#1": facts(photon_energy=(3.1e-317, "eV"))}
    used = Decision("photon_energy", Quantity(4600.2, "eV"), subject="scan.txt#1")
    none = Decision("photon_energy", None, subject="scan.txt#1")
    with_one = write(tmp_path / "one", [outcome(facts_by_id=known, decisions=(used,))], context)
    without = write(tmp_path / "two", [outcome(facts_by_id=known, decisions=(none,))], context)
    assert metadata(with_one)["variable"] == [{"excitation_energy": {"value": 4600.2}}]
    assert metadata(without)["variable"] == [{}]


@pytest.fixture
def with_sidecar(guide):
    """Return the guide, with a key of the sidecar that may state the photon energy otherwise."""
    stated = SidecarKey(key="Excitation Energy", term="photon_energy", unit="eV")
    return evolve(guide, files=evolve(guide.files, sidecar_keys=(stated,)))


def test_what_the_header_says_stands_beside_the_value_that_was_used(outcome, facts, context, with_sidecar, tmp_path):
    known = {"scan.txt#1": facts(photon_energy=(4600.0, "eV"))}
    used = Decision("photon_energy", Quantity(4600.2, "eV"), subject="scan.txt#1")
    made = outcome(facts_by_id=known, decisions=(used,))
    (tmp_path / "out").mkdir()
    exporter.write([made], tmp_path / "out", context(made, guides={"fakelab": with_sidecar}), Parameters())
    data = tmp_path / "out" / "data"
    assert metadata(data)["variable"] == [
        {"excitation_energy": {"value": 4600.2}, "excitation_energy_in_header": {"value": 4600.0}}
    ]
    defined = json.loads((data / "tasksupport" / "metadata-def.json").read_text(encoding="utf-8"))
    assert defined["excitation_energy_in_header"] == {
        "name": {"ja": "励起光エネルギー（ヘッダーの値）", "en": "Excitation Energy (in the header)"},
        "schema": {"type": "number"},
        "description": "単位：eV / Unit: eV",
        "mode": "Header value",
        "order": 9,
        "originalName": "Excitation Energy",
        "variable": 1,
    }


@pytest.mark.parametrize("header", [3.1002184e-317, -5e-324])
def test_what_uninitialised_memory_left_in_the_header_is_not_published(
    outcome, facts, context, with_sidecar, tmp_path, header
):
    known = {"scan.txt#1": facts(photon_energy=(header, "eV"))}
    used = Decision("photon_energy", Quantity(4600.2, "eV"), subject="scan.txt#1")
    made = outcome(facts_by_id=known, decisions=(used,))
    (tmp_path / "out").mkdir()
    exporter.write([made], tmp_path / "out", context(made, guides={"fakelab": with_sidecar}), Parameters())
    assert metadata(tmp_path / "out" / "data")["variable"] == [{"excitation_energy": {"value": 4600.2}}]


def test_what_analyses_yield_is_missed_only_where_one_yielded_something(outcome, result, context):
    made = outcome(results=(result(),))
    defined = derive([], context(made).analyses, context(made).vocabulary)
    assert [key for key in defined if key.endswith("_uncertainty")]
    assert metadata_of(outcome(results=()), defined).missing == ()
    found = result(scalars={"fakelab.peak_place": Quantity(289.5, "eV")})
    missing = metadata_of(outcome(results=(found,)), defined).missing
    assert missing
    assert not {key for key in missing if key.endswith("_uncertainty")}


def test_a_result_is_written_with_its_standard_uncertainty_in_its_unit(outcome, result, context, tmp_path):
    place = Quantity(289500.0, "meV", uncertainty=12.5)
    data = write(tmp_path / "out", [outcome(results=(result(scalars={"fakelab.peak_place": place}),))], context)
    found = metadata(data)["variable"][0]
    assert found["fakelab_peak_place"] == {"value": 289.5, "unit": "eV"}
    assert found["fakelab_peak_place_uncertainty"] == {"value": 0.0125, "unit": "eV"}


def test_items_are_written_in_the_order_of_the_definition_whatever_its_file_says(outcome, facts, vocabulary, guide):
    derived = derive([guide], (), vocabulary)
    own = {key: derived[key] for key in reversed(derived)}
    unordered = {**own, "step_time": evolve(derived["step_time"], order=None)}
    known = facts(sweeps=4, step_time=(100.0, "ms"), pass_energy=(50.0, "eV"))
    made = outcome(facts_by_id={"scan.txt#1": known})
    (values,) = metadata_of(made, unordered).variable
    assert list(values) == ["pass_energy", "number_of_sweeps", "step_time"]


def test_a_value_of_the_entry_that_differs_between_spectra_goes_to_each(outcome, spectrum, facts, context, tmp_path):
    spectra = [spectrum(), spectrum("scan.txt#2"), spectrum("scan.txt#3")]
    known = {"scan.txt#1": facts(user="A"), "scan.txt#2": facts(user="B"), "scan.txt#3": facts(pass_energy=(5.0, "eV"))}
    data = write(tmp_path / "out", [outcome(spectra=spectra, facts_by_id=known)], context)
    assert metadata(data) == {
        "constant": {},
        "variable": [{"user": {"value": "A"}}, {"user": {"value": "B"}}, {"pass_energy": {"value": 5.0}}],
    }


def test_results_become_searchable_metadata_with_a_definition(outcome, result, context, tmp_path):
    data = write(tmp_path / "out", [outcome(results=(result(),))], context)
    found = metadata(data)["variable"][0]
    assert found["fakelab_peak_height"] == {"value": 5.0}
    assert found["fakelab_peak_place"] == {"value": 289.5, "unit": "eV"}
    defined = json.loads((data / "tasksupport" / "metadata-def.json").read_text(encoding="utf-8"))
    assert defined["fakelab_peak_place"] == {
        "name": {"ja": "ピークの位置", "en": "Peak place"},
        "schema": {"type": "number"},
        "unit": "eV",
        "mode": "Analysis value",
        "order": 10,
        "variable": 1,
    }


@pytest.mark.parametrize("status", ["refused", "failed", "skipped"])
def test_a_result_that_is_not_sound_gives_no_metadata(status, outcome, result, context, tmp_path):
    data = write(tmp_path / "out", [outcome(results=(result(status=status),))], context)
    assert "fakelab_peak_height" not in metadata(data)["variable"][0]


def test_a_result_of_the_whole_entry_is_constant(outcome, result, context, tmp_path):
    data = write(tmp_path / "out", [outcome(results=(result("run1"),))], context)
    assert metadata(data)["constant"]["fakelab_peak_height"] == {"value": 5.0}


def test_the_definition_says_type_label_original_name_and_place(outcome, context, tmp_path):
    data = write(tmp_path / "out", [outcome()], context)
    defined = json.loads((data / "tasksupport" / "metadata-def.json").read_text(encoding="utf-8"))
    assert list(defined) == [
        "user",
        "excitation_energy",
        "pass_energy",
        "number_of_sweeps",
        "step_time",
        "comments",
        "date",
        "time",
    ]
    assert defined["step_time"] == {
        "name": {"ja": "1ステップあたりの時間", "en": "Step Time"},
        "schema": {"type": "number"},
        "unit": "msec",
        "mode": "Derived from data",
        "order": 5,
        "originalName": "Step Time",
        "variable": 1,
    }
    assert defined["number_of_sweeps"]["schema"] == {"type": "integer"}
    assert defined["date"]["schema"] == {"type": "string", "format": "date"}
    assert "variable" not in defined["user"]


def test_the_form_asks_for_the_manual_items_of_the_guide(outcome, context, tmp_path):
    data = write(tmp_path / "out", [outcome()], context)
    schema = json.loads((data / "tasksupport" / "invoice.schema.json").read_text(encoding="utf-8"))
    assert schema["required"] == ["custom", "sample"]
    assert schema["properties"]["custom"]["required"] == []
    fields = schema["properties"]["custom"]["properties"]
    assert list(fields) == ["form", "fit_on_off", "limit", "sweeps_planned", "remark"]
    assert fields["form"] == {
        "label": {"ja": "サンプル形状", "en": "Form"},
        "type": "string",
        "enum": ["粉末", "フィルム", "その他"],
    }
    assert fields["limit"] == {
        "label": {"ja": "範囲", "en": "Range"},
        "type": "number",
        "description": "上限値 / Upper limit.",
        "default": 200.0,
        "minimum": 0,
        "options": {"unit": "eV"},
    }
    assert fields["sweeps_planned"]["maximum"] == 1000
    assert fields["remark"]["options"] == {"widget": "textarea", "rows": 3}


def test_without_a_guide_the_terms_themselves_are_the_definition(outcome, context, tmp_path):
    data = write(tmp_path / "out", [outcome(guide=None)], context)
    defined = json.loads((data / "tasksupport" / "metadata-def.json").read_text(encoding="utf-8"))
    assert defined["pass_energy"]["unit"] == "eV"
    assert metadata(data)["variable"][0]["step_time"] == {"value": 100.0, "unit": "ms"}
    schema = json.loads((data / "tasksupport" / "invoice.schema.json").read_text(encoding="utf-8"))
    assert (schema["required"], schema["properties"]) == ([], {})


def test_a_guide_that_is_not_there_is_an_error(outcome, context, tmp_path):
    with pytest.raises(OutputError, match='guide "elsewhere"'):
        write(tmp_path / "out", [outcome(guide="elsewhere")], context)


def test_values_that_rde_cannot_take_are_refused_all_at_once_with_key_and_origin(outcome, facts, context, tmp_path):
    known = facts(sweeps=4.5, pass_energy=(5.0, "kg"), measured_on="31.3.2025", user=True)
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "out", [outcome(facts_by_id={"scan.txt#1": known})], context)
    said = str(caught.value)
    for key in ("number_of_sweeps", "pass_energy", "date", "user"):
        assert f'metadata item "{key}" (file header scan.txt:' in said
    assert "メタデータ項目「number_of_sweeps」（ファイルのヘッダー scan.txt:1）" in caught.value.render("ja")


def test_a_text_that_is_too_long_for_rde_is_left_out_and_remarked(outcome, facts, context, spectrum, tmp_path):
    known = facts(comments="あ" * 342, user="A")
    data = write(tmp_path / "out", [outcome(facts_by_id={"scan.txt#1": known})], context)
    written = metadata(data)
    assert "comments" not in {**written["constant"], **written["variable"][0]}
    assert {**written["constant"], **written["variable"][0]}["user"] == {"value": "A"}
    made = outcome(facts_by_id={"scan.txt#1": known})
    amended = remarks.amend(spectrum(), made.entry.measurements[0], known, None)
    (remark,) = amended.remarks
    assert (dict(amended.facts), remark.file, remark.line) == ({}, "scan.txt", 1)
    assert "comments has 1026 bytes; RDE's metadata hold texts of at most 1024" in remark.message.en


def test_a_text_of_exactly_1024_bytes_is_taken_whole(outcome, facts, context, tmp_path):
    longest = "あ" * 341 + "a"
    data = write(tmp_path / "out", [outcome(facts_by_id={"scan.txt#1": facts(comments=longest)})], context)
    assert metadata(data)["variable"][0]["comments"]["value"] == longest


def test_writing_twice_gives_the_same_bytes(outcome, result, registration, context, contents, tmp_path):
    made = [outcome(name, results=(result(),), registration=registration()) for name in ("a", "b")]
    write(tmp_path / "one", made, context)
    write(tmp_path / "two", made, context)
    first = contents(tmp_path / "one")
    assert len(first) > 15
    assert first == contents(tmp_path / "two")


@pytest.mark.parametrize(
    "where",
    [
        "shirube_rde.tiles.structured_files",
        "shirube_rde.tiles.place_images",
        "shirube_rde.tiles.copy_inputs",
        "shirube_rde.tree.invoice_schema",
    ],
)
def test_an_exception_half_way_leaves_no_partial_output(where, outcome, context, monkeypatch, tmp_path):
    made = outcome()

    def fail(*_args, **_fields):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, fail)
    target = tmp_path / "out"
    with pytest.raises((OSError, OutputError)), building(target) as folder:
        exporter.write([made], folder, context(made), Parameters())
    assert not target.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inputs"]


def test_an_input_that_is_listed_twice_is_written_once(outcome, context, tmp_path):
    made = outcome()
    twice = evolve(made, entry=evolve(made.entry, files=made.entry.files * 2))
    data = write(tmp_path / "out", [twice], context)
    assert [path.name for path in (data / "nonshared_raw").iterdir()] == ["scan.txt"]
