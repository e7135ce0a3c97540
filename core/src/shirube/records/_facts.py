"""Facts: a value with its unit, uncertainty and origin, and the decision that chose it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.messages import Text
from shirube.records import _checks

Value: TypeAlias = bool | int | float | str
OriginKind: TypeAlias = Literal[
    "header",
    "sidecar",
    "axis",
    "settings",
    "guide",
    "amendment",
    "calibration",
    "conversion",
    "analysis",
    "invoice",
    "default",
]


@frozen
class Origin:
    """Where a value comes from: a file's header or sidecar (with line), settings, a guide, an analysis …."""

    kind: OriginKind = field(validator=_checks.one_of(OriginKind))
    where: str = field(default="", validator=_checks.text)
    line: int | None = field(default=None, validator=_checks.whole_or_none)
    key: str | None = field(default=None, validator=_checks.text_or_none)

    def render(self, lang: str = "en") -> str:
        """Return the origin as people read it."""
        kind = _ORIGINS[self.kind].ja if lang == "ja" else _ORIGINS[self.kind].en
        parts = [kind]
        if self.where:
            parts.append(self.where if self.line is None else f"{self.where}:{self.line}")
        return " ".join(parts)


_ORIGINS: dict[str, Text] = {
    "header": Text(en="file header", ja="ファイルのヘッダー"),
    "sidecar": Text(en="additional metadata", ja="追加メタデータ"),
    "axis": Text(en="energy axis", ja="エネルギー軸"),
    "settings": Text(en="settings", ja="設定"),
    "guide": Text(en="guide", ja="ガイド"),
    "amendment": Text(en="amendment", ja="補足"),
    "calibration": Text(en="calibration", ja="校正"),
    "conversion": Text(en="conversion", ja="変換"),
    "analysis": Text(en="analysis", ja="解析"),
    "invoice": Text(en="invoice", ja="送り状"),
    "default": Text(en="default", ja="既定値"),
}


@frozen
class Quantity:
    """A value with its unit (None: none), standard uncertainty (same unit, None: not known) and origin.

    Numpy's scalars become Python's own.

    Raises:
        ValueError: The value is nan, infinite, or none of :data:`Value`'s types; so is the uncertainty.
    """

    value: Value = field(converter=_checks.as_plain, validator=_checks.plain)
    unit: str | None = field(default=None, validator=_checks.text_or_none)
    uncertainty: float | None = field(default=None, converter=_checks.as_number, validator=_checks.number_or_none)
    origin: Origin = field(default=Origin("default"), validator=_checks.a(Origin))

    @property
    def number(self) -> float:
        """The value as a float.

        Raises:
            TypeError: The value is a text.
        """
        if isinstance(self.value, str):
            msg = f"{self.value!r} is not a number"
            raise TypeError(msg)
        return float(self.value)


@frozen
class Decision:
    """Which quantity was taken for a term, which were not, and the rule that decided."""

    term: str = field(validator=_checks.text)
    chosen: Quantity | None = field(validator=_checks.a(Quantity, optional=True))
    rejected: tuple[Quantity, ...] = field(default=(), converter=as_tuple, validator=_checks.all_of(Quantity))
    rule: Text = field(default=Text(en="", ja=""), validator=_checks.message)
    #: The spectrum it is about.
    subject: str = field(default="", validator=_checks.text)


@frozen
class Facts:
    """Facts about one spectrum: for each term the candidates, and the one that holds.

    A term with one candidate is decided; with several it is open until a conversion decides.
    """

    candidates: FrozenMapping[str, tuple[Quantity, ...]] = field(factory=FrozenMapping, converter=as_frozen)
    decided: FrozenMapping[str, Quantity | None] = field(factory=FrozenMapping, converter=as_frozen)

    def get(self, term: str) -> Quantity | None:
        """Return what holds for ``term``: the decided quantity, or the only candidate, or None."""
        if term in self.decided:
            return self.decided[term]
        found = self.candidates.get(term, ())
        return found[0] if len(found) == 1 else None

    def candidate(self, term: str, kind: OriginKind) -> Quantity | None:
        """Return the candidate for ``term`` from an origin of this kind, or None."""
        return next((item for item in self.candidates.get(term, ()) if item.origin.kind == kind), None)

    def __contains__(self, term: str) -> bool:
        return self.get(term) is not None

    def __iter__(self) -> Iterator[str]:
        names = dict.fromkeys((*self.candidates, *self.decided))
        return iter(name for name in names if name in self)

    def terms(self) -> Mapping[str, Quantity]:
        """Return everything that holds, by term."""
        return {name: quantity for name in self if (quantity := self.get(name)) is not None}

    def decide(self, term: str, quantity: Quantity | None) -> Facts:
        """Return the facts with ``term`` decided; None: none of the candidates holds."""
        return evolve(self, decided={**self.decided, term: quantity})

    def add(self, term: str, quantity: Quantity) -> Facts:
        """Return the facts with one more candidate for ``term``."""
        return evolve(self, candidates={**self.candidates, term: (*self.candidates.get(term, ()), quantity)})
