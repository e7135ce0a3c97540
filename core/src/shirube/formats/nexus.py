"""The exporter ``nexus``: a NeXus file for each entry, with an NXentry for each of its spectra.

An NXentry says that it is of the definition NXxps where everything is known that it requires, of NXmpes where that is
so of NXmpes; otherwise it names no definition. What it lacks stands in its group ``missing`` and, for all entries, in
``missing.txt``. Whatever is known of a spectrum is in the collection ``facts``, and what analyses found in ``results``.

The same outcomes make the same bytes: no times are kept, and names come in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from shirube import __version__
from shirube._extras import require
from shirube._hdf5 import hdf5_file, hdf5_text
from shirube._naming import Taken
from shirube.exporting import ExportContext
from shirube.formats._definitions import ANALYSER, Required, definition_of, definition_version, fields_of
from shirube.formats._spectra import Written, entries_of, nexus_name, said_of, written_of
from shirube.records import Outcome, Result, Spectrum
from shirube.tables import Cells
from shirube.trees import write_text

#: Groups that are there in any case, with their classes.
_GROUPS: Final = {
    "instrument": "NXinstrument",
    "instrument/beam_probe": "NXbeam",
    ANALYSER: "NXelectronanalyzer",
    f"{ANALYSER}/collectioncolumn": "NXcollectioncolumn",
    f"{ANALYSER}/energydispersion": "NXenergydispersion",
    f"{ANALYSER}/electron_detector": "NXelectron_detector",
    "sample": "NXsample",
    "data": "NXdata",
}
MISSING: Final = "missing.txt"
_REMEDY: Final = "What no file says can be stated in the section [facts] of the settings; nothing is made up here."
#: NeXus manual, rules for naming: endings of fields that say something of the field before them.
_RESERVED: Final = (
    "_end",
    "_errors",
    "_increment_set",
    "_indices",
    "_mask",
    "_offset",
    "_scaling_factor",
    "_set",
    "_weights",
)

__all__ = ["MISSING", "ready", "write"]


def ready(parameters: object) -> None:
    """Return if files can be written.

    Raises:
        MissingPluginError: The extra ``shirube[nexus]`` is not installed.
    """
    del parameters
    require("h5py", "nexus")


def write(outcomes: Sequence[Outcome], target: Path, context: ExportContext, parameters: object) -> None:
    """Write ``ENTRY.nxs`` for each entry, and ``missing.txt`` where a spectrum is not of NXxps.

    Raises:
        MissingPluginError: The extra ``shirube[nexus]`` is not installed.
    """
    del context, parameters
    told: list[str] = []
    for name, outcome in entries_of(outcomes):
        with hdf5_file(target / f"{name}.nxs") as file:
            told += [f"{name}.nxs {line}" for line in _write_file(file, outcome)]
    if told:
        write_text(target / MISSING, "".join(f"{line}\n" for line in (*told, _REMEDY)))


def _write_file(file: Any, outcome: Outcome) -> Iterator[str]:
    """Write the entries of a file; yields what each lacks."""
    file.attrs["NX_class"] = "NXroot"
    file.attrs["creator"] = "shirube"
    file.attrs["creator_version"] = __version__
    taken = Taken()
    for number, written in enumerate(written_of(outcome)):
        name = taken.take(nexus_name(written.stem))
        if not number:
            file.attrs["default"] = name
        missing = _write_entry(_group(file, name, "NXentry"), written)
        if missing:
            yield f"{name}: {missing}"


def _write_entry(entry: Any, written: Written) -> str:
    """Write an entry; returns what it lacks as a sentence, blank if nothing."""
    entry.attrs["default"] = "data"
    for path, kind in _GROUPS.items():
        _group(entry, path, kind)
    fields = fields_of(written)
    present: dict[str, object] = {**fields, **_write_data(entry["data"], written.spectrum)}
    definition, lacking = definition_of(present)
    if definition:
        entry["definition"] = definition
        entry["definition"].attrs["version"] = definition_version()
    for path, value in fields.items():
        # Only NXxps asks for the method; another entry does not claim one.
        if path != "method" or definition == "NXxps":
            _write_values(entry, path, *value)
    sentence = _sentence(definition, lacking)
    if sentence:
        _group(entry, "missing", "NXnote")["description"] = sentence
    _write_texts(_group(entry, "facts", "NXcollection"), said_of(written))
    results = _group(entry, "results", "NXcollection")
    taken = Taken()
    for result in written.results:
        _write_result(_group(results, taken.take(nexus_name(result.analysis)), "NXcollection"), result)
    return sentence


def _sentence(definition: str, lacking: Sequence[Required]) -> str:
    if not lacking:
        return ""
    kind = f"is {definition}, not NXxps," if definition else "names no definition, neither NXxps nor NXmpes,"
    return f"{kind} for nothing says {', '.join(one.told for one in lacking)}"


def _write_data(group: Any, spectrum: Spectrum) -> Mapping[str, object]:
    """Write intensities and axes; returns the paths below the entry that are there now."""
    _write_values(group, "data", spectrum.intensity, spectrum.intensity_unit)
    names = _axis_names(spectrum)
    group.attrs["signal"] = "data"
    group.attrs["axes"] = names
    for number, (name, axis) in enumerate(zip(names, spectrum.axes, strict=True)):
        _write_values(group, name, axis.values, axis.unit)
        group.attrs[f"{name}_indices"] = number
    if "energy" in names and spectrum.reference.scale != "unknown":
        group["energy"].attrs["type"] = spectrum.reference.scale
        return dict.fromkeys(("data/@signal", "data/data", "data/energy", "data/@energy_indices"))
    return dict.fromkeys(("data/@signal", "data/data"))


def _axis_names(spectrum: Spectrum) -> list[str]:
    taken = Taken(("data",))
    return [taken.take(nexus_name(axis.name)) for axis in spectrum.axes]


def _write_result(group: Any, result: Result) -> None:
    _write_values(group, "target", result.target)
    _write_values(group, "status", result.status)
    if result.reasons:
        _write_values(group, "reasons", tuple(one.en for one in result.reasons))
    scalars = _group(group, "scalars", "NXcollection")
    for term, quantity in result.scalars.items():
        _write_values(scalars, _key(term), _plain(quantity.value), quantity.unit or "")
        if quantity.uncertainty is not None:
            _write_values(scalars, f"{_key(term)}_errors", quantity.uncertainty, quantity.unit or "")
    arrays = _group(group, "arrays", "NXcollection")
    for array in result.arrays:
        _write_values(arrays, _key(array.name), array.values, array.unit)
    tables = _group(group, "tables", "NXcollection")
    for table in result.tables:
        columns = _group(tables, _key(table.name), "NXcollection")
        for column in table.columns:
            _write_values(columns, _key(column.name), column.values, column.unit)


def _write_values(group: Any, path: str, values: Cells | str | float, unit: str = "") -> None:
    """Write a field; its texts may hold names of files, which need not be valid Unicode."""
    if isinstance(values, str):
        group[path] = hdf5_text(values)
    else:
        group[path] = [hdf5_text(one) for one in values] if isinstance(values, tuple) else values
    if unit:
        group[path].attrs["units"] = hdf5_text(unit)


def _key(text: str) -> str:
    """Return a name as it is, but for a slash, and for endings that NeXus keeps for what belongs to another field."""
    name = hdf5_text(text).replace("/", "_") or "_"
    return f"{name}_value" if name.endswith(_RESERVED) else name


def _write_texts(group: Any, lines: Iterator[tuple[str, str]]) -> None:
    taken = Taken()
    for key, text in lines:
        _write_values(group, taken.take(_key(key)), text)


def _plain(value: bool | float | str) -> str | float:
    return value if isinstance(value, str) else float(value)


def _group(parent: Any, path: str, kind: str) -> Any:
    group = parent.create_group(path)
    group.attrs["NX_class"] = kind
    return group
