"""The checks that follow from a guide: what it asks of files, metadata, manual items and conditions, as rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from shirube.energy import scan_width
from shirube.guides import Condition, GuideData, ManualItem, MetadataItem, ScanClass, file_matches
from shirube.messages import Text
from shirube.records import Entry, Facts, Spectrum, Value
from shirube.rules import Judgement, Rule, RuleContext, failed, informational, not_applicable, open_, passed

__all__ = ["guide_rules", "matches"]

_REMARK = Text(en="State the reason in the remark.", ja="理由を備考に記入してください。")


def guide_rules(guide: GuideData) -> tuple[Rule, ...]:
    """Return the checks that follow from ``guide``, in the order of its blocks."""
    return (
        _match_rule(guide),
        _files_rule(guide),
        _sidecars_rule(guide),
        *(_manual_rule(guide, item) for item in guide.manual),
        *(_metadata_rule(guide, item) for item in guide.metadata),
        *(
            _condition_rule(guide, name, scan, condition)
            for name, scan in guide.conditions.items()
            for condition in scan.conditions
        ),
    )


def matches(guide: GuideData, entry: Entry) -> bool:
    """Tell whether an entry is of the instrument that ``guide`` is for: its readers, and a pattern for each term."""
    readers = {measurement.reader for measurement in entry.measurements}
    if guide.match.readers and not readers & set(guide.match.readers):
        return False
    return all(
        any(_found(pattern, facts, term) for facts in entry.facts.values())
        for term, pattern in guide.match.terms.items()
    )


def _found(pattern: str, facts: Facts, term: str) -> bool:
    quantity = facts.get(term)
    return quantity is not None and re.search(pattern, str(quantity.value), re.IGNORECASE) is not None


def _match_rule(guide: GuideData) -> Rule:
    def judge(entry: Entry, _: RuleContext) -> Judgement:
        if matches(guide, entry):
            return passed()
        seen = sorted({str(q.value) for f in entry.facts.values() for t in guide.match.terms if (q := f.get(t))})
        return failed(note=True, seen=", ".join(seen) or "-")

    return Rule(
        id=f"guide.{guide.name}.match",
        subject="entry",
        severity="should",
        message=Text(
            en="The guide is for "
            + _plain(guide.overview.model)
            + "; the files name {seen}. It was applied because it was named.",
            ja="このガイドは"
            + _plain(guide.overview.model)
            + "用です（ファイルの装置：{seen}）。指定されたため適用しました。",
        ),
        judge=judge,
    )


def _files_rule(guide: GuideData) -> Rule:
    patterns = ", ".join(guide.files.data)

    def judge(entry: Entry, _: RuleContext) -> Iterator[Judgement]:
        read = {measurement.name for measurement in entry.measurements}
        for source in entry.files:
            if source.name in read and not file_matches(guide.files.data, source.name):
                yield failed(_wrong_suffix(source.name, patterns), path=source.name)
            elif source.name not in read and file_matches(guide.files.data, source.name):
                yield failed(_not_read(source.name), path=source.name)
        if any(file_matches(guide.files.data, name) for name in read):
            yield passed()

    return Rule(
        id=f"guide.{guide.name}.files",
        subject="entry",
        severity="must",
        message=Text(
            en=f"No measurement file ({_plain(patterns)}).", ja=f"測定データ（{_plain(patterns)}）がありません。"
        ),
        judge=judge,
    )


def _wrong_suffix(name: str, patterns: str) -> Text:
    return Text(
        en=f"{name} is not in the registration format ({patterns}).",
        ja=f"{name} は登録ファイルの形式（{patterns}）ではありません。",
    )


def _not_read(name: str) -> Text:
    return Text(
        en=f"{name} looks like a measurement file, but no reader can read it; export it again.",
        ja=f"{name} は測定データの名前ですが、読めるリーダーがありません。書き出し直してください。",
    )


def _sidecars_rule(guide: GuideData) -> Rule:
    def judge(entry: Entry, _: RuleContext) -> Iterator[Judgement]:
        paired = {source.name for measurement in entry.measurements for source in measurement.sources[1:]}
        orphans = [
            one.name for one in entry.files if file_matches(guide.files.sidecars, one.name) and one.name not in paired
        ]
        for name in orphans:
            yield failed(path=name, file=name)
        if not orphans:
            yield passed() if paired else not_applicable()

    return Rule(
        id=f"guide.{guide.name}.sidecars",
        subject="entry",
        severity="must",
        message=Text(
            en="{file} belongs to no data file; name it after its data file.",
            ja="{file} に対応する測定データがありません。データファイル名に合わせてください。",
        ),
        judge=judge,
    )


def _manual_rule(guide: GuideData, item: ManualItem) -> Rule:
    def judge(entry: Entry, _: RuleContext) -> Judgement:
        if entry.registration is None:
            return not_applicable(Text(en="There is no invoice.", ja="送り状がありません。"))
        if item.key not in entry.registration.manual:
            if item.default is not None:
                return informational(_default_text(item))
            return not_applicable(Text(en="Left blank.", ja="未記入です。"))
        problem = manual_problem(item, entry.registration.manual[item.key])
        return passed() if problem is None else failed(problem=problem)

    return Rule(
        id=f"guide.{guide.name}.manual.{item.key}",
        subject="entry",
        severity="should",
        message=Text(en=f"{_plain(item.label.en)}: {{problem}}", ja=f"{_plain(item.label.ja)}: {{problem}}"),
        judge=judge,
    )


def manual_problem(item: ManualItem, value: Value) -> Text | None:
    """Return what is wrong with a manual item's value, None when it is as the guide asks."""
    kinds: dict[str, type | tuple[type, ...]] = {"boolean": bool, "integer": int, "number": (int, float), "string": str}
    wrong_bool = isinstance(value, bool) and item.type != "boolean"
    if not isinstance(value, kinds[item.type]) or wrong_bool:
        return Text(en=f"{value!r} is not of type {item.type}", ja=f"{value!r} は {item.type} 型ではありません")
    if item.choices and value not in item.choices:
        choices = ", ".join(item.choices)
        return Text(en=f"{value!r} is none of {choices}", ja=f"{value!r} は選択肢（{choices}）にありません")
    if isinstance(value, int | float) and not isinstance(value, bool) and not _in_range(item, value):
        limits = f"{'' if item.minimum is None else item.minimum} … {'' if item.maximum is None else item.maximum}"
        return Text(en=f"{value!r} is outside {limits}", ja=f"{value!r} は範囲外です（{limits}）")
    return None


def _in_range(item: ManualItem, value: float) -> bool:
    above = item.minimum is None or value >= item.minimum
    return above and (item.maximum is None or value <= item.maximum)


def _default_text(item: ManualItem) -> Text:
    return Text(
        en=f"{item.label.en}: left blank, {item.default} is used.",
        ja=f"{item.label.ja}: 未記入のため {item.default} とします。",
    )


def _metadata_rule(guide: GuideData, item: MetadataItem) -> Rule:
    def judge(entry: Entry, _: RuleContext) -> Judgement:
        spectra = entry.spectra()
        lacking = [one.id for one in spectra if item.term not in entry.facts[one.id]]
        if not lacking:
            return passed()
        where = Text(en="every region", ja="すべてのリージョン") if len(lacking) == len(spectra) else ", ".join(lacking)
        return failed(where=where)

    return Rule(
        id=f"guide.{guide.name}.metadata.{item.key}",
        subject="entry",
        severity="may",
        message=Text(
            en=f"Selected metadata “{_plain(item.name)}” is missing or blank ({{where}}).",
            ja=f"選定メタデータ「{_plain(item.label.ja)}」がないか空欄です（{{where}}）。",
        ),
        judge=judge,
    )


def _condition_rule(guide: GuideData, name: str, scan: ScanClass, condition: Condition) -> Rule:
    label, of = (Text(en=_plain(one.en), ja=_plain(one.ja)) for one in (condition.label, scan.label))
    return Rule(
        id=f"guide.{guide.name}.conditions.{name}.{condition.term}",
        subject="entry",
        severity="should",
        message=Text(
            en=f"{label.en}: {{value}} in {{where}}; recommended for a {of.en}: {{wanted}}.",
            ja=f"{label.ja}: {{where}} は {{value}}。{of.ja}の推奨値は {{wanted}} です。",
        ),
        remedy=_REMARK,
        judge=partial(_judge_condition, scan=scan, condition=condition),
        quote=condition.quote or None,
    )


def _judge_condition(
    entry: Entry, context: RuleContext, *, scan: ScanClass, condition: Condition
) -> Iterator[Judgement]:
    del context
    spectra = [one for one in entry.spectra() if _in_class(scan, one)]
    if not spectra:
        yield not_applicable(Text(en=f"No {scan.label.en}.", ja=f"{scan.label.ja}はありません。"))
        return
    wanted = _wanted(condition)
    deviating: dict[str, list[str]] = {}
    missing = []
    for spectrum in spectra:
        value = _value(spectrum, entry.facts[spectrum.id], condition)
        if value is None:
            missing.append(spectrum.id)
        elif not _satisfied(value, condition):
            shown = f"{value:g} {condition.unit or ''}".strip() if isinstance(value, float) else str(value)
            deviating.setdefault(shown, []).append(spectrum.id)
    for shown, where in deviating.items():
        yield failed(note=True, value=shown, where=", ".join(where), wanted=wanted)
    if missing:
        label = condition.label
        text = Text(
            en=f"{label.en}: not known for {', '.join(missing)}; recommended: {wanted}.",
            ja=f"{label.ja}: {', '.join(missing)} では不明です。推奨値は {wanted} です。",
        )
        yield open_(condition.term, text)
    if not deviating and not missing:
        yield passed()


def _in_class(scan: ScanClass, spectrum: Spectrum) -> bool:
    width = scan_width(spectrum)
    return width >= scan.min_width and (scan.max_width is None or width < scan.max_width)


def _value(spectrum: Spectrum, facts: Facts, condition: Condition) -> float | str | None:
    if condition.term in ("binding_energy_min", "binding_energy_max"):
        if spectrum.reference.scale != "binding":
            return None
        ends = spectrum.energy
        return float(ends.min() if condition.term.endswith("min") else ends.max())
    quantity = facts.get(condition.term)
    if quantity is None:
        return None
    return quantity.value if isinstance(quantity.value, str) else quantity.number


def _satisfied(value: float | str, condition: Condition) -> bool:
    if isinstance(condition.value, str) or isinstance(value, str):
        return re.search(str(condition.value), str(value), re.IGNORECASE) is not None
    limits = {
        "equal": abs(value - condition.value) <= condition.tolerance,
        "at_most": value <= condition.value + condition.tolerance,
        "at_least": value >= condition.value - condition.tolerance,
    }
    return limits.get(condition.comparison, False)


def _wanted(condition: Condition) -> str:
    signs = {"equal": "", "at_most": "≤ ", "at_least": "≥ ", "matches": ""}
    value = f"{condition.value:g}" if isinstance(condition.value, int | float) else str(condition.value)
    return f"{signs[condition.comparison]}{value} {condition.unit or ''}".strip()


def _plain(text: str) -> str:
    """Return ``text`` with braces doubled, so that filling a message leaves it alone."""
    return text.replace("{", "{{").replace("}", "}}")
