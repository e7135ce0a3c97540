"""A dataset is read from TOML or JSON, and everything that is wrong with the file is said at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.datasets import parse_dataset, parse_registration, read_dataset, read_dataset_file, read_registration
from shirube.errors import InputError
from shirube.records import Dataset, DatasetEntry, Person, Registration, Sample

TOML = """\
id = "2ddf932e-fa80-40d7-a010-939ab486e309"
title = "二硫化モリブデンの光電子分光"
description = ""
registered_on = 2025-04-01
embargo_end = "2028-03-31T03:00:00.000Z"
is_anonymized = false
tags = ["XPS", "2D"]

[manager]
name = "KIMOTO,Koji"
organization = ""

[sample]
names = ["MoS2-Ref"]
composition = "MoS2"
attributes = { "0aadfff2-37de-411f-883a-38b62b2abbce" = "MoS2" }

[[entries]]
name = "C1s"
submitted_on = 2025-04-01
metadata = { photon_energy = 1486.6, sweeps = 3, label = "x", ok = true }
files = { structured = ["a.csv", "b.csv"], nonshared_raw = ["a.txt"] }
registration = { data_name = "C1s", manual = { remark = "ok" } }
"""

EXPECTED = Dataset(
    id="2ddf932e-fa80-40d7-a010-939ab486e309",
    title="二硫化モリブデンの光電子分光",
    description="",
    registered_on="2025-04-01",
    embargo_end="2028-03-31T03:00:00.000Z",
    is_anonymized=False,
    tags=("XPS", "2D"),
    manager=Person(name="KIMOTO,Koji", organization=""),
    sample=Sample(
        names=("MoS2-Ref",),
        composition="MoS2",
        attributes={"0aadfff2-37de-411f-883a-38b62b2abbce": "MoS2"},
    ),
    entries=(
        DatasetEntry(
            name="C1s",
            submitted_on="2025-04-01",
            metadata={"photon_energy": 1486.6, "sweeps": 3, "label": "x", "ok": True},
            files={"structured": ("a.csv", "b.csv"), "nonshared_raw": ("a.txt",)},
            registration=Registration(data_name="C1s", manual={"remark": "ok"}),
        ),
    ),
)


def refused(text, name="dataset.toml", lang="en"):
    with pytest.raises(InputError) as caught:
        parse_dataset(text, name)
    return caught.value.render(lang)


def test_a_toml_file_becomes_the_record(tmp_path):
    path = tmp_path / "dataset.toml"
    path.write_text(TOML, encoding="utf-8")
    assert read_dataset(path) == EXPECTED


def test_blank_and_not_supplied_are_two_things():
    dataset = parse_dataset('description = ""', "d.toml")
    assert dataset.description == ""
    assert dataset.title is None


def test_json_says_the_same_and_null_is_not_supplied():
    document = {"title": "x", "description": None, "entries": None, "manager": {"name": "A", "organization": None}}
    dataset = parse_dataset(json.dumps(document), "d.json")
    assert dataset == Dataset(title="x", manager=Person(name="A"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_from_any_editor_in_japan_reads_the_same(tmp_path, encoding):
    path = tmp_path / "dataset.toml"
    path.write_bytes(TOML.encode(encoding))
    assert read_dataset(path) == EXPECTED


@settings(max_examples=50, deadline=None)
@given(
    title=st.none() | st.text(max_size=30),
    anonymised=st.none() | st.booleans(),
    tags=st.none() | st.lists(st.text(max_size=5), max_size=3),
    names=st.lists(st.text(max_size=5), max_size=3),
)
def test_what_json_says_is_what_is_read(title, anonymised, tags, names):
    document = {"title": title, "is_anonymized": anonymised, "tags": tags, "sample": {"names": names}}
    expected = Dataset(
        title=title,
        is_anonymized=anonymised,
        tags=None if tags is None else tuple(tags),
        sample=Sample(names=tuple(names)),
    )
    assert parse_dataset(json.dumps(document), "d.json") == expected


class TestWhatIsWrong:
    def test_a_misspelt_key_is_named_with_its_line_and_a_suggestion(self):
        said = refused('id = "a"\ntitel = "x"\n')
        assert said.startswith("dataset.toml, line 2: titel:")
        assert "Did you mean 'title'?" in said

    def test_in_japanese_too(self):
        said = refused('id = "a"\ntitel = "x"\n', lang="ja")
        assert said.startswith("dataset.toml 2 行目: titel：")
        assert "「title」ではありませんか" in said

    def test_all_problems_come_at_once_each_with_its_key(self):
        said = refused(
            'titel = "x"\nis_anonymized = "no"\ntags = "XPS"\n[manager]\nname = 3\n'
            "[[entries]]\nfiles = { raw = [1] }\n[[entries]]\nmetadata = { a = [1] }\n"
        )
        for part in (
            "line 1: titel: there is no such key",
            "line 2: is_anonymized: expected true or false, got 'no'",
            "line 3: tags: expected a list, got 'XPS'",
            "line 5: manager.name: expected a text, got 3",
            "line 7: entries[0].files.raw[0]: expected a text, got 1",
            "line 9: entries[1].metadata.a: expected a text, a number, true or false, got [1]",
        ):
            assert part in said

    @pytest.mark.parametrize("value", ['"KIMOTO"', '"my name"', "3", '["name"]', "true"])
    def test_a_plain_value_where_a_table_belongs(self, value):
        assert "manager: expected a table" in refused(f'{{"manager": {value}}}', "d.json")

    @pytest.mark.parametrize("value", ['{"a": 1}', '"abc"', "1"])
    def test_something_else_where_a_list_belongs(self, value):
        assert "sample.names: expected a list" in refused(f'{{"sample": {{"names": {value}}}}}', "d.json")

    @pytest.mark.parametrize("text", ["[1]", '"x"', "3", "null"])
    def test_a_document_that_is_no_table(self, text):
        assert "expected a table" in refused(text, "d.json")

    def test_a_long_value_is_cut(self):
        assert len(refused(f'manager = "{"x" * 500}"')) < 150

    @pytest.mark.parametrize(
        ("text", "name", "where"),
        [
            ('title = "x"\nid = = 3\n', "d.toml", "d.toml, line 2: this is not valid TOML"),
            ('title = "x"\ntitle = "y"\n', "d.toml", "d.toml, line 2: this is not valid TOML"),
            ('{"title": "x",\n "id": }', "d.json", "d.json, line 2: this is not valid JSON"),
            ('{"title": "x", "title": "y"}', "d.json", "the key 'title' is given twice"),
            ('{"entries": [{"metadata": {"a": NaN}}]}', "d.json", "entries[0].metadata.a: nan is no finite number"),
            ("[" * 100_000, "d.json", "nested too deeply"),
            (f"a = {'[' * 50_000}", "d.toml", "nested too deeply"),
            ("a = 1" + "0" * 5_000, "d.toml", "this is not valid TOML"),
            ('{"a": 1' + "0" * 5_000 + "}", "d.json", "this is not valid JSON"),
            ("", "d.json", "d.json, line 1: this is not valid JSON"),
        ],
    )
    def test_malformed_text_is_named_with_file_and_line(self, text, name, where):
        assert where in refused(text, name)

    def test_an_unknown_suffix_is_said(self, tmp_path):
        path = tmp_path / "dataset.xlsx"
        path.write_text("title: x", encoding="utf-8")
        with pytest.raises(InputError, match=r"\.yaml, \.yml, \.json, \.toml"):
            read_dataset(path, "dataset.yaml")

    def test_a_missing_file_and_a_folder_are_said(self, tmp_path):
        (tmp_path / "folder.toml").mkdir()
        for name, said in (("absent.toml", "no such file"), ("folder.toml", "this is a folder")):
            with pytest.raises(InputError, match=said):
                read_dataset(tmp_path / name, name)


ENTRY = """
data_name = "金の C1s"

[manual]
form = "バルク"
limit_energy_range = 150
remark = ""

[facts]
sample_thickness = 0.5
calibrated_on = 2025-04-01

[sample]
names = ["Au-1"]
"""


def test_an_entry_file_becomes_a_registration(tmp_path):
    path = tmp_path / "entry.toml"
    path.write_bytes(ENTRY.encode("cp932"))
    assert read_registration(path) == Registration(
        manual={"form": "バルク", "limit_energy_range": 150},
        sample=Sample(names=("Au-1",)),
        data_name="金の C1s",
        source="entry.toml",
        facts={"sample_thickness": 0.5, "calibrated_on": "2025-04-01"},
    )


def test_an_entry_file_in_json_says_the_same():
    text = '{"manual": {"form": "バルク"}, "facts": {"sample_thickness": 0.5}, "sample": null}'
    expected = Registration(manual={"form": "バルク"}, source="e.json", facts={"sample_thickness": 0.5})
    assert parse_registration(text, "e.json") == expected


def test_everything_wrong_with_an_entry_file_is_said_at_once():
    with pytest.raises(InputError) as caught:
        parse_registration("manuals = 1\n[facts]\nsample_thickness = [1]\n", "entry.toml")
    said = str(caught.value)
    assert "manuals" in said
    assert "Did you mean" in said
    assert "sample_thickness" in said


NOT_FINITE = {
    "entry.toml": "[manual]\nlimit_energy_range = nan\n[facts]\nsample_length = inf\nsample_width = -inf\n",
    "entry.json": '{"manual":\n{"limit_energy_range": NaN},\n'
    '"facts": {"sample_length": Infinity,\n"sample_width": -1e999}}',
}


@pytest.mark.parametrize("name", NOT_FINITE)
def test_numbers_that_are_not_finite_are_refused_all_at_once_with_key_and_line(name):
    with pytest.raises(InputError) as caught:
        parse_registration(NOT_FINITE[name], name)
    said = str(caught.value)
    for key, value in (
        ("manual.limit_energy_range", "nan"),
        ("facts.sample_length", "inf"),
        ("facts.sample_width", "-inf"),
    ):
        assert f"{key}: {value} is no finite number" in said
    assert said.count("line") == 3
    assert "有限の数値" in caught.value.render("ja")


def test_a_number_that_is_not_finite_is_refused_in_a_list_and_in_a_dataset_too():
    assert "is no finite number" in refused("[[entries]]\nmetadata = { a = nan }\n")


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("title", 1),
        ("entries[1].files.raw[0]", 7),
        ("entries[1].files.structured", 6),
        ("entries[1].metadata.no such key", 5),
        ("entries[].files.main_image", 2),
        ("description", None),
    ],
)
def test_a_place_stands_on_its_line_or_on_that_of_what_holds_it(tmp_path, place, line):
    path = tmp_path / "d.yaml"
    path.write_text(
        "title: x\nentries:\n  - name: a\n\n  - name: b\n    files:\n      raw: [c]\n",
        encoding="utf-8",
    )
    assert read_dataset_file(path).line(place) == line
