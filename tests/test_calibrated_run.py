"""From a scan of gold to a registered spectrum, on measured files, as a beamline would type it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from shirube.cli import run_command_line
from shirube.plugins import load_plugins
from shirube.rendering import render_figures
from shirube.runs import read_run

EXAMPLE = Path(__file__).parents[1] / "examples" / "fe2p-haxpes"
GOLD = EXAMPLE / "derivation" / "scienta_fermi_level_1.txt"
DATA = "scienta_single_region_1.txt"
SIDECAR = "scienta_single_region_1_metadata.json"
RUN = ["--guide", "ses2002", "--lang", "en", "--today", "2026-04-01", "--set", "run.analyses=none"]


@pytest.fixture
def beamtime(tmp_path, monkeypatch):
    """A folder with the gold scan and a data file whose header holds no photon energy."""
    facility = tmp_path / "facility.toml"
    facility.touch()
    monkeypatch.setenv("SHIRUBE_CONFIG", str(facility))
    work = tmp_path / "beamtime"
    work.mkdir()
    for file in (GOLD, EXAMPLE / DATA):
        shutil.copy(file, work)
    monkeypatch.chdir(work)
    return work


def outcome_of(*arguments, code=0):
    assert run_command_line(["run", DATA, "-o", "out", "--overwrite", *RUN, *arguments]) == code
    (outcome,) = read_run(Path("out"))
    (metadata,) = Path("out").rglob("rde/**/meta/metadata.json")
    return outcome, json.loads(metadata.read_text(encoding="utf-8"))


def value_of(metadata, key):
    cells = [cells[key] for cells in (metadata["constant"], *metadata["variable"]) if key in cells]
    return cells[0]["value"]


@pytest.mark.usefixtures("beamtime")
def test_gold_before_a_region_that_was_cut_off_calibrates_when_that_is_accepted(capsys):
    gold = Path(GOLD.name)
    head, _, region = gold.read_text(encoding="ascii").partition("[Region 1]")
    second = region.rstrip().rpartition("\n")[0].replace("Ef_4600", "again")
    for word in ("Info", "Data", "Run Mode Information"):
        second = second.replace(f"[{word} 1]", f"[{word} 2]")
    text = head.replace("Regions=0001", "Regions=0002") + f"[Region 1]{region}\n[Region 2]{second}\n"
    gold.write_text(text, encoding="ascii")
    assert run_command_line(["calibrate", GOLD.name]) == 2
    assert not list(Path().glob("*_calibration.*"))
    capsys.readouterr()
    assert run_command_line(["calibrate", GOLD.name, "--lenient", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["calibrations"]
    assert one["calibration"]["fermi_level"]["value"] == pytest.approx(4596.199, abs=0.02)


@pytest.mark.parametrize("phi", [0.0, 4.4])
@pytest.mark.usefixtures("beamtime")
def test_a_run_uses_the_sidecar_that_calibrate_wrote_and_says_so(phi):
    arguments = ["--work-function", str(phi), "-o", "cal", "--sidecars", DATA]
    assert run_command_line(["calibrate", GOLD.name, *arguments]) == 0
    calibration = json.loads(Path("cal/scienta_fermi_level_1_calibration.json").read_text(encoding="utf-8"))
    level = calibration["fermi_level"]["value"]
    wanted = (
        {"Excitation Energy": level}
        if phi == 0.0
        else {"Excitation Energy": round(level + phi, 9), "Work Function": phi}
    )
    assert json.loads(Path(SIDECAR).read_text(encoding="utf-8")) == wanted

    outcome, metadata = outcome_of()
    # In the energies,
    (spectrum,) = outcome.entry.spectra()
    np.testing.assert_allclose(spectrum.energy[[0, -1]], [level - 3855.0, level - 3900.0], rtol=0.0, atol=1e-12 * level)
    # in the decisions,
    photon = next(one for one in outcome.decisions if one.term == "photon_energy")
    work = next(one for one in outcome.decisions if one.term == "work_function")
    assert (photon.chosen.value, photon.chosen.origin.kind, photon.chosen.origin.where) == (
        round(level + phi, 9),
        "sidecar",
        SIDECAR,
    )
    assert "B before A" in photon.rule.en
    assert (work.chosen.value, work.chosen.origin.kind) == (phi, "sidecar" if phi else "default")
    # in the metadata,
    assert value_of(metadata, "excitation_energy") == round(level + phi, 9)
    # and in the figure.
    drawn = {}

    def kept(figure):
        (axes,) = figure.axes
        drawn["label"] = axes.get_xlabel()
        return b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shirube.figures.to_png", kept)
        render_figures([outcome], load_plugins(), "en")
    assert f"hν = {level + phi:.8g} eV, work function {phi:g} eV\nadditional metadata {SIDECAR}" in drawn["label"]


@pytest.mark.usefixtures("beamtime")
def test_a_calibration_file_states_what_the_guide_asks_of_the_calibration():
    stated = ["--standard", "高純度Au蒸着膜", "--operator-role", "装置管理者", "--changed-on", "2018-11-18"]
    assert run_command_line(["calibrate", GOLD.name, "-o", "cal", *stated]) == 0
    setting = "amendments.calibration.files=cal/scienta_fermi_level_1_calibration.json"
    without, _ = outcome_of(code=1)
    outcome, metadata = outcome_of("--set", setting)
    photon = next(one for one in outcome.decisions if one.term == "photon_energy")
    assert photon.chosen.origin.kind == "calibration"
    assert without.entry.spectra()[0].reference.scale == "kinetic"
    assert outcome.entry.spectra()[0].reference.scale == "binding"
    # What no guide lists can be looked for all the same.
    assert value_of(metadata, "energy_resolution") == pytest.approx(0.223, abs=0.02)
    assert value_of(metadata, "calibration_operator_role") == "装置管理者"
    assert value_of(metadata, "calibrated_on") == "2018-11-18"
    calibration = {one.rule: one.kind for one in outcome.findings if "-CAL-" in one.rule}
    before = {one.rule: one.kind for one in without.findings if "-CAL-" in one.rule}
    assert "open" in before.values()
    assert set(calibration.values()) <= {"pass", "informational", "notApplicable"}
    resolution = [one for one in outcome.findings if "energy resolution" in one.message.en.lower()]
    assert any(one.kind == "fail" and "0.22" in one.message.en for one in resolution)


@pytest.mark.usefixtures("beamtime")
def test_the_gold_scan_itself_gives_figure_table_and_metadata():
    Path(DATA).unlink()
    shutil.copy(GOLD, DATA)
    assert run_command_line(["calibrate", DATA, "-o", "cal", "--sidecars", DATA]) == 0
    settings = ["--set", "analyses.fermi_edge.on=true", "--set", "run.analyses=fermi_edge"]
    outcome, metadata = outcome_of(*settings)
    (result,) = outcome.results
    assert result.status == "ok"
    assert value_of(metadata, "fermi_level") == pytest.approx(4596.2, abs=0.02)
    assert value_of(metadata, "energy_resolution") == result.scalars["energy_resolution"].value
    assert list(Path("out").rglob("*fermi_edge.png"))
    assert list(Path("out").rglob("edge.csv"))
