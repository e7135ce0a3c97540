"""The conformance kit: it blames each defective plugin of the zoo for its defect alone, and no healthy plugin."""

import os
import tomllib
from pathlib import Path

import pytest

from shirube.isolation import Limits
from shirube.testing import Conformance, all_checks, check_plugin, fake_distribution, on_path

pytestmark = pytest.mark.thorough

ZOO = Path(__file__).parent / "zoo"
KINDS = ("analysis", "conversion", "exporter", "policy", "reader")
METADATA = (
    "Summary: A plugin of the zoo",
    "Requires-Python: >=3.11",
    "License-Expression: MIT",
    "License-File: LICENSE",
    "Requires-Dist: numpy>=1.26",
    "Requires-Dist: shirube>=0.1,<0.2",
    "",
    "A plugin that exists so that the conformance kit can be tried.",
)
DEADLY = tomllib.loads((ZOO / "deadly.toml").read_text(encoding="utf-8"))
#: Every check of the zoo takes a fraction of that, on a busy machine too.
SHORT = Limits(seconds=6.0, memory=1000)
DEFECTS = tuple(tomllib.loads((ZOO / "defects.toml").read_text(encoding="utf-8")).get("defect", []))

SHIPPED = ("bicfit", "policy", "quant", "rde", "ses2002", "synchrotron")
#: How much is tried: little in every run of the tests; in the environment ``conformance`` all plugins and all defects,
#: most of them on the checks of their family; with ``full`` every defect on every check.
WHERE = os.environ.get("SHIRUBE_CONFORMANCE", "")
EVERYTHING = bool(WHERE)
#: Every so many defects are tried on every check all the same.
SAMPLE = 1 if WHERE == "full" else 16
#: One defect of each family, and of each door through which a plugin is entered, for every run of the tests.
CHOSEN = ("API01", "API05", "IMP10", "READ02", "READ18", "MAP04", "CONV04", "GUIDE06", "POL07", "CMD02", "PKG06")


def install(folder, kind, defect=None):
    """Write the plugin of ``kind`` to ``folder`` as pip would, with ``defect``; returns the plugin's name."""
    package = f"zoo_{kind}"
    files = {
        path.relative_to(ZOO / kind).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((ZOO / kind).rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }
    metadata = [line.replace("shirube>", "shirube[figures]>") if kind == "analysis" else line for line in METADATA]
    version = "1.0"
    if defect is not None:
        files |= {f"{package}/{name}": text for name, text in defect.get("add", {}).items()}
        files |= defect.get("beside", {})
        for name in defect.get("remove", ()):
            del files[f"{package}/{name}"]
        metadata = [line for line in metadata if not line.startswith(tuple(defect.get("without", ())))]
        metadata[0:0] = defect.get("metadata", [])
        version = defect.get("version", version)
        for old, new in defect.get("change", ()):
            name = f"{package}/{defect.get('file', 'plugin.py')}"
            assert old in files[name], f"{defect['check']}: {old!r} is not in {name}"
            files[name] = files[name].replace(old, new, 1)
        if defect.get("neighbour"):
            modules = {"neighbour.__init__": "", "neighbour.plugin": ""}
            fake_distribution(folder, "neighbour", plugins={"neighbour": "neighbour.plugin"}, modules=modules)
    fake_distribution(
        folder,
        f"zoo-{kind}",
        version=version,
        plugins={package: f"{package}.plugin"},
        samples={package: f"{package}.samples:samples"} if kind == "reader" else None,
        files=files,
        metadata=metadata,
    )
    return package


def deadly():
    """Yield a defect for every place and every way to go wrong for good."""
    for place in DEADLY["place"]:
        for way in DEADLY["way"]:
            check = place["memory" if way["how"] == "memory" else "end"]
            old, new = place["change"]
            yield {
                **place,
                **way,
                "check": check,
                "family": check.rstrip("0123456789"),
                "change": [[old, new.replace("ACT", way["act"])]],
            }


def wanted_deadly():
    every = list(deadly())
    # Each way at another place.
    return every if EVERYTHING else [one for number, one in enumerate(every) if number % 5 == 0]


def shown(defect):
    return f"{defect['check']}-{defect['kind']}-{DEFECTS.index(defect)}"


def failures(outcomes):
    return {one.check.id: one.detail.en for one in outcomes if one.status == "fail"}


def tried(folder, kind, defect=None, families=None):
    """Return what the checks of some families say, of all by default.

    In this process, where numpy and matplotlib are imported once for all.
    """
    name = install(folder, kind, defect)
    with on_path(folder), Conformance(name, limits=None) as kit:
        return [kit.outcome(id_) for id_, one in kit.checks.items() if families is None or one.family in families]


def concerned(defect):
    """Return the families that may see a defect: its own, and those of what every plugin has; None for a sample."""
    family = defect["check"].rstrip("0123456789")
    if EVERYTHING and DEFECTS.index(defect) % SAMPLE == 0:
        return None
    return {family} if family == "PKG" else {family, "API", "IMP"}


def wanted(defects):
    first = {defect["check"]: defect for defect in reversed(defects)}
    return defects if EVERYTHING else [first[name] for name in CHOSEN]


@pytest.mark.parametrize("defect", wanted(DEFECTS), ids=shown)
def test_a_defect_is_blamed_and_nothing_else(defect, tmp_path):
    outcomes = tried(tmp_path, defect["kind"], defect, concerned(defect))
    assert set(failures(outcomes)) == {defect["check"]}


@pytest.mark.parametrize("defect", wanted_deadly(), ids=lambda one: f"{one['check']}-{one['how']}")
def test_what_ends_the_process_or_does_not_end_fails_the_check_that_met_it(defect, tmp_path):
    """Of plugins that hang, take all memory or end the process, that check alone is blamed, and the kit goes on."""
    name = install(tmp_path, defect["kind"], defect)
    with on_path(tmp_path), Conformance(name, limits=SHORT) as kit:
        outcomes = [kit.outcome(one) for one in kit.checks if one.startswith((defect["family"], "PKG"))]
    failed = failures(outcomes)
    assert set(failed) == {defect["check"]}
    assert defect["said"] in failed[defect["check"]]
    assert f"[{defect['hook']}: zoo]" in failed[defect["check"]]
    assert "PKG14" in {one.check.id for one in outcomes if one.status == "pass"}
    after = f"not checked, because {defect['check']} fails"
    assert any(one.status == "skip" and one.detail.en == after for one in outcomes)


@pytest.mark.parametrize("kind", KINDS if EVERYTHING else ("conversion", "reader"))
def test_a_healthy_plugin_is_not_blamed(kind, tmp_path):
    outcomes = tried(tmp_path, kind)
    assert failures(outcomes) == {}
    passed = {one.check.family for one in outcomes if one.status == "pass"}
    assert {"API", "IMP", "PKG"} < passed


def test_every_check_has_a_defect_that_only_it_sees():
    assert {one.id for one in all_checks()} == {defect["check"] for defect in DEFECTS}
    assert len(DEFECTS) >= 60


@pytest.mark.parametrize("plugin", SHIPPED if EVERYTHING else ("policy",))
def test_a_shipped_plugin_conforms_without_expected_failures(plugin):
    assert failures(check_plugin(plugin)) == {}
