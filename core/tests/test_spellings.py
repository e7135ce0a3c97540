"""Names of people: how they may be written, and texts searched for them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.spellings import Name, compiled, family_alone, folded, given_alone, names, split_name, substituted


@pytest.mark.parametrize(
    ("shown", "parts"),
    [
        ("YAMADA, Taro", Name("YAMADA", "Taro")),
        ("山田　太郎", Name("山田", "太郎")),
        ("山田、太郎", Name("山田", "太郎")),
        ("Taro Yamada", Name("Taro Yamada")),
        ("山田", Name("山田")),
        (" , ", Name("")),
    ],
)
def test_a_name_has_the_parts_that_can_be_told(shown, parts):
    assert split_name(shown) == parts


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (
            "YAMADA, Taro",
            [
                "Taro Yamada",
                "yamada_taro",
                "TAROYAMADA",
                "T. Yamada",
                "Yamada T",
                "Ｙａｍａｄａ・Taro",
                "Yamada-Taro01",
            ],
        ),
        ("LI, Wei", ["Wei Li", "W. Li", "Li, W.", "liwei"]),
        ("MÜLLER, Jörg", ["Jorg Muller", "Müller, J."]),
        ("Taro Yamada", ["Taro Yamada", "Yamada_Taro"]),
        ("山田 太郎", ["山田太郎", "太郎　山田", "試料は山田・太郎のもの"]),
    ],
)
def test_a_name_is_found_as_people_write_it(name, written):
    pattern = compiled(names(name))
    assert [text for text in written if not pattern.search(folded(text))] == []


@pytest.mark.parametrize(
    ("name", "other"),
    [("LI, Wei", "Lithium weighs"), ("LI, Wei", "W Li3PO4"), ("YAMADA, Taro", "Kyamadataro"), ("YAMADA, Taro", "Taro")],
)
def test_other_words_are_left_alone(name, other):
    assert not compiled(names(name)).search(folded(other))


def test_a_part_alone_is_looked_for_where_it_tells_enough():
    assert [one.need for one in family_alone("YAMADA, Taro")] == ["yamada"]
    assert [one.need for one in given_alone("YAMADA, Taro")] == ["taro"]
    assert not list(family_alone("LI, Wei"))
    assert not list(family_alone("Yamada"))
    assert [one.need for one in family_alone("山田 太郎")] == ["山田"]


@given(st.text())
def test_folding_keeps_the_place_of_every_letter(text):
    assert len(folded(text)) == len(unicodedata.normalize("NFKC", text))
    assert folded(text) == folded(unicodedata.normalize("NFKC", text))


@given(st.text(), st.text())
def test_nothing_is_left_where_a_name_stood(before, after):
    pattern = compiled(names("YAMADA, Taro"))
    text = f"{before} Yamada Taro {after}"
    assert not pattern.search(folded(substituted(text, pattern, "*")))
    assert "*" in substituted(text, pattern, "*")
