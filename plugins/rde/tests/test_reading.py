"""What ``read`` makes of invoices and job folders."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shirube.errors import InputError
from shirube_rde import exporter


@pytest.fixture
def saved(tmp_path, invoice):
    """Return a function that saves an invoice, or any text, and returns its path."""

    def save(content=None, name="invoice.json", encoding="utf-8"):
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(invoice() if content is None else content)
        path.write_bytes(text.encode(encoding))
        return path

    return save


def only_entry(dataset):
    (entry,) = dataset.entries
    return entry


def test_an_invoice_gives_manual_items_without_those_left_blank(saved, invoice, parameters):
    path = saved(invoice(custom={"annotation": "", "sweeps_planned": 0, "fit_on_off": False}))
    entry = only_entry(exporter.read(path, parameters))
    assert dict(entry.registration.manual) == {
        "form": "フィルム",
        "fit_on_off": False,
        "limit": 150.0,
        "sweeps_planned": 0,
    }


def test_an_invoice_gives_the_sample_and_what_was_left_blank_in_it(saved, parameters):
    sample = only_entry(exporter.read(saved(), parameters)).registration.sample
    assert (sample.names, sample.composition, sample.id) == (("Si(100)",), "Si", "")
    assert (sample.reference_url, sample.description) == ("", "")
    assert dict(sample.attributes) == {"3adf9874-7bcb-e5f8-99cb-3d6fd9d7b55e": "silicon"}


@pytest.mark.parametrize(
    ("identifier", "new"), [("", True), (None, True), ("2ddf932e-fa80-40d7-a010-939ab486e309", False)]
)
def test_the_form_says_whether_a_sample_is_new_and_of_which_classes_it_is(saved, invoice, parameters, identifier, new):
    content = invoice()
    metal, polymer = "a674a8ef-efa8-9497-4ed4-74de55fafddb", "342ba516-4d02-171c-9bc4-70a3134b47a8"
    terms = [(metal, "t1"), (polymer, "t2"), (metal, "t3")]
    content["sample"]["sampleId"] = identifier
    content["sample"]["specificAttributes"] = [{"classId": one, "termId": term, "value": "x"} for one, term in terms]
    sample = only_entry(exporter.read(saved(content), parameters)).registration.sample
    assert (sample.is_new, sample.classes) == (new, (metal, polymer))


def test_names_that_the_form_does_not_have_are_not_blank(saved, invoice, parameters):
    content = invoice()
    content["sample"]["names"] = []
    assert only_entry(exporter.read(saved(content), parameters)).registration.sample.names == ()
    del content["sample"]["names"]
    assert only_entry(exporter.read(saved(content), parameters)).registration.sample.names is None


def test_an_invoice_without_a_sample_gives_none(saved, invoice, parameters):
    content = invoice()
    del content["sample"]
    assert only_entry(exporter.read(saved(content), parameters)).registration.sample is None


def test_an_invoice_gives_name_date_description_and_dataset(saved, parameters):
    dataset = exporter.read(saved(), parameters)
    entry = only_entry(dataset)
    assert dataset.id == "1e44ba41-2ddf-4b9a-a6ea-bb1d0ae7e1ab"
    assert (entry.name, entry.submitted_on) == ("Si2p 清浄表面", "2026-01-15")
    assert entry.registration.data_name == "Si2p 清浄表面"
    assert entry.description == "清浄表面の測定\n2 行目"


def test_the_document_is_kept_as_it_was_written(saved, parameters):
    text = '\n{"datasetId": "x",\n  "basic" : {"dataName": "\\u3042", "extra": 1e2}, "custom": null}\n'
    registration = only_entry(exporter.read(saved(text), parameters)).registration
    assert registration.document == text
    assert registration.source == "invoice.json"


def test_a_byte_order_mark_does_no_harm(saved, parameters):
    assert only_entry(exporter.read(saved(encoding="utf-8-sig"), parameters)).name == "Si2p 清浄表面"


def test_an_invoice_under_another_name_is_known_by_its_content(saved, parameters):
    assert exporter.read(saved(name="order-17.json"), parameters) is not None


@pytest.mark.parametrize("content", ["{}", "[1, 2]", '{"datasetId": 1}', "not json", '{"title": "dataset file"}'])
def test_other_json_is_not_ours(content, saved, parameters):
    assert exporter.read(saved(content, name="dataset.json"), parameters) is None


def test_other_files_and_folders_are_not_ours(saved, parameters, tmp_path):
    assert exporter.read(saved("1 2 3", name="scan.txt"), parameters) is None
    (tmp_path / "empty").mkdir()
    (tmp_path / "other" / "data" / "meta").mkdir(parents=True)
    assert exporter.read(tmp_path / "empty", parameters) is None
    assert exporter.read(tmp_path / "other", parameters) is None
    assert exporter.read(tmp_path / "nowhere", parameters) is None


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ('{"basic": {},\n "custom": }', 2, "this is not JSON"),
        ('{"basic": {}, "basic": {}}', None, 'the key "basic" is given twice'),
        ('{"basic": {"x": NaN}}', None, "NaN is not a number of JSON"),
        ('{"basic": {"x": -1e999}}', None, "-1e999 is not a number of JSON"),
        ('["basic"]', None, "must hold one JSON object ({…})"),
        ('{"basic": {"x": "\\ud800"}}', None, "half a character"),
        ("[" * 100_000, None, "JSON"),
        ("", 1, "this is not JSON"),
    ],
)
def test_a_broken_invoice_is_an_error_that_names_the_file_and_the_line(content, line, said, saved, parameters):
    with pytest.raises(InputError, match=r"invoice\.json") as caught:
        exporter.read(saved(content), parameters)
    assert said in str(caught.value)
    assert caught.value.line == line


def test_an_invoice_in_shift_jis_is_refused_with_its_line(saved, parameters):
    with pytest.raises(InputError, match="UTF-8") as caught:
        exporter.read(saved('{\n"basic": {"dataName": "測定"}}', encoding="cp932"), parameters)
    assert caught.value.line == 2


def test_every_key_of_a_wrong_type_is_named_in_one_error(saved, invoice, parameters):
    content = invoice(
        custom={"form": ["粉末"], "limit": {"value": 1}},
        sample={"names": "Si", "generalAttributes": [{"value": "x"}], "composition": 14},
        dataName=7,
        description=["a"],
    )
    with pytest.raises(InputError) as caught:
        exporter.read(saved(content), parameters)
    for key in (
        "basic.dataName",
        "basic.description",
        "custom.form",
        "custom.limit",
        "sample.names",
        "sample.generalAttributes",
        "sample.composition",
    ):
        assert key in str(caught.value)
        assert key in caught.value.render("ja")


@pytest.mark.parametrize(
    ("key", "text", "character"),
    [
        ("dataName", "a\u0000b", "U+0000"),
        ("dataName", "two\nlines", "U+000A"),
        ("dataName", "two\u2028lines", "U+2028"),
        ("experimentId", "\u001b[31m", "U+001B"),
        ("description", "\r\n\t\u0085", "U+0085"),
    ],
)
def test_a_control_character_is_refused_with_its_place(key, text, character, saved, invoice, parameters):
    with pytest.raises(InputError) as caught:
        exporter.read(saved(invoice(**{key: text})), parameters)
    assert f"basic.{key} holds a control character ({character})" in str(caught.value)


def test_a_description_may_have_lines_and_tabs(saved, invoice, parameters):
    text = "first\r\nsecond\tcolumn\n"
    assert only_entry(exporter.read(saved(invoice(description=text)), parameters)).description == text


@pytest.mark.parametrize("section", ["basic", "custom", "sample"])
def test_a_section_that_is_no_object_is_named(section, saved, invoice, parameters):
    with pytest.raises(InputError, match=f"{section} must be an object"):
        exporter.read(saved(invoice() | {section: "text"}), parameters)


def test_a_written_tree_reads_back_from_its_folder_and_from_data(written, parameters):
    tree = written("first", "second")
    for path in (tree, tree / "data"):
        dataset = exporter.read(path, parameters)
        assert len(dataset.entries) == 2
        divided, root = dataset.entries
        assert divided.files["nonshared_raw"] == ("divided/0001/nonshared_raw/scan.txt",)
        assert root.files["nonshared_raw"] == ("nonshared_raw/scan.txt",)
        (image,) = root.files["main_image"]
        assert image.startswith("main_image/")
        assert root.registration.manual["limit"] == 150.0
        assert root.metadata["pass_energy"] == 50.0
        assert root.metadata["user"] == "山田"
        assert root.metadata["fakelab_peak_place"] == 289.5


def test_the_document_survives_writing_and_reading(written, registration, parameters):
    dataset = exporter.read(written("first", "second"), parameters)
    assert [entry.registration.document for entry in dataset.entries] == [
        registration(dataName=name).document for name in ("first", "second")
    ]


def test_a_tree_without_invoices_is_still_a_dataset(outcome, context, parameters, tmp_path):
    (tmp_path / "tree").mkdir()
    made = outcome()
    exporter.write([made], tmp_path / "tree", context(made), parameters)
    entry = only_entry(exporter.read(tmp_path / "tree", parameters))
    assert entry.registration is None
    assert entry.metadata["step_time"] == 100.0


def test_metadata_that_cannot_be_read_leave_the_invoice_readable(written, parameters):
    tree = written()
    (tree / "data" / "meta" / "metadata.json").write_text("{", encoding="utf-8")
    entry = only_entry(exporter.read(tree, parameters))
    assert entry.metadata is None
    assert entry.name == "Si2p 清浄表面"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
sections = st.sampled_from(["datasetId", "basic", "custom", "sample"])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.dictionaries(sections, json_values))
def test_any_json_object_is_read_or_refused_on_purpose(content, saved, parameters):
    path = saved(content)
    try:
        dataset = exporter.read(path, parameters)
    except InputError as error:
        said = str(error)
    else:
        said = str(path)
        assert json.loads(only_entry(dataset).registration.document) == content
    assert said.startswith(str(path))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    manual=st.dictionaries(
        st.text(min_size=1, max_size=10),
        st.booleans() | st.integers() | st.text() | st.none() | st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_manual_items_keep_value_and_type(manual, saved, invoice, parameters):
    content = invoice() | {"custom": manual}
    read = dict(only_entry(exporter.read(saved(content), parameters)).registration.manual)
    expected = {key: value for key, value in manual.items() if value is not None and value != ""}
    assert read == expected
    assert {key: type(value) for key, value in read.items()} == {key: type(value) for key, value in expected.items()}
