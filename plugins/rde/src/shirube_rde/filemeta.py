"""``filemeta.json``: what each column of each CSV file holds, in the form that RDE merges with its own.

Form: the sample of a program's file in RDE's documentation for template developers (doc 2, chapter 5), whose
``itemtype`` of a column is spelt ``discriptor``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import numpy as np

from shirube.messages import Text
from shirube.tables import Column
from shirube_rde.structured import CsvFile

_FORMAT: Final = Text(en="Format", ja="形式")

__all__ = ["file_metadata"]


def file_metadata(files: Iterable[CsvFile], figures: Iterable[str] = ()) -> dict[str, Any]:
    """Return the content of ``filemeta.json`` for the files in ``structured/``.

    Args:
        files: Tables, whose columns are told.
        figures: Names of files of figures, which have a format only.
    """
    told = [(one.name, _columns(one)) for one in files] + [(name, {}) for name in figures]
    return {
        "filemetadata": [
            {"filename": f"structured/{name}", "metadata": _format(name) | columns} for name, columns in told
        ]
    }


def _format(name: str) -> dict[str, Any]:
    value = PurePosixPath(name).suffix.removeprefix(".")
    return {"format": {"itemtype": "format", "name": _both(_FORMAT), "value": value, "schema": {"type": "string"}}}


def _columns(file: CsvFile) -> dict[str, Any]:
    return {f"column{number}": _column(column) for number, column in enumerate(file.columns)}


def _column(column: Column) -> dict[str, Any]:
    number = isinstance(column.values, np.ndarray)
    described = {
        "itemtype": "discriptor",
        "datatype": "number" if number else "string",
        "name": _both(column.label),
        "value": column.label.en,
        "schema": {"type": "string"},
    }
    return described | ({"unit": column.unit} if column.unit else {})


def _both(text: Text) -> Mapping[str, str]:
    return {"ja": text.ja, "en": text.en}
