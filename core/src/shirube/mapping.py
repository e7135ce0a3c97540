"""Mapping an instrument's keys to terms: typed, with units converted, every origin kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Literal

import cattrs
from attrs import evolve, field, frozen

from shirube._frozen import as_tuple
from shirube.errors import PluginError, SettingsError, UnitError, core_message
from shirube.messages import Text, joined
from shirube.parameters import suggestion
from shirube.records import Facts, Measurement, Origin, Quantity, RawValue, Remark, Spectrum, Value
from shirube.terms import Term, Vocabulary, parse_terms
from shirube.units import convert

__all__ = ["MapData", "MapRule", "Mapped", "map_facts", "parse_map", "stated_facts"]


@frozen(kw_only=True)
class MapRule:
    """One key and the term it gives.

    Attributes:
        key: The key as the file spells it.
        section: The section it stands in, without its number; None for any.
        kind: Whether the header or the sidecar says it.
        term: The term.
        unit: Unit of the number as the file means it; None when it has none.
        format: How a date is written; ``date`` and ``time`` accept ISO 8601 and the US forms.
    """

    key: str
    term: str
    section: str | None = None
    kind: Literal["header", "sidecar"] = "header"
    unit: str | None = None
    format: Literal["date", "time"] | None = None


@frozen(kw_only=True)
class MapData:
    """A metadata map: its rules and the terms it adds to the vocabulary."""

    rules: tuple[MapRule, ...] = field(converter=as_tuple)
    terms: tuple[Term, ...] = field(default=(), converter=as_tuple)


@frozen
class Mapped:
    """Facts of one spectrum, and what could not be read as its term's type."""

    facts: Facts
    remarks: tuple[Remark, ...] = field(default=(), converter=as_tuple)


def parse_map(text: str, where: str) -> MapData:
    """Return the metadata map of a TOML text: ``[[map]]`` tables and ``[terms."x"]`` tables.

    Raises:
        PluginError: Not TOML, or a rule lacks what it needs or has an unknown key.
    """
    terms = parse_terms(text, where)
    from shirube._structure import converter

    try:
        rules = converter().structure(tomllib.loads(text).get("map", []), tuple[MapRule, ...])
    except (cattrs.BaseValidationError, ValueError) as error:
        reasons = "; ".join(cattrs.transform_error(error, path="map"))
        raise PluginError(core_message("map-malformed", reason=reasons), path=where) from None
    return MapData(rules=rules, terms=terms)


def map_facts(spectrum: Spectrum, measurement: Measurement, rules: Iterable[MapRule], vocabulary: Vocabulary) -> Mapped:
    """Return what the keys of ``spectrum`` and of its file say, by term.

    A key left blank says nothing. One key may stand for a spectrum and for its file; the spectrum's comes first.
    """
    facts = Facts()
    remarks: list[Remark] = []
    raw = (*spectrum.metadata, *measurement.metadata)
    for rule in rules:
        for value in _matching(rule, raw):
            try:
                facts = facts.add(rule.term, _quantity(value, rule, vocabulary[rule.term]))
            except (ValueError, UnitError) as error:
                remarks.append(_unreadable(value, vocabulary[rule.term], error))
    return Mapped(facts, tuple(remarks))


def stated_facts(table: Mapping[str, Any], vocabulary: Vocabulary, origin: Origin | None = None) -> dict[str, Quantity]:
    """Return the facts of a table written by hand: term -> value, in the unit of its term.

    Args:
        table: Terms and values; terms with a dot may stand in tables of their own.
        vocabulary: The known terms.
        origin: Where the table stands, ``key`` being its name; default: the settings section ``[facts]``.

    Raises:
        SettingsError: A term is not known, or a value is not of its type: all of them.
    """
    facts: dict[str, Quantity] = {}
    problems: list[Text] = []
    whence = origin or Origin("settings", key="facts")
    for name, value in _flat(table).items():
        if name not in vocabulary:
            hint = suggestion(name, list(vocabulary))
            problems.append(core_message("fact-unknown", name=name, hint=hint).text())
            continue
        term = vocabulary[name]
        try:
            facts[name] = Quantity(_typed(value, term), term.unit, origin=evolve(whence, key=f"{whence.key}.{name}"))
        except ValueError:
            problems.append(core_message("fact-invalid", name=name, value=repr(value), type=term.type).text())
    if problems:
        raise SettingsError(joined(problems))
    return facts


def _matching(rule: MapRule, raw: Iterable[RawValue]) -> Iterable[RawValue]:
    """Return the first value that the rule names; a key repeated in a file is one statement."""
    for value in raw:
        # The key first: hardly any value passes it, and files have a hundred thousand of them.
        if value.key == rule.key and value.kind == rule.kind and _in_section(value, rule.section):
            blank = value.value is None or (isinstance(value.value, str) and not value.value.strip())
            return [] if blank else [value]
    return []


def _in_section(value: RawValue, section: str | None) -> bool:
    return section is None or section in (value.section, re.sub(r" \d+$", "", value.section))


def _quantity(raw: RawValue, rule: MapRule, term: Term) -> Quantity:
    value = _typed(raw.value, term)
    unit = term.unit
    if rule.unit is not None and unit is not None and isinstance(value, int | float):
        value = convert(value, rule.unit, unit)
    return Quantity(value, unit, origin=Origin(raw.kind, raw.file, raw.line, raw.key))


def _typed(value: Value | None, term: Term) -> Value:
    if term.type == "string":
        return str(value)
    if term.type == "boolean":
        return _boolean(value)
    if term.type == "integer":
        return _integer(value)
    if term.type == "number":
        return _number(value)
    text = str(value).strip()
    if term.type == "date":
        return _date(text)
    return _time(text) if term.type == "time" else datetime.fromisoformat(text).isoformat()


def _boolean(value: Value | None) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if isinstance(value, bool):
        return value
    try:
        return words[str(value).strip().lower()]
    except KeyError:
        raise ValueError(value) from None


def _integer(value: Value | None) -> int:
    if isinstance(value, bool) or value is None or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    return int(value)


def _number(value: Value | None) -> float:
    if isinstance(value, bool) or value is None:
        raise ValueError(value)
    text = str(value).strip()
    # A decimal comma: SES writes one where the computer's locale has it.
    number = float(text.replace(",", ".")) if re.fullmatch(r"[-+]?\d+,\d+(E[-+]?\d+)?", text) else float(text)
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 nan differs from itself
        raise ValueError(value)
    return number


def _date(text: str) -> str:
    """Return an ISO date; ``3/23/2025`` and ``2/11/02`` are the US forms that SES writes."""
    us = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", text)
    if us:
        month, day, year = (int(part) for part in us.groups())
        return date(year + 2000 if year < 100 else year, month, day).isoformat()  # noqa: PLR2004 two-digit year
    return date.fromisoformat(text).isoformat()


def _time(text: str) -> str:
    twelve = re.fullmatch(r"(\d{1,2}):(\d{2}):(\d{2}) ?([AaPp])[Mm]", text)
    if twelve:
        hour, minute, second = (int(part) for part in twelve.groups()[:3])
        return time(hour % 12 + (12 if twelve[4] in "Pp" else 0), minute, second).isoformat()
    return time.fromisoformat(text.zfill(8)).isoformat()


def _unreadable(raw: RawValue, term: Term, error: Exception) -> Remark:
    reason = error.text() if isinstance(error, UnitError) else Text("", "")
    message = core_message(
        "metadata-unreadable", key=raw.key, value=repr(raw.value), type=term.type, term=term.label, reason=reason
    )
    return Remark("metadata-unreadable", message.text(), raw.file, raw.line)


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat
