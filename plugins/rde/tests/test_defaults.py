"""``default_value.csv``: what a template states for manual items that are left blank."""

import pytest

from shirube.errors import InputError
from shirube.records import Registration
from shirube_rde.defaults import read_defaults, with_defaults
from shirube_rde.layout import Job

FORM = {
    "properties": {
        "custom": {
            "properties": {
                "limit": {"type": "number"},
                "count": {"type": "integer"},
                "fit": {"type": "boolean"},
                "form": {"type": "string"},
            }
        }
    }
}


@pytest.fixture
def stated(tmp_path):
    """Return a function that reads the defaults of a job whose template states them in these bytes."""

    def read(content):
        (tmp_path / "data" / "tasksupport").mkdir(parents=True)
        (tmp_path / "data" / "tasksupport" / "default_value.csv").write_bytes(content)
        return read_defaults(Job(tmp_path / "data"), FORM)

    return read


def test_values_have_the_types_of_the_form(stated):
    content = "key,value\nlimit,200.5\ncount,3\nfit,TRUE\nform,フィルム\n"
    assert stated(content.encode()) == {"limit": 200.5, "count": 3, "fit": True, "form": "フィルム"}


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_the_encodings_of_spreadsheets_work(encoding, stated):
    assert stated("key,value\r\nform,フィルム\r\n".encode(encoding)) == {"form": "フィルム"}


def test_blank_values_and_items_of_others_set_nothing(stated):
    assert stated(b"key,value\nlimit,\ncommon.data_type,XPS\n\n") == {}


def test_no_file_sets_nothing(tmp_path):
    assert read_defaults(Job(tmp_path / "data"), FORM) == {}


def test_every_value_of_another_type_is_named_in_one_error(stated):
    with pytest.raises(InputError) as caught:
        stated(b"key,value\nlimit,many\ncount,2.5\nform,a\n")
    assert "limit" in str(caught.value)
    assert "count" in str(caught.value)
    assert "default_value.csv" in str(caught.value)


def test_what_was_entered_wins_and_the_document_stays():
    registration = Registration(manual={"limit": 50.0}, document="{}")
    filled = with_defaults(registration, {"limit": 200.0, "form": "バルク"})
    assert filled.manual == {"limit": 50.0, "form": "バルク"}
    assert filled.document == "{}"
