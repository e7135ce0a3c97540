"""The run folder: outcomes as one JSON document with arrays and tables as files, written and read back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import cattrs
import numpy as np
from attrs import evolve, frozen

from shirube._naming import Taken
from shirube._portions import Portion, read_portion
from shirube._structure import converter
from shirube.errors import InputError, ShirubeError, core_message
from shirube.exporting import RenderedFigure
from shirube.messages import Text
from shirube.records import (
    Axis,
    Decision,
    EnergyReference,
    Entry,
    Finding,
    FloatArray,
    FrozenMapping,
    Measurement,
    NamedArray,
    Outcome,
    Provenance,
    Quantity,
    RawValue,
    Result,
    ResultStatus,
    Spectrum,
    Value,
)
from shirube.tables import Column, Table, read_csv, write_csv
from shirube.trees import inside, safe_name, write_bytes, write_json, write_text

T = TypeVar("T")

DOCUMENT: Final = "shirube.json"
SCHEMA: Final = "shirube-run/1"
#: Folder of the entries inside a run folder.
ENTRIES: Final = "entries"

#: Name of the report that ``shirube report`` leaves in a run folder.
REPORT: Final = "report.html"

__all__ = [
    "DOCUMENT",
    "ENTRIES",
    "REPORT",
    "SCHEMA",
    "StoredFigure",
    "is_run",
    "read_run",
    "read_run_with_figures",
    "was_written_here",
    "write_run",
]


@frozen
class StoredFigure:
    """A figure of a run folder: where its file lies, what it is of, who drew it (``spectrum``: the core), a caption."""

    path: Path
    target: str
    source: str
    caption: Text


def is_run(path: Path) -> bool:
    """Tell whether ``path`` is a run folder, perhaps a damaged one."""
    return (path / DOCUMENT).is_file()


def was_written_here(path: Path) -> bool:
    """Tell whether ``path`` holds a document that :func:`write_run` wrote, whatever its version."""
    with (path / DOCUMENT).open("rb") as document:
        return document.read(64).startswith(b'{\n  "schema": "shirube-run/')


def write_run(outcomes: Sequence[Outcome], folder: Path, figures: Sequence[RenderedFigure] = ()) -> None:
    """Write ``outcomes`` into the existing folder ``folder``: the document, arrays, tables and figures."""
    documents = []
    for number, outcome in enumerate(outcomes, start=1):
        writer = _Writer(folder, f"{ENTRIES}/{number:04d}_{safe_name(outcome.entry.name)}")
        document = writer.outcome(outcome)
        document["figures"] = [writer.figure(one) for one in figures if one.entry == outcome.entry.name]
        documents.append(document)
    write_json(folder / DOCUMENT, {"schema": SCHEMA, "outcomes": documents})


def read_run(folder: Path, *, portion: Portion | None = None) -> tuple[Outcome, ...]:
    """Return the outcomes of a run folder, the same as were written.

    Args:
        folder: The run folder.
        portion: What is wanted of it, for those who read many; None: everything.

    Raises:
        InputError: There is no run, its schema is another, or a part is missing or malformed.
    """
    reader = _Reader(folder)
    return _read(folder, reader.outcome, portion)


def read_run_with_figures(folder: Path) -> tuple[tuple[Outcome, tuple[StoredFigure, ...]], ...]:
    """Return the outcomes of a run folder, each with the figures that are stored of it.

    Raises:
        InputError: As :func:`read_run`.
    """
    reader = _Reader(folder)
    return _read(folder, lambda plain: (reader.outcome(plain), reader.figures(plain)))


def _read(folder: Path, part: Callable[[Mapping[str, Any]], T], portion: Portion | None = None) -> tuple[T, ...]:
    """Return what ``part`` makes of the plain data of each outcome.

    Raises:
        InputError: As :func:`read_run`.
    """
    path = folder / DOCUMENT
    if not path.is_file():
        raise InputError(core_message("run-missing", document=DOCUMENT), path=folder)
    try:
        document = json.loads(path.read_text(encoding="utf-8")) if portion is None else read_portion(path, portion)
    except (ValueError, RecursionError, OSError, LookupError, TypeError, AttributeError) as error:
        raise InputError(core_message("run-malformed", reason=error), path=path) from None
    schema = document.get("schema") if isinstance(document, Mapping) else None
    if schema != SCHEMA:
        raise InputError(core_message("run-other-schema", found=schema, wanted=SCHEMA), path=path)
    try:
        return tuple(part(one) for one in document["outcomes"])
    except cattrs.BaseValidationError as error:
        reason = "; ".join(cattrs.transform_error(error, path=DOCUMENT))
        raise InputError(core_message("run-malformed", reason=reason), path=path) from None
    except ShirubeError:
        raise
    except Exception as error:  # noqa: BLE001 a damaged file can fail anywhere; cattrs raises bare exceptions, too
        raise InputError(core_message("run-malformed", reason=f"{type(error).__name__}: {error}"), path=path) from None


@cache
def _converter() -> cattrs.Converter:
    # A new one compiles a function a record class, which takes longer than to read a small run.
    return converter()


class _Writer:
    """Turns one outcome into plain data and puts its arrays and tables beside it."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder, self.base = folder, base
        self._plain = _converter()
        self._count = 0
        self._files = Taken()

    def figure(self, figure: RenderedFigure) -> dict[str, Any]:
        name = self._files.take(f"{self.base}/figures/{figure.name}", ".png")
        write_bytes(self.folder / name, figure.png)
        caption = {"en": figure.caption.en, "ja": figure.caption.ja}
        return {"file": name, "target": figure.target, "source": figure.source, "caption": caption}

    def outcome(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "entry": self._entry(outcome.entry),
            "results": [self._result(one) for one in outcome.results],
            "findings": self._plain.unstructure(outcome.findings),
            "decisions": self._plain.unstructure(outcome.decisions),
            "provenance": self._plain.unstructure(outcome.provenance),
        }

    def _entry(self, entry: Entry) -> dict[str, Any]:
        from shirube.rendering import stems_of

        stems = iter(stems_of(entry.spectra()))
        return {
            "name": entry.name,
            "measurements": [self._measurement(one, stems) for one in entry.measurements],
            "facts": self._plain.unstructure(entry.facts),
            "files": self._plain.unstructure(entry.files),
            "registration": self._plain.unstructure(entry.registration),
            "guide": entry.guide,
            "guide_named": entry.guide_named,
            "axes": self._plain.unstructure(entry.axes),
        }

    def _measurement(self, measurement: Measurement, stems: Iterator[str]) -> dict[str, Any]:
        return {
            "name": measurement.name,
            "reader": measurement.reader,
            "spectra": [self._spectrum(one, next(stems)) for one in measurement.spectra],
            "metadata": self._plain.unstructure(measurement.metadata),
            "sources": self._plain.unstructure(measurement.sources),
            "remarks": self._plain.unstructure(measurement.remarks),
        }

    def _spectrum(self, spectrum: Spectrum, name: str) -> dict[str, Any]:
        stem = f"{self.base}/spectra/{name}"
        plain = {
            "id": spectrum.id,
            "name": spectrum.name,
            "intensity_unit": spectrum.intensity_unit,
            "reference": self._plain.unstructure(spectrum.reference),
            "metadata": self._plain.unstructure(spectrum.metadata),
        }
        if spectrum.is_one_dimensional:
            return plain | {
                "axis": _axis_head(spectrum.axes[0]),
                "table": self._write_table(stem, _pair(spectrum)),
                "rows": spectrum.intensity.size,
            }
        axes = [
            _axis_head(axis) | {"array": self._write_array(f"{stem}.{safe_name(axis.name)}", axis.values)}
            for axis in spectrum.axes
        ]
        return plain | {"axes": axes, "array": self._write_array(stem, spectrum.intensity)}

    def _result(self, result: Result) -> dict[str, Any]:
        self._count += 1
        stem = f"{self.base}/results/{self._count:04d}_{safe_name(result.analysis)}"
        return {
            "analysis": result.analysis,
            "target": result.target,
            "status": result.status,
            "reasons": self._plain.unstructure(result.reasons),
            "scalars": self._plain.unstructure(result.scalars),
            "parameters": self._plain.unstructure(result.parameters),
            "tables": [
                _table_head(one) | {"file": self._write_table(f"{stem}/{safe_name(one.name)}", one)}
                for one in result.tables
            ],
            "arrays": [
                {
                    "name": one.name,
                    "unit": one.unit,
                    "array": self._write_array(f"{stem}/{safe_name(one.name)}", one.values),
                }
                for one in result.arrays
            ],
        }

    def _write_table(self, stem: str, table: Table) -> str:
        name = self._files.take(stem, ".csv")
        write_text(self.folder / name, write_csv(table))
        return name

    def _write_array(self, stem: str, values: FloatArray) -> str:
        name = self._files.take(stem, ".npy")
        buffer = io.BytesIO()
        np.save(buffer, values, allow_pickle=False)
        write_bytes(self.folder / name, buffer.getvalue())
        return name


class _Reader:
    """Turns plain data and the files beside it back into one outcome."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._records = _converter()

    def _bare(self, plain: Any, cls: Any) -> Any:
        """Return plain data as records; what their arrays hold is still to come."""
        return self._records.structure(plain, cls)

    def outcome(self, plain: Mapping[str, Any]) -> Outcome:
        return Outcome(
            entry=self._entry(plain["entry"]),
            results=tuple(self._result(one) for one in plain["results"]),
            findings=self._bare(plain["findings"], tuple[Finding, ...]),
            decisions=self._bare(plain["decisions"], tuple[Decision, ...]),
            provenance=self._bare(plain["provenance"], Provenance),
        )

    def figures(self, plain: Mapping[str, Any]) -> tuple[StoredFigure, ...]:
        # The first runs did not list them.
        return tuple(self._figure(one) for one in plain.get("figures", ()))

    def _figure(self, plain: Mapping[str, Any]) -> StoredFigure:
        path = inside(self.folder, plain["file"])
        return StoredFigure(path, plain["target"], plain["source"], self._bare(plain["caption"], Text))

    def _entry(self, plain: Mapping[str, Any]) -> Entry:
        bare = self._bare({**plain, "measurements": []}, Entry)
        measurements = tuple(self._measurement(one) for one in plain["measurements"])
        entry: Entry = evolve(bare, measurements=measurements)
        return entry

    def _measurement(self, plain: Mapping[str, Any]) -> Measurement:
        bare = self._bare({**plain, "spectra": []}, Measurement)
        measurement: Measurement = evolve(bare, spectra=tuple(self._spectrum(one) for one in plain["spectra"]))
        return measurement

    def _spectrum(self, plain: Mapping[str, Any]) -> Spectrum:
        if "table" in plain:
            table = self._read_table(plain["table"], _pair_head(), plain.get("rows"))
            axes: tuple[Axis, ...] = (Axis(plain["axis"]["name"], _numbers(table, "axis"), plain["axis"]["unit"]),)
            intensity = _numbers(table, "intensity")
        else:
            axes = tuple(Axis(one["name"], self._read_array(one["array"]), one["unit"]) for one in plain["axes"])
            intensity = self._read_array(plain["array"])
        return Spectrum(
            id=plain["id"],
            name=plain["name"],
            intensity=intensity,
            axes=axes,
            intensity_unit=plain["intensity_unit"],
            reference=self._bare(plain["reference"], EnergyReference),
            metadata=self._bare(plain["metadata"], tuple[RawValue, ...]),
        )

    def _result(self, plain: Mapping[str, Any]) -> Result:
        return Result(
            analysis=plain["analysis"],
            target=plain["target"],
            status=self._bare(plain["status"], ResultStatus),
            reasons=self._bare(plain["reasons"], tuple[Text, ...]),
            scalars=self._bare(plain["scalars"], FrozenMapping[str, Quantity]),
            parameters=self._bare(plain["parameters"], FrozenMapping[str, Value | tuple[Value, ...] | None]),
            tables=tuple(self._read_table(one["file"], self._table(one), one.get("rows")) for one in plain["tables"]),
            arrays=tuple(
                NamedArray(one["name"], self._read_array(one["array"]), one["unit"]) for one in plain["arrays"]
            ),
        )

    def _table(self, plain: Mapping[str, Any]) -> Table:
        columns = tuple(
            Column(
                name=one["name"],
                label=self._records.structure(one["label"], Text),
                unit=one["unit"],
                values=("",) if one["texts"] else np.zeros(1),
                whole=one.get("whole", False),
                term=one.get("term", ""),
            )
            for one in plain["columns"]
        )
        label = self._records.structure(plain["label"], Text)
        return Table(plain["name"], label, columns, rank=plain.get("rank"))

    def _read_table(self, name: str, like: Table, rows: int | None) -> Table:
        """Return a table of a file; the first runs did not say how many rows it has.

        Raises:
            InputError: The file was cut short.
        """
        # As bytes: reading as text would change the line ends within cells.
        content = inside(self.folder, name).read_bytes()
        table = read_csv(content.decode("utf-8"), like)
        found = len(table.columns[0].values) if table.columns else 0
        if not content.endswith(b"\n") or rows not in (None, found):
            raise InputError(core_message("run-cut", found=found, wanted=rows), path=self.folder / name)
        return table

    def _read_array(self, name: str) -> FloatArray:
        # Not np.load, which takes other kinds of files too.
        array = np.lib.format.read_array(io.BytesIO(inside(self.folder, name).read_bytes()), allow_pickle=False)
        if array.dtype != np.float64:
            raise ValueError(f"{name}: {array.dtype} are not doubles")
        return array


def _axis_head(axis: Axis) -> dict[str, str]:
    return {"name": axis.name, "unit": axis.unit}


def _table_head(table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "label": {"en": column.label.en, "ja": column.label.ja},
            "unit": column.unit,
            "texts": isinstance(column.values, tuple),
            "whole": column.whole,
            "term": column.term,
        }
        for column in table.columns
    ]
    label = {"en": table.label.en, "ja": table.label.ja}
    rows = len(table.columns[0].values) if table.columns else 0
    return {"name": table.name, "label": label, "rank": table.rank, "columns": columns, "rows": rows}


def _pair(spectrum: Spectrum) -> Table:
    axis = spectrum.axes[0]
    label = Text(axis.name, axis.name)
    return Table(
        "spectrum",
        Text("spectrum", "スペクトル"),
        (
            Column(f"{axis.name}_{axis.unit}" if axis.unit else axis.name, label, axis.values, axis.unit),
            Column("intensity", Text("intensity", "強度"), spectrum.intensity, spectrum.intensity_unit),
        ),
    )


def _pair_head() -> Table:
    return Table(
        "spectrum",
        Text("", ""),
        (Column("axis", Text("", ""), np.zeros(1)), Column("intensity", Text("", ""), np.zeros(1))),
    )


def _numbers(table: Table, name: str) -> FloatArray:
    values = table.column(name).values
    if isinstance(values, tuple):
        raise TypeError(name)
    return values
