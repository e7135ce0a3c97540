"""The rules on what a dataset must say: limits, bands, messages, days, and the settings that change them."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from shirube.judging import judge
from shirube.records import Dataset, DatasetEntry, Person, Registration, Sample, Subject
from shirube.rules import RuleContext
from shirube_policy.parameters import Parameters
from shirube_policy.rules import rules

#: Everything that the policy asks for; registered in the fiscal year 2025, judged long after its release.
GOOD = Dataset(
    id="2ddf932e-fa80-40d7-a010-939ab486e309",
    title="二硫化モリブデン薄膜の硬X線光電子分光",
    description="二硫化モリブデン薄膜の化学状態を調べるため、硬X線光電子分光で内殻準位を測定した。" * 6,
    manager=Person(name="KIMOTO,Koji", organization="NIMS"),
    project_title="薄膜の電子状態",
    project_number="JPMXP1225NM0001",
    registered_on="2025-04-01",
    embargo_end="2028-03-31",
    is_anonymized=False,
    doi="",
    sample=Sample(names=("MoS2-Ref",), composition="MoS2"),
    sibling_titles=("グラフェンの硬X線光電子分光",),
    entries=(
        DatasetEntry(
            name="Mo3d", description="", files={"structured": ("Mo3d.csv",), "nonshared_raw": ("Mo3d.txt",), "raw": ()}
        ),
    ),
)
AFTER = date(2028, 4, 1)


def judged(dataset, today=AFTER, **parameters):
    chosen = Parameters(**parameters)
    context = RuleContext(today=today, parameters=chosen)
    return judge(rules(chosen), dataset, context, "arim", Subject("dataset", "d"))


def of(rule, dataset, today=AFTER, **parameters):
    return [one for one in judged(dataset, today, **parameters) if one.rule == f"ARIM-{rule}"]


def one(rule, dataset, today=AFTER, **parameters):
    (found,) = of(rule, dataset, today, **parameters)
    return found


def changed(**changes):
    return evolve(GOOD, **changes)


def with_files(**files):
    return changed(entries=[DatasetEntry(name="Mo3d", files=files)])


SAMPLE_IN_ENTRY = DatasetEntry(registration=Registration(sample=Sample(names=("A-1",), composition="Si")))
OWNERLESS = Sample(names=("A-1",))

# Rule, change of the good dataset, kind of the finding.
CASES = [
    ("MAT-001", {}, "pass"),
    ("MAT-001", {"sample": Sample(names=("A-1",), description="持ち込み試料のため組成は不明")}, "pass"),
    (
        "MAT-001",
        {"sample": Sample(names=("A-1",), attributes={"0aadfff2-37de-411f-883a-38b62b2abbce": "MoS2"})},
        "pass",
    ),
    (
        "MAT-001",
        {
            "sample": Sample(
                names=("resist",),
                attributes={
                    "5e166ac4-bfcd-457a-84bc-8626abe9188f": "Kayaku",
                    "0d0417a3-3c3b-496a-b0fb-5a26f8a74166": "SU-8",
                },
            )
        },
        "pass",
    ),
    ("MAT-001", {"sample": None, "entries": (SAMPLE_IN_ENTRY,)}, "pass"),
    ("MAT-001", {"sample": Sample(names=(), composition="MoS2")}, "fail"),
    ("MAT-001", {"sample": Sample(composition="MoS2")}, "open"),
    ("MAT-001", {"sample": Sample(composition="")}, "fail"),
    ("MAT-001", {"sample": Sample()}, "open"),
    (
        "MAT-001",
        {"sample": Sample(), "entries": (DatasetEntry(registration=Registration(sample=Sample(names=(), tags=()))),)},
        "fail",
    ),
    ("MAT-001", {"sample": Sample(names=("test",), composition="MoS2")}, "fail"),
    ("MAT-001", {"sample": Sample(names=("A-1",), composition="NaN")}, "fail"),
    ("MAT-001", {"sample": Sample(names=("A-1",), composition="-")}, "fail"),
    ("MAT-001", {"sample": Sample(names=("A-1",), composition="不明")}, "fail"),
    ("MAT-001", {"sample": OWNERLESS}, "open"),
    ("MAT-001", {"sample": None}, "open"),
    ("DSC-001", {}, "pass"),
    ("DSC-001", {"description": ""}, "fail"),
    ("DSC-001", {"description": "<p>-</p>"}, "fail"),
    ("DSC-001", {"description": None}, "open"),
    ("DSC-002", {}, "pass"),
    ("DSC-002", {"description": "あ" * 200}, "pass"),
    ("DSC-002", {"description": "a" * 400}, "pass"),
    ("DSC-002", {"description": "a" * 359}, "fail"),
    ("DSC-002", {"description": ""}, "notApplicable"),
    ("DSC-002", {"description": None}, "open"),
    ("DSC-003", {}, "pass"),
    ("DSC-003", {"description": "あ" * 500}, "pass"),
    ("DSC-003", {"description": "a" * 1102}, "fail"),
    ("DSC-003", {"description": "不明"}, "notApplicable"),
    ("DSC-003", {"description": None}, "open"),
    ("DSC-005", {}, "pass"),
    ("DSC-005", {"description": "", "entries": (DatasetEntry(description="内殻の測定"),)}, "fail"),
    ("DSC-005", {"description": "", "entries": (DatasetEntry(description=""),)}, "notApplicable"),
    ("DSC-005", {"description": "", "entries": (DatasetEntry(),)}, "open"),
    ("DSC-005", {"description": None}, "open"),
    ("TTL-001", {}, "pass"),
    ("TTL-001", {"title": "　"}, "fail"),
    ("TTL-001", {"title": "無題"}, "fail"),
    ("TTL-001", {"title": None}, "open"),
    ("TTL-002", {}, "pass"),
    ("TTL-002", {"title": "High SN-ratio STEM images"}, "pass"),
    ("TTL-002", {"title": "あ" * 56}, "fail"),
    ("TTL-002", {"title": ""}, "notApplicable"),
    ("TTL-002", {"title": None}, "open"),
    ("TTL-005", {}, "pass"),
    ("TTL-005", {"sibling_titles": ()}, "pass"),
    ("TTL-005", {"title": "STEM images, 2", "sibling_titles": ("stem　ｉｍａｇｅｓ 2",)}, "fail"),
    ("TTL-005", {"title": ""}, "notApplicable"),
    ("TTL-005", {"sibling_titles": None}, "open"),
    ("TTL-005", {"title": None}, "open"),
    ("MGR-001", {}, "pass"),
    ("MGR-001", {"manager": Person(name=" ", organization="NIMS")}, "fail"),
    ("MGR-001", {"manager": Person(organization="NIMS")}, "open"),
    ("MGR-001", {"manager": None}, "open"),
    ("MGR-002", {}, "pass"),
    ("MGR-002", {"manager": Person(name="KIMOTO,Koji", organization="-")}, "fail"),
    ("MGR-002", {"manager": Person(name="KIMOTO,Koji")}, "open"),
    ("RGT-002", {}, "pass"),
    ("RGT-002", {"entries": (DatasetEntry(metadata={"pass_energy": 100.0}),)}, "pass"),
    ("RGT-002", {"entries": (DatasetEntry(files={"raw": ("a.txt",)}),)}, "fail"),
    ("RGT-002", {"entries": (DatasetEntry(),)}, "open"),
    ("RGT-002", {"entries": ()}, "open"),
    ("EMB-001", {}, "informational"),
    ("EMB-001", {"registered_on": None}, "open"),
    ("EMB-001", {"registered_on": "令和7年4月1日"}, "open"),
    ("EMB-002", {}, "pass"),
    ("EMB-002", {"embargo_end": "2028-03-30T15:00:00.000Z"}, "pass"),
    ("EMB-002", {"embargo_end": "2027-03-31"}, "pass"),
    ("EMB-002", {"embargo_end": ""}, "fail"),
    ("EMB-002", {"embargo_end": "年度末"}, "fail"),
    ("EMB-002", {"embargo_end": "2025-03-31"}, "fail"),
    ("EMB-002", {"embargo_end": None}, "open"),
    ("EMB-002", {"registered_on": None}, "open"),
    ("EMB-003", {}, "pass"),
    ("EMB-003", {"embargo_end": "2029-03-31"}, "pass"),
    ("EMB-003", {"embargo_end": "2029-04-01"}, "fail"),
    ("EMB-003", {"embargo_end": "2029-03-31T15:00:00.000Z"}, "fail"),
    ("EMB-003", {"embargo_end": ""}, "notApplicable"),
    ("EMB-003", {"registered_on": None}, "open"),
    ("EMB-004", {}, "notApplicable"),
    ("EMB-004", {"embargo_end": "2026-03-31"}, "notApplicable"),
    ("EMB-004", {"embargo_end": "2030-03-31"}, "notApplicable"),
    ("EMB-004", {"embargo_end": "2029-03-31", "embargo_extension_reason": "論文の査読中"}, "review"),
    ("EMB-004", {"embargo_end": "2029-03-31", "embargo_extension_reason": ""}, "fail"),
    ("EMB-004", {"embargo_end": "2029-03-31", "embargo_extension_reason": None}, "open"),
    ("EMB-007", {}, "informational"),
    ("EMB-007", {"embargo_end": None}, "open"),
    ("ACC-004", {}, "pass"),
    ("ACC-004", {"entries": (DatasetEntry(files={"raw": ("a.txt",)}),)}, "fail"),
    ("ACC-004", {"entries": (DatasetEntry(),)}, "open"),
    ("ANO-002", {}, "notApplicable"),
    ("ANO-002", {"is_anonymized": True, "doi_requested": False}, "pass"),
    ("ANO-002", {"is_anonymized": True, "doi_requested": True}, "fail"),
    ("ANO-002", {"is_anonymized": True, "doi": "10.71947/arim.jpmxp1222nm1001"}, "fail"),
    ("ANO-002", {"is_anonymized": True, "doi": None}, "open"),
    ("ANO-002", {"is_anonymized": None}, "open"),
    ("DOI-001", {}, "pass"),
    ("DOI-001", {"description": "あ" * 190}, "pass"),
    ("DOI-001", {"sample": Sample(names=("A-1",), composition="", description="組成は測定前で不明")}, "pass"),
    ("DOI-001", {"sample": Sample(names=("A-1",), composition="NaN")}, "fail"),
    ("DOI-001", {"description": ""}, "fail"),
    ("DOI-001", {"title": ""}, "fail"),
    ("DOI-001", {"manager": Person(name="", organization="NIMS")}, "fail"),
    ("DOI-001", {"manager": None}, "open"),
    ("DOI-001", {"description": "", "doi_requested": False}, "notApplicable"),
    ("DOI-002", {}, "pass"),
    ("DOI-002", {"is_anonymized": True}, "fail"),
    ("DOI-002", {"is_anonymized": None}, "open"),
    ("DOI-002", {"is_anonymized": True, "doi_requested": False}, "notApplicable"),
]


@pytest.mark.parametrize(("rule", "changes", "kind"), CASES)
def test_a_rule_answers(rule, changes, kind):
    found = one(rule, changed(**changes))
    assert found.kind == kind
    assert not found.error


class TestBands:
    @pytest.mark.parametrize(
        ("rule", "changes"),
        [
            ("DSC-002", {"description": "あ" * 199}),
            ("DSC-002", {"description": "a" * 360}),
            ("DSC-003", {"description": "あ" * 550}),
            ("TTL-002", {"title": "あ" * 55}),
        ],
    )
    def test_a_little_beyond_an_about_is_a_note(self, rule, changes):
        found = one(rule, changed(**changes))
        assert (found.kind, found.note) == ("fail", True)

    def test_the_band_is_a_parameter(self):
        description = changed(description="あ" * 190)
        assert one("DSC-002", description, about_tolerance=0.0).note is False
        assert one("DSC-002", changed(description="あ" * 120), about_tolerance=0.5).note is True

    def test_the_message_tells_both_counts(self):
        message = one("TTL-002", changed(title="スペクトル data " * 9)).message
        assert "98 " in message.en
        assert "71.5" in message.ja


class TestEmbargoMessages:
    def test_the_standard_end_is_computed(self):
        message = one("EMB-001", GOOD).message.en
        for part in ("2025-04-01", "2025", "2028-03-31", "2028-04-01"):
            assert part in message

    def test_dates_stored_as_utc_are_days_in_japan(self):
        assert "2028-03-31" in one("EMB-002", changed(embargo_end="2028-03-30T15:00:00.000Z")).message.en

    def test_what_is_wrong_with_the_end_is_said(self):
        assert "年度末" in one("EMB-002", changed(embargo_end="年度末")).message.en
        assert "before the registration" in one("EMB-002", changed(embargo_end="2025-03-31")).message.en
        assert "2029-03-31" in one("EMB-003", changed(embargo_end="2030-03-31")).remedy.en

    @pytest.mark.parametrize(("today", "phase"), [("2028-03-31", "under embargo"), ("2028-04-01", "wide-area sharing")])
    def test_the_phase_is_told_by_the_day(self, today, phase):
        assert phase in one("EMB-007", GOOD, date.fromisoformat(today)).message.en

    def test_an_unreadable_date_says_how_to_write_it(self):
        message = one("EMB-001", changed(registered_on="令和7年4月1日")).message
        assert "令和7年4月1日" in message.ja
        assert "2025-04-01" in message.ja


class TestWhenItCounts:
    def test_a_new_dataset_is_not_blamed_for_what_is_due_after_use(self):
        new = changed(title="", description="", manager=Person(name="", organization=""))
        found = [one for one in judged(new, date(2025, 4, 2)) if one.due]
        assert {one.kind for one in found} == {"informational"}
        assert {one.rule: one.due for one in found} == {
            "ARIM-DSC-001": "2026-04-01",
            "ARIM-TTL-001": "2026-04-01",
            "ARIM-MGR-001": "2026-04-01",
            "ARIM-MGR-002": "2026-04-01",
            "ARIM-DSC-006": "2026-04-01",
            "ARIM-DSC-008": "2028-02-29",
            "ARIM-DOI-001": "2028-04-01",
            "ARIM-DOI-004": "2028-04-01",
            "ARIM-DOI-006": "2028-04-01",
            "ARIM-GAB-001": "2028-04-01",
            "ARIM-SHR-001": "2028-04-01",
        }

    @pytest.mark.parametrize(("today", "kind"), [("2026-03-31", "informational"), ("2026-04-01", "fail")])
    def test_it_counts_when_the_fiscal_year_is_over(self, today, kind):
        assert one("DSC-001", changed(description=""), date.fromisoformat(today)).kind == kind

    def test_or_when_the_project_is(self):
        ended = changed(description="", project_end="2025-09-30")
        assert one("DSC-001", ended, date(2025, 9, 30)).due == "2025-10-01"
        assert one("DSC-001", ended, date(2025, 10, 1)).kind == "fail"

    def test_or_at_the_latest_when_the_embargo_is(self):
        short = changed(description="", embargo_end="2025-10-31")
        assert one("DSC-001", short, date(2025, 11, 1)).kind == "fail"

    def test_what_is_due_at_release_waits_for_the_standard_end_when_none_is_set(self):
        unset = changed(description="", embargo_end=None)
        assert one("DOI-001", unset, date(2028, 3, 31)).due == "2028-04-01"

    def test_without_any_date_it_counts(self):
        undated = changed(description="", registered_on=None, embargo_end=None)
        assert one("DSC-001", undated, date(2025, 1, 1)).kind == "fail"

    def test_what_concerns_the_registration_counts_at_once(self):
        assert one("MAT-001", changed(sample=Sample(names=())), date(2025, 4, 1)).kind == "fail"


class TestDoi:
    def test_missing_items_are_named_once_each(self):
        poor = changed(description="", title="", manager=Person(name="", organization=""), sample=Sample(names=()))
        message = one("DOI-001", poor).message
        assert message.en.endswith("material information, description, title, dataset manager.")
        assert message.ja.endswith("マテリアル情報、データセットの説明、データセット名、データセット管理者。")

    def test_an_anonymised_dataset_without_description_fails_on_both_counts(self):
        poor = changed(description="", is_anonymized=True)
        assert (one("DOI-001", poor).kind, one("DOI-002", poor).kind) == ("fail", "fail")

    def test_a_disabled_rule_is_not_required_either(self):
        poor = changed(manager=Person(name="", organization="NIMS"))
        assert one("DOI-001", poor, disable=("ARIM-MGR-001",)).kind == "pass"

    def test_before_the_release_can_be_dated_missing_items_are_only_named(self):
        found = one("DOI-001", changed(description="", registered_on=None, embargo_end=""))
        assert found.kind == "open"
        assert "description" in found.message.en
        assert "registered_on" in found.message.ja

    def test_what_is_missing_is_asked_for(self):
        message = one("DOI-001", changed(manager=None, title=None)).message.en
        assert "title" in message
        assert "manager.name" in message


class TestPlaces:
    def test_each_entry_at_fault_is_named(self):
        entries = [
            DatasetEntry(name=name, files={"raw": raw}) for name, raw in (("a", ("x",)), ("b", ()), ("c", ("y",)))
        ]
        found = of("ACC-004", changed(entries=entries))
        assert [one.path for one in found] == ["entries[0].files.raw", "entries[2].files.raw"]
        assert "“" not in found[0].message.en
        assert "a" in found[0].message.en

    def test_samples_of_entries_are_judged_once_each(self):
        again = [
            DatasetEntry(registration=Registration(sample=Sample(names=("A",), composition=c))) for c in ("", "", "Si")
        ]
        found = of("MAT-001", changed(sample=None, entries=again))
        assert [(one.kind, one.path) for one in found] == [("fail", "entries[0].registration.sample"), ("pass", None)]

    def test_the_entry_with_the_misplaced_description_is_named(self):
        entries = [DatasetEntry(description=""), DatasetEntry(description="内殻の測定")]
        assert one("DSC-005", changed(description="", entries=entries)).path == "entries[1].description"


class TestSelection:
    def test_derived_rules_are_notes_failures_or_left_out(self):
        shared = with_files(raw=("a.txt",), structured=("a.csv",))
        assert one("ACC-004", shared).note is True
        assert one("ACC-004", shared, derived="fail").counts is True
        assert of("ACC-004", shared, derived="off") == []

    def test_a_disabled_rule_is_not_asked_and_those_that_required_it_are(self):
        empty = changed(description="")
        assert of("DSC-001", empty, disable=("ARIM-DSC-001",)) == []
        assert one("DSC-002", empty, disable=("ARIM-DSC-001",)).kind == "fail"
