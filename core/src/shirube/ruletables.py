"""Rules as data: severity, sentence and texts of each rule in a TOML file, joined with the functions that judge."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

import cattrs
from attrs import evolve, frozen

from shirube._frozen import freeze
from shirube._problems import problems_of
from shirube._structure import converter
from shirube.errors import PluginError, core_message
from shirube.hooks import Resource
from shirube.messages import LANGUAGES, Text, joined
from shirube.records import Severity
from shirube.rules import Judgement, Rule, RuleContext, RuleOutcome, RuleSubject

Judge: TypeAlias = Callable[[Any, RuleContext], "Judgement | Iterable[Judgement]"]
Due: TypeAlias = Callable[[Any, RuleContext], "date | None"]

_LIKE: Final = "like"

__all__ = ["Due", "Judge", "RuleText", "as_notes", "join_rules", "rule_texts"]


@frozen(kw_only=True)
class RuleText:
    """What is known of a rule apart from how it is judged; see :class:`shirube.rules.Rule` for the other fields.

    Attributes:
        section: Section of the source.
        source: Title and date of the source, where the file has a table ``[source]`` (``en``, ``ja``, ``date``).
        quote: The sentence of the source, verbatim.
        stage: From when a failure counts, a name that the policy gives a meaning; ``""`` for always.
    """

    id: str
    section: Text
    severity: Severity
    quote: str
    message: Text
    source: Text | None = None
    remedy: Text | None = None
    passed: Text | None = None
    stage: str = ""
    outcomes: tuple[RuleOutcome, ...] = ()
    requires: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    heuristic: bool = False
    derived: bool = False
    locked: bool = False


@functools.cache
def rule_texts(resource: Resource) -> Mapping[str, RuleText]:
    """Return the rules of a TOML resource by id, in its order.

    The file has a table ``[rules.ID]`` for each rule with the fields of :class:`RuleText`; its section is the one of
    ``[sections.FAMILY]`` (``en``, ``ja``), the family being the second last part of the id (``TTL`` of
    ``ARIM-TTL-001``). A rule takes what it does not say itself from the ``[templates.NAME]`` that it is ``like``.

    Raises:
        PluginError: Not TOML, or a rule lacks something or has something unknown; names the file and the keys.
    """
    try:
        data = tomllib.loads(resource.read_bytes().decode("utf-8"))
    except ValueError as error:
        raise PluginError(core_message("rules-malformed", reasons=error), path=str(resource)) from None
    wanted = {"rules": {rule_id: _whole(rule_id, table, data) for rule_id, table in data.get("rules", {}).items()}}
    try:
        rules = converter().structure(wanted["rules"], dict[str, RuleText])
    except cattrs.BaseValidationError as error:
        problems = problems_of(error, wanted, dict[str, RuleText], ("rules",))
        reasons = joined(problem.text() for _, problem in problems)
        raise PluginError(core_message("rules-malformed", reasons=reasons), path=str(resource)) from None
    return freeze(rules)


def join_rules(
    texts: Mapping[str, RuleText],
    judges: Mapping[str, Judge],
    *,
    subject: RuleSubject,
    due: Mapping[str, Due | None] | None = None,
) -> tuple[Rule, ...]:
    """Return the rules of ``texts``, each with the function that judges it.

    Args:
        texts: What is said of the rules, by id, in order.
        judges: The functions, by id.
        subject: What the rules look at.
        due: What the stages mean: from which date a failure counts, None for always.

    Raises:
        PluginError: A rule has no function, a function has no rule, or a stage has no meaning.
    """
    unjudged, untold = (
        [one for one in these if one not in those] for these, those in ((texts, judges), (judges, texts))
    )
    if unjudged or untold:
        shown = {"unjudged": ", ".join(unjudged) or "-", "untold": ", ".join(untold) or "-"}
        raise PluginError(core_message("rules-not-joined", **shown))
    stages = {"": None, **(due or {})}
    return tuple(_rule(text, judges[rule_id], subject, stages) for rule_id, text in texts.items())


def as_notes(rule: Rule) -> Rule:
    """Return the rule with its failures as notes: something to look at, not to count."""
    outcomes = tuple(dict.fromkeys("note" if one == "fail" else one for one in rule.outcomes))
    return evolve(rule, advisory=True, outcomes=outcomes)


def _whole(rule_id: str, table: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule's table with what follows from its id and from the template that it is like."""
    family = rule_id.rpartition("-")[0].rpartition("-")[2]
    template = data.get("templates", {}).get(table.get(_LIKE), {})
    said = {key: value for key, value in {**template, **table}.items() if key != _LIKE or not template}
    sections = data.get("sections", {})
    source = data.get("source", {})
    cited = {lang: f"{source[lang]} ({source['date']})" for lang in LANGUAGES} if source else None
    given = {"section": sections.get(family), "source": cited}
    return {"id": rule_id, **{key: value for key, value in given.items() if value is not None}, **said}


def _cited(text: RuleText) -> Text | None:
    """Return title, date and section of what the rule was made from."""
    if text.source is None:
        return None
    return Text(en=f"{text.source.en}: {text.section.en}", ja=f"{text.source.ja}「{text.section.ja}」")


def _rule(text: RuleText, judge: Judge, subject: RuleSubject, stages: Mapping[str, Due | None]) -> Rule:
    if text.stage not in stages:
        raise PluginError(core_message("rules-malformed", reasons=f"{text.id}: stage = {text.stage!r}"))
    return Rule(
        id=text.id,
        subject=subject,
        severity=text.severity,
        message=text.message,
        judge=judge,
        remedy=text.remedy,
        passed=text.passed,
        outcomes=text.outcomes,
        requires=text.requires,
        blocks=text.blocks,
        due=stages[text.stage],
        quote=text.quote,
        source=_cited(text),
        heuristic=text.heuristic,
        derived=text.derived,
        locked=text.locked,
    )
