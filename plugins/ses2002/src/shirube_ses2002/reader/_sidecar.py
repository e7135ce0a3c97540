"""Reads the sidecar ``NAME_metadata.json``: one JSON object with the calibrated photon energy."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Final

from attrs import frozen

from shirube.errors import InputError
from shirube.messages import Message, Text
from shirube.records import RawValue, Remark, Source
from shirube.sources import SourceFile, open_input
from shirube.text import Decoded, decode
from shirube_ses2002.reader._problems import PACKAGE, all_of, excerpt, problem, remark

PHOTON_ENERGY: Final = "Excitation Energy"
WORK_FUNCTION: Final = "Work Function"
#: The smallest value that each known key may have, and whether that value itself is allowed.
_KNOWN: Final = {PHOTON_ENERGY: False, WORK_FUNCTION: True}
_LARGEST: Final = 1 << 18
#: Characters of a whole number; no double has as many digits.
_LONGEST_NUMBER: Final = 1000
#: Strings are taken whole, so that nothing within them counts.
_TOKEN: Final = re.compile(
    r'"(?:[^"\\]++|\\.)*+"|(?P<word>-?Infinity|NaN)|(?P<number>-?[0-9]++(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?)'
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
#: What the parser says, and what we say.
_REASONS: Final = {
    "Expecting value": "json-value",
    "Expecting property name enclosed in double quotes": "json-name",
    "Expecting ':' delimiter": "json-colon",
    "Expecting ',' delimiter": "json-comma",
    "Illegal trailing comma before end of object": "json-name",
    "Illegal trailing comma before end of array": "json-value",
    "Unterminated string": "json-string-end",
    "Invalid control character at": "json-control",
    "Invalid \\escape": "json-escape",
    "Invalid \\uXXXX escape": "json-escape",
    "Extra data": "json-extra",
}
_SPACE: Final = re.compile(r"[ \t\r\n]*")

__all__ = ["PHOTON_ENERGY", "WORK_FUNCTION", "SidecarRead", "read_sidecar"]


@frozen
class SidecarRead:
    """What a sidecar says."""

    values: tuple[RawValue, ...]
    remarks: tuple[Remark, ...]
    source: Source


@frozen
class _Member:
    """One key of the object with its value and line."""

    key: str
    value: Any
    line: int


def read_sidecar(file: SourceFile, encoding: str | None = None) -> SidecarRead:
    """Return the keys of a sidecar.

    Args:
        file: The sidecar.
        encoding: Its encoding if it is not UTF-8; None to find it.

    Raises:
        InputError: It is not a JSON object, too large, has a key twice, or a known key has no usable number.
    """
    with open_input(file.path, file.name) as handle:
        raw = handle.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise problem(file.name, "sidecar-too-large", largest=_LARGEST // 1024)
    decoded = _decoded(raw, file.name, encoding)
    members = _members(decoded.text, file.name)
    problems = list(_problems(members, file.name))
    if problems:
        raise all_of(problems)
    remarks = list(_remarks(members, file.name))
    if decoded.encoding not in ("utf-8", encoding):
        remarks.insert(0, remark(file.name, "encoding", encoding=decoded.encoding))
    values = tuple(RawValue(one.key, _plain(one.value), "", file.name, one.line, "sidecar") for one in members)
    return SidecarRead(values, tuple(remarks), Source(file.name, len(raw), hashlib.sha256(raw).hexdigest()))


def _decoded(raw: bytes, file: str, encoding: str | None) -> Decoded:
    decoded = decode(raw)
    if encoding is None or decoded.had_bom or decoded.encoding == "utf-8":
        return decoded
    try:
        return Decoded(raw.decode(encoding), encoding)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise problem(file, "wrong-encoding", raw.count(b"\n", 0, start) + 1, encoding=encoding) from None


def _members(text: str, file: str) -> Sequence[_Member]:
    """Return the members of the JSON object that ``text`` is, in order, repeated keys included."""
    try:
        value = json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        reason = Message(PACKAGE, _REASONS.get(error.msg.partition(" starting")[0], "json-other"))
        raise problem(file, "sidecar-not-json", error.lineno, reason=reason, column=error.colno) from None
    except RecursionError:
        raise problem(file, "sidecar-too-deep", 1) from None
    if not isinstance(value, dict):
        raise problem(file, "sidecar-not-object", 1, found=excerpt(text.strip()))
    problems = list(_unusable_tokens(text, file))
    if problems:
        raise all_of(problems)
    return tuple(_walk(text))


def _whole(digits: str) -> int:
    """Return a whole number; 0 for one that is refused for its length later on."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else 0


def _unusable_tokens(text: str, file: str) -> Iterator[InputError]:
    """Yield what Python takes for JSON, but nobody could use or write again."""
    before, line = 0, 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        code = None
        if match["word"]:
            code = "sidecar-not-finite"
        elif match["number"] and len(token) > _LONGEST_NUMBER and token.lstrip("-").isdigit():
            code = "sidecar-long-number"
        elif "\\u" in token and _SURROGATE.search(json.loads(token)):
            code = "sidecar-half-character"
        if code is not None:
            line += text.count("\n", before, match.start())
            before = match.start()
            yield problem(file, code, line, found=excerpt(token), largest=_LONGEST_NUMBER)


def _walk(text: str) -> Iterator[_Member]:
    """Yield the members of a text known to be a JSON object; the parser itself tells neither lines nor repetitions."""
    decoder = json.JSONDecoder()
    before, line = 0, 1
    at = _skip(text, text.index("{") + 1)
    while text[at] != "}":
        line += text.count("\n", before, at)
        before = at
        key, at = decoder.raw_decode(text, at)
        value, at = decoder.raw_decode(text, _skip(text, _skip(text, at) + 1))
        yield _Member(key, value, line)
        at = _skip(text, at)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()


def _problems(members: Sequence[_Member], file: str) -> Iterator[InputError]:
    seen: set[str] = set()
    for one in members:
        if one.key in seen:
            yield problem(file, "sidecar-key-twice", one.line, key=excerpt(one.key))
        elif one.key in _KNOWN and not _usable(one.value, zero_allowed=_KNOWN[one.key]):
            code = "sidecar-not-a-number" if isinstance(one.value, str) else "sidecar-bad-value"
            yield problem(file, code, one.line, key=one.key, found=excerpt(json.dumps(one.value, ensure_ascii=False)))
        seen.add(one.key)
    if not any(key in seen for key in _KNOWN):
        near = [(one, key) for one in members for key in _near(one.key)]
        for one, key in near:
            yield problem(file, "sidecar-key-misspelt", one.line, found=excerpt(one.key), key=key)
        if not near:
            yield problem(file, "sidecar-says-nothing", 1, key=PHOTON_ENERGY)


def _usable(value: object, *, zero_allowed: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        number = float(value)
    except OverflowError:
        return False
    return math.isfinite(number) and (number > 0 or (zero_allowed and number == 0))


def _remarks(members: Sequence[_Member], file: str) -> Iterator[Remark]:
    for one in members:
        if one.key not in _KNOWN:
            yield remark(file, "sidecar-unknown-key", one.line, key=excerpt(one.key), hint=_hint(one.key))
    if not any(one.key == PHOTON_ENERGY for one in members):
        yield remark(file, "sidecar-without-photon-energy", 1, key=PHOTON_ENERGY)


def _hint(key: str) -> Text:
    near = _near(key)
    return Text(f' Did you mean "{near[0]}"?', f"「{near[0]}」ではありませんか。") if near else Text("", "")


def _near(key: str) -> list[str]:
    """Return the known key that was meant, if one was."""
    return get_close_matches(key.title(), list(_KNOWN), n=1)


def _plain(value: Any) -> str | int | float | bool | None:
    """Return lists and objects as their JSON text, and so numbers beyond the range of doubles; all else as it is."""
    endless = isinstance(value, float) and not math.isfinite(value)
    return json.dumps(value, ensure_ascii=False) if endless or isinstance(value, list | dict) else value
