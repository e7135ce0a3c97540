"""Notices of release (エンバーゴ解除のご案内): which datasets are due in a month, and the letter to each manager."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import field, frozen

from shirube.findings import category
from shirube.messages import Language
from shirube.records import Dataset, Finding, Person
from shirube_policy.blanks import filled
from shirube_policy.documents.texts import message
from shirube_policy.embargo import open_from
from shirube_policy.parameters import Parameters
from shirube_policy.timeline import timeline

#: What the manager is asked to look at before the release.
_GATES = ("catalogue", "doi", "sharing")
_CATEGORIES = ("error", "fail", "note", "review", "open")

__all__ = ["Due", "Letter", "due_in", "letters", "open_items"]


@frozen
class Due:
    """A dataset whose release is to be announced.

    Attributes:
        name: How the record is called.
        dataset: The dataset.
        notice_on: About when it is to be announced.
        ends_on: Last day of its embargo.
        findings: What its manager should look at.
    """

    name: str
    dataset: Dataset
    notice_on: date
    ends_on: date
    findings: tuple[Finding, ...] = field(default=())


@frozen
class Letter:
    """The letter to one manager."""

    manager: Person
    datasets: tuple[Due, ...]

    def render(self, lang: Language, today: date) -> str:
        """Return the letter in one language: each dataset with its dates and its open items."""
        name = self.manager.name if filled(self.manager.name) else message("notice-nobody").render(lang)
        organization = self.manager.organization if filled(self.manager.organization) else ""
        lines = [message("notice-date", day=today).render(lang), ""]
        lines += [message("notice-to", name=name, organization=organization).render(lang).strip(), ""]
        lines += [
            message("notice-head").render(lang),
            "",
            message("notice-opening", count=len(self.datasets)).render(lang),
        ]
        for number, due in enumerate(self.datasets, start=1):
            lines += ["", *_dataset(due, number, lang)]
        return "\n".join([*lines, "", message("notice-closing").render(lang), ""])


def due_in(name: str, dataset: Dataset, year: int, month: int, parameters: Parameters) -> Due | None:
    """Return the dataset if its notice falls in the month; None otherwise, or when its end is not known."""
    days = timeline(dataset, parameters.basis)
    if days.notice_on is None or days.ends_on is None or (days.notice_on.year, days.notice_on.month) != (year, month):
        return None
    return Due(name, dataset, days.notice_on, days.ends_on)


def open_items(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what a manager should complete or decide for catalogue, DOI and sharing, worst first."""
    wanted = [
        one
        for one in findings
        if category(one) in _CATEGORIES and (set(one.blocks) & set(_GATES) or one.rule.startswith("ARIM-PUB"))
    ]
    return tuple(sorted(wanted, key=lambda one: _CATEGORIES.index(category(one))))


def letters(due: Sequence[Due]) -> tuple[Letter, ...]:
    """Return a letter a manager, in the order of their first datasets."""
    by_manager: dict[tuple[str, str], list[Due]] = {}
    for one in due:
        manager = one.dataset.manager or Person()
        key = ((manager.name or "").strip(), (manager.organization or "").strip())
        by_manager.setdefault(key, []).append(one)
    return tuple(
        Letter(Person(name=name, organization=organization), tuple(theirs))
        for (name, organization), theirs in by_manager.items()
    )


def _dataset(due: Due, number: int, lang: Language) -> list[str]:
    title = due.dataset.title if filled(due.dataset.title) else message("notice-untitled").render(lang)
    lines = [f"{number}. {title} ({due.dataset.id or due.name})"]
    dates = message("notice-dates", end=due.ends_on, opens=open_from(due.ends_on))
    lines.append(f"   {dates.render(lang)}")
    if not due.findings:
        return [*lines, f"   {message('notice-complete').render(lang)}"]
    lines.append(f"   {message('notice-items').render(lang)}")
    for finding in due.findings:
        lines.append(f"   - {_line(finding.message.render(lang))} ({finding.rule})")
        if finding.remedy is not None:
            lines.append(f"     → {_line(finding.remedy.render(lang))}")
    return lines


def _line(text: str) -> str:
    return " ".join(text.split())
