"""JUnit XML: a test suite a record, a test case a rule, as every continuous integration shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from shirube.findings import CATEGORIES, category, category_label
from shirube.messages import Language
from shirube.records import Finding
from shirube.reports._report import JudgedRecord, Report

#: What XML 1.0 cannot hold, not even escaped.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED: Final = ("review", "open", "notApplicable")

__all__ = ["render"]


def render(report: Report, lang: Language, *, verbose: bool) -> str:
    """Return the report as JUnit XML; every rule is a test case, whatever ``verbose`` says."""
    del verbose
    root = ET.Element("testsuites", name="shirube")
    for record in report.records:
        _suite(root, record, report.judged_on, lang)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, record: JudgedRecord, judged_on: str, lang: Language) -> None:
    cases: dict[tuple[str, str], list[Finding]] = {}
    for finding in record.findings:
        cases.setdefault((finding.subject.id, finding.rule), []).append(finding)
    suite = ET.SubElement(root, "testsuite", name=_xml(record.name), timestamp=f"{judged_on}T00:00:00")
    for (subject, rule), findings in cases.items():
        _case(suite, subject, rule, findings, lang)
    for name, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{element}"))))
    suite.set("tests", str(len(cases)))


def _case(suite: ET.Element, subject: str, rule: str, findings: Sequence[Finding], lang: Language) -> None:
    case = ET.SubElement(suite, "testcase", classname=_xml(subject), name=_xml(rule), time="0")
    worst = min(findings, key=lambda one: CATEGORIES.index(category(one)))
    kind = category(worst)
    text = _xml("\n".join(_said(finding, lang) for finding in findings))
    if kind in ("fail", "error"):
        element = ET.SubElement(case, "failure" if kind == "fail" else "error", type=worst.severity)
        element.set("message", _xml(worst.message.render(lang)))
        element.text = text
    elif kind in _SKIPPED:
        label = category_label(kind).render(lang)
        ET.SubElement(case, "skipped", message=_xml(f"{label}: {worst.message.render(lang)}"))
    else:
        ET.SubElement(case, "system-out").text = text


def _said(finding: Finding, lang: Language) -> str:
    place = f" [{finding.path}]" if finding.path else ""
    remedy = f"\n-> {finding.remedy.render(lang)}" if finding.remedy else ""
    waived = "" if finding.waiver is None else f"\n({finding.waiver.approved_by}: {finding.waiver.reason})"
    label = category_label(category(finding)).render(lang)
    return f"{label}: {finding.message.render(lang)}{place}{remedy}{waived}"


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
