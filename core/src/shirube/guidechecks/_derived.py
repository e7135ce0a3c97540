"""The rules that follow from any guide: what it asks of files, metadata, manual items and conditions."""

from __future__ import annotations

from functools import partial

from shirube.guidechecks._conditions import judge_conditions
from shirube.guidechecks._files import judge_files, judge_sidecars
from shirube.guidechecks._manual import judge_manual
from shirube.guidechecks._match import judge_match
from shirube.guidechecks._metadata import judge_metadata
from shirube.guidechecks._shared import said
from shirube.guides import GuideData
from shirube.records import Severity
from shirube.rules import Rule
from shirube.ruletables import Judge

__all__ = ["guide_rules"]


def guide_rules(guide: GuideData) -> tuple[Rule, ...]:
    """Return the checks that follow from ``guide``, in the order of its blocks."""
    return (
        _rule(guide, "match", "should", judge_match),
        _rule(guide, "files", "must", judge_files),
        _rule(guide, "sidecars", "must", judge_sidecars),
        *(
            _rule(guide, f"manual.{item.key}", "should", partial(judge_manual, key=item.key), message="manual")
            for item in guide.manual
        ),
        *(
            _rule(guide, f"metadata.{item.key}", "may", partial(judge_metadata, key=item.key), message="metadata")
            for item in guide.metadata
        ),
        *(
            _rule(
                guide,
                f"conditions.{name}.{condition.term}",
                "should",
                partial(judge_conditions, term=condition.term, scans=(name,)),
                message="condition",
                quote=condition.quote,
            )
            for name, scan in guide.conditions.items()
            for condition in scan.conditions
        ),
    )


def _rule(guide: GuideData, name: str, severity: Severity, judge: Judge, *, message: str = "", quote: str = "") -> Rule:
    return Rule(
        id=f"guide.{guide.name}.{name}",
        subject="entry",
        severity=severity,
        message=said(f"check-{message or name}"),
        remedy=said("check-state-the-reason") if message == "condition" else None,
        judge=judge,
        quote=quote or None,
    )
