"""``shirube fit``: what it prints, writes and returns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from shirube.cli.app import run_command_line
from shirube.runs import read_run

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
    assert run_command_line(["fit", str(csv), "--max-peaks", "0"]) == 2
    assert "max_peaks" in capsys.readouterr().err
    assert run_command_line(["fit", str(csv), "--criterion", "aic"]) == 2
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
