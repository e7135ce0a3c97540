"""What RDE's server refuses in an invoice though no schema says so: lengths, ids, the date, attributes said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from shirube.messages import Message
from shirube_rde.texts import message

#: Longest texts of ``basic``, in characters.
_LIMITS: Final = (("dataName", 256), ("experimentId", 256), ("description", 8192))
_OWNER: Final = re.compile(r"[0-9a-zA-Z]{56}")

__all__ = ["refused_by_server", "refused_of_sample", "refused_values", "too_long"]


def refused_by_server(content: Mapping[str, Any]) -> list[Message]:
    """Return what the server would refuse of the invoice of a job.

    Items left blank are another check's; a sample without a name may be one that a table's row leaves out.

    Args:
        content: Content of ``invoice.json``, its sections and values of RDE's types.
    """
    basic = content["basic"]
    filled = {*content, *(f"basic.{key}" for key, value in basic.items() if (value or "").strip())}
    return [
        *(message("RDE-INV-004", **found) for found in too_long(content)),
        *(message("RDE-INV-006", **found) for found in refused_values(content) if found["key"] in filled),
        *(message("RDE-INV-009", **found) for found in refused_of_sample(content) if found["key"] != "sample.names"),
    ]


def too_long(content: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Yield the texts that are too long: key, length and limit."""
    for key, limit in _LIMITS:
        length = len(content["basic"].get(key) or "")
        if length > limit:
            yield {"key": f"basic.{key}", "length": length, "limit": limit}


def refused_values(content: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Yield the ids, dates and names that are none: key and value."""
    basic = content["basic"]
    checks = (
        ("datasetId", content.get("datasetId"), _is_uuid),
        ("basic.dateSubmitted", basic.get("dateSubmitted"), _is_date),
        ("basic.dataOwnerId", basic.get("dataOwnerId"), _OWNER.fullmatch),
        ("basic.dataName", basic.get("dataName"), str.strip),
    )
    for key, value, check in checks:
        if not isinstance(value, str) or not check(value):
            yield {"key": key, "value": repr(value)}
    instrument = basic.get("instrumentId")
    if instrument and not _is_uuid(instrument):
        yield {"key": "basic.instrumentId", "value": repr(instrument)}


def refused_of_sample(content: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Yield what is wrong with the sample: key and value."""
    sample = content.get("sample")
    if not sample:
        return
    sample_id, owner = sample.get("sampleId"), sample.get("ownerId")
    if sample_id and not _is_uuid(sample_id):
        yield {"key": "sample.sampleId", "value": repr(sample_id)}
    if owner and not _OWNER.fullmatch(owner):
        yield {"key": "sample.ownerId", "value": repr(owner)}
    names = sample.get("names")
    if not sample_id and not (names and all(name.strip() for name in names)):
        yield {"key": "sample.names", "value": repr(names)}
    for section in ("generalAttributes", "specificAttributes"):
        terms = [one["termId"] for one in sample.get(section) or ()]
        wrong = [term for term in dict.fromkeys(terms) if not _is_uuid(term) or terms.count(term) > 1]
        for term in wrong:
            yield {"key": f"sample.{section}.termId", "value": repr(term)}


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
