"""How the template configures its jobs: ``tasksupport/rdeconfig.yaml``, as far as it concerns this program."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, cast

from attrs import frozen

from shirube.errors import InputError
from shirube.messages import Text, joined
from shirube.sources import SourceFile
from shirube_rde.layout import Job
from shirube_rde.texts import message

_FILES: Final = ("rdeconfig.yaml", "rdeconfig.yml")
_EXTENDED: Final = ("rdeformat", "MultiDataTile")
#: What rdetoolkit knows. A template may add sections of its own, so that only what looks like one of these is wrong.
_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "system": (
        "extended_mode",
        "save_raw",
        "save_nonshared_raw",
        "save_thumbnail_image",
        "magic_variable",
        "save_invoice_to_structured",
        "feature_description",
    ),
    "multidata_tile": ("ignore_errors",),
    "smarttable": ("save_table_file",),
    "traceback": (),
}
#: What this program decides by its own settings, and what it does, whatever the file says.
_OWN: Final = {
    "save_raw": False,
    "save_nonshared_raw": True,
    "save_thumbnail_image": True,
    "save_invoice_to_structured": False,
    "feature_description": False,
}
_SIMILAR: Final = 0.8

__all__ = ["JobConfig", "read_config"]


@frozen
class JobConfig:
    """The configuration of a job.

    Attributes:
        extended_mode: The mode that the template asks for; None leaves it to the input files.
        ignore_errors: Whether a tile of mode MultiDataTile that fails is left out instead of failing the job.
        magic_variable: Whether ``${…}`` in data names is replaced.
        save_table_file: Whether the SmartTable itself is registered.
        overruled: Keys that say otherwise than this program does.
    """

    extended_mode: Literal["rdeformat", "MultiDataTile"] | None = None
    ignore_errors: bool = False
    magic_variable: bool = False
    save_table_file: bool = False
    overruled: tuple[str, ...] = ()


def read_config(job: Job) -> JobConfig:
    """Return the configuration of a job: ``rdeconfig.yaml`` or ``.yml``, else ``[tool.rdetoolkit]`` in pyproject.toml.

    Raises:
        InputError: It cannot be read, or says what RDE does not know: everything that is wrong.
        MissingPluginError: It is YAML, and the extra that reads it is not installed.
    """
    name, content = _content(job)
    problems = list(_problems(content))
    if problems:
        raise InputError(joined(problems), path=name)
    system = content.get("system") or {}
    return JobConfig(
        extended_mode=system.get("extended_mode"),
        ignore_errors=(content.get("multidata_tile") or {}).get("ignore_errors", False),
        magic_variable=system.get("magic_variable", False),
        save_table_file=(content.get("smarttable") or {}).get("save_table_file", False),
        overruled=tuple(f"system.{key}" for key, done in _OWN.items() if system.get(key, done) != done),
    )


def _content(job: Job) -> tuple[str, Mapping[str, Any]]:
    for file in _FILES:
        path = job.data / "tasksupport" / file
        if path.is_file():
            return f"data/tasksupport/{file}", _yaml(path, f"data/tasksupport/{file}")
    project = job.data.parent / "pyproject.toml"
    if not project.is_file():
        return "", {}
    try:
        document = tomllib.loads(SourceFile(project, name="pyproject.toml").read_bytes().decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(message("config-malformed", reason=error), path="pyproject.toml") from None
    tool = document.get("tool")
    section = tool.get("rdetoolkit") if isinstance(tool, Mapping) else None
    return "pyproject.toml", section if isinstance(section, Mapping) else {}


def _yaml(path: Path, name: str) -> Mapping[str, Any]:
    from shirube.yamltext import parse_yaml

    try:
        data = parse_yaml(SourceFile(path, name=name).read_bytes().decode("utf-8-sig")).data
    except UnicodeDecodeError as error:
        raise InputError(message("config-malformed", reason=error), path=name) from None
    except InputError as error:
        raise InputError(error.message, path=name, line=error.line) from None
    if not isinstance(data, Mapping):
        raise InputError(message("config-no-mapping"), path=name)
    return cast("Mapping[str, Any]", data)


def _problems(content: Mapping[str, Any]) -> Iterator[Text]:
    for name, section in content.items():
        if name not in _KNOWN:
            yield from _misspelt(name, tuple(_KNOWN), "")
        elif section is not None and not isinstance(section, Mapping):
            yield message("config-no-section", key=name).text()
        elif section and _KNOWN[name]:
            yield from _section_problems(name, section)


def _section_problems(name: str, section: Mapping[str, Any]) -> Iterator[Text]:
    for key, value in section.items():
        if key not in _KNOWN[name]:
            yield message("config-unknown", key=f"{name}.{key}", known=", ".join(_KNOWN[name])).text()
        elif key == "extended_mode":
            if value is not None and value not in _EXTENDED:
                yield message("config-mode", value=value, known=", ".join(_EXTENDED)).text()
        elif not isinstance(value, bool):
            yield message("config-boolean", key=f"{name}.{key}", value=value).text()


def _misspelt(name: str, known: tuple[str, ...], prefix: str) -> Iterator[Text]:
    # rdetoolkit's own manual writes multidatatile, which it then ignores without a word.
    meant = difflib.get_close_matches(name.lower(), known, n=1, cutoff=_SIMILAR)
    if meant:
        yield message("config-misspelt", key=f"{prefix}{name}", meant=f"{prefix}{meant[0]}").text()
