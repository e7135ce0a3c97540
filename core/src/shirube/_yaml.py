"""YAML as plain data: the core schema of YAML 1.2, no tags, no aliases, no key twice, and the line of every key.

Only the parser of PyYAML is used, none of its constructors: its scalars follow YAML 1.1, in which nitric oxide (``NO``)
is false and ``12:30`` is a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen

from shirube._extras import require
from shirube._problems import Place
from shirube.errors import InputError, core_message
from shirube.messages import Message

#: How deep a document may be nested; a dataset needs six levels.
DEEPEST: Final = 40
_NULL: Final = re.compile(r"|~|null|Null|NULL")
_TRUE: Final = re.compile(r"true|True|TRUE")
_FALSE: Final = re.compile(r"false|False|FALSE")
_WHOLE: Final = re.compile(r"[-+]?[0-9]+")
_NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST_WHOLE: Final = 300
#: Keys that no version of YAML takes for something else than a text.
_SIMPLE_KEY: Final = re.compile(r"(?!(?:null|true|false|yes|no|on|off|y|n)$)[a-z][a-z0-9_]*")

__all__ = ["YamlDocument", "parse_yaml", "render_yaml"]


@frozen
class YamlDocument:
    """What a YAML text says, and the line (from 1) on which each of its keys and items stands."""

    data: Any
    lines: dict[Place, int] = field(factory=dict)


def parse_yaml(text: str) -> YamlDocument:
    """Return the one document of a YAML text; an empty text holds an empty mapping.

    Raises:
        InputError: Malformed, or something that a file for people does not need and that can do harm: aliases, tags,
            several documents, keys that are no text, a key twice, numbers that are not finite. Names the line.
        MissingPluginError: The extra ``shirube[yaml]`` is not installed.
    """
    yaml = require("yaml", "yaml")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    builder = _Builder(yaml, yaml.parse(text, Loader=loader))
    try:
        return builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        raise _refused(_syntax(reason), None if mark is None else mark.line + 1) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _refused(_syntax(f"{error.reason} (U+{_code(error.character):04X})"), line) from None


def render_yaml(data: Any) -> str:
    """Return plain data as YAML: keys in their order, texts in quotation marks, so that every reader reads them alike.

    Raises:
        MissingPluginError: The extra ``shirube[yaml]`` is not installed.
    """
    yaml = require("yaml", "yaml")

    class Dumper(yaml.SafeDumper):  # type: ignore[misc,name-defined] # the library is imported when it is needed
        def ignore_aliases(self, data: Any) -> bool:
            del data
            return True

    def text(dumper: Any, value: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"')

    def table(dumper: Any, value: dict[str, Any]) -> Any:
        pairs = [
            (yaml.ScalarNode("tag:yaml.org,2002:str", key, style=_key_style(key)), dumper.represent_data(one))
            for key, one in value.items()
        ]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)

    Dumper.add_representer(str, text)
    Dumper.add_representer(dict, table)
    rendered: str = yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=1000)
    return rendered


def _key_style(key: str) -> str | None:
    return None if _SIMPLE_KEY.fullmatch(key) else '"'


class _Builder:
    """Builds plain data from the events of the parser."""

    def __init__(self, yaml: Any, events: Iterator[Any]) -> None:
        self._yaml = yaml
        self._events = events
        self._lines: dict[Place, int] = {}

    def document(self) -> YamlDocument:
        yaml = self._yaml
        data: Any = {}
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _refused(core_message("yaml-documents"), _line(event))
                data = self._node(next(self._events), ())
        return YamlDocument({} if data is None else data, self._lines)

    def _node(self, event: Any, place: Place) -> Any:
        yaml = self._yaml
        self._lines.setdefault(place, _line(event))
        if isinstance(event, yaml.AliasEvent):
            raise _refused(core_message("yaml-alias", name=event.anchor), _line(event))
        if event.tag not in (None, "!"):
            raise _refused(core_message("yaml-tag", tag=event.tag), _line(event))
        if len(place) > DEEPEST:
            raise _refused(core_message("dataset-too-deep"), _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        return _scalar(event)

    def _mapping(self, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), self._yaml.MappingEndEvent):
            if not isinstance(event, self._yaml.ScalarEvent):
                raise _refused(core_message("yaml-key"), _line(event))
            if event.value in found:
                raise _refused(core_message("yaml-key-twice", key=event.value), _line(event))
            self._lines[*place, event.value] = _line(event)
            found[event.value] = self._node(next(self._events), (*place, event.value))
        return found

    def _sequence(self, place: Place) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), self._yaml.SequenceEndEvent):
            found.append(self._node(event, (*place, len(found))))
        return found


def _scalar(event: Any) -> Any:
    text: str = event.value
    # Quoted and block scalars are texts, whatever they look like.
    if event.style or event.tag == "!":
        return text
    for pattern, value in ((_NULL, None), (_TRUE, True), (_FALSE, False)):
        if pattern.fullmatch(text):
            return value
    if _NOT_FINITE.fullmatch(text):
        raise _refused(core_message("yaml-not-finite", text=text), _line(event))
    if _WHOLE.fullmatch(text) and len(text) <= _LONGEST_WHOLE:
        return int(text)
    if _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _code(character: Any) -> int:
    return ord(character) if isinstance(character, str) else int(character)


def _syntax(reason: str) -> Message:
    return core_message("dataset-syntax", kind="YAML", reason=reason)


def _refused(message: Message, line: int | None) -> InputError:
    return InputError(message, line=line)
