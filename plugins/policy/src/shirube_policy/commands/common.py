"""What the commands share: the policy's parameters, the record that is named, and files that are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shirube.cli.common import Session, japan_today
from shirube.errors import UsageError
from shirube_policy.documents.texts import message

if TYPE_CHECKING:
    from shirube.records import Dataset
    from shirube.ruletables import RuleText
    from shirube_policy.parameters import Parameters

POLICY = "arim"

__all__ = ["POLICY", "dataset_of", "day_or_today", "parameters_in", "rule_texts_in", "save", "today_option"]

today_option = click.option("--today", help="The date to judge on, YYYY-MM-DD (default: today in Japan). / 判定日")


def parameters_in(session: Session) -> Parameters:
    """Return the policy's parameters as the settings say."""
    registered = session.plugins.policies[POLICY]
    found: Parameters = session.plugins.parameters(registered, session.settings.section(f"policies.{POLICY}"))
    return found


def rule_texts_in(session: Session) -> Mapping[str, RuleText]:
    """Return what is said of every rule of the policy whose date the settings name, by id."""
    from shirube.ruletables import rule_texts
    from shirube_policy.rules import TEXTS

    return rule_texts(TEXTS[parameters_in(session).version])


def dataset_of(path: Path, session: Session) -> Dataset:
    """Return the dataset that a person names: a dataset file, a run folder, a registry's tree or download.

    Raises:
        InputError: There is nothing there, nobody understands it, or it is broken.
    """
    from shirube.cli.records import dataset_at

    return dataset_at(path, session)


def day_or_today(text: str | None) -> date:
    """Return the day that was given, today in Japan without one.

    Raises:
        UsageError: It is no date.
    """
    from shirube.cli.run import parse_day

    return japan_today() if text is None else parse_day(text)


def save(session: Session, text: str, output: Path | None, *, force: bool = True) -> None:
    """Write a document to a file and say so; without a file print it.

    Raises:
        UsageError: The file is there already, and may not be replaced.
        OutputError: It cannot be written.
    """
    from shirube.trees import write_text

    if output is None:
        session.print(text)
        return
    if output.exists() and not force:
        raise UsageError(message("file-exists"), path=output)
    write_text(output, text)
    session.say(message("written", output=output))
