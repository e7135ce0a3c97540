"""What ``shirube run`` tells a person when it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from shirube.cli.axes import ends, ends_text, leading_axis
from shirube.cli.common import Session
from shirube.errors import core_message
from shirube.exporting import RenderedFigure
from shirube.findings import render_text, to_json
from shirube.messages import Text
from shirube.quantities import uncertain
from shirube.records import Decision, Outcome, Quantity, Result, Spectrum

__all__ = ["RunReport", "report_run"]


@frozen
class RunReport:
    """What is said of a run: made before anything is written, so that nothing fails once the output is there.

    Attributes:
        entries: For programs, a document an entry.
        lines: For people.
    """

    entries: list[dict[str, object]]
    lines: list[str]

    def say(self, session: Session, output: Path, figures: Sequence[RenderedFigure]) -> None:
        """Print what became of each item, and where it is."""
        session.answer("shirube-run-report/1", {"output": str(output), "entries": self.entries})
        for line in self.lines:
            session.say(line)
        if not figures:
            session.say(core_message("figures-not-drawn"))
        session.say("")
        session.say(core_message("run-written", output=output, figures=len(figures)))


def report_run(session: Session, outcomes: Sequence[Outcome]) -> RunReport:
    """Return the report of ``outcomes``."""
    return RunReport(
        [_entry_document(outcome) for outcome in outcomes],
        [line for outcome in outcomes for line in _entry_lines(session, outcome)],
    )


def _entry_lines(session: Session, outcome: Outcome) -> Iterator[str]:
    entry = outcome.entry
    message = core_message("run-entry", entry=entry.name, guide=entry.guide or "-", count=len(entry.spectra()))
    yield from ("", session.render(message))
    for spectrum in entry.spectra():
        yield f"  {spectrum.id}  {spectrum.name}: {_range(spectrum)}"
        for decision in outcome.decisions:
            if decision.subject == spectrum.id:
                yield f"    {_decision(session, decision)}"
        for result in outcome.results:
            if result.target == spectrum.id:
                yield f"    {_result(session, result)}"
    for result in outcome.results:
        if result.target == entry.name:
            yield f"  {_result(session, result)}"
    yield from ("", render_text(outcome.findings, session.lang))


def _range(spectrum: Spectrum) -> str:
    axis = leading_axis(spectrum)
    if axis.name == "energy":
        return f"{ends_text(axis, 'eV')} ({spectrum.reference.scale})"
    return f"{axis.name} {ends_text(axis)}"


def _decision(session: Session, decision: Decision) -> str:
    value = "-" if decision.chosen is None else f"{decision.chosen.value} {decision.chosen.unit or ''}".rstrip()
    origin = "" if decision.chosen is None else f" ({decision.chosen.origin.render(session.lang)})"
    return f"{decision.term} = {value}{origin}: {session.render(decision.rule)}"


def _result(session: Session, result: Result) -> str:
    scalars = ", ".join(_scalar(term, quantity) for term, quantity in list(result.scalars.items())[:4])
    reasons = " ".join(session.render(one) for one in result.reasons)
    status = session.render(core_message(f"status-{result.status}"))
    return f"{result.analysis}: {status} {scalars or reasons}".rstrip()


def _scalar(term: str, quantity: Quantity) -> str:
    name = term.rpartition(".")[2]
    if isinstance(quantity.value, float):
        return f"{name} {uncertain(quantity.value, quantity.uncertainty, quantity.unit)}"
    return f"{name} {quantity.value} {quantity.unit or ''}".rstrip()


def _entry_document(outcome: Outcome) -> dict[str, object]:
    entry = outcome.entry
    return {
        "name": entry.name,
        "guide": entry.guide,
        "spectra": [_spectrum_document(one) for one in entry.spectra()],
        "decisions": [_decision_document(one) for one in outcome.decisions],
        "results": [
            {
                "analysis": one.analysis,
                "target": one.target,
                "status": one.status,
                "reasons": [_both(text) for text in one.reasons],
                "scalars": {
                    term: {"value": q.value, "unit": q.unit, "uncertainty": q.uncertainty}
                    for term, q in one.scalars.items()
                },
            }
            for one in outcome.results
        ],
        "findings": to_json(outcome.findings),
    }


def _spectrum_document(spectrum: Spectrum) -> dict[str, object]:
    axis = leading_axis(spectrum)
    first, last = ends(axis)
    return {
        "id": spectrum.id,
        "name": spectrum.name,
        "energy_scale": spectrum.reference.scale,
        "photon_energy": spectrum.reference.photon_energy,
        "work_function": spectrum.reference.work_function,
        "axis": axis.name,
        "first": first,
        "last": last,
    }


def _decision_document(decision: Decision) -> dict[str, object]:
    chosen = decision.chosen
    return {
        "subject": decision.subject,
        "term": decision.term,
        "chosen": None
        if chosen is None
        else {"value": chosen.value, "unit": chosen.unit, "origin": chosen.origin.render()},
        "rejected": [
            {"value": one.value, "unit": one.unit, "origin": one.origin.render()} for one in decision.rejected
        ],
        "rule": _both(decision.rule),
    }


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "ja": text.ja}
