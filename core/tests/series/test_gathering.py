"""Gathering: every spectrum is in the tables with its reason, numbers read back, and files are the same bytes."""

import csv
import re
import sys

import numpy as np
import pytest

from shirube.errors import InputError, OutputError, UsageError
from shirube.messages import Text
from shirube.records import Facts, Origin, Quantity
from shirube.series import Absent, find_runs, gather, read_tables

TWO = (("p1", 284.8, 1.1, 900.0), ("x", 288.1, 1.4, 100.0))
ONE = (("p1", 284.9, 1.2, 950.0),)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def tables(folder):
    return {path.stem: rows(path) for path in sorted((folder / "tables").glob("*.csv"))}


@pytest.fixture
def gathered(write, fit, at, tmp_path):
    """Gather four spectra of C 1s: fitted, doubtful, refused, and not analysed."""
    runs = [
        write("a", at("a.txt#1"), fit((TWO, ONE)), fit(status="skipped", analysis="edge", reasons=("off",))),
        write("b", at("b.txt#1", "C1s"), fit((ONE,), status="doubtful", reasons=('too "wide", perhaps',))),
        write("c", at("c.txt#1"), fit(status="refused", reasons=("no peak",))),
        write("d", at("d.txt#1")),
    ]
    absent = Absent(item="e", source="e.txt", reason=Text("cut off", "途中まで"))
    return gather(runs, tmp_path / "out", absent=[absent], figures=False), tmp_path / "out"


def test_every_spectrum_is_in_every_table_with_its_status_and_reason(gathered):
    found = tables(gathered[1])
    assert sorted(found) == ["components_lines", "spectra_lines", "tracks_lines", "trends_lines", "values"]
    told = [(row["item"], row["region"], row["status"], row["reason"]) for row in found["spectra_lines"]]
    assert told == [
        ("a", "C 1s", "ok", ""),
        ("b", "C1s", "doubtful", 'too "wide", perhaps'),
        ("c", "C 1s", "refused", "no peak"),
        ("d", "C 1s", "none", "no analysis was made"),
        ("e", "", "failed", "cut off"),
    ]
    for name in ("values", "components_lines"):
        assert list(dict.fromkeys((row["item"], row["status"]) for row in found[name])) == [
            (item, status) for item, _, status, _ in told
        ]
    assert [row["reason"] for row in found["components_lines"] if not row["component"]] == [one[3] for one in told[2:]]


def test_names_from_files_are_no_formulas_in_sheets_and_numbers_stay_numbers(write, fit, at, tmp_path):
    gather([write("a", at("a.txt#1", '=HYPERLINK("x")'), fit((ONE,)))], tmp_path / "out", figures=False)
    (row,) = tables(tmp_path / "out")["spectra_lines"]
    assert row["region"] == '\'=HYPERLINK("x")'
    parts = tables(tmp_path / "out")["components_lines"]
    assert float(parts[0]["position (eV)"]) == 284.9


def test_a_spectrum_that_was_analysed_with_its_entry_points_to_the_rows_of_the_entry(write, fit, at, tmp_path):
    gather([write("a", at("a.txt#1"), fit((ONE,), of_entry=True))], tmp_path / "out", figures=False)
    told = [(row["region"], row["status"], row["reason"]) for row in tables(tmp_path / "out")["spectra_lines"]]
    pointing = "not analysed by itself; see the rows of a, which is all its spectra together"
    assert sorted(told) == [("C 1s", "none", pointing), ("a", "ok", "")]


def test_components_have_every_number_with_unit_and_uncertainty_and_their_model(gathered):
    first, second, third, *_ = tables(gathered[1])["components_lines"]
    assert (first["position (eV)"], first["position_uncertainty (eV)"], first["area (counts eV)"]) == (
        "284.8",
        "0.01",
        "900.0",
    )
    assert (first["rank"], first["K"], first["BIC"], first["component"]) == ("1", "2", "107.25", "p1")
    assert (second["remark"], first["remark"]) == ("at its limit", "")
    assert (first["series"], first["index"], first["track"]) == ("C 1s", "1", "t1")
    assert (third["item"], third["index"], third["track"], third["K"]) == ("b", "2", "t1", "1")


def test_the_long_table_has_a_row_for_each_value(gathered):
    long = [row for row in tables(gathered[1])["values"] if row["item"] == "a"]
    area = [row for row in long if row["component"] == "x" and row["term"] == "peak_area"]
    assert [(one["value"], one["uncertainty"], one["unit"], one["quantity"]) for one in area] == [
        ("100.0", "1.0", "counts eV", "area")
    ]
    texts = {row["quantity"]: row["text"] for row in long if row["text"]}
    assert texts == {"lines.method": "least, squares", "remark": "at its limit"}
    scalar = next(row for row in long if row["quantity"] == "peak_position" and not row["component"])
    assert (scalar["value"], scalar["uncertainty"], scalar["unit"], scalar["rank"]) == ("284.8", "0.01", "eV", "")


def test_more_models_of_a_result_are_taken_where_asked_and_only_the_best_has_tracks(write, fit, at, tmp_path):
    run = write("a", at("a.txt#1"), fit((TWO, ONE)))
    gather([run], tmp_path / "out", ranks=2, figures=False)
    found = tables(tmp_path / "out")["components_lines"]
    assert [(row["rank"], row["K"], row["BIC"], row["track"]) for row in found] == [
        ("1", "2", "107.25", "t1"),
        ("1", "2", "107.25", "t2"),
        ("2", "1", "114.5", ""),
    ]


def test_an_analysis_that_skipped_everything_is_in_no_table_and_that_is_said(gathered):
    result, folder = gathered
    assert [note.en for note in result.notes] == ["edge skipped every spectrum, and is in no table"]
    assert b"edge" not in b"".join(path.read_bytes() for path in folder.rglob("*.csv"))
    assert (result.spectra, result.results, [item for item, _ in result.missing]) == (4, 2, ["e"])


def test_files_are_rfc_4180_and_the_same_bytes_wherever_they_are_made(gathered, tmp_path):
    folder = gathered[1]
    again = gather(find_runs([tmp_path / "runs"]), tmp_path / "elsewhere" / "out", figures=False)
    assert again.spectra == 4
    one = gather(find_runs([tmp_path / "runs"]), tmp_path / "third", figures=False)
    for name in one.files:
        assert (tmp_path / "third" / name).read_bytes() == (tmp_path / "elsewhere" / "out" / name).read_bytes(), name
    text = (folder / "tables" / "spectra_lines.csv").read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") == 6
    assert b'"too ""wide"", perhaps"' in text
    assert str(tmp_path).encode() not in text


def test_the_hdf5_file_reads_back_as_the_csv_files_say(gathered):
    pytest.importorskip("h5py")
    result, folder = gathered
    assert result.files[-1] == "tables/results.h5"
    typed = read_tables(folder / "tables" / "results.h5")
    plain = tables(folder)
    del plain["values"]
    assert sorted(typed) == sorted(plain)
    for name, found in plain.items():
        for column, header in zip(typed[name].columns, found[0], strict=True):
            assert (f"{column.name} ({column.unit})" if column.unit else column.name) == header
            cells = [row[header] for row in found]
            if isinstance(column.values, tuple):
                assert list(column.values) == cells
            else:
                expected = [float(cell) if cell else np.nan for cell in cells]
                assert np.array_equal(column.values, expected, equal_nan=True), header
    components = typed["components_lines"]
    assert components.column("area").unit == "counts eV"
    assert components.column("area").label == Text("Area", "area（列）")
    assert components.column("K").whole


def test_another_file_is_not_taken_for_gathered_tables(tmp_path):
    h5py = pytest.importorskip("h5py")
    (tmp_path / "text.h5").write_text("no HDF5")
    h5py.File(tmp_path / "other.h5", "w").close()
    for name in ("text.h5", "other.h5", "none.h5"):
        with pytest.raises(InputError, match=name):
            read_tables(tmp_path / name)


def test_without_its_extra_the_hdf5_file_is_left_out_and_that_is_said(write, fit, at, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    result = gather([write("a", at("a.txt#1"), fit((TWO,)))], tmp_path / "out", figures=False)
    assert 'pip install "shirube[nexus]"' in result.notes[0].en
    assert not list(tmp_path.rglob("*.h5"))
    assert "tables/components_lines.csv" in result.files


def test_numbers_in_other_units_have_columns_of_their_own_and_stay_out_of_trends(write, fit, at, tmp_path):
    runs = [
        write("a", at("a.txt#1"), fit((ONE,))),
        write("b", at("b.txt#1"), fit((ONE,), unit="counts/s eV")),
    ]
    result = gather(runs, tmp_path / "out", figures=False)
    found = tables(tmp_path / "out")
    assert [(row["area (counts eV)"], row["area (counts/s eV)"]) for row in found["components_lines"]] == [
        ("950.0", ""),
        ("", "950.0"),
    ]
    assert [row["area (counts eV)"] for row in found["trends_lines"]] == ["950.0", ""]
    assert "several units" in result.notes[0].en


def test_slices_are_a_series_in_the_order_of_their_coordinates(write, fit, at, tmp_path):
    angles = (10.0, -5.0, 0.0)
    runs = [
        write(f"{place}", at(f"map.txt#1[{place}]", angle=(angle, "deg")), fit((ONE,)))
        for place, angle in enumerate(angles)
    ]
    gather(runs, tmp_path / "out", figures=False)
    found = tables(tmp_path / "out")
    assert [(row["angle (deg)"], row["index"]) for row in found["spectra_lines"]] == [
        ("10.0", "3"),
        ("-5.0", "1"),
        ("0.0", "2"),
    ]
    assert [row["angle (deg)"] for row in found["trends_lines"]] == ["-5.0", "0.0", "10.0"]
    assert {row["series"] for row in found["trends_lines"]} == {"map.txt#1 C 1s"}


def test_a_fact_orders_spectra_of_many_files(write, fit, at, tmp_path):
    runs = []
    for name, kelvin in (("a", 300.0), ("b", 80.0)):
        facts = Facts().add("temperature", Quantity(kelvin, "K", origin=Origin("header")))
        runs.append(write(name, at(f"{name}.txt#1"), fit((ONE,)), facts=facts))
    gather(runs, tmp_path / "out", along="temperature", figures=False)
    found = tables(tmp_path / "out")["spectra_lines"]
    assert [(row["item"], row["temperature (K)"], row["index"]) for row in found] == [
        ("a", "300.0", "2"),
        ("b", "80.0", "1"),
    ]
    result = gather(runs, tmp_path / "other", along="temprature", figures=False)
    assert "temprature" in result.notes[0].en


def test_a_gap_is_counted_in_the_table_of_tracks(write, fit, at, tmp_path):
    models = [TWO, ONE, ONE, TWO]
    runs = [write(f"{place}", at(f"{place}.txt#1"), fit((one,))) for place, one in enumerate(models)]
    gather(runs, tmp_path / "out", figures=False)
    found = tables(tmp_path / "out")["tracks_lines"]
    counts = [(row["track"], row["first"], row["last"], row["spectra"], row["gaps"]) for row in found]
    assert counts == [("t1", "1", "4", "4", "0"), ("t2", "1", "4", "2", "2")]
    assert found[0]["position_largest (eV)"] == "284.9"


def test_a_run_that_cannot_be_read_is_told_and_stops_no_other(write, fit, at, tmp_path):
    good, bad = write("good", at("a.txt#1"), fit((ONE,))), write("bad", at("b.txt#1"), fit((ONE,)))
    (bad / "shirube.json").write_text("{", encoding="utf-8")
    result = gather([good, bad], tmp_path / "out", figures=False)
    assert [item for item, _ in result.missing] == ["bad"]
    found = tables(tmp_path / "out")["spectra_lines"]
    assert [row["status"] for row in found] == ["ok", "unreadable"]
    assert str(tmp_path) not in found[1]["reason"]
    with pytest.raises(InputError, match=r"bad.*shirube\.json"):
        gather([bad], tmp_path / "other", figures=False)
    assert not (tmp_path / "other").exists()


def test_what_is_there_is_replaced_only_where_asked_and_only_by_its_kind(write, fit, at, tmp_path):
    run, out = write("a", at("a.txt#1"), fit((ONE,))), tmp_path / "out"
    (out / "items").mkdir(parents=True)
    gather([run], out, figures=False)
    with pytest.raises(OutputError, match="--overwrite"):
        gather([run], out, figures=False)
    gather([run], out, figures=False, overwrite=True)
    assert (out / "items").is_dir()
    (out / "tables" / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        gather([run], out, figures=False, overwrite=True)
    assert (out / "tables" / "thesis.docx").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("place", ["tables/mine.csv", "tables/mine.h5", "tables/values.csv/mine", "figures/photo.png"])
def test_what_no_gathering_wrote_is_named_and_stays_whatever_it_is_called(write, fit, at, tmp_path, place):
    run, out = write("a", at("a.txt#1"), fit((ONE,))), tmp_path / "out"
    gather([run], out, figures=False)
    if "values" in place:
        (out / "tables" / "values.csv").unlink()
    mine = out / place
    mine.parent.mkdir(exist_ok=True)
    mine.write_bytes(b"mine")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    folder, name = place.split("/")[:2]
    with pytest.raises(OutputError, match=f"{folder}: .*{re.escape(name)}"):
        gather([run], out, figures=False, overwrite=True)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    mine.unlink()
    if "values" in place:
        mine.parent.rmdir()
    gather([run], out, figures=False, overwrite=True)
    assert rows(out / "tables" / "values.csv")


@pytest.mark.parametrize(
    "mark", [None, "{", '{"schema": "shirube-gathered/1"}', '{"schema": "x", "files": ["values.csv"]}']
)
def test_where_nothing_says_what_a_gathering_wrote_everything_is_a_person_s(write, fit, at, tmp_path, mark):
    run, tables_there = write("a", at("a.txt#1"), fit((ONE,))), tmp_path / "out" / "tables"
    tables_there.mkdir(parents=True)
    (tables_there / "values.csv").write_text("mine", encoding="utf-8")
    if mark is not None:
        (tables_there / ".shirube-gathered.json").write_text(mark, encoding="utf-8")
    with pytest.raises(OutputError, match=r"values\.csv"):
        gather([run], tmp_path / "out", figures=False, overwrite=True)
    assert (tables_there / "values.csv").read_text(encoding="utf-8") == "mine"


def test_what_is_put_there_while_a_gathering_is_at_work_stays(write, fit, at, tmp_path):
    run, out = write("a", at("a.txt#1"), fit((ONE,))), tmp_path / "out"
    gather([run], out, figures=False)

    class Meanwhile:
        def update(self, done, label=""):
            del done, label
            (out / "tables" / "mine.csv").write_text("mine", encoding="utf-8")

    with pytest.raises(OutputError, match=r"mine\.csv"):
        gather([run], out, figures=False, overwrite=True, progress=Meanwhile())
    assert (out / "tables" / "mine.csv").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in out.iterdir()) == ["tables"]


def test_nothing_to_gather_is_an_error(tmp_path):
    with pytest.raises(UsageError):
        gather([], tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty") as caught:
        find_runs([tmp_path / "empty", tmp_path / "none"])
    assert str(tmp_path / "none") in str(caught.value)
    assert not (tmp_path / "out").exists()
