"""The content of a report: what was judged, when, by what, and how every record stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.findings import CATEGORIES, SEVERITIES, category, to_json
from shirube.gates import Gate, gates_of, gates_to_json
from shirube.messages import Text
from shirube.records import Finding, PluginVersion

CHECK_SCHEMA: Final = "shirube-check/2"
_QUIET: Final = ("pass", "notApplicable")

__all__ = ["CHECK_SCHEMA", "JudgedRecord", "Report", "report_to_json"]


@frozen
class JudgedRecord:
    """One record that was judged.

    Attributes:
        name: How the record is called: the path that was given, never a path of the machine.
        findings: All findings, of all its subjects.
        gates: How its gates stand.
        lines: The lines, in the record's own file, of places that findings name.
        file: The relative path that was given, by which code hosts find the file; empty: its name.
    """

    name: str
    findings: tuple[Finding, ...] = field(converter=as_tuple)
    gates: tuple[Gate, ...] = field(default=(), converter=as_tuple)
    lines: FrozenMapping[str, int] = field(factory=FrozenMapping, converter=as_frozen)
    file: str = ""

    @classmethod
    def of(
        cls,
        name: str,
        findings: tuple[Finding, ...],
        labels: Mapping[str, Text],
        lines: Mapping[str, int] = FrozenMapping(),
    ) -> JudgedRecord:
        """Return the record with its gates, worked out from the findings.

        Args:
            name: How the record is called.
            findings: All findings.
            labels: The gates that are known, and what people call them.
            lines: The lines of places that findings name.
        """
        return cls(name, findings, gates_of(findings, labels), lines)

    def shown(self, *, verbose: bool) -> tuple[Finding, ...]:
        """Return the findings that a person must see, worst first; ``verbose`` also those that all is well with."""
        shown = [one for one in self.findings if verbose or category(one) not in _QUIET]
        return tuple(sorted(shown, key=lambda one: (CATEGORIES.index(category(one)), SEVERITIES.index(one.severity))))


@frozen(kw_only=True)
class Report:
    """What was judged.

    Attributes:
        records: The records, in the order in which they were given.
        judged_on: ISO date.
        version: Version of the core.
        plugins: Versions of the plugins that took part.
        parameters: Effective settings of the policies, by dotted name.
        ok: Whether no finding reached the level at which the exit code is 1.
    """

    records: tuple[JudgedRecord, ...] = field(converter=as_tuple)
    judged_on: str
    version: str
    plugins: tuple[PluginVersion, ...] = field(default=(), converter=as_tuple)
    parameters: FrozenMapping[str, Any] = field(factory=FrozenMapping, converter=as_frozen)
    ok: bool = True

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all records."""
        return tuple(finding for record in self.records for finding in record.findings)


def report_to_json(report: Report) -> dict[str, Any]:
    """Return the report as plain data without its schema id, texts in both languages."""
    return {
        "judged_on": report.judged_on,
        "ok": report.ok,
        "version": report.version,
        "plugins": {one.name: f"{one.distribution} {one.version}" for one in report.plugins},
        "parameters": dict(report.parameters),
        "records": [
            {
                "name": record.name,
                "gates": gates_to_json(record.gates),
                "findings": to_json(record.findings),
                "lines": dict(record.lines),
            }
            for record in report.records
        ],
    }
