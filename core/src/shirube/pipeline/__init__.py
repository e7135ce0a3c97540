"""The way of the data: an item goes in, an outcome comes out, and only ``write`` touches the disk."""

from shirube.pipeline._isolated import Done, Task, item_for, loaded, told, work, work_isolated
from shirube.pipeline._judging import AskedPolicy, judge_dataset, policy_rules
from shirube.pipeline._process import process
from shirube.pipeline._reading import read_file
from shirube.pipeline._write import check_target, export_context, write

__all__ = [
    "AskedPolicy",
    "Done",
    "Task",
    "check_target",
    "export_context",
    "item_for",
    "judge_dataset",
    "loaded",
    "policy_rules",
    "process",
    "read_file",
    "told",
    "work",
    "work_isolated",
    "write",
]
