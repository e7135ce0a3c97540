"""Free texts mention things, and take some of them back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.mentions import mention

CLEAVED = "劈開|cleav"
COPPER = "(?<![A-Za-z0-9])Cu(?![A-Za-z0-9])|copper|銅"


@pytest.mark.parametrize(
    ("pattern", "text", "how"),
    [
        (CLEAVED, "cleaved in situ", "affirmed"),
        (CLEAVED, "measured right after cleaving, not annealed", "affirmed"),
        (CLEAVED, "cleaved but not annealed", "affirmed"),
        (CLEAVED, "not measured after cleaving in air", "affirmed"),
        (CLEAVED, "first not cleaved, then cleaved", "affirmed"),
        (CLEAVED, "as received, not cleaved", "denied"),
        (CLEAVED, "as received, uncleaved", "denied"),
        (CLEAVED, "it wasn't cleaved", "denied"),
        (CLEAVED, "without any cleaving", "denied"),
        (CLEAVED, "cleaving was not possible", "denied"),
        (CLEAVED, "cleaving: none", "denied"),
        (CLEAVED, "超高真空中で劈開した", "affirmed"),
        (CLEAVED, "劈開せず、大気中で洗浄", "denied"),
        (CLEAVED, "劈開はしていない", "denied"),
        (CLEAVED, "劈開なし", "denied"),
        (CLEAVED, "未劈開の試料", "denied"),
        (CLEAVED, "rinsed with acetone", "absent"),
        (COPPER, "銅板で固定し傾きなし", "affirmed"),
        (COPPER, "銅プレートを使用せず", "denied"),
        (COPPER, "銅は不使用", "denied"),
        (COPPER, "銅板を使わず直接固定", "denied"),
        (COPPER, "Cu plate, no carbon tape", "affirmed"),
        (COPPER, "carbon tape, no Cu", "denied"),
        (COPPER, "Cu-free holder", "denied"),
        (COPPER, "Cu2O powder on carbon tape", "absent"),
        ("管理者|manager", "user, in the absence of the manager", "denied"),
        ("管理者|manager", "装置管理者", "affirmed"),
        ("管理者|manager", "管理者以外の利用者", "denied"),
        ("管理者|manager", "管理者不在のため利用者", "denied"),
    ],
)
def test_a_mention_is_told_from_its_denial(pattern, text, how):
    assert mention(pattern, [None, text]) == how


def test_one_text_that_affirms_is_enough():
    assert mention(CLEAVED, ["not cleaved", "cleaved"]) == "affirmed"
    assert mention(CLEAVED, []) == "absent"


@given(st.text(), st.text())
def test_any_text_is_read_and_an_affirmed_clause_of_its_own_affirms(before, after):
    assert mention("zirconia", [before, after]) == "absent" or "zirconia" in (before + after).lower()
    assert mention("zirconia", [f"{before}。zirconia。{after}"]) == "affirmed"
