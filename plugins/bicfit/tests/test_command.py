"""``shirube fit``: what it prints, writes and returns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from shirube.cli.app import run_command_line
from shirube.messages import LANGUAGES, Text
from shirube.records import Axis, Entry, Measurement, Outcome, Result, Spectrum
from shirube.runs import read_run
from shirube.tables import Column, Table
from shirube_bicfit.telling import lines_of

QUICK = ["--max-peaks", "4", "--starts", "40"]
SHORT = ["--max-peaks", "1", "--starts", "3"]


@pytest.fixture
def csv(case, tmp_path) -> Path:
    p3 = case("p3")
    rows = zip(p3.energy[::-1], p3.counts(0)[::-1], strict=True)
    path = tmp_path / "C1s.csv"
    path.write_text("Binding energy (eV),counts\n" + "".join(f"{x:.2f},{y:.0f}\n" for x, y in rows), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    facility = tmp_path / "facility.toml"
    facility.touch()
    monkeypatch.setenv("SHIRUBE_CONFIG", str(facility))
    monkeypatch.chdir(tmp_path)


def test_it_prints_models_and_the_peaks_of_the_best(csv, capsys):
    assert run_command_line(["fit", str(csv), "--lang", "en", *QUICK]) == 0
    out = capsys.readouterr().out
    assert "* K = 3 " in out
    assert "284.7995 ± 0.0020" in out
    assert "Position (eV)" in out


def test_it_speaks_japanese(csv, capsys):
    assert run_command_line(["fit", str(csv), "--lang", "ja", *QUICK]) == 0
    out = capsys.readouterr().out
    assert "フィット済み" in out
    assert "位置 (eV)" in out


def test_numbers_of_a_noise_free_spectrum_stay_short(tmp_path, capsys):
    energy = np.arange(280.0, 290.0, 0.1)
    counts = 100 + 1000 * np.exp(-4 * np.log(2) * ((energy - 285.0) / 1.2) ** 2)
    path = tmp_path / "exact.csv"
    path.write_text("".join(f"{x:.1f},{float(y)!r}\n" for x, y in zip(energy, counts, strict=True)), encoding="utf-8")
    assert run_command_line(["fit", str(path), "--lang", "en", *SHORT]) == 0
    row = capsys.readouterr().out.split("Lorentz fraction")[1].splitlines()[1]
    position, width = row.split(" ± ")[:2]
    assert position.strip() == "285.00000"
    assert width.split()[1] == "1.20000"
    assert all(len(word) <= 11 for word in row.split())


@pytest.mark.parametrize(("lang", "word"), [("en", "linear, noise"), ("ja", "直線、ノイズ")])
def test_backgrounds_go_by_the_names_of_the_field(csv, capsys, lang, word):
    assert run_command_line(["fit", str(csv), "--lang", lang, "--background", "linear", *SHORT]) == 0
    assert word in capsys.readouterr().out
    assert run_command_line(["fit", str(csv), "--lang", lang, *SHORT]) == 0
    assert "  Shirley" in capsys.readouterr().out


def test_json_holds_the_same_as_the_text(csv, capsys):
    assert run_command_line(["fit", str(csv), "--json", *QUICK]) == 0
    document = json.loads(capsys.readouterr().out)
    (spectrum,) = document["spectra"]
    assert (document["schema"], spectrum["status"]) == ("shirube-fit/1", "ok")
    assert spectrum["scalars"]["bicfit.peak_count"]["value"] == 3
    assert spectrum["tables"]["peaks"]["position"]["values"] == pytest.approx([284.8, 286.3, 288.7], abs=0.05)


def test_with_an_output_folder_it_writes_a_run_that_reads_back(csv, tmp_path, capsys):
    out = tmp_path / "out"
    assert run_command_line(["fit", str(csv), "-o", str(out), "--lang", "en", *QUICK]) == 0
    assert f"written to {out}" in capsys.readouterr().out
    (outcome,) = read_run(out)
    (result,) = outcome.results
    assert result.scalars["bicfit.peak_count"].value == 3
    assert result.array("rank_1_components").shape == (3, 301)
    assert {path.name for path in out.rglob("*.png")} >= {"C1s_1_C1s_bicfit_best.png", "C1s_1_C1s_bicfit_models.png"}


def test_an_output_folder_that_holds_a_run_is_left_alone(csv, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["fit", str(csv), "-o", str(out), "--max-peaks", "1", "--starts", "3"]
    assert run_command_line(arguments) == 0
    assert run_command_line(arguments) == 2
    assert "--overwrite" in capsys.readouterr().err


def test_options_are_the_parameters_and_their_ranges_are_checked(csv, capsys):
    assert run_command_line(["fit", str(csv), "--max-peaks", "50", "--seed", "x", "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "--max-peaks '50' cannot be used; give a whole number (>= 1, <= 30)" in said
    assert "--seed 'x' cannot be used; give a whole number (>= 0)" in said
    assert run_command_line(["fit", str(csv), "--background", "linear,cubic", "--lang", "ja"]) == 2
    assert "--background「linear,cubic」は使えません。shirley, linear, auto のいずれか" in capsys.readouterr().err
    assert run_command_line(["fit", str(csv), "--noise", "aic"]) == 2
    assert "aic" in capsys.readouterr().err


def test_what_cannot_be_fitted_is_said_with_exit_code_1(tmp_path, capsys):
    path = tmp_path / "flat.csv"
    path.write_text("".join(f"{x:.1f},7\n" for x in np.arange(280, 290, 0.1)), encoding="utf-8")
    assert run_command_line(["fit", str(path), "--lang", "en"]) == 1
    assert "all intensities are the same" in capsys.readouterr().out


def test_a_settings_file_is_heard_and_the_command_line_wins(csv, tmp_path, capsys):
    (tmp_path / "shirube.toml").write_text("[analyses.bicfit]\nmax_peaks = 2\nstarts = 12\n", encoding="utf-8")
    assert run_command_line(["fit", str(csv), "--json"]) == 0
    (two,) = json.loads(capsys.readouterr().out)["spectra"]
    assert two["tables"]["models"]["peaks"]["values"] == [1.0, 2.0]
    assert run_command_line(["fit", str(csv), "--json", "--max-peaks", "1"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["spectra"]
    assert one["tables"]["models"]["peaks"]["values"] == [1.0]


@pytest.fixture
def two_regions(tmp_path) -> list[str]:
    """Return two files that are one entry together, with a line each."""
    energy = np.arange(280.0, 292.0, 0.1)
    for name, centre in (("one", 284.8), ("two", 288.6)):
        counts = np.random.default_rng(0).poisson(100 + 2000 * np.exp(-(((energy - centre) / 0.7) ** 2)))
        rows = "".join(f"{x:.1f},{y}\n" for x, y in zip(energy, counts, strict=True))
        (tmp_path / f"{name}.csv").write_text("Binding energy (eV),counts\n" + rows, encoding="utf-8")
    return [str(tmp_path / "one.csv"), str(tmp_path / "two.csv")]


def test_only_the_regions_that_are_named_are_fitted(two_regions, capsys):
    assert run_command_line(["fit", *two_regions, "--region", "two", "--lang", "en", *SHORT]) == 0
    out = capsys.readouterr().out
    assert "288.6" in out
    assert "one.csv" not in out


def test_a_region_that_is_not_there_is_refused_with_those_that_are(two_regions, capsys):
    assert run_command_line(["fit", *two_regions, "--region", "three", "--lang", "en", *SHORT]) == 2
    said = capsys.readouterr().err
    assert "no region is called three" in said
    assert "one.csv#1 'one'" in said


def test_a_range_is_fitted_in_either_order_and_told(csv, capsys):
    found = []
    for ends in (("283", "291"), ("291", "283")):
        assert run_command_line(["fit", str(csv), "--range", *ends, "--json", *SHORT]) == 0
        (spectrum,) = json.loads(capsys.readouterr().out)["spectra"]
        found.append(spectrum["scalars"])
    assert found[0] == found[1]
    assert (found[0]["bicfit.range_low"]["value"], found[0]["bicfit.range_high"]["value"]) == (283.0, 291.0)
    assert found[0]["bicfit.channels"]["value"] == 161


def test_a_range_without_channels_is_said(csv, capsys):
    assert run_command_line(["fit", str(csv), "--range", "900", "910", "--lang", "en", *SHORT]) == 1
    out = capsys.readouterr().out
    assert "no channel is within the range from 900 to 910 eV; the region reaches from 280 to 295 eV" in out
    assert "not applicable" in out


def test_a_range_with_too_few_channels_is_said_in_the_same_way(csv, capsys):
    assert run_command_line(["fit", str(csv), "--range", "285", "285.3", "--lang", "en", *SHORT]) == 1
    out = capsys.readouterr().out
    assert "7 channels between 285 and 285.3 eV are too few" in out
    assert "the region reaches from 280 to 295 eV" in out
    assert "not applicable" in out


@pytest.mark.parametrize("ends", [("285", "285"), ("nan", "290")])
def test_a_range_without_two_ends_is_a_wrong_use_of_that_option(csv, capsys, ends):
    assert run_command_line(["fit", str(csv), "--range", *ends, "--lang", "en"]) == 2
    assert f"--range needs two different energies in eV, not {ends[0]} and {ends[1]}" in capsys.readouterr().err


@pytest.fixture
def bare(csv) -> Path:
    """Return the same spectrum without headings."""
    csv.write_text(csv.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    return csv


def test_that_a_scale_was_taken_for_granted_is_said(bare, capsys):
    assert run_command_line(["fit", str(bare), "--lang", "en", *SHORT]) == 0
    assert "nothing says whether the energies are binding or kinetic" in capsys.readouterr().out


@pytest.mark.parametrize("scale", ["binding", "kinetic"])
def test_the_scale_of_bare_columns_can_be_told(bare, capsys, scale):
    assert run_command_line(["fit", str(bare), "--scale", scale, "--json", "--max-peaks", "3", "--starts", "12"]) == 0
    (spectrum,) = json.loads(capsys.readouterr().out)["spectra"]
    assert "scale-taken" not in spectrum["tables"].get("remarks", {"code": {"values": []}})["code"]["values"]
    # the rise of this background is towards high energies: no kinetic energies have such
    assert spectrum["scalars"]["bicfit.background"]["value"] == {"binding": "shirley", "kinetic": "linear"}[scale]


def test_what_the_reader_noticed_is_said(csv, capsys):
    rows = [line.split(",") for line in csv.read_text(encoding="utf-8").splitlines()]
    csv.write_text("".join(f"{second},{first}\n" for first, second in rows), encoding="utf-8")
    assert run_command_line(["fit", str(csv), "--lang", "en", *SHORT]) == 0
    assert "the intensities were read from the first" in capsys.readouterr().out


def test_intervals_that_were_asked_for_are_printed(csv, capsys):
    arguments = ["--intervals", "profile", "--max-peaks", "3", "--starts", "12", "--lang", "en"]
    assert run_command_line(["fit", str(csv), *arguments]) == 0
    rows = capsys.readouterr().out.split("95 % intervals (profile likelihood)\n")[1].splitlines()[:3]
    for row, centre in zip(rows, (284.8, 286.3, 288.7), strict=True):
        low, _, high = row.split()[:3]
        assert centre - 0.05 < float(low) < float(high) < centre + 0.05


def test_one_peak_has_the_whole_area_without_a_claim_of_precision(csv, capsys):
    assert run_command_line(["fit", str(csv), "--lang", "en", *SHORT]) == 0
    out = capsys.readouterr().out
    assert "0.0000" not in out
    assert out.split("Lorentz fraction\n")[1].splitlines()[0].split()[6] == "100"


@pytest.mark.parametrize(("name", "head"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")])
def test_a_model_is_drawn_ready_to_publish(csv, tmp_path, capsys, name, head):
    arguments = ["--figure", str(tmp_path / name), "--rank", "2", "--max-peaks", "2", "--starts", "6", "--lang", "en"]
    assert run_command_line(["fit", str(csv), *arguments]) == 0
    assert (tmp_path / name).read_bytes().startswith(head)
    out = capsys.readouterr().out
    assert "Peaks of rank 2" in out
    assert f"drawn: {tmp_path / name}" in out


def test_figures_of_several_spectra_are_told_apart(two_regions, tmp_path):
    assert run_command_line(["fit", *two_regions, "--figure", str(tmp_path / "f.svg"), *SHORT]) == 0
    assert {path.name for path in tmp_path.glob("f*.svg")} == {"f_one_1_one.svg", "f_two_1_two.svg"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--figure", "a.doc"], "not as a.doc"),
        (["--figure", "a.png", "--rank", "7"], "no solution of rank 7"),
        (["--rank", "7"], "no solution of rank 7; the fit has 1"),
        (["--top", "1", "--rank", "2", "--lineshape", "auto"], "rank 2 is not kept in full: 1 of 2 solutions are"),
        (["--top", "1", "--rank", "3", "--lineshape", "auto"], "no solution of rank 3; the fit has 2"),
        (["--rank", "101"], "101 is not in the range 1<=x<=100"),
    ],
)
def test_a_model_that_is_not_there_is_a_wrong_use(csv, tmp_path, capsys, options, said):
    assert run_command_line(["fit", str(csv), *options, "--lang", "en", *SHORT]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("a.*"))


def test_an_empty_name_is_no_file(capsys):
    assert run_command_line(["fit", "", "--lang", "en", *SHORT]) == 2
    told = capsys.readouterr().err
    assert "named by an empty text" in told
    assert told.count("\n") == 1


def test_variants_compete_and_are_named_in_both_answers(csv, capsys):
    options = ["--lineshape", "symmetric,asymmetric", "--max-peaks", "3", "--starts", "20"]
    assert run_command_line(["fit", str(csv), *options, "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert out.count("K = 3 ") == 2
    assert "Shirley, asymmetric" in out
    assert run_command_line(["fit", str(csv), *options, "--json"]) == 0
    (spectrum,) = json.loads(capsys.readouterr().out)["spectra"]
    models = spectrum["tables"]["models"]
    assert models["lineshape"]["values"].count("asymmetric") == 3
    assert spectrum["scalars"]["bicfit.lineshape"]["value"] == "symmetric"
    assert {"item", "value_en", "value_ja"} <= set(spectrum["tables"]["report"])


def test_many_remarks_of_one_kind_do_not_hide_the_others():
    codes = ["correlated"] * 5 + ["spike"]
    columns = (
        Column("code", Text("Code", "コード"), tuple(codes)),
        *(Column(lang, Text("R", "R"), tuple(f"{code} {n}" for n, code in enumerate(codes))) for lang in LANGUAGES),
    )
    result = Result("bicfit", "a#1", "ok", tables=(Table("remarks", Text("R", "R"), columns),))
    spectrum = Spectrum("a#1", "a", np.zeros(3), (Axis("energy", np.arange(3.0), "eV"),))
    measurement = Measurement("a", "columns", (spectrum,))
    outcome = Outcome(Entry("a", (measurement,)), results=(result,))
    found = [line.strip() for line in lines_of([outcome], "en")][1:]
    assert found == [
        "note: spike 5",
        *(f"note: correlated {number}" for number in range(3)),
        "note: 2 more of this kind, in the table of remarks (-o, --json)",
    ]


def test_what_counts_as_a_peak_of_doublets_is_said(tmp_path, capsys):
    energy = np.arange(364.0, 378.0, 0.1)
    model = 200 + 3000 * (np.exp(-(((energy - 368) / 0.5) ** 2)) + np.exp(-(((energy - 374) / 0.5) ** 2)) * 2 / 3)
    counts = np.random.default_rng(0).poisson(model)
    path = tmp_path / "ag.csv"
    rows = "".join(f"{x:.1f},{y}\n" for x, y in zip(energy, counts, strict=True))
    path.write_text("Binding energy (eV),counts\n" + rows, encoding="utf-8")
    assert run_command_line(["fit", str(path), "--doublet", "Ag 3d", "--lang", "en", *SHORT]) == 0
    out = capsys.readouterr().out
    assert "K counts a doublet once" in out
    assert "* K = 1 " in out
    assert run_command_line(["fit", str(path), "--lang", "en", *QUICK]) == 0
    assert "K counts" not in capsys.readouterr().out
