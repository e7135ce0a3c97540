"""In the environment of the oldest versions the versions are really the oldest."""

import os
from importlib import metadata

import pytest
from packaging.requirements import Requirement

OURS = (
    "shirube",
    "shirube-bicfit",
    "shirube-policy",
    "shirube-quant",
    "shirube-rde",
    "shirube-ses2002",
    "shirube-synchrotron",
)
EXTRAS = ("figures", "lmfit", "nexus", "report", "units", "xarray", "yaml")


def direct_requirements():
    for distribution in OURS:
        for text in metadata.requires(distribution) or ():
            requirement = Requirement(text)
            wanted = requirement.marker is None or any(requirement.marker.evaluate({"extra": one}) for one in EXTRAS)
            if wanted and requirement.name not in OURS:
                yield distribution, requirement


def floor_of(requirement):
    floors = [one.version for one in requirement.specifier if one.operator == ">="]
    assert len(floors) == 1, f"{requirement} declares no floor"
    return floors[0]


def test_every_dependency_has_a_floor():
    assert [floor_of(requirement) for _, requirement in direct_requirements()]


@pytest.mark.skipif("SHIRUBE_FLOORS" not in os.environ, reason="only where the oldest versions are installed")
def test_the_oldest_admitted_versions_are_installed():
    highest = {}
    for distribution, requirement in direct_requirements():
        floor = tuple(int(part) for part in floor_of(requirement).split("."))
        highest[requirement.name] = max(highest.get(requirement.name, ((0,), "")), (floor, distribution))
    wrong = []
    for name, (floor, distribution) in sorted(highest.items()):
        installed = tuple(int(part) for part in metadata.version(name).split(".")[: len(floor)])
        if installed != floor:
            wrong.append(f"{distribution}: {name} is {metadata.version(name)}, floor {floor}")
    assert not wrong
