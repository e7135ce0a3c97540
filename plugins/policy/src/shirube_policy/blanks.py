"""Blank fields: what counts as not filled in, apart from what nobody supplied."""

from __future__ import annotations

import functools
import unicodedata
from typing import Final

from shirube_policy.lengths import plain_text

#: Words that stand in a field instead of an answer, unless they are an element's symbol as it is spelt (Na, Nd).
_PLACEHOLDERS: Final = frozenset(
    {
        "n/a",
        "n.a.",
        "na",
        "n.d.",
        "nd",
        "no",
        "nan",
        "nil",
        "none",
        "null",
        "tba",
        "tbd",
        "unknown",
        "undefined",
        "untitled",
        "unnamed",
        "dummy",
        "sample",
        "temp",
        "test",
        "tmp",
        "xxx",
        "dataset",
        "不明",
        "未定",
        "未記入",
        "未入力",
        "未設定",
        "なし",
        "無し",
        "該当なし",
        "無題",
        "名称未設定",
        "仮",
        "テスト",
        "ダミー",
        "サンプル",
        "試料",
        "データセット",
    }
)
#: Sodium and neodymium. Nobelium (No) is not among them: whoever writes "No" means no.
_SPELT_AS_ELEMENTS: Final = ("Na", "Nd")

__all__ = ["filled"]


# Several rules ask of the same few texts of a dataset.
@functools.lru_cache(maxsize=512)
def filled(text: str | None) -> bool:
    """Tell whether a field says something: not blank, not only signs (``-``, ``???``), not a placeholder."""
    if text is None:
        return False
    spelt = unicodedata.normalize("NFKC", plain_text(text)).strip()
    if spelt in _SPELT_AS_ELEMENTS:
        return True
    plain = spelt.casefold()
    return plain not in _PLACEHOLDERS and any(unicodedata.category(char)[0] in "LN" for char in plain)
