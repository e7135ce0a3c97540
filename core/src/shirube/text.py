"""Text of unknown origin: its decoding, its width in East Asian typography, and whether it is Japanese."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from typing import Final

from attrs import frozen

__all__ = ["Decoded", "decode", "display_width", "full_width_equivalents", "is_japanese", "printable", "well_formed"]

_BOMS: Final = (
    # The mark of UTF-32-LE begins with that of UTF-16-LE, so it is asked first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HALF_WIDTH_KANA: Final = "\uff61-\uff9f"
_KANA: Final = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
_KANJI: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
#: Letters of cp1252 beyond ASCII, and its signs that stand in texts.
_ACCENTED_CAPITALS: Final = "À-ÖØ-ÞŒŠŸŽ"
_ACCENTED_SMALL: Final = "ß-öø-ÿœšž"
_ACCENTED: Final = _ACCENTED_CAPITALS + _ACCENTED_SMALL
_WESTERN_SIGNS: Final = "\u00a0£§©«®°±²³´µ·¹º»¼½¾×÷€…–—‘’“”™"
#: Beyond ASCII, more than lone half-width kana: those are the degree and micro signs of cp1252, read as cp932.
_NO_LONE_KANA: Final = re.compile(rf"[^\0-\x7f{_HALF_WIDTH_KANA}]|[{_HALF_WIDTH_KANA}]{{2}}")
#: What EUC-JP's two-byte half-width kana (8E A1 … 8E DF) look like when read as cp932, three or more in a row.
_EUC_KANA: Final = re.compile(rb"(?:\x8e[\xa1-\xdf]){3}")
#: Nothing but such kana and ASCII. Possessive, so that a text of many kana that ends otherwise takes no long time.
_EUC_KANA_ONLY: Final = re.compile(rb"(?:[\0-\x7f]++|(?:\x8e[\xa1-\xdf])++)*+")
#: Nothing that tells Japanese: half-width kana, and kanji of the second level and the extensions, which are rare. They
#: are what Western letters with accents look like. What tells are kana, kanji of the first level, signs.
_UNTELLING: Final = re.compile(rb"(?:[\0-\x7f]++|[\xa1-\xdf]|[\x99-\x9f\xe0-\xfc][\x40-\xfc]|\x98[\x9f-\xfc])*+")
_HALF_TWICE: Final = re.compile(f"[{_HALF_WIDTH_KANA}]{{2}}")
#: A rare kanji next to half-width kana.
_HALF_AND_RARE: Final = re.compile(f"[{_HALF_WIDTH_KANA}][{_KANJI}]|[{_KANJI}][{_HALF_WIDTH_KANA}]")
#: EUC-JP of the rows that are in use: signs, letters, kana, kanji.
_EUC_ROWS: Final = re.compile(rb"(?:[\0-\x7f]++|[\xa1\xa3-\xa5\xb0-\xf4][\xa1-\xfe])*+")
#: What no Western word has: a letter with an accent on its own, three in a row, a capital behind a small letter, and
#: signs that nobody types.
_NO_WORD: Final = re.compile(
    f"(?<![A-Za-z{_ACCENTED}])[{_ACCENTED}](?![A-Za-z{_ACCENTED}])|[{_ACCENTED}]{{3}}"
    f"|[a-z][{_ACCENTED_CAPITALS}]|[{_ACCENTED_SMALL}][A-Z{_ACCENTED_CAPITALS}]"
    f"|[^\0-\x7f{_ACCENTED}{_WESTERN_SIGNS}]"
)
_HALF: Final = re.compile(f"[{_HALF_WIDTH_KANA}]")
_FULL: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff]")
#: The five bytes cp1252 leaves undefined become the control characters of the same number, so nothing is lost.
_UNDEFINED: Final = {0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_FEWEST_KANA: Final = 2
_UNPRINTABLE: Final = ("Cc", "Cs", "Zl", "Zp")
_NO_WIDTH: Final = ("Mn", "Me", "Cf")
_JAPANESE: Final = re.compile(f"[{_KANA}{_KANJI}]")


@frozen
class Decoded:
    """A decoded text, the encoding it was read as, and whether a byte-order mark said so."""

    text: str
    encoding: str
    had_bom: bool = False


def decode(data: bytes, *, partial: bool = False) -> Decoded:
    """Decode bytes that may be UTF-8, cp932, EUC-JP or cp1252; never fails.

    A byte-order mark decides; without one the first encoding that fits does. Some signs overrule that order. When all
    that cp932 finds beyond ASCII are lone half-width kana, they are the degree or micro sign of a Western file
    (cp1252); so are rare kanji and lone half-width kana, when cp1252 finds letters as they stand in words. When cp932
    finds half-width kana where EUC-JP finds full-width ones, half-width kana beside rare kanji where EUC-JP finds
    kanji alone, or nothing but kanji where EUC-JP finds half-width ones, three in a row, the file is EUC-JP.

    Args:
        data: The bytes.
        partial: The bytes are the beginning of a file; a character cut at their end is left out.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return Decoded(_lenient(data, encoding, partial), encoding.removesuffix("-sig"), had_bom=True)
    attempts: tuple[Callable[[bytes, bool], Decoded | None], ...] = (_utf8, _cp932, _euc_jp)
    for attempt in attempts:
        found = attempt(data, partial)
        if found is not None:
            return found
    return _cp1252(data)


def printable(text: str) -> str:
    """Return a text on one line that any UTF-8 file can hold: control characters and lone surrogates are escapes.

    Names out of file systems may hold either; a lone surrogate stands for a byte that is no UTF-8.
    """
    return "".join(
        char.encode("unicode_escape").decode("ascii") if unicodedata.category(char) in _UNPRINTABLE else char
        for char in text
    )


def well_formed(text: str) -> str:
    """Return a text that UTF-8 can hold: lone surrogates are escapes, and all else is as it was."""
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def display_width(text: str) -> int:
    """Return the number of terminal columns: 2 for wide and full-width characters, 0 for combining ones, else 1."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(0 if _has_no_width(char) else 2 if _is_wide(char) else 1 for char in text)


def full_width_equivalents(text: str) -> float:
    """Return the length in full-width characters (全角換算): 1 for wide ones, 0 for combining ones, else 0.5."""
    return display_width(text) / 2


def is_japanese(text: str) -> bool:
    """Tell whether ``text`` holds kana or kanji, half-width ones included; units such as ㎜ are none."""
    return _JAPANESE.search(unicodedata.normalize("NFKC", text)) is not None


def _utf8(data: bytes, partial: bool) -> Decoded | None:
    text = _strict(data, "utf-8", partial)
    return None if text is None else Decoded(text, "utf-8")


def _cp932(data: bytes, partial: bool) -> Decoded | None:
    text = _strict(data, "cp932", partial)
    # Private characters are what Western letters with accents turn into; no instrument writes them.
    if text is None or _PRIVATE_USE.search(text) or _is_euc_jp(data, text, partial):
        return None
    return _cp1252(data) if _is_western(data, text) else Decoded(text, "cp932")


def _is_western(data: bytes, as_cp932: str) -> bool:
    """Whether bytes that cp932 can read are signs or words of cp1252 all the same."""
    if not _NO_LONE_KANA.search(as_cp932):
        return True
    if _HALF_TWICE.search(as_cp932) or not _UNTELLING.fullmatch(data):
        return False
    return not _NO_WORD.search(_cp1252(data).text)


def _is_euc_jp(data: bytes, as_cp932: str, partial: bool) -> bool:
    """Whether bytes that cp932 can read are kana of EUC-JP all the same."""
    if _EUC_KANA_ONLY.fullmatch(data) and _EUC_KANA.search(data):
        return True
    if not _HALF.search(as_cp932):
        return False
    if _HALF_AND_RARE.search(as_cp932) and _EUC_ROWS.fullmatch(data):
        return True
    text = _strict(data, "euc-jp", partial)
    return text is not None and len(_FULL.findall(text)) >= _FEWEST_KANA


def _euc_jp(data: bytes, partial: bool) -> Decoded | None:
    text = _strict(data, "euc-jp", partial)
    return None if text is None else Decoded(text, "euc-jp")


def _cp1252(data: bytes) -> Decoded:
    return Decoded(data.decode("cp1252", errors="surrogateescape").translate(_UNDEFINED), "cp1252")


def _strict(data: bytes, encoding: str, partial: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final=not partial)
    except UnicodeDecodeError:
        return None


def _lenient(data: bytes, encoding: str, partial: bool) -> str:
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(data, final=not partial)


def _has_no_width(char: str) -> bool:
    return unicodedata.category(char) in _NO_WIDTH


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")
