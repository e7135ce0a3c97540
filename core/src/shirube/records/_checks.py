"""Checks of what records are made of, so that a wrong value fails where it is made and not where it is written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from reprlib import repr as short
from typing import TYPE_CHECKING, Any, Final, TypeAlias, get_args

import numpy as np

from shirube._frozen import FrozenMapping
from shirube.messages import Text

if TYPE_CHECKING:
    from attrs import Attribute

Check: TypeAlias = "Callable[[Any, Attribute[Any], Any], None]"
_PLAIN: Final = frozenset({bool, int, float, str})
_PLAIN_OR_NONE: Final = _PLAIN | {type(None)}


def as_plain(value: Any) -> Any:
    """Return numpy's scalars, and subclasses of plain types, as Python's own; anything else as it is."""
    if type(value) in _PLAIN_OR_NONE:
        return value
    if isinstance(value, np.floating):
        return float(value)
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int | float):
        return int(value) if isinstance(value, int) else float(value)
    return value


def as_number(value: Any) -> Any:
    """Return a number as a float; anything else as it is."""
    plain = as_plain(value)
    return float(plain) if type(plain) is int and abs(plain) < 2**1000 else plain


def as_plain_mapping(items: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> FrozenMapping[Any, Any]:
    """Return a frozen mapping whose values are plain, and tuples where they are several."""
    return FrozenMapping({key: _plain_or_several(value) for key, value in dict(items).items()})


def _plain_or_several(value: Any) -> Any:
    several = isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim == 1)
    return tuple(as_plain(one) for one in value) if several else as_plain(value)


def is_plain(value: object) -> bool:
    """Tell whether ``value`` is a text, a boolean or a finite number."""
    return type(value) in _PLAIN and (type(value) is not float or math.isfinite(value))


def text(record: object, attribute: Attribute[Any], value: object) -> None:
    """Refuse what is no text."""
    if not isinstance(value, str):
        raise _wrong(record, attribute, value, "a text")


def text_or_none(record: object, attribute: Attribute[Any], value: object) -> None:
    """Refuse what is neither a text nor None."""
    if value is not None and not isinstance(value, str):
        raise _wrong(record, attribute, value, "a text or None")


def texts(record: object, attribute: Attribute[Any], value: tuple[object, ...]) -> None:
    """Refuse a tuple that holds anything but texts."""
    if not all(isinstance(one, str) for one in value):
        raise _wrong(record, attribute, value, "texts")


def whole(record: object, attribute: Attribute[Any], value: object) -> None:
    """Refuse what is no whole number."""
    if type(value) is not int:
        raise _wrong(record, attribute, value, "a whole number")


def whole_or_none(record: object, attribute: Attribute[Any], value: object) -> None:
    """Refuse what is neither a whole number nor None."""
    if value is not None and type(value) is not int:
        raise _wrong(record, attribute, value, "a whole number or None")


def plain(record: object, attribute: Attribute[Any], value: object) -> None:
    """Refuse what is no text, boolean or finite number."""
    if not is_plain(value):
        raise _wrong(record, attribute, value, "a text, a boolean or a finite number")


def plain_or_none(record: object, attribute: Attribute[Any], value: object) -> None:
    """Refuse what is no text, boolean, finite number or None."""
    if value is not None and not is_plain(value):
        raise _wrong(record, attribute, value, "a text, a boolean, a finite number or None")


def number_or_none(record: object, attribute: Attribute[Any], value: object) -> None:
    """Refuse what is neither a finite number nor None."""
    if value is not None and not (type(value) is float and math.isfinite(value)):
        raise _wrong(record, attribute, value, "a finite number or None")


def plain_values(record: object, attribute: Attribute[Any], value: Mapping[object, object]) -> None:
    """Refuse keys that are no text, and values that are no plain values, tuples of them, or None."""
    for key, held in value.items():
        if not isinstance(key, str):
            raise _wrong(record, attribute, key, "texts as keys")
        if not all(is_plain(one) for one in (held if isinstance(held, tuple) else (held,)) if one is not None):
            raise _wrong(record, attribute, {key: held}, "texts, booleans and finite numbers")


def single_values(record: object, attribute: Attribute[Any], value: Mapping[object, object]) -> None:
    """Refuse keys that are no text, and values that are not plain."""
    for key, held in value.items():
        if not (isinstance(key, str) and is_plain(held)):
            raise _wrong(record, attribute, {key: held}, "texts, booleans and finite numbers by text")


def one_of(choices: Any) -> Check:
    """Return a check for one of the texts of a ``Literal``."""
    allowed = get_args(choices)

    def check(record: object, attribute: Attribute[Any], value: object) -> None:
        if not (isinstance(value, str) and value in allowed):
            raise _wrong(record, attribute, value, f"one of {', '.join(allowed)}")

    return check


def a(kind: type, *, optional: bool = False) -> Check:
    """Return a check for a record of ``kind``, or None where that is allowed."""

    def check(record: object, attribute: Attribute[Any], value: object) -> None:
        if not (isinstance(value, kind) or (optional and value is None)):
            raise _wrong(record, attribute, value, f"a {kind.__name__}" + (" or None" if optional else ""))

    return check


def all_of(kind: type) -> Check:
    """Return a check for a tuple of records of ``kind``."""

    def check(record: object, attribute: Attribute[Any], value: tuple[object, ...]) -> None:
        # There may be thousands; as a rule they are all of one class.
        if set(map(type, value)) <= {kind}:
            return
        for one in value:
            if not isinstance(one, kind):
                raise _wrong(record, attribute, one, f"{kind.__name__} records")

    return check


def all_by_text(kind: type) -> Check:
    """Return a check for a mapping from texts to records of ``kind``."""

    def check(record: object, attribute: Attribute[Any], value: Mapping[object, object]) -> None:
        for key, held in value.items():
            if not (isinstance(key, str) and isinstance(held, kind)):
                raise _wrong(record, attribute, {key: held}, f"{kind.__name__} by text")

    return check


def message(record: object, attribute: Attribute[Any], value: Any) -> None:
    """Refuse what is no text in both languages."""
    if not (isinstance(value, Text) and {type(value.en), type(value.ja)} == {str}):
        raise _wrong(record, attribute, value, "a Text")


def message_or_none(record: object, attribute: Attribute[Any], value: object) -> None:
    """Refuse what is neither a text in both languages nor None."""
    if value is not None:
        message(record, attribute, value)


def messages(record: object, attribute: Attribute[Any], value: tuple[object, ...]) -> None:
    """Refuse a tuple that holds anything but texts in both languages."""
    for one in value:
        message(record, attribute, one)


def unlike_names(record: object, attribute: Attribute[Any], value: tuple[Any, ...]) -> None:
    """Refuse two of one name."""
    names = [one.name for one in value]
    repeated = next((name for index, name in enumerate(names) if name in names[:index]), None)
    if repeated is not None:
        msg = f"{type(record).__name__}.{attribute.name}: two are called {repeated!r}; give each a name of its own"
        raise ValueError(msg)


def _wrong(record: object, attribute: Attribute[Any], value: object, wanted: str) -> ValueError:
    return ValueError(f"{type(record).__name__}.{attribute.name}: expected {wanted}, not {short(value)}")
