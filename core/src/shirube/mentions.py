"""Whether a text that people write freely mentions a thing, or says that it was not so: a heuristic, never a proof."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

#: ``denied`` where every mention stands beside a word that takes it back.
Mention: TypeAlias = Literal["affirmed", "denied", "absent"]

#: What a negation does not reach beyond.
_CLAUSE: Final = re.compile(r"[^,;.!?。、，；！？\r\n()（）]+")
_AUXILIARY: Final = r"(?:was|is|were|are|has|have|had|been|be|could|can|did|does|do|should|may)"
#: Words before a mention that deny it, up to three words away; "not measured after cleaving" denies no cleaving.
_BEFORE: Final = re.compile(
    r"(?:\b(?:no|not|never|neither|nor|without|cannot|absence of|lack of|instead of|rather than|other than|"
    r"except(?: for)?|avoid\w*|free of)|n['’]t)(?:\W+(?!(?:after|before|since|but|then|and)\b)\w+){0,3}?\W*$"
    r"|(?:\b(?:un|non)-?|[未非不無])$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    rf"\w*(?:\s+{_AUXILIARY})*\s+{_AUXILIARY}(?:n['’]t|\s*(?:not|never|avoided|omitted|impossible))\b"
    r"|\w*[-\s:]*\b(?:free|none|avoided|omitted|absent|impossible)\b"
    r"|[\u30a0-\u30ff\u4e00-\u9fff]{0,8}?(?:による|では|[はをがもでの])?(?:使用|利用|実施|固定|処理|準備|作製)?[はをがも]?"
    r"(?:せず|しな[いかく]|していな|できず|できな|でき?ません|しません|していません|ない|なく|なかった|なし|無し|ではな|でな|"
    r"使わ[ずな]|用い[ずな]|行わ[ずな]|不使用|未使用|未実施|不可|不在|以外|避け|禁止|いな[いかく])",
    re.IGNORECASE,
)

__all__ = ["Mention", "mention"]


def mention(pattern: str, texts: Iterable[object]) -> Mention:
    """Return how texts mention what a regular expression describes, whatever the case.

    Args:
        pattern: What is looked for.
        texts: Free texts; None is none.
    """
    found = [one for text in texts if text is not None for one in _mentions(pattern, str(text))]
    if not found:
        return "absent"
    return "affirmed" if any(found) else "denied"


def _mentions(pattern: str, text: str) -> Iterator[bool]:
    """Yield for each mention whether it stands as it is."""
    clauses = [(one.start(), one.end()) for one in _CLAUSE.finditer(text)]
    for found in re.finditer(pattern, text, re.IGNORECASE):
        start = next((first for first, last in clauses if first <= found.start() < last), found.start())
        end = next((last for first, last in clauses if first < found.end() <= last), found.end())
        before, after = text[start : found.start()], text[found.end() : end]
        yield not (_BEFORE.search(before) or _AFTER.match(after))
