"""SARIF 2.1.0: the static analysis results interchange format of OASIS, for code hosts and editors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from shirube._jsontext import json_text
from shirube.findings import category
from shirube.gates import gates_to_json
from shirube.messages import Language
from shirube.records import Finding, Severity
from shirube.reports._report import JudgedRecord, Report
from shirube.text import well_formed

SCHEMA_URI: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: SARIF knows no severities of a policy, only how loudly a tool should speak.
_LEVELS: Final[Mapping[Severity, str]] = {"must": "error", "should": "warning", "may": "note", "info": "note"}

__all__ = ["SCHEMA_URI", "render"]


def render(report: Report, lang: Language, *, verbose: bool) -> str:
    """Return the report as a SARIF log of one run, ending with a line break."""
    rules = _rules(report.findings, lang)
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    results = [
        _result(record, finding, places[finding.rule], lang)
        for record in report.records
        for finding in record.shown(verbose=verbose)
    ]
    run = {
        "tool": {
            "driver": {
                "name": "shirube",
                "version": report.version,
                "language": lang,
                "rules": rules,
            },
            "extensions": [{"name": one.distribution, "version": one.version} for one in report.plugins],
        },
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not any(one.error for one in report.findings)}],
        "results": results,
        "properties": {
            "judgedOn": report.judged_on,
            "gates": {record.name: gates_to_json(record.gates) for record in report.records},
        },
    }
    log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}
    return json_text(log, indent=2) + "\n"


def _rules(findings: Iterable[Finding], lang: Language) -> list[dict[str, Any]]:
    """Return what is known of each rule, from the first finding that tells it."""
    found: dict[str, dict[str, Any]] = {}
    for finding in findings:
        rule = found.setdefault(finding.rule, _rule(finding))
        if finding.remedy is not None and "help" not in rule:
            rule["help"] = {"text": finding.remedy.render(lang)}
    return list(found.values())


def _rule(finding: Finding) -> dict[str, Any]:
    said = {"fullDescription": {"text": finding.quote}} if finding.quote else {}
    return {
        "id": finding.rule,
        **said,
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {
            "policy": finding.policy,
            "severity": finding.severity,
            "gates": list(finding.blocks),
            "locked": finding.locked,
        },
    }


def _result(record: JudgedRecord, finding: Finding, rule_index: int, lang: Language) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "kind": finding.kind,
        "level": _level(finding),
        "message": {"text": finding.message.render(lang)},
        "locations": [_location(record, finding)],
        "partialFingerprints": {"shirube/v1": _fingerprint(record, finding)},
        "properties": {"category": category(finding), "subject": f"{finding.subject.kind} {finding.subject.id}"},
    }
    if finding.remedy is not None:
        result["properties"]["remedy"] = finding.remedy.render(lang)
    if finding.due is not None:
        result["properties"]["due"] = finding.due
    if finding.waiver is not None:
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": finding.waiver.reason,
                "properties": {
                    "approvedBy": finding.waiver.approved_by,
                    "expires": finding.waiver.expires,
                    "path": finding.waiver.path,
                },
            }
        ]
    return result


def _level(finding: Finding) -> str:
    # The standard: a result that is no failure has no level.
    if finding.kind != "fail":
        return "none"
    if finding.error:
        return "error"
    return "note" if finding.note else _LEVELS[finding.severity]


def _location(record: JudgedRecord, finding: Finding) -> dict[str, Any]:
    """Return the file and line where they are known, else the record and the place in it."""
    place = finding.path
    if finding.line is not None and place is not None:
        region = {"startLine": max(finding.line, 1)}
        return {"physicalLocation": {"artifactLocation": {"uri": _uri(place)}, "region": region}}
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(record.file or record.name)}}
    if place is not None and place in record.lines:
        physical["region"] = {"startLine": record.lines[place]}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": place}]
    return location


def _uri(name: str) -> str:
    return quote(well_formed(PurePosixPath(name.replace("\\", "/")).as_posix()), safe="/") or "."


def _fingerprint(record: JudgedRecord, finding: Finding) -> str:
    """Return what stays the same while the finding does: the rule and its place, not the words."""
    told = "\n".join((record.name, finding.rule, finding.subject.id, finding.path or ""))
    return hashlib.sha256(well_formed(told).encode()).hexdigest()[:32]
