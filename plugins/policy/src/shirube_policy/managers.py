"""The dataset's manager (データセット管理者), as the DICE account shows name and organisation."""

from __future__ import annotations

from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, open_, passed
from shirube_policy.blanks import filled

__all__ = ["JUDGES", "affiliated", "named"]


def named(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the manager's name is shown."""
    return _shown(None if dataset.manager is None else dataset.manager.name, "manager.name")


def affiliated(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the manager's organisation is shown."""
    return _shown(None if dataset.manager is None else dataset.manager.organization, "manager.organization")


def _shown(value: str | None, path: str) -> Judgement:
    if value is None:
        return open_(path)
    return passed() if filled(value) else failed(path=path)


JUDGES: Final = {
    "ARIM-MGR-001": named,
    "ARIM-MGR-002": affiliated,
}
