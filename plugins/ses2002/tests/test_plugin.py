"""The entry module is cheap, and what it registers exists."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

from shirube.guides import parse_guide
from shirube.hooks import Resource
from shirube.messages import catalogue
from shirube.parameters import build, fields
from shirube_ses2002 import plugin
from shirube_ses2002.parameters import Parameters

SOURCE = Path(plugin.__file__).parent


def test_importing_the_entry_module_imports_nothing_heavy():
    heavy = "('numpy', 'scipy', 'sklearn', 'matplotlib', 'cattrs', 'shirube_ses2002.reader', 'shirube_ses2002.checks')"
    calls = "p.shirube_readers(); p.shirube_policies()"
    code = f"import sys, shirube_ses2002.plugin as p; {calls}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_entry_point_names_it():
    (entry,) = entry_points(group="shirube.plugins", name="ses2002")
    assert entry.value == "shirube_ses2002.plugin"


def test_the_reader_keeps_its_contract():
    (reader,) = plugin.shirube_readers()
    implementation = importlib.import_module(reader.implementation)
    assert callable(implementation.claims)
    assert callable(implementation.read)
    assert (reader.name, reader.suffixes, reader.sidecar) == ("ses2002", (".txt",), "{stem}_metadata.json")
    module, _, name = reader.parameters.partition(":")
    assert getattr(importlib.import_module(module), name) is Parameters


def test_guide_and_map_are_resources_of_this_distribution():
    (guide,), (mapped,) = plugin.shirube_guides(), plugin.shirube_metadata_maps()
    assert guide.name == mapped.name == mapped.reader == "ses2002"
    for resource in (guide.resource, mapped.resource):
        assert resource == Resource("shirube_ses2002", resource.path)
        assert tomllib.loads(resource.read_bytes().decode("utf-8"))


def test_the_checks_are_asked_of_entries_of_the_guide_only():
    (policy,) = plugin.shirube_policies()
    (guide,) = plugin.shirube_guides()
    assert policy.guides == (guide.name,)
    assert callable(importlib.import_module(policy.implementation).rules)
    assert parse_guide(guide.resource.read_bytes().decode("utf-8"), guide.name, "guide").checks.policy == policy.name
    module, _, name = policy.parameters.partition(":")
    assert build(getattr(importlib.import_module(module), name), {"disable": "A,B"}).disable == ("A", "B")


def test_parameters_are_settings():
    assert [field.name for field in fields(Parameters)] == ["lenient", "encoding"]
    assert build(Parameters, {"lenient": "true", "encoding": "cp1252"}) == Parameters(lenient=True, encoding="cp1252")
    assert Parameters().lenient is False


def test_messages_say_the_same_in_both_languages_and_none_is_left_over():
    import re

    code = "".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")))
    for name, text in catalogue("shirube_ses2002").items():
        assert set(re.findall(r"(?<!\{)\{(\w+)\}", text.en)) == set(re.findall(r"(?<!\{)\{(\w+)\}", text.ja)), name
        assert re.search("[ぁ-んァ-ヶ一-龠]", text.ja), name
        assert f'"{name}"' in code, name
