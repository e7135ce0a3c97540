"""The catalogue holds what the code says and nothing else."""

import re
import string
from pathlib import Path

import pytest

import shirube_rde
from shirube.messages import catalogue
from shirube_rde.verification import RULES

SOURCES = Path(shirube_rde.__file__).parent
CATALOGUE = catalogue("shirube_rde")
BY_TABLE = {"metadata-missing", "job-undefined"}


def used():
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    rules = {code for rule in RULES for code in (rule.id, f"{rule.id}-remedy")}
    return set(re.findall(r'message\(\s*"([a-z0-9-]+)"', text)) | rules | BY_TABLE


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_message_is_in_the_catalogue_and_every_entry_is_used():
    assert used() == set(CATALOGUE)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_both_languages_fill_the_same_places(code):
    text = CATALOGUE[code]
    assert places(text.en) == places(text.ja)
    assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text.ja)
    assert text.en.isprintable()
