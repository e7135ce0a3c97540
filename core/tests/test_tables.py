"""Tables: columns of numbers and texts, and CSV that reads back to the same doubles."""

import csv
import io
import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.errors import InputError
from shirube.messages import Text
from shirube.tables import Column, Table, guarded, read_csv, table_document, write_csv

PEAKS = Table(
    "peaks",
    Text(en="Peaks", ja="ピーク"),
    (
        Column("label", Text(en="Peak", ja="ピーク"), ("C-C", 'O-C="O", "x"')),
        Column("position", Text(en="Position", ja="位置"), [284.8, 288.7], "eV"),
        Column("error", Text(en="Error", ja="誤差"), [0.1, float("nan")], "eV"),
    ),
)


def table(*columns):
    return Table("t", Text("t", "t"), [Column(name, Text(name, name), values) for name, values in columns])


def test_the_header_holds_names_or_labels_with_units():
    assert write_csv(PEAKS).splitlines()[0] == "label,position,error"
    assert write_csv(PEAKS, lang="en").splitlines()[0] == "Peak,Position (eV),Error (eV)"
    assert write_csv(PEAKS, lang="ja").splitlines()[0] == "ピーク,位置 (eV),誤差 (eV)"


def test_missing_numbers_are_empty_cells():
    assert write_csv(PEAKS) == 'label,position,error\nC-C,284.8,0.1\n"O-C=""O"", ""x""",288.7,\n'


def test_a_table_reads_back_the_same():
    again = read_csv(write_csv(PEAKS), PEAKS)
    assert again.same_as(PEAKS)
    assert again.column("position").values.tolist() == [284.8, 288.7]
    assert again.column("label").values == ("C-C", 'O-C="O", "x"')


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-5 V", "'-5 V"),
        ("\t=1+1", "'\t=1+1"),
        ("＝1+1", "'＝1+1"),
        ("'=1", "''=1"),
        ("-5.2e-3", "-5.2e-3"),
        ("-", "-"),
        ("O 1s", "O 1s"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_no_text_is_a_formula_to_a_spreadsheet_and_each_reads_back_the_same(text, cell):
    written = table(("text", (text,)), ("number", [-1.5]))
    assert write_csv(written).splitlines()[1] == f"{cell},-1.5"
    assert read_csv(write_csv(written), written).column("text").values == (text,)


@given(st.lists(st.text(alphabet="'=+-@\t\r\n＝－1.eA", max_size=6), min_size=1, max_size=6))
def test_whatever_texts_begin_with_they_read_back_the_same_and_are_no_formulas(texts):
    written = table(("text", tuple(texts)))
    assert read_csv(write_csv(written), written).same_as(written)
    for (cell,) in list(csv.reader(io.StringIO(write_csv(written), newline="")))[1:]:
        assert cell[:1] not in set("=@\t\r\n＝－")
        assert cell[:1] not in set("+-") or not set(cell) & set("=@A")


@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=True, allow_infinity=True),
            st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8),
        ),
        max_size=6,
    )
)
def test_any_numbers_and_texts_read_back_the_same(rows):
    numbers, texts = [row[0] for row in rows], tuple(row[1] for row in rows)
    written = table(("number", np.array(numbers, dtype=float)), ("text", texts))
    again = read_csv(write_csv(written), written)
    assert again.same_as(written)
    assert [repr(one) for one in again.column("number").values.tolist()] == [repr(one) for one in numbers]


@given(st.lists(st.text(alphabet='a,"\n\r ;標', max_size=5), min_size=1, max_size=5))
def test_other_programs_read_the_same_cells(texts):
    written = write_csv(table(("one", texts), ("two", [1.5] * len(texts))))
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert rows == [["one", "two"], *[[guarded(text), "1.5"] for text in texts]]


def test_a_single_column_keeps_its_empty_cells():
    lone = table(("number", [1.0, float("nan"), 2.0]))
    assert read_csv(write_csv(lone), lone).same_as(lone)
    assert len(read_csv(write_csv(table(("text", ("", "")))), table(("text", ("", ""))))) == 2


@pytest.mark.parametrize(
    "text", ["", "position\n1\n", "label,position,error\na,1\n", "label,position,error\na,b,c\n", 'label,"x']
)
def test_what_is_not_that_table_is_refused(text):
    with pytest.raises(InputError, match="peaks"):
        read_csv(text, PEAKS)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="different lengths"):
        table(("one", [1.0]), ("two", [1.0, 2.0]))


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(ValueError, match="one name"):
        table(("one", [1.0]), ("one", [2.0]))


def test_a_column_is_one_dimensional():
    with pytest.raises(ValueError, match="one dimension"):
        table(("one", np.ones((2, 2))))


def test_values_are_read_only_also_after_pickling():
    values = np.array([1.0, 2.0])
    made = table(("one", values))
    values[0] = 9.0
    again = pickle.loads(pickle.dumps(made))  # noqa: S301 our own bytes
    for one in (made, again):
        assert one.column("one").values.tolist() == [1.0, 2.0]
        with pytest.raises(ValueError, match="read-only"):
            one.column("one").values[0] = 0.0


def test_tables_are_the_same_within_a_tolerance():
    one, other = table(("a", [1.0, np.nan])), table(("a", [1.0 + 1e-9, np.nan]))
    assert not one.same_as(other)
    assert one.same_as(other, rtol=1e-8)
    assert not one.same_as(table(("b", [1.0, np.nan])), rtol=1.0)
    assert not one.same_as(table(("a", ("1.0", ""))), rtol=1.0)
    assert not one.same_as(table(("a", [1.0])), rtol=1.0)


def test_an_unknown_column_is_a_key_error():
    with pytest.raises(KeyError):
        PEAKS.column("area")
    assert len(PEAKS) == 2
    assert len(table()) == 0


def test_a_cell_of_any_length_reads_back_and_leaves_the_limit_of_others_alone():
    limit = csv.field_size_limit()
    long = table(("text", ("a" * (limit + 1), "b")))
    assert read_csv(write_csv(long), long).same_as(long)
    assert csv.field_size_limit() == limit


def test_a_cell_that_no_text_file_can_keep_is_refused():
    with pytest.raises(ValueError, match=r"column text: .*surrogate"):
        table(("text", ("a", "\udc80")))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Column(1, Text("a", "a"), [1.0]),
        lambda: Column("a", "a", [1.0]),
        lambda: Table(None, Text("a", "a"), ()),
        lambda: Table("t", "a", ()),
        lambda: Table("t", Text("a", "a"), (1.0,)),
        lambda: Column("a", Text("a", "a"), np.array([1j])),
    ],
)
def test_a_table_is_made_of_what_can_be_written(make):
    with pytest.raises(ValueError, match=r"expected|complex"):
        make()


def test_counts_are_written_as_whole_numbers_and_read_back():
    count = Column("peaks", Text("Peaks", "ピーク"), [1.0, 12.0, float("nan"), 1e22], whole=True)
    table = Table("t", Text("t", "t"), [count, Column("x", Text("x", "x"), [1.0, 2.0, 3.0, 4.0])])
    text = write_csv(table)
    assert text == "peaks,x\n1,1.0\n12,2.0\n,3.0\n10000000000000000000000,4.0\n"
    assert read_csv(text, table).same_as(table)
    with pytest.raises(ValueError, match="not all numbers are whole"):
        Column("peaks", Text("Peaks", "ピーク"), [1.5], whole=True)


def test_a_table_in_an_answer_has_null_where_json_knows_no_number():
    columns = (
        Column("energy", Text(en="Energy", ja="エネルギー"), np.array([1.5, np.nan, np.inf]), "eV"),
        Column("name", Text(en="Name", ja="名前"), ("a", "", "ん")),
    )
    found = json.loads(json.dumps(table_document(Table("t", Text(en="T", ja="表"), columns)), allow_nan=False))
    assert found["energy"] == {"unit": "eV", "label": {"en": "Energy", "ja": "エネルギー"}, "values": [1.5, None, None]}
    assert found["name"]["values"] == ["a", "", "ん"]
