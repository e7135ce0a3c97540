"""What a template says about itself, in Japanese and English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Final

from shirube.guides import ManualItem
from shirube_rde.items import Item
from shirube_rde.template._container import wheel
from shirube_rde.template._guided import Guided

_MANUAL: Final = ("key", "日本語", "English", "type", "unit", "choices", "default")
_METADATA: Final = ("key", "日本語", "English", "original name", "type", "unit", "place", "mode")

__all__ = ["readme"]


def readme(found: Guided, image: str) -> str:
    """Return ``README.md`` of a template."""
    about = found.guide.overview
    text = (files("shirube_rde.template") / "readme.md").read_text(encoding="utf-8")
    return text.format(
        title_ja=about.title.ja,
        title_en=about.title.en,
        edition=about.edition.en,
        issued=about.issued,
        guide=found.guide.name,
        image=image,
        wheels=" ".join(f"dist/{wheel(one)}" for one in found.distributions),
        manual_count=len(found.guide.manual),
        manual=_table(_MANUAL, map(_manual, found.guide.manual)),
        metadata_count=len(found.definition),
        metadata=_table(_METADATA, map(_metadata, found.definition.values())),
    )


def _manual(item: ManualItem) -> Sequence[str]:
    default = "" if item.default is None else str(item.default)
    choices = "、".join(item.choices)
    return [f"`{item.key}`", item.label.ja, item.label.en, item.type, item.unit or "", choices, default]


def _metadata(item: Item) -> Sequence[str]:
    place = "variable" if item.variable else "constant"
    kind = item.type if item.format is None else f"{item.type} ({item.format})"
    named = [f"`{item.key}`", item.label.ja, item.label.en, item.original_name or ""]
    return [*named, kind, item.unit or "", place, item.mode or ""]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
