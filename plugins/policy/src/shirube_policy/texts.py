"""The rules as data: identity, severity, sentence of the policy and texts, read from ``rules.toml``."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

from shirube.hooks import Resource
from shirube.messages import Text
from shirube.records import Severity
from shirube_policy.stages import Stage

#: The policy's date; its rules hold for datasets registered while it is in force.
VERSION: Final = "2025-04-01"
_TEXTS: Final = ("message", "remedy", "passed")

__all__ = ["VERSION", "RuleText", "rule_texts"]


@frozen(kw_only=True)
class RuleText:
    """What is known of a rule apart from how it is judged; the fields are those of :class:`shirube.rules.Rule`.

    Attributes:
        section: Section of the policy.
        stage: From when a failure counts.
        quote: The sentence of the policy, verbatim.
    """

    id: str
    section: Text
    severity: Severity
    stage: Stage
    quote: str
    message: Text
    remedy: Text | None = None
    passed: Text | None = None
    requires: tuple[str, ...] = field(default=(), converter=tuple)
    blocks: tuple[str, ...] = field(default=(), converter=tuple)
    derived: bool = False
    locked: bool = False


@functools.cache
def rule_texts() -> Mapping[str, RuleText]:
    """Return the rules by id, in the order of the policy."""
    data = tomllib.loads(Resource("shirube_policy", "rules.toml").read_bytes().decode("utf-8"))
    return {rule_id: _rule_text(rule_id, table, data["sections"]) for rule_id, table in data["rules"].items()}


def _rule_text(rule_id: str, table: Mapping[str, Any], sections: Mapping[str, Mapping[str, str]]) -> RuleText:
    family = rule_id.split("-")[1]
    texts = {key: Text(**table[key]) for key in _TEXTS if key in table}
    return RuleText(**{**table, **texts}, id=rule_id, section=Text(**sections[family]))
