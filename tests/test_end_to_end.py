"""The whole way on real files, as a new user types it."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shirube.cli import run_command_line
from shirube.intake import items_from
from shirube.pipeline import process, write
from shirube.plugins import load_plugins
from shirube.runs import read_run
from shirube.settings import Settings

EXAMPLES = Path(__file__).parents[1] / "examples"
INPUTS = [EXAMPLES / "cu-hhtp", EXAMPLES / "fe2p-haxpes"]
TODAY = date(2026, 4, 1)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the README's command once."""
    output = tmp_path_factory.mktemp("run") / "out"
    arguments = ["run", *map(str, INPUTS), "--guide", "ses2002", "-o", str(output), "--today", "2026-04-01"]
    assert run_command_line(arguments) == 0
    return output


@pytest.fixture(scope="module")
def outcomes():
    plugins = load_plugins()
    items = items_from(INPUTS, plugins, guide="ses2002")
    return items, [process(item, plugins, Settings(), today=TODAY) for item in items]


def test_the_run_makes_spectra_figures_results_and_a_job_tree(run):
    assert len(list(run.glob("entries/*/spectra/*.csv"))) == 4
    assert len(list(run.glob("entries/*/figures/*.png"))) >= 10
    assert list(run.glob("rde/data/structured/*.csv"))
    assert list(run.glob("rde/data/divided/0001/structured/*.csv"))
    assert list(run.glob("rde/**/main_image/*.png"))
    metadata = json.loads((run / "rde/data/meta/metadata.json").read_text(encoding="utf-8"))
    assert set(metadata) == {"constant", "variable"}


def test_binding_axes_are_left_alone_and_kinetic_ones_converted_with_the_sidecars_photon_energy(outcomes):
    (_, fe) = outcomes[1]
    sidecar = json.loads((EXAMPLES / "fe2p-haxpes/scienta_single_region_1_metadata.json").read_text(encoding="utf-8"))
    (spectrum,) = fe.entry.spectra()
    assert spectrum.reference.scale == "binding"
    assert spectrum.reference.photon_energy == sidecar["Excitation Energy"]
    np.testing.assert_allclose(spectrum.energy[0], sidecar["Excitation Energy"] - 3855.0, rtol=1e-12)
    (survey, *_) = outcomes[1][0].entry.spectra()
    assert (survey.energy[0], survey.energy[-1]) == (600.0, -10.0)
    decision = next(one for one in fe.decisions if one.term == "photon_energy")
    assert decision.chosen.origin.kind == "sidecar"
    assert [one.origin.kind for one in decision.rejected] == ["header"]


def test_narrow_regions_are_fitted_and_the_survey_is_not(outcomes):
    results = {one.target: one for outcome in outcomes[1] for one in outcome.results}
    assert results["Cu-HHTP_0001.txt#1"].status == "skipped"
    for target in ("Cu-HHTP_0002.txt#1", "Cu-HHTP_0003.txt#1"):
        assert results[target].status in ("ok", "doubtful")
        assert results[target].scalars["bicfit.peak_count"].value >= 1


def test_the_guide_says_that_these_instruments_are_not_its_own(outcomes):
    for outcome in outcomes[1]:
        (finding,) = [one for one in outcome.findings if one.rule == "DRG-SES2002-GEN-001"]
        assert (finding.kind, finding.note) == ("fail", True)


def test_a_run_folder_read_back_gives_the_same_outcome(outcomes, tmp_path):
    items, written = outcomes
    write(written, tmp_path / "out", load_plugins(), Settings(), items=items)
    read = read_run(tmp_path / "out")
    assert len(read) == len(written)
    assert all(one.same_as(other) for one, other in zip(read, written, strict=True))


@pytest.mark.thorough
def test_two_runs_in_two_processes_give_the_same_bytes(run, tmp_path):
    again = tmp_path / "again"
    command = [sys.executable, "-m", "shirube", "run", *map(str, INPUTS), "--guide", "ses2002", "-o", str(again)]
    subprocess.run([*command, "--today", "2026-04-01"], check=True, capture_output=True)
    first = {path.relative_to(run): path.read_bytes() for path in run.rglob("*") if path.is_file()}
    second = {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}
    assert set(first) == set(second)
    assert [str(name) for name in first if first[name] != second[name]] == []


def test_no_path_of_the_machine_is_in_the_output(run):
    wanted = [str(EXAMPLES).encode(), str(Path.home()).encode() + b"/"]
    for path in run.rglob("*"):
        if path.is_file() and path.suffix in {".json", ".csv", ".txt"}:
            content = path.read_bytes()
            assert not [text for text in wanted if text in content], path


def test_the_written_run_and_its_tree_pass_the_check(run, capsys):
    code = run_command_line(["check", str(run), "--json", "--today", "2026-04-01"])
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "shirube-check/2"
    assert (code, document["ok"]) == (0, True)


def test_the_fit_command_writes_figures_and_tables(tmp_path, capsys):
    output = tmp_path / "fit"
    code = run_command_line(["fit", str(EXAMPLES / "cu-hhtp/Cu-HHTP_0003.txt"), "-o", str(output)])
    assert code == 0
    assert list(output.rglob("*.png"))
    assert list(output.rglob("*.csv"))
    assert "C 1s" in capsys.readouterr().out


@pytest.mark.thorough
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_invoice_drives_the_run(tmp_path, lang, capsys):
    output = tmp_path / "out"
    arguments = ["run", str(EXAMPLES / "cu-hhtp"), "--guide", "ses2002", "--invoice", str(EXAMPLES / "invoice.json")]
    assert run_command_line([*arguments, "-o", str(output), "--lang", lang, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {one["status"] for one in report["entries"][0]["results"]} >= {"skipped"}
    assert (output / "rde/data/invoice/invoice.json").is_file()


def differing_photon_energies(folder, settings):
    plugins = load_plugins()
    (item,) = items_from([folder], plugins, guide="ses2002")
    findings = process(item, plugins, settings, today=TODAY).findings
    return [one for one in findings if one.rule == "conversion.synchrotron.photon-energy-differs"]


def test_the_guide_says_how_far_two_photon_energies_may_differ_and_a_facility_may_say_otherwise(tmp_path):
    source = EXAMPLES / "cu-hhtp/Cu-HHTP_0002.txt"
    (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "Cu-HHTP_0002_metadata.json").write_text('{"Excitation Energy": 652.5}', encoding="utf-8")
    off = {"run.analyses": ("none",)}
    (finding,) = differing_photon_energies(tmp_path, Settings().with_values(off))
    assert "2.5" in finding.message.en
    wider = {"guides.ses2002.conversions.synchrotron.photon_energy_difference": 3.0}
    assert not differing_photon_energies(tmp_path, Settings().with_values(off | wider))


@pytest.fixture
def job(run, tmp_path):
    """Make an RDE job of one example file, with the template that the run above wrote."""
    data = tmp_path / "data"
    shutil.copytree(run / "rde/data/tasksupport", data / "tasksupport")
    (data / "inputdata").mkdir()
    shutil.copy(EXAMPLES / "cu-hhtp/Cu-HHTP_0002.txt", data / "inputdata")
    (data / "invoice").mkdir()
    shutil.copy(EXAMPLES / "invoice.json", data / "invoice")
    return tmp_path


def test_an_rde_job_follows_the_guide_of_its_template(job, capsys):
    assert run_command_line(["rde", "run", str(job), "--json", "--today", "2026-04-01"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [tile["guide"] for tile in report["tiles"]] == ["ses2002"]
    metadata = json.loads((job / "data/meta/metadata.json").read_text(encoding="utf-8"))
    assert metadata["variable"][0]["excitation_energy"]["value"] == 650.0
    assert metadata["variable"][0]["step_time"]["unit"] == "msec"
    assert run_command_line(["rde", "verify", str(job)]) == 0


def test_a_failed_rde_job_says_why_and_leaves_what_was_there(job, capsys):
    assert run_command_line(["rde", "run", str(job)]) == 0
    before = (job / "data/meta/metadata.json").read_bytes()
    (job / "data/inputdata/Cu-HHTP_0002.txt").write_bytes(b"[Info]\r\nNumber of Regions=0001\r\n")
    assert run_command_line(["rde", "run", str(job)]) == 2
    assert "Cu-HHTP_0002.txt" in (job / "data/job.failed").read_text(encoding="utf-8")
    assert "Cu-HHTP_0002.txt" in capsys.readouterr().err
    assert (job / "data/meta/metadata.json").read_bytes() == before
