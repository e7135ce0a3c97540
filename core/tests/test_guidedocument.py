"""A guide as people read it: every block, in both languages, on a terminal of any width and as Markdown."""

import re

import pytest

from shirube.blocks import Code, Grid, Heading, Listing, Paragraph
from shirube.errors import SettingsError
from shirube.guidedocument import guide_document
from shirube.guidemarkdown import guide_markdown
from shirube.guides import parse_guide
from shirube.guidetext import guide_text
from shirube.terms import core_terms
from shirube.text import display_width

GUIDE = """
introductions = { manual = { en = "Fill in:", ja = "記入：" } }
axes = { iteration = "sum", angle = "keep" }

[overview]
title = { en = "A guide", ja = "ガイド" }
instrument = { en = "Spectrometer", ja = "分光装置" }
maker = "Maker_1"
model = "M*1"
edition = "1"
issued = "2025-12"
publisher = "Publisher"
url = "https://example.org/a_b/"
photon_energy = { minimum = 400, maximum = 1900, unit = "eV" }
features = [{ en = "Feature <one>", ja = "特長一" }]
consumables = [{ en = "Filament", ja = "フィラメント" }]
equation = "a = b_c"
principle = { en = "Principle", ja = "原理" }

[match]
readers = ["m1"]
terms = { instrument = "M-?1" }

[conversions.binding]
limit = 2.0

[files]
data = ["*.txt"]
sidecar_keys = [{ key = "Work Function", term = "work_function", unit = "eV", declared = false }]

[[manual]]
key = "form"
name = "Form|s"
label = { en = "Form", ja = "形状" }
choices = ["粉末", "フィルム"]

[[manual]]
key = "range"
name = "range"
label = { en = "Range", ja = "範囲" }
type = "number"
unit = "eV"
default = 200.0

[[metadata]]
key = "pass_energy"
name = "Pass Energy"
label = { en = "Pass energy", ja = "パスエネルギー" }
term = "pass_energy"
unit = "eV"

[conditions.narrow]
label = { en = "Narrow", ja = "ナロー" }
items = [{ name = "Output", unit = "W", value = "—" }, { name = "Pass", value = "100", terms = ["pass_energy"] }]
conditions = [
    { term = "pass_energy", label = "Pass energy", comparison = "at_most", value = 100, unit = "eV", tolerance = 0.5 },
    { term = "energy_step", label = "Step", comparison = "equal", value = 0.1, unit = "eV" },
]

[sample]
max_thickness = 5

[calibration]
standard = "Au"
operator = "Manager"
frequency = "Often"
method = "Fermi edge"
yields = ["fermi_level"]

[[structuring]]
title = "Conversion"
text = "How"
methods = ["A", "B"]
example = "{ }"

[[analyses]]
analysis = "fit"
switch = "form"
manual = { max_range = "range" }
description = [{ en = "It fits.", ja = "フィットする。" }]

[[readings]]
about = "Dash"
text = { en = "Not said", ja = "記載なし" }
"""


@pytest.fixture(scope="module")
def guide():
    return parse_guide(GUIDE, "m1", "guide.toml")


def blocks_under(guide, title, lang="en"):
    found = []
    inside = False
    for block in guide_document(guide, core_terms(), lang):
        if isinstance(block, Heading) and block.level < 3:
            inside = block.text == title
        elif inside:
            found.append(block)
    return found


def test_printed_items_stand_beside_what_is_checked_and_conditions_without_an_item_follow(guide):
    *_, title, table = blocks_under(guide, "Recommended conditions")
    assert title == Heading("Narrow", 3)
    assert table.head == ("Item", "Unit", "Value", "Checked as")
    assert table.rows == (
        ("Output", "W", "—", ""),
        ("Pass", "", "100", "≤ 100 + 0.5 eV"),
        ("Step", "eV", "0.1", "0.1 eV"),
    )


def test_items_show_type_choices_and_default(guide):
    intro, table = blocks_under(guide, "手入力データ", "ja")
    assert intro == Paragraph("記入：")
    assert [row[1:] for row in table.rows] == [
        ("形状", "文字列", "", "[粉末, フィルム]"),
        ("範囲", "数値", "eV", "既定値: 200.0"),
    ]


def test_keys_that_are_ours_are_told_from_the_guides(guide):
    (patterns, keys) = blocks_under(guide, "Files to register")
    assert patterns.rows == (("Measured data", "*.txt"),)
    assert keys.rows == (("Work Function", "eV", "Work function", "no (ours)"),)


def test_structuring_analyses_and_axes_are_told(guide):
    assert blocks_under(guide, "Conversion") == [Paragraph("How"), Listing(["A", "B"]), Code("{ }")]
    (text, switches) = blocks_under(guide, "Analyses: fit")
    assert text == Paragraph("It fits.")
    assert [value for _, value in switches.rows] == ["Form", "max_range = Range"]
    (axes,) = blocks_under(guide, "Axes of spectra in the analyses")
    assert axes == Grid([("iteration", "summed over"), ("angle", "kept as measured")])


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_text_fits_the_terminal_and_holds_every_block(guide, lang, width):
    text = guide_text(guide, core_terms(), lang, width)
    assert max(display_width(line) for line in text.splitlines()) <= width
    flat = re.sub(r"\s", "", text)
    for block in guide_document(guide, core_terms(), lang):
        parts = block.items if isinstance(block, Listing) else () if isinstance(block, Grid) else (block.text,)
        assert [part for part in parts if re.sub(r"\s", "", part) not in flat] == []


def test_what_the_program_goes_by_is_told_too(guide):
    (match,) = blocks_under(guide, "Which measurements it is for (as the program sees it)")
    assert match.rows == (("Reader", "m1"), ("Instrument", "/M-?1/"))
    (conversions,) = blocks_under(guide, "Parameters of conversions")
    assert conversions.rows == (("binding.limit", "2.0"),)


def test_a_range_cannot_end_below_its_beginning():
    with pytest.raises(SettingsError, match=r"overview\.photon_energy: the maximum is below the minimum"):
        parse_guide(GUIDE.replace("maximum = 1900", "maximum = 190"), "m1", "guide.toml")


def test_markdown_shows_signs_as_they_are_and_links_addresses(guide):
    text = guide_markdown(guide, core_terms(), "en")
    assert text.startswith("# A guide\n\n")
    assert text.endswith("\n")
    for shown in (r"M\*1", r"Maker\_1", r"Form\|s", r"Feature \<one\>", "<https://example.org/a_b/>"):
        assert shown in text
    assert "```text\na = b_c\n```" in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.sub(r"\\\|", "", line).split("|")) for line in table if "Item" in line} == {6, 7, 8}


def test_an_example_is_shown_in_the_language_of_the_page():
    text = GUIDE + '[[structuring]]\ntitle = "t"\ntext = "t"\nexample = { en = "ENERGY", ja = "エネルギー" }\n'
    guide = parse_guide(text, "g", "g.toml")
    for lang, shown in (("en", "ENERGY"), ("ja", "エネルギー")):
        assert Code(shown) in guide_document(guide, core_terms(), lang)
