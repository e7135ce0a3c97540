"""A dataset as YAML: read by the core schema of YAML 1.2, with the line of everything that is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.datasets import LARGEST, parse_dataset, read_dataset, render_dataset
from shirube.errors import InputError, UsageError
from shirube.records import Dataset, DatasetEntry, Person, Sample

YAML = """\
# made by hand
title: 二硫化モリブデンの光電子分光
description: ""
registered_on: 2025-04-01
embargo_end: 2028-03-31T03:00:00.000Z
is_anonymized: false
project_title:          # not supplied
tags: [XPS, "2D"]
manager: {name: "KIMOTO,Koji", organization: ''}
sample:
  names:
    - MoS2-Ref
  composition: MoS2
entries:
  - name: C1s
    submitted_on: 2025-04-01
    metadata: {photon_energy: 1486.6, sweeps: 3, label: x, ok: true, folded: "12:30"}
    files:
      structured: [a.csv, b.csv]
"""


def refused(text, name="d.yaml", lang="en"):
    with pytest.raises(InputError) as caught:
        parse_dataset(text, name)
    return caught.value.render(lang)


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".YAML"])
def test_a_yaml_file_becomes_the_record(tmp_path, suffix):
    path = tmp_path / f"dataset{suffix}"
    path.write_text(YAML, encoding="utf-8")
    assert read_dataset(path) == Dataset(
        title="二硫化モリブデンの光電子分光",
        description="",
        registered_on="2025-04-01",
        embargo_end="2028-03-31T03:00:00.000Z",
        is_anonymized=False,
        tags=("XPS", "2D"),
        manager=Person(name="KIMOTO,Koji", organization=""),
        sample=Sample(names=("MoS2-Ref",), composition="MoS2"),
        entries=(
            DatasetEntry(
                name="C1s",
                submitted_on="2025-04-01",
                metadata={"photon_energy": 1486.6, "sweeps": 3, "label": "x", "ok": True, "folded": "12:30"},
                files={"structured": ("a.csv", "b.csv")},
            ),
        ),
    )


@pytest.mark.parametrize(
    "formula", ["NO", "No", "Y", "N", "on", "Off", "12:30", "1_000", "0o17", "0x1F", "1e", "2025-04-01"]
)
def test_formulae_and_times_stay_texts(formula):
    """YAML 1.1 reads nitric oxide as false, and noon as 720."""
    assert parse_dataset(f"sample: {{composition: {formula}}}", "d.yaml").sample.composition == formula


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("True", True),
        ('"7"', "7"),
        ("|\n      a\n", "a\n"),
    ],
)
def test_plain_values_are_what_they_look_like_and_quoted_ones_texts(written, value):
    (entry,) = parse_dataset(f"entries:\n- metadata:\n    x: {written}", "d.yaml").entries
    assert entry.metadata == {"x": value}
    assert type(entry.metadata["x"]) is type(value)


def test_an_empty_file_supplies_nothing():
    assert parse_dataset("# nothing yet\n", "d.yaml") == Dataset()


#: What both may hold as it is: YAML has no control characters and knows more line breaks.
_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=12)
_values = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | _texts


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(_texts, _values, max_size=4))
def test_json_is_yaml(metadata):
    document = json.dumps({"entries": [{"metadata": metadata}]}, ensure_ascii=False)
    assert parse_dataset(document, "d.yaml") == parse_dataset(document, "d.json")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("title:[]{}-'\"#&*!|>% \n\t,?a0."), max_size=40))
def test_whatever_is_written_is_a_record_or_one_clear_error(text):
    try:
        parse_dataset(text, "d.yaml")
    except InputError as error:
        said = error.render("en"), error.render("ja")
    else:
        return
    assert all(one.startswith("d.yaml") for one in said)


class TestWhatIsWrong:
    def test_every_problem_has_its_own_line_though_keys_repeat(self):
        said = refused("titel: x\nmanager:\n  name: 3\nsample:\n  names: 4\nentries:\n- name: 5\n- name: 6\n")
        for part in (
            "line 1: titel: there is no such key; remove or rename it. Did you mean 'title'?",
            "line 3: manager.name: expected a text, got 3",
            "line 5: sample.names: expected a list, got 4",
            "line 7: entries[0].name: expected a text, got 5",
            "line 8: entries[1].name: expected a text, got 6",
        ):
            assert part in said

    def test_malformed_text_is_told_with_its_line(self):
        assert refused("title: x\ntags: [a, b\n").startswith("d.yaml, line 3: this is not valid YAML")
        assert refused("title: x\n\tid: y\n").startswith("d.yaml, line 2: this is not valid YAML")
        assert refused("title: \x07\n").startswith("d.yaml, line 1: this is not valid YAML")

    def test_a_key_twice(self):
        said = refused("title: a\nmanager: {name: b}\ntitle: c\n")
        assert said == "d.yaml, line 3: the key 'title' is given twice; remove one of them"

    def test_a_bomb_of_aliases_is_refused_at_the_first(self):
        bomb = 'a: &a ["x","x"]\n' + "".join(
            f"{b}: &{b} [*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        assert refused(bomb).startswith("d.yaml, line 2: the alias *a is not allowed")

    @pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [id]", "!!str x", "!include /etc/passwd"])
    def test_tags_are_refused(self, tag):
        assert "the tag" in refused(f"title: {tag}")

    def test_several_documents_keys_that_are_lists_and_numbers_without_end(self):
        assert refused("title: a\n---\ntitle: b\n").startswith("d.yaml, line 2: the file holds several documents")
        assert "a key must be a text" in refused("[a]: b")
        assert "line 2: .inf is no finite number" in refused("id: a\ntitle: .inf")

    def test_nesting_without_end(self):
        assert "too deep" in refused("[" * 500)

    def test_a_file_that_no_hand_wrote_is_not_even_parsed(self, tmp_path):
        path = tmp_path / "d.yaml"
        path.write_bytes(b"title: " + b"x" * (LARGEST + 1))
        with pytest.raises(InputError, match=r"8\.0 MB; a dataset of more than 8 MB is not read"):
            read_dataset(path)

    def test_japanese(self):
        said = refused("titel: x", lang="ja")
        assert (
            said
            == "d.yaml 1 行目: titel：このキーはありません。削除するか名前を直してください。「title」ではありませんか。"
        )


_texts_of_any_kind = st.text(max_size=20) | st.sampled_from(
    ["NO", "1e3", "null", "~", "2025-04-01", "a: b", "# x", " ", "a\n b\n", "*x"]
)
_datasets = st.builds(
    Dataset,
    title=st.none() | _texts_of_any_kind,
    is_anonymized=st.none() | st.booleans(),
    tags=st.none() | st.lists(_texts_of_any_kind, max_size=2).map(tuple),
    manager=st.none() | st.builds(Person, name=_texts_of_any_kind),
    entries=st.lists(
        st.builds(
            DatasetEntry, metadata=st.none() | st.dictionaries(_texts_of_any_kind, _texts_of_any_kind | st.integers())
        ),
        max_size=1,
    ).map(tuple),
)


@settings(max_examples=100, deadline=None)
@given(_datasets, st.sampled_from([".yaml", ".json"]))
def test_what_is_written_is_read_back(dataset, suffix):
    assert parse_dataset(render_dataset(dataset, suffix), f"d{suffix}") == dataset


def test_a_dataset_is_not_written_as_what_nobody_can_write():
    with pytest.raises(UsageError, match=r"\.yaml or \.json"):
        render_dataset(Dataset(), ".toml")


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("registered_on: 20250401\n", "registered_on", "20250401"),
        ("licence_request: {specific_category: 2}\n", "licence_request.specific_category", "2"),
        ("sample: {names: [1.5]}\n", "sample.names[0]", "1.5"),
        ("title: true\n", "title", "true"),
    ],
)
def test_a_text_that_looks_like_a_number_is_asked_for_in_quotation_marks(text, key, value):
    with pytest.raises(InputError) as caught:
        parse_dataset(text, "d.yaml")
    assert caught.value.line == 1
    assert str(caught.value).endswith(f"{key}: expected a text, got {value}; write it in quotation marks")
    quoted = parse_dataset(text.replace(value, f'"{value}"'), "d.yaml")
    assert value in str(quoted)


def test_a_required_key_without_a_value_is_told_as_what_it_is():
    with pytest.raises(InputError, match=r"usage\.sessions\[0\]\.id: this key is missing or has no value"):
        parse_dataset("usage:\n  sessions:\n    - id:\n      date: 2025-04-01\n", "d.yaml")
