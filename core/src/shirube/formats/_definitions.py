"""NXmpes and NXxps: what each must hold, what the facts say of it, and which of the two an entry is."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.formats._spectra import Written
from shirube.hooks import Resource

#: A field to write: its value and unit; a blank unit is none.
Field: TypeAlias = tuple[str | float, str]

_RESOURCE: Final = Resource("shirube", "data/nexus.toml")
#: What programs call ways to run over energies with one pass energy, and what NeXus calls them.
_SCAN_MODES: Final = {"swept": "fixed_analyzer_transmission", "fixed": "snapshot"}
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
ANALYSER: Final = "instrument/electronanalyzer"

__all__ = ["ANALYSER", "Field", "Required", "definition_of", "definition_version", "fields_of", "required"]


@frozen(kw_only=True)
class Required:
    """A field or attribute (``@``) that a definition requires: its path, the terms it is made of, its values if few."""

    path: str
    terms: tuple[str, ...] = field(default=(), converter=as_tuple)
    choices: tuple[str, ...] = field(default=(), converter=as_tuple)

    @property
    def told(self) -> str:
        """The path, and from what it would be made."""
        source = f" (from {' and '.join(self.terms)})" if self.terms else ""
        return f"{self.path}{source}"


@functools.cache
def _table() -> Mapping[str, object]:
    return tomllib.loads(_RESOURCE.read_bytes().decode("utf-8"))


def definition_version() -> str:
    """Return the version of the definitions."""
    return str(_table()["version"])


@functools.cache
def required(definition: str) -> tuple[Required, ...]:
    """Return what ``NXmpes`` requires, or what ``NXxps`` requires beside that."""
    listed = _table()[definition]
    assert isinstance(listed, list)  # noqa: S101 our own file
    return tuple(
        Required(path=one["path"], terms=one.get("from", ()), choices=one.get("choices", ())) for one in listed
    )


def definition_of(paths: Mapping[str, object]) -> tuple[str, tuple[Required, ...]]:
    """Return the definition that an entry with these paths is of (none: ``""``), and what it lacks for NXxps."""
    lacks = {name: tuple(one for one in required(name) if one.path not in paths) for name in ("NXmpes", "NXxps")}
    missing = (*lacks["NXmpes"], *lacks["NXxps"])
    if lacks["NXmpes"]:
        return "", missing
    return ("NXmpes" if missing else "NXxps"), missing


def fields_of(written: Written) -> dict[str, Field]:
    """Return what facts say, by path below the entry; of what they do not say nothing is made up."""
    found = dict(_stated(written))
    for one in (*required("NXmpes"), *required("NXxps")):
        if one.choices and one.path in found and found[one.path][0] not in one.choices:
            del found[one.path]
    return found


def _stated(written: Written) -> Iterator[tuple[str, Field]]:
    spectrum = written.spectrum
    yield "title", (f"{spectrum.name} ({spectrum.id})" if spectrum.name else spectrum.id, "")
    # The definition itself is that of this method.
    yield "method", ("X-ray photoelectron spectroscopy (XPS)", "")
    moment = f"{written.text('measured_on')}T{written.text('measured_at')}{written.text('time_zone')}"
    if _MOMENT.fullmatch(moment):
        yield "start_time", (moment, "")
    for path, term in _TEXTS.items():
        if written.text(term):
            yield path, (written.text(term), "")
    for path, term in _NUMBERS.items():
        if (number := written.number(term)) is not None:
            yield path, (number, "eV")
    work_function = written.work_function()
    if work_function is not None:
        yield f"{ANALYSER}/work_function", (work_function, "eV")
    mode = _SCAN_MODES.get(written.text("acquisition_mode").casefold())
    if mode is not None and written.number("pass_energy") is not None:
        yield f"{ANALYSER}/energydispersion/energy_scan_mode", (mode, "")


#: Fields that are a fact as it stands; energies in eV, as their terms are.
_TEXTS: Final = {
    "sample/name": "sample_name",
    "instrument/name": "instrument",
    f"{ANALYSER}/collectioncolumn/scheme": "collection_scheme",
    f"{ANALYSER}/collectioncolumn/lens_mode": "lens_mode",
    f"{ANALYSER}/energydispersion/scheme": "dispersion_scheme",
}
_NUMBERS: Final = {
    "instrument/beam_probe/incident_energy": "photon_energy",
    f"{ANALYSER}/energydispersion/pass_energy": "pass_energy",
}
