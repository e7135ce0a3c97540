"""What the plugin registers, what that costs, and that it speaks both languages."""

from __future__ import annotations

import string
import subprocess
import sys
from importlib import import_module

import pytest

from shirube.messages import catalogue
from shirube.parameters import build, fields
from shirube.terms import core_terms
from shirube_synchrotron.calibration.cli import calibrate
from shirube_synchrotron.parameters import Parameters
from shirube_synchrotron.plugin import (
    shirube_amendments,
    shirube_analyses,
    shirube_commands,
    shirube_unit_conversions,
)

RECORDS = (*shirube_amendments(), *shirube_analyses(), *shirube_commands(), *shirube_unit_conversions())

PACKAGES = ("shirube_synchrotron", "shirube_synchrotron.calibration")
MESSAGES = [(package, code) for package in PACKAGES for code in catalogue(package)]


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
    wanted = {"synchrotron": "convert", "calibration": "amend", "fermi_edge": "run", "calibrate": "main"}
    for record in RECORDS:
        module, _, name = record.implementation.partition(":")
        target = import_module(module)
        assert callable(getattr(getattr(target, name) if name else target, wanted.pop(record.name)))
        if record.parameters is not None:
            module, _, name = record.parameters.partition(":")
            assert fields(getattr(import_module(module), name))
    assert wanted == {}


def test_the_amendment_and_the_analysis_speak_of_terms_that_the_core_knows():
    (amendment,), (analysis,) = shirube_amendments(), shirube_analyses()
    assert set(amendment.sets) <= set(core_terms())
    assert set(analysis.yields) <= set(core_terms())


def test_registering_imports_nothing_heavy():
    heavy = "{'numpy', 'scipy', 'sklearn', 'matplotlib'}"
    hooks = "p.shirube_unit_conversions(), p.shirube_amendments(), p.shirube_analyses(), p.shirube_commands()"
    code = f"import sys, shirube_synchrotron.plugin as p; {hooks}; print({heavy} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "set()"


def test_converting_imports_no_scipy():
    code = "import sys, shirube_synchrotron.conversion as c; print('scipy' in sys.modules)"
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


def test_help_and_amending_import_no_scipy():
    for module in ("calibration.cli", "calibration.parameters"):
        code = f"import sys, shirube_synchrotron.{module}; print({{'numpy', 'scipy'}} & set(sys.modules))"
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        assert shown.strip() == "set()"


def test_every_option_of_the_command_has_help_in_both_languages():
    for option in calibrate.params:
        if option.param_type_name == "option":
            assert " / " in option.help
            assert any(ord(character) > 0x3000 for character in option.help)


@pytest.mark.parametrize(("package", "code"), MESSAGES)
def test_a_message_says_the_same_in_both_languages(package, code):
    text = catalogue(package)[code]
    assert places(text.en) == places(text.ja)
    assert text.ja == text.en or any(ord(character) > 0x3000 for character in text.ja)
