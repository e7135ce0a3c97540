"""Mode SmartTable: a table ``smarttable_*`` (xlsx, csv, tsv) with a row for each tile, and zip files of their data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import Any, Final

from attrs import evolve, frozen

from shirube.errors import InputError
from shirube.messages import Text
from shirube.records import FrozenMapping, ItemFile
from shirube_rde.documents import Document
from shirube_rde.items import Definition
from shirube_rde.modes._files import INPUT, short_names, unpacked
from shirube_rde.modes._filling import Filling, new_sample, row_of
from shirube_rde.modes._leftover import unclear, with_companions
from shirube_rde.modes._plan import Plan, TilePlan, changed, numbered
from shirube_rde.modes._rows import row_problems
from shirube_rde.modes._sheets import Sheet, read_delimited, read_workbook
from shirube_rde.texts import joined, message

BEGINNING: Final = "smarttable_"
SUFFIXES: Final = (".xlsx", ".csv", ".tsv")
#: Rows of the table: labels, keys, and then the tiles.
_KEYS, _FIRST = 1, 2
_SECTIONS: Final = ("basic", "custom", "sample", "meta")
_FILE: Final = "inputdata"

__all__ = ["BEGINNING", "SUFFIXES", "plan_smart"]


@frozen(eq=False)
class _Row:
    """A row: its number in the table, and its cells by key."""

    number: int
    cells: Mapping[str, str]

    @property
    def where(self) -> Text:
        return row_of(self.number)


def plan_smart(
    files: Sequence[ItemFile],
    invoice: Document,
    schema: Mapping[str, Any],
    sidecars: Sequence[str],
    stack: ExitStack,
    *,
    definition: Definition | None,
    keep_table: bool,
) -> Plan:
    """Return a tile for each row of the table, in its order of registration: the last row's is in ``data`` itself.

    Args:
        files: The table, and zip files.
        invoice: The invoice that the rows fill.
        schema: Of the invoice.
        sidecars: Patterns of sidecars.
        stack: Closes with the job.
        definition: The metadata items of the job; None when it brings none.
        keep_table: Register the table with the last tile.

    Raises:
        InputError: Other files than a table and zip files, unknown keys, a cell that does not fit, a file that is
            missing or that no row names: everything that is wrong.
        MissingPluginError: The table is a workbook, and the extra ``shirube-rde[excel]`` is not installed.
    """
    table, archives = _table_and_archives(files)
    name = f"{INPUT}/{table.name}"
    problems: list[Text] = []
    rows = _rows(table, name, problems)
    packed = [one for archive in archives for one in unpacked(archive, stack)]
    named = [_files_of(row, packed, problems) for row in rows]
    shown = ", ".join(one.name for one in archives)
    tiles = []
    for row, those in zip(rows, with_companions(named, packed, sidecars, shown, problems), strict=True):
        filling = Filling(invoice.content, schema)
        _fill(filling, row)
        problems.extend(filling.problems)
        stated = {key.partition("/")[2]: text for key, text in row.cells.items() if key.startswith("meta/") and text}
        filled = changed(invoice, **filling.content)
        problems.extend(row_problems(filled, schema, row.where, stated, definition))
        tiles.append(
            TilePlan(
                where=message("table-row-of", table=table.name, number=row.number).text(),
                files=short_names(those),
                invoice=filled,
                stated=FrozenMapping(stated),
            )
        )
    if problems:
        raise InputError(joined(problems), path=name)
    if keep_table:
        tiles[-1] = evolve(tiles[-1], unread=(table,))
    return numbered("SmartTable", tiles, root=-1)


def _table_and_archives(files: Sequence[ItemFile]) -> tuple[ItemFile, list[ItemFile]]:
    tables = [one for one in files if is_table(one.name)]
    archives = [one for one in files if one.name.lower().endswith(".zip")]
    others = [one.name for one in files if one not in tables and one not in archives]
    if len(tables) > 1 or others:
        raise InputError(message("smart-files", files=", ".join(one.name for one in files)), path=INPUT)
    return tables[0], archives


def is_table(name: str) -> bool:
    """Tell whether a file is a SmartTable by its name."""
    path = PurePosixPath(name)
    return path.name.startswith(BEGINNING) and path.suffix.lower() in SUFFIXES


def _rows(table: ItemFile, name: str, problems: list[Text]) -> list[_Row]:
    sheet = _sheet(table, name)
    problems += sheet.problems_from(_FIRST + 1)
    cells = sheet.rows
    if len(cells) <= _FIRST:
        raise InputError(message("table-empty"), path=name)
    keys = cells[_KEYS]
    unknown = [key for key in keys if key and not _is_known(key)]
    if unknown:
        problems.append(message("smart-keys", keys=", ".join(unknown)).text())
    twice = sorted({key for key in keys if key and keys.count(key) > 1})
    if twice:
        problems.append(message("table-keys-twice", keys=", ".join(twice)).text())
    filled = [(number, row) for number, row in enumerate(cells[_FIRST:], start=_FIRST + 1) if any(row)]
    return [_Row(number, {key: cell for key, cell in zip(keys, row, strict=True) if key}) for number, row in filled]


def _sheet(table: ItemFile, name: str) -> Sheet:
    suffix = PurePosixPath(table.name).suffix.lower()
    if suffix == ".xlsx":
        return next(iter(read_workbook(table.path, name).values()), Sheet(()))
    return read_delimited(table.path, name, "\t" if suffix == ".tsv" else ",")


def _is_known(key: str) -> bool:
    if key.startswith(_FILE):
        return key.removeprefix(_FILE).isdecimal()
    section, _, item = key.partition("/")
    return section in _SECTIONS and bool(item)


def _files_of(row: _Row, packed: Sequence[ItemFile], problems: list[Text]) -> list[ItemFile]:
    found = []
    wanted = [text for key, text in row.cells.items() if key.startswith(_FILE) and text]
    if not wanted:
        problems.append(message("table-no-file", where=row.where).text())
    for text in wanted:
        fitting = _matching(text, packed)
        if len(fitting) == 1:
            found.extend(fitting)
            continue
        problems.append(unclear(row.where, text, "zip", several=bool(fitting)))
    return found


def _matching(text: str, packed: Sequence[ItemFile]) -> list[ItemFile]:
    """Return the files that a cell may mean: the one at that place of the zip file, else those whose place ends so."""
    parts = PurePosixPath(text.replace("\\", "/").strip("/")).parts
    exact = [one for one in packed if PurePosixPath(one.name).parts == parts]
    return exact or [one for one in packed if parts and PurePosixPath(one.name).parts[-len(parts) :] == parts]


def _fill(filling: Filling, row: _Row) -> None:
    if row.cells.get("sample/names") and not row.cells.get("sample/sampleId"):
        new_sample(filling)
    for key, text in row.cells.items():
        section, _, item = key.partition("/")
        if section == "basic":
            filling.basic(item, text, row.where)
        elif section == "custom":
            filling.custom(item, text, row.where)
        elif section == "sample":
            _fill_sample(filling, item, text, row.where)
    owner = filling.section("basic").get("dataOwnerId")
    if owner and not row.cells.get("sample/ownerId") and isinstance(filling.content.get("sample"), dict):
        # A sample that is registered anew belongs to who registers it, not to the owner of one chosen on the web form.
        filling.section("sample")["ownerId"] = owner


def _fill_sample(filling: Filling, item: str, text: str, where: Text) -> None:
    section, _, ids = item.partition(".")
    if section == "generalAttributes" and ids:
        filling.attribute(section, {"termId": ids}, text)
    elif section == "specificAttributes" and "." in ids:
        class_id, _, term_id = ids.partition(".")
        filling.attribute(section, {"classId": class_id, "termId": term_id}, text)
    else:
        filling.sample(item, text, where)
