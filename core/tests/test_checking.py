"""``shirube check``: many records, gates and their exit code, levels, profiles, formats, and bad records among good."""

import json
from xml.etree import ElementTree as ET

import pytest

from shirube.cli import run_command_line
from shirube.testing import fake_distribution, on_path

POLICY = '''
from attrs import frozen

from shirube.hooks import Policy, Text, hookimpl
from shirube.parameters import parameter, parameters
from shirube.rules import Rule, failed, informational, open_, passed


def t(text):
    return Text(en=text, ja=text)


@parameters
class Parameters:
    """Section [policies.house]."""

    longest: int = parameter(10, en="longest title", ja="長さの上限")


def title(dataset, context):
    if dataset.title is None:
        return open_("title")
    if len(dataset.title) > context.parameters.longest:
        return failed(path="title", longest=context.parameters.longest)
    return passed()


def anonymous(dataset, context):
    return failed() if dataset.is_anonymized else passed()


class House:
    @staticmethod
    def rules(parameters):
        return [
            Rule(id="H-TTL", subject="dataset", severity="should", message=t("longer than {longest}"), judge=title,
                 remedy=t("shorten it"), blocks=("list", "doi")),
            Rule(id="H-ANO", subject="dataset", severity="must", message=t("anonymous"), judge=anonymous,
                 blocks=("doi",), locked=True),
        ]


@hookimpl
def shirube_policies():
    return [Policy(name="house", description=t("house rules"), implementation=House, parameters=Parameters,
                   gates={"list": Text(en="listing", ja="掲載"), "doi": Text(en="DOI", ja="DOI")})]
'''

FACILITY = """
[plugins]
allow = ["house"]
[profiles.strict.policies.house]
longest = 3
"""


@pytest.fixture
def check(capsys, monkeypatch, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    fake_distribution(site, "dist-house", plugins={"house": "fake_house"}, modules={"fake_house": POLICY})
    settings = tmp_path / "facility.toml"
    settings.write_text(FACILITY, encoding="utf-8")
    monkeypatch.setenv("SHIRUBE_CONFIG", str(settings))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = run_command_line(["check", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    with on_path(site):
        yield run


@pytest.fixture
def record(tmp_path):
    def write(name="d.yaml", text="title: short\nis_anonymized: false\n"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_waiver_for_a_misspelt_record_is_told_and_one_for_another_is_not(check, record, tmp_path):
    given = '[[waivers]]\nrule = "H-TTL"\nreason = "agreed with everybody"\napproved_by = "me"\nsubject = "{}"\n'
    slip, other = given.format("goldfoil.yaml"), given.format("silver-2.yaml")
    (tmp_path / "facility.toml").write_text(FACILITY + slip + other, encoding="utf-8")
    _, _, err = check(record("gold-foil.yaml"), "--lang", "en")
    assert "for goldfoil.yaml, and nothing of this name was judged" in err
    assert "silver" not in err


LONG = "title: longer than ten\nis_anonymized: false\n"


def states(out):
    return {one["gate"]: one["state"] for one in json.loads(out)["records"][0]["gates"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: short\nis_anonymized: false\n", {"list": "clear", "doi": "clear"}),
        (LONG, {"list": "withheld", "doi": "withheld"}),
        ("title: short\nis_anonymized: true\n", {"list": "clear", "doi": "closed"}),
        ("is_anonymized: false\n", {"list": "undecided", "doi": "undecided"}),
    ],
)
def test_every_gate_says_how_it_stands(check, record, text, expected):
    _, out, _ = check(record(text=text), "--json", "--today", "2026-04-01")
    assert states(out) == expected


def test_people_read_gates_causes_and_remedies(check, record):
    code, out, _ = check(record(text=LONG), "--lang", "en")
    assert code == 0
    assert "-> shorten it" in out
    assert [line.split() for line in out.splitlines() if "withheld" in line] == [
        ["listing", "may", "be", "withheld", "H-TTL"],
        ["DOI", "may", "be", "withheld", "H-TTL"],
    ]


@pytest.mark.parametrize(("level", "expected"), [("must", 0), ("should", 1), ("may", 1), ("never", 0)])
def test_the_level_decides_the_exit_code(check, record, level, expected):
    assert check(record(text=LONG), "--fail-on", level)[0] == expected


class TestGate:
    @pytest.mark.parametrize(
        ("text", "gate", "expected"),
        [
            (LONG, "doi", 1),
            ("title: x\nis_anonymized: true\n", "list", 0),
            ("title: x\nis_anonymized: true\n", "doi", 1),
            ("is_anonymized: false\n", "list", 1),
        ],
    )
    def test_only_the_named_gate_decides(self, check, record, text, gate, expected):
        code, out, _ = check(record(text=text), "--gate", gate, "--json")
        assert (code, list(states(out))) == (expected, [gate])

    def test_only_what_concerns_it_is_said(self, check, record):
        _, out, _ = check(record(text=LONG), "--gate", "list", "--verbose")
        assert "H-ANO" not in out

    def test_an_unknown_gate_is_no_gate_that_is_passed(self, check, record):
        code, _, err = check(record(), "--gate", "dio")
        assert code == 2
        assert "there are: list, doi" in err
        assert "Did you mean 'doi'" in err


def test_a_profile_of_the_facility_is_laid_under_the_project(check, record):
    path = record(text="title: four\nis_anonymized: false\n")
    assert check(path, "--fail-on", "should")[0] == 0
    assert check(path, "--fail-on", "should", "--profile", "strict")[0] == 1
    code, _, err = check(path, "--profile", "stricct")
    assert (code, "Did you mean 'strict'" in err) == (2, True)


class TestManyRecords:
    def test_each_has_its_block_and_a_line_in_the_overview(self, check, record):
        code, out, _ = check(record("a.yaml"), record("b.yaml", LONG), "--fail-on", "should")
        assert code == 1
        assert "== a.yaml ==" in out
        assert "  a.yaml: listing yes, DOI yes\n  b.yaml: listing may be withheld, DOI may be withheld\n" in out

    def test_files_of_one_name_are_told_apart(self, check, record):
        record("one/d.yaml")
        record("two/d.yaml", LONG)
        _, out, _ = check("one/d.yaml", "two/d.yaml", "--json")
        records = json.loads(out)["records"]
        assert [one["name"] for one in records] == ["one/d.yaml", "two/d.yaml"]
        assert {one["findings"]["findings"][0]["subject"]["id"] for one in records} == {"one/d.yaml", "two/d.yaml"}

    def test_a_broken_one_does_not_hide_the_others(self, check, record):
        code, out, err = check(record("a.yaml", "titel: x\n"), record("b.yaml", LONG), record("c.yaml", "title: [\n"))
        assert code == 2
        assert "H-TTL" in out
        lines = err.strip().splitlines()
        assert len(lines) == 2
        assert "a.yaml, line 1: titel" in lines[0]
        assert "c.yaml, line 2: this is not valid YAML" in lines[1]


class TestFormats:
    def test_each_goes_to_standard_output_or_a_file(self, check, record, tmp_path):
        path = record(text=LONG)
        _, sarif, _ = check(path, "--format", "sarif")
        assert json.loads(sarif)["runs"][0]["results"][0]["ruleId"] == "H-TTL"
        _, junit, _ = check(path, "--format", "junit")
        suites = ET.fromstring(junit)  # noqa: S314 it is what this program wrote
        assert suites[0].get("failures") == "1"
        code, out, _ = check(path, "--format", "html", "-o", tmp_path / "sub" / "page.html", "--fail-on", "should")
        assert (code, out) == (1, "")
        assert "H-TTL" in (tmp_path / "sub" / "page.html").read_text(encoding="utf-8")
        assert "`H-TTL`" in check(path, "--format", "markdown", "--lang", "ja")[1]

    @pytest.mark.parametrize(
        ("suffix", "text", "line"),
        [
            (".yaml", "# a comment\n\ndescription: x\ntitle: much longer than ten\n", 4),
            (".toml", 'description = "x"\ntitle = "much longer than ten"\n', 2),
            (".json", '{\n"description": "x",\n\n"title": "much longer than ten"}', 4),
        ],
    )
    def test_findings_are_shown_where_they_stand_in_the_file_that_was_named(
        self, check, tmp_path, monkeypatch, suffix, text, line
    ):
        (tmp_path / "sets").mkdir()
        (tmp_path / "sets" / f"d{suffix}").write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        _, sarif, _ = check(f"sets/d{suffix}", "--format", "sarif")
        (result,) = [one for one in json.loads(sarif)["runs"][0]["results"] if one["ruleId"] == "H-TTL"]
        (location,) = result["locations"]
        assert location["physicalLocation"] == {
            "artifactLocation": {"uri": f"sets/d{suffix}"},
            "region": {"startLine": line},
        }
        _, out, _ = check(tmp_path / "sets" / f"d{suffix}", "--json")
        assert json.loads(out)["records"][0]["lines"] == {"title": line}
        _, sarif, _ = check(tmp_path / "sets" / f"d{suffix}", "--format", "sarif")
        assert str(tmp_path) not in sarif

    def test_json_is_the_same_by_either_option(self, check, record):
        path = record()
        assert check(path, "--json", "--today", "2026-04-01") == check(
            path, "--format", "json", "--today", "2026-04-01"
        )

    def test_a_place_that_cannot_be_written_is_one_sentence(self, check, record, tmp_path):
        code, _, err = check(record(), "--format", "html", "-o", tmp_path / "facility.toml" / "x.html")
        assert (code, len(err.strip().splitlines())) == (2, 1)


def test_a_run_folder_is_enough_wherever_it_lies(check, tmp_path, capsys):
    scan = tmp_path / "scan.csv"
    scan.write_text("Binding energy (eV),Intensity\n3.0,10\n2.0,20\n1.0,30\n0.0,40\n", encoding="utf-8")
    assert run_command_line(["run", str(scan), "-o", str(tmp_path / "out")]) == 0
    scan.unlink()
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    capsys.readouterr()
    code, out, err = check(tmp_path / "elsewhere", "--json")
    (record,) = json.loads(out)["records"]
    assert (code, err) == (0, "")
    assert {one["rule"] for one in record["findings"]["findings"]} >= {"H-TTL", "H-ANO"}


def test_what_nobody_understands_is_one_sentence(check, record):
    code, _, err = check(record("d.xlsx"))
    assert code == 2
    assert "neither a run folder nor a dataset file (.yaml, .yml, .json, .toml)" in err
