"""The cattrs converters of the core: strict structuring of TOML and JSON into frozen records, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from shirube._frozen import FrozenMapping, freeze
from shirube.messages import Text

__all__ = ["converter"]


def converter() -> cattrs.Converter:
    """Return a converter: unknown keys are errors, numbers and texts are not silently turned into each other."""
    conv = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    conv.register_structure_hook(str, _strict(str))
    conv.register_structure_hook(bool, _strict(bool))
    conv.register_structure_hook(int, _strict(int))
    conv.register_structure_hook(float, _float)
    conv.register_structure_hook_func(_is_value_union, _value)
    conv.register_structure_hook_factory(_is_list_like, lambda cls: _tuple(cls, conv))
    conv.register_structure_hook_factory(_is_frozen_mapping, lambda cls: _frozen_mapping(cls, conv))
    conv.register_unstructure_hook_func(
        _is_frozen_mapping,
        lambda mapping: {key: conv.unstructure(value) for key, value in mapping.items()},
    )
    conv.register_structure_hook_factory(
        attrs.has, lambda cls: make_dict_structure_fn(cls, conv, _cattrs_forbid_extra_keys=True)
    )
    conv.register_unstructure_hook_factory(
        attrs.has, lambda cls: make_dict_unstructure_fn(cls, conv, _cattrs_omit_if_default=True)
    )
    conv.register_structure_hook(Text, _text)
    return conv


def _is_list_like(cls: Any) -> bool:
    return get_origin(cls) is tuple and get_args(cls)[1:] == (Ellipsis,)


def _tuple(cls: Any, conv: cattrs.Converter) -> Any:
    (item_type, _) = get_args(cls)

    def structure(value: Any, _: Any) -> tuple[Any, ...]:
        # A text is a sequence too, but "abc" was never meant as a, b, c.
        if not isinstance(value, list | tuple):
            raise ValueError(f"expected a list, got {value!r}")
        return tuple(conv.structure(value, list[item_type]))  # type: ignore[valid-type]

    return structure


def _is_frozen_mapping(cls: Any) -> bool:
    return FrozenMapping in (cls, get_origin(cls))


def _text(value: Any, _: type) -> Text:
    if isinstance(value, str):
        return Text(en=value, ja=value)
    if (
        isinstance(value, Mapping)
        and set(value) == {"en", "ja"}
        and all(isinstance(one, str) for one in value.values())
    ):
        return Text(en=value["en"], ja=value["ja"])
    msg = "expected a text, or a table with en and ja"
    raise ValueError(msg)


def _strict(wanted: type) -> Any:
    names = {str: "a text", bool: "true or false", int: "a whole number"}

    def structure(value: Any, _: type) -> Any:
        if type(value) is wanted:
            return value
        msg = f"expected {names[wanted]}, got {value!r}"
        raise ValueError(msg)

    return structure


def _float(value: Any, _: type) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        _refuse_not_finite(value)
        return float(value)
    msg = f"expected a number, got {value!r}"
    raise ValueError(msg)


def _refuse_not_finite(value: Any) -> None:
    # No document of a run could hold it, and nothing can be compared with it.
    if isinstance(value, float) and not math.isfinite(value):
        msg = f"expected a finite number, got {value!r}"
        raise ValueError(msg)


def _is_value_union(cls: Any) -> bool:
    """Whether ``cls`` is a union of plain types (bool | int | float | str, perhaps None, perhaps tuples of them)."""
    if get_origin(cls) not in (Union, UnionType):
        return False
    plain = [one for one in get_args(cls) if one is not type(None) and get_origin(one) is not tuple]
    return len(plain) > 1 and set(plain) <= {bool, int, float, str}


def _value(value: Any, cls: Any) -> Any:
    options = get_args(cls)
    if isinstance(value, list) and any(get_origin(one) is tuple for one in options):
        return tuple(_value(one, cls) for one in value)
    _refuse_not_finite(value)
    if type(value) in options or (isinstance(value, int) and not isinstance(value, bool) and float in options):
        return value
    names = ", ".join(getattr(one, "__name__", str(one)) for one in options)
    msg = f"expected one of {names}, got {value!r}"
    raise ValueError(msg)


def _frozen_mapping(cls: Any, conv: cattrs.Converter) -> Any:
    key_type, value_type = get_args(cls)

    def structure(value: Any, _: Any) -> FrozenMapping[Any, Any]:
        return freeze(conv.structure(value, dict[key_type, value_type]))  # type: ignore[valid-type]

    return structure
