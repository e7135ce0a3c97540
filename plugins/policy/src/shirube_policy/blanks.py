"""Blank fields: what counts as not filled in, apart from what nobody supplied."""

from __future__ import annotations

import unicodedata
from typing import Final

from shirube_policy.lengths import plain_text

#: Words that stand in a field instead of an answer. ``na`` is not among them: it is sodium.
_PLACEHOLDERS: Final = frozenset(
    {
        "n/a",
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

__all__ = ["filled"]


def filled(text: str | None) -> bool:
    """Tell whether a field says something: not blank, not only signs (``-``, ``???``), not a placeholder."""
    if text is None:
        return False
    plain = unicodedata.normalize("NFKC", plain_text(text)).casefold().strip()
    return plain not in _PLACEHOLDERS and any(unicodedata.category(char)[0] in "LN" for char in plain)
