"""Claims that data need not be registered, held against the policy's table (参考1：データ登録の例外の考え方)."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Final

from shirube.records import Dataset, Exemption
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed, review
from shirube_policy.blanks import filled
from shirube_policy.exemptions import ROWS, Lookup, Row, lookup
from shirube_policy.wording import listed, say

__all__ = ["JUDGES"]


def advised(row: Row, dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """Judge the claims that the table answers with ``row``."""
    if not dataset.exemptions:
        return not_applicable(say("no-exemptions"))
    looked_up = ((place, one, _looked_up(one)) for place, one in enumerate(dataset.exemptions))
    return [
        _judged(row, one, found, f"exemptions[{place}]") for place, one, found in looked_up if row in found.rows
    ] or not_applicable(say("no-such-exemption"))


def _looked_up(one: Exemption) -> Lookup:
    return _cached(one.code, one.field, one.process, one.novel, one.conditions_appropriate)


# 28 rules ask for the same few situations.
@lru_cache(maxsize=256)
def _cached(
    code: str | None, field: str | None, process: str | None, novel: bool | None, appropriate: bool | None
) -> Lookup:
    return lookup(code, field, process, novel=novel, conditions_appropriate=appropriate)


def _judged(row: Row, one: Exemption, found: Lookup, path: str) -> Judgement:
    if found.missing and row is found.row:
        return open_(f"{path}.{found.missing}")
    if row.advice in ("REGISTER", "REGISTER_STRONG"):
        return failed(path=path)
    if row.advice in ("ASK_STAFF", "DELEGATE", "USER_CHOICE"):
        return informational()
    if row.advice == "REVIEW":
        return review()
    return _recorded(row, one, path)


def _recorded(row: Row, one: Exemption, path: str) -> Judgement:
    """Judge that what the row asks for is recorded."""
    held = {key: one.reason if key == "reason" else _noted(one, key) for key in row.companions}
    unknown = [key for key, value in held.items() if value is None and (key == "reason" or one.record is None)]
    lacking = [key for key, value in held.items() if not filled(value) and key not in unknown]
    if lacking:
        texts = [say(f"companion-{key}") for key in lacking]
        return failed(say("companions-missing"), note=True, path=path, missing=listed(texts))
    if unknown:
        return open_(f"{path}.reason" if "reason" in unknown else f"{path}.record")
    return passed()


def _noted(one: Exemption, key: str) -> str | None:
    return None if one.record is None else one.record.get(key)


JUDGES: Final = {row.rule: partial(advised, row) for row in ROWS}
