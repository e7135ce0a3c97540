"""HTML: the report as one page that needs nothing else: no script, no font, no image from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from shirube.errors import core_message
from shirube.findings import category
from shirube.messages import Language
from shirube.records import Finding
from shirube.reports._markdown import tally
from shirube.reports._report import JudgedRecord, Report
from shirube.reports._view import GateWords, finding_words, gate_words

_QUIET: Final = ("pass", "notApplicable")
#: States and categories are told by word first; the colours are those of Okabe and Ito (2008).
_CSS: Final = """\
body { font: 16px/1.6 system-ui, "Hiragino Sans", "Yu Gothic UI", Meiryo, sans-serif; max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-top: 1px solid #ccc; padding-top: 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .7rem; vertical-align: top;
  border-bottom: 1px solid #ddd; } th:first-child { width: 28%; } td, li { overflow-wrap: anywhere; }
code { font-size: .9em; white-space: nowrap; overflow-wrap: normal; }
ul { padding-left: 1.2rem; } li { margin: .5rem 0; }
.word { display: inline-block; min-width: 4em; font-weight: 600; border-left: .5rem solid #999; padding-left: .5rem; }
.closed, .error, .fail { border-color: #d55e00; } .withheld, .note { border-color: #e69f00; }
.undecided, .open, .review { border-color: #cc79a7; } .later, .informational { border-color: #56b4e9; }
.clear, .pass { border-color: #009e73; } .remedy { margin: .1rem 0 0 1.2rem; } .small { color: #555; font-size: .9em; }
@media (max-width: 40rem) { table, tbody, tr, th, td { display: block; width: auto; } th:first-child { width: auto; }
  tr { border-bottom: 1px solid #ddd; padding: .3rem 0; } th, td { border: 0; padding: .1rem .4rem; }
  .head { display: none; } }
@media print { details { display: none; } }
"""

__all__ = ["page", "render"]


def render(report: Report, lang: Language, *, verbose: bool) -> str:
    """Return the report as a page of HTML; what ``verbose`` adds is there, but folded in."""
    title = core_message("report-title").render(lang)
    plugins = ", ".join(f"{one.distribution} {one.version}" for one in report.plugins) or "-"
    about = core_message("report-about", day=report.judged_on, version=report.version, plugins=plugins).render(lang)
    body = [f"<h1>{escape(title)}</h1>", f'<p class="small">{escape(about)}</p>']
    for record in report.records:
        body += _record(record, lang, verbose=verbose)
    return page(title, "\n".join(body), lang)


def page(title: str, body: str, lang: Language, css: str = _CSS) -> str:
    """Return a whole page that loads nothing.

    Args:
        title: Its title, plain text.
        body: Markup of its body; the caller has escaped what comes out of data.
        lang: Its language.
        css: Its style sheet.
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _record(record: JudgedRecord, lang: Language, *, verbose: bool) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(record.name)}</h2>"
    if record.gates:
        heads = [core_message(f"report-{name}").render(lang) for name in ("gate", "stands", "causes")]
        yield f'<table>\n<tr class="head">{"".join(f"<th>{escape(head)}</th>" for head in heads)}</tr>'
        yield from (_gate(gate_words(gate, lang)) for gate in record.gates)
        yield "</table>"
    yield from _list(record.shown(verbose=False), lang)
    quiet = [one for one in record.findings if category(one) in _QUIET] if verbose else []
    if quiet:
        yield f"<details><summary>{escape(tally(quiet, lang))}</summary>"
        yield from _list(quiet, lang)
        yield "</details>"
    yield f'<p class="small">{escape(tally(record.findings, lang))}</p>\n</section>'


def _gate(words: GateWords) -> str:
    rules = ", ".join(f"<code>{escape(rule)}</code>" for rule in words.rules)
    stands = f'<span class="word {words.state}">{escape(words.stands)}</span>'
    return f"<tr><td>{escape(words.label)}</td><td>{stands}</td><td>{rules}</td></tr>"


def _list(findings: Sequence[Finding], lang: Language) -> Iterator[str]:
    if not findings:
        return
    yield "<ul>"
    for finding in findings:
        words = finding_words(finding, lang)
        head = f'<span class="word {words.category}">{escape(words.label)}</span> {escape(words.severity)}'
        where = f' <span class="small">[{escape(words.where)}]</span>' if words.where else ""
        yield f"<li>{head} <code>{escape(words.rule)}</code> {escape(words.message)}{where}"
        if words.remedy:
            yield f'<p class="remedy">→ {escape(words.remedy)}</p>'
        for remark in words.remarks:
            yield f'<p class="remedy small">{escape(remark)}</p>'
        if words.quote:
            yield f'<p class="remedy small">「{escape(words.quote)}」</p>'
        yield "</li>"
    yield "</ul>"
