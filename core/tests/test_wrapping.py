"""Lines for terminals: never too wide, nothing lost, no line that begins with a full stop."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.text import display_width
from shirube.wrapping import grid_lines, padded, wrapped

TEXTS = st.text(alphabet=st.sampled_from("abcxyz  　光電子分光装置。、（「」）・ーXPS-12.,()"), max_size=120)


@given(text=TEXTS, width=st.integers(2, 40))
def test_no_line_is_too_wide_and_no_character_is_lost(text, width):
    lines = wrapped(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_latin_words_stay_whole_and_long_ones_are_cut():
    assert wrapped("soft X-ray photoelectron spectroscopy", 16) == ["soft X-ray", "photoelectron", "spectroscopy"]
    assert wrapped("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_no_line_begins_with_a_full_stop_or_ends_with_an_opening_bracket():
    assert wrapped("光電子。分光", 6) == ["光電", "子。分", "光"]
    assert wrapped("光電「分光」", 6) == ["光電", "「分", "光」"]


def test_line_breaks_stay():
    assert wrapped("a\n\nb", 10) == ["a", "", "b"]


def test_a_table_is_aligned_by_what_a_terminal_shows():
    rows = [("装置", "SES2002"), ("Maker", "シエンタ")]
    assert list(grid_lines(rows, 40, head=("項目", "値"), indent="  ")) == [
        "  項目   値",
        "  -----  --------",
        "  装置   SES2002",
        "  Maker  シエンタ",
    ]
    assert padded("光", 4) == "光  "
    assert list(grid_lines([], 40)) == []


@pytest.mark.parametrize("width", [24, 30, 60])
def test_the_widest_column_of_a_table_is_wrapped_first(width):
    lines = list(grid_lines([("key", "とても長い説明の文章がここに入ります。"), ("k", "short")], width))
    assert all(display_width(line) <= width for line in lines)
    assert lines[0].startswith("key  と")
    assert lines[-1] == "k    short"
    assert re.sub(r"\s", "", "".join(lines[:-1])) == "keyとても長い説明の文章がここに入ります。"
