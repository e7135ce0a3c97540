"""Mode ExcelInvoice: a workbook ``*_excel_invoice.xlsx`` with a row for each tile, and a zip file of their data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import Any, Final

from attrs import frozen

from shirube.errors import InputError
from shirube.messages import Text
from shirube.records import ItemFile
from shirube_rde.documents import Document
from shirube_rde.modes._files import INPUT, short_names, unpacked
from shirube_rde.modes._filling import Filling, cleared, row_of
from shirube_rde.modes._leftover import unclear, with_companions
from shirube_rde.modes._plan import Plan, TilePlan, changed, numbered
from shirube_rde.modes._rows import row_problems
from shirube_rde.modes._sheets import Sheet, read_workbook
from shirube_rde.texts import joined, message

ENDING: Final = "_excel_invoice"
#: What stands in the first cell of the sheet that lists the tiles.
_MARK: Final = "invoiceList_format_id"
#: Rows of that sheet, blank ones aside: format, section of each key, key, label, and then the tiles.
_SECTIONS, _KEYS, _FIRST = 1, 2, 4
_BY_FILE: Final = "data_file_names/name"
_TERM_SHEETS: Final = {"generalTerm": "generalAttributes", "specificTerm": "specificAttributes"}

__all__ = ["ENDING", "plan_excel"]


@frozen(eq=False)
class _Tiles:
    """The list of tiles: its keys, each row with its number in Excel, and what is wrong with cells of these rows."""

    keys: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    problems: Sequence[Text]


def plan_excel(
    files: Sequence[ItemFile], invoice: Document, schema: Mapping[str, Any], sidecars: Sequence[str], stack: ExitStack
) -> Plan:
    """Return a tile for each row of the workbook; the first row's is in ``data`` itself.

    Raises:
        InputError: Other files than a workbook and one zip file, a workbook that is not as RDE's, a cell that
            does not fit, a file that is missing or that no row names: everything that is wrong.
        MissingPluginError: The extra ``shirube-rde[excel]`` is not installed.
    """
    book, archive = _the_two(files)
    name = f"{INPUT}/{book.name}"
    sheets = read_workbook(book.path, name)
    sheet, terms = _list_of_tiles(sheets, name), _terms(sheets)
    packed = () if archive is None else unpacked(archive, stack)
    problems: list[Text] = [*sheet.problems, *([message("excel-no-archive").text()] if archive is None else [])]
    found = [_files_of(sheet, row, number, packed, archive, problems) for number, row in sheet.rows]
    with_sidecars = with_companions(found, packed, sidecars, "" if archive is None else archive.name, problems)
    tiles = []
    for (number, row), those in zip(sheet.rows, with_sidecars, strict=True):
        filling = Filling(invoice.content, schema)
        _fill(filling, dict(zip(sheet.keys, row, strict=True)), terms, number)
        problems.extend(filling.problems)
        where = message("table-row-of", table=book.name, number=number).text()
        filled = changed(invoice, **_sections(filling))
        problems.extend(row_problems(filled, schema, row_of(number)))
        tiles.append(TilePlan(where=where, files=short_names(those), invoice=filled))
    if problems:
        raise InputError(joined(problems), path=name)
    return numbered("ExcelInvoice", tiles)


def _sections(filling: Filling) -> dict[str, Any]:
    sample = filling.content.get("sample")
    if isinstance(sample, dict) and "sampleId" in sample:
        filling.content["sample"] = {"sampleId": sample.pop("sampleId"), **sample}
    return filling.content


def _the_two(files: Sequence[ItemFile]) -> tuple[ItemFile, ItemFile | None]:
    books = [one for one in files if PurePosixPath(one.name).stem.endswith(ENDING)]
    archives = [one for one in files if one.name.lower().endswith(".zip")]
    others = [one.name for one in files if one not in books and one not in archives]
    if len(books) > 1 or len(archives) > 1 or others:
        raise InputError(message("excel-files", files=", ".join(one.name for one in files)), path=INPUT)
    return books[0], archives[0] if archives else None


def _list_of_tiles(sheets: Mapping[str, Sheet], name: str) -> _Tiles:
    lists = [one for one in sheets.values() if one.rows and one.rows[0] and one.rows[0][0] == _MARK]
    if len(lists) != 1:
        raise InputError(message("excel-sheet", mark=_MARK, count=len(lists)), path=name)
    rows = [(number, row) for number, row in enumerate(lists[0].rows, start=1) if any(row)]
    if len(rows) <= _FIRST:
        raise InputError(message("table-empty"), path=name)
    if rows[-1][0] - rows[_FIRST][0] != len(rows) - 1 - _FIRST:
        raise InputError(message("table-gap"), path=name)
    used = [index for index in range(len(rows[0][1])) if any(row[index] for _, row in rows)]
    sections, keys = rows[_SECTIONS][1], rows[_KEYS][1]
    names = [f"{sections[index]}/{keys[index]}" if sections[index] else keys[index] for index in used]
    tiles = [(number, [row[index] for index in used]) for number, row in rows[_FIRST:]]
    return _Tiles(names, tiles, lists[0].problems_from(tiles[0][0]))


def _terms(sheets: Mapping[str, Sheet]) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """Return the section and the ids of the sample's attributes by the names that the sheets of terms give them."""
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    for sheet, section in _TERM_SHEETS.items():
        for *ids, key in (row[: 3 if sheet == "specificTerm" else 2] for row in sheets.get(sheet, Sheet(())).rows[1:]):
            named = {"classId": ids[0], "termId": ids[1]} if len(ids) > 1 else {"termId": ids[0]}
            found[key] = (section, named)
    return found


def _files_of(
    sheet: _Tiles,
    row: Sequence[str],
    number: int,
    packed: Sequence[ItemFile],
    archive: ItemFile | None,
    problems: list[Text],
) -> list[ItemFile]:
    if archive is None:
        return []
    wanted = row[0]
    by_file = sheet.keys[0] == _BY_FILE
    paths = [(one, PurePosixPath(one.name)) for one in packed]
    found = [one for one, path in paths if (path.name == wanted if by_file else wanted in path.parts[:-1])]
    if not found or (by_file and len(found) > 1):
        problems.append(unclear(row_of(number), wanted or "-", archive.name, several=bool(found)))
    return found if by_file else _below(found, wanted)


def _below(files: Sequence[ItemFile], folder: str) -> list[ItemFile]:
    """Return files under their places below a folder."""
    places = [PurePosixPath(one.name).parts for one in files]
    short = ["/".join(parts[parts.index(folder) + 1 :]) for parts in places]
    return [ItemFile(name, one.path) for name, one in zip(short, files, strict=True)]


def _fill(filling: Filling, row: Mapping[str, str], terms: Mapping[str, Any], number: int) -> None:
    cleared(filling)
    where = row_of(number)
    for key, text in _filled(row):
        section, _, name = key.partition("/")
        if section == "basic":
            filling.basic(name, text, where)
        elif section == "custom":
            filling.custom(name, text, where)
        elif section == "sample":
            filling.sample(name, text, where)
        elif section in ("sample.general", "sample.specific"):
            place = terms.get(f"{section}.{name}")
            if place is None:
                filling.problems.append(message("excel-term", where=where, key=key).text())
            else:
                filling.attribute(place[0], place[1], text)


def _filled(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((key, text) for key, text in row.items() if text)
