"""A guide as a document: headings, paragraphs, lists and tables in one language, however they are shown later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from shirube.blocks import Block, Code, Grid, Heading, Listing, Paragraph
from shirube.errors import core_message
from shirube.guideprose import PrintedItem, Range, Structuring
from shirube.guides import Condition, GuideAnalysis, GuideData, ManualItem, ScanClass
from shirube.messages import Language, Text
from shirube.terms import Vocabulary

_COMMA: Final = Text(en=", ", ja="、")
#: Sign before the value, and sign of the tolerance.
_SIGNS: Final = {"equal": ("", "±"), "at_most": ("≤ ", "+"), "at_least": ("≥ ", "\u2212")}

__all__ = ["guide_document"]


def guide_document(guide: GuideData, vocabulary: Vocabulary, lang: Language) -> tuple[Block, ...]:
    """Return everything that ``guide`` says, in the order of the guides of ARIM."""
    return tuple(_Writer(guide, vocabulary, lang).blocks())


class _Writer:
    """Writes one guide in one language."""

    def __init__(self, guide: GuideData, vocabulary: Vocabulary, lang: Language) -> None:
        self.guide, self.vocabulary, self.lang = guide, vocabulary, lang

    def blocks(self) -> Iterator[Block]:
        yield from self._cover()
        yield from self._instrument()
        yield from self._sample_and_conditions()
        yield from self._calibration()
        yield from self._listed("consumables", self.guide.overview.consumables)
        yield from self._files()
        yield from self._manual()
        yield from self._metadata()
        for one in self.guide.structuring:
            yield from self._structuring(one)
        yield from self._conversions()
        yield from self._analyses()
        figures = [f"{self._text(one.caption)}: {self._text(one.shows)}" for one in self.guide.figures]
        yield from self._listed("figures", figures)
        yield from self._listed("references", self.guide.overview.references)
        yield from self._match()
        yield from self._pairs("readings", [(self._text(one.about), one.text) for one in self.guide.readings])

    def _cover(self) -> Iterator[Block]:
        about = self.guide.overview
        yield Heading(self._text(about.title), 1)
        yield from self._paragraphs((about.subtitle, about.programme))
        rows = (
            ("edition", f"{self._text(about.edition)} ({about.issued})"),
            ("publisher", about.publisher),
            ("address", about.address),
            ("url", about.url),
            ("email", about.email),
        )
        yield from self._named(rows)
        if about.introduction or about.scope:
            yield self._heading("introduction")
            yield from self._paragraphs((*about.introduction, about.scope))
        terms = [(self._text(one.term), one.text) for one in self.guide.definitions]
        yield from self._pairs("definitions", terms)

    def _instrument(self) -> Iterator[Block]:
        about = self.guide.overview
        yield self._heading("overview")
        rows = (
            ("instrument", about.instrument),
            ("maker", about.maker),
            ("model", about.model),
            ("objects", about.objects),
            ("targets", about.targets),
            ("environment", about.environment),
            ("information", about.information),
            ("photon-energy", self._range(about.photon_energy)),
            ("detection-depth", self._range(about.detection_depth)),
        )
        yield from self._named(rows)
        if about.holders:
            yield self._heading("holders")
            holders = [
                (self._text(one.name), one.instrument_id, self._text(one.instrument_name), one.model)
                for one in about.holders
            ]
            yield self._table(("holder", "instrument-id", "instrument-name", "model"), holders)
        yield from self._listed("features", about.features)
        if about.principle is not None:
            yield self._heading("principle")
            yield from self._paragraphs((about.principle,))
            if about.equation:
                yield Code(about.equation)

    def _sample_and_conditions(self) -> Iterator[Block]:
        sample = self.guide.sample
        yield self._heading("conditions")
        limits = (("length", sample.max_length), ("width", sample.max_width), ("thickness", sample.max_thickness))
        sizes = [f"{self._word(name)} ≤ {value:g} {sample.unit}" for name, value in limits if value is not None]
        rows = (
            ("size", sample.size),
            ("size-limits", _COMMA.render(self.lang).join(sizes)),
            ("mounting", sample.mounting),
            ("preparation", sample.preparation),
        )
        yield from self._named(rows)
        yield from self._paragraphs((self.guide.introductions.get("conditions"),))
        for scan in self.guide.conditions.values():
            yield Heading(self._text(scan.title or scan.label), 3)
            heads = ("item", "unit", "value", "check")
            yield self._table(heads, self._scan_rows(scan))

    def _scan_rows(self, scan: ScanClass) -> Iterator[tuple[str, ...]]:
        by_term = {one.term: one for one in scan.conditions}
        for item in scan.items:
            rule = "\n".join(self._rule(by_term.pop(term)) for term in item.terms if term in by_term)
            yield self._item_name(item), item.unit or "", self._text(item.value), rule
        for one in by_term.values():
            shown = "" if one.printed is None else self._text(one.printed)
            yield self._text(one.label), one.unit or "", shown or _plain(one.value), self._rule(one)

    def _item_name(self, item: PrintedItem) -> str:
        name = self._text(item.name)
        return name if item.group is None else f"{self._text(item.group)}: {name}"

    def _rule(self, one: Condition) -> str:
        return self._word("left-blank") if one.comparison == "blank" else _rule(one)

    def _calibration(self) -> Iterator[Block]:
        about = self.guide.calibration
        if about is None:
            return
        yield self._heading("calibration")
        yields = _COMMA.render(self.lang).join(self._term(term) for term in about.yields)
        rows = (
            ("standard", about.standard),
            ("operator", about.operator),
            ("frequency", about.frequency),
            ("method", about.method),
            ("yields", yields),
        )
        yield from self._named(rows)

    def _files(self) -> Iterator[Block]:
        files = self.guide.files
        yield self._heading("files")
        labels = (files.data_label or self._word("data"), files.sidecar_label or self._word("sidecars"))
        patterns = (", ".join(files.data), ", ".join(files.sidecars))
        yield Grid([(self._text(label), text) for label, text in zip(labels, patterns, strict=True) if text])
        keys = [
            (key.key, key.unit or "", self._term(key.term), self._word("yes" if key.declared else "no"))
            for key in files.sidecar_keys
        ]
        if keys:
            yield self._table(("sidecar-key", "unit", "meaning", "declared"), keys)

    def _manual(self) -> Iterator[Block]:
        yield self._heading("manual")
        yield from self._paragraphs((self.guide.introductions.get("manual"),))
        rows = [
            (item.name, self._text(item.label), self._word(f"type-{item.type}"), item.unit or "", self._entered(item))
            for item in self.guide.manual
        ]
        if rows:
            yield self._table(("item", "label", "type", "unit", "input"), rows)

    def _entered(self, item: ManualItem) -> str:
        parts = [f"[{', '.join(item.choices)}]"] if item.choices else []
        if item.help is not None:
            parts.append(self._text(item.help))
        if item.default is not None and str(item.default) not in (item.help or Text("", "")).render(self.lang):
            parts.append(f"{self._word('default')}: {item.default}")
        return "\n".join(parts)

    def _metadata(self) -> Iterator[Block]:
        yield self._heading("metadata")
        yield from self._paragraphs((self.guide.introductions.get("metadata"),))
        rows = [
            (
                str(number),
                item.name,
                self._text(item.label),
                item.unit or "",
                item.key,
                self._word("constant" if item.placement == "constant" else "variable"),
            )
            for number, item in enumerate(self.guide.metadata, start=1)
        ]
        if rows:
            yield self._table(("number", "item", "label", "unit", "key", "placement"), rows)

    def _structuring(self, one: Structuring) -> Iterator[Block]:
        yield Heading(self._text(one.title))
        yield from self._paragraphs((one.text,))
        if one.methods:
            yield Listing([self._text(text) for text in one.methods])
        if one.file_name is not None:
            yield Paragraph(f"{self._word('file-name')}: {self._text(one.file_name)}")
        if one.example is not None:
            yield Code(self._text(one.example).strip("\n"))
        yield from self._paragraphs((one.precedence,))

    def _conversions(self) -> Iterator[Block]:
        rows = [
            (f"{name}.{parameter}", str(value))
            for name, values in self.guide.conversions.items()
            for parameter, value in values.items()
        ]
        if rows:
            yield self._heading("conversions")
            yield Grid(rows)

    def _match(self) -> Iterator[Block]:
        match = self.guide.match
        yield self._heading("match")
        readers = [(self._word("readers"), ", ".join(match.readers))] if match.readers else []
        yield Grid([*readers, *((self._term(term), f"/{pattern}/") for term, pattern in match.terms.items())])

    def _analyses(self) -> Iterator[Block]:
        labels = {item.key: self._text(item.label) for item in self.guide.manual}
        for one in self.guide.analyses:
            title = one.analysis if one.title is None else f"{self._text(one.title)} ({one.analysis})"
            yield Heading(f"{self._word('analyses')}: {title}")
            yield from self._paragraphs(one.description)
            yield from self._named(self._switches(one, labels))
        if self.guide.axes:
            yield self._heading("axes")
            yield Grid([(name, self._word(f"axis-{what}")) for name, what in self.guide.axes.items()])

    def _switches(self, one: GuideAnalysis, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
        if one.switch is not None:
            yield "switch", labels.get(one.switch, one.switch)
        for parameter, key in one.manual.items():
            yield "manual-parameter", f"{parameter} = {labels.get(key, key)}"
        for parameter, value in one.parameters.items():
            yield "parameter", f"{parameter} = {value}"

    def _heading(self, code: str) -> Heading:
        return Heading(self._word(code))

    def _paragraphs(self, texts: Iterable[Text | None]) -> Iterator[Block]:
        yield from (Paragraph(self._text(text)) for text in texts if text is not None)

    def _named(self, rows: Iterable[tuple[str, Text | str | None]]) -> Iterator[Block]:
        shown = [(self._word(code), self._text(value)) for code, value in rows if value]
        if shown:
            yield Grid(shown)

    def _pairs(self, code: str, rows: Sequence[tuple[str, Text]]) -> Iterator[Block]:
        if rows:
            yield self._heading(code)
            yield Grid([(name, self._text(text)) for name, text in rows])

    def _listed(self, code: str, texts: Sequence[Text | str]) -> Iterator[Block]:
        if texts:
            yield self._heading(code)
            yield Listing([self._text(text) for text in texts])

    def _table(self, head: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Grid:
        return Grid(rows, tuple(self._word(code) for code in head))

    def _range(self, one: Range | None) -> str:
        return "" if one is None else f"{one.minimum:g}–{one.maximum:g} {one.unit}"

    def _term(self, term: str) -> str:
        return self._text(self.vocabulary[term].label) if term in self.vocabulary else term

    def _text(self, text: Text | str) -> str:
        return text if isinstance(text, str) else text.render(self.lang)

    def _word(self, code: str) -> str:
        return core_message(f"guide-{code}").render(self.lang)


def _rule(one: Condition) -> str:
    """Return how a condition is checked, as a formula: ``50 ± 0.05 eV``, ``≤ 0.125 + 0.0125 eV``."""
    if one.comparison == "matches":
        return f"/{one.value}/"
    sign, slack = _SIGNS[one.comparison]
    tolerance = f" {slack} {one.tolerance:g}" if one.tolerance else ""
    return f"{sign}{_plain(one.value)}{tolerance} {one.unit or ''}".rstrip()


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}".replace("-", "\u2212")
