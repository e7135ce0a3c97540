"""Points that were left for a gathering: the same tables as from the runs, and never those of another run."""

import json

import pytest

from shirube.runs import read_run
from shirube.series import gather, leave_points, left_place

TWO = (("p1", 284.8, 1.1, 900.0), ("x", 288.1, 1.4, 100.0))
ONE = (("p1", 284.9, 1.2, 950.0),)


@pytest.fixture
def runs(write, fit, at):
    """Return runs of every kind: fitted in two units, of a map, doubtful, refused, without results, unreadable."""
    return [
        write("a", at("a.txt#1"), fit((TWO, ONE)), fit(status="skipped", analysis="edge", reasons=("off",))),
        write("b", at("m.txt#1[0,2]", angle=(3.5, "deg")), fit((ONE,), status="doubtful", reasons=('too "wide"',))),
        write("c", at("c.txt#1"), fit(status="refused", reasons=("no peak",))),
        write("d", at("d.txt#1", "C1s \udc80")),
        write("e", at("e.txt#1"), fit((ONE,), unit="counts/s eV"), fit((TWO,), of_entry=True, analysis="whole")),
        write("f"),
    ]


def leave(runs, folder, lang="ja"):
    for run in runs:
        leave_points(read_run(run), run, left_place(folder, run), lang)
    return folder


def written(runs, target, left, lang="ja"):
    result = gather(runs, target, lang=lang, figures=False, left=left)
    return result, {path.name: path.read_bytes() for path in (target / "tables").iterdir()}


def test_tables_are_the_same_bytes_whether_points_were_left_or_runs_are_read(runs, tmp_path):
    read = written(runs, tmp_path / "read", None)
    left = leave(runs, tmp_path / "left")
    assert written(runs, tmp_path / "all", left) == read
    left_place(left, runs[0]).unlink()
    assert written(runs, tmp_path / "some", left) == read


def test_points_that_were_left_are_used(runs, tmp_path):
    left = leave(runs, tmp_path / "left")
    for path in runs[0].rglob("*.csv"):
        path.unlink()
    result, _ = written(runs, tmp_path / "out", left)
    assert [item for item, _ in result.missing] == ["f"]
    result, _ = written(runs, tmp_path / "read", None)
    assert [item for item, _ in result.missing] == ["a", "f"]


@pytest.mark.parametrize("damage", ["other run", "other language", "torn", "half a line", "no JSON", "other fields"])
def test_what_was_left_of_something_else_or_cut_short_is_not_used(runs, tmp_path, damage):
    left = leave(runs, tmp_path / "left", lang="en" if damage == "other language" else "ja")
    place = left_place(left, runs[0])
    whole = place.read_text(encoding="ascii")
    if damage == "other run":
        document = runs[0] / "shirube.json"
        document.write_bytes(document.read_bytes().replace(b'"a.txt"', b'"z.txt"'))
    elif damage == "torn":
        place.write_text("".join(whole.splitlines(keepends=True)[:-1]), encoding="ascii")
    elif damage == "half a line":
        place.write_text(whole[:-20], encoding="ascii")
    elif damage == "no JSON":
        place.write_bytes(b"\x80\x04K\x01.")
    elif damage == "other fields":
        head, rest = whole.split("\n", 1)
        fewer = {**json.loads(head), "fields": []}
        place.write_text(f"{json.dumps(fewer)}\n{rest}", encoding="ascii")
    assert written(runs, tmp_path / "out", left) == written(runs, tmp_path / "read", None)


def test_what_was_left_of_the_best_models_is_not_taken_for_all_of_them(runs, tmp_path):
    left = leave(runs, tmp_path / "left")
    for options in ({"ranks": 2}, {"along": "temperature"}):
        name = "-".join(options)
        for folder, given in (("left", left), ("read", None)):
            gather(runs, tmp_path / f"{name}-{folder}", lang="ja", figures=False, left=given, **options)
        one, other = (
            {path.name: path.read_bytes() for path in (tmp_path / f"{name}-{folder}" / "tables").iterdir()}
            for folder in ("left", "read")
        )
        assert one == other
