"""The report of a run folder: overview, verdicts, every entry with its spectra, provenance."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.htmlreport._entries import SPECTRA, shown_entry
from shirube.htmlreport._findings import ShownFindings, shown_findings
from shirube.htmlreport._overview import present_statuses, result_heads, spectrum_rows
from shirube.htmlreport._pages import render
from shirube.htmlreport._words import Words
from shirube.messages import Text
from shirube.records import Finding, Outcome, PluginVersion
from shirube.reports import GateWords, JudgedRecord, gate_words
from shirube.runs import StoredFigure

__all__ = ["Judgement", "run_page"]


@frozen
class Judgement:
    """What policies say of a run.

    Attributes:
        record: All findings on it, with its gates.
        day: ISO date it was judged on.
        plugins: Whose policies were asked.
    """

    record: JudgedRecord
    day: str
    plugins: tuple[PluginVersion, ...] = field(converter=as_tuple)


@frozen
class _Verdict:
    gates: tuple[GateWords, ...]
    findings: ShownFindings
    day: str
    plugins: str


def run_page(
    name: str,
    outcomes: tuple[tuple[Outcome, tuple[StoredFigure, ...]], ...],
    words: Words,
    abouts: Mapping[str, Text],
    judgement: Judgement | None,
) -> str:
    """Return the page of a run.

    Args:
        name: What the run is called.
        outcomes: What is in it, each entry with its stored figures.
        words: The language.
        abouts: What analyses do, by name.
        judgement: What policies say of it; None where none was asked.

    Raises:
        MissingPluginError: The extra ``shirube[report]`` is not installed.
    """
    rows = spectrum_rows([outcome for outcome, _ in outcomes], words, SPECTRA)
    entries = [shown_entry(outcome, stored, abouts, words) for outcome, stored in outcomes]
    stated = {finding for outcome, _ in outcomes for finding in outcome.findings}
    return render(
        "run.html.j2",
        words,
        name=name,
        heads=[words("head-spectrum"), words("head-status"), words("head-entry"), *result_heads(words)],
        numeric=result_heads(words),
        overview=rows,
        statuses=present_statuses(rows),
        verdict=None if judgement is None else _verdict(judgement, stated, words),
        entries=entries,
        same_provenance=len({one.provenance for one in entries}) == 1,
    )


def _verdict(judgement: Judgement, stated: set[Finding], words: Words) -> _Verdict | None:
    """Return the gates, and the findings that do not stand below an entry already; None without any gate."""
    record = judgement.record
    if not record.gates:
        return None
    plugins = [f"{one.distribution} {one.version}" for one in judgement.plugins]
    return _Verdict(
        gates=tuple(gate_words(gate, words.lang) for gate in record.gates),
        findings=shown_findings([one for one in record.findings if one not in stated], words),
        day=judgement.day,
        plugins=words.listed(plugins) or "–",
    )
