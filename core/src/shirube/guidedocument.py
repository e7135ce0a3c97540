"""A guide as a document: headings, paragraphs, lists and tables in one language, however they are shown later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shirube.blocks import Block, Code, Grid, Heading, Listing, Paragraph
from shirube.guideparts import Parts, plain, rule
from shirube.guideprose import PrintedItem, Structuring
from shirube.guides import Condition, GuideAnalysis, GuideData, ManualItem, ScanClass
from shirube.messages import Language, Text
from shirube.terms import Vocabulary

_COMMA: Final = Text(en=", ", ja="、")

__all__ = ["guide_document"]


def guide_document(guide: GuideData, vocabulary: Vocabulary, lang: Language) -> tuple[Block, ...]:
    """Return everything that ``guide`` says, in the order of the guides of ARIM."""
    return tuple(_Writer(guide, vocabulary, lang).blocks())


class _Writer(Parts):
    """Writes one guide in one language."""

    def __init__(self, guide: GuideData, vocabulary: Vocabulary, lang: Language) -> None:
        super().__init__(vocabulary, lang)
        self.guide = guide

    def blocks(self) -> Iterator[Block]:
        yield from self._cover()
        yield from self._instrument()
        yield from self._sample_and_conditions()
        yield from self._calibration()
        yield from self.listed("consumables", self.guide.overview.consumables)
        yield from self._files()
        yield from self._manual()
        yield from self._metadata()
        for one in self.guide.structuring:
            yield from self._structuring(one)
        yield from self._conversions()
        yield from self._analyses()
        figures = [f"{self.text(one.caption)}: {self.text(one.shows)}" for one in self.guide.figures]
        yield from self.listed("figures", figures)
        yield from self.listed("references", self.guide.overview.references)
        yield from self._match()
        yield from self.pairs("readings", [(self.text(one.about), one.text) for one in self.guide.readings])

    def _cover(self) -> Iterator[Block]:
        about = self.guide.overview
        yield Heading(self.text(about.title), 1)
        yield from self.paragraphs((about.subtitle, about.programme))
        rows = (
            ("edition", f"{self.text(about.edition)} ({about.issued})"),
            ("publisher", about.publisher),
            ("address", about.address),
            ("url", about.url),
            ("email", about.email),
        )
        yield from self.named(rows)
        if about.introduction or about.scope:
            yield self.heading("introduction")
            yield from self.paragraphs((*about.introduction, about.scope))
        terms = [(self.text(one.term), one.text) for one in self.guide.definitions]
        yield from self.pairs("definitions", terms)

    def _instrument(self) -> Iterator[Block]:
        about = self.guide.overview
        yield self.heading("overview")
        rows = (
            ("instrument", about.instrument),
            ("maker", about.maker),
            ("model", about.model),
            ("objects", about.objects),
            ("targets", about.targets),
            ("environment", about.environment),
            ("information", about.information),
            ("photon-energy", self.range(about.photon_energy)),
            ("detection-depth", self.range(about.detection_depth)),
        )
        yield from self.named(rows)
        if about.holders:
            yield self.heading("holders")
            holders = [
                (self.text(one.name), one.instrument_id, self.text(one.instrument_name), one.model)
                for one in about.holders
            ]
            yield self.table(("holder", "instrument-id", "instrument-name", "model"), holders)
        yield from self.listed("features", about.features)
        if about.principle is not None:
            yield self.heading("principle")
            yield from self.paragraphs((about.principle,))
            if about.equation:
                yield Code(about.equation)

    def _sample_and_conditions(self) -> Iterator[Block]:
        sample = self.guide.sample
        yield self.heading("conditions")
        limits = (("length", sample.max_length), ("width", sample.max_width), ("thickness", sample.max_thickness))
        sizes = [f"{self.word(name)} ≤ {value:g} {sample.unit}" for name, value in limits if value is not None]
        rows = (
            ("size", sample.size),
            ("size-limits", _COMMA.render(self.lang).join(sizes)),
            ("mounting", sample.mounting),
            ("preparation", sample.preparation),
        )
        yield from self.named(rows)
        yield from self.paragraphs((self.guide.introductions.get("conditions"),))
        for scan in self.guide.conditions.values():
            yield Heading(self.text(scan.title or scan.label), 3)
            heads = ("item", "unit", "value", "check")
            yield self.table(heads, self._scan_rows(scan))

    def _scan_rows(self, scan: ScanClass) -> Iterator[tuple[str, ...]]:
        by_term = {one.term: one for one in scan.conditions}
        for item in scan.items:
            rule = "\n".join(self._rule(by_term.pop(term)) for term in item.terms if term in by_term)
            yield self._item_name(item), item.unit or "", self.text(item.value), rule
        for one in by_term.values():
            shown = "" if one.printed is None else self.text(one.printed)
            yield self.text(one.label), one.unit or "", shown or plain(one.value), self._rule(one)

    def _item_name(self, item: PrintedItem) -> str:
        name = self.text(item.name)
        return name if item.group is None else f"{self.text(item.group)}: {name}"

    def _rule(self, one: Condition) -> str:
        return self.word("left-blank") if one.comparison == "blank" else rule(one)

    def _calibration(self) -> Iterator[Block]:
        about = self.guide.calibration
        if about is None:
            return
        yield self.heading("calibration")
        yields = _COMMA.render(self.lang).join(self.term(term) for term in about.yields)
        rows = (
            ("standard", about.standard),
            ("operator", about.operator),
            ("frequency", about.frequency),
            ("method", about.method),
            ("yields", yields),
        )
        yield from self.named(rows)

    def _files(self) -> Iterator[Block]:
        files = self.guide.files
        yield self.heading("files")
        labels = (files.data_label or self.word("data"), files.sidecar_label or self.word("sidecars"))
        patterns = (", ".join(files.data), ", ".join(files.sidecars))
        yield Grid([(self.text(label), text) for label, text in zip(labels, patterns, strict=True) if text])
        keys = [
            (key.key, key.unit or "", self.term(key.term), self.word("yes" if key.declared else "no"))
            for key in files.sidecar_keys
        ]
        if keys:
            yield self.table(("sidecar-key", "unit", "meaning", "declared"), keys)

    def _manual(self) -> Iterator[Block]:
        yield self.heading("manual")
        yield from self.paragraphs((self.guide.introductions.get("manual"),))
        rows = [
            (item.name, self.text(item.label), self.word(f"type-{item.type}"), item.unit or "", self._entered(item))
            for item in self.guide.manual
        ]
        if rows:
            yield self.table(("item", "label", "type", "unit", "input"), rows)

    def _entered(self, item: ManualItem) -> str:
        parts = [f"[{', '.join(item.choices)}]"] if item.choices else []
        if item.help is not None:
            parts.append(self.text(item.help))
        if item.default is not None and str(item.default) not in (item.help or Text("", "")).render(self.lang):
            parts.append(f"{self.word('default')}: {item.default}")
        return "\n".join(parts)

    def _metadata(self) -> Iterator[Block]:
        yield self.heading("metadata")
        yield from self.paragraphs((self.guide.introductions.get("metadata"),))
        rows = [
            (
                str(number),
                item.name,
                self.text(item.label),
                item.unit or "",
                item.key,
                self.word("constant" if item.placement == "constant" else "variable"),
            )
            for number, item in enumerate(self.guide.metadata, start=1)
        ]
        if rows:
            yield self.table(("number", "item", "label", "unit", "key", "placement"), rows)

    def _structuring(self, one: Structuring) -> Iterator[Block]:
        yield Heading(self.text(one.title))
        yield from self.paragraphs((one.text,))
        if one.methods:
            yield Listing([self.text(text) for text in one.methods])
        if one.file_name is not None:
            yield Paragraph(f"{self.word('file-name')}: {self.text(one.file_name)}")
        if one.example is not None:
            yield Code(self.text(one.example).strip("\n"))
        yield from self.paragraphs((one.precedence,))

    def _conversions(self) -> Iterator[Block]:
        rows = [
            (f"{name}.{parameter}", str(value))
            for name, values in self.guide.conversions.items()
            for parameter, value in values.items()
        ]
        if rows:
            yield self.heading("conversions")
            yield Grid(rows)

    def _match(self) -> Iterator[Block]:
        match = self.guide.match
        yield self.heading("match")
        readers = [(self.word("readers"), ", ".join(match.readers))] if match.readers else []
        yield Grid([*readers, *((self.term(term), f"/{pattern}/") for term, pattern in match.terms.items())])

    def _analyses(self) -> Iterator[Block]:
        labels = {item.key: self.text(item.label) for item in self.guide.manual}
        for one in self.guide.analyses:
            title = one.analysis if one.title is None else f"{self.text(one.title)} ({one.analysis})"
            yield Heading(f"{self.word('analyses')}: {title}")
            yield from self.paragraphs(one.description)
            yield from self.named(self._switches(one, labels))
        if self.guide.axes:
            yield self.heading("axes")
            yield Grid([(name, self.word(f"axis-{what}")) for name, what in self.guide.axes.items()])

    def _switches(self, one: GuideAnalysis, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
        if one.switch is not None:
            yield "switch", labels.get(one.switch, one.switch)
        for parameter, key in one.manual.items():
            yield "manual-parameter", f"{parameter} = {labels.get(key, key)}"
        for parameter, value in one.parameters.items():
            yield "parameter", f"{parameter} = {value}"
