"""The dataset template of the SES2002, as it is shipped in ``examples/``, and jobs that run with it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from shirube.cli import run_command_line

EXAMPLES = Path(__file__).parents[1] / "examples"
SHIPPED = EXAMPLES / "rde-template"


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "made"
    assert run_command_line(["rde", "template", "--guide", "ses2002", "-o", str(folder)]) == 0
    return folder


def test_the_shipped_template_is_the_one_that_the_command_makes(made):
    # shirube rde template --guide ses2002 -o examples/rde-template (removed before) makes it anew.
    assert contents(made) == contents(SHIPPED)


def test_its_yaml_says_what_rde_and_this_program_read():
    jobs = yaml.safe_load((SHIPPED / "template" / "jobs.template.yaml").read_text(encoding="utf-8"))
    (task,) = jobs["job_specifications"][0]["tasks"]
    assert task["command"] == "python /app/main.py"
    assert task["input_data"]["azure_storage"][0]["local_path"] == "${AZ_BATCH_TASK_WORKING_DIR}/data"
    assert yaml.safe_load((SHIPPED / "template" / "batch.yaml").read_text(encoding="utf-8")) == {"pool": "poollinux"}
    system = yaml.safe_load((SHIPPED / "template/tasksupport/rdeconfig.yaml").read_text(encoding="utf-8"))["system"]
    assert (system["save_raw"], system["save_nonshared_raw"]) == (False, True)


def test_the_guides_thirty_items_come_first_and_thirteen_are_entered_by_hand():
    defined = json.loads((SHIPPED / "template" / "metadata-def.json").read_text(encoding="utf-8"))
    thirty = list(defined.values())[:30]
    assert {item["mode"] for item in thirty} == {"Derived from data"}
    assert [item["originalName"] for item in thirty[:3]] == ["RAW File Name", "Version", "Region Name"]
    assert {"excitation_energy_in_header", "bicfit_main_peak_position_uncertainty", "energy_resolution"} <= set(defined)
    form = json.loads((SHIPPED / "template" / "invoice.schema.json").read_text(encoding="utf-8"))
    assert len(form["properties"]["custom"]["properties"]) == 13


def test_the_containers_entry_point_runs_a_job_with_the_template(tmp_path):
    data = tmp_path / "data"
    (data / "invoice").mkdir(parents=True)
    (data / "inputdata").mkdir()
    shutil.copy(EXAMPLES / "cu-hhtp" / "Cu-HHTP_0001.txt", data / "inputdata")
    shutil.copy(EXAMPLES / "invoice.json", data / "invoice")
    shutil.copytree(SHIPPED / "template" / "tasksupport", data / "tasksupport")
    command = [sys.executable, str(SHIPPED / "container" / "main.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert not (data / "job.failed").exists()
    (region,) = json.loads((data / "meta" / "metadata.json").read_text(encoding="utf-8"))["variable"]
    assert region["time"] == {"value": "11:17:15+09:00"}
    assert list((data / "nonshared_raw").iterdir())
    assert run_command_line(["rde", "verify", str(tmp_path)]) == 0
