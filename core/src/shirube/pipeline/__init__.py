"""The way of the data: an item goes in, an outcome comes out, and only ``write`` touches the disk."""

from shirube.pipeline._analysing import analyse_chains
from shirube.pipeline._isolated import Done, Task, item_for, loaded, told, work, work_isolated
from shirube.pipeline._judging import AskedPolicy, judge_dataset, policy_rules
from shirube.pipeline._process import Prepared, finish, prepare, process
from shirube.pipeline._reading import read_file
from shirube.pipeline._write import (
    check_exporters,
    check_target,
    chosen_exporters,
    export_context,
    export_outcomes,
    write,
)

__all__ = [
    "AskedPolicy",
    "Done",
    "Prepared",
    "Task",
    "analyse_chains",
    "check_exporters",
    "check_target",
    "chosen_exporters",
    "export_context",
    "export_outcomes",
    "finish",
    "item_for",
    "judge_dataset",
    "loaded",
    "policy_rules",
    "prepare",
    "process",
    "read_file",
    "told",
    "work",
    "work_isolated",
    "write",
]
