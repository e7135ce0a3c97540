"""The way of the data: an item goes in, an outcome comes out, and only ``write`` touches the disk."""

from shirube.pipeline._judging import judge_dataset
from shirube.pipeline._process import process
from shirube.pipeline._reading import read_file
from shirube.pipeline._write import check_target, export_context, write

__all__ = ["check_target", "export_context", "judge_dataset", "process", "read_file", "write"]
