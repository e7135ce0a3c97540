"""A guide as text that people read: the same content as its data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shirube.errors import core_message
from shirube.guides import GuideData, ScanClass
from shirube.messages import Language, Text
from shirube.terms import Vocabulary
from shirube.text import display_width

__all__ = ["guide_text"]


def guide_text(guide: GuideData, vocabulary: Vocabulary, lang: Language) -> str:
    """Return the guide as text in ``lang``."""
    return "\n".join(
        (*_overview(guide, lang), *_files(guide, lang), *_items(guide, vocabulary, lang), *_rest(guide, lang))
    )


def _overview(guide: GuideData, lang: Language) -> Iterator[str]:
    about = guide.overview
    yield about.title.render(lang)
    yield f"{about.edition.render(lang)}  {about.issued}  {about.publisher.render(lang)}"
    rows: list[tuple[str, Text | str | None]] = [
        ("guide-instrument", about.instrument),
        ("guide-maker", about.maker),
        ("guide-model", about.model),
        ("guide-objects", about.objects),
        ("guide-targets", about.targets),
        ("guide-environment", about.environment),
        ("guide-information", about.information),
    ]
    yield ""
    yield from _aligned(((_word(code, lang), _shown(value, lang)) for code, value in rows if value is not None))
    for holder in about.holders:
        cells = (holder.name.render(lang), holder.instrument_id, holder.instrument_name.render(lang), holder.model)
        yield "  " + "  ".join(cells)
    for texts, code in ((about.features, "guide-features"), ((about.principle,), "guide-principle")):
        shown = [text.render(lang) for text in texts if text is not None]
        if shown:
            yield from _heading(code, lang)
            yield from (f"  {text}" for text in shown)


def _files(guide: GuideData, lang: Language) -> Iterator[str]:
    yield from _heading("guide-files", lang)
    yield f"  {', '.join(guide.files.data)}"
    if guide.files.sidecars:
        yield f"  {', '.join(guide.files.sidecars)}"
    for key in guide.files.sidecar_keys:
        yield f"    {key.key} ({key.unit or '-'}) -> {key.term}"


def _items(guide: GuideData, vocabulary: Vocabulary, lang: Language) -> Iterator[str]:
    yield from _heading("guide-manual", lang)
    yield from _aligned(
        (item.key, " ".join(filter(None, (item.label.render(lang), item.unit, "|".join(item.choices)))))
        for item in guide.manual
    )
    yield from _heading("guide-metadata", lang)
    yield from _aligned(
        (
            item.key,
            " ".join(
                filter(None, (item.label.render(lang), item.unit, f"<- {vocabulary[item.term].label.render(lang)}"))
            ),
        )
        for item in guide.metadata
    )


def _rest(guide: GuideData, lang: Language) -> Iterator[str]:
    yield from _heading("guide-conditions", lang)
    for scan in guide.conditions.values():
        yield f"  {scan.label.render(lang)}"
        yield from _aligned(_conditions(scan, lang), indent="    ")
    for code, text in (
        ("size", guide.sample.size),
        ("mounting", guide.sample.mounting),
        ("preparation", guide.sample.preparation),
    ):
        if text is not None:
            yield f"  {_word(f'guide-{code}', lang)}: {text.render(lang)}"
    if guide.calibration is not None:
        yield from _heading("guide-calibration", lang)
        for text in (
            guide.calibration.standard,
            guide.calibration.operator,
            guide.calibration.frequency,
            guide.calibration.method,
        ):
            yield f"  {text.render(lang)}"
    if guide.overview.consumables:
        yield from _heading("guide-consumables", lang)
        yield from (f"  {text.render(lang)}" for text in guide.overview.consumables)
    yield from _heading("guide-analyses", lang)
    for analysis in guide.analyses:
        yield f"  {analysis.analysis}" + (f"  ({analysis.switch})" if analysis.switch else "")
    yield from (f"  {reference}" for reference in guide.overview.references)


def _conditions(scan: ScanClass, lang: Language) -> Iterator[tuple[str, str]]:
    for one in scan.conditions:
        value = f"{one.value:g}" if isinstance(one.value, int | float) else str(one.value)
        yield one.label.render(lang), f"{value} {one.unit or ''}".rstrip()


def _heading(code: str, lang: Language) -> tuple[str, str]:
    return "", _word(code, lang)


def _word(code: str, lang: Language) -> str:
    return core_message(code).render(lang)


def _shown(value: Text | str | None, lang: Language) -> str:
    return value.render(lang) if isinstance(value, Text) else str(value)


def _aligned(rows: Iterable[tuple[str, str]], indent: str = "  ") -> Iterator[str]:
    listed = list(rows)
    width = max((display_width(name) for name, _ in listed), default=0)
    for name, value in listed:
        yield f"{indent}{name}{' ' * (width - display_width(name))}  {value}"
