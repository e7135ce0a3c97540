"""The shape of the plugin: it loads, its records stand behind what they say, its texts are in both languages."""

from __future__ import annotations

import inspect
import pickle
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from attrs import frozen

from shirube import _loader, builtin
from shirube._frozen import FrozenMapping
from shirube.blame import Registered
from shirube.hooks import Record
from shirube.known import distribution_of
from shirube.messages import CATALOGUE, LANGUAGES
from shirube.parameters import Field, build, fields
from shirube.plugins import SECTIONS
from shirube.testing._check import Failed, Skipped, check
from shirube.testing._subject import Subject, speaks_both

#: Functions of implementations and how many arguments they are called with; those after the bar are optional.
METHODS: Final[Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]]] = {
    "shirube_readers": ({"claims": 1, "read": 2}, {}),
    "shirube_amendments": ({"amend": 4}, {}),
    "shirube_unit_conversions": ({"convert": 3}, {}),
    "shirube_analyses": ({"applies": 2, "run": 3, "draw": 3}, {}),
    "shirube_policies": ({"rules": 1}, {}),
    "shirube_exporters": ({"write": 4}, {"verify": 2, "read": 2}),
}


@frozen
class _Parameter:
    """A parameter with the record that it belongs to, for messages."""

    of: str
    field: Field


@check("API01")
def loads(subject: Subject) -> None:
    """The plugin loads: its entry module is imported, and its hooks are spelt and marked as the loader asks.

    プラグインを読み込める（モジュールを import でき、フックの名前と印が正しい）。
    """
    loaded = _loader.load(allow=(subject.name,), block=(), builtin=builtin)
    for failure in loaded.failures:
        raise Failed(failure.reason)
    if subject.name not in loaded.sources:
        raise Failed.because("conformance-seen-not-registered", module=subject.source.module)


@check("API02", requires=["API01"])
def returns_records(subject: Subject) -> None:
    """Its hooks return records of their kind, each of a name of its own, whatever the order in which they are asked.

    フックは、どの順に呼ばれても、それぞれの種類のレコードを、固有の名前で返す。
    """
    records = list(subject.everything())
    if not records:
        raise Failed.because("conformance-seen-no-hook-answers")
    for one in records:
        kind = SECTIONS[one.hook]
        owner = distribution_of(kind, one.name)
        if owner not in (None, one.distribution):
            raise Failed.because("conformance-seen-name-taken", name=f"{kind}.{one.name}", distribution=owner)


@check("API03", requires=["API02"])
def returns_the_same(subject: Subject) -> None:
    """A hook that is asked again returns the same records.

    同じフックを再び呼ぶと、同じレコードを返す。
    """
    first = [(one.hook, one.record) for one in subject.everything()]
    again = Subject(subject.source, subject.samples, subject.root, subject.seed + 1)
    second = [(one.hook, one.record) for one in again.everything()]
    if first != second:
        changed = {record.name for _, record in [*first, *second] if (first + second).count((_, record)) == 1}
        raise Failed.because("conformance-seen-records-change", records=", ".join(sorted(changed)))


@check("API04", requires=["API02"])
def records_travel(subject: Subject) -> None:
    """A record can be sent to another process: it pickles, and comes back equal.

    レコードは他のプロセスへ送れる（pickle でき、同じものに戻る）。
    """
    for one in subject.everything():
        if pickle.loads(pickle.dumps(one.record)) != one.record:  # noqa: S301 our own bytes
            raise Failed.because("conformance-seen-record-travels-badly", name=one.name)


@check("API05", requires=["API02"])
def described_in_both_languages(subject: Subject) -> None:
    """Every record is described in English and in Japanese.

    すべてのレコードに英語と日本語の説明がある。
    """
    silent = [one.name for one in subject.everything() if not speaks_both(one.record.description)]
    if silent:
        raise Failed(", ".join(silent))


@check("API06", requires=["API02", "IMP05", "IMP09"])
def references_lead_somewhere(subject: Subject) -> None:
    """What a record refers to can be imported: its implementation, and its parameters.

    レコードが参照する実装とパラメーターを import できる。
    """
    for one in subject.everything():
        if getattr(one.record, "implementation", None) is not None:
            subject.plugins.implementation(one)
        subject.plugins.parameters_class(one)


@check("API07", requires=["API06"])
def functions_are_there(subject: Subject) -> None:
    """An implementation has the functions of its contract, and each takes the arguments that it is called with.

    実装には規約の関数がそろい、規約どおりの引数を受け取る。
    """
    for hook, (wanted, optional) in METHODS.items():
        for one in subject.plugins.records(hook).values():
            if one.plugin == subject.name:
                target = subject.plugins.implementation(one)
                for method, count in {**wanted, **optional}.items():
                    _check_method(f"{one.name}.{method}", getattr(target, method, None), count, method in wanted)


def _check_method(shown: str, function: Any, count: int, wanted: bool) -> None:
    if function is None and not wanted:
        return
    if not callable(function):
        raise Failed.because("conformance-seen-function-missing", function=shown)
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError as error:
        raise Failed.because("conformance-seen-function-arguments", function=shown, count=count, error=error) from None


@check("API08", requires=["API06"])
def parameters_are_declared(subject: Subject) -> None:
    """Parameters are a class of shirube.parameters, of types that settings can state, with help in both languages.

    パラメーターは shirube.parameters のクラスで、設定に書ける型と、両言語の説明をもつ。
    """
    for one in _parameters(subject):
        if not speaks_both(one.field.help):
            raise Failed.because("conformance-seen-parameter-unexplained", parameter=f"{one.of}.{one.field.name}")
        if not _can_be_stated(one.field.type):
            raise Failed.because(
                "conformance-seen-parameter-type", parameter=f"{one.of}.{one.field.name}", type=one.field.type
            )


@check("API09", requires=["API08"])
def defaults_are_allowed(subject: Subject) -> None:
    """Every parameter's default is a value that settings could state: of its type, within its range and choices.

    パラメーターの既定値は、型・範囲・選択肢に合っている。
    """
    for one, cls in _classes(subject):
        default: Any = build(cls, {})
        stated = {field.name: getattr(default, field.name) for field in fields(cls)}
        build(cls, stated, one.name)


@check("API10", requires=["API02", "MAP01", "MAP02"])
def names_carry_the_plugin(subject: Subject) -> None:
    """Terms of the plugin can be used: each resource is sound, has the plugin's prefix, and names terms that exist.

    プラグインの用語を使える（リソースが正しく、接頭辞が付き、存在する用語だけを指す）。
    """
    from shirube.vocabulary import knowledge

    knowledge(subject.plugins)


@check("API11", requires=["API01"], once=True)
def catalogues_agree(subject: Subject) -> None:
    """Each messages.toml of the package says the same in English and Japanese: every message in both, same places.

    パッケージの messages.toml は、すべてのメッセージを両言語で、同じ差し込み箇所をもって述べる。
    """
    files = sorted(subject.package.rglob(CATALOGUE))
    if not files:
        raise Skipped.because("conformance-no-messages")
    for file in files:
        for code, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if set(table) != set(LANGUAGES) or not all(text.strip() for text in table.values()):
                raise Failed.because("conformance-seen-message-language", file=_shown(file, subject), message=code)
            if _places(table["en"]) != _places(table["ja"]):
                raise Failed.because("conformance-seen-message-places", file=_shown(file, subject), message=code)


@check("API12", requires=["API01"], once=True)
def uses_nothing_deprecated(subject: Subject) -> None:
    """Importing the plugin uses nothing of the plugin API that is deprecated.

    非推奨になった API を import 時に使っていない。
    """
    warned = [text for part in ("entry", "rest") for text in subject.probe[part]["deprecated"]]
    if warned:
        raise Failed(warned[0])


def _shown(file: Path, subject: Subject) -> str:
    return file.relative_to(subject.package).as_posix()


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _classes(subject: Subject) -> Iterator[tuple[Registered[Record], type]]:
    found = [(one, subject.plugins.parameters_class(one)) for one in subject.everything()]
    having = [(one, cls) for one, cls in found if cls is not None]
    if not having:
        raise Skipped.because("conformance-no-parameters")
    yield from having


def _parameters(subject: Subject) -> Iterator[_Parameter]:
    for one, cls in _classes(subject):
        yield from (_Parameter(one.name, field) for field in fields(cls))


def _can_be_stated(hint: Any) -> bool:
    if hint in (bool, int, float, str, type(None)):
        return True
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return all(isinstance(one, str) for one in arguments)
    if origin is tuple:
        return len(arguments) == 2 and arguments[1] is ... and _can_be_stated(arguments[0])  # noqa: PLR2004 one type
    if origin is FrozenMapping:
        return arguments[0] is str and _can_be_stated(arguments[1])
    return bool(arguments) and origin is not list and all(_can_be_stated(one) for one in arguments)
