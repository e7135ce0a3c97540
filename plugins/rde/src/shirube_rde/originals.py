"""The invoice that a job began with, kept in ``data/temp`` when the job fills ``data/invoice/invoice.json`` anew.

``invoice_org.json`` is the original, where rdetoolkit keeps it too; beside it stands the hash of what was written in
its place. So the next run tells whether the invoice it finds is its own work or a new original.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Final

from shirube.trees import write_bytes, write_text
from shirube_rde.layout import Job

_KEPT: Final = "invoice_org.json"
_WRITTEN: Final = "invoice_org.written.sha256"

__all__ = ["keep_original", "original_invoice", "refilled"]


def original_invoice(job: Job) -> Path:
    """Return where the invoice lies that RDE handed to the job."""
    kept, written = job.data / "temp" / _KEPT, job.data / "temp" / _WRITTEN
    if not (kept.is_file() and written.is_file() and job.invoice.is_file()):
        return job.invoice
    return kept if written.read_text(encoding="utf-8").strip() == _hash(job.invoice.read_bytes()) else job.invoice


def keep_original(job: Job, original: Path, replacement: str) -> None:
    """Keep the original, which lies at ``original``, before ``replacement`` goes in its place.

    Raises:
        OutputError: It cannot be written.
    """
    if original == job.invoice:
        write_bytes(job.data / "temp" / _KEPT, original.read_bytes())
    write_text(job.data / "temp" / _WRITTEN, f"{_hash(replacement.encode('utf-8'))}\n")


def refilled(job: Job, replacement: str, folder: Path) -> None:
    """Make in ``folder`` the folder of the job's invoice with ``replacement`` in its place.

    Raises:
        OutputError: It cannot be written.
    """
    shutil.copytree(job.data / "invoice", folder)
    write_text(folder / "invoice.json", replacement)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
