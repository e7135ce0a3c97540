"""Whether a dataset's catalogue may receive a DOI: what follows from anonymity, phase and required items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, TypeAlias

from attrs import frozen

from shirube.messages import Text
from shirube.records import Dataset, Waiver
from shirube.rules import RuleContext
from shirube_policy.judges.quality import required_items
from shirube_policy.parameters import Parameters
from shirube_policy.timeline import timeline

State: TypeAlias = Literal["eligible", "may be withheld", "impossible", "not yet", "undecided"]

__all__ = ["DoiDecision", "State", "decide"]


@frozen(kw_only=True)
class DoiDecision:
    """Whether a DOI can be assigned.

    Attributes:
        state: ``impossible`` for an anonymised dataset, ``not yet`` before its catalogue is public, ``may be withheld``
            when required items are missing (ARIM decides), ``undecided`` when something was not supplied.
        rules: The rules that caused it.
        lacking: Required items that are missing.
        missing: Fields that would decide what is open.
        not_before: First day of sharing, where it is known.
    """

    state: State
    rules: tuple[str, ...] = ()
    lacking: tuple[Text, ...] = ()
    missing: tuple[str, ...] = ()
    not_before: date | None = None


def decide(
    dataset: Dataset, today: date, parameters: Parameters | None = None, waivers: Iterable[Waiver] = ()
) -> DoiDecision:
    """Return whether the catalogue of ``dataset`` can receive a DOI on ``today``.

    Args:
        dataset: The dataset.
        today: The day.
        parameters: How the policy is read; default: as its defaults say.
        waivers: Waivers in force; what they accept is not lacking.
    """
    chosen = parameters or Parameters()
    days = timeline(dataset, chosen.basis)
    if dataset.is_anonymized:
        return DoiDecision(state="impossible", rules=("ARIM-DOI-002",))
    phase = days.phase(today)
    unpublished = dataset.catalogue is not None and dataset.catalogue.published_on == ""
    if phase == "embargo" or unpublished:
        return DoiDecision(state="not yet", rules=("ARIM-DOI-004",), not_before=days.open_from)
    items = required_items(dataset, RuleContext(today=today, parameters=chosen, waivers=tuple(waivers)))
    if items.lacking:
        return DoiDecision(
            state="may be withheld", rules=("ARIM-DOI-001",), lacking=items.lacking, missing=items.missing
        )
    unknown = [*items.missing]
    unknown += ["is_anonymized"] if dataset.is_anonymized is None else []
    unknown += ["embargo_end"] if phase is None else []
    published = None if dataset.catalogue is None else dataset.catalogue.published_on
    unknown += ["catalogue.published_on"] if published is None else []
    if unknown:
        return DoiDecision(state="undecided", rules=("ARIM-DOI-003",), missing=tuple(dict.fromkeys(unknown)))
    return DoiDecision(state="eligible")
