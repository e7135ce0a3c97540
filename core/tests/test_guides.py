"""Guides are data: strictly structured, overridden leaf by leaf, with the key and line of every mistake."""

import pytest

from shirube.errors import SettingsError
from shirube.guides import Condition, file_matches, parse_guide, registry_key
from shirube.messages import Text

GUIDE = """
[overview]
title = { en = "Guide", ja = "ガイド" }
instrument = { en = "Spectrometer", ja = "分光装置" }
maker = "Maker"
model = "M1"
edition = "1"
issued = "2025-12"
publisher = "Publisher"
features = [{ en = "XPS", ja = "XPS" }]

[match]
readers = ["m1"]
terms = { instrument = "M1" }

[files]
data = ["*.txt"]

[[manual]]
key = "peak_fit"
name = "Peak fit"
label = { en = "Peak fit", ja = "ピーク分離" }
type = "boolean"
default = false

[[metadata]]
key = "pass_energy"
name = "Pass Energy"
label = "Pass energy"
term = "pass_energy"
unit = "eV"

[conditions.narrow]
label = { en = "Narrow", ja = "ナロー" }
max_width = 50
conditions = [{ term = "pass_energy", label = "Pass energy", comparison = "at_most", value = 100, unit = "eV" }]

[[analyses]]
analysis = "fit"
switch = "peak_fit"
parameters = { max_peaks = 8, background = "shirley" }
"""


def parse(text=GUIDE, overrides=None):
    return parse_guide(text, "m1", "guide.toml", overrides)


def refused(text, overrides=None):
    with pytest.raises(SettingsError) as caught:
        parse(text, overrides)
    assert caught.value.path == "guide.toml"
    return caught.value


def test_a_guide_is_structured():
    guide = parse()
    assert guide.name == "m1"
    assert guide.overview.title == Text(en="Guide", ja="ガイド")
    assert guide.overview.maker == Text(en="Maker", ja="Maker")
    assert guide.files.data == ("*.txt",)
    assert guide.manual[0].default is False
    (condition,) = guide.conditions["narrow"].conditions
    assert condition == Condition(
        term="pass_energy", label=Text("Pass energy", "Pass energy"), comparison="at_most", value=100, unit="eV"
    )
    assert guide.conditions["narrow"].max_width == 50.0
    assert dict(guide.analyses[0].parameters) == {"max_peaks": 8, "background": "shirley"}
    assert guide.calibration is None


def test_a_facility_overrides_single_leaves():
    guide = parse(overrides={"conditions": {"narrow": {"max_width": 30.0}}, "overview": {"model": "M2"}})
    assert guide.conditions["narrow"].max_width == 30.0
    assert guide.conditions["narrow"].label.ja == "ナロー"
    assert guide.overview.model == "M2"
    assert parse().overview.model == "M1"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('model = "M1"', "model = 3", 6, "overview.model: expected a text, got 3"),
        (
            'model = "M1"',
            'modle = "M1"',
            None,
            "overview.modle: there is no such key; remove or rename it. Did you mean 'model'?",
        ),
        ('data = ["*.txt"]', 'data = "*.txt"', 17, "files.data: expected a list, got '*.txt'"),
        (
            'type = "boolean"',
            'type = "bool"',
            23,
            "manual[0].type: expected one of string, integer, number, boolean, got 'bool'",
        ),
        ("max_width = 50", 'max_width = "50"', 35, "conditions.narrow.max_width: expected a number, got '50'"),
        ("max_width = 50", "max_width = true", 35, "conditions.narrow.max_width: expected a number, got True"),
        ('title = { en = "Guide", ja = "ガイド" }', 'title = { en = "Guide" }', 3, "overview.title: expected a text"),
        ('term = "pass_energy"\n', "", None, "metadata[0].term: this key is missing"),
        ("[files]", "files = 3\n[other]", None, "other"),
    ],
)
def test_a_mistake_is_named_by_key_and_line(old, new, line, said):
    assert old in GUIDE
    error = refused(GUIDE.replace(old, new, 1))
    assert said in str(error)
    if line is not None:
        assert error.line == line
    assert said.partition(":")[0] in error.render("ja")


def test_all_mistakes_are_told_at_once():
    error = refused(GUIDE.replace('model = "M1"', "model = 3").replace("max_width = 50", 'max_width = "x"'))
    assert "overview.model" in str(error)
    assert "conditions.narrow.max_width" in str(error)


def test_a_mistake_in_an_override_blames_no_line_of_the_guide():
    error = refused(GUIDE, {"overview": {"model": 3}})
    assert "overview.model" in str(error)
    assert error.line is None
    assert "conditions.narow.label" in str(refused(GUIDE, {"conditions": {"narow": {"max_width": 3}}}))


@pytest.mark.parametrize(
    "condition",
    [
        'comparison = "at_most", value = "x"',
        'comparison = "at_least", value = "5 eV"',
        'comparison = "equal", value = "x", unit = "eV"',
        'comparison = "equal", value = "x", tolerance = 0.5',
        'comparison = "equal", value = "x", better = "lower"',
    ],
)
def test_a_condition_on_a_number_takes_no_text(condition):
    text = GUIDE.replace('comparison = "at_most", value = 100, unit = "eV"', condition)
    error = refused(text)
    assert "conditions.narrow.conditions[0].value: expected a number, got" in str(error)
    assert error.path == "guide.toml"
    assert "数値" in error.render("ja")


def test_a_condition_on_a_text_is_a_text():
    text = GUIDE.replace('comparison = "at_most", value = 100, unit = "eV"', 'comparison = "equal", value = "high"')
    assert parse(text).conditions["narrow"].conditions[0].value == "high"


def test_an_override_turns_no_number_of_a_condition_into_text():
    changes = {"conditions": {"narrow": {"conditions": {"pass_energy": {"value": "abc"}}}}}
    assert "value: expected a number, got 'abc'" in str(refused(GUIDE, changes))


def test_what_is_not_toml_is_refused():
    assert "not TOML" in str(refused("[overview"))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Pass Energy", "pass_energy"),
        ("Detector First X-Channel", "detector_first_x_channel"),
        ("RegionName", "region_name"),
        ("Energy [eV]", "energy_ev"),
    ],
)
def test_registry_keys_are_lower_snake_case(name, key):
    assert registry_key(name) == key


def test_file_patterns_do_not_care_for_case():
    assert file_matches(("*.txt", "*_metadata.json"), "CU_0003.TXT")
    assert not file_matches(("*.txt",), "x.csv")
    assert not file_matches((), "x.csv")


@pytest.mark.parametrize("empty", ["", "readers = []", "[match.terms]"])
def test_a_guide_that_would_match_every_file_is_refused(empty):
    matched = '[match]\nreaders = ["m1"]\nterms = { instrument = "M1" }\n'
    assert matched in GUIDE
    error = refused(GUIDE.replace(matched, f"[match]\n{empty}\n"))
    assert "would match every file" in str(error)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('instrument = "M1"', 'instrument = "("', "match.terms.instrument"),
        (
            'comparison = "at_most", value = 100, unit = "eV"',
            'comparison = "matches", value = "["',
            "conditions.narrow.conditions[0].value",
        ),
    ],
)
def test_what_is_no_regular_expression_is_named_by_its_key_when_the_guide_is_read(old, new, key):
    assert old in GUIDE
    error = refused(GUIDE.replace(old, new))
    assert f"{key}: {new.rpartition(chr(34))[0][-1]!r} is no regular expression".replace('"', "'") in str(error)
    assert "正規表現" in error.render("ja")


NARROW = "narrow"


def conditions(guide):
    return [(one.term, one.value, one.label.en) for one in guide.conditions[NARROW].conditions]


def changed(entries):
    return {"conditions": {NARROW: {"conditions": entries}}}


@pytest.mark.parametrize(
    "entries",
    [[{"term": "pass_energy", "value": 20}], {"pass_energy": {"value": 20}}, {"pass_energy": {"value": "20"}}],
)
def test_a_facility_changes_one_leaf_of_one_entry_of_a_list(entries):
    assert conditions(parse(overrides=changed(entries))) == [("pass_energy", 20.0, "Pass energy")]


def test_a_whole_new_entry_is_added_behind_the_guides_own_and_one_can_be_removed():
    new = {"term": "energy_step", "label": "Step", "comparison": "at_most", "value": 0.1}
    assert conditions(parse(overrides=changed([new]))) == [
        ("pass_energy", 100, "Pass energy"),
        ("energy_step", 0.1, "Step"),
    ]
    assert conditions(parse(overrides=changed([{"term": "pass_energy", "remove": True}]))) == []
    assert parse(overrides={"manual": []}).manual == ()


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            [{"term": "pass_enrgy", "value": 20}],
            "no entry with term = 'pass_enrgy' to change. Did you mean 'pass_energy'?",
        ),
        ([{"term": "energy_step", "value": 20}], "To add one, write all of it"),
        ([{"value": 20}], "conditions.narrow.conditions[0]: say with term = …"),
        ([{"term": "pass_enrgy", "remove": True}], "no 'pass_enrgy' to remove"),
        ([{"term": "pass_energy", "remove": "perhaps"}], "neither true nor false"),
        ({"pass_energy": {"valeu": 20}}, "Did you mean 'value'?"),
    ],
)
def test_an_entry_that_cannot_be_laid_over_the_guide_is_told_by_name(entries, said):
    assert said in str(refused(GUIDE, changed(entries)))


def test_texts_of_overrides_become_what_their_leaves_are():
    guide = parse(
        overrides={
            "files": {"data": "*.txt, *.dat"},
            "manual": {"peak_fit": {"expected": "true", "default": "yes", "minimum": "1.5"}},
            "conditions": {NARROW: {"max_width": "none"}},
            "overview": {"edition": "2"},
            "analyses": {"fit": {"parameters": {"max_peaks": "9", "background": "3"}}},
        }
    )
    (item,) = guide.manual
    assert (item.expected, item.default, item.minimum) == (True, True, 1.5)
    assert guide.files.data == ("*.txt", "*.dat")
    assert guide.conditions[NARROW].max_width is None
    assert guide.overview.edition.en == "2"
    assert dict(guide.analyses[0].parameters) == {"max_peaks": 9, "background": "3"}
    assert type(guide.analyses[0].parameters["max_peaks"]) is int
    assert "expected a number, got 'wide'" in str(refused(GUIDE, {"conditions": {NARROW: {"max_width": "wide"}}}))
