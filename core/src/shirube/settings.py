"""Layered settings: defaults, facility, profile, project, a named file, command line; every leaf knows its layer."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from attrs import evolve, field, frozen

from shirube._axes import ENERGY, AxisTreatment
from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube._keyed import by_identity
from shirube._profiles import Profile, chain, read_profiles
from shirube._waiver import Waiver
from shirube._waivertables import read_waivers
from shirube.errors import SettingsError, UsageError, core_message
from shirube.messages import Text, joined
from shirube.parameters import build, fields, parameter, parameters, suggestion

Layer: TypeAlias = Literal["facility", "profile", "project", "file", "command line"]

FILE_NAME: Final = "shirube.toml"
ENVIRONMENT: Final = "SHIRUBE_CONFIG"
_RECORD_SECTIONS: Final = (
    "readers",
    "amendments",
    "conversions",
    "guides",
    "analyses",
    "policies",
    "exporters",
)
_SECTIONS: Final = ("run", "plugins", "facts", "waivers", *_RECORD_SECTIONS)
_TRUSTED: Final[tuple[Layer, ...]] = ("facility", "file")

__all__ = [
    "ENVIRONMENT",
    "FILE_NAME",
    "Layer",
    "PluginSettings",
    "RunSettings",
    "Setting",
    "Settings",
    "load_settings",
    "project_settings",
]


@parameters
class RunSettings:
    """The core's own settings, section ``[run]``."""

    guide: str | None = parameter(None, en="Name of the guide; none selects by match.", ja="ガイド名（なし：自動選択）")
    reader: str | None = parameter(
        None, en="Name of the reader; none selects by claim.", ja="リーダー名（なし：自動選択）"
    )
    energy_scale: str = parameter(
        "binding",
        en="Energy scale that spectra are converted to; as-read leaves them.",
        ja="変換先のエネルギースケール（as-read は変換しない）",
        choices=("binding", "as-read"),
    )
    conversion: str | None = parameter(
        None, en="Name of the conversion when several could do it.", ja="使用する変換の名前"
    )
    analyses: tuple[str, ...] = parameter(
        (),
        en="Names of the analyses; empty takes the guide's, or all without a guide.",
        ja="解析の名前（空：ガイドに従う）",
    )
    exporters: tuple[str, ...] = parameter(
        (),
        en="Names of the exporters; empty takes all but those that write on request.",
        ja="出力の名前（空：指定時のみ書くものを除くすべて）",
    )
    also_export: tuple[str, ...] = parameter(
        (), en="Names of exporters that write besides those.", ja="それらに加えて書く出力の名前"
    )
    policies: tuple[str, ...] = parameter(
        (), en="Names of the policies; empty takes all.", ja="ポリシーの名前（空：すべて）"
    )
    axes: FrozenMapping[str, AxisTreatment] = parameter(
        FrozenMapping(),
        en="What analyses see of an axis, by its name: the sum over it (sum), the axis (keep), or a spectrum for each "
        "of its points (each); wins over the guide.",
        ja="解析で軸をどう扱うか（軸名ごと。sum：合計する、keep：そのまま、"
        "each：各点を 1 本のスペクトルとする）。ガイドに優先する",
        choices=("sum", "keep", "each"),
    )
    other_axes: Literal["sum", "keep", "each"] = parameter(
        "keep",
        en="What analyses see of an axis beside the energies that nobody names, or that the guide only keeps.",
        ja="エネルギー以外の軸のうち、名前で指定がないか、ガイドがそのまま残すとしている軸の扱い",
        choices=("sum", "keep", "each"),
    )
    lang: str | None = parameter(None, en="Language of messages and figures.", ja="表示言語", choices=("ja", "en"))
    fail_on: Literal["must", "should", "may", "never"] = parameter(
        "must",
        en="Findings of this severity or above give exit code 1.",
        ja="この重要度以上の指摘で終了コード 1",
        choices=("must", "should", "may", "never"),
    )
    item_seconds: float = parameter(
        600.0,
        en="Time that an isolated item may take, its start included.",
        ja="隔離して処理するデータ 1 件の制限時間（起動を含む）",
        unit="s",
        gt=0.0,
    )
    item_memory: int = parameter(
        4096,
        en="Memory that an isolated item may take for data (enforced on Linux).",
        ja="隔離して処理するデータ 1 件のメモリーの上限（Linux で有効）",
        unit="MB",
        ge=256,
    )


@parameters
class PluginSettings:
    """Which plugins may run, section ``[plugins]``; honoured only from the facility file or ``--config``."""

    allow: tuple[str, ...] | None = parameter(
        None, en="Plugins or distributions that may run; none: all.", ja="使用を許すプラグイン（なし：すべて）"
    )
    block: tuple[str, ...] = parameter((), en="Plugins or distributions that may not run.", ja="使用しないプラグイン")
    files: tuple[str, ...] = parameter(
        (),
        en="Local plugin files, relative to the settings file.",
        ja="ローカルプラグインのファイル（設定ファイルからの相対パス）",
    )


@frozen
class Setting:
    """One leaf: its dotted name, value, and the layer and file it came from."""

    name: str
    value: Any
    layer: Layer
    where: str = ""
    #: What a layer below says of the same leaf, which this one overrides.
    over: Setting | None = field(default=None, eq=False)


@frozen
class Settings:
    """Effective settings, with where each leaf came from, and what is to be said about the files."""

    leaves: FrozenMapping[str, Setting] = field(factory=FrozenMapping, converter=as_frozen)
    waivers: tuple[Waiver, ...] = field(default=(), converter=as_tuple)
    warnings: tuple[Text, ...] = field(default=(), converter=as_tuple)
    #: Folder of the settings file that names local plugin files.
    plugin_folder: Path = field(default=Path(), eq=False)
    #: Profiles that a trusted file offers, by name; none of them is in force before :meth:`with_profile`.
    profiles: FrozenMapping[str, Profile] = field(factory=FrozenMapping, converter=as_frozen)
    #: The files that were read, lowest layer first.
    files: tuple[tuple[Layer, Path], ...] = field(default=(), converter=as_tuple, eq=False)

    def section(self, name: str) -> dict[str, Any]:
        """Return the leaves below ``name`` (``analyses.bicfit``) as nested tables."""
        prefix = f"{name}."
        return _nested(
            {key.removeprefix(prefix): one.value for key, one in self.leaves.items() if key.startswith(prefix)}
        )

    @property
    def run(self) -> RunSettings:
        """The section ``[run]``."""
        return build(RunSettings, self.section("run"), "run")

    @property
    def plugins(self) -> PluginSettings:
        """The section ``[plugins]``."""
        return build(PluginSettings, self.section("plugins"), "plugins")

    def plugin_files(self) -> tuple[Path, ...]:
        """Return where the local plugin files lie."""
        return tuple(self.plugin_folder / name for name in self.plugins.files)

    def values(self) -> dict[str, Any]:
        """Return every leaf's value by its dotted name, sorted, as it goes into provenance.

        Raises:
            SettingsError: One is nan or infinite, which no document of a run can hold.
        """
        return {name: _plain(name, self.leaves[name].value) for name in sorted(self.leaves)}

    def above(self, lower: Settings) -> Settings:
        """Return these settings laid over ``lower``: what both say, these win."""
        names_files = any(name.startswith("plugins.files") for name in self.leaves)
        return Settings(
            _laid(lower.leaves, self.leaves),
            (*lower.waivers, *self.waivers),
            (*lower.warnings, *self.warnings),
            self.plugin_folder if names_files else lower.plugin_folder,
            {**lower.profiles, **self.profiles},
            (*lower.files, *self.files),
        )

    def with_project(self, project: Settings) -> Settings:
        """Return these settings with those of a ``project`` between the facility's and all that is more explicit."""
        return self._inserted(project, (*self.waivers, *project.waivers))

    def with_profile(self, name: str) -> Settings:
        """Return these settings with a profile, and those that it extends, between the facility's and the project's.

        Raises:
            UsageError: No trusted file offers such a profile.
            SettingsError: A profile extends itself or one that does not exist, or holds what settings may not.
        """
        laid = Settings()
        for profile in chain(self.profiles, name):
            laid = _profile_layer(profile).above(laid)
        return self._inserted(laid, (*laid.waivers, *self.waivers))

    def _inserted(self, inner: Settings, waivers: tuple[Waiver, ...]) -> Settings:
        lower = {name: one for name, one in self.leaves.items() if one.layer in ("facility", "profile")}
        explicit = {name: one for name, one in self.leaves.items() if one.layer not in ("facility", "profile")}
        warnings = (*self.warnings, *inner.warnings)
        leaves = _laid(_laid(lower, inner.leaves), explicit)
        files = (*self.files, *inner.files)
        return Settings(leaves, waivers, warnings, self.plugin_folder, self.profiles, files)

    def with_values(self, values: Mapping[str, Any]) -> Settings:
        """Return the settings with leaves set as on the command line."""
        leaves = {name: Setting(name, value, "command line") for name, value in values.items()}
        _check_names(leaves.values())
        return evolve(self, leaves=_laid(self.leaves, leaves))


def load_settings(
    *,
    config: Path | None = None,
    sets: Sequence[str] = (),
    project: Path | None = None,
    facility: Path | None = None,
) -> Settings:
    """Return the settings of all layers.

    Args:
        config: File named with ``--config``; must exist.
        sets: ``section.name=value`` texts, as typed after ``--set``.
        project: Folder whose ``shirube.toml`` is the project's; default the current folder.
        facility: The facility's file; default what the environment variable SHIRUBE_CONFIG names, or
            ``shirube/shirube.toml`` in the user's configuration folder.

    Raises:
        SettingsError: A file is not TOML, or holds sections or names that do not exist: all problems of all files.
        UsageError: A ``--set`` is not ``name=value``.
    """
    project_file = (project or Path()) / FILE_NAME
    facility_file = facility or _facility_file()
    files: list[tuple[Layer, Path]] = [("facility", facility_file)]
    if not _same(facility_file, project_file):
        # In its own folder the facility's file would be found again, as one that nobody may trust.
        files.append(("project", project_file))
    if config is not None:
        if not config.is_file():
            raise SettingsError(core_message("settings-missing"), path=config)
        files = [one for one in files if not _same(one[1], config)]
        files.append(("file", config))
    settings = Settings()
    for layer, path in files:
        settings = _layer(layer, path).above(settings)
    assignments = dict(_assignment(text) for text in sets)
    for name in assignments:
        if name.startswith("plugins."):
            raise UsageError(core_message("set-not-trusted", name=name))
    typed = settings.with_values(assignments)
    _check_values(typed, None)
    return typed


def project_settings(folder: Path) -> Settings:
    """Return what the ``shirube.toml`` of a folder says, as a project's file; nothing when there is none.

    Raises:
        SettingsError: The file is not TOML, or holds sections or names that do not exist.
    """
    return _layer("project", folder / FILE_NAME)


def _layer(layer: Layer, path: Path) -> Settings:
    if not path.is_file():
        return Settings()
    table = _read(path)
    waivers = read_waivers(table.pop("waivers", []), path)
    profiles = table.pop("profiles", {})
    found = {one.name: one for one in _leaves(table, layer, path.name)}
    warnings = [] if layer in _TRUSTED else _drop_untrusted(found, path)
    if profiles and layer not in _TRUSTED:
        warnings.append(core_message("setting-not-trusted", name="profiles", file=path).text())
        profiles = {}
    offered = {one.name: one for one in read_profiles(profiles, path)}
    settings = Settings(found, waivers, warnings, path.parent, offered, ((layer, path),))
    _check_names(found.values(), path)
    _check_values(settings, path)
    for profile in offered.values():
        _profile_layer(profile)
    return settings


def _profile_layer(profile: Profile) -> Settings:
    """Return what a profile itself says, checked as a file is."""
    tables = dict(profile.tables)
    waivers = read_waivers(tables.pop("waivers", []), profile.path)
    where = f"{profile.path.name}: profiles.{profile.name}"
    found = {one.name: one for one in _leaves(tables, "profile", where)}
    _check_names(found.values(), profile.path)
    settings = Settings(found, waivers)
    _check_values(settings, profile.path)
    return settings


def _same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file that is there."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _facility_file() -> Path:
    named = os.environ.get(ENVIRONMENT)
    if named:
        if Path(named).is_dir():
            raise SettingsError(core_message("settings-named-folder", variable=ENVIRONMENT, file=FILE_NAME), path=named)
        if not Path(named).is_file():
            # A facility's guard must not be lost to a slip in a path.
            raise SettingsError(core_message("settings-named-missing", variable=ENVIRONMENT), path=named)
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "shirube" / FILE_NAME


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(core_message("resource-not-toml", reason=error), path=path) from None
    except UnicodeDecodeError:
        raise SettingsError(core_message("settings-not-utf8"), path=path) from None
    except OSError as error:
        raise SettingsError(core_message("input-unreadable", reason=error.strerror or error), path=path) from None


def _leaves(table: Mapping[str, Any], layer: Layer, where: str, prefix: str = "") -> Iterator[Setting]:
    for key, value in table.items():
        name = f"{prefix}{key}"
        entries = by_identity(key, value) if name.startswith("guides.") and isinstance(value, list) else None
        if isinstance(value, Mapping) or entries is not None:
            yield from _leaves(value if entries is None else entries, layer, where, f"{name}.")
        else:
            yield Setting(name, value, layer, where)


def _drop_untrusted(found: dict[str, Setting], path: Path) -> list[Text]:
    """Remove what only a trusted file may say: a file found beside downloaded data never runs code."""
    names = [name for name in found if name.startswith("plugins.") or name.endswith(".profile")]
    for name in names:
        del found[name]
    return [core_message("setting-not-trusted", name=name, file=path).text() for name in names]


def _check_names(leaves: Iterable[Setting], path: Path | None = None) -> None:
    problems = []
    for one in leaves:
        section, _, rest = one.name.partition(".")
        if section not in _SECTIONS:
            hint = suggestion(section, _SECTIONS)
            problems.append(core_message("section-unknown", section=section, hint=hint).text())
        elif section in ("run", "plugins"):
            known = {about.name: about for about in fields(RunSettings if section == "run" else PluginSettings)}
            table, _, inside = rest.partition(".")
            if one.name == f"run.axes.{ENERGY}":
                problems.append(core_message("axes-energy", key=one.name).text())
            elif rest not in known and not (inside and table in known and known[table].is_table):
                hint = suggestion(table, list(known))
                problems.append(core_message("parameter-unknown", name=one.name, hint=hint).text())
        elif section == "waivers" or (section in _RECORD_SECTIONS and "." not in rest):
            problems.append(core_message("setting-without-section", name=one.name).text())
    if problems:
        raise SettingsError(joined(dict.fromkeys(problems)), path=path)


def _check_values(settings: Settings, path: Path | None) -> None:
    """Build the core's own sections, so that a wrong value is an error of its file and not of its first use."""
    try:
        _ = settings.run, settings.plugins, settings.values()
    except SettingsError as error:
        raise SettingsError(error.message, path=path) from None


def _assignment(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(core_message("set-malformed", text=text))
    return name.strip(), value.strip()


def _laid(lower: Mapping[str, Setting], upper: Mapping[str, Setting]) -> dict[str, Setting]:
    """Return the leaves of two layers; those of ``upper`` win, and keep what they override."""
    kept = {name: _above(one, lower[name]) if name in lower else one for name, one in upper.items()}
    return {**lower, **kept}


def _above(top: Setting, base: Setting) -> Setting:
    """Return ``top`` over ``base``, in whose place it may itself stand over what lies below a profile or project."""
    if top.over is None or top.over.layer in ("facility", "profile"):
        return evolve(top, over=base)
    return evolve(top, over=_above(top.over, base))


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *parents, leaf = name.split(".")
        place = tree
        for parent in parents:
            place = place.setdefault(parent, {})
            if not isinstance(place, dict):
                raise SettingsError(core_message("setting-value-and-table", name=name))
        if isinstance(place.get(leaf), dict):
            raise SettingsError(core_message("setting-value-and-table", name=name))
        place[leaf] = value
    return tree


def _plain(name: str, value: Any) -> Any:
    listed = value if isinstance(value, list | tuple) else (value,)
    if any(isinstance(one, float) and not math.isfinite(one) for one in listed):
        raise SettingsError(core_message("setting-not-finite", name=name, value=value))
    if isinstance(value, list | tuple):
        return tuple(str(one) if isinstance(one, date | Mapping | list | tuple) else one for one in value)
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)
