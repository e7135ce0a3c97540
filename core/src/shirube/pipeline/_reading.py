"""First steps: read an item's files, map their keys to facts, add what amendments state."""

from __future__ import annotations

from attrs import evolve

from shirube.blame import Registered, blamed
from shirube.errors import InputError, PluginError, SettingsError, ShirubeError, all_problems, core_message
from shirube.hooks import Amendment, Reader
from shirube.intake import claim, why_nobody
from shirube.mapping import map_facts, stated_facts
from shirube.plugins import CORE_PLUGIN, Plugins
from shirube.records import (
    Amended,
    Entry,
    Facts,
    Item,
    ItemFile,
    Measurement,
    Origin,
    Quantity,
    Registration,
    Remark,
    Source,
    Spectrum,
)
from shirube.settings import Settings
from shirube.sources import SourceFile, hash_file
from shirube.vocabulary import Knowledge

__all__ = ["read_entry", "read_file"]


def read_entry(item: Item, plugins: Plugins, settings: Settings, known: Knowledge) -> Entry:
    """Return the item's entry: measurements read, keys mapped to facts, amendments applied.

    Raises:
        InputError: Files that cannot be read: all of them, a line each.
    """
    measurements: list[Measurement] = []
    problems: list[ShirubeError] = []
    for file in item.data:
        sidecar = item.sidecars.get(file.name)
        try:
            measurements.append(read_file(file, plugins, settings, sidecar=sidecar, reader=item.reader))
        except InputError as error:
            problems.append(error)
    if problems:
        raise all_problems(problems)
    entry = Entry(
        name=item.name,
        measurements=measurements,
        files=_sources(item, measurements),
        registration=item.registration,
    )
    return _with_facts(entry, plugins, settings, known)


def read_file(
    file: ItemFile, plugins: Plugins, settings: Settings, *, sidecar: ItemFile | None = None, reader: str | None = None
) -> Measurement:
    """Return what one file says.

    Raises:
        InputError: Nobody claims it, or its reader cannot read it.
        PluginError: The reader broke its contract.
    """
    beside = None if sidecar is None else SourceFile(sidecar.path, name=sidecar.name)
    source = SourceFile(file.path, name=file.name, sidecar=beside)
    registered = claim(source, plugins, reader)
    if registered is None:
        raise InputError(why_nobody(source, plugins), path=file.name)
    parameters = plugins.parameters(registered, settings.section(f"readers.{registered.name}"))
    measurement = plugins.checked(registered, plugins.call(registered, "read", source, parameters), Measurement)
    return _sound(measurement, registered)


def _sound(measurement: Measurement, registered: Registered[Reader]) -> Measurement:
    """Return a measurement that names its reader, by which maps and guides go, and each spectrum once."""
    if measurement.reader != registered.name:
        message = core_message("reader-names-other", reader=registered.name, other=measurement.reader)
        raise blamed(PluginError(message, path=measurement.name), registered)
    ids = [spectrum.id for spectrum in measurement.spectra]
    if len(set(ids)) != len(ids):
        message = core_message("reader-repeats-id", reader=registered.name)
        raise blamed(PluginError(message, path=measurement.name), registered)
    return measurement


def _sources(item: Item, measurements: list[Measurement]) -> tuple[Source, ...]:
    """Return the record of every file; what a reader has hashed is not hashed again."""
    known = {source.name: source for measurement in measurements for source in measurement.sources}
    return tuple(known.get(file.name) or hash_file(file.path, file.name) for file in item.files())


def _registered_facts(registration: Registration | None, known: Knowledge) -> dict[str, Quantity]:
    """Return what the entry's registration states of facts, for every spectrum.

    Raises:
        InputError: A term is not known, or a value is not of its type: all of them.
    """
    if registration is None:
        return {}
    try:
        origin = Origin("invoice", registration.source, key="facts")
        return stated_facts(registration.facts, known.vocabulary, origin)
    except SettingsError as error:
        raise InputError(error.message, path=registration.source or None) from None


def _with_facts(entry: Entry, plugins: Plugins, settings: Settings, known: Knowledge) -> Entry:
    facts: dict[str, Facts] = {}
    registered = _registered_facts(entry.registration, known)
    measurements = []
    for measurement in entry.measurements:
        remarks = list(measurement.remarks)
        for spectrum in measurement.spectra:
            if spectrum.id in facts:
                taken = PluginError(core_message("spectrum-id-taken", id=spectrum.id), path=measurement.name)
                raise blamed(taken, plugins.readers[measurement.reader])
            if spectrum.id == entry.name:
                # Results name their target; it must be clear whether that is the spectrum or the entry.
                same = PluginError(core_message("spectrum-id-is-entry", id=spectrum.id), path=measurement.name)
                raise blamed(same, plugins.readers[measurement.reader])
            mapped = map_facts(spectrum, measurement, known.rules.get(measurement.reader, ()), known.vocabulary)
            remarks.extend(one for one in mapped.remarks if one not in remarks)
            of_file = mapped.facts
            for term, quantity in registered.items():
                # A person who states it knows better than the file, and what settings state is more explicit still.
                of_file = of_file.add(term, quantity).decide(term, quantity)
            facts[spectrum.id], said = _amended(of_file, spectrum, measurement, plugins, settings, known)
            remarks.extend(one for one in said if one not in remarks)
        measurements.append(evolve(measurement, remarks=remarks))
    return evolve(entry, measurements=measurements, facts=facts)


def _amended(
    of_file: Facts, spectrum: Spectrum, measurement: Measurement, plugins: Plugins, settings: Settings, known: Knowledge
) -> tuple[Facts, tuple[Remark, ...]]:
    """Return what is known with what amendments state, and what they remark."""
    facts = of_file
    remarks: list[Remark] = []
    setters: dict[str, Registered[Amendment]] = {}
    for registered in plugins.amendments.values():
        readers = registered.record.readers
        if readers and measurement.reader not in readers:
            continue
        parameters = _amendment_parameters(registered, plugins, settings, known)
        answer = plugins.call(registered, "amend", spectrum, measurement, of_file, parameters)
        amended = plugins.checked(registered, answer, Amended)
        remarks.extend(amended.remarks)
        for term, quantity in amended.facts.items():
            facts = facts.add(term, quantity)
            if registered.plugin == CORE_PLUGIN:
                # What somebody states in settings is the most explicit, until a conversion has reasons to decide.
                facts = facts.decide(term, quantity)
                continue
            _check_amendment(registered, term, setters.get(term), known)
            setters[term] = registered
    return facts, tuple(remarks)


def _amendment_parameters(
    registered: Registered[Amendment], plugins: Plugins, settings: Settings, known: Knowledge
) -> object:
    # The core's own amendment states what the settings say; its terms are the vocabulary's, not a class's fields.
    if registered.plugin == CORE_PLUGIN:
        return stated_facts(settings.section("facts"), known.vocabulary)
    return plugins.parameters(registered, settings.section(f"amendments.{registered.name}"))


def _check_amendment(
    registered: Registered[Amendment], term: str, other: Registered[Amendment] | None, known: Knowledge
) -> None:
    allowed = registered.record.sets
    if term not in known.vocabulary or (allowed and term not in allowed):
        message = core_message("amendment-sets-other", amendment=registered.name, term=term)
        raise blamed(PluginError(message), registered)
    if other is not None:
        message = core_message("amended-twice", term=term, first=str(other), second=str(registered))
        raise blamed(PluginError(message), registered)
