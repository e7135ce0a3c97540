"""The exporter ``rde``: writes, verifies and reads job trees of RDE."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shirube.exporting import ExportContext
from shirube.records import Dataset, Finding, Outcome
from shirube_rde.parameters import Parameters

__all__ = ["read", "verify", "write"]


def write(outcomes: Sequence[Outcome], target: Path, context: ExportContext, parameters: Parameters) -> None:
    """Write ``outcomes`` as an RDE job tree into the existing empty folder ``target``.

    Raises:
        OutputError: Metadata that RDE cannot take (all of them), guides that contradict each other, or a folder that
            cannot be written.
        InputError: An input file that is gone or has changed since it was read.
    """
    from shirube_rde.anonymising import anonymised_run
    from shirube_rde.tree import write_tree

    shown, with_them = anonymised_run(outcomes, context, parameters)
    write_tree(shown, target, with_them, parameters)


def verify(target: Path, parameters: Parameters) -> Sequence[Finding]:
    """Return what is wrong, and what is right, with a job tree of any program; nothing of what RDE itself handed out.

    Raises:
        InputError: There is no RDE job at ``target``.
    """
    from shirube_rde.downloads import download_at
    from shirube_rde.verification import verify_job

    return () if download_at(target) is not None else verify_job(target, parameters)


def read(path: Path, parameters: Parameters) -> Dataset | None:
    """Return the dataset of an invoice, a job folder, its ``data`` folder or a download (zip or folder), else None.

    Raises:
        InputError: It is RDE's, but not what RDE defines; names the file and every key that is wrong.
    """
    del parameters
    from shirube_rde.invoice import dataset_at

    return dataset_at(path)
