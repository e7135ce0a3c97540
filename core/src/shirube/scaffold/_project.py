"""Writing a new project from its templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Final

from shirube import __version__
from shirube._checks import is_name
from shirube._discovery import discover
from shirube.errors import OutputError, UsageError, core_message
from shirube.scaffold._kinds import KINDS, Kind
from shirube.trees import building, write_text

#: Names that records of the core have, and the core itself.
_TAKEN: Final = ("core", "columns", "facts")
_SAMPLE_NOTE: Final = """
`sample.txt` holds made-up numbers and is as free as the code. Put a small file of your instrument in its place, say
here where it comes from and under which licence, and let the reader read it.
"""

__all__ = ["new_project"]


def new_project(name: str, kind: str, folder: Path, today: date) -> Path:
    """Write the project of a new plugin below ``folder``, and return its own folder, ``shirube-NAME``.

    Args:
        name: Name of the plugin: lower-case letters, digits, ``_`` and ``-``, a letter first.
        kind: One of :data:`KINDS`.
        folder: Where the project's folder shall be made.
        today: For the year of the licence and the month of a guide.

    Raises:
        UsageError: The name cannot be a plugin's, or is taken; there is no such kind.
        OutputError: There is something at the project's place already, or it cannot be written.
    """
    _check_name(name)
    if kind not in KINDS:
        raise UsageError(core_message("new-kind-unknown", kind=kind, kinds=", ".join(KINDS)))
    chosen = KINDS[kind]
    values = _values(name, chosen, today)
    target = folder / values["distribution"]
    if target.exists() or target.is_symlink():
        raise OutputError(core_message("new-exists"), path=target)
    with building(target) as site:
        for path, template in _files(chosen, values["package"]).items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            write_text(site / path, Template(template.read_text(encoding="utf-8")).substitute(values))
        write_text(site / "src" / values["package"] / "py.typed", "")
    return target


def _check_name(name: str) -> None:
    if not is_name(name):
        raise UsageError(core_message("new-name-invalid", name=name))
    found = discover()
    offers = [source for source in found.plugins.values() if source.name == name]
    offers += list(found.conflicts.get(name, ()))
    if name in _TAKEN or offers:
        whose = ", ".join(f"{one.distribution} {one.version}" for one in offers) or f"shirube {__version__}"
        raise UsageError(core_message("new-name-taken", name=name, whose=whose))


def _values(name: str, kind: Kind, today: date) -> Mapping[str, str]:
    package = f"shirube_{name.replace('-', '_')}"
    core = "shirube" + (f"[{','.join(kind.extras)}]" if kind.extras else "")
    wanted = sorted((*kind.dependencies, f"{core}{core_requirement(__version__)}"))
    return {
        "name": name,
        "terms": name.replace("-", "_"),
        "upper": name.upper(),
        "distribution": f"shirube-{name}",
        "package": package,
        "summary": kind.summary.en,
        "dependencies": ", ".join(f'"{one}"' for one in wanted),
        "samples_point": _samples_point(name, package) if kind.has_samples else "",
        "sample_note": _SAMPLE_NOTE if kind.has_samples else "",
        "year": str(today.year),
        "month": f"{today:%Y-%m}",
        "reader": name,
        **kind.values,
    }


def core_requirement(version: str) -> str:
    """Return which versions of the core a plugin written for ``version`` admits: up to the next that may break it."""
    major, minor, *_ = version.split(".")
    upper = f"0.{int(minor) + 1}" if major == "0" else f"{int(major) + 1}"
    return f">={major}.{minor},<{upper}"


def _samples_point(name: str, package: str) -> str:
    return f'\n[project.entry-points."shirube.samples"]\n{name} = "{package}.samples:samples"\n'


def _files(kind: Kind, package: str) -> dict[Path, Traversable]:
    """Return the template of every file of a project, by its path in it."""
    source = Path("src", package)
    common = {
        Path("pyproject.toml"): "pyproject.toml",
        Path("README.md"): "README.md",
        Path("LICENSE"): "LICENSE",
        source / "__init__.py": "init.py",
        Path("tests", "test_conformance.py"): "test_conformance.py",
    }
    templates = resources.files("shirube.scaffold") / "templates"
    files = {path: templates / "common" / f"{name}.template" for path, name in common.items()}
    files |= {source / name: templates / where / f"{name}.template" for name, where in kind.modules.items()}
    return files
