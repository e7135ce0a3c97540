"""The examples from outside: two third-party plugins and a facility, each through the command line."""

import gzip
import json
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from shirube.cli import run_command_line
from shirube.runs import read_run
from shirube.testing import on_path

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
FACILITY = EXAMPLES / "facility"
SERIES = ROOT / "plugins/ses2002/tests/data/specqp/scienta_multiregion_adddimension_1.txt.gz"


@pytest.fixture(scope="module")
def sites(installed, tmp_path_factory):
    """Install copies of the third-party plugins, as pip would leave them."""
    folder = tmp_path_factory.mktemp("third-party")
    with ExitStack() as stack:
        for name in ("vamas", "drift"):
            copy = shutil.copytree(EXAMPLES / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            stack.enter_context(on_path(installed(copy, folder / f"site-{name}")))
        yield


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "none.toml", "")))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = run_command_line([str(one) for one in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def _written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("sites")
def test_vamas_files_become_binding_energies_under_their_own_guide(call, tmp_path):
    files = sorted((EXAMPLES / "vamas/tests/data").glob("*/*.vms"))
    code, out, err = call(
        "run", *files, "-o", "out", "--no-analysis", "--no-export", "--json", "--set", "run.policies=none"
    )
    assert code == 0, err
    (entry,) = json.loads(out)["entries"]
    assert entry["guide"] == "vamas"
    spectra = {one["id"]: one for one in entry["spectra"]}
    assert {one["energy_scale"] for one in spectra.values()} == {"binding"}
    # CasaXPS shows the irregular scan from 750 eV down, without a work function.
    assert spectra["FeO_analyzed.vms#1"]["first"] == pytest.approx(750.0, abs=1e-6)
    # The survey goes from 286.69 eV of kinetic energy, 1486.69 eV being the source's.
    assert spectra["lg4x-niw-150w.vms#1"]["first"] == pytest.approx(1200.0, abs=1e-6)
    (outcome,) = read_run(tmp_path / "out")
    steps = outcome.entry.spectrum("lg4x-niw-150w.vms#1").intensity
    assert (steps[0], steps.size) == (2106, 1206)
    rules = {one["rule"]: one for one in entry["findings"]["findings"]}
    assert any("energy_step" in rule and "narrow" in rule for rule in rules), sorted(rules)


@pytest.mark.usefixtures("sites")
def test_the_drift_of_a_measured_series_is_told_with_uncertainties(call, tmp_path):
    series = tmp_path / "series.txt"
    series.write_bytes(gzip.decompress(SERIES.read_bytes()))
    keep = ("--set", "run.axes.iteration=keep", "--set", "run.analyses=drift", "--set", "run.policies=none")
    code, out, err = call("run", series, "-o", "out", "--no-export", "--json", "--set", "run.fail_on=never", *keep)
    assert code == 0, err
    (entry,) = json.loads(out)["entries"]
    results = {one["target"]: one for one in entry["results"]}
    (outcome,) = read_run(tmp_path / "out")
    assert len(results) == 3
    for spectrum in outcome.entry.spectra():
        change = results[spectrum.id]["scalars"]["drift.intensity_change"]
        # Against the plain sums of the iterations; the fit weighs the channels, so that they differ a little.
        axis = [one.name for one in spectrum.axes].index("energy")
        totals = spectrum.intensity.sum(axis=axis)
        assert change["value"] == pytest.approx(100 * (totals[-1] - totals[0]) / totals.mean(), rel=0.15)
        assert 0 < change["uncertainty"] < 1
    figures = list((tmp_path / "out").glob("entries/*/figures/*drift_series.png"))
    assert len(figures) == 3


@pytest.fixture
def facility(call, monkeypatch, tmp_path):
    """Work at the facility, whose files nobody may change, on two folders of files."""
    monkeypatch.setenv("SHIRUBE_CONFIG", str(FACILITY / "shirube.toml"))
    for name in ("P123-01", "commissioning"):
        ignored = shutil.ignore_patterns("derivation")
        shutil.copytree(EXAMPLES / "fe2p-haxpes", tmp_path / name, ignore=ignored)
    return call


def test_a_facility_changes_guide_facts_and_rules_without_touching_shipped_code(facility, tmp_path):
    arguments = (
        "run",
        "P123-01",
        "commissioning",
        "-o",
        "out",
        "--guide",
        "ses2002",
        "--json",
        "--today",
        "2026-12-01",
    )
    code, out, err = facility(*arguments)
    assert code == 0, err
    proposal, commissioning = json.loads(out)["entries"]
    # Amendments: the site and its work function, which takes part in the binding energies.
    decided = {one["term"]: one["chosen"] for one in proposal["decisions"]}
    assert (decided["work_function"]["value"], decided["work_function"]["origin"]) == (4.37, "amendment ourbeam")
    assert proposal["spectra"][0]["work_function"] == 4.37
    assert proposal["spectra"][0]["photon_energy"] - 4.37 - proposal["spectra"][0]["first"] == pytest.approx(
        3860.0, abs=40
    )
    outcomes = read_run(tmp_path / "out")
    (facts,) = outcomes[0].entry.facts.values()
    assert facts.get("location").value == "BL00, end station 2"
    # A guide's leaf: 200 eV are recommended now, and 100 eV were used.
    findings = {one["rule"]: one for one in proposal["findings"]["findings"]}
    assert "200 eV" in findings["DRG-SES2002-CND-201"]["message"]["en"]
    # A rule of the facility's own, and its waiver.
    assert findings["OUR-ENT-001"]["kind"] == "pass"
    waived = {one["rule"]: one for one in commissioning["findings"]["findings"]}["OUR-ENT-001"]
    assert (waived["kind"], waived["waiver"]["approved_by"]) == ("fail", "K. Sato")
    # What is not on the list of allowed plugins takes no part, and that is said.
    assert "kept out" in findings["analysis.not-installed"]["message"]["en"]
    assert [one.name for one in outcomes[0].provenance.plugins] == [
        "policy",
        "rde",
        "ses2002",
        "synchrotron",
        "ourbeam",
    ]
    # A metadata item that was taken out of the guide is not registered.
    (metadata,) = [path for path in (tmp_path / "out/rde").rglob("metadata.json") if path.is_file()][:1]
    assert "location" not in metadata.read_text(encoding="utf-8")


def test_an_entry_that_the_facility_does_not_accept_fails(facility, tmp_path):
    (tmp_path / "P123-01").rename(tmp_path / "iron films")
    code, out, _ = facility("run", "iron films", "-o", "out", "--guide", "ses2002", "--json")
    assert code == 1
    (entry,) = json.loads(out)["entries"]
    failed = [
        one["rule"] for one in entry["findings"]["findings"] if one["kind"] == "fail" and one["severity"] == "must"
    ]
    assert "OUR-ENT-001" in failed


def test_a_row_of_exemptions_of_the_facility_is_judged_beside_the_policys(facility):
    code, out, _ = facility("check", FACILITY / "dataset.yaml", "--json", "--today", "2026-12-01")
    findings = [one for record in json.loads(out)["records"] for one in record["findings"]["findings"]]
    ours = [(one["kind"], one.get("path")) for one in findings if one["rule"] == "OUR-EXE-001"]
    assert sorted(ours, key=str) == [("fail", "exemptions[1]"), ("pass", None)]
    assert code == 1


def test_a_profile_of_the_facility_changes_how_its_policy_judges(facility):
    def derived(*arguments):
        _, out, _ = facility("check", FACILITY / "dataset.yaml", "--json", "--today", "2026-12-01", *arguments)
        findings = [one for record in json.loads(out)["records"] for one in record["findings"]["findings"]]
        return {
            one["rule"] for one in findings if one["kind"] == "fail" and not one.get("note") and one["policy"] == "arim"
        }

    assert derived() < derived("--profile", "release")


def test_a_run_takes_a_profile_as_a_check_does(facility, tmp_path):
    arguments = ("run", "P123-01", "--guide", "ses2002", "--no-analysis", "--no-export", "--today", "2026-12-01")
    assert facility(*arguments, "-o", "plain")[0] == 0
    # The profile goes over the facility's settings and leaves all others of them as they are.
    assert facility(*arguments, "-o", "strict", "--profile", "release")[0] == 0
    plain, strict = (dict(read_run(tmp_path / name)[0].provenance.settings) for name in ("plain", "strict"))
    assert {name for name in strict if strict[name] != plain.get(name)} == {"run.fail_on", "policies.arim.derived"}
    code, _, err = facility(*arguments, "-o", "none", "--profile", "relase")
    assert (code, "release" in err) == (2, True)


def test_the_facility_can_see_what_it_has_changed_and_why(facility):
    code, out, _ = facility("plugins", "list", "--load", "--json")
    rows = {row["name"]: row for row in json.loads(out)["plugins"]}
    assert code == 0
    assert {name for name, row in rows.items() if row["status"] == "active"} >= {"core", "ourbeam", "policy", "ses2002"}
    assert (rows["bicfit"]["status"], "plugins.allow" in rows["bicfit"]["reason"]["en"]) == ("blocked", True)
    assert rows["ourbeam"]["records"] == ["amendments.ourbeam", "policies.ourbeam"]
    changed = {one["name"]: one["value"] for one in rows["ses2002"]["overrides"]}
    assert changed["guides.ses2002.conditions.narrow.conditions.pass_energy.value"] == 200.0
    _, out, _ = facility("config", "show", "--all", "--guide", "ses2002", "--profile", "release", "--json")
    document = json.loads(out)
    values = {one["name"]: one for one in document["settings"]}
    assert (values["policies.arim.derived"]["value"], values["policies.arim.derived"]["layer"]) == ("fail", "profile")
    assert values["amendments.ourbeam.work_function"]["overrides"][0]["value"] == 4.4
    assert values["run.fail_on"]["overrides"][-1]["layer"] == "default"
    assert [one["rule"] for one in document["waivers"]] == ["OUR-ENT-001"]


def test_the_facilitys_plugin_file_is_not_run_from_a_folder_of_data(call, tmp_path):
    shutil.copytree(FACILITY, tmp_path / "data")
    (tmp_path / "data" / "ourbeam.py").write_text("raise SystemExit('ran')", encoding="utf-8")
    import os

    os.chdir(tmp_path / "data")
    code, out, err = call("plugins", "list", "--load", "--json")
    assert code == 0
    assert "plugins.files" in err
    assert "ourbeam" not in {row["name"] for row in json.loads(out)["plugins"]}
