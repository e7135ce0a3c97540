"""Reading what a registry knows of an entry, through whichever exporter understands the file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from shirube.blame import Registered
from shirube.datasets import SUFFIXES
from shirube.datasets import read_registration as read_entry_file
from shirube.errors import InputError, MissingPluginError, UsageError, core_message
from shirube.hooks import Exporter
from shirube.known import install_hint
from shirube.plugins import Plugins
from shirube.records import Dataset, Registration
from shirube.settings import Settings

#: JSON is an invoice's.
_ENTRY_FILES: Final = tuple(suffix for suffix in SUFFIXES if suffix != ".json")

__all__ = ["read_dataset", "read_registration"]


def read_dataset(path: Path, plugins: Plugins, settings: Settings) -> tuple[str, Dataset] | None:
    """Return the exporter that understands ``path`` and the dataset it describes, None when none does.

    Raises:
        InputError: It is an exporter's, but broken.
        UsageError: Several exporters understand it; all are named.
    """
    found: list[tuple[Registered[Exporter], Dataset]] = []
    for name, registered in plugins.exporters.items():
        if plugins.provides(registered, "read"):
            parameters = plugins.parameters(registered, settings.section(f"exporters.{name}"))
            dataset = plugins.call(registered, "read", path, parameters)
            if dataset is not None:
                found.append((registered, plugins.checked(registered, dataset, Dataset)))
    if len(found) > 1:
        names = ", ".join(f"{one.name} ({one.origin})" for one, _ in found)
        raise UsageError(core_message("two-exporters-read", exporters=names), path=path)
    return (found[0][0].name, found[0][1]) if found else None


def read_registration(path: Path, plugins: Plugins, settings: Settings) -> Registration:
    """Return the registration that an invoice, a job tree or an entry file (TOML, YAML) holds.

    Raises:
        InputError: There is no such file, or nobody understands it, or it holds no invoice.
        MissingPluginError: No installed exporter reads invoices.
    """
    if not path.exists():
        raise InputError(core_message("input-missing"), path=path)
    if path.suffix.lower() in _ENTRY_FILES:
        return read_entry_file(path)
    if not any(plugins.provides(one, "read") for one in plugins.exporters.values()):
        raise MissingPluginError(core_message("no-invoice-reader", hint=install_hint("exporters", "rde") or ""))
    found = read_dataset(path, plugins, settings)
    registrations = [] if found is None else [one.registration for one in found[1].entries if one.registration]
    if not registrations:
        raise InputError(core_message("not-an-invoice", exporters=", ".join(plugins.exporters)), path=path)
    return registrations[0]
