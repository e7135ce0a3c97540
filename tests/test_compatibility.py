"""A plugin that people have installed goes on working when only the core is renewed: last releases beside it."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RELEASED = tomllib.loads((ROOT / "tests" / "released.toml").read_text(encoding="utf-8"))
installs = pytest.mark.skipif(
    not os.environ.get("SHIRUBE_COMPATIBILITY"),
    reason="installs from a package index beside the core's wheel: tox -e wheels,compatibility",
)
RELEASES = [pytest.param(*one, marks=installs) for one in sorted(RELEASED.items())] or [
    pytest.param(None, None, marks=pytest.mark.skip(reason="tests/released.toml names no released plugin yet"))
]


def answer(*arguments, **more):
    return subprocess.run(
        [str(one) for one in arguments], capture_output=True, text=True, encoding="utf-8", check=False, **more
    )


def core_wheel():
    (wheel,) = (ROOT / "dist").glob("shirube-*.whl")
    return wheel


def judged(distribution, version, folder, *options):
    """Install a release beside this core's wheel, and return what the conformance kit of this core finds in it."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    made = answer("uv", "venv", "--quiet", "--python", sys.executable, folder)
    assert made.returncode == 0, made.stderr
    core = f"shirube[figures,units] @ {core_wheel().as_uri()}"
    wanted = (core, f"{distribution}=={version}", "packaging")
    installed = answer("uv", "pip", "install", "--quiet", "--python", python, *options, *wanted)
    if "unsatisfiable" in installed.stderr and "shirube" in installed.stderr:
        pytest.skip(f"{distribution} {version} does not admit the core {metadata.version('shirube')}")
    assert installed.returncode == 0, installed.stderr
    name = distribution.removeprefix("shirube-")
    found = answer(python, "-m", "shirube", "plugins", "check", name, "--json", cwd=folder)
    assert found.returncode in (0, 1), found.stderr
    return json.loads(found.stdout)


def failures(document):
    return {one["id"] for one in document["checks"] if one["status"] == "fail"}


@pytest.mark.parametrize(("distribution", "version"), RELEASES)
def test_the_last_release_of_a_plugin_conforms_to_this_core(distribution, version, tmp_path):
    assert failures(judged(distribution, version, tmp_path / "venv")) == set()


def wheel(folder, distribution, version, source, requirement):
    """Write a wheel of one plugin module, as a release of long ago."""
    package = distribution.replace("-", "_")
    info = f"{package}-{version}.dist-info"
    files = {
        f"{package}/__init__.py": "",
        f"{package}/plugin.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        f"Requires-Dist: {requirement}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[shirube.plugins]\n{distribution.removeprefix('shirube-')} = {package}.plugin\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{package}-{version}-py3-none-any.whl", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


@installs
def test_a_release_that_uses_what_the_core_has_no_longer_is_found_out(tmp_path):
    source = "from shirube.hooks import NoLongerThere, hookimpl\n"
    wheel(tmp_path, "shirube-bygone", "0.1.0", source, "shirube>=0.1,<0.2")
    found = judged("shirube-bygone", "0.1.0", tmp_path / "venv", "--find-links", tmp_path)
    assert "API01" in failures(found)


@installs
def test_a_release_that_was_made_for_another_core_is_no_fault_of_this_one(tmp_path):
    wheel(tmp_path, "shirube-bygone", "0.1.0", "", "shirube>=0.0.1,<0.0.2")
    with pytest.raises(pytest.skip.Exception, match="does not admit the core"):
        judged("shirube-bygone", "0.1.0", tmp_path / "venv", "--find-links", tmp_path)


@installs
def test_a_plugin_of_this_tree_passes_as_its_release_will(tmp_path):
    found = judged("shirube-synchrotron", "0.1.0", tmp_path / "venv", "--find-links", ROOT / "dist")
    assert failures(found) == set()
    assert any(one["status"] == "pass" for one in found["checks"])
