"""Checks of the fields of hook records and rules: a mistake is refused where the plugin makes the record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from attrs import Attribute

from shirube._frozen import as_tuple
from shirube.errors import PluginError, core_message
from shirube.messages import LANGUAGES, Text

Validator: TypeAlias = Callable[[Any, "Attribute[Any]", Any], None]

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")
#: A run keeps its entries in a folder of the first name; the second stands for nothing in settings.
_RESERVED: Final = ("entries", "none")
_NAMES: Final = Text(
    en=f"lower-case letters, digits, _ and -, beginning with a letter, and not {' or '.join(_RESERVED)}",
    ja=f"英小文字で始まり英小文字・数字・_・- からなる名前（{'、'.join(_RESERVED)} 以外）",
)

#: The core's own commands, which no plugin may replace.
CORE_COMMANDS: Final = (
    "batch",
    "check",
    "config",
    "export",
    "gather",
    "guides",
    "new",
    "plugins",
    "report",
    "run",
    "show",
)

__all__ = [
    "CORE_COMMANDS",
    "as_suffixes",
    "check",
    "flag",
    "function",
    "is_name",
    "name",
    "no_core_command",
    "one_of",
    "sidecar",
    "some_of",
    "suffixes",
    "text",
    "texts",
]


def check(test: Callable[[Any], bool], expected: Text) -> Validator:
    """Return a validator that refuses what fails ``test``, and says what is expected."""

    def validate(instance: Any, attribute: Attribute[Any], value: Any) -> None:
        if not test(value):
            record = type(instance).__name__
            raise PluginError(
                core_message(
                    "record-field-invalid", record=record, field=attribute.name, value=repr(value), expected=expected
                )
            )

    return validate


def flag(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    """Refuse what is neither True nor False.

    Raises:
        PluginError: Names record, field and value.
    """
    check(lambda one: isinstance(one, bool), Text(en="True or False", ja="True または False"))(
        instance, attribute, value
    )


def one_of(choices: Iterable[str]) -> Validator:
    """Return a validator that takes one of ``choices``."""
    listed = tuple(choices)
    shown = ", ".join(listed)
    return check(lambda value: value in listed, Text(en=f"one of {shown}", ja=f"{shown} のいずれか"))


def some_of(choices: Iterable[str]) -> Validator:
    """Return a validator that takes any number of ``choices``, each once."""
    listed = tuple(choices)
    shown = ", ".join(listed)
    return check(
        lambda value: len(set(value)) == len(value) and set(value) <= set(listed),
        Text(en=f"some of {shown}, each once", ja=f"{shown} のうちのいくつか（重複なし）"),
    )


def as_suffixes(items: Iterable[Any]) -> tuple[Any, ...]:
    """Return suffixes in lower case, as those of files are compared."""
    return tuple(item.lower() if isinstance(item, str) else item for item in as_tuple(items))


def is_name(value: Any) -> bool:
    """Tell whether ``value`` can be the name of a plugin or record."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None and value not in _RESERVED


def _is_text(value: Any) -> bool:
    return isinstance(value, Text) and all(isinstance(getattr(value, lang), str) for lang in LANGUAGES)


def _is_suffix(value: Any) -> bool:
    return isinstance(value, str) and (not value or value.startswith("."))


def _is_sidecar(value: Any) -> bool:
    try:
        return value is None or bool(value.format(stem="stem", name="name"))
    except (AttributeError, LookupError, ValueError):
        return False


name: Final = check(is_name, _NAMES)
text: Final = check(_is_text, Text(en="a Text in both languages", ja="両言語の Text"))
texts: Final = check(lambda value: all(isinstance(one, str) for one in value), Text(en="texts", ja="文字列の並び"))
function: Final = check(callable, Text(en="a function", ja="関数"))
suffixes: Final = check(
    lambda value: all(map(_is_suffix, value)), Text(en="suffixes such as '.txt'", ja="「.txt」のような拡張子")
)
sidecar: Final = check(
    _is_sidecar, Text(en="a name with no places but {stem} and {name}", ja="{stem} と {name} だけを使った名前")
)
no_core_command: Final = check(
    lambda value: value not in CORE_COMMANDS,
    Text(en="a name that no command of the core has", ja="本体のコマンドと異なる名前"),
)
