"""The waiver of a rule; apart from the other records because settings hold waivers and must not need numpy."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Waiver"]


@frozen
class Waiver:
    """Why a failing rule is accepted here, who approved it and until when (ISO date).

    Attributes:
        rule: Id of the rule.
        reason: Why its failure is accepted.
        approved_by: Who accepted it.
        expires: The last day, as an ISO date; None: for good.
        subject: Id of the record (of an entry, of a tree); None: every one.
        path: Place in the record (``sample``, ``entries[2]``); None: all of it.
    """

    rule: str
    reason: str
    approved_by: str
    expires: str | None = None
    subject: str | None = None
    path: str | None = None

    def covers(self, rule: str, path: str | None) -> bool:
        """Tell whether a failure of ``rule`` at the place ``path`` of its record is meant."""
        if rule != self.rule or self.path is None or path is None:
            return rule == self.rule and self.path is None
        return path == self.path or path.startswith((f"{self.path}.", f"{self.path}["))
