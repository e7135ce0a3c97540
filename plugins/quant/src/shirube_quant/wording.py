"""Wording: elements and peaks as people read them, with what speaks for and against each assignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shirube.messages import LANGUAGES, Message, Text
from shirube_quant.assignments import Assignment, Identification
from shirube_quant.hypotheses import Hypothesis, Match
from shirube_quant.phrases import message

#: Costs that are worth a word, and lines that are listed of each kind.
_TELLING: Final = 0.15
_FEW: Final = 6
#: Shifts from the cited energies that need no word, eV.
_ORDINARY: Final = 1.0
#: Strengths that are further off than this factor support nothing.
_SUPPORTING: Final = 4.0
#: So many lines of agreeing strengths are some support.
_PAIR: Final = 2

__all__ = ["assignment_text", "kind_text", "label_of", "reasons_of", "rejection_of"]


def label_of(one: Assignment) -> str:
    """Return the name of the line or Auger group of an assignment; ``""`` where there is none."""
    if one.kind == "auger":
        return str(one.auger)
    return str(one.line.label) if one.line is not None else ""


def assignment_text(one: Assignment) -> Text:
    """Return what a peak may be."""
    if one.kind in ("line", "auger"):
        return Text(label_of(one), label_of(one))
    return message(f"kind-{one.kind}", line=label_of(one)).text() if one.kind == "loss" else _plain(one.kind)


def _plain(kind: str) -> Text:
    return message(f"kind-{kind}").text()


def kind_text(one: Assignment) -> Text:
    """Return what kind of thing a peak may be."""
    return message(f"kind-{one.kind}" if one.kind in ("valence", "none") else f"legend-{one.kind}").text()


def reasons_of(one: Hypothesis, found: Identification) -> Text:
    """Return what speaks for an element and what against it."""
    parts: list[Message] = []
    seen = [match for match in one.matched if match.gain > 0.0]
    parts.append(message("reason-seen", lines=_listed(seen, found)))
    if len(one.matches) == 1 or len(seen) == 1:
        parts.append(message("reason-lone"))
    elif len(seen) > 1:
        parts.append(_strengths(seen))
    if groups := found.augers.get(one.element, ()):
        parts.append(message("reason-auger", groups=", ".join(str(group) for group in groups)))
    shared = [match for match in seen if _others_at(match, one.element, found)]
    if shared:
        parts.append(message("reason-shared", lines=_listed(shared, found)))
    if one.element in found.needed:
        parts.append(message("reason-needed", gain=f"{found.needed[one.element]:.0f}"))
    beyond = one.shift - found.scene.offset
    if abs(beyond) > _ORDINARY:
        parts.append(message("reason-shift", shift=f"{beyond:+.1f}"))
    parts += _doubts(one)
    return _sentences(parts)


def _strengths(seen: Sequence[Match]) -> Message:
    """Return how far the strengths of lines agree, and which of them is so far off that it is no support."""
    off = {match: max(match.ratio, 1.0 / match.ratio) for match in seen}
    within = [factor for factor in off.values() if factor <= _SUPPORTING]
    worst = max(seen, key=lambda match: off[match])
    if off[worst] <= _SUPPORTING:
        return message("reason-ratios", factor=f"{off[worst]:.1f}")
    told = {"line": worst.line.label, "factor": f"{1.0 / worst.ratio:.2g}"}
    if len(within) < _PAIR:
        return message("reason-ratio-off", **told)
    return message("reason-ratio-but", within=f"{max(within):.1f}", **told)


def rejection_of(one: Hypothesis, found: Identification) -> Text:
    """Return why an element that has a line at a peak is not proposed."""
    doubts = _doubts(one)
    if one.element in found.needed:
        doubts.append(message("reject-not-needed", gain=f"{found.needed[one.element]:.0f}"))
    if not doubts:
        doubts = [message("reject-little")]
    return _sentences(doubts)


def _doubts(one: Hypothesis) -> list[Message]:
    missing = [match for match in one.matches if match.peak is None and match.cost > _TELLING]
    weak = [match for match in one.matches if match.peak is not None and match.cost > _TELLING]
    parts = []
    if missing:
        names = ", ".join(f"{match.line.label} ({match.line.energy + one.shift:.0f} eV)" for match in missing[:_FEW])
        parts.append(message("reason-missing", lines=names))
    if weak:
        parts.append(message("reason-weak", lines=", ".join(str(match.line.label) for match in weak[:_FEW])))
    return parts


def _listed(matches: Sequence[Match], found: Identification) -> str:
    told = [
        f"{match.line.label} ({found.peaks[match.peak].energy:.1f} eV)"
        for match in matches[:_FEW]
        if match.peak is not None
    ]
    return ", ".join(told) + (" …" if len(matches) > _FEW else "")


def _others_at(match: Match, element: str, found: Identification) -> bool:
    return any(
        other.element != element and theirs.gain > 0.0 and theirs.peak == match.peak
        for other in found.elements
        for theirs in other.matched
    )


def _sentences(parts: Sequence[Message]) -> Text:
    signs = {"en": "; ", "ja": "。"}
    return Text(**{lang: signs[lang].join(part.render(lang) for part in parts) for lang in LANGUAGES})
