"""Parameters: frozen attrs classes whose fields carry help, unit and range; settings and options derive from them."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, Final, TypeVar, dataclass_transform, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

from shirube._frozen import FrozenMapping
from shirube.errors import SettingsError, core_message
from shirube.messages import Text, joined

_META: Final = "shirube"
T = TypeVar("T")

__all__ = ["Field", "build", "converted", "effective", "fields", "parameter", "parameters", "suggestion"]


@frozen(kw_only=True)
class Field:
    """What is known of one parameter."""

    name: str
    type: Any
    default: Any
    help: Text
    unit: str | None = None
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    choices: tuple[str, ...] | None = None

    @property
    def is_table(self) -> bool:
        """Whether the value is a table of values by name, each of which is a leaf of its own."""
        return get_origin(self.type) is FrozenMapping

    @property
    def range_text(self) -> str:
        """The allowed values as people read them, ``""`` when anything of the type goes."""
        if self.choices:
            return " | ".join(self.choices)
        parts = [
            f"{sign} {limit:g}"
            for sign, limit in ((">=", self.ge), (">", self.gt), ("<=", self.le))
            if limit is not None
        ]
        return ", ".join(parts)


def parameter(
    default: Any,
    *,
    en: str,
    ja: str,
    unit: str | None = None,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    choices: Sequence[str] | None = None,
) -> Any:
    """Return a field of a parameters class; where the default is a tuple, a lone text is a list of one.

    Args:
        default: The default; every parameter has one.
        en: Help in English, one sentence.
        ja: Help in Japanese.
        unit: Unit of the value.
        ge: Smallest value allowed.
        gt: Value it must exceed.
        le: Largest value allowed.
        choices: The texts allowed.
    """
    about = {
        "help": Text(en=en, ja=ja),
        "unit": unit,
        "ge": ge,
        "gt": gt,
        "le": le,
        "choices": None if choices is None else tuple(choices),
    }
    converter = _listed if isinstance(default, tuple) else None
    return attrs.field(default=default, metadata={_META: about}, converter=converter)


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value)


# Without field specifiers type checkers take what parameter() returns for a default, and every parameter has one.
@dataclass_transform(frozen_default=True, kw_only_default=True)
def parameters(cls: type[T]) -> type[T]:
    """Make ``cls`` a parameters class: a frozen attrs class with keyword arguments only.

    What is made in Python is held to the same types and ranges as what comes from settings, with all problems in one
    :class:`~shirube.errors.SettingsError`; only texts are not taken for anything else. Then comes the class's own
    ``__attrs_post_init__``.
    """
    own = cls.__dict__.get("__attrs_post_init__")

    def check(self: Any) -> None:
        _take(self)
        if own is not None:
            own(self)

    cls.__attrs_post_init__ = check  # type: ignore[attr-defined]
    return frozen(kw_only=True)(cls)


def fields(cls: type) -> tuple[Field, ...]:
    """Return what is known of the parameters of ``cls``, in order.

    Raises:
        TypeError: ``cls`` is no parameters class: a field was not made by :func:`parameter`.
    """
    return _fields(cls)


# Settings are built anew for each of many records, and type hints are slow to resolve.
@functools.lru_cache(maxsize=256)
def _fields(cls: Any) -> tuple[Field, ...]:
    hints = get_type_hints(cls)
    found = []
    for one in attrs.fields(cls):
        if _META not in one.metadata:
            msg = f"{cls.__qualname__}.{one.name} is not a parameter: make it with shirube.parameters.parameter()"
            raise TypeError(msg)
        found.append(Field(name=one.name, type=hints[one.name], default=one.default, **one.metadata[_META]))
    return tuple(found)


def build(cls: type[T], values: Mapping[str, Any], section: str = "") -> T:
    """Return an instance of ``cls`` from settings, with all problems in one error.

    Args:
        cls: A parameters class.
        values: Values by parameter name; texts are converted to the field's type.
        section: Name of the settings section, for messages (``analyses.bicfit``).

    Raises:
        SettingsError: Unknown names (with a suggestion), values of the wrong type or out of range.
    """
    known = {one.name: one for one in fields(cls)}
    problems: list[Text] = []
    arguments: dict[str, Any] = {}
    for name, value in values.items():
        shown = f"{section}.{name}" if section else name
        if name not in known:
            problems.append(core_message("parameter-unknown", name=shown, hint=suggestion(name, known)).text())
            continue
        try:
            arguments[name] = _coerce(known[name], value)
        except ValueError:
            problems.append(_invalid(known[name], shown, value))
    if problems:
        raise SettingsError(joined(problems))
    return cls(**arguments)


def _take(instance: Any) -> None:
    """Take values as what their parameters are; raise one error that names all of another type or out of range."""
    problems = []
    for about in fields(type(instance)):
        value = getattr(instance, about.name)
        try:
            if isinstance(value, str) and _plain_type(about.type) in {bool, int, float}:
                raise ValueError(value)  # noqa: TRY301 what settings would convert
            # numbers of other kinds become those that every writer knows
            object.__setattr__(instance, about.name, _coerce(about, value))
        except ValueError:
            problems.append(_invalid(about, about.name, value))
    if problems:
        raise SettingsError(joined(problems))


def _invalid(about: Field, name: str, value: Any) -> Text:
    return core_message("parameter-invalid", name=name, value=repr(value), expected=_type_name(about)).text()


def effective(instance: object) -> dict[str, Any]:
    """Return the values of a parameters instance by name, as they go into provenance."""
    cls: Any = type(instance)
    return {one.name: getattr(instance, one.name) for one in attrs.fields(cls)}


def suggestion(name: str, known: Mapping[str, object] | Sequence[str]) -> Text:
    """Return " Did you mean …?" in both languages, empty when nothing is near."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    if near:
        return Text(en=f" Did you mean {near[0]!r}?", ja=f"「{near[0]}」ではありませんか。")
    return Text(en="", ja="")


def _coerce(about: Field, value: Any) -> Any:
    optional = type(None) in get_args(about.type)
    if optional and (value is None or (isinstance(value, str) and value == "none")):
        return None
    wanted = _plain_type(about.type)
    found = converted(wanted, value)
    _check_range(about, found)
    return found


def converted(wanted: Any, value: Any) -> Any:
    """Return a value as the type of a parameter; texts are converted.

    Raises:
        ValueError: It is not of that type, and cannot be made so.
    """
    if get_origin(wanted) is tuple:
        parts = ([] if not value.strip() else value.split(",")) if isinstance(value, str) else value
        if not isinstance(parts, Sequence):
            raise ValueError(value)
        return tuple(converted(get_args(wanted)[0], part.strip() if isinstance(part, str) else part) for part in parts)
    if get_origin(wanted) is FrozenMapping:
        return _table(get_args(wanted)[1], value)
    if wanted is bool:
        return _boolean(value)
    if wanted is int:
        return _integer(value)
    if wanted is float:
        return _number(value)
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _table(wanted: Any, value: Any) -> FrozenMapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(value)
    return FrozenMapping({name: converted(wanted, one) for name, one in value.items()})


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral | str):
        raise ValueError(value)
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real | str):
        raise ValueError(value)
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(value) from None
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _check_range(about: Field, value: Any) -> None:
    if about.choices is not None:
        several = tuple(value.values()) if isinstance(value, Mapping) else value
        chosen = several if isinstance(several, tuple) else (several,)
        if any(one not in about.choices for one in chosen):
            raise ValueError(value)
    numbers = value if isinstance(value, tuple) else (value,)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float):
            continue
        too_low = (about.ge is not None and number < about.ge) or (about.gt is not None and number <= about.gt)
        if too_low or (about.le is not None and number > about.le):
            raise ValueError(value)


def _plain_type(hint: Any) -> Any:
    """Return ``X`` of ``X | None``."""
    options = [one for one in get_args(hint) if one is not type(None)]
    if type(None) in get_args(hint) and len(options) == 1:
        return options[0]
    return hint


def _type_name(about: Field) -> Text:
    names: Mapping[Any, Text] = {
        bool: Text(en="true or false", ja="true か false"),
        int: Text(en="a whole number", ja="整数"),
        float: Text(en="a number", ja="数値"),
        str: Text(en="a text", ja="文字列"),
    }
    wanted = _plain_type(about.type)
    many = {tuple: Text(en="a list", ja="リスト"), FrozenMapping: Text(en="a table", ja="表")}
    fallback = many.get(get_origin(wanted), names[str])
    name = names.get(wanted, fallback)
    extra = about.range_text + (f" {about.unit}" if about.unit else "")
    if not extra.strip():
        return name
    return Text(en=f"{name.en} ({extra.strip()})", ja=f"{name.ja}（{extra.strip()}）")
