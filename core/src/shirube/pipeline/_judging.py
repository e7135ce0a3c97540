"""Fourth step: choose the guide, and turn remarks, guide checks and policies into findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from attrs import evolve

from shirube.blame import call
from shirube.errors import UsageError, core_message
from shirube.guidechecks import guide_rules, matches
from shirube.guides import GuideData
from shirube.hooks import Policy
from shirube.judging import evaluation_order, judge
from shirube.messages import Text, joined
from shirube.plugins import Plugins
from shirube.records import Dataset, Entry, Finding, Item, Outcome, Result, Subject
from shirube.rules import Rule, RuleContext
from shirube.settings import RunSettings, Settings
from shirube.vocabulary import guide_data
from shirube.waivers import waiver_findings

#: A policy's name, its rules, and the parameters that they are judged with.
AskedPolicy: TypeAlias = tuple[str, tuple[Rule, ...], object]

__all__ = [
    "AskedPolicy",
    "choose_guide",
    "entry_findings",
    "judge_dataset",
    "missing_analysis_findings",
    "policy_rules",
]


def choose_guide(
    item: Item, entry: Entry, guides: Mapping[str, GuideData], run: RunSettings, plugins: Plugins
) -> tuple[Entry, GuideData | None]:
    """Return the entry with its guide: named before matched before none.

    Raises:
        MissingPluginError: The named guide is not installed.
        UsageError: Two guides match; both are named.
    """
    named = item.guide or run.guide
    if named is not None:
        plugins.named("shirube_guides", named)
        return evolve(entry, guide=named, guide_named=True), guides[named]
    found = [guide for guide in guides.values() if matches(guide, entry)]
    if len(found) > 1:
        names = ", ".join(guide.name for guide in found)
        raise UsageError(core_message("two-guides-match", entry=entry.name, guides=names))
    if not found:
        return entry, None
    return evolve(entry, guide=found[0].name), found[0]


def entry_findings(
    outcome: Outcome, guide: GuideData | None, plugins: Plugins, settings: Settings, run: RunSettings, today: date
) -> tuple[Finding, ...]:
    """Return what readers remarked, what the guide's checks and the policies' entry rules say of an outcome.

    A policy that the guide names for its checks, installed and chosen, stands in for those that are derived from it.
    """
    entry = outcome.entry
    subject = Subject("entry", entry.name)
    context = RuleContext(today=today, outcome=outcome, guide=guide)
    findings = [*_remarks(entry)]
    policies = policy_rules(plugins, settings, run)
    if guide is not None and guide.checks.policy not in [name for name, _, _ in policies]:
        rules = guide_rules(guide)
        findings.extend(_judged(rules, entry, context, f"guide.{guide.name}", subject, settings))
    for name, rules, parameters in policies:
        mine = [rule for rule in rules if rule.subject == "entry"]
        if mine and _concerned(plugins.policies[name].record, entry):
            findings.extend(_judged(mine, entry, evolve(context, parameters=parameters), name, subject, settings))
    return (*findings, *_waivers_of_nobody(plugins, settings, run, subject, today))


def _concerned(policy: Policy, entry: Entry) -> bool:
    return not policy.guides or entry.guide in policy.guides


def judge_dataset(
    dataset: Dataset,
    name: str,
    plugins: Plugins,
    settings: Settings,
    run: RunSettings,
    today: date,
    asked: Sequence[AskedPolicy] | None = None,
) -> tuple[Finding, ...]:
    """Return what the policies' dataset rules say of a dataset called ``name``.

    Args:
        dataset: The dataset.
        name: How findings call it.
        plugins: The plugins.
        settings: Their settings, and the waivers.
        run: The core's settings.
        today: The date on which is judged.
        asked: What :func:`policy_rules` returned for the same plugins and settings, for who judges many datasets.
    """
    subject = Subject("dataset", name)
    findings: list[Finding] = []
    for policy, rules, parameters in policy_rules(plugins, settings, run) if asked is None else asked:
        mine = [rule for rule in rules if rule.subject == "dataset"]
        context = RuleContext(today=today, dataset=dataset, parameters=parameters)
        findings.extend(_judged(mine, dataset, context, policy, subject, settings))
    return (*findings, *_waivers_of_nobody(plugins, settings, run, subject, today))


def policy_rules(plugins: Plugins, settings: Settings, run: RunSettings) -> list[AskedPolicy]:
    """Return the rules and parameters of the chosen policies.

    Raises:
        MissingPluginError: A chosen policy is not installed.
    """
    chosen = run.policies or tuple(plugins.policies)
    found: list[AskedPolicy] = []
    for name in chosen:
        if name == "none":
            continue
        plugins.named("shirube_policies", name)
        registered = plugins.policies[name]
        parameters = plugins.parameters(registered, settings.section(f"policies.{name}"))
        rules = plugins.checked_all(registered, plugins.call(registered, "rules", parameters), Rule)
        # Judged subject by subject the rules name nobody; asked here, what is wrong with them names their plugin.
        call(registered.note, evaluation_order, rules)
        found.append((name, rules, parameters))
    return found


def missing_analysis_findings(
    entry: Entry, missing: Sequence[tuple[str, Text]], results: Sequence[Result]
) -> tuple[Finding, ...]:
    """Return findings for analyses the guide asks for that are not installed, and for refused or doubtful results."""
    subject = Subject("entry", entry.name)
    lacking = [_finding("analysis.not-installed", subject, reason) for _, reason in missing]
    poor = [
        _finding(
            f"analysis.{result.analysis}.{result.status}",
            Subject("entry" if result.target == entry.name else "spectrum", result.target),
            joined(result.reasons),
        )
        for result in results
        if result.status in ("doubtful", "refused", "failed")
    ]
    return (*lacking, *poor)


def _finding(rule: str, subject: Subject, message: Text) -> Finding:
    return Finding(
        rule=rule, policy="analysis", subject=subject, kind="fail", severity="should", message=message, note=True
    )


def _remarks(entry: Entry) -> list[Finding]:
    return [
        Finding(
            rule=f"reading.{remark.code}",
            policy=f"reader.{measurement.reader}",
            subject=Subject("entry", entry.name),
            kind="informational" if remark.severity == "info" else "fail",
            severity=remark.severity,
            message=remark.message,
            path=remark.file or measurement.name,
            line=remark.line,
            note=remark.severity != "info",
        )
        for measurement in entry.measurements
        for remark in measurement.remarks
    ]


def _waivers_of_nobody(
    plugins: Plugins, settings: Settings, run: RunSettings, subject: Subject, today: date
) -> tuple[Finding, ...]:
    """Return a finding for each waiver of a rule that no policy and no guide has."""
    if not settings.waivers:
        return ()
    known = {rule.id for _, rules, _ in policy_rules(plugins, settings, run) for rule in rules}
    guides = guide_data(plugins, settings)
    named = [name for name in guides if any(one.rule.startswith(f"guide.{name}.") for one in settings.waivers)]
    known |= {rule.id for name in named for rule in guide_rules(guides[name])}
    strangers = [waiver for waiver in settings.waivers if waiver.rule not in known]
    return waiver_findings(strangers, (), (), subject, today, known)


def _judged(
    rules: Sequence[Rule],
    record: Entry | Dataset,
    context: RuleContext,
    policy: str,
    subject: Subject,
    settings: Settings,
) -> tuple[Finding, ...]:
    ids = {rule.id for rule in rules}
    waivers = tuple(one for one in settings.waivers if one.rule in ids)
    return judge(rules, record, context, policy=policy, subject_ref=subject, waivers=waivers)
