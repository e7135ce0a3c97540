"""Anonymised datasets: outcomes without names, so that metadata, figures, tables and file names have none either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import evolve

from shirube.exporting import ExportContext, RenderedFigure
from shirube.messages import Text
from shirube.records import Decision, Entry, Facts, Measurement, Outcome, Quantity, Result
from shirube.spellings import is_telling
from shirube.tables import Column, Table
from shirube_rde.hiding import Hidden, hide
from shirube_rde.parameters import Parameters

__all__ = ["anonymised", "anonymised_run", "hidden_by"]


def hidden_by(parameters: Parameters, outcomes: Iterable[Outcome] = (), called: Iterable[str] = ()) -> Hidden:
    """Return what is hidden: names that are set, and who measured; nothing unless it is asked for.

    Args:
        parameters: Settings of the exporter.
        outcomes: Whose files say who measured.
        called: Who measured as others say.
    """
    if not parameters.anonymised:
        return Hidden()
    users = (
        str(quantity.value)
        for outcome in outcomes
        for facts in outcome.entry.facts.values()
        for quantity in facts.candidates.get("user", ())
    )
    return hide([*parameters.hidden_names, *(user for user in (*users, *called) if is_telling(user.strip()))])


def anonymised(outcome: Outcome, parameters: Parameters) -> Outcome:
    """Return an outcome as an anonymised dataset may show it; the outcome itself where none was asked for.

    Facts that name people or places are gone, and names are replaced in every text that is written: names of entries,
    files, regions, facts, results and tables. Input files keep their names; they go where nobody sees them.
    """
    if not parameters.anonymised:
        return outcome
    hidden = hidden_by(parameters, [outcome])
    taken: set[str] = set()
    ids = {one.id: _unlike(taken, hidden.without(one.id)) for one in outcome.entry.spectra()}

    def target(name: str) -> str:
        return ids.get(name, hidden.without(name))

    return evolve(
        outcome,
        entry=_entry(outcome.entry, ids, hidden, parameters.anonymous_terms),
        results=tuple(_result(one, target, hidden) for one in outcome.results),
        decisions=tuple(_decision(one, target, hidden) for one in outcome.decisions),
    )


def anonymised_run(
    outcomes: Sequence[Outcome], context: ExportContext, parameters: Parameters
) -> tuple[Sequence[Outcome], ExportContext]:
    """Return the outcomes of a run, and what goes with them, as an anonymised dataset may show them.

    Figures of a run are drawn already: those that may show a name are left out.
    """
    if not parameters.anonymised:
        return outcomes, context
    hidden, taken = hidden_by(parameters, outcomes), set[str]()
    clean: list[Outcome] = []
    called: dict[str, str] = {}
    figures: list[RenderedFigure] = []
    for outcome in outcomes:
        one = anonymised(outcome, parameters)
        name = _unlike(taken, one.entry.name)
        clean.append(evolve(one, entry=evolve(one.entry, name=name)))
        called[outcome.entry.name] = name
        drawn = [figure for figure in context.figures if figure.entry == outcome.entry.name]
        figures += [evolve(figure, entry=name) for figure in drawn if not _shows(figure, outcome, hidden)]
    return clean, evolve(
        context,
        figures=figures,
        inputs={called.get(name, name): held for name, held in context.inputs.items()},
        registrations={called.get(name, name): held for name, held in context.registrations.items()},
    )


def _shows(figure: RenderedFigure, outcome: Outcome, hidden: Hidden) -> bool:
    drawn = [one.name for one in outcome.entry.spectra() if figure.target in (one.id, outcome.entry.name)]
    noted = [one.chosen.origin.where for one in outcome.decisions if one.chosen is not None]
    texts = (figure.name, figure.target, figure.caption.en, figure.caption.ja, *drawn, *noted)
    return any(map(hidden.shows_in, texts))


def _entry(entry: Entry, ids: Mapping[str, str], hidden: Hidden, dropped: Sequence[str]) -> Entry:
    return evolve(
        entry,
        name=hidden.without(entry.name),
        measurements=tuple(_measurement(one, ids, hidden) for one in entry.measurements),
        facts={ids.get(name, name): _facts(one, hidden, dropped) for name, one in entry.facts.items()},
    )


def _measurement(measurement: Measurement, ids: Mapping[str, str], hidden: Hidden) -> Measurement:
    spectra = tuple(
        evolve(one, id=ids[one.id], name=hidden.without(one.name), metadata=()) for one in measurement.spectra
    )
    return evolve(measurement, name=hidden.without(measurement.name), spectra=spectra, metadata=())


def _facts(facts: Facts, hidden: Hidden, dropped: Sequence[str]) -> Facts:
    return Facts(
        {
            term: tuple(_quantity(one, hidden) for one in found)
            for term, found in facts.candidates.items()
            if term not in dropped
        },
        {
            term: None if one is None else _quantity(one, hidden)
            for term, one in facts.decided.items()
            if term not in dropped
        },
    )


def _quantity(quantity: Quantity, hidden: Hidden) -> Quantity:
    origin = evolve(quantity.origin, where=hidden.without(quantity.origin.where))
    value = hidden.without(quantity.value) if isinstance(quantity.value, str) else quantity.value
    return evolve(quantity, value=value, origin=origin)


def _decision(decision: Decision, target: Callable[[str], str], hidden: Hidden) -> Decision:
    chosen = None if decision.chosen is None else _quantity(decision.chosen, hidden)
    rejected = tuple(_quantity(one, hidden) for one in decision.rejected)
    return evolve(decision, subject=target(decision.subject), chosen=chosen, rejected=rejected)


def _result(result: Result, target: Callable[[str], str], hidden: Hidden) -> Result:
    return evolve(
        result,
        target=target(result.target),
        scalars={term: _quantity(one, hidden) for term, one in result.scalars.items()},
        tables=tuple(_table(one, hidden) for one in result.tables),
    )


def _table(table: Table, hidden: Hidden) -> Table:
    return evolve(table, label=_text(table.label, hidden), columns=tuple(_column(one, hidden) for one in table.columns))


def _column(column: Column, hidden: Hidden) -> Column:
    values = column.values
    texts = tuple(map(hidden.without, values)) if isinstance(values, tuple) else values
    return evolve(column, label=_text(column.label, hidden), values=texts)


def _text(text: Text, hidden: Hidden) -> Text:
    return Text(en=hidden.without(text.en), ja=hidden.without(text.ja))


def _unlike(taken: set[str], name: str) -> str:
    """Return a name that is not yet taken; those of two people may come out as one."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{number}_{name}"
    taken.add(free)
    return free
