"""The form of the data catalogue (``catalog.schema.json``), with what the guide knows as defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from shirube.guides import GuideData
from shirube.messages import Text

_ID: Final = "https://rde.nims.go.jp/rde/dataset-templates/{template}/catalog.schema.json"


@frozen
class _Field:
    """A field of the form: its label, and the rows of its text area if it has one."""

    key: str
    label: Text
    rows: int | None = None


_FIELDS: Final = (
    _Field("dataset_title", Text(en="Dataset title", ja="データセット名")),
    _Field("abstract", Text(en="Abstract", ja="要約"), 5),
    _Field("data_creator", Text(en="Data creator", ja="作成者")),
    _Field("language", Text(en="Language", ja="言語")),
    _Field("experimental_apparatus", Text(en="Experimental apparatus", ja="使用装置"), 2),
    _Field("data_distribution", Text(en="Data distribution", ja="データの再配布"), 5),
    _Field("raw_data_type", Text(en="Raw data type", ja="データの種類"), 5),
    _Field("stored_data", Text(en="Stored data", ja="格納データ"), 5),
    _Field("remarks", Text(en="Remarks", ja="備考"), 5),
    _Field("references", Text(en="References", ja="参考文献"), 5),
)

__all__ = ["catalogue_schema"]


def catalogue_schema(guide: GuideData) -> dict[str, Any]:
    """Return the form of the catalogue of datasets of this guide."""
    title = guide.overview.title
    known = _known(guide)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ID.format(template=guide.name),
        "type": "object",
        "required": ["catalog"],
        "description": title.ja,
        "properties": {
            "catalog": {
                "type": "object",
                "label": {"ja": title.ja, "en": title.en},
                "required": [],
                "properties": {one.key: _field(one, known) for one in _FIELDS},
            }
        },
    }


def _field(one: _Field, known: Mapping[str, str]) -> dict[str, Any]:
    field: dict[str, Any] = {"label": {"ja": one.label.ja, "en": one.label.en}, "type": "string"}
    if known.get(one.key):
        field["default"] = known[one.key]
    if one.rows is not None:
        field["options"] = {"widget": "textarea", "rows": one.rows}
    return field


def _known(guide: GuideData) -> dict[str, str]:
    about = guide.overview
    held = "、".join(f"{one.name.ja} {one.instrument_id}" for one in about.holders)
    data = ", ".join((*guide.files.data, *guide.files.sidecars))
    return {
        "experimental_apparatus": f"{about.instrument.ja} {about.maker.ja} {about.model}"
        + (f"（{held}）" if held else ""),
        "raw_data_type": f"{guide.files.data_label.ja}（{data}）" if guide.files.data_label else data,
        "stored_data": "スペクトル（CSV）、図（PNG）、メタデータ（JSON）",
        "references": "\n".join(about.references),
    }
