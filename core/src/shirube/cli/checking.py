"""Judging one record: what exporters verify, what a run has stored, and what the policies say of its dataset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from attrs import evolve

from shirube.cli.common import Session
from shirube.cli.records import dataset_of_run, run_trees
from shirube.cli.registering import read_dataset
from shirube.datasets import SUFFIXES, read_dataset_file
from shirube.errors import InputError, UsageError, core_message
from shirube.gates import Gate
from shirube.messages import Text
from shirube.parameters import suggestion
from shirube.records import Dataset, Finding, PluginVersion
from shirube.reports import JudgedRecord
from shirube.runs import is_run, read_run

#: Tells the line of a place in a record's file.
Line: TypeAlias = Callable[[str], "int | None"]

__all__ = ["gate_labels", "judged_record", "policy_plugins"]


def gate_labels(session: Session, wanted: Sequence[str]) -> dict[str, Text]:
    """Return the gates of the chosen policies and what people call them; only ``wanted`` ones, if any are named.

    Raises:
        UsageError: A wanted gate is none; says which there are.
    """
    chosen = session.settings.run.policies or tuple(session.plugins.policies)
    labels = {
        name: label
        for policy in chosen
        if policy in session.plugins.policies
        for name, label in session.plugins.policies[policy].record.gates.items()
    }
    for name in wanted:
        if name not in labels:
            known = ", ".join(labels) or "-"
            raise UsageError(core_message("gate-unknown", name=name, gates=known, hint=suggestion(name, list(labels))))
    return {name: label for name, label in labels.items() if not wanted or name in wanted}


def policy_plugins(session: Session) -> tuple[PluginVersion, ...]:
    """Return the versions of the plugins whose policies are asked."""
    chosen = session.settings.run.policies or tuple(session.plugins.policies)
    notes = {session.plugins.policies[name].note for name in chosen if name in session.plugins.policies}
    found = (PluginVersion(note.plugin, note.distribution, note.version) for note in notes)
    return tuple(sorted(found, key=lambda one: one.name))


def judged_record(
    path: Path, name: str, session: Session, today: date, labels: dict[str, Text], wanted: Sequence[str]
) -> JudgedRecord:
    """Return what is found of a record, and how its gates stand.

    Args:
        path: Where it lies.
        name: How it is called.
        session: Settings and plugins.
        today: The day on which is judged.
        labels: The gates of the policies.
        wanted: Gates to which the answer is limited; empty for everything.

    Raises:
        InputError: There is nothing there, nobody understands it, or it is broken.
    """
    findings, line = _findings(path, name, session, today)
    places = {one.path for one in findings if one.path is not None and one.line is None}
    lines = {place: found for place in sorted(places) if (found := line(place)) is not None}
    record = evolve(
        JudgedRecord.of(name, tuple(findings), labels, lines), file="" if path.is_absolute() else path.as_posix()
    )
    if not wanted:
        return record
    concerned = tuple(one for one in record.findings if set(one.blocks) & set(wanted))
    gates: tuple[Gate, ...] = tuple(gate for gate in record.gates if gate.name in wanted)
    return evolve(record, findings=concerned, gates=gates)


def _findings(path: Path, name: str, session: Session, today: date) -> tuple[list[Finding], Line]:
    """Return what is found of a record, and what tells the lines of places in its file."""
    if not path.exists():
        raise InputError(core_message("input-missing"), path=path)
    if is_run(path):
        return _run_findings(path, name, session, today), _no_line
    found = _registry_findings(path, name, session, today)
    if found is not None:
        return found, _no_line
    if path.is_dir() or path.suffix.lower() not in SUFFIXES:
        raise InputError(core_message("nothing-to-check", suffixes=", ".join(SUFFIXES)), path=path)
    file = read_dataset_file(path)
    return _judged(file.dataset, name, session, today), file.line


def _no_line(_: str) -> None:
    """Return that no line can be told: the record is no file that a person wrote."""


def _run_findings(path: Path, name: str, session: Session, today: date) -> list[Finding]:
    """Return what a run stored, and what is said of the trees in it, or else of the dataset it will make."""
    outcomes = read_run(path)
    found = [finding for outcome in outcomes for finding in outcome.findings]
    trees = run_trees(path, session)
    if not trees:
        return [*found, *_judged(dataset_of_run(outcomes), name, session, today)]
    return [*found, *(one for tree, exporter in trees for one in _tree_findings(tree, exporter, name, session, today))]


def _registry_findings(path: Path, name: str, session: Session, today: date) -> list[Finding] | None:
    """Return what the exporter that understands ``path`` and the policies say, None when no exporter does."""
    try:
        found = read_dataset(path, session.plugins, session.settings)
    except InputError:
        failing = _failing(path, session)
        if not failing:
            raise
        return failing
    if found is None:
        return None
    exporter, dataset = found
    verified = _verified(path, exporter, session) if path.is_dir() else []
    return [*verified, *_judged(dataset, name, session, today)]


def _failing(path: Path, session: Session) -> list[Finding]:
    """Return what exporters find wrong with a tree that could not be read; nothing when none of them knows it."""
    if not path.is_dir():
        return []
    verified = [finding for name in session.plugins.exporters for finding in _verified(path, name, session)]
    return verified if any(finding.kind == "fail" for finding in verified) else []


def _tree_findings(tree: Path, exporter: str, name: str, session: Session, today: date) -> list[Finding]:
    """Return what the exporter that wrote ``tree`` says of it, and the policies of the dataset it describes."""
    found = read_dataset(tree, session.plugins, session.settings)
    judged = [] if found is None else _judged(found[1], f"{name}/{tree.name}", session, today)
    return [*_verified(tree, exporter, session), *judged]


def _verified(tree: Path, exporter: str, session: Session) -> list[Finding]:
    registered = session.plugins.exporters[exporter]
    if not session.plugins.provides(registered, "verify"):
        return []
    parameters = session.plugins.parameters(registered, session.settings.section(f"exporters.{exporter}"))
    answer = session.plugins.call(registered, "verify", tree, parameters)
    return list(session.plugins.checked_all(registered, answer, Finding))


def _judged(dataset: Dataset, name: str, session: Session, today: date) -> list[Finding]:
    return list(session.judged(dataset, name, today))
