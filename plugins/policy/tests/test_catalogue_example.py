"""The page that the policy shows as its example, as a record: it fails nothing, and is told only of its short embargo.

What the printed page garbles is mended: project number and DOI (JPMXP1222NM1001), instrument (NM-402), key technology
area, and the dataset's id, of which two characters are lost and which is made up here.
"""

from __future__ import annotations

from datetime import date

from shirube.judging import judge
from shirube.records import Catalogue, Dataset, Person, Publication, Subject
from shirube.rules import RuleContext
from shirube_policy.doi import decide
from shirube_policy.lengths import measure
from shirube_policy.parameters import Parameters
from shirube_policy.rules import rules

TODAY = date(2026, 4, 1)
SUMMARY = (
    "【要約】標準的な試料のSTEM像。高速に計測したSNの低い像と、多重計測・ドリフト補正によりSNを向上させた画像。"
    "STEM images of a few standard specimens. STEM images with low signal-to-noise (SN) ratio taken at high speed, and "
    "STEM images with improved SN ratio through multiple acquisition and drift correction.\n"
    "【試料および観測条件】\n試料: Si, SrTiO<sub>3</sub>, graphene, GaN\n加速電圧: 40, 80, 300 kV\n"
    "明視野(bright-field, BF), 環状明視野(annular bright-field, ABF), 環状暗視野(annular dark-field, ADF)のSTEM像。"
)
PERSON = Person(name="KIMOTO,Koji", organization="NIMS")
DOI = "10.71947/arim.jpmxp1222nm1001"
PAPER = Publication(
    text="Koji Kimoto, Practical aspects of monochromators developed for transmission electron microscopy, "
    "Microscopy, 63, 337-344(2014).",
    doi="http://dx.doi.org/10.1093/micro/dfu027",
)
EXAMPLE = Dataset(
    id="a1ff60a0-5c10-4140-9d86-09f448e56e5d",
    title="High SN-ratio STEM images",
    project_title="High SN-ratio STEM Images",
    description=SUMMARY,
    registrant=PERSON,
    manager=PERSON,
    facility="物質・材料研究機構",
    project_number="JPMXP1222NM1001",
    registered_on="2023-10-27",
    embargo_end="2023-10-31",
    is_anonymized=False,
    doi=DOI,
    tags=("STEM", "標準試料"),
    instruments=("NM-402: 単原子分析電子顕微鏡",),
    publications=(PAPER,),
    catalogue=Catalogue(
        published_on="2023-11-01",
        title="High SN-ratio STEM images",
        project_title="High SN-ratio STEM Images",
        registrant=PERSON,
        project_number="JPMXP1222NM1001",
        facility="物質・材料研究機構",
        summary=SUMMARY,
        key_technology="マテリアルの高度循環のための技術",
        secondary_technology="",
        cross_technology="計測・分析",
        material_index=(),
        tags=("STEM", "標準試料"),
        page_views=1211,
        downloads=7,
        doi=f"https://doi.org/{DOI}",
        registered_on="2023-10-27",
        released_on="2023-10-31",
        dataset_id="a1ff60a0-5c10-4140-9d86-09f448e56e5d",
        data_count=32,
        file_count=192,
        size="1.7GB",
        instruments=("NM-402: 単原子分析電子顕微鏡",),
        publications=(PAPER,),
    ),
)
#: What the page does not show; nothing else may be asked for.
NOT_SHOWN = {
    *("usage.sessions", "usage.data_registration", "entries", "entries[].files", "entries[].digests", "sample"),
    *("manager_account", "sibling_titles", "offered_kinds", "badge", "changes"),
}


def judged(dataset=EXAMPLE):
    chosen = Parameters()
    return judge(
        rules(chosen), dataset, RuleContext(today=TODAY, parameters=chosen), "arim", Subject("dataset", "example")
    )


def test_it_fails_nothing_and_its_only_note_is_that_the_notice_cannot_come():
    assert [one.rule for one in judged() if one.kind == "fail"] == ["ARIM-EMB-009"]
    (notice,) = [one for one in judged() if one.kind == "fail"]
    assert notice.note
    assert "4 days" in notice.message.en


def test_nobody_need_decide_anything():
    assert [one.rule for one in judged() if one.kind == "review"] == []


def test_open_is_only_what_the_page_does_not_show():
    asked = {
        missing
        for one in judged()
        if one.kind == "open"
        for missing in one.message.en.rpartition("supply ")[2].rstrip(".").split(", ")
    }
    assert "sample" in asked <= NOT_SHOWN


def test_its_shortened_embargo_is_in_order():
    kinds = {one.rule: one.kind for one in judged()}
    assert kinds["ARIM-EMB-006"] == "pass"
    assert kinds["ARIM-EMB-012"] == "pass"
    assert kinds["ARIM-EMB-004"] == "notApplicable"


def test_its_bilingual_summary_is_of_the_right_length():
    length = measure(SUMMARY)
    assert not length.japanese
    assert 200 <= length.full_width <= 500


def test_nothing_but_what_is_not_shown_stands_against_its_doi():
    decision = decide(EXAMPLE, TODAY)
    assert decision.state == "undecided"
    assert set(decision.missing) <= NOT_SHOWN
