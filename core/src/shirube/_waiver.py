"""The waiver of a rule; apart from the other records because settings hold waivers and must not need numpy."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Waiver"]


@frozen
class Waiver:
    """Why a failing rule is accepted here, who approved it and until when (ISO date)."""

    rule: str
    reason: str
    approved_by: str
    expires: str | None = None
    subject: str | None = None
