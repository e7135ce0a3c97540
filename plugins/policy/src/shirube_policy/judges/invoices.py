"""Invoices (送り状): whether each has the form that RDE asks for, and its name is one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shirube.messages import Text
from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, open_, passed
from shirube_policy.dates import day_of
from shirube_policy.judges.common import files_of, worst
from shirube_policy.wording import listed, say

#: RDE's limits of the invoice's texts, in characters.
_LONGEST: Final[Mapping[str, int]] = {"dataName": 256, "experimentId": 256, "description": 8192}
_OWNER: Final = re.compile(r"[0-9A-Za-z]{56}")

__all__ = ["JUDGES"]


def valid_invoice(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """Judge that each invoice has the form that RDE asks for."""
    if not dataset.entries:
        return open_("entries")
    judgements = []
    for place, entry in enumerate(dataset.entries):
        document = None if entry.registration is None else entry.registration.document
        path = f"entries[{place}].registration"
        if document is None:
            judgements.append(open_(f"{path}.document", say("invoice-unknown")))
            continue
        problems = list(_invoice_problems(document))
        judgements.append(failed(path=path, detail=listed(problems)) if problems else passed())
    return worst(judgements)


def name_expanded(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """Judge that no name holds a variable that nobody will fill in."""
    if not dataset.entries:
        return open_("entries")
    judgements = []
    for place, entry in enumerate(dataset.entries):
        path = f"entries[{place}].name"
        if entry.name is None:
            judgements.append(open_(path))
        elif "${" not in entry.name:
            judgements.append(passed())
        else:
            structured = bool(entry.metadata or files_of(entry, "structured"))
            waits = entry.name_expands and not structured
            judgements.append(passed() if waits else failed(path=path, value=entry.name))
    return worst(judgements)


def _invoice_problems(document: str) -> Iterator[Text]:
    try:
        content = json.loads(document)
    except (ValueError, RecursionError):
        yield say("invoice-no-json")
        return
    basic = content.get("basic") if isinstance(content, dict) else None
    if not isinstance(basic, dict):
        yield say("invoice-no-basic")
        return
    if not _text(content.get("datasetId")):
        yield say("invoice-lacks").fill(key="datasetId")
    yield from _basic_problems(basic)


def _basic_problems(basic: Mapping[str, Any]) -> Iterator[Text]:
    for key in ("dateSubmitted", "dataOwnerId", "dataName"):
        if not _text(basic.get(key)):
            yield say("invoice-lacks").fill(key=f"basic.{key}")
    day = _text(basic.get("dateSubmitted"))
    if day and (len(day) != len("2025-04-01") or day_of(day) is None):
        yield say("invoice-date").fill(key="basic.dateSubmitted")
    owner = _text(basic.get("dataOwnerId"))
    if owner and not _OWNER.fullmatch(owner):
        yield say("invoice-owner")
    for key, limit in _LONGEST.items():
        if len(_text(basic.get(key))) > limit:
            yield say("invoice-long").fill(key=f"basic.{key}", limit=limit)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


JUDGES: Final = {
    "ARIM-REG-009": valid_invoice,
    "ARIM-REG-010": name_expanded,
}
