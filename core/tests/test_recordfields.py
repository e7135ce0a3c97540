"""Every field of a dataset file is explained, and the shipped JSON Schema says what the reader accepts."""

import json
import re

import attrs
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.datasets import parse_dataset
from shirube.errors import InputError
from shirube.recordfields import dataset_records, dataset_schema, field_words, shipped_schema

VALIDATOR = jsonschema.Draft202012Validator(json.loads(shipped_schema()))


def test_every_field_is_explained_and_nothing_else():
    fields = {name: [one.name for one in attrs.fields(cls)] for name, cls in dataset_records().items()}
    assert {name: sorted(words) for name, words in field_words().items()} == {
        name: sorted(names) for name, names in fields.items()
    }


def test_each_is_explained_in_both_languages():
    for record, words in field_words().items():
        for name, one in words.items():
            assert one.text.en.endswith("."), (record, name)
            assert one.text.ja == "DOI" or re.search("[ぁ-ヿ一-鿿]", one.text.ja), (record, name)


def test_the_shipped_schema_is_that_of_the_records():
    """Write it anew with: python -m shirube.recordfields > core/src/shirube/data/dataset.schema.json."""
    assert json.loads(shipped_schema()) == dataset_schema()
    jsonschema.Draft202012Validator.check_schema(dataset_schema())


def accepted(document):
    try:
        parse_dataset(json.dumps(document), "d.json")
    except InputError:
        return False
    return True


_values = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3) | st.lists(st.text(max_size=3), max_size=2)
)
_tables = st.dictionaries(
    st.sampled_from(["name", "organization", "names", "id", "titel", "sessions", "date"]), _values, max_size=3
)
_keys = st.sampled_from(
    ["title", "tags", "manager", "sample", "entries", "usage", "is_anonymized", "embargo_extensions", "titel"]
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(_keys, _values | _tables | st.lists(_tables, max_size=2), max_size=4))
def test_the_schema_accepts_what_the_reader_accepts(document):
    assert VALIDATOR.is_valid(document) == accepted(document)


@pytest.mark.parametrize(
    "document",
    [
        {"entries": [{"metadata": {"a": 1.5, "b": True, "c": "x"}, "files": {"raw": ["a"]}}]},
        {"licence_request": {"months_resident": 3, "affiliations": []}},
        {"usage": {"sessions": [{"id": "A-22-TU-0079"}]}},
    ],
)
def test_whole_documents(document):
    assert VALIDATOR.is_valid(document)
    assert accepted(document)


@pytest.mark.parametrize(
    "document",
    [
        {"usage": {"sessions": [{"date": "2025-04-01"}]}},
        {"entries": [{"metadata": {"a": [1]}}]},
        {"title": 3},
    ],
)
def test_what_the_reader_refuses(document):
    assert not VALIDATOR.is_valid(document)
    assert not accepted(document)
