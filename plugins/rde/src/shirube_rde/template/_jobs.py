"""The files that tell RDE, rdetoolkit and this program how the template's jobs run."""

from __future__ import annotations

import csv
import io
from typing import Final

from shirube.guides import GuideData
from shirube_rde.parameters import Parameters

_JOBS: Final = """\
# The job, as RDE's scheduler (Batch Shipyard) starts it. RDE's staff put the name of the registered image here.
job_specifications:
- id: ${{job-id}}
  auto_complete: true
  allow_run_on_missing_image: true
  tasks:
  - id: task_1
    docker_image: {image}
    input_data:
      azure_storage:
      - storage_account_settings: mystorageaccount
        remote_path: ${{job-dir}}
        local_path: ${{AZ_BATCH_TASK_WORKING_DIR}}/data
    command: python /app/main.py
    output_data:
      azure_storage:
      - storage_account_settings: mystorageaccount
        remote_path: ${{job-dir}}
        local_path: ${{AZ_BATCH_TASK_WORKING_DIR}}/data
        condition: taskcompletion
"""
_TOOLKIT: Final = """\
# What rdetoolkit reads, and shirube rde run too. Where input files go, shirube.toml beside this file says.
system:
  # null: one data tile of all files (Invoice), or by the file that is registered (ExcelInvoice, SmartTable).
  # MultiDataTile: one data tile a file; rdeformat: tiles that are registered ready-made, in one zip file.
  extended_mode: null
  save_raw: false
  save_nonshared_raw: true
  save_thumbnail_image: true
  save_invoice_to_structured: false
  feature_description: false
  magic_variable: true
"""
_PROGRAM: Final = """\
# What shirube rde run reads; every setting that is not here has its default (shirube config show).
[run]
guide = "{guide}"
# Language of figures and of the answer; job.failed is in both.
lang = "ja"

[exporters.rde]
# nonshared: input files are never made public; shared: they become public after the embargo.
raw_sharing = "{sharing}"
# true: names of people leave metadata, figures, tables and file names; hidden_names = ["YAMADA, Taro"] lists more.
anonymised = {anonymised}
# The instrument's clock, for times that state no offset.
utc_offset = "{offset}"
"""

__all__ = ["batch_file", "default_values", "jobs_file", "program_settings", "toolkit_settings"]


def batch_file() -> str:
    """Return ``batch.yaml``: on which machines the jobs run."""
    return "pool: poollinux\n"


def jobs_file(image: str) -> str:
    """Return ``jobs.template.yaml`` for a container's image."""
    return _JOBS.format(image=image)


def default_values(guide: GuideData) -> str:
    """Return ``default_value.csv``: the values of manual items that are left blank."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("key", "value"))
    rows.writerows((item.key, item.default) for item in guide.manual if item.default is not None)
    return out.getvalue()


def toolkit_settings() -> str:
    """Return ``rdeconfig.yaml``."""
    return _TOOLKIT


def program_settings(guide: str, parameters: Parameters) -> str:
    """Return ``shirube.toml``: the guide that jobs follow, and what a facility decides about its data."""
    return _PROGRAM.format(
        guide=guide,
        sharing=parameters.raw_sharing,
        anonymised=str(parameters.anonymised).lower(),
        offset=parameters.utc_offset or "none",
    )
