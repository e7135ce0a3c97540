"""Messages of this package, and energies written for people."""

from __future__ import annotations

from shirube.messages import Message, Text
from shirube.records import Notice, Quantity, Severity

__all__ = ["electronvolts", "notice", "said", "shown"]


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
    """Return a quantity with where it comes from, in both languages."""
    value = electronvolts(quantity.number) if not isinstance(quantity.value, str) else repr(quantity.value)
    return Text(
        en=f"{value} ({quantity.origin.render('en')})",
        ja=f"{value}（{quantity.origin.render('ja')}）",
    )
