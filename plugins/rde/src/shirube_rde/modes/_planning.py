"""Choosing the mode of a job, as RDE does: by what is in ``data/inputdata``, then by the template's configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import Any, Final

from shirube.errors import InputError
from shirube.intake import item_of
from shirube.messages import Text
from shirube.plugins import Plugins
from shirube.records import Item, ItemFile
from shirube_rde.documents import Document
from shirube_rde.items import Definition
from shirube_rde.modes._config import JobConfig
from shirube_rde.modes._excel import ENDING, plan_excel
from shirube_rde.modes._files import INPUT
from shirube_rde.modes._packed import plan_packed
from shirube_rde.modes._plan import Plan, TilePlan, numbered
from shirube_rde.modes._smart import BEGINNING, is_table, plan_smart
from shirube_rde.texts import joined, message

_WORKBOOKS: Final = (".xlsx",)
_OFFICE: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv")

__all__ = ["plan_job"]


def plan_job(
    files: Sequence[ItemFile],
    invoice: Document,
    schema: Mapping[str, Any],
    config: JobConfig,
    plugins: Plugins,
    stack: ExitStack,
    *,
    definition: Definition | None = None,
    reader: str | None = None,
) -> Plan:
    """Return the tiles that a job shall make.

    A SmartTable among the files wins over an Excel invoice, this over the configuration; without any of them all files
    make one tile.

    Args:
        files: The files of ``data/inputdata``.
        invoice: The job's invoice.
        schema: Of the invoice.
        config: Of the job.
        plugins: Whose readers say which files are data, and which belong to them.
        stack: What is unpacked is gone when it closes.
        definition: The metadata items of the job; None when it brings none.
        reader: Name of the reader, None to select by claim.

    Raises:
        InputError: The files are not as the mode wants them: everything that is wrong.
        UsageError: Two readers claim a file.
        MissingPluginError: An extra that the mode needs is not installed.
    """
    if not schema and any(_is_list(one.name) for one in files):
        raise InputError(message("table-without-schema"), path=INPUT)
    sidecars = [one.record.sidecar for one in plugins.readers.values() if one.record.sidecar]
    if any(is_table(one.name) for one in files):
        keep = config.save_table_file
        return plan_smart(files, invoice, schema, sidecars, stack, definition=definition, keep_table=keep)
    if any(_is_excel_invoice(one.name) for one in files):
        return plan_excel(files, invoice, schema, sidecars, stack)
    misnamed = [message("table-misnamed", file=one.name).text() for one in files if _is_misnamed(one.name)]
    if misnamed:
        raise InputError(joined(misnamed), path=INPUT)
    if config.extended_mode == "rdeformat":
        return plan_packed(files, invoice, stack)
    if config.extended_mode == "MultiDataTile":
        return _plan_each(files, invoice, plugins, reader)
    return numbered("Invoice", [TilePlan(where=Text(en=INPUT, ja=INPUT), files=tuple(files), invoice=invoice)])


def _is_list(name: str) -> bool:
    return is_table(name) or _is_excel_invoice(name)


def _is_excel_invoice(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in _WORKBOOKS and path.stem.endswith(ENDING)


def _is_misnamed(name: str) -> bool:
    """Tell whether a file is meant as a table by its name, but is none: other case, or another kind of workbook."""
    path = PurePosixPath(name.lower())
    return path.suffix in _OFFICE and (path.name.startswith(BEGINNING) or path.stem.endswith(ENDING))


def _plan_each(files: Sequence[ItemFile], invoice: Document, plugins: Plugins, reader: str | None) -> Plan:
    """Return a tile for each file, its sidecar beside it; the first one's is in ``data`` itself."""
    item = item_of("data", files, plugins, reader=reader)
    paired = set(item.sidecars.values())
    own = [one for one in sorted(files, key=lambda one: one.name) if one not in paired]
    tiles = [
        TilePlan(where=Text(en=one.name, ja=one.name), files=_with_sidecar(one, item), invoice=invoice) for one in own
    ]
    return numbered("MultiDataTile", tiles)


def _with_sidecar(file: ItemFile, item: Item) -> tuple[ItemFile, ...]:
    sidecar = item.sidecars.get(file.name)
    return (file,) if sidecar is None else (file, sidecar)
