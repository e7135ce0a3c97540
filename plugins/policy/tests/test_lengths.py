"""Lengths in Japanese, English and mixed text, and the band of an "about"."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube_policy.blanks import filled
from shirube_policy.lengths import at_least, at_most, measure, plain_text

JAPANESE = "あ"
ENGLISH = "a"
# A text is at first 200 to 500 (400 to 1000) characters, with a band of a tenth: (text, lower limit, upper limit).
DESCRIPTIONS = [
    (JAPANESE * 179, "outside", "within"),
    (JAPANESE * 180, "about", "within"),
    (JAPANESE * 199, "about", "within"),
    (JAPANESE * 200, "within", "within"),
    (JAPANESE * 500, "within", "within"),
    (JAPANESE * 501, "within", "about"),
    (JAPANESE * 550, "within", "about"),
    (JAPANESE * 551, "within", "outside"),
    (ENGLISH * 359, "outside", "within"),
    (ENGLISH * 360, "about", "within"),
    (ENGLISH * 399, "about", "within"),
    (ENGLISH * 400, "within", "within"),
    (ENGLISH * 1000, "within", "within"),
    (ENGLISH * 1001, "within", "about"),
    (ENGLISH * 1100, "within", "about"),
    (ENGLISH * 1102, "within", "outside"),
]
TITLES = [
    (JAPANESE * 50, "within"),
    (JAPANESE * 55, "about"),
    (JAPANESE * 56, "outside"),
    (ENGLISH * 100, "within"),
    (ENGLISH * 110, "about"),
    (ENGLISH * 111, "outside"),
    ("High SN-ratio STEM images", "within"),
    ("高圧下での新規La-Ni水素化物の形成過程の観測", "within"),
]


@pytest.mark.parametrize(("text", "lower", "upper"), DESCRIPTIONS)
def test_a_description_is_held_against_both_limits(text, lower, upper):
    assert at_least(measure(text), 200, 0.1) == lower
    assert at_most(measure(text), 500, 0.1) == upper


@pytest.mark.parametrize(("title", "band"), TITLES)
def test_a_title_is_held_against_its_limit(title, band):
    assert at_most(measure(title), 50, 0.1) == band


def test_mixed_text_is_measured_in_full_width_equivalents():
    length = measure("装置 XPS (SES2002)")
    assert length.characters == 16
    assert length.full_width == 2 + 14 / 2
    assert not length.japanese


def test_formulae_in_a_japanese_text_count_fully_towards_the_minimum():
    text = "酸化物薄膜のスペクトルを測定した試料" * 8 + " SrTiO3, LaAlO3, MoS2, GaN, Si, " * 2
    length = measure(text)
    assert length.japanese
    assert length.for_minimum == length.characters > length.full_width


def test_a_bilingual_text_is_not_called_too_long_because_it_holds_japanese():
    text = (
        "標準試料の像。高速に計測した像と積算した像を比較した。" * 3
        + "Images of standard specimens taken at high speed. " * 12
    )
    length = measure(text)
    assert length.characters > 550
    assert at_most(length, 500, 0.1) == "within"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>SrTiO<sub>3</sub></p>", "SrTiO3"),
        ("a &amp; b&nbsp;c", "a & b c"),
        ("x < 5 and y > 3", "x < 5 and y > 3"),
        ("  one\n\ttwo　three ", "one two three"),
        ("か\u3099", "が"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_markup_and_spacing_do_not_count(text, plain):
    assert plain_text(text) == plain


@given(st.text(max_size=60))
def test_a_character_is_half_a_width_or_a_whole_one(text):
    length = measure(text)
    marks = sum(unicodedata.category(char).startswith("M") for char in plain_text(text))
    assert length.characters / 2 <= length.full_width <= length.characters + marks


@given(st.text("あアa1 ", max_size=40), st.text("あアa1 ", max_size=40))
def test_more_text_is_never_shorter(one, other):
    assert measure(one + other).full_width >= measure(one).full_width
    assert measure(one + other).characters >= measure(one).characters


@given(st.text("あいう漢字カナ", max_size=300))
def test_purely_japanese_text_is_counted_by_characters(text):
    length = measure(text)
    assert length.characters == length.full_width == len(text)
    assert length.japanese == bool(text)


@given(st.text("abc xyz", min_size=1, max_size=300))
def test_purely_english_text_counts_half(text):
    assert measure(text).full_width == len(" ".join(text.split())) / 2


@given(st.integers(0, 1300), st.floats(0, 1))
def test_a_wider_band_never_makes_a_verdict_worse(count, tolerance):
    order = ["within", "about", "outside"]
    length = measure(ENGLISH * count)
    for judged in (at_least(length, 200, tolerance), at_most(length, 500, tolerance)):
        assert judged in order
    assert order.index(at_most(length, 500, tolerance)) <= order.index(at_most(length, 500, 0))
    assert order.index(at_least(length, 200, tolerance)) <= order.index(at_least(length, 200, 0))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        "　",
        "-",
        "---",
        "？？",
        "NaN",
        "N/A",
        "不明",
        " Test ",
        "ＴＥＳＴ",
        "<p></p>",
        "&nbsp;",
        "\u200b",
    ],
)
def test_blank_fields_and_placeholders_say_nothing(text):
    assert not filled(text)


@pytest.mark.parametrize("text", ["Na", "Si", "MoS2", "5", "鉄", "テスト試料 A の XPS", "Unknown phase of VO2"])
def test_short_answers_say_something(text):
    assert filled(text)
