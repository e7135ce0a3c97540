"""One metadata value: of the type its definition says, in its unit, and within what RDE accepts."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final

from shirube.errors import MissingPluginError, UnitError
from shirube.messages import Message
from shirube.records import Quantity, Value
from shirube.units import convert
from shirube_rde.items import Item
from shirube_rde.texts import message

#: Longest text that RDE takes as a metadata value, in bytes of UTF-8.
MAX_BYTES: Final = 1024
#: Whence amendments see what is stated, so that what is left out is remarked.
_READ: Final = ("header", "sidecar", "invoice")
_OFFSET: Final = re.compile(r"([Zz]|[+-]\d{2}:\d{2})$")
_DATE: Final = r"\d{4}-\d{2}-\d{2}"
_TIME: Final = r"\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})?"
_PATTERNS: Final = {
    "date": re.compile(_DATE, re.ASCII),
    "time": re.compile(_TIME, re.ASCII),
    "date-time": re.compile(f"{_DATE}[Tt]{_TIME}", re.ASCII),
}
_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "date-time": datetime.fromisoformat,
}

__all__ = ["MAX_BYTES", "Refused", "has_format", "has_offset", "is_of_type", "is_residue", "item_value", "left_out"]


class Refused(Exception):  # noqa: N818 an answer to the caller in this package, not an error a user sees
    """A value does not fit its item; ``reason`` says why, without naming the item."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason
        super().__init__(reason)


def item_value(item: Item, quantity: Quantity, utc_offset: str | None = None) -> Value:
    """Return the value of ``item`` that ``quantity`` gives.

    Args:
        item: Says type, format and unit.
        quantity: Value, and the unit it is in.
        utc_offset: Written behind a time that states none (``+09:00``); None leaves it as the file has it.

    Raises:
        Refused: Another type, a unit that cannot be converted, not a finite number, a malformed date or time, a text
            that is too long or that UTF-8 cannot hold. Nothing is rounded, cut or guessed.
    """
    value = _in_unit(item, quantity)
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(message("value-not-finite", value=value))
    if item.type == "number" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if item.type == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if not is_of_type(value, item.type):
        raise Refused(message("value-type", value=repr(value), type=item.type))
    return _text(item, value, utc_offset) if isinstance(value, str) else value


def left_out(quantity: Quantity) -> int | None:
    """Return the size in bytes of a text of a file or form that RDE's metadata cannot hold; None for all that they can.

    Nobody can shorten what was measured. What settings state is refused instead, as everything else that cannot be.
    """
    if not isinstance(quantity.value, str) or quantity.origin.kind not in _READ:
        return None
    size = len(quantity.value.encode("utf-8", "replace"))
    return size if size > MAX_BYTES else None


def is_residue(quantity: Quantity) -> bool:
    """Tell whether a number is what uninitialised memory holds, as old SES software writes it, not a measured one.

    It is a subnormal double: in no unit does an instrument measure 3.1e-317. A zero is a number.
    """
    value = quantity.value
    return isinstance(value, float) and 0.0 < abs(value) < sys.float_info.min


def is_of_type(value: object, kind: str) -> bool:
    """Tell whether a JSON value is of one of RDE's types; ``true`` is no number."""
    if kind == "array":
        return isinstance(value, list)
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int)
    if kind == "number":
        return isinstance(value, int | float)
    return isinstance(value, str)


def has_format(text: str, form: str) -> bool:
    """Tell whether ``text`` is a ``date``, ``time`` or ``date-time`` of RFC 3339; any text has any other format.

    A time may lack its offset: nobody may invent one that the instrument did not write (see :func:`has_offset`).
    """
    if form not in _PATTERNS:
        return True
    try:
        return _PATTERNS[form].fullmatch(text) is not None and _PARSERS[form](text) is not None
    except ValueError:
        return False


def has_offset(text: str, form: str) -> bool:
    """Tell whether a time or date-time of RFC 3339 says which clock it was read off."""
    return form not in ("time", "date-time") or _OFFSET.search(text) is not None


def _in_unit(item: Item, quantity: Quantity) -> Value:
    value = quantity.value
    # "$key" names another item whose value is the unit; there is nothing to convert to.
    printed = None if item.unit is None or item.unit.startswith("$") else item.unit
    wanted = printed or item.base_unit
    if isinstance(value, str | bool) or wanted is None or wanted == quantity.unit:
        return value
    if quantity.unit is None:
        if printed is None:
            return value
        raise Refused(message("value-without-unit", value=value, unit=printed))
    try:
        return convert(value, quantity.unit, wanted)
    except (UnitError, MissingPluginError) as error:
        raise Refused(message("value-unit", value=value, unit=quantity.unit, reason=error.text())) from None


def _text(item: Item, value: str, utc_offset: str | None) -> str:
    text = value
    if item.format in ("time", "date-time") and utc_offset and not has_offset(text, item.format):
        text += utc_offset
    if item.format is not None and not has_format(text, item.format):
        raise Refused(message("value-format", value=repr(text), format=item.format))
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise Refused(message("value-not-utf8")) from None
    if size > MAX_BYTES:
        raise Refused(message("value-too-long", size=size, limit=MAX_BYTES))
    return text
