"""Whole jobs, as RDE starts them: a folder goes in, the same folder comes out."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import date

import numpy as np
import pytest

from shirube.cli.app import run_command_line
from shirube.errors import InputError
from shirube.exporting import RenderedFigure
from shirube.messages import Text
from shirube.plugins import load_plugins
from shirube.settings import Settings
from shirube.testing import on_path
from shirube_rde import exporter
from shirube_rde.failure import JobError
from shirube_rde.job import run_job
from shirube_rde.parameters import Parameters
from shirube_rde.swapping import REPLACED

pytestmark = pytest.mark.usefixtures("drawn_quickly")
TODAY = date(2026, 1, 15)
#: The core reads two columns, too.
READER = {"run.reader": "fakelab"}
NAMED = ("--set", "run.reader=fakelab")
#: What is no output: inputs, and logs, which tell the time.
INPUTS = ("inputdata", "invoice", "tasksupport", "attachment", "temp", "logs")


@pytest.fixture(scope="session")
def once(tmp_path_factory, laboratory, new_job, quick_figures):
    root = new_job(tmp_path_factory.mktemp("once") / "job")
    with on_path(laboratory), pytest.MonkeyPatch.context() as patched:
        patched.setattr("shirube_rde.making.render_figures", quick_figures)
        run_job(root, load_plugins(allow=["fakelab", "rde"]), Settings().with_values(READER), today=TODAY)
    return root


@pytest.fixture
def finished(once, tmp_path):
    """Return the folder of such a job that has been run."""
    return shutil.copytree(once, tmp_path / "job")


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def change_invoice(root, **custom):
    path = root / "data" / "invoice" / "invoice.json"
    content = read(path)
    content["custom"].update(custom)
    write(path, content)


def failed(root):
    code, said = (root / "data" / "job.failed").read_text(encoding="utf-8").splitlines()
    return int(code.removeprefix("ErrorCode=")), said.removeprefix("ErrorMessage=")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def outputs(root, contents):
    return outputs_of(contents(root))


def outputs_of(files):
    return {name.removeprefix("data/"): one for name, one in files.items() if name.split("/")[1] not in INPUTS}


@pytest.mark.usefixtures("real_figures")
def test_a_job_is_structured_and_analysed(job, run):
    report = run(job)
    data = job / "data"
    assert names(data) == [
        "filemeta.json",
        "inputdata",
        "invoice",
        "logs",
        "main_image",
        "meta",
        "nonshared_raw",
        "other_image",
        "structured",
        "thumbnail",
    ]
    metadata = read(data / "meta" / "metadata.json")
    assert metadata["constant"] == {"user": {"value": "山田"}}
    (values,) = metadata["variable"]
    assert values["excitation_energy"] == {"value": 650.0}
    assert values["step_time"] == {"value": 100.0, "unit": "msec"}
    assert values["time"] == {"value": "10:20:30+09:00"}
    assert values["fakelab_peak_place"]["unit"] == "eV"
    assert report.tiles[0].outcome.entry.name == "C1s_sample"
    assert names(data / "nonshared_raw") == ["C1s_sample.csv", "C1s_sample_metadata.json"]
    assert len(names(data / "main_image")) == len(names(data / "thumbnail")) == 1


def test_the_structured_spectrum_is_the_measured_one(finished, data):
    measured = [
        line.split(",") for line in (data / "lg4x" / "C1s_sample.csv").read_text(encoding="ascii").splitlines()[1:]
    ]
    (file,) = [path for path in (finished / "data" / "structured").iterdir() if "peaks" not in path.name]
    header, *structured = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    assert header == ["Binding energy (eV)", "Kinetic energy (eV)", "Intensity (counts)"]
    assert [(float(be), float(counts)) for be, _, counts in structured] == [(float(be), float(y)) for be, y in measured]
    assert all(float(be) + float(ke) == pytest.approx(650.0) for be, ke, _ in structured)


def test_the_switch_of_the_invoice_turns_the_analysis_off_and_its_limit_refuses_wide_ranges(job, run):
    change_invoice(job, fit_on_off=False)
    run(job)
    assert "fakelab_peak_height" not in read(job / "data" / "meta" / "metadata.json")["variable"][0]
    change_invoice(job, fit_on_off=True, limit=2.0)
    run(job)
    assert "fakelab_peak_height" not in read(job / "data" / "meta" / "metadata.json")["variable"][0]


def test_the_templates_default_of_an_item_left_blank_decides_and_an_entry_wins_over_it(job, run):
    fields = {"limit": {"type": "number"}, "fit_on_off": {"type": "boolean"}}
    label = {"ja": "a", "en": "a"}
    custom = {"type": "object", "label": label, "required": [], "properties": fields}
    form = {"type": "object", "required": ["custom", "sample"], "properties": {"custom": custom, "sample": {}}}
    write(job / "data" / "tasksupport" / "invoice.schema.json", form)
    (job / "data" / "tasksupport" / "default_value.csv").write_text("key,value\nlimit,2.0\n", encoding="utf-8")
    change_invoice(job, limit=None)
    run(job)
    assert "fakelab_peak_height" not in read(job / "data" / "meta" / "metadata.json")["variable"][0]
    change_invoice(job, limit=150.0)
    run(job)
    assert "fakelab_peak_height" in read(job / "data" / "meta" / "metadata.json")["variable"][0]


def test_running_twice_gives_the_same_bytes_and_leaves_nothing_else(finished, run, contents):
    first = contents(finished)
    run(finished)
    assert outputs(finished, contents) == outputs_of(first)


def test_inputs_are_never_touched(job, run, contents):
    write(job / "data" / "attachment" / "note.json", {})
    write(job / "data" / "temp" / "scratch.json", {})
    before = contents(job)
    run(job)
    after = contents(job)
    assert {name: after[name] for name in before} == before


def test_stale_outputs_of_an_earlier_run_go(job, run):
    for name in REPLACED:
        write(job / "data" / name / "stale.json", {})
    run(job)
    assert not list(job.rglob("stale.json"))
    assert not (job / "data" / "divided").exists()
    assert not (job / "data" / "raw").exists()


def test_a_stale_job_failed_goes_with_success(job, run):
    (job / "data" / "job.failed").write_text("ErrorCode=1\nErrorMessage=x\n", encoding="utf-8")
    run(job)
    assert not (job / "data" / "job.failed").exists()


def test_the_jobs_own_definition_wins_and_what_it_lacks_is_reported(job, run):
    named = {"ja": "名", "en": "name"}
    own = {
        "step_time": {"name": named, "schema": {"type": "number"}, "unit": "s", "variable": 1},
        "excitation_energy": {"name": named, "schema": {"type": "number"}, "unit": "keV"},
        "vacuum": {"name": named, "schema": {"type": "number"}},
    }
    write(job / "data" / "tasksupport" / "metadata-def.json", own)
    report = run(job)
    assert read(job / "data" / "meta" / "metadata.json") == {
        "constant": {"excitation_energy": {"value": 0.65, "unit": "keV"}},
        "variable": [{"step_time": {"value": 0.1, "unit": "s"}}],
    }
    assert report.tiles[0].metadata.missing == ("vacuum",)
    assert report.tiles[0].undefined == ("pass_energy", "user", "time", "fakelab_peak_height", "fakelab_peak_place")


def test_what_the_guide_does_not_select_is_reported(job, run):
    write(job / "data" / "inputdata" / "C1s_sample_metadata.json", {"Temperature": 295.0})
    report = run(job)
    assert report.tiles[0].undefined == ("temperature",)
    assert report.tiles[0].metadata.missing == (
        "user",
        "excitation_energy",
        "pass_energy",
        "number_of_sweeps",
        "step_time",
        "comments",
        "date",
        "time",
    )


def test_the_jobs_own_form_is_what_the_invoice_is_checked_against(job, run):
    field = {"label": {"ja": "a", "en": "a"}, "type": "number", "maximum": 100}
    custom = {
        "type": "object",
        "label": {"ja": "c", "en": "c"},
        "required": ["purpose"],
        "properties": {"limit": field},
    }
    sample = {"type": "object", "label": {"ja": "s", "en": "s"}, "properties": {}}
    schema = {"type": "object", "required": ["custom", "sample"], "properties": {"custom": custom, "sample": sample}}
    write(job / "data" / "tasksupport" / "invoice.schema.json", schema)
    with pytest.raises(InputError, match="the manual items are not valid"):
        run(job)
    code, said = failed(job)
    assert code == 111
    assert "必須項目が未入力です：custom.purpose" in said
    assert "custom.limit の値 150.0 は範囲外です（<= 100）" in said
    assert "custom.limit is 150.0, which is not <= 100" in said


def test_without_a_form_of_its_own_the_guides_items_are_what_is_checked(job, run):
    change_invoice(job, form="液体", sweeps_planned=2.5)
    with pytest.raises(InputError, match=r"form.*sweeps_planned"):
        run(job)
    assert not (job / "data" / "meta").exists()


def test_every_problem_of_what_a_job_brings_is_said_in_one_line(job, run):
    (job / "data" / "invoice" / "invoice.json").write_text('{"basic": 1}', encoding="utf-8")
    write(job / "data" / "tasksupport" / "metadata-def.json", {"x": {}})
    (job / "data" / "tasksupport" / "invoice.schema.json").write_text("{", encoding="utf-8")
    for path in (job / "data" / "inputdata").iterdir():
        path.unlink()
    with pytest.raises(JobError):
        run(job)
    code, said = failed(job)
    assert code == 111
    for part in ("invoice.json", "metadata-def.json", "invoice.schema.json", "data/inputdata"):
        assert part in said


def test_items_of_a_definition_that_are_no_objects_are_named(job, run):
    entry = {"name": {"ja": "名", "en": "name"}, "schema": {"type": "string", "format": []}}
    write(job / "data" / "tasksupport" / "metadata-def.json", {"a": 5, "b": None, "c": entry})
    with pytest.raises(InputError) as caught:
        run(job)
    english = str(caught.value)
    assert english.startswith('data/tasksupport/metadata-def.json: the item "a" must be an object with name.ja')
    assert 'the item "b" must be an object' in english
    assert 'the item "c" has no valid schema.format' in english
    assert "項目「a」は name.ja、name.en、schema.type を持つオブジェクト" in failed(job)[1]


def test_an_empty_invoice_is_refused_with_the_items_it_lacks(job, run):
    write(job / "data" / "invoice" / "invoice.json", {"datasetId": "x", "basic": {}})
    with pytest.raises(InputError, match=r"invoice\.json: basic\.dateSubmitted is left blank") as caught:
        run(job)
    assert "basic.dataOwnerId is left blank" in str(caught.value)
    assert "basic.dataName is left blank" in str(caught.value)
    assert failed(job)[0] == 111


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_blank_data_name_is_refused(name, job, run, invoice):
    write(job / "data" / "invoice" / "invoice.json", invoice(dataName=name))
    with pytest.raises(InputError, match=r"basic\.dataName is left blank"):
        run(job)


def test_what_the_server_would_refuse_of_an_invoice_is_refused_before_anything_is_written(job, run, invoice):
    wrong = invoice(
        dataName="n" * 257, description="d" * 8193, dateSubmitted="yesterday", dataOwnerId="abc", instrumentId="none"
    )
    write(job / "data" / "invoice" / "invoice.json", wrong)
    with pytest.raises(InputError) as caught:
        run(job)
    for said in (
        "basic.dataName has 257 characters; RDE takes 256",
        "basic.description has 8193 characters; RDE takes 8192",
        "basic.dateSubmitted is 'yesterday'",
        "basic.dataOwnerId is 'abc'",
        "basic.instrumentId is 'none'",
    ):
        assert said in str(caught.value)
    assert failed(job)[0] == 111
    assert not (job / "data" / "meta").exists()


def test_control_characters_in_the_data_name_are_refused(job, run, invoice):
    write(job / "data" / "invoice" / "invoice.json", invoice(dataName="x\u0000\u001b[31m\n../../etc"))
    with pytest.raises(InputError, match=r"basic\.dataName holds a control character \(U\+0000\); remove it"):
        run(job)
    assert "basic.dataName に制御文字（U+0000）" in failed(job)[1]
    assert not (job / "data" / "meta").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few make links")
@pytest.mark.parametrize("target", ["outside.csv", "outside", "nowhere", "job/data/inputdata/link.csv"])
def test_an_input_that_is_a_link_out_of_the_input_folder_is_refused(target, job, run, tmp_path):
    (tmp_path / "outside.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "outside").mkdir()
    (job / "data" / "inputdata" / "link.csv").symlink_to(tmp_path / target)
    with pytest.raises(InputError) as caught:
        run(job)
    assert str(caught.value) == (
        "data/inputdata/link.csv: this is a link that leads to nothing in data/inputdata; put the file itself there"
    )
    assert failed(job)[0] == 110
    assert not (job / "data" / "nonshared_raw").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few make links")
def test_an_input_folder_that_is_a_link_is_refused(job, run, tmp_path):
    (job / "data" / "inputdata").rename(tmp_path / "elsewhere")
    (job / "data" / "inputdata").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=r"^data/inputdata: this is a link"):
        run(job)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few make links")
def test_a_link_to_another_input_and_a_job_behind_a_link_are_taken(job, run, tmp_path):
    inputs = job / "data" / "inputdata"
    (inputs / "notes.md").write_text("x", encoding="utf-8")
    (inputs / "again.md").symlink_to("notes.md")
    (tmp_path / "shortcut").symlink_to(job)
    run(tmp_path / "shortcut")
    assert (job / "data" / "nonshared_raw" / "again.md").read_text(encoding="utf-8") == "x"


def prepare_broken(job, how):
    inputs = job / "data" / "inputdata"
    if how == "no invoice":
        shutil.rmtree(job / "data" / "invoice")
    elif how == "an unreadable sidecar":
        (inputs / "C1s_sample_metadata.json").write_text("{", encoding="utf-8")
    elif how == "nothing to read":
        (inputs / "C1s_sample.csv").rename(inputs / "notes.md")
    elif how == "text where numbers belong":
        (inputs / "C1s_sample.csv").write_text("BE/eV,I\n1,two\n", encoding="utf-8")
    elif how == "a comment that UTF-8 cannot hold":
        (inputs / "C1s_sample_metadata.json").write_text(json.dumps({"Comments": "\ud800"}), encoding="utf-8")


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        ("no invoice", 111, "送り状（data/invoice/invoice.json）がありません"),
        ("nothing to read", 110, "読み取れるファイルがありません（C1s_sample_metadata.json, notes.md）"),
        ("an unreadable sidecar", 999, "JSONDecodeError"),
        ("text where numbers belong", 999, "[fakelab]"),
        ("a comment that UTF-8 cannot hold", 131, "メタデータ項目「comments」"),
    ],
)
def test_a_failing_job_says_why_in_both_languages_and_leaves_the_outputs_as_they_were(
    how, code, said, finished, run, contents
):
    job = finished
    before = outputs(job, contents)
    prepare_broken(job, how)
    with pytest.raises(Exception, match=r".+"):
        run(job)
    assert failed(job)[0] == code
    assert said in failed(job)[1]
    after = outputs(job, contents)
    assert after.pop("job.failed")
    assert after == before
    assert not (job / "data" / ".shirube").exists()


def test_a_folder_without_data_is_an_error_and_gains_nothing(tmp_path, run):
    with pytest.raises(InputError, match="no folder data/"):
        run(tmp_path)
    assert names(tmp_path) == []


def test_files_in_folders_and_hidden_ones(job, run):
    inputs = job / "data" / "inputdata"
    (inputs / "more").mkdir()
    (inputs / "C1s_sample.csv").rename(inputs / "more" / "C1s_sample.csv")
    (inputs / ".DS_Store").write_bytes(b"x")
    run(job)
    assert (job / "data" / "nonshared_raw" / "more" / "C1s_sample.csv").is_file()
    assert not (job / "data" / "nonshared_raw" / ".DS_Store").exists()


def test_japanese_file_names_work(job, run, data, contents):
    shutil.copy(data / "lg4x" / "111216_0459_O1s.csv", job / "data" / "inputdata" / "試料１ O1s.csv")
    report = run(job)
    assert len(report.tiles[0].outcome.entry.spectra()) == 2
    made = [name for name in outputs(job, contents) if not name.startswith("nonshared_raw/")]
    assert all(name.isascii() for name in made)
    assert len([name for name in made if name.startswith("structured/")]) == 4


def test_settings_decide_where_inputs_go(finished, run):
    job = finished
    report = run(job, {"exporters.rde.raw_sharing": "shared"})
    assert report.shared
    assert names(job / "data" / "raw") == ["C1s_sample.csv", "C1s_sample_metadata.json"]
    assert not (job / "data" / "nonshared_raw").exists()
    run(job)
    assert not (job / "data" / "raw").exists()


def test_a_facility_may_state_another_time_zone_or_none(finished, run):
    written = finished / "data" / "meta" / "metadata.json"
    run(finished, {"exporters.rde.utc_offset": "+00:00"})
    assert read(written)["variable"][0]["time"] == {"value": "10:20:30+00:00"}
    run(finished, {"exporters.rde.utc_offset": None})
    assert read(written)["variable"][0]["time"] == {"value": "10:20:30"}


def test_a_finished_job_verifies(finished, parameters):
    job = finished
    assert {finding.rule for finding in exporter.verify(job, parameters) if finding.counts} == {
        "RDE-DEF-001",
        "RDE-SCH-001",
    }
    write(job / "data" / "tasksupport" / "metadata-def.json", {})
    assert {finding.rule for finding in exporter.verify(job, parameters) if finding.counts} == {
        "RDE-MET-003",
        "RDE-SCH-001",
    }


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from shirube.plugins import load_plugins
from shirube.settings import Settings
from shirube_rde import making
from shirube_rde.job import run_job

making.render_figures = lambda outcomes, plugins, lang, most, vector: ()
root, source, target = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
real = Path.replace

def killed_at_this_step(self, to):
    if (self.parent.name, self.name) == (source, Path(to).name) and Path(to).parent.name == target:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, to)

Path.replace = killed_at_this_step
settings = Settings().with_values({"run.reader": "fakelab"})
run_job(root, load_plugins(allow=["fakelab", "rde"]), settings, today=date(2026, 1, 15))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("source", "target"), [("data", "old"), ("new", "data")])
def test_a_killed_job_says_so_and_the_next_run_ends_well(source, target, finished, run, contents, laboratory):
    job = finished
    whole = contents(job)
    invoice = job / "data" / "invoice" / "invoice.json"
    environment = dict(os.environ, PYTHONPATH=str(laboratory))
    command = [sys.executable, "-c", KILLED, str(job), source, target]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL
    code, said = failed(job)
    assert code == 100
    assert "interrupted" in said
    assert "中断" in said
    invoice.rename(invoice.with_suffix(".away"))
    with pytest.raises(InputError):
        run(job)
    assert {**outputs(job, contents), "job.failed": b""} == {**outputs_of(whole), "job.failed": b""}
    invoice.with_suffix(".away").rename(invoice)
    run(job)
    assert outputs(job, contents) == outputs_of(whole)


def test_the_command_runs_a_job_and_verifies_it(job, laboratory, capsys):
    write(job / "data" / "tasksupport" / "metadata-def.json", {})
    with on_path(laboratory):
        assert (
            run_command_line(
                ["rde", "run", str(job), *NAMED, "--lang", "ja", "--set", "exporters.rde.thumbnail_size=64"]
            )
            == 0
        )
        said = capsys.readouterr().out
        assert "データタイル 1 件、スペクトル 1 件を構造化しました" in said
        assert "metadata-def.json に定義がないため出力しませんでした：" in said
        assert run_command_line(["rde", "verify", str(job), "--lang", "en"]) == 1
        assert "RDE-SCH-001" in capsys.readouterr().out


def test_the_command_answers_in_json(job, laboratory, capsys):
    with on_path(laboratory):
        assert run_command_line(["rde", "run", str(job), *NAMED, "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["schema"] == "shirube-rde-run/2"
        assert answer["tiles"][0]["spectra"] == ["C1s_sample.csv#1"]
        assert run_command_line(["rde", "verify", str(job), "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["ok"] is False


@pytest.mark.usefixtures("real_figures")
def test_the_command_runs_in_the_current_folder_as_rde_starts_it(job, laboratory, monkeypatch):
    monkeypatch.chdir(job)
    with on_path(laboratory):
        assert run_command_line(["rde", "run", *NAMED]) == 0
    assert (job / "data" / "meta" / "metadata.json").is_file()


def test_the_templates_language_is_the_jobs_unless_whoever_runs_it_says_another(job, laboratory, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    (job / "data" / "tasksupport").mkdir()
    (job / "data" / "tasksupport" / "shirube.toml").write_text('[run]\nlang = "ja"\n', encoding="utf-8")
    with on_path(laboratory):
        assert run_command_line(["rde", "run", str(job), *NAMED]) == 0
        assert "メタデータ" in capsys.readouterr().out
        assert run_command_line(["rde", "run", str(job), *NAMED, "--lang", "en"]) == 0
        assert "metadata values" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (["--guide", "nowhere"], 4, 141),
        (["--set", "exporters.rde.raw_sharing=open"], 2, 120),
        (["--set", "exporter.rde=1"], 2, 120),
        (["--today", "yesterday"], 2, 121),
    ],
)
def test_whatever_stops_the_command_is_in_job_failed(arguments, exit_code, code, job, laboratory, capsys):
    with on_path(laboratory):
        assert run_command_line(["rde", "run", str(job), *NAMED, *arguments]) == exit_code
    assert capsys.readouterr().err.startswith("shirube: ")
    assert failed(job)[0] == code


def images_missing(job):
    found = exporter.verify(job, Parameters())
    return [one for one in found if one.rule == "RDE-IMG-005" and one.kind not in ("pass", "not_applicable")]


@pytest.mark.usefixtures("real_figures")
def test_many_spectra_share_figures_of_small_panels_and_the_widest_is_the_main_image(job, run):
    inputs = job / "data" / "inputdata"
    for number in range(5):
        rows = "".join(f"{290 - step},{step}\n" for step in range(10 + number))
        (inputs / f"s{number}.csv").write_text(f"BE/eV,I\n{rows}", encoding="ascii")
    (inputs / "C1s_sample.csv").unlink()
    change_invoice(job, fit_on_off=False)
    run(job, {"exporters.rde.most_figures": 4})
    assert names(job / "data" / "main_image") == ["s4_1_C1s.png"]
    assert names(job / "data" / "other_image") == ["overview_0001-0005.png"]
    assert len(names(job / "data" / "structured")) == 5
    (other,) = (job / "data" / "other_image").iterdir()
    assert images_missing(job) == []
    other.rename(other.with_name("overview_0001-0003.png"))
    assert images_missing(job)


def test_the_clearest_sound_fit_is_the_main_image(outcome, spectrum, result, picture):
    from shirube_rde.images import main_figure

    weak, strong = spectrum("a#1", intensity=(100.0, 120.0, 100.0)), spectrum("b#1", intensity=(10.0, 900.0, 10.0))
    fits = (result("a#1"), result("b#1"))
    figures = [
        RenderedFigure(
            name=f"{one.target}",
            entry="run1",
            target=one.target,
            source="fakelab",
            main=one is fits[0],
            leads=True,
            caption=Text(en="", ja=""),
            png=picture(),
        )
        for one in fits
    ]
    made = outcome(spectra=(weak, strong), results=fits)
    assert main_figure(figures, made).target == "b#1"
    doubtful = outcome(spectra=(weak, strong), results=(fits[0], result("b#1", status="doubtful")))
    assert main_figure(figures, doubtful).target == "a#1"


def pictures(root):
    return [path for role in ("main_image", "other_image") for path in (root / "data" / role).iterdir()]


def drawings(root):
    return [path for path in (root / "data").rglob("*") if path.suffix in (".svg", ".pdf")]


def faults_of(root):
    found = exporter.verify(root, Parameters())
    return [(one.rule, one.path) for one in found if one.kind not in ("pass", "not_applicable")]


@pytest.mark.usefixtures("real_figures")
@pytest.mark.parametrize(("asked", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_each_figure_is_drawn_in_the_vector_format_that_is_asked_for(job, run, contents, asked, start):
    pytest.importorskip("matplotlib_fontja")
    settings = {"exporters.rde.vector_figures": asked}
    run(job, settings)
    first = outputs(job, contents)
    drawn = drawings(job)
    assert len(pictures(job)) > 1
    assert sorted(path.name for path in drawn) == sorted(f"{path.stem}.{asked}" for path in pictures(job))
    assert {path.parent.name for path in drawn} == {"structured"}
    assert {path.suffix for path in pictures(job)} == {".png"}
    assert all(path.read_bytes().startswith(start) for path in drawn)
    described = {one["filename"]: one["metadata"] for one in read(job / "data" / "filemeta.json")["filemetadata"]}
    assert [described[f"structured/{path.name}"]["format"]["value"] for path in drawn] == [asked] * len(drawn)
    faults = faults_of(job)
    run(job, settings)
    assert outputs(job, contents) == first
    run(job)
    assert faults_of(job) == faults
    assert drawings(job) == []
    assert {path.name for path in pictures(job)} == {f"{path.stem}.png" for path in drawn}


def test_each_column_of_each_csv_is_described(finished):
    described = read(finished / "data" / "filemeta.json")["filemetadata"]
    assert [one["filename"] for one in described] == [
        "structured/C1s_sample_1_C1s.csv",
        "structured/C1s_sample_1_C1s_fakelab_peaks.csv",
    ]
    for one in described:
        header = (finished / "data" / one["filename"]).read_text(encoding="utf-8").splitlines()[0].split(",")
        columns = [one["metadata"][f"column{number}"] for number in range(len(header))]
        assert [f"{column['value']} ({column['unit']})" for column in columns] == header
        assert all(column["name"]["ja"] and column["datatype"] == "number" for column in columns)
        assert len(one["metadata"]) == len(header) + 1


def test_an_image_of_several_axes_is_structured_in_long_form(spectrum):
    from shirube.records import Axis
    from shirube_rde.structured import spectrum_table

    axes = (
        Axis("angle", [0.0, 1.0], "deg"),
        Axis("energy", [290.0, 289.0, 288.0], "eV"),
        Axis("point", [5.0, 6.0], ""),
    )
    image = spectrum(intensity=np.arange(12.0).reshape(2, 3, 2), axes=axes)
    table = spectrum_table(image)
    assert [column.name for column in table.columns] == [
        "angle",
        "binding_energy",
        "kinetic_energy",
        "point",
        "intensity",
    ]
    assert len(table) == 12
    rows = list(zip(*(column.values.tolist() for column in table.columns), strict=True))
    assert rows[0] == (0.0, 290.0, 360.0, 5.0, 0.0)
    assert rows[9] == (1.0, 289.0, 361.0, 6.0, 9.0)
    part = spectrum_table(image, 3, 7)
    assert list(zip(*(column.values.tolist() for column in part.columns), strict=True)) == rows[3:7]
