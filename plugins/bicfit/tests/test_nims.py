"""The exporter ``nims``: files as readers of the NIMS tool know them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import trapezoid

from shirube.cli.app import run_command_line

#: The first lines of what the tool itself writes.
PARAMETERS = "peakID,height,position,width,lorentzRatio,area"
RESULT = "Binding_Energy(eV),spectrum,smoothing,background,sum_peaks,fitting,peak[0],peak[1],peak[2]"
SUMMARY = "method,smoothing_point,numPeak,bic_gauss"
NAME = re.compile(r"gbp_rank(\d+)_numPeak(\d+)_(shirley|linear)_mSG(\d{4})_(parameters|result)\.csv")


@pytest.fixture(scope="module")
def exported(case, tmp_path_factory):
    """Return the folder of the exporter and what was measured."""
    place = tmp_path_factory.mktemp("nims")
    (place / "facility.toml").touch()
    p3 = case("p3")
    counts = p3.counts(0)
    rows = zip(p3.energy[::-1], counts[::-1], strict=True)
    path = place / "C1s.csv"
    path.write_text("Binding energy (eV),counts\n" + "".join(f"{x:.2f},{y:.0f}\n" for x, y in rows), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHIRUBE_CONFIG", str(place / "facility.toml"))
        patch.chdir(place)
        arguments = ["--max-peaks", "4", "--starts", "40", "--noise", "gauss", "-o", str(place / "out")]
        assert run_command_line(["fit", str(path), *arguments]) == 0
    (summary,) = (place / "out" / "nims").rglob("summary_BIC.csv")
    return summary.parent, p3.energy[::-1], counts[::-1]


def rows_of(path: Path) -> tuple[str, list[dict[str, str]]]:
    text = path.read_text(encoding="utf-8")
    return text.splitlines()[0], list(csv.DictReader(text.splitlines()))


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_names_and_first_lines_are_those_of_the_tool(exported):
    folder, *_ = exported
    names = sorted(path.name for path in folder.iterdir() if path.name != "summary_BIC.csv")
    assert all(NAME.fullmatch(name) for name in names)
    assert len({NAME.fullmatch(name)[1] for name in names}) == len(names) / 2 == 4
    assert rows_of(only(folder, "gbp_rank1_*_parameters.csv"))[0] == PARAMETERS
    assert rows_of(only(folder, "gbp_rank1_numPeak3_*_result.csv"))[0] == RESULT
    assert rows_of(folder / "summary_BIC.csv")[0] == SUMMARY


def test_widths_are_half_widths_and_areas_follow_from_the_columns(exported):
    _, rows = rows_of(only(exported[0], "gbp_rank1_*_parameters.csv"))
    values = np.array([[float(cell) for cell in row.values()] for row in rows])
    assert values[:, 0].tolist() == [0, 1, 2]
    assert values[:, 2] == pytest.approx([288.7, 286.3, 284.8], abs=0.05)
    assert 2 * values[:, 3] == pytest.approx([1.2, 1.2, 1.1], abs=0.1)
    height, half, fraction = values[:, 1], values[:, 3], values[:, 4]
    area = height * half * (fraction * np.pi + (1 - fraction) * np.sqrt(np.pi / np.log(2)))
    assert values[:, 5] == pytest.approx(area, rel=1e-7)


def test_curves_add_up_and_the_criterion_follows_from_them(exported):
    folder, energy, counts = exported
    _, rows = rows_of(only(folder, "gbp_rank1_*_result.csv"))
    table = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    assert table["Binding_Energy(eV)"] == pytest.approx(energy, abs=1e-9)
    assert table["spectrum"].tolist() == counts.tolist() == table["smoothing"].tolist()
    peaks = sum(table[f"peak[{number}]"] - table["background"] for number in range(3))
    assert peaks == pytest.approx(table["sum_peaks"], abs=1e-4)
    assert table["background"] + table["sum_peaks"] == pytest.approx(table["fitting"], rel=1e-8)
    squares, number = float(np.square(counts - table["fitting"]).sum()), counts.size
    _, summary = rows_of(folder / "summary_BIC.csv")
    expected = number * (np.log(2 * np.pi * squares / number) + 1) + 14 * np.log(number)
    assert float(summary[0]["bic_gauss"]) == pytest.approx(expected, rel=1e-9)
    assert (summary[0]["method"], summary[0]["numPeak"], summary[0]["smoothing_point"]) == ("shirley", "3", "0")


def test_lines_with_tails_are_told_from_others_and_can_be_drawn_from_their_parameters(tmp_path, monkeypatch):
    (tmp_path / "facility.toml").touch()
    monkeypatch.setenv("SHIRUBE_CONFIG", str(tmp_path / "facility.toml"))
    energy = np.arange(278.0, 296.0, 0.1)
    counts = np.random.default_rng(0).poisson(200 + line(energy, 9000, 284.5, 0.5, 0.4, 0.35))
    path = tmp_path / "C1s.csv"
    rows = "".join(f"{x:.1f},{y}\n" for x, y in zip(energy, counts, strict=True))
    path.write_text("Binding energy (eV),counts\n" + rows, encoding="utf-8")
    out = tmp_path / "out"
    models = ["--lineshape", "auto", "--max-peaks", "1", "--starts", "5"]
    assert run_command_line(["fit", str(path), *models, "-o", str(out)]) == 0
    (place,) = (out / "nims").rglob("summary_BIC.csv")
    _, summary = rows_of(place)
    assert [row["method"].partition("-")[2] for row in summary] == ["asymmetric", ""]
    heading, (skewed,) = rows_of(only(place.parent, "gbp_rank1_numPeak1_*-asymmetric_mSG0000_parameters.csv"))
    assert heading == PARAMETERS + ",asymmetry"
    assert rows_of(only(place.parent, "gbp_rank2_*_parameters.csv"))[0] == PARAMETERS
    _, height, centre, half, fraction, area, asymmetry = (float(cell) for cell in skewed.values())
    assert asymmetry == pytest.approx(0.35, abs=0.05)
    _, curves = rows_of(only(place.parent, "gbp_rank1_*_result.csv"))
    drawn = np.array([[float(row[name]) for name in ("Binding_Energy(eV)", "peak[0]", "background")] for row in curves])
    expected = line(drawn[:, 0], height, centre, half, fraction, asymmetry)
    assert drawn[:, 1] - drawn[:, 2] == pytest.approx(expected, abs=1e-5 * height)
    wide = np.linspace(-3000.0, 3000.0, 2_000_001) + centre
    whole = trapezoid(line(wide, height, centre, half, fraction, asymmetry), wide)
    assert area == pytest.approx(whole, rel=1e-3)


def line(energy, height, centre, half, fraction, asymmetry):
    """Return a pseudo-Voigt line whose half width changes along the energy as Stancik and Brauns have it."""
    distance = energy - centre
    offset = distance * (1 + np.exp(np.clip(-asymmetry * distance, None, 300))) / (2 * half)
    with np.errstate(over="ignore"):
        return height * (fraction / (1 + offset**2) + (1 - fraction) * np.exp(-np.log(2) * offset**2))


def test_kinetic_energies_have_no_such_files(tmp_path, monkeypatch):
    (tmp_path / "facility.toml").touch()
    monkeypatch.setenv("SHIRUBE_CONFIG", str(tmp_path / "facility.toml"))
    energy = np.arange(1190.0, 1200.0, 0.1)
    counts = np.random.default_rng(0).poisson(100 + 900 * np.exp(-(((energy - 1195.0) / 0.8) ** 2)))
    path = tmp_path / "k.csv"
    rows = "".join(f"{x:.1f},{y}\n" for x, y in zip(energy, counts, strict=True))
    path.write_text("Kinetic energy (eV),counts\n" + rows, encoding="utf-8")
    out = tmp_path / "out"
    assert run_command_line(["fit", str(path), "--max-peaks", "1", "--starts", "3", "-o", str(out)]) == 0
    assert not list((out / "nims").iterdir())
