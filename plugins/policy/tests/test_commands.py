"""``shirube policy``: every command through the command line, in both languages, with what it refuses."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import attrs
import jsonschema
import pytest
from attrs import evolve

from shirube.cli import run_command_line
from shirube.datasets import parse_dataset
from shirube.records import Dataset
from shirube.rules import RuleContext
from shirube_policy.judges.anonymity import JUDGES

DATACITE = Path(__file__).parent / "data" / "datacite" / "datacite-v4.5.json"

RECORD = """\
id: a1ff60a0-5c10-4140-9d86-9f448e56e5d0
title: High SN-ratio STEM images
description: >-
  標準的な試料のSTEM像。高速に計測したSNの低い像と、多重計測・ドリフト補正によりSNを向上させた画像。
registrant: {name: "KIMOTO,Koji", organization: NIMS}
manager: {name: "KIMOTO,Koji", organization: NIMS}
facility: 物質・材料研究機構
instruments: ["NM-402 単原子分析電子顕微鏡"]
project_title: STEM of standard specimens
project_number: JPMXP1222NM1001
registered_on: 2023-10-27
embargo_end: 2026-03-31
is_anonymized: false
doi_requested: true
license: CC BY 4.0
tags: [STEM, 標準試料]
publications:
  - text: Koji Kimoto, Microscopy 63 (2014) 337
    doi: http://dx.doi.org/10.1093/micro/dfu027
usage: {sessions: [{id: A-22-NM-0001, date: 2023-10-26}]}
entries:
  - name: STEM_KIMOTO_01
    metadata: {User: kimoto, Location: NIMS, voltage: 300, Comments: for Kimoto}
    files:
      structured: [data_0001/structured/KIMOTO_graphene.csv]
      main_image: [data_0001/main_image/graphene.png, data_0001/main_image/GaN.png]
"""


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    settings = tmp_path / "facility.toml"
    settings.write_text(
        '[plugins]\nallow = ["policy"]\n[profiles.two.policies.arim]\nembargo_basis = "two_years_from_registration"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("SHIRUBE_CONFIG", str(settings))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = run_command_line(["policy", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def record(tmp_path):
    def write(name="d.yaml", text=RECORD, **changes):
        for key, value in changes.items():
            line = re.compile(rf"^{key}:.*\n(?:[ -].*\n)*", re.MULTILINE)
            new = "" if value is None else f"{key}: {value}\n"
            text = line.sub(lambda _, new=new: new, text) if line.search(text) else text + new
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


class TestNew:
    @pytest.mark.parametrize("lang", ["en", "ja"])
    def test_the_file_can_be_read_as_it_is_and_supplies_nothing(self, call, lang):
        code, text, _ = call("new", "--lang", lang)
        dataset = parse_dataset(text, "new.yaml")
        assert code == 0
        assert (dataset.title, dataset.registered_on, dataset.tags, dataset.entries) == (None, None, None, ())
        assert ("データセット名" in text) == (lang == "ja")

    def test_what_is_known_already_stands_in_it_and_the_rest_is_still_asked_for(self, call, record):
        path = record(project_title=None)
        code, text, _ = call("new", "--from", path, "--lang", "ja")
        assert code == 0
        known, found = parse_dataset(path.read_text(encoding="utf-8"), "d.yaml"), parse_dataset(text, "new.yaml")
        told = {one.name for one in attrs.fields(Dataset) if getattr(known, one.name) not in (None, ())}
        assert len(told) > 12
        assert {name: getattr(found, name) for name in told} == {name: getattr(known, name) for name in told}
        assert "# 課題名\nproject_title:\n" in text
        assert "# データ所有者\n#data_owners:\n" in text

    def test_a_file_that_nobody_filled_in_fails_nothing(self, call, capsys):
        call("new", "-o", "new.yaml")
        assert run_command_line(["check", "new.yaml", "--json", "--today", "2030-01-01"]) == 0
        (found,) = json.loads(capsys.readouterr().out)["records"]
        assert found["findings"]["counts"]["fail"] == 0
        assert {gate["state"] for gate in found["gates"]} == {"undecided", "none"}

    def test_every_line_that_is_commented_out_can_be_used(self, call):
        _, text, _ = call("new")
        used = re.sub(r"^#(?=[a-z_]+:|  )", "", text, flags=re.MULTILINE)
        used = re.sub(r"^( *(?:- )?(?:id|field):)$", r"\1 x", used, flags=re.MULTILINE)
        dataset = parse_dataset(used, "new.yaml")
        assert (dataset.usage.sessions[0].id, dataset.changes[0].field) == ("x", "x")
        assert len(dataset.entries) == 1

    def test_every_field_of_a_dataset_stands_in_it(self, call):
        _, text, _ = call("new")
        assert [
            one.name for one in attrs.fields(Dataset) if not re.search(rf"^#?{one.name}:", text, re.MULTILINE)
        ] == []

    def test_a_file_that_is_filled_in_is_not_replaced(self, call, tmp_path):
        assert call("new", "-o", "d.yaml", "--with-schema")[0] == 0
        assert json.loads((tmp_path / "dataset.schema.json").read_text(encoding="utf-8"))["properties"]["title"]
        assert (
            (tmp_path / "d.yaml")
            .read_text(encoding="utf-8")
            .startswith("# yaml-language-server: $schema=dataset.schema.json\n")
        )
        code, _, err = call("new", "-o", "d.yaml")
        assert (code, "--force" in err) == (2, True)

    def test_the_schema_is_printed(self, call):
        jsonschema.Draft202012Validator.check_schema(json.loads(call("schema")[1]))


class TestExplain:
    def test_a_rule_is_found_with_and_without_its_prefix(self, call):
        code, out, _ = call("explain", "emb-003", "--lang", "ja")
        assert code == 0
        assert out == call("explain", "ARIM-EMB-003", "--lang", "ja")[1]
        for part in ("2025-04-01", "最大2年間", "データ共有", "無効化も免除もできません"):
            assert part in out

    def test_a_misspelt_rule_is_suggested(self, call):
        code, _, err = call("explain", "EMB-0O3")
        assert (code, "ARIM-EMB-003" in err) == (2, True)

    def test_every_rule_is_listed_in_every_form(self, call):
        rules = json.loads(call("rules", "--json")[1])["rules"]
        ids = [one["id"] for one in rules]
        assert len(ids) == len(set(ids)) > 100
        markdown = call("rules", "--format", "markdown")[1].splitlines()
        assert [line.split(" | ")[0].removeprefix("| ") for line in markdown[2:]] == ids
        assert all(one in call("rules", "--lang", "ja")[1] for one in ids)


class TestTimeline:
    def test_the_days_stand_in_their_order(self, call, record):
        code, out, _ = call("timeline", record(), "--today", "2026-04-01", "--lang", "en")
        assert code == 0
        assert [line.split()[0] for line in out.splitlines()[:6]] == [
            "2023-10-27", "2024-04-01", "2026-02-28", "2026-03-31", "2026-04-01", "2027-03-31",
        ]  # fmt: skip
        assert "On 2026-04-01 the dataset is shared." in out
        assert "is under embargo" in call("timeline", record(), "--today", "2026-03-31", "--lang", "en")[1]

    def test_a_facility_may_count_otherwise(self, call, record):
        path = record(embargo_end=None)
        document = json.loads(call("timeline", path, "--json", "--today", "2025-01-01")[1])
        assert (document["standard_end"], document["phase"]) == ("2026-03-31", None)
        document = json.loads(call("timeline", path, "--json", "--profile", "two")[1])
        assert document["standard_end"] == "2025-10-26"

    @pytest.mark.parametrize(("suffix", "head"), [(".png", b"\x89PNG"), (".svg", b"<?xml")])
    def test_a_figure_is_drawn(self, call, record, tmp_path, suffix, head):
        pytest.importorskip("matplotlib")
        path = tmp_path / f"t{suffix}"
        assert call("timeline", record(), "-o", path, "--today", "2026-01-01", "--lang", "ja")[0] == 0
        first = path.read_bytes()
        assert first.startswith(head)
        call("timeline", record(), "-o", path, "--today", "2026-01-01", "--lang", "ja")
        assert path.read_bytes() == first

    def test_a_dataset_without_any_date(self, call, record):
        code, _, err = call("timeline", record(text="title: x\n"))
        assert (code, "registered_on or embargo_end" in err) == (2, True)


class TestCan:
    @pytest.mark.parametrize(
        ("arguments", "answer"),
        [
            (("registrant", "download", "registered", "--phase", "embargo", "--own"), "yes"),
            (("arim_organisation", "view", "structured", "--phase", "embargo"), "no"),
            (("data_user", "view", "structured", "--phase", "wide_share"), "undecided"),
            (("data_user", "view", "structured", "--phase", "wide_share", "--licensed"), "yes"),
            (("registrant,data_user", "view", "structured", "--phase", "wide_share", "--not-own", "--licensed"), "yes"),
            (("データ利用者", "ダウンロード", "登録データ", "--phase", "wide_share", "--licensed"), "no"),
        ],
    )
    def test_the_table_is_asked(self, call, arguments, answer):
        code, out, _ = call("can", *arguments, "--json")
        assert (code, json.loads(out)["answer"]) == (int(answer == "no"), answer)

    @pytest.mark.parametrize(("day", "answer"), [("2026-03-31", "no"), ("2026-04-01", "yes")])
    def test_the_phase_follows_from_the_record_and_the_date(self, call, record, day, answer):
        _, out, _ = call(
            "can", "data_user", "view", "structured", "--record", record(), "--date", day, "--licensed", "--json"
        )
        assert json.loads(out)["answer"] == answer

    def test_what_cannot_be_told_is_asked_for(self, call, record):
        assert "--phase" in call("can", "data_user", "view", "structured")[2]
        assert "registrant, data_user" in call("can", "manager", "view", "structured", "--phase", "embargo")[2]
        _, out, _ = call("can", "data_user", "view", "structured", "--phase", "wide_share", "--lang", "en")
        assert "--licensed or --not-licensed" in out
        code, _, err = call("can", "data_user", "view", "structured", "--record", record(embargo_end=None))
        assert (code, "embargo_end" in err) == (2, True)


REQUEST = """\
affiliations: [{name: University, country: JP, kind: academia, corporation: true}]
institution_guarantee: true
corporate_approval: true
national: NATIONAL
residence_country: JP
months_resident: 3
specific_category: none
"""


class TestLicence:
    def ask(self, call, tmp_path, text, *more):
        path = tmp_path / "request.yaml"
        path.write_text(text, encoding="utf-8")
        return call("licence", path, *more)

    @pytest.mark.parametrize(
        ("national", "works", "verdict", "cause"),
        [
            ("true", None, "eligible", None),
            ("false", "false", "ineligible", "ARIM-LIC-004"),
            ("false", "true", "undecided", "ARIM-LIC-004"),
        ],
    )
    def test_the_verdict_names_its_rules(self, call, tmp_path, national, works, verdict, cause):
        text = REQUEST.replace("NATIONAL", national) + (f"works_at_domestic_office: {works}\n" if works else "")
        code, out, _ = self.ask(call, tmp_path, text, "--json", "--today", "2026-04-01")
        document = json.loads(out)
        assert (code, document["verdict"]) == (int(verdict == "ineligible"), verdict)
        against = [one["rule"] for one in document["conditions"] if one["kind"] in ("fail", "open", "review")]
        assert against == ([cause] if cause else [])

    @pytest.mark.parametrize("lang", ["en", "ja"])
    def test_it_is_no_legal_advice_and_never_repeats_what_was_declared(self, call, tmp_path, lang):
        for national in ("true", "false"):
            _, out, err = self.ask(call, tmp_path, REQUEST.replace("NATIONAL", national), "--lang", lang)
            assert ("not legal advice" in out) == (lang == "en")
            assert ("法的な助言ではありません" in out) == (lang == "ja")
            assert not re.search("nation|国籍|外国人|日本人|months|University", out + err, re.IGNORECASE)

    def test_a_dataset_may_hold_the_request(self, call, tmp_path):
        inner = "".join(f"  {line}\n" for line in REQUEST.replace("NATIONAL", "true").splitlines())
        code, out, _ = self.ask(call, tmp_path, f"title: x\nlicence_request:\n{inner}", "--json")
        assert (code, json.loads(out)["verdict"]) == (0, "eligible")
        assert "licence_request" in self.ask(call, tmp_path, "title: x\n")[2]

    def test_a_misspelt_key_is_told_with_its_line(self, call, tmp_path):
        code, _, err = self.ask(call, tmp_path, "affiliations: []\ninstitution_garantee: true\n")
        assert code == 2
        assert "line 2" in err
        assert "Did you mean 'institution_guarantee'" in err


class TestExempt:
    @pytest.mark.parametrize(
        ("field", "code", "more", "rule", "advice"),
        [
            ("xps", "range_setting_error", (), "ARIM-EXM-101", "EXEMPT"),
            ("分光系", "disappointing", (), "ARIM-EXM-102", "REGISTER"),
            ("sem", "charge_up", ("--novel",), "ARIM-EXM-203", "REGISTER_STRONG"),
            ("sem", "charge_up", ("--not-novel",), "ARIM-EXM-204", "USER_CHOICE"),
            ("all", "measurement_error", (), "ARIM-EXM-001", "EXEMPT"),
            ("etching", "condition_finding", (), "ARIM-EXM-402", "REGISTER"),
        ],
    )
    def test_the_table_is_looked_up(self, call, field, code, more, rule, advice):
        _, out, _ = call("exempt", field, code, *more, "--json")
        document = json.loads(out)
        assert (document["rule"], document["advice"]) == (rule, advice)

    def test_the_sentence_what_to_record_and_who_decides_are_said(self, call):
        _, out, _ = call("exempt", "etching", "condition_finding", "--lang", "ja")
        for part in (
            "登録を推奨",
            "エッチング条件の最適化過程で得られた",
            "etching_time, gas, pressure",
            "機器利用者が判断",
        ):
            assert part in out

    def test_an_unknown_field(self, call):
        code, _, err = call("exempt", "astrology", "unknown")
        assert (code, "measurement" in err) == (2, True)


class TestDatacite:
    VALIDATOR = jsonschema.Draft201909Validator(json.loads(DATACITE.read_text(encoding="utf-8")))

    def document(self, call, path, *more):
        code, out, err = call("datacite", path, *more)
        assert code == 0, err
        found = json.loads(out)
        assert not [error.message for error in self.VALIDATOR.iter_errors(found)]
        return found

    def test_the_example_of_the_policy_is_valid_and_complete(self, call, record):
        found = self.document(call, record())
        assert found["creators"] == [
            {
                "name": "KIMOTO, Koji", "nameType": "Personal", "familyName": "KIMOTO", "givenName": "Koji",
                "affiliation": [{"name": "NIMS"}],
            }
        ]  # fmt: skip
        assert (found["publicationYear"], found["titles"][0]["lang"], found["language"]) == ("2026", "en", "ja")
        assert {one["dateType"]: one["date"] for one in found["dates"]} == {
            "Collected": "2023-10-26", "Submitted": "2023-10-27", "Available": "2026-04-01",
        }  # fmt: skip
        assert found["relatedIdentifiers"][0]["relatedIdentifier"] == "10.1093/micro/dfu027"
        assert found["rightsList"] == [
            {"rights": "CC BY 4.0", "rightsIdentifier": "CC-BY-4.0", "rightsIdentifierScheme": "SPDX"}
        ]
        assert found["fundingReferences"][0]["awardNumber"] == "JPMXP1222NM1001"
        assert [one["contributorType"] for one in found["contributors"]] == ["DataManager", "HostingInstitution"]

    def test_the_schema_would_find_a_mistake(self, call, record):
        found = self.document(call, record())
        assert not self.VALIDATOR.is_valid({**found, "creators": []})

    def test_blank_mandatory_properties_are_named_and_not_written(self, call, record):
        code, out, err = call("datacite", record(registrant='{name: "-"}', embargo_end=None, registered_on=None))
        assert (code, out) == (2, "")
        assert "registrant.name, embargo_end" in err
        code, out, err = call("datacite", record(title='""'), "--draft")
        assert (code, "titles" in json.loads(out), "title" in err) == (0, False, True)

    def test_an_anonymised_dataset_has_none(self, call, record):
        code, out, err = call("datacite", record(is_anonymized="true"))
        assert (code, out) == (2, "")
        assert "anonymised" in err


class TestCatalogue:
    def test_every_field_of_the_form_is_there(self, call, record):
        sections = json.loads(call("catalogue", record(), "--json")[1])["sections"]
        labels = [one["label"]["ja"] for section in sections for one in section["fields"]]
        for wanted in (
            *(
                "データセット名",
                "課題名",
                "課題番号",
                "実施機関",
                "要約",
                "試料および観測条件",
                "参考文献",
                "DOI",
                "登録日",
            ),
            *("重要技術領域（主）", "重要技術領域（副）", "横断技術領域", "マテリアルインデックス", "キーワードタグ"),
            *("ページビュー", "ダウンロード数", "エンバーゴ解除日", "データセットID", "データ数", "ファイル数"),
            *("ファイルサイズ", "装置・プロセス"),
        ):
            assert wanted in labels
        values = {one["label"]["ja"]: one["values"] for section in sections for one in section["fields"]}
        assert values["データセット登録者（所属機関）"] == ["KIMOTO,Koji (NIMS)"]
        assert (values["登録日"], values["エンバーゴ解除日"], values["ファイル数"]) == (
            ["2023-10-27"],
            ["2026-04-01"],
            ["3"],
        )

    def test_what_anonymity_hides_is_not_on_the_page(self, call, record):
        path = record(is_anonymized="true", description="x", publications=None, entries=None)
        for form in ("text", "markdown", "html"):
            _, out, _ = call("catalogue", path, "--format", form, "--lang", "ja")
            assert "（非表示）" in out
            assert not re.search("KIMOTO|JPMXP1222|STEM of standard", out)

    def test_a_figure_is_proposed_unless_one_is_wanted(self, call, record):
        assert (
            "Proposed graphical abstract: data_0001/main_image/graphene.png"
            in call("catalogue", record(), "--lang", "en")[2]
        )
        wanted = record(graphical_abstract="{requested: [mine.png, yours.png]}")
        assert "as requested: mine.png, yours.png" in call("catalogue", wanted, "--lang", "en")[2]

    def test_markup_in_a_title_is_shown_and_not_run(self, call, record):
        _, out, _ = call("catalogue", record(title="'<script>alert(1)</script> | **x**'"), "--format", "html")
        assert "<script>" not in out
        assert "&lt;script&gt;" in out


class TestCataloguePageOfAnAnonymisedDataset:
    def test_nothing_that_is_hidden_stands_on_it(self, call, record):
        path = record(
            is_anonymized="true",
            description="Kimoto Koji (NIMS) measured for JPMXP1222NM1001",
            graphical_abstract="{requested: [KIMOTO_1.png]}",
            catalogue="{card_link: 'https://x/JPMXP1222NM1001', summary: by K. Kimoto, doi: 10.1/jpmxp1222nm1001}",
        )
        code, page, err = call("catalogue", path)
        assert code == 0
        assert not re.search(r"kimoto|koji|NIMS|JPMXP|STEM of standard", page + err, re.IGNORECASE)
        assert page.count("(hidden)") == 3
        _, html, _ = call("catalogue", record(is_anonymized="true", title="By K. Kimoto"), "--format", "html")
        assert "<title>By [anonymous]</title>" in html

    def test_what_need_not_be_hidden_is_shown(self, call, record):
        path = record(is_anonymized="true", anonymization="{requested: true, fields: [organization]}")
        _, page, _ = call("catalogue", path)
        assert "KIMOTO,Koji" in page
        assert "JPMXP1222NM1001" in page
        assert "NIMS" not in page


class TestAnonymise:
    def hidden(self, call, path, *more):
        code, _, err = call("anonymise", path, "-o", "out.yaml", "--force", *more)
        assert code == 0, err
        return Path("out.yaml").read_text(encoding="utf-8")

    def test_nothing_that_is_hidden_is_left_anywhere(self, call, record):
        description = "Kimoto Koji (NIMS) measured for JPMXP1222NM1001, STEM of  standard specimens; ＫＩＭＯＴＯ again"
        path = record(doi_requested="false", description=json.dumps(description))
        text = self.hidden(call, path)
        assert not re.search(r"kimoto|koji|NIMS|JPMXP|standard\s+specimens", text, re.IGNORECASE)
        dataset = parse_dataset(text, "out.yaml")
        assert (dataset.is_anonymized, dataset.registrant, dataset.manager, dataset.project_number) == (
            True,
            None,
            None,
            None,
        )
        (entry,) = dataset.entries
        assert dict(entry.metadata) == {"voltage": 300}
        assert entry.files["structured"] == ("data_0001/structured/anonymous_graphene.csv",)
        assert (dataset.title, dataset.tags) == ("High SN-ratio STEM images", ("STEM", "標準試料"))

    def test_the_rule_that_looks_for_names_finds_none(self, call, record):
        path = record(doi_requested="false")
        before = parse_dataset(path.read_text(encoding="utf-8"), "d.yaml")
        after = parse_dataset(self.hidden(call, path), "out.yaml")
        judge, context = JUDGES["ARIM-ANO-003"], RuleContext(today=date(2026, 4, 1))
        known = evolve(
            after,
            registrant=before.registrant,
            manager=before.manager,
            project_title=before.project_title,
            project_number=before.project_number,
        )
        assert judge(known, context).kind == "pass"
        assert [one.kind for one in judge(evolve(before, is_anonymized=True), context)].count("fail") >= 1

    def test_what_was_done_is_listed(self, call, record):
        _, out, _ = call("anonymise", record(doi_requested="false"), "-o", "out.json", "--json")
        document = json.loads(out)
        assert {"registrant", "project_number", "entries[0].metadata.User", "entries[0].name"} <= set(
            document["places"]
        )
        assert document["renamed"] == {
            "data_0001/structured/KIMOTO_graphene.csv": "data_0001/structured/anonymous_graphene.csv"
        }
        assert len(document["remarks"]) == 2

    def test_only_what_was_asked_for_is_hidden(self, call, record):
        path = record(doi_requested="false", anonymization="{requested: true, fields: [organization]}")
        dataset = parse_dataset(self.hidden(call, path), "out.yaml")
        assert (dataset.registrant.name, dataset.registrant.organization) == ("KIMOTO,Koji", None)
        assert dataset.project_number == "JPMXP1222NM1001"

    @pytest.mark.parametrize(
        "written",
        [
            "Kōji Kimoto",
            "ＫＩＭＯＴＯ　Ｋｏｊｉ",
            "K. Kimoto",
            "kkimoto",
            "kimoto_k",
            "k.kimoto@example.org",
            "木本 浩司",
            "浩司木本",
            "木本、浩司",
            "National Institute for Materials Science",
            "物質・材料研究機構",
            "22NM1001",
            "JPMXP12-22-NM-1001",
            "A-22-NM-1001",
            "STEM  of standard\nspecimens",
        ],
    )
    def test_every_way_of_writing_it_is_found_by_rule_and_command(self, call, record, written):
        told = {
            "doi_requested": "false",
            "is_anonymized": "true",
            "manager": '{name: "木本 浩司", organization: "国立研究開発法人物質・材料研究機構 '
            '(National Institute for Materials Science)"}',
            "facility": "SPring-8",
            "description": json.dumps(f"Measured ({written})."),
        }
        path = record(**told)
        after = parse_dataset(self.hidden(call, path), "out.yaml")
        assert re.search(r"^Measured \((?:A-)?\[", after.description)
        assert not {*"kimotoKIMOTO木本浩司1001"} & {*re.sub(r"\[[a-z-]+\]|Measured|example.org", "", after.description)}
        judge, context = JUDGES["ARIM-ANO-003"], RuleContext(today=date(2026, 4, 1))
        before = parse_dataset(path.read_text(encoding="utf-8"), "d.yaml")
        assert "description" in {one.path for one in judge(before, context) if one.kind == "fail" and not one.note}

    def test_files_are_searched_and_stay_as_they_are(self, call, record, tmp_path):
        files = tmp_path / "files"
        files.mkdir()
        header = "[Info]\nUser=ＫＩＭＯＴＯ　Ｋｏｊｉ\nEnergy=1\nPlace=NIMS\n".encode("cp932")
        (files / "a.txt").write_bytes(header)
        (files / "b.csv").write_text("1,2\n", encoding="utf-8")
        (files / "c.png").write_bytes(b"\x89PNG\0\0NIMS")
        path = record(doi_requested="false", entries="[{files: {structured: [a.txt, b.csv, c.png, d.txt]}}]")
        code, out, _ = call("anonymise", path, "-o", "out.json", "--files", files, "--json")
        assert json.loads(out)["files"] == {
            "found": [["a.txt", 2], ["a.txt", 4]],
            "unsearched": ["c.png"],
            "absent": ["d.txt"],
        }
        assert (code, (files / "a.txt").read_bytes()) == (1, header)
        code, out, err = call("anonymise", path, "-o", "out.json", "--force", "--files", files, "--lang", "en")
        assert (code, "a.txt, line 2" in out + err, "c.png" in out + err, "d.txt" in err) == (1, True, True, True)

    def test_a_file_outside_the_folder_is_not_looked_into(self, call, record, tmp_path):
        (tmp_path / "files").mkdir()
        path = record(doi_requested="false", entries="[{files: {structured: [../d.yaml]}}]")
        code, _, err = call("anonymise", path, "-o", "out.json", "--files", tmp_path / "files")
        assert (code, "../d.yaml" in err, Path("out.json").exists()) == (2, True, False)

    def test_a_family_name_alone_may_be_anothers_and_is_only_noted(self, record):
        text = record(is_anonymized="true", title="After Kimoto").read_text(encoding="utf-8")
        judge, context = JUDGES["ARIM-ANO-003"], RuleContext(today=date(2026, 4, 1))
        assert [one.note for one in judge(parse_dataset(text, "d.yaml"), context) if one.path == "title"] == [True]

    def test_no_two_files_get_one_name_and_wanted_figures_follow(self, call, record):
        files = "{main_image: [KIMOTO_1.png, Kimoto_1.png, anonymous_1.png, sub/kimoto_1.png]}"
        path = record(
            doi_requested="false",
            graphical_abstract="{requested: [KIMOTO_1.png]}",
            entries=f"[{{name: a, files: {files}, digests: {{KIMOTO_1.png: aa, Kimoto_1.png: bb}}}}]",
        )
        dataset = parse_dataset(self.hidden(call, path), "out.yaml")
        names = dataset.entries[0].files["main_image"]
        assert len({one.casefold() for one in names}) == 4
        assert not any("kimoto" in one.casefold() for one in names)
        assert dict(dataset.entries[0].digests) == {names[0]: "aa", names[1]: "bb"}
        assert dataset.graphical_abstract.requested == (names[0],)

    def test_the_owner_of_the_sample_goes_with_the_registrant(self, call, record):
        path = record(doi_requested="false", sample='{names: [a], owner: NIMS, owner_id: "0123", hide_owner: false}')
        sample = parse_dataset(self.hidden(call, path), "out.yaml").sample
        assert (sample.owner, sample.owner_id, sample.hide_owner) == (None, None, True)

    def test_what_may_be_a_word_stays_and_is_shown_to_a_person(self, call, record):
        path = record(doi_requested="false", description="Koji mold.", facility="NIMS")
        code, out, _ = call("anonymise", path, "-o", "out.json", "--json")
        assert code == 0
        assert json.loads(out)["doubtful"] == ["description", "facility"]
        dataset = parse_dataset(Path("out.json").read_text(encoding="utf-8"), "out.json")
        assert (dataset.description, dataset.facility) == ("Koji mold.", "NIMS")

    def test_short_names_that_are_words_stay(self, call, record):
        path = record(
            doi_requested="false", registrant='{name: "LI,Wei"}', manager=None, description="Li battery by Wei Li"
        )
        dataset = parse_dataset(self.hidden(call, path), "out.yaml")
        assert dataset.description == "Li battery by [anonymous]"

    @pytest.mark.parametrize("changes", [{}, {"doi_requested": "false", "doi": "10.71947/arim.x"}])
    def test_a_doi_is_refused(self, call, record, changes):
        code, _, err = call("anonymise", record(**changes), "-o", "out.yaml")
        assert (code, "DOI" in err, Path("out.yaml").exists()) == (2, True, False)

    def test_a_record_without_names_cannot_be_searched(self, call, record):
        code, _, err = call("anonymise", record(text="title: x\n"), "-o", "out.yaml")
        assert (code, "no name, organisation" in err) == (2, True)


class TestDiff:
    def test_who_changed_what_and_when(self, call, record):
        changed = record(
            "new.yaml",
            title="New title",
            tags="[STEM]",
            changes="[{field: title, by: 'ARIM staff', role: staff, date: 2026-03-01}]",
        )
        code, out, _ = call("diff", record(), changed, "--json")
        rows = {one["field"]: one for one in json.loads(out)["differences"]}
        assert code == 1
        assert (rows["title"]["old"], rows["title"]["new"]) == ("High SN-ratio STEM images", "New title")
        assert (rows["title"]["logged"]["by"], rows["title"]["logged"]["date"]) == ("ARIM staff", "2026-03-01")
        assert (rows["tags[1]"]["new"], rows["tags[1]"]["logged"]) == (None, None)
        _, text, _ = call("diff", record(), changed, "--lang", "ja")
        assert "2026-03-01、変更者 ARIM staff (staff)" in text
        assert "変更者不明" in text

    def test_entries_for_the_log_can_be_pasted(self, call, record):
        changed = record("new.yaml", title="New title")
        code, out, _ = call("diff", record(), changed, "--by", "M. Sato", "--date", "2026-03-02", "--role", "staff")
        (change,) = parse_dataset(out[out.index("\nchanges:") :], "x.yaml").changes
        assert code == 0
        assert (change.field, change.by, change.new) == ("title", "M. Sato", "New title")

    def test_the_same_is_no_difference(self, call, record):
        assert call("diff", record(), record("again.yaml"), "--lang", "en") == (0, "Nothing changed.\n", "")

    def test_by_without_date(self, call, record):
        assert call("diff", record(), record(), "--by", "x")[0] == 2


class TestNotice:
    @pytest.fixture
    def several(self, record):
        return [
            record("a.yaml"),
            record("b.yaml", title='""', embargo_end="2026-03-30"),
            record("later.yaml", embargo_end="2027-03-31"),
            record("other.yaml", manager='{name: "SATO,Mari", organization: JAEA}'),
            record("undated.yaml", text="title: x\n"),
        ]

    def test_those_of_the_month_are_due_and_each_manager_has_one_letter(self, call, several):
        code, out, err = call("notice", *several, "--month", "2026-02", "--json", "--today", "2026-02-20")
        document = json.loads(out)
        assert code == 0
        assert [one["name"] for one in document["due"]] == ["a.yaml", "b.yaml", "other.yaml"]
        assert [one["manager"] for one in document["letters"]] == ["KIMOTO,Koji", "SATO,Mari"]
        assert document["unknown"] == ["undated.yaml"]
        assert "undated.yaml" in err

    def test_a_letter_says_dates_and_open_items_in_both_languages(self, call, several, tmp_path):
        assert call("notice", *several, "--month", "2026-02", "-o", "letters", "--today", "2026-02-20")[0] == 0
        names = sorted(path.name for path in (tmp_path / "letters").iterdir())
        assert len(names) == 4
        japanese = next(path for path in (tmp_path / "letters").glob("001*.ja.txt")).read_text(encoding="utf-8")
        for part in (
            "NIMS　KIMOTO,Koji 様",
            "エンバーゴ解除のご案内",
            "2026-03-31",
            "2026-04-01",
            "ARIM-TTL-001",
            "論文・学会発表",
        ):
            assert part in japanese
        english = next(path for path in (tmp_path / "letters").glob("001*.en.txt")).read_text(encoding="utf-8")
        assert "Dear KIMOTO,Koji (NIMS)," in english
        assert "ARIM-TTL-001" in english

    def test_none_is_due(self, call, several):
        assert "No dataset is due" in call("notice", *several, "--month", "2026-07", "--lang", "en")[1]

    @pytest.mark.parametrize("month", ["2026", "2026-13", "R8-02", "1999-02"])
    def test_a_month_that_is_none(self, call, several, month):
        assert call("notice", *several, "--month", month)[0] == 2


@pytest.mark.parametrize("command", ["timeline", "datacite", "catalogue", "licence"])
def test_a_broken_record_is_one_sentence_with_its_line(call, record, command):
    code, out, err = call(command, record(text="title: x\nmanager: [1\n"))
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert "line 3" in err


def test_help_is_there_in_both_languages(call):
    code, out, _ = call("--help")
    assert code == 0
    assert re.search("[ぁ-ん]", out)
    for name in ("anonymise", "can", "catalogue", "datacite", "diff", "exempt", "explain", "licence", "new", "notice",
                 "rules", "schema", "timeline"):  # fmt: skip
        assert name in out
