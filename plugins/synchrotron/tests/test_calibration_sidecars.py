"""Sidecars: written beside every data file that a calibration holds for, or none at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from shirube_synchrotron.calibration.writing import write_together

pytestmark = pytest.mark.usefixtures("no_drawing")


def told(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def listing():
    return {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}


def test_the_photon_energy_is_registered_beside_each_data_file(shirube, gold_file, data_file):
    gold = gold_file()
    files = [data_file(f"c1s_{number}.bench") for number in range(3)]
    code, out, _ = shirube("calibrate", gold, "--lang", "en", "--sidecars", *files)
    assert code == 0
    level = told("gold_calibration.json")["fermi_level"]["value"]
    for number in range(3):
        # Named and spelt as the reader's record and map say, with no work function that is 0.
        assert told(f"c1s_{number}.bench.side.json") == {"hv": level}
        assert f"c1s_{number}.bench.side.json: written" in out


def test_a_work_function_goes_into_the_sidecars_too(shirube, gold_file, data_file):
    shirube("calibrate", gold_file(), "--work-function", "4.4", "--sidecars", data_file())
    assert told("c1s.bench.side.json") == {"hv": told("gold_calibration.json")["photon_energy"], "phi": 4.4}


def test_files_may_follow_before_other_options(shirube, gold_file, data_file):
    gold, files = gold_file(), [data_file("a.bench"), data_file("b.bench")]
    code, out, _ = shirube("calibrate", gold, "--sidecars", *files, "--work-function", "4.4", "--json")
    assert code == 0
    assert [one["state"] for one in json.loads(out)["sidecars"]] == ["new", "new"]


def test_the_option_takes_an_equals_sign_and_wants_at_least_one_file(shirube, gold_file, data_file):
    gold, first, second = gold_file(), data_file("a.bench"), data_file("b.bench")
    code, out, _ = shirube("calibrate", gold, f"--sidecars={first}", second, "--json")
    assert (code, len(json.loads(out)["sidecars"])) == (0, 2)
    for arguments in (["--sidecars"], ["--sidecars", "--json"]):
        code, _, err = shirube("calibrate", gold, *arguments)
        assert code == 2
        assert "'--sidecars' requires at least one file" in err


def test_a_folder_of_data_files_is_taken_whole(shirube, gold_file, data_file):
    Path("beamtime").mkdir()
    data_file("beamtime/a.bench"), data_file("beamtime/b.bench")
    code, _, _ = shirube("calibrate", gold_file(), "--sidecars", "beamtime")
    assert code == 0
    assert sorted(path.name for path in Path("beamtime").glob("*.side.json")) == [
        "a.bench.side.json",
        "b.bench.side.json",
    ]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"pass": 100.0}, "pass energy 100 eV instead of the gold scan's 50 eV"),
        ({"lens": "Angular"}, "lens mode Angular instead of the gold scan's Transmission"),
        ({"photons": 650.0}, "photon energy 650 eV in the header instead of the gold scan's 800 eV"),
        ({"pass": None}, "the pass energy is known of one of the two only"),
        ({"lens": None}, "the lens mode is known of one of the two only"),
    ],
)
def test_files_measured_otherwise_are_refused_unless_told_otherwise(shirube, gold_file, data_file, header, said):
    gold, other, good = gold_file(), data_file("other.bench", **header), data_file("good.bench")
    before = listing()
    code, _, err = shirube("calibrate", gold, "--lang", "en", "--sidecars", good, other)
    assert code == 2
    assert said in err
    assert "other.bench" in err
    assert listing() == before
    code, out, _ = shirube("calibrate", gold, "--any-settings", "--lang", "en", "--sidecars", good, other)
    assert code == 0
    # What was overridden is told of each file.
    assert out.count("other settings accepted") == 1
    assert f"other settings accepted: other.bench#1 has {said}" in out
    assert Path("other.bench.side.json").exists()


@pytest.mark.parametrize("garbage", [3.1e-317, None])
def test_a_header_that_is_garbage_does_not_compare(shirube, gold_file, data_file, garbage):
    code, _, _ = shirube("calibrate", gold_file(), "--sidecars", data_file(photons=garbage))
    assert code == 0
    assert Path("c1s.bench.side.json").exists()


def test_a_photon_energy_that_the_axis_cannot_have_is_refused_always(
    shirube, gold_file, write_regions, region, line_counts
):
    kinetic = np.arange(905.0, 915.0, 0.1)
    other = write_regions("high.bench", region("x", kinetic, line_counts(kinetic, 911.0), photons=None))
    code, _, err = shirube("calibrate", gold_file(), "--any-settings", "--lang", "en", "--sidecars", other)
    assert code == 2
    assert "kinetic energies from 905 eV" in err


def test_data_far_from_the_fermi_level_are_refused_where_the_header_of_gold_is_garbage(shirube, gold_file, data_file):
    gold, file = gold_file(photons=3.1e-317), data_file(photons=1200.0)
    code, _, err = shirube("calibrate", gold, "--lang", "en", "--sidecars", file)
    assert code == 2
    assert "photon energy 1200 eV in the header, while the Fermi level is 795.6" in err
    assert not Path("c1s.bench.side.json").exists()


def test_the_gold_scan_of_each_sidecar_is_named(shirube, gold_file, data_file):
    golds = [gold_file(f"au{hv}.bench", level=hv - 4.4, photons=float(hv), seed=hv) for hv in (800, 650)]
    files = [data_file("high.bench"), data_file("low.bench", photons=650.0)]
    _, out, _ = shirube("calibrate", *golds, "--lang", "en", "--sidecars", *files)
    for file, gold in (("high", "au800.bench"), ("low", "au650.bench")):
        (line,) = [one for one in out.splitlines() if f"{file}.bench.side.json" in one]
        assert gold in line


def test_of_one_photon_energy_the_calibration_before_the_data_is_registered(shirube, gold_file, data_file):
    golds = [
        gold_file(f"au{number}.bench", level=level, seed=number, day=day)
        for number, (level, day) in enumerate([(795.6, "2026-03-30"), (795.9, "2026-04-09")])
    ]
    code, out, _ = shirube("calibrate", *golds, "--json", "--sidecars", data_file(day="2026-04-01"))
    (side,) = json.loads(out)["sidecars"]
    assert (code, side["gold"]) == (0, "au0.bench")
    assert "differ by more than their uncertainties" in side["remarks"][0]["en"]
    assert told("c1s.bench.side.json")["hv"] == pytest.approx(795.6, abs=0.02)


def test_an_equal_sidecar_is_left_untouched(shirube, gold_file, data_file):
    gold, file = gold_file(), data_file()
    shirube("calibrate", gold, "--sidecars", file)
    side = Path("c1s.bench.side.json")
    side.write_text(json.dumps(told(side), indent=7), encoding="utf-8")
    before = (side.read_bytes(), side.stat().st_mtime_ns)
    code, out, _ = shirube("calibrate", gold, "--json", "--sidecars", file)
    assert (code, json.loads(out)["sidecars"][0]["state"]) == (0, "same")
    assert (side.read_bytes(), side.stat().st_mtime_ns) == before


def test_a_sidecar_that_says_something_else_is_replaced_by_force_only_and_keeps_its_other_keys(
    shirube, gold_file, data_file
):
    gold, file, side = gold_file(), data_file(), Path("c1s.bench.side.json")
    side.write_text(json.dumps({"note": "試料 3", "hv": 801.0, "phi": 4.0}), encoding="utf-8")
    before = listing()
    code, _, err = shirube("calibrate", gold, "--lang", "en", "--sidecars", file)
    assert code == 2
    assert "hv: 801.0, phi: 4.0" in err
    assert "--force" in err
    assert listing() == before
    code, _, _ = shirube("calibrate", gold, "--force", "--sidecars", file)
    level = told("gold_calibration.json")["fermi_level"]["value"]
    assert (code, told(side)) == (0, {"hv": level, "note": "試料 3"})


def test_a_work_function_of_0_that_is_written_out_says_the_same_as_none(shirube, gold_file, data_file):
    gold, file = gold_file(), data_file()
    shirube("calibrate", gold)
    level = told("gold_calibration.json")["fermi_level"]["value"]
    Path("c1s.bench.side.json").write_text(json.dumps({"hv": level, "phi": 0}), encoding="utf-8")
    code, out, _ = shirube("calibrate", gold, "--json", "--sidecars", file)
    assert (code, json.loads(out)["sidecars"][0]["state"]) == (0, "same")


def test_everything_that_is_wrong_is_said_in_one_pass_and_nothing_is_written(shirube, gold_file, data_file):
    gold = gold_file()
    files = [data_file("pass.bench", **{"pass": 20.0}), data_file("lens.bench", lens="Angular"), data_file("own.bench")]
    Path("own.bench.side.json").write_text('{"hv": 700.0}', encoding="utf-8")
    Path("gold_calibration.json").write_text("{}", encoding="utf-8")
    before = listing()
    code, _, err = shirube("calibrate", gold, "--lang", "en", "--sidecars", *files)
    assert code == 2
    for name in ("pass.bench", "lens.bench", "own.bench.side.json", "gold_calibration.json"):
        assert name in err
    assert len(err.strip().splitlines()) == 4
    assert listing() == before


def test_a_reader_without_sidecars_is_named(shirube, gold_file):
    Path("two.csv").write_text("Kinetic energy (eV),counts\n500,1\n501,2\n502,3\n503,2\n", encoding="utf-8")
    code, _, err = shirube("calibrate", gold_file(), "--lang", "en", "--any-settings", "--sidecars", "two.csv")
    assert code == 2
    assert "reader columns" in err


def test_a_refused_edge_writes_no_sidecars(shirube, data_file):
    flank, data = data_file("flank.bench", photons=None), data_file()
    before = listing()
    code, _, _ = shirube("calibrate", flank, "--sidecars", data)
    assert code == 1
    assert listing() == before


def test_of_several_calibrations_each_file_gets_its_own(shirube, gold_file, data_file):
    golds = [gold_file(f"au{hv}.bench", level=hv - 4.4, photons=float(hv), seed=hv) for hv in (800, 650)]
    files = [data_file("high.bench", photons=800.3), data_file("low.bench", photons=650.0)]
    code, _, _ = shirube("calibrate", *golds, "--sidecars", *files)
    assert code == 0
    assert told("high.bench.side.json")["hv"] == pytest.approx(795.6, abs=0.01)
    assert told("low.bench.side.json")["hv"] == pytest.approx(645.6, abs=0.01)
    code, _, err = shirube("calibrate", *golds, "--lang", "en", "--sidecars", data_file("odd.bench", photons=None))
    assert code == 2
    assert "of 2 calibrations" in err


# Writing all or nothing.


@pytest.mark.parametrize("failing", ["replace", "link", "fsync", "open"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_failure_at_any_step_leaves_everything_as_it_was(tmp_path, monkeypatch, failing, at):
    olds = {tmp_path / "a.json": b"old a", tmp_path / "c.json": b"old c"}
    for path, data in olds.items():
        path.write_bytes(data)
    files = {tmp_path / f"{name}.json": f"new {name}".encode() for name in "abc"}
    calls = {"count": -1}

    def once(original):
        def call(*args, **kwargs):
            calls["count"] += 1
            if calls["count"] == at:
                raise OSError(28, "No space left on device")
            return original(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        if failing == "replace":
            patch.setattr(Path, "replace", once(Path.replace))
        elif failing == "open":
            patch.setattr(Path, "write_bytes", once(Path.write_bytes))
        else:
            patch.setattr(os, failing, once(getattr(os, failing)))
        if failing == "link":
            # Without hard links a copy is kept: no failure at all.
            write_together(files)
        else:
            with pytest.raises(Exception, match="No space left"):
                write_together(files)
    found = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert found == (files if failing == "link" else olds)


def test_what_holds_its_bytes_already_is_not_written(tmp_path):
    (tmp_path / "a").write_bytes(b"same")
    stamp = (tmp_path / "a").stat().st_mtime_ns
    assert write_together({tmp_path / "a": b"same", tmp_path / "b": b"new"}) == (tmp_path / "b",)
    assert (tmp_path / "a").stat().st_mtime_ns == stamp


def test_folders_that_were_made_in_vain_are_removed(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "kept").mkdir()
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Exception, match="No space left"):
        write_together({tmp_path / "kept" / "new" / "er" / "a.json": b"a", tmp_path / "other" / "b.png": b"b"})
    assert [path.name for path in tmp_path.rglob("*")] == ["kept"]
