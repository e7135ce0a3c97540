"""Terms: the vocabulary that maps, conversions, analyses and rules share."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias, cast, get_args

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen
from shirube.errors import PluginError, core_message
from shirube.hooks import Resource
from shirube.messages import Text

TermType: TypeAlias = Literal["string", "integer", "number", "boolean", "date", "time", "datetime"]

__all__ = ["Term", "TermType", "Vocabulary", "core_terms", "parse_terms"]


@frozen(kw_only=True)
class Term:
    """A term: what a value means, whatever an instrument calls it.

    Attributes:
        key: Lower snake_case; with a prefix and a dot when it belongs to a plugin (``ses2002.lens_mode``).
        label: As people read it.
        type: Type of the value.
        unit: Unit of the value, None for none.
        source: Where the term is defined (ISO 18115-1, NXxps …).
    """

    key: str
    label: Text
    type: TermType
    unit: str | None = None
    source: str = ""


@frozen
class Vocabulary(Mapping[str, Term]):
    """Terms by key."""

    terms: FrozenMapping[str, Term] = field(converter=as_frozen)

    def __getitem__(self, key: str) -> Term:
        return self.terms[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def extended(self, terms: Iterable[Term], owner: str) -> Vocabulary:
        """Return the vocabulary with ``terms`` of the plugin ``owner``, which must carry its prefix.

        Raises:
            PluginError: A term lacks the prefix or is defined twice.
        """
        known = dict(self.terms)
        for term in terms:
            if not term.key.startswith(f"{owner}."):
                raise PluginError(core_message("term-without-prefix", term=term.key, plugin=owner))
            if known.get(term.key, term) != term:
                raise PluginError(core_message("term-defined-twice", term=term.key, plugin=owner))
            known[term.key] = term
        return Vocabulary(known)


def parse_terms(text: str, where: str) -> tuple[Term, ...]:
    """Return the terms of a TOML text: a table ``[terms."key"]`` each, with en, ja, type, unit and source.

    Raises:
        PluginError: The text is not TOML, or a term lacks what it needs.
    """
    try:
        tables = cast("dict[str, dict[str, str]]", tomllib.loads(text).get("terms", {}))
    except tomllib.TOMLDecodeError as error:
        raise PluginError(core_message("resource-not-toml", reason=error), path=where) from None
    return tuple(_term(key, table, where) for key, table in tables.items())


@functools.cache
def core_terms() -> Vocabulary:
    """Return the core's own vocabulary."""
    resource = Resource("shirube", "data/terms.toml")
    return Vocabulary({term.key: term for term in parse_terms(resource.read_bytes().decode("utf-8"), str(resource))})


def _term(key: str, table: Mapping[str, str], where: str) -> Term:
    unknown = set(table) - {"en", "ja", "type", "unit", "source"}
    if unknown or not {"en", "ja", "type"} <= set(table) or table["type"] not in get_args(TermType):
        raise PluginError(core_message("term-malformed", term=key), path=where)
    return Term(
        key=key,
        label=Text(en=table["en"], ja=table["ja"]),
        type=cast("TermType", table["type"]),
        unit=table.get("unit"),
        source=table.get("source", ""),
    )
