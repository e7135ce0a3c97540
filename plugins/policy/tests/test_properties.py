"""What holds of any dataset whatever: no rule raises, and more information never leaves a decided question open."""

from __future__ import annotations

import functools
import types
from datetime import date
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shirube.findings import from_json, render_text, to_json
from shirube.judging import judge
from shirube.records import Dataset, DatasetEntry, FrozenMapping, Registration, Sample, Subject
from shirube.rules import RuleContext
from shirube_policy.embargo import default_end, maximum_end
from shirube_policy.parameters import Parameters
from shirube_policy.rules import rules
from shirube_policy.timeline import timeline

pytestmark = pytest.mark.thorough

#: Texts of every script, and what the rules look for.
WORDS = st.sampled_from(
    [
        *(
            "",
            " ",
            "　",
            "-",
            "NaN",
            "不明",
            "テスト 1",
            "{x}",
            "%s",
            "あ" * 300,
            "a" * 1200,
            "x" * 5000,
            "<p>-</p>",
            "\u0000",
        ),
        *(
            "MoS2",
            "SIO2",
            "Al 90%, Cu 20%",
            "SiO2/Si 界面",
            "ポリマー PDI=0.5",
            "SUS",
            "粉末",
            "触媒",
            "熱酸化済み",
            "CAS 1-2-3",
        ),
        *(
            "JP",
            "US",
            "none",
            "2",
            "staff",
            "機関スタッフ",
            "registrant",
            "ARIM",
            "download",
            "structured",
            "生データ",
            "open",
        ),
        *("measurement_error", "charge_up", "disappointing", "分光系", "etching", "reaction", "unknown", "other"),
        *(
            "KIMOTO,Koji",
            "NIMS",
            "JPMXP1222NM1001",
            "10.71947/arim.jpmxp1222nm1001",
            "https://example.org/a",
            "${filename}",
        ),
        *("مرحبا", "Ωμέγα", "试料", "ｶﾞﾗｽ", "e\u0301", "👩‍🔬", "\u202e", "ß" * 60, "٣", "𝐓𝐢𝐎₂", "½", "١٢٣%", "²%"),
    ]
)
DATES = st.sampled_from(
    ["2025-04-01", "2028-03-31", "2028-03-30T15:00:00.000Z", "令和7年4月1日", "0001-01-01", "9999-12-31"]
)
TEXTS = st.text(max_size=30) | WORDS | DATES | st.dates().map(str)


@functools.cache
def strategy(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a field's type."""
    if attrs.has(kind):
        hints = get_type_hints(kind)
        return st.deferred(
            lambda: st.builds(kind, **{one.name: strategy(hints[one.name]) for one in attrs.fields(kind)})
        )
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*(strategy(one) for one in get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(strategy(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) is FrozenMapping:
        keys = st.sampled_from(["raw", "structured", "User", "reason", "0aadfff2-37de-411f-883a-38b62b2abbce"]) | TEXTS
        return st.dictionaries(keys, strategy(get_args(kind)[1]), max_size=2).map(FrozenMapping)
    numbers = {
        type(None): st.none(),
        bool: st.booleans(),
        int: st.integers(),
        float: st.floats(allow_nan=False, allow_infinity=False),
    }
    return numbers.get(kind, TEXTS)


datasets = strategy(Dataset)
DAYS = st.dates(date(2000, 1, 1), date(2190, 1, 1))


def judged(dataset, today=date(2028, 6, 1), **parameters):
    chosen = Parameters(**parameters)
    context = RuleContext(today=today, parameters=chosen)
    return judge(rules(chosen), dataset, context, "arim", Subject("dataset", "d"))


def answers(dataset, today):
    """Return the kinds of answer of each rule, which may speak of several places."""
    kinds: dict[str, set[str]] = {}
    for one in judged(dataset, today):
        kinds.setdefault(one.rule, set()).add(one.kind)
    return kinds


@settings(max_examples=200, deadline=None)
@given(
    datasets,
    st.dates(),
    st.sampled_from(["off", "note", "fail"]),
    st.floats(0, 1),
    st.sampled_from(["fy_after_next_end", "two_years_from_registration"]),
)
def test_no_rule_raises_and_every_rule_answers_as_it_declares(dataset, today, derived, tolerance, basis):
    found = judged(dataset, today, derived=derived, about_tolerance=tolerance, embargo_basis=basis, licence_period=True)
    assert [(one.rule, one.message.en) for one in found if one.error] == []
    assert list(dict.fromkeys(one.rule for one in found)) == [one.id for one in rules(Parameters(derived=derived))]


@settings(max_examples=40, deadline=None)
@given(datasets, st.dates())
def test_findings_are_shown_in_both_languages_travel_as_json_and_repeat(dataset, today):
    found = judged(dataset, today)
    assert from_json(to_json(found)) == found
    assert render_text(found, "ja") != render_text(found, "en")
    assert judged(dataset, today) == found


@settings(max_examples=60, deadline=None)
@given(strategy(Sample))
def test_no_sample_makes_a_rule_raise(sample):
    of_an_entry = Dataset(entries=(DatasetEntry(registration=Registration(sample=sample)),))
    for dataset in (Dataset(sample=sample), of_an_entry):
        assert [one.message.en for one in judged(dataset) if one.error] == []


@given(DAYS)
def test_the_standard_end_is_a_31_march_two_to_three_years_later(registered):
    end = default_end(registered)
    assert (end.month, end.day) == (3, 31)
    assert 729 <= (end - registered).days <= 1096
    assert maximum_end(registered) == end.replace(year=end.year + 1)


@given(DAYS)
def test_two_years_from_the_registration_are_two_years(registered):
    end = default_end(registered, "two_years_from_registration")
    assert 729 <= (end - registered).days <= 731
    assert registered < end < maximum_end(registered, "two_years_from_registration")


@given(DAYS, st.dates(date(2000, 1, 1), date(2190, 1, 1)))
def test_the_days_of_a_dataset_come_in_order(registered, end):
    assume(end >= registered)
    days = timeline(Dataset(registered_on=str(registered), embargo_end=str(end)))
    assert days.notice_on < days.ends_on < days.open_from
    assert registered < days.due_on <= days.open_from
    assert days.phase(days.ends_on) == "embargo"
    assert days.phase(days.open_from) == "wide_share"


def _has_sample(entry: DatasetEntry) -> bool:
    return entry.registration is not None and entry.registration.sample is not None


@settings(max_examples=150, deadline=None)
@given(datasets, st.sets(st.sampled_from([one.name for one in attrs.fields(Dataset)])), DAYS)
def test_supplying_more_never_opens_what_a_machine_had_passed(dataset, withheld, today):
    """A heuristic may change its mind; a rule that decides from data must not ask again for what it did without."""
    machine = {one.id for one in rules(Parameters()) if not one.heuristic}
    # A further entry, or a sample in place of those of the entries, is another thing to judge: not more of the same.
    others = {"entries", "sample"} if any(_has_sample(one) for one in dataset.entries) else {"entries"}
    less = evolve(dataset, **dict.fromkeys(withheld - others))
    passed = {rule for rule, kinds in answers(less, today).items() if "pass" in kinds <= {"pass", "notApplicable"}}
    reopened = {rule for rule, kinds in answers(dataset, today).items() if "open" in kinds} & passed & machine
    assert reopened == set()
