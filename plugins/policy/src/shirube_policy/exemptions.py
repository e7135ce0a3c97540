"""When data need not be registered (参考1：データ登録の例外の考え方): the table of the policy, looked up by situation.

``EXEMPT`` (登録不要) means that the data may be left out, never that they must. The user of the instrument decides; the
table advises. What holds for one process wins over what holds for all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias

from attrs import frozen

Advice: TypeAlias = Literal[
    "EXEMPT",
    "REGISTER",
    "REGISTER_STRONG",
    "ADD_INFO",
    "ADD_ANNOTATION",
    "USER_CHOICE",
    "DELEGATE",
    "ASK_STAFF",
    "REVIEW",
]

#: Fields of the table by their names in either language.
FIELDS: Final[Mapping[str, str]] = {
    "measurement": "measurement",
    "計測・化学分析": "measurement",
    "fabrication": "fabrication",
    "微細加工・半導体": "fabrication",
    "film_quality": "film_quality",
    "膜質評価": "film_quality",
    "synthesis": "synthesis",
    "物質・合成": "synthesis",
}
#: Processes by their names in either language.
PROCESSES: Final[Mapping[str, str]] = {
    **{
        one: one
        for one in (
            *("spectroscopy", "microscopy", "deposition", "lithography", "etching", "reaction"),
            *("moulding", "film_quality"),
        )
    },
    "xps": "spectroscopy",
    "分光系": "spectroscopy",
    "顕微系": "microscopy",
    "sem": "microscopy",
    "tem": "microscopy",
    "成膜": "deposition",
    "リソグラフィー": "lithography",
    "エッチング": "etching",
    "膜質評価": "film_quality",
    "反応": "reaction",
    "成形・混練": "moulding",
    "molding": "moulding",
    "kneading": "moulding",
}

__all__ = ["FIELDS", "PROCESSES", "ROWS", "Advice", "Lookup", "Row", "lookup"]


@frozen(kw_only=True)
class Row:
    """One row of the table.

    Attributes:
        rule: Id of its rule.
        field: Field it belongs to, ``all`` for every field.
        processes: Processes it belongs to; empty for every process of the field.
        codes: Codes of the situation.
        advice: What the policy says.
        novel: Holds for new materials only, for known ones only, or for both.
        companions: What is to be recorded: ``reason``, or keys of the exemption's ``record``.
        with_row: Rule whose row this one accompanies.
        follows: Processes whose rows hold here too.
    """

    rule: str
    field: str
    advice: Advice
    processes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    novel: bool | None = None
    companions: tuple[str, ...] = ()
    with_row: str | None = None
    follows: tuple[str, ...] = ()


def _row(number: str, field: str, advice: Advice, *processes: str, **more: object) -> Row:
    return Row(rule=f"ARIM-EXM-{number}", field=field, advice=advice, processes=processes, **more)  # type: ignore[arg-type]


_REASON: Final = ("reason",)
_DEPOSITION: Final = ("deposition", "lithography")

#: The 28 rows, in the order of the policy.
ROWS: Final[tuple[Row, ...]] = (
    _row("001", "all", "EXEMPT", codes=("measurement_error",), companions=_REASON),
    _row("002", "all", "EXEMPT", codes=("control_setting_error",), companions=_REASON),
    _row("003", "all", "EXEMPT", codes=("instrument_malfunction",), companions=_REASON),
    _row("004", "all", "EXEMPT", codes=("meaningless_to_data_users",), companions=_REASON),
    _row("005", "all", "EXEMPT", codes=("misleading",), companions=_REASON),
    _row("006", "all", "REGISTER", codes=("failed_result", "disappointing")),
    _row("007", "all", "REGISTER", codes=("no_value_to_user",)),
    _row("008", "all", "ASK_STAFF", codes=("unknown",)),
    _row("009", "all", "REVIEW", codes=("other",), companions=_REASON),
    _row("101", "measurement", "EXEMPT", "spectroscopy", codes=("range_setting_error",), companions=_REASON),
    _row("102", "measurement", "REGISTER", "spectroscopy", codes=("disappointing",), companions=("conditions",)),
    _row(
        "103",
        "measurement",
        "EXEMPT",
        "spectroscopy",
        codes=("no_signal_low_concentration",),
        companions=("n_accumulations", "signal_to_noise"),
    ),
    _row("201", "measurement", "EXEMPT", "microscopy", codes=("tuning_image",)),
    _row("202", "measurement", "REGISTER", "microscopy", codes=("optimised_image",), companions=("conditions",)),
    _row(
        "203",
        "measurement",
        "REGISTER_STRONG",
        "microscopy",
        codes=("charge_up",),
        novel=True,
        companions=("coating", "charging"),
    ),
    _row("204", "measurement", "USER_CHOICE", "microscopy", codes=("charge_up",), novel=False, companions=_REASON),
    _row("205", "measurement", "ADD_ANNOTATION", "microscopy", codes=("annotation",), companions=("annotation",)),
    _row("301", "fabrication", "EXEMPT", *_DEPOSITION, codes=("dropped_or_contaminated",), companions=_REASON),
    _row("302", "fabrication", "REGISTER_STRONG", *_DEPOSITION, codes=("pattern_transfer_failure",)),
    _row(
        "303",
        "fabrication",
        "ADD_INFO",
        *_DEPOSITION,
        companions=("deposition_temperature", "deposition_time", "sem_image"),
        with_row="ARIM-EXM-302",
    ),
    _row("401", "fabrication", "EXEMPT", "etching", codes=("handling_mistake",), companions=_REASON),
    _row("402", "fabrication", "REGISTER", "etching", codes=("condition_finding",)),
    _row(
        "403",
        "fabrication",
        "ADD_INFO",
        "etching",
        companions=("etching_time", "gas", "pressure", "result"),
        with_row="ARIM-EXM-402",
    ),
    _row("404", "fabrication", "ADD_INFO", "etching", companions=("related_images",), with_row="ARIM-EXM-402"),
    _row("501", "film_quality", "REGISTER_STRONG", codes=("negative_example",), companions=("property", "value")),
    _row("601", "synthesis", "DELEGATE", "reaction", follows=(*_DEPOSITION, "etching")),
    _row("602", "synthesis", "ADD_INFO", "reaction", companions=("yield", "conversion"), with_row="ARIM-EXM-601"),
    _row("603", "synthesis", "DELEGATE", "moulding", follows=_DEPOSITION),
)
_BY_RULE: Final = {row.rule: row for row in ROWS}
_UNKNOWN: Final = _BY_RULE["ARIM-EXM-008"]
_OTHER: Final = _BY_RULE["ARIM-EXM-009"]
#: Situations that are no failure but a mistake when the conditions were not proper.
_PROPER_ONLY: Final = ("failed_result", "disappointing")


@frozen(kw_only=True)
class Lookup:
    """What the table says of one situation.

    Attributes:
        row: The row that decides.
        via: Rows that lead to it: a process that follows another one's rows.
        beside: Rows that ask for more to be recorded.
        missing: What must be said to decide, a field of the exemption; ``row`` is then the likeliest.
    """

    row: Row
    via: tuple[Row, ...] = ()
    beside: tuple[Row, ...] = ()
    missing: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row that has something to say."""
        return (self.row, *self.via, *self.beside)


def lookup(
    code: str | None,
    field: str | None = None,
    process: str | None = None,
    *,
    novel: bool | None = None,
    conditions_appropriate: bool | None = None,
) -> Lookup:
    """Return what the table says of a situation.

    Args:
        code: Code of the situation; None, blank and ``unknown`` ask ARIM's staff.
        field: Field of the instrument, in either language.
        process: Process in the field; film quality has none.
        novel: Whether the material is new, which decides on images with charge-up.
        conditions_appropriate: Whether conditions and procedure were proper; only then is a failure one.
    """
    wanted = _key(code)
    if wanted in ("", *_UNKNOWN.codes):
        return Lookup(row=_UNKNOWN)
    if wanted in _PROPER_ONLY and conditions_appropriate is False:
        return Lookup(row=_OTHER)
    where, how = FIELDS.get(_key(field)), PROCESSES.get(_key(process))
    via = tuple(row for row in ROWS if row.advice == "DELEGATE" and how in row.processes)
    hows = {how, *(one for row in via for one in row.follows)}
    found = _found(wanted, where, hows, bool(via))
    if not found:
        elsewhere = any(wanted in row.codes for row in ROWS)
        missing = ("field" if where is None and how is None else "process") if elsewhere else ""
        return Lookup(row=_OTHER, missing=missing if how is None else "", via=via, beside=_beside((_OTHER, *via)))
    fitting = [row for row in found if row.novel is None or novel is None or row.novel == novel]
    row = fitting[0]
    missing = "novel" if row.novel is not None and novel is None else ""
    via = via if row.field == "fabrication" else ()
    return Lookup(row=row, via=via, beside=_beside((row, *via)), missing=missing)


def _found(code: str, where: str | None, hows: Iterable[str | None], delegated: bool) -> list[Row]:
    """Return the rows of a code, those of the process before those of all."""
    hows = set(hows)
    specific = [
        row
        for row in ROWS
        if code in row.codes
        and row.field != "all"
        and (where is None or where == row.field or delegated)
        and (hows & set(row.processes) or (not row.processes and row.field in (where, *hows)))
    ]
    return specific or [row for row in ROWS if code in row.codes and row.field == "all"]


def _beside(rows: Iterable[Row]) -> tuple[Row, ...]:
    rules = {row.rule for row in rows}
    return tuple(row for row in ROWS if row.with_row in rules)


def _key(text: str | None) -> str:
    return unicodedata.normalize("NFKC", text or "").strip().casefold().replace(" ", "_").replace("-", "_")
