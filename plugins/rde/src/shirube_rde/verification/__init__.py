"""Verifying a finished job tree of any program: the cross relations and server limits that nobody else checks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from shirube.errors import InputError
from shirube.judging import judge
from shirube.records import Finding, Subject
from shirube.rules import Rule, RuleContext
from shirube_rde.layout import job_at
from shirube_rde.parameters import Parameters
from shirube_rde.texts import message
from shirube_rde.verification._anonymity import ANONYMITY_RULES
from shirube_rde.verification._contents import CONTENT_RULES
from shirube_rde.verification._definition import DEFINITION_RULES
from shirube_rde.verification._files import FILE_RULES
from shirube_rde.verification._images import IMAGE_RULES
from shirube_rde.verification._inspected import inspect_job
from shirube_rde.verification._invoice import INVOICE_RULES
from shirube_rde.verification._metadata import METADATA_RULES
from shirube_rde.verification._template import TEMPLATE_RULES

#: All rules, in the order in which findings are listed.
RULES: Final[tuple[Rule, ...]] = (
    *FILE_RULES,
    *CONTENT_RULES,
    *IMAGE_RULES,
    *DEFINITION_RULES,
    *TEMPLATE_RULES,
    *METADATA_RULES,
    *INVOICE_RULES,
    *ANONYMITY_RULES,
)
#: No rule asks for the date.
_NO_DAY: Final = date.min

__all__ = ["RULES", "verify_job"]


def verify_job(target: Path, parameters: Parameters | None = None) -> tuple[Finding, ...]:
    """Return the findings of every rule on the job at ``target`` (the folder that holds ``data/``, or ``data``).

    Args:
        target: The folder.
        parameters: Settings of the exporter, which say whether the dataset is anonymised; None for the defaults.

    Raises:
        InputError: There is no job.
    """
    job = job_at(target)
    if job is None:
        raise InputError(message("no-job"), path=target)
    subject = Subject("tree", target.name or target.resolve().name)
    return judge(RULES, inspect_job(job, parameters or Parameters()), RuleContext(today=_NO_DAY), "rde", subject)
