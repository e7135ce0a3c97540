"""The sentences of documents and commands: both languages say the same, every code exists, and every one is used."""

from __future__ import annotations

import re
import string
from importlib import resources
from pathlib import Path

import pytest

import shirube_policy
from shirube.messages import catalogue
from shirube.text import is_japanese
from shirube_policy.documents.texts import PACKAGE

KNOWN = catalogue(PACKAGE)
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("documents", "commands")
    for path in Path(str(resources.files(shirube_policy))).joinpath(folder).glob("*.py")
)
#: Codes that are put together: the part before the place, and perhaps a section or a field of the catalogue page.
STEMS = {*re.findall(r"f[\"']([a-z-]+-)\{", SOURCE)}
LITERAL = {*re.findall(r"[\"']([a-z]+(?:-[a-z]+)*)[\"']", SOURCE)}


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("code", KNOWN)
def test_both_languages_say_the_same(code):
    text = KNOWN[code]
    assert places(text.en) == places(text.ja)
    # A text of places alone needs no Japanese letters.
    assert is_japanese(text.ja) or text.en == text.ja or not re.search("[a-z]", re.sub(r"\{[^{}]*\}", "", text.en))


@pytest.mark.parametrize("code", [*re.findall(r'\b(?:message|label)\(\s*"([^"{]+)"', SOURCE)])
def test_every_code_in_the_source_exists(code):
    assert code in KNOWN


@pytest.mark.parametrize("code", KNOWN)
def test_every_sentence_is_used(code):
    put_together = any(code.startswith(stem) for stem in STEMS)
    assert code in LITERAL or put_together
