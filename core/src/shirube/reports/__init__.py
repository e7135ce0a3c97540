"""Reports of what was judged: one content, written as JSON, SARIF, JUnit, Markdown or a page of HTML.

The text for a terminal is :func:`shirube.findings.render_text` with :func:`shirube.gates.render_gates`.
"""

from shirube.reports._formats import FORMATS, Format, render_report
from shirube.reports._html import page as html_page
from shirube.reports._markdown import escaped as markdown_escaped
from shirube.reports._markdown import tally
from shirube.reports._report import CHECK_SCHEMA, JudgedRecord, Report, report_to_json
from shirube.reports._view import FindingWords, GateWords, finding_words, gate_words

__all__ = [
    "CHECK_SCHEMA",
    "FORMATS",
    "FindingWords",
    "Format",
    "GateWords",
    "JudgedRecord",
    "Report",
    "finding_words",
    "gate_words",
    "html_page",
    "markdown_escaped",
    "render_report",
    "report_to_json",
    "tally",
]
