"""Guides: complete, in both languages, made of terms that are known, and all that derives from them derives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs

from shirube.blame import Registered
from shirube.errors import UnitError
from shirube.guidemarkdown import guide_markdown
from shirube.guides import GuideData, ManualItem, MetadataItem, registry_key
from shirube.hooks import Guide
from shirube.known import distribution_of
from shirube.messages import LANGUAGES, Text
from shirube.testing._check import Failed, check
from shirube.testing._subject import Subject
from shirube.units import canonical, convert
from shirube.vocabulary import one_guide

#: What conditions may be about besides terms.
_OF_THE_AXIS: Final = {"binding_energy_min", "binding_energy_max"}


@check("GUIDE01", requires=["API02"])
def guides_are_sound(subject: Subject) -> None:
    """A guide is TOML of the tables and keys that guides have, with all that is needed.

    ガイドは、定められた表とキーからなり、必要なものがそろった TOML である。
    """
    for _ in _guides(subject):
        pass


@check("GUIDE02", requires=["GUIDE01"])
def guides_are_complete(subject: Subject) -> None:
    """A guide says which files are registered, which metadata are kept, and what is entered by hand.

    ガイドは、登録するファイル・残すメタデータ・手入力の項目を述べる。
    """
    for one, guide in _guides(subject):
        blocks = {"files.data": guide.files.data, "metadata": guide.metadata, "manual": guide.manual}
        empty = [name for name, block in blocks.items() if not block]
        if empty:
            raise Failed(f"{one.name}: {', '.join(empty)}")


@check("GUIDE03", requires=["GUIDE01", "API10"])
def terms_are_known(subject: Subject) -> None:
    """Every term that a guide names is the core's, or the plugin's own.

    ガイドの用語は、すべて本体かプラグイン自身の用語である。
    """
    for one, guide in _guides(subject):
        named = {*guide.match.terms, *(item.term for item in guide.metadata)}
        named |= {key.term for key in guide.files.sidecar_keys}
        named |= {condition.term for scan in guide.conditions.values() for condition in scan.conditions}
        named |= set(guide.calibration.yields) if guide.calibration is not None else set()
        unknown = sorted(named - set(subject.vocabulary) - _OF_THE_AXIS)
        if unknown:
            raise Failed(f"{one.name}: {', '.join(unknown)}")


@check("GUIDE04", requires=["GUIDE01"])
def texts_speak_both(subject: Subject) -> None:
    """Every text of a guide stands in English and in Japanese.

    ガイドの文はすべて英語と日本語で書かれている。
    """
    for one, guide in _guides(subject):
        for place, text in _texts(guide, ""):
            if bool(text.en.strip()) != bool(text.ja.strip()):
                raise Failed(f"{one.name}: {place}")


@check("GUIDE05", requires=["GUIDE01"])
def registry_keys_are_derived(subject: Subject) -> None:
    """A registry key is lower snake_case of its item's English name, and stands once.

    登録キーは項目の英語名から作られた小文字のスネークケースで、重複しない。
    """
    for one, guide in _guides(subject):
        for items in (guide.manual, guide.metadata):
            keys = [item.key for item in items]
            wrong = [item.key for item in items if registry_key(item.name) != item.key or keys.count(item.key) > 1]
            if wrong:
                raise Failed(f"{one.name}: {wrong[0]}")


@check("GUIDE06", requires=["GUIDE01"])
def items_belong_together(subject: Subject) -> None:
    """The manual items that a guide refers to are its own: switches and parameters of analyses, and conditions.

    ガイドが参照する手入力項目（解析の切り替え・パラメーター、条件）は、そのガイドにある。
    """
    for one, guide in _guides(subject):
        keys = {item.key for item in guide.manual}
        named = {item.when for item in guide.manual if item.when is not None}
        for analysis in guide.analyses:
            named |= {*analysis.manual.values(), *([analysis.switch] if analysis.switch is not None else [])}
        if named - keys:
            raise Failed(f"{one.name}: {', '.join(sorted(named - keys))}")


@check("GUIDE07", requires=["GUIDE01"])
def records_are_known(subject: Subject) -> None:
    """Readers, conversions, analyses and policies that a guide names are the plugin's, the core's, or well known.

    ガイドが名指すリーダー・変換・解析・ポリシーは、プラグイン・本体・既知のいずれかである。
    """
    plugins = subject.plugins
    for one, guide in _guides(subject):
        named = [
            *(("readers", plugins.readers, name) for name in guide.match.readers),
            *(("conversions", plugins.conversions, name) for name in guide.conversions),
            *(("analyses", plugins.analyses, item.analysis) for item in guide.analyses),
            *(("policies", plugins.policies, name) for name in [guide.checks.policy] if name is not None),
        ]
        for kind, there, name in named:
            if name not in there and distribution_of(kind, name) is None:
                raise Failed(f"{one.name}: {kind}.{name}")


@check("GUIDE08", requires=["GUIDE03"])
def units_fit_the_terms(subject: Subject) -> None:
    """The unit that a guide prints for a metadata item converts from the unit of its term.

    ガイドのメタデータ項目の単位は、用語の単位から変換できる。
    """
    for one, guide in _guides(subject):
        for item in guide.metadata:
            unit = subject.vocabulary[item.term].unit
            if item.unit is None or unit is None or canonical(item.unit) == unit:
                continue
            try:
                convert(1.0, unit, item.unit)
            except UnitError as error:
                raise Failed.told(f"{one.name}: {item.key}", error.message) from None


@check("GUIDE09", requires=["GUIDE01"])
def documents_derive(subject: Subject) -> None:
    """The guide's page derives in both languages, and shows every manual and metadata item.

    ガイドのページを両言語で作れ、手入力とメタデータのすべての項目が載る。
    """
    for one, guide in _guides(subject):
        for lang in LANGUAGES:
            page = guide_markdown(guide, subject.vocabulary, lang).replace("\\", "")
            items: tuple[ManualItem | MetadataItem, ...] = (*guide.manual, *guide.metadata)
            labels = [item.label.render(lang) for item in items]
            hidden = [label for label in labels if label not in page]
            if hidden:
                raise Failed(f"{one.name} ({lang}): {hidden[0]!r}")


@check("GUIDE10", requires=["GUIDE03"])
def conditions_are_in_the_terms_units(subject: Subject) -> None:
    """A recommended number is in the unit of its term, with whose values it is compared as it stands.

    推奨値の数値は用語の単位で書かれている（用語の値とそのまま比べられる）。
    """
    for one, guide in _guides(subject):
        for name, scan in guide.conditions.items():
            for condition in scan.conditions:
                unit = "eV" if condition.term in _OF_THE_AXIS else subject.vocabulary[condition.term].unit
                stated = condition.unit if condition.unit is None else canonical(condition.unit)
                if not isinstance(condition.value, str) and stated not in (None, unit):
                    raise Failed.because(
                        "conformance-seen-wrong-unit",
                        where=f"{one.name}: {name}: {condition.term}",
                        unit=condition.unit,
                        wanted=unit,
                    )


def _guides(subject: Subject) -> Iterator[tuple[Registered[Guide], GuideData]]:
    for one in subject.own("shirube_guides"):
        yield one, subject.once(f"guide-{one.name}", lambda one=one: _structured(subject, one.name))  # type: ignore[misc]


def _structured(subject: Subject, name: str) -> GuideData:
    return one_guide(name, subject.plugins, subject.settings)


def _texts(value: Any, place: str) -> Iterator[tuple[str, Text]]:
    """Yield every text of a record, wherever it stands in it, with its place."""
    if isinstance(value, Text):
        yield place, value
    elif attrs.has(type(value)):
        for one in attrs.fields(type(value)):
            yield from _texts(getattr(value, one.name), f"{place}.{one.name}".lstrip("."))
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _texts(one, f"{place}[{number}]")
    elif hasattr(value, "items"):
        for name, one in value.items():
            yield from _texts(one, f"{place}.{name}")
