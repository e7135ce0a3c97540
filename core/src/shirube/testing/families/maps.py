"""Metadata maps: terms that are known, of types and units that fit, with labels in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from shirube.blame import Registered
from shirube.errors import MissingPluginError, UnitError
from shirube.hooks import MetadataMap
from shirube.known import distribution_of
from shirube.mapping import MapData, MapRule, map_facts, parse_map
from shirube.messages import Message
from shirube.terms import Term, core_terms, parse_terms
from shirube.testing._check import Failed, Skipped, check
from shirube.testing._subject import Subject, speaks_both
from shirube.units import canonical, convert


@check("MAP01", requires=["API02"])
def maps_are_sound(subject: Subject) -> None:
    """A metadata map is TOML of the tables and keys that maps have.

    対応表は、定められた表とキーからなる TOML である。
    """
    for _ in _maps(subject):
        pass


@check("MAP02", requires=["MAP01"])
def terms_are_known(subject: Subject) -> None:
    """Every term that a map names is the core's, or the plugin's own.

    対応表の用語は、すべて本体かプラグイン自身の用語である。
    """
    named = {rule.term for _, data in _maps(subject) for rule in data.rules}
    unknown = sorted(named - {*core_terms(), *(term.key for term in _own_terms(subject))})
    if unknown:
        raise Failed(", ".join(unknown))


@check("MAP03", requires=["MAP01"])
def readers_are_known(subject: Subject) -> None:
    """A map is for a reader that the plugin or the core has, or that is well known; one for another is never used.

    対応表は、プラグイン・本体・既知のリーダーのためのものである。
    """
    for registered, _ in _maps(subject):
        reader = registered.record.reader
        if reader not in subject.plugins.readers and distribution_of("readers", reader) is None:
            raise Failed(f"{registered.name}: {reader}")


@check("MAP04", requires=["MAP02"])
def units_fit_the_terms(subject: Subject) -> None:
    """The unit of a key converts to the unit of its term, and stands only where the term has one.

    キーの単位は用語の単位に変換できる。
    """
    vocabulary = {**core_terms(), **{term.key: term for term in _own_terms(subject)}}
    for rule in (rule for _, data in _maps(subject) for rule in data.rules if rule.unit is not None):
        unit = vocabulary[rule.term].unit
        if unit is None:
            raise Failed.because("conformance-seen-map-without-unit", key=rule.key, term=rule.term, unit=rule.unit)
        try:
            convert(1.0, str(rule.unit), unit)
        except UnitError as error:
            raise Failed.told(rule.key, error.message) from None


@check("MAP05", requires=["MAP01"])
def keys_are_mapped_once(subject: Subject) -> None:
    """No key of one place gives one term twice.

    同じ場所の同じキーは、同じ用語に二度対応しない。
    """
    for registered, data in _maps(subject):
        places = [(rule.key, rule.section, rule.kind, rule.term) for rule in data.rules]
        repeated = [place[0] for place in places if places.count(place) > 1]
        if repeated:
            raise Failed(f"{registered.name}: {repeated[0]}")


@check("MAP06", requires=["API10"])
def own_terms_are_labelled(subject: Subject) -> None:
    """A term of the plugin's own has a label in English and in Japanese.

    プラグイン自身の用語には英語と日本語の名称がある。
    """
    silent = [term.key for term in _own_terms(subject) if not speaks_both(term.label)]
    if silent:
        raise Failed(", ".join(silent))


@check("MAP07", requires=["API10"])
def own_units_are_known(subject: Subject) -> None:
    """The unit of a term of the plugin's own is spelt as Shirube spells it, and belongs to a number.

    プラグイン自身の用語の単位は Shirube のつづりで、数値の用語だけにある。
    """
    unsure = []
    for term in _own_terms(subject):
        numeric = term.type in ("number", "integer")
        if term.unit is not None:
            known = _is_known(term.unit)
            if not numeric or canonical(term.unit) != term.unit or known is False:
                raise Failed(f"{term.key}: {term.unit!r} ({term.type})")
            unsure += [f"{term.key} ({term.unit})"] if known is None else []
    if unsure:
        raise Skipped.because("conformance-units-unsure", terms=", ".join(unsure))


@check("MAP08", requires=["READ09", "MAP02"])
def samples_give_facts(subject: Subject) -> None:
    """Of every sample file the map of its reader finds a key.

    どの見本ファイルからも、対応表のキーが見つかる。
    """
    rules = _rules(subject)
    for measurement in subject.measurements:
        if measurement.reader in rules:
            found = [map_facts(one, measurement, rules[measurement.reader], subject.vocabulary).facts for one in
                     measurement.spectra]  # fmt: skip
            if not any(list(facts) for facts in found):
                raise Failed(measurement.name)


@check("MAP09", requires=["READ09", "MAP04"])
def values_have_the_type(subject: Subject) -> None:
    """What the sample files hold can be read as the types of the terms, in units that are known.

    見本ファイルの値は、用語の型と単位として読める。
    """
    rules = _rules(subject)
    for measurement in subject.measurements:
        for spectrum in measurement.spectra:
            mapped = map_facts(spectrum, measurement, rules.get(measurement.reader, ()), subject.vocabulary)
            if mapped.remarks:
                raise Failed.told(measurement.name, mapped.remarks[0].message)


def _is_known(unit: str) -> bool | None:
    """Tell whether a unit has a size; asked by converting it to one that it may or may not be of a kind with.

    None where it is none of the core's own, and the library that knows the others is not installed.
    """
    try:
        convert(1.0, unit, "eV" if unit != "eV" else "J")
    except UnitError as error:
        return isinstance(error.message, Message) and error.message.code in ("unit-dimension", "unit-arbitrary")
    except MissingPluginError:
        return None
    return True


def _maps(subject: Subject) -> Iterator[tuple[Registered[MetadataMap], MapData]]:
    for one in subject.own("shirube_metadata_maps"):
        resource = one.record.resource
        yield one, parse_map(resource.read_bytes().decode("utf-8"), str(resource))


def _rules(subject: Subject) -> dict[str, tuple[MapRule, ...]]:
    rules: dict[str, tuple[MapRule, ...]] = {}
    for one, data in _maps(subject):
        rules[one.record.reader] = (*rules.get(one.record.reader, ()), *data.rules)
    return rules


def _own_terms(subject: Subject) -> list[Term]:
    resources = [one.record.resource for one in subject.plugins.metadata_maps.values()]
    resources += [one.record.terms for one in subject.plugins.analyses.values() if one.record.terms is not None]
    terms = [term for one in resources for term in parse_terms(one.read_bytes().decode("utf-8"), str(one))]
    if not resources:
        raise Skipped.because("conformance-no-records", kind="terms")
    return terms
