"""What ``shirube run`` tells a person when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shirube.cli.common import Session
from shirube.errors import core_message
from shirube.exporting import RenderedFigure
from shirube.findings import render_text, to_json
from shirube.messages import Text
from shirube.records import Decision, Outcome, Quantity, Result, Spectrum

__all__ = ["report_run"]


def report_run(session: Session, outcomes: Sequence[Outcome], output: Path, figures: Sequence[RenderedFigure]) -> None:
    """Print what became of each item, and where it is."""
    session.answer(
        "shirube-run-report/1",
        {"output": str(output), "entries": [_entry_document(outcome) for outcome in outcomes]},
    )
    for outcome in outcomes:
        _say_entry(session, outcome)
    if not figures:
        session.say(core_message("figures-not-drawn"))
    session.say("")
    session.say(core_message("run-written", output=output, figures=len(figures)))


def _say_entry(session: Session, outcome: Outcome) -> None:
    entry = outcome.entry
    session.say("")
    session.say(core_message("run-entry", entry=entry.name, guide=entry.guide or "-", count=len(entry.spectra())))
    for spectrum in entry.spectra():
        session.say(f"  {spectrum.id}  {spectrum.name}: {_range(spectrum)}")
        for decision in outcome.decisions:
            if decision.subject == spectrum.id:
                session.say(f"    {_decision(session, decision)}")
        for result in outcome.results:
            if result.target == spectrum.id:
                session.say(f"    {_result(session, result)}")
    session.say("")
    session.say(render_text(outcome.findings, session.lang))


def _range(spectrum: Spectrum) -> str:
    energy = spectrum.energy
    return f"{energy[0]:g} … {energy[-1]:g} eV ({spectrum.reference.scale})"


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
    value = f"{quantity.value:.6g}" if isinstance(quantity.value, float) else str(quantity.value)
    return f"{term.rpartition('.')[2]} {value}"


def _entry_document(outcome: Outcome) -> dict[str, object]:
    entry = outcome.entry
    return {
        "name": entry.name,
        "guide": entry.guide,
        "spectra": [
            {
                "id": one.id,
                "name": one.name,
                "energy_scale": one.reference.scale,
                "photon_energy": one.reference.photon_energy,
                "work_function": one.reference.work_function,
                "first": float(one.energy[0]),
                "last": float(one.energy[-1]),
            }
            for one in entry.spectra()
        ],
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
