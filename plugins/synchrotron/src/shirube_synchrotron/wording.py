"""Messages of this package, and energies written for people."""

from __future__ import annotations

from shirube.messages import Message, Renderable, Text
from shirube.records import Notice, Quantity, Severity

__all__ = ["electronvolts", "notice", "origin", "said", "sentences", "shown"]


def said(code: str, **params: object) -> Message:
    """Return a message of this package's catalogue."""
    return Message("shirube_synchrotron", code, params)


def notice(code: str, severity: Severity, **params: object) -> Notice:
    """Return a notice whose text is the message of the same code."""
    return Notice(code=code, text=said(code, **params).text(), severity=severity)


def electronvolts(energy: float) -> str:
    """Return an energy in eV as text: eight digits tell 0.1 meV of 1900 eV, and show a denormal for what it is."""
    return f"{energy:.8g} eV"


def shown(quantity: Quantity) -> Text:
    """Return a quantity, with every digit it holds, and where it comes from, in both languages."""
    value = repr(quantity.value) if isinstance(quantity.value, str) else _as_stated(quantity.number)
    where = origin(quantity)
    return Text(en=f"{value} ({where.en})", ja=f"{value}（{where.ja}）")


def _as_stated(energy: float) -> str:
    return f"{repr(energy).removesuffix('.0')} eV"


def origin(quantity: Quantity) -> Text:
    """Return where a quantity comes from, in both languages."""
    return Text(en=quantity.origin.render("en"), ja=quantity.origin.render("ja"))


def sentences(*parts: Renderable) -> Text:
    """Return sentences as one text: with a space between them in English, without one in Japanese."""
    return Text(en=" ".join(one.render("en") for one in parts), ja="".join(one.render("ja") for one in parts))
