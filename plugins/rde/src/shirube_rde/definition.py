"""The metadata definition of a job (``metadata-def.json``): derived from guides and analyses, or the job's own."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast, get_args

from attrs import evolve

from shirube.errors import InputError, OutputError
from shirube.guides import GuideData, MetadataItem
from shirube.hooks import Analysis
from shirube.messages import Text
from shirube.terms import Term, Vocabulary
from shirube_rde.documents import Document
from shirube_rde.items import Definition, Item, ItemType
from shirube_rde.texts import joined, message

MEASURED: Final = "Derived from data"
ANALYSED: Final = "Analysis value"
RECORDED: Final = "Header value"
_IN_HEADER: Final = Text(en="{} (in the header)", ja="{}（ヘッダーの値）")
_UNCERTAINTY: Final = Text(en="{} (standard uncertainty)", ja="{}（標準不確かさ）")
#: How the key of a standard uncertainty ends.
_BESIDE: Final = "_uncertainty"
_FORMATS: Final[Mapping[str, str]] = {"date": "date", "time": "time", "datetime": "date-time"}

__all__ = [
    "ANALYSED",
    "MEASURED",
    "RECORDED",
    "Definition",
    "Item",
    "ItemType",
    "derive",
    "from_document",
    "merge",
    "missed",
    "term_key",
    "to_json",
]


def derive(
    guides: Sequence[GuideData | None],
    analyses: Iterable[Analysis],
    vocabulary: Vocabulary,
    used: Iterable[str] = (),
    calibrated: Iterable[str] = (),
) -> dict[str, Item]:
    """Return the definition that guides and analyses make, in the guides' order.

    Behind the guides' items stand what the header says of terms that a sidecar may state otherwise, and what analyses
    and calibrations yield, each measured quantity with its standard uncertainty.

    Args:
        guides: Guides of the entries, None for an entry without one.
        analyses: The analyses whose declared terms become items.
        vocabulary: All terms.
        used: Terms that entries without a guide carry; they go under the terms' own names.
        calibrated: Terms that calibrations state, likewise; no guide lists them, and they are looked for all the same.

    Raises:
        OutputError: Two guides define one key differently.
    """
    items: dict[str, Item] = {}
    for guide in guides:
        for item in () if guide is None else guide.metadata:
            _add(items, _guide_item(item, vocabulary.get(item.term)))
    if None in guides:
        wanted = set(used)
        for term in (vocabulary[key] for key in vocabulary if key in wanted):
            items.setdefault(term_key(term.key), _term_item(term))
    stated_twice = {key.term for guide in guides if guide is not None for key in guide.files.sidecar_keys}
    headed = [_header_item(item) for item in items.values() if item.term in stated_twice]
    yielded = [
        _analysis_item(vocabulary[key], analysis)
        for analysis in analyses
        for key in analysis.yields
        if key in vocabulary
    ]
    already = {item.term for item in (*items.values(), *yielded)}
    stated = set(calibrated) - already
    yielded += [_term_item(vocabulary[key]) for key in vocabulary if key in stated]
    exact = {key for key in vocabulary if vocabulary[key].exact}
    for added in (*headed, *_measured(yielded, exact)):
        items.setdefault(added.key, added)
    return {item.key: evolve(item, order=order) for order, item in enumerate(items.values(), start=1)}


def term_key(term: str) -> str:
    """Return the registry key of a term (``bicfit.peak_count`` -> ``bicfit_peak_count``)."""
    return term.replace(".", "_")


def missed(items: Definition, filled: Container[str]) -> tuple[str, ...]:
    """Return the keys of a definition that should have a value and have none, in order.

    Nobody misses what only goes beside a value, nor what analyses yield where none yielded anything. A definition that
    was read from a file says neither terms nor parts, so that modes and keys tell.
    """
    analysed = any(key in filled for key, item in items.items() if item.mode == ANALYSED)
    return tuple(
        key
        for key, item in items.items()
        if key not in filled and not _goes_beside(item, items) and (analysed or item.mode != ANALYSED)
    )


def _goes_beside(item: Item, items: Definition) -> bool:
    return item.mode == RECORDED or item.key.removesuffix(_BESIDE) in items.keys() - {item.key}


def merge(own: Definition, derived: Definition) -> dict[str, Item]:
    """Return a job's own definition, its items tied to what fills them. What it does not define is left out."""
    return {key: item if (known := derived.get(key)) is None else _tied(item, known) for key, item in own.items()}


def to_json(definition: Definition) -> dict[str, Any]:
    """Return the definition as ``metadata-def.json`` holds it."""
    return {key: _entry(item) for key, item in definition.items()}


def from_document(document: Document, name: str) -> dict[str, Item]:
    """Return the definition that a job brings.

    Args:
        document: The JSON object of ``metadata-def.json``.
        name: How errors call the file.

    Raises:
        InputError: Items that are no objects, without names or with an unknown type: all of them.
    """
    problems: list[Text] = []
    items: dict[str, Item] = {}
    for key, entry in document.content.items():
        if not isinstance(entry, Mapping):
            problems.append(message("definition-no-object", key=key).text())
        elif (wrong := _wrong(entry)) is not None:
            problems.append(message("definition-malformed", key=key, what=wrong).text())
        else:
            items[key] = _own_item(key, entry)
    if problems:
        raise InputError(joined(problems), path=name)
    return items


def _tied(item: Item, known: Item) -> Item:
    return evolve(item, term=known.term, analysis=known.analysis, base_unit=known.base_unit, part=known.part)


def _add(items: dict[str, Item], item: Item) -> None:
    if items.get(item.key, item) != item:
        raise OutputError(message("definition-conflict", key=item.key))
    items[item.key] = item


def _guide_item(item: MetadataItem, term: Term | None) -> Item:
    kind, form = _type_of(term)
    return Item(
        key=item.key,
        label=item.label,
        type=kind,
        format=form,
        unit=item.unit,
        base_unit=None if term is None else term.unit,
        variable=item.placement == "variable",
        mode=MEASURED,
        original_name=item.name,
        term=item.term,
    )


def _term_item(term: Term) -> Item:
    kind, form = _type_of(term)
    return Item(
        key=term_key(term.key),
        label=term.label,
        type=kind,
        format=form,
        unit=term.unit,
        variable=True,
        mode=MEASURED,
        term=term.key,
    )


def _analysis_item(term: Term, analysis: Analysis) -> Item:
    item = _term_item(term)
    return evolve(item, variable=analysis.scope == "spectrum", mode=ANALYSED, analysis=analysis.name)


def _header_item(item: Item) -> Item:
    return _beside(item, "_in_header", _IN_HEADER, part="header", mode=RECORDED)


def _measured(items: Iterable[Item], exact: Container[str]) -> Iterator[Item]:
    """Yield the items, each physical quantity whose term is not exact followed by its standard uncertainty."""
    for item in items:
        yield item
        if item.type == "number" and item.unit is not None and item.term not in exact:
            yield _beside(item, _BESIDE, _UNCERTAINTY, part="uncertainty")


def _beside(item: Item, suffix: str, label: Text, **changes: Any) -> Item:
    beside = Text(en=label.en.format(item.label.en), ja=label.ja.format(item.label.ja))
    return evolve(item, key=item.key + suffix, label=beside, **changes)


def _type_of(term: Term | None) -> tuple[ItemType, str | None]:
    if term is None:
        return "string", None
    if term.type in _FORMATS:
        return "string", _FORMATS[term.type]
    return cast("ItemType", term.type), None


def _entry(item: Item) -> dict[str, Any]:
    schema = {"type": item.type} if item.format is None else {"type": item.type, "format": item.format}
    entry: dict[str, Any] = {"name": {"ja": item.label.ja, "en": item.label.en}, "schema": schema}
    unprinted = item.unit is None and item.base_unit is not None
    optional = {
        "unit": item.unit,
        # The guide prints no unit, so that none goes beside the value; whoever searches must know it all the same.
        "description": f"単位：{item.base_unit} / Unit: {item.base_unit}" if unprinted else None,
        "mode": item.mode,
        "order": item.order,
        "originalName": item.original_name,
        "variable": 1 if item.variable else None,
    }
    return entry | {key: value for key, value in optional.items() if value is not None}


def _wrong(entry: Mapping[str, Any]) -> str | None:
    """Return the name of the first part of an item that is not as RDE defines it."""
    name, schema = entry.get("name"), entry.get("schema")
    if not isinstance(name, Mapping) or not all(isinstance(name.get(lang), str) for lang in ("ja", "en")):
        return "name"
    if not isinstance(schema, Mapping) or schema.get("type") not in get_args(ItemType):
        return "schema.type"
    if not isinstance(schema.get("format", ""), str):
        return "schema.format"
    return next((part for part in ("unit", "mode", "originalName") if not isinstance(entry.get(part, ""), str)), None)


def _own_item(key: str, entry: Mapping[str, Any]) -> Item:
    order = entry.get("order")
    return Item(
        key=key,
        label=Text(en=entry["name"]["en"], ja=entry["name"]["ja"]),
        type=entry["schema"]["type"],
        format=entry["schema"].get("format"),
        unit=entry.get("unit"),
        variable=bool(entry.get("variable")),
        order=order if isinstance(order, int) else None,
        mode=entry.get("mode"),
        original_name=entry.get("originalName"),
    )
