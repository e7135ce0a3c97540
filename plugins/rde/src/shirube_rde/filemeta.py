"""``filemeta.json``: what each column of each CSV file holds, in the form that RDE merges with its own.

Form: the sample of a program's file in RDE's documentation for template developers (doc 2, chapter 5), whose
``itemtype`` of a column is spelt ``discriptor``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from shirube.messages import Text
from shirube.tables import Column
from shirube_rde.structured import CsvFile

_FORMAT: Final = Text(en="Format", ja="形式")

__all__ = ["file_metadata"]


def file_metadata(files: Iterable[CsvFile]) -> dict[str, Any]:
    """Return the content of ``filemeta.json`` for the files in ``structured/``."""
    return {"filemetadata": [{"filename": f"structured/{one.name}", "metadata": _of(one)} for one in files]}


def _of(file: CsvFile) -> dict[str, Any]:
    columns = {f"column{number}": _column(column) for number, column in enumerate(file.columns)}
    form = {"itemtype": "format", "name": _both(_FORMAT), "value": "csv", "schema": {"type": "string"}}
    return {"format": form, **columns}


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
