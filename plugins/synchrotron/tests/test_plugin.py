"""What the plugin registers, what that costs, and that it speaks both languages."""

from __future__ import annotations

import string
import subprocess
import sys
from importlib import import_module

import pytest

from shirube.messages import catalogue
from shirube.parameters import build, fields
from shirube_synchrotron.parameters import Parameters
from shirube_synchrotron.plugin import shirube_unit_conversions

MESSAGES = catalogue("shirube_synchrotron")


def places(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


def test_one_conversion_to_binding_energies_is_registered():
    (conversion,) = shirube_unit_conversions()
    assert (conversion.name, conversion.sources, conversion.target) == (
        "synchrotron",
        ("kinetic", "binding"),
        "binding",
    )
    assert conversion.requires == ("photon_energy",)
    assert conversion.decides == ("photon_energy", "work_function")


def test_what_it_refers_to_is_there():
    (conversion,) = shirube_unit_conversions()
    assert callable(import_module(conversion.implementation).convert)
    module, _, name = conversion.parameters.partition(":")
    assert getattr(import_module(module), name) is Parameters


def test_registering_imports_nothing_heavy():
    heavy = "{'numpy', 'scipy', 'sklearn', 'matplotlib'}"
    code = (
        f"import sys, shirube_synchrotron.plugin as p; p.shirube_unit_conversions(); print({heavy} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "set()"


def test_converting_imports_no_scipy():
    code = "import sys, shirube_synchrotron.conversion; print('scipy' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "False"


def test_parameters_have_defaults_help_and_ranges():
    assert [one.name for one in fields(Parameters)] == [
        "photon_energy_difference",
        "fermi_margin",
        "survey_margin",
        "region_tolerance",
    ]
    assert build(Parameters, {"photon_energy_difference": "3.5"}).photon_energy_difference == 3.5
    assert all(one.help.en and one.help.ja for one in fields(Parameters))


@pytest.mark.parametrize("code", list(MESSAGES))
def test_a_message_says_the_same_in_both_languages(code):
    text = MESSAGES[code]
    assert places(text.en) == places(text.ja)
    assert any(ord(character) > 0x3000 for character in text.ja)
