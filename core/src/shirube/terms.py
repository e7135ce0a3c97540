"""Terms: the vocabulary that maps, conversions, analyses and rules share."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, TypeAlias, cast, get_args

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen
from shirube.errors import PluginError, core_message
from shirube.hooks import Resource
from shirube.messages import Text

TermType: TypeAlias = Literal["string", "integer", "number", "boolean", "date", "time", "datetime"]

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")

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
        exact: Whether its values have no uncertainty: read off an axis or set, not measured.
    """

    key: str
    label: Text
    type: TermType
    unit: str | None = None
    source: str = ""
    exact: bool = False


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
        """Return the vocabulary with ``terms`` of the plugin ``owner``, which must carry its name, ``-`` as ``_``.

        Raises:
            PluginError: A term lacks the prefix or is defined twice.
        """
        known = dict(self.terms)
        prefix = owner.replace("-", "_")
        for term in terms:
            if not term.key.startswith(f"{prefix}."):
                raise PluginError(core_message("term-without-prefix", term=term.key, plugin=prefix))
            if known.get(term.key, term) != term:
                raise PluginError(core_message("term-defined-twice", term=term.key, plugin=owner))
            known[term.key] = term
        return Vocabulary(known)


def parse_terms(text: str, where: str) -> tuple[Term, ...]:
    """Return the terms of a TOML text: a table ``[terms."key"]`` each, with en, ja, type, unit, source and exact.

    Raises:
        PluginError: The text is not TOML, or a term lacks what it needs.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PluginError(core_message("resource-not-toml", reason=str(error)), path=where) from None
    for key in document:
        # A metadata map keeps its own terms beside its [[map]].
        if key not in ("terms", "map"):
            raise PluginError(core_message("terms-unknown-table", key=key), path=where)
    tables = document.get("terms", {})
    if not isinstance(tables, Mapping):
        raise PluginError(core_message("terms-unknown-table", key="terms"), path=where)
    return tuple(_term(key, table, where) for key, table in tables.items())


@functools.cache
def core_terms() -> Vocabulary:
    """Return the core's own vocabulary."""
    resource = Resource("shirube", "data/terms.toml")
    return Vocabulary({term.key: term for term in parse_terms(resource.read_bytes().decode("utf-8"), str(resource))})


def _term(key: str, table: object, where: str) -> Term:
    if not _KEY.fullmatch(key) or not isinstance(table, Mapping) or not _is_sound(table):
        raise PluginError(core_message("term-malformed", term=key), path=where)
    fields = cast("Mapping[str, str]", table)
    return Term(
        key=key,
        label=Text(en=fields["en"], ja=fields["ja"]),
        type=cast("TermType", fields["type"]),
        unit=fields.get("unit"),
        source=fields.get("source", ""),
        exact=table.get("exact", False),
    )


def _is_sound(table: Mapping[str, object]) -> bool:
    return (
        {"en", "ja", "type"} <= set(table) <= {"en", "ja", "type", "unit", "source", "exact"}
        and all(isinstance(value, bool if key == "exact" else str) for key, value in table.items())
        and table["type"] in get_args(TermType)
    )
