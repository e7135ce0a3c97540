"""Sidecars: the photon energy of a calibration, written beside every data file that it holds for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from attrs import field, frozen

from shirube.errors import InputError, ShirubeError, UsageError
from shirube.messages import Text, joined
from shirube.plugins import Plugins
from shirube.records import Entry, Facts, Item, Measurement, Origin, Quantity, Spectrum
from shirube.sources import open_input
from shirube.text import decode
from shirube.units import convert
from shirube.vocabulary import Knowledge, knowledge
from shirube_synchrotron.axis import corrected_axis, kinetic_axis
from shirube_synchrotron.binding import photon_energy_held
from shirube_synchrotron.calibration.choosing import told_of
from shirube_synchrotron.calibration.fitting import TOLERANCE, holding_for, measured_on, objections
from shirube_synchrotron.calibration.gold import conditions_of, kinetic_of
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.calibration.record import Calibration, Conditions
from shirube_synchrotron.parameters import Parameters

SidecarState = Literal["new", "same", "replaced"]
_LARGEST: Final = 1 << 18

__all__ = ["Sidecar", "SidecarPlan", "plan_sidecars"]


@frozen
class Sidecar:
    """A sidecar to be written.

    Attributes:
        data_file: Name of its data file.
        path: Where it goes.
        content: Its bytes.
        state: ``new``, ``same`` (left untouched) or ``replaced``.
        calibration: The calibration in it.
        overridden: What stands against it, where other settings were accepted.
        remarks: What must be known of the choice between several calibrations.
    """

    data_file: str
    path: Path
    content: bytes = field(repr=False)
    state: SidecarState
    calibration: Calibration
    overridden: tuple[Text, ...] = ()
    remarks: tuple[Text, ...] = ()


@frozen
class _Wanted:
    """A region of a data file: what a calibration is chosen by."""

    spectrum: Spectrum
    facts: Facts
    conditions: Conditions


@frozen
class _Chosen:
    """The calibration of a data file, with what was overridden and what must be known."""

    calibration: Calibration
    overridden: tuple[Text, ...]
    remarks: tuple[Text, ...]


@frozen
class _Keys:
    """How the sidecars of a reader spell photon energy and work function, and in which units."""

    photon_energy: str
    photon_unit: str
    work_function: str | None
    work_unit: str


class SidecarPlan:
    """What would be written beside data files, and everything that stands against it.

    Args:
        calibrations: The calibrations there are.
        plugins: Whose readers say how sidecars are called and what stands in them.
        any_settings: Whether other pass energies, lens modes and photon energies are accepted.
        force: Whether sidecars that say something else are replaced; further keys of theirs stay.
    """

    def __init__(
        self, calibrations: Sequence[Calibration], plugins: Plugins, *, any_settings: bool, force: bool
    ) -> None:
        self._calibrations = tuple(calibrations)
        self._plugins = plugins
        self._known: Knowledge = knowledge(plugins)
        self._any_settings, self._force = any_settings, force
        self.sidecars: list[Sidecar] = []
        self.problems: list[ShirubeError] = []

    def add(self, item: Item, entry: Entry) -> None:
        """Plan the sidecars of every data file of an item, which was read as ``entry``, not converted."""
        paths = {file.name: file.path for file in item.data}
        for measurement in entry.measurements:
            path = paths[measurement.name]
            beside = item.sidecars.get(measurement.name)
            try:
                self._add(measurement, entry, path, None if beside is None else beside.path)
            except ShirubeError as error:
                self.problems.append(error)

    def _add(self, measurement: Measurement, entry: Entry, path: Path, beside: Path | None) -> None:
        pattern = self._plugins.readers[measurement.reader].record.sidecar
        keys = self._keys(measurement.reader)
        if pattern is None or keys is None:
            raise UsageError(message("reader-without-sidecar", reader=measurement.reader), path=path)
        chosen = self._chosen(measurement, entry, path)
        place = beside or path.with_name(pattern.format(stem=path.stem, name=path.name))
        wanted = _values(chosen.calibration, keys, path)
        shared = next((one for one in self.sidecars if one.path == place), None)
        if shared is not None:
            if _values(shared.calibration, keys, path) != wanted:
                raise UsageError(message("sidecar-shared", other=shared.data_file, place=place.name), path=path)
            return
        content, state = self._content(place, None if beside is None else _content(beside), wanted, keys)
        told = (chosen.overridden, chosen.remarks)
        self.sidecars.append(Sidecar(measurement.name, place, content, state, chosen.calibration, *told))

    def _content(
        self, place: Path, before: dict[str, Any] | None, wanted: dict[str, float], keys: _Keys
    ) -> tuple[bytes, SidecarState]:
        if before is not None and _same(before, wanted, keys):
            return place.read_bytes(), "same"
        if before is not None and not self._force:
            told = ", ".join(f"{key}: {before[key]}" for key in _spelt(keys) if key in before) or "-"
            meant = ", ".join(f"{key}: {value}" for key, value in wanted.items())
            raise UsageError(message("sidecar-differs", before=told, wanted=meant), path=place)
        kept = {key: value for key, value in (before or {}).items() if key not in _spelt(keys)}
        text = json.dumps({**wanted, **kept}, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        return text.encode("utf-8"), "new" if before is None else "replaced"

    def _keys(self, reader: str) -> _Keys | None:
        rules = {rule.term: rule for rule in self._known.rules.get(reader, ()) if rule.kind == "sidecar"}
        photon, work = rules.get("photon_energy"), rules.get("work_function")
        if photon is None:
            return None
        return _Keys(photon.key, photon.unit or "eV", None if work is None else work.key, (work and work.unit) or "eV")

    def _chosen(self, measurement: Measurement, entry: Entry, path: Path) -> _Chosen:
        """Return the calibration that holds for every region of a file.

        Raises:
            UsageError: None does, or several do.
        """
        wanted = []
        for spectrum in measurement.spectra:
            if any(axis.name == "energy" and len(axis) for axis in spectrum.axes):
                facts = entry.facts[spectrum.id]
                wanted.append(_Wanted(spectrum, facts, conditions_of(spectrum, facts, kinetic_of(spectrum, facts))))
        if not wanted:
            raise UsageError(message("no-regions"), path=path)
        chosen = self._only(wanted, path) if len(self._calibrations) == 1 else self._of_several(wanted, path)
        for one in wanted:
            _refuse_impossible(chosen.calibration, one.spectrum, one.facts, path)
        return chosen

    def _only(self, wanted: Sequence[_Wanted], path: Path) -> _Chosen:
        (calibration,) = self._calibrations
        against = tuple(
            message("region-differs", region=one.spectrum.id, what=joined(each.text() for each in found)).text()
            for one in wanted
            if (found := objections(calibration, one.conditions))
        )
        if against and not self._any_settings:
            raise UsageError(message("other-settings", what=joined(against)), path=path)
        return _Chosen(calibration, against, ())

    def _of_several(self, wanted: Sequence[_Wanted], path: Path) -> _Chosen:
        held = [holding_for(self._calibrations, one.conditions, TOLERANCE, measured_on(one.facts)) for one in wanted]
        first = held[0].calibration
        if first is None or any(one.calibration is not first for one in held):
            raise UsageError(message("no-one-calibration", count=len(self._calibrations)), path=path)
        names = {one: one.source.name for one in self._calibrations}
        said = (text for one, region in zip(held, wanted, strict=True) for text in told_of(one, region.spectrum, names))
        return _Chosen(first, (), tuple(dict.fromkeys(text.text() for text in said)))


def plan_sidecars(
    calibrations: Sequence[Calibration],
    read: Sequence[tuple[Item, Entry]],
    plugins: Plugins,
    *,
    any_settings: bool,
    force: bool,
) -> SidecarPlan:
    """Return what would be written beside the data files of ``read``, and what stands against it."""
    plan = SidecarPlan(calibrations, plugins, any_settings=any_settings, force=force)
    for item, entry in read:
        plan.add(item, entry)
    return plan


def _refuse_impossible(calibration: Calibration, spectrum: Spectrum, facts: Any, path: Path) -> None:
    photon = Quantity(calibration.photon_energy, "eV", origin=Origin("calibration", calibration.source.name))
    if spectrum.reference.scale == "binding":
        held = photon_energy_held(spectrum, facts, Parameters())
        limits = None if held is None else corrected_axis(spectrum.energy, held, Parameters())
    else:
        limits = kinetic_axis(spectrum.energy, Parameters()) if spectrum.reference.scale == "kinetic" else None
    objection = None if limits is None else limits.objection(photon)
    if objection is not None:
        raise UsageError(message("photon-energy-impossible", region=spectrum.id, why=objection), path=path)


def _values(calibration: Calibration, keys: _Keys, path: Path) -> dict[str, float]:
    values = {keys.photon_energy: convert(calibration.photon_energy, "eV", keys.photon_unit)}
    if calibration.work_function:
        if keys.work_function is None:
            raise UsageError(message("sidecar-without-work-function"), path=path)
        values[keys.work_function] = convert(calibration.work_function, "eV", keys.work_unit)
    return values


def _spelt(keys: _Keys) -> tuple[str, ...]:
    return tuple(key for key in (keys.photon_energy, keys.work_function) if key is not None)


def _same(before: dict[str, Any], wanted: dict[str, float], keys: _Keys) -> bool:
    return all(before.get(key, 0.0) == wanted.get(key, 0.0) for key in _spelt(keys))


def _content(path: Path) -> dict[str, Any]:
    with open_input(path) as handle:
        raw = handle.read(_LARGEST + 1)
    try:
        value = json.loads(decode(raw[:_LARGEST]).text)
    except (ValueError, RecursionError):
        value = None
    if len(raw) > _LARGEST or not isinstance(value, dict):
        raise InputError(message("sidecar-no-object"), path=path)
    return value
