"""The fixtures and the planted defects of the plugin's own tests, so that rdetoolkit judges the very same trees."""

import importlib.util
import sys
from pathlib import Path

import pytest

OWN_TESTS = Path(__file__).parents[1] / "tests"


def load(name):
    """Return a module of the plugin's own tests, which are no package."""
    spec = importlib.util.spec_from_file_location(f"rde_tests_{name}", OWN_TESTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_building = load("conftest")
for _name in (
    *("analysis", "context", "facts", "guide", "invoice", "outcome", "parameters", "picture", "registration"),
    *("result", "spectrum", "vocabulary", "written"),
):
    globals()[_name] = getattr(_building, _name)

_DEFECTS = load("test_verifying").DEFECTS


def pytest_generate_tests(metafunc):
    """Run what asks for a defect with each one that the plugin's own tests plant."""
    if "defect" in metafunc.fixturenames:
        metafunc.parametrize("defect", _DEFECTS)


@pytest.fixture
def planted(defect, written):
    """Return the folder ``data`` of a tree in which a defect was planted, and the rule that finds it."""
    tree = written("a", "b")
    rule, plant = _DEFECTS[defect]
    plant(tree / "data")
    return tree / "data", rule
