"""Sidecars: the photon energy of a calibration, written beside every data file that it holds for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from attrs import field, frozen

from shirube.errors import InputError, ShirubeError, UsageError
from shirube.messages import joined
from shirube.plugins import Plugins
from shirube.records import Entry, Item, Measurement, Origin, Quantity, Spectrum
from shirube.sources import open_input
from shirube.text import decode
from shirube.units import convert
from shirube.vocabulary import Knowledge, knowledge
from shirube_synchrotron.axis import corrected_axis, kinetic_axis
from shirube_synchrotron.binding import photon_energy_held
from shirube_synchrotron.calibration.fitting import TOLERANCE, holding_for
from shirube_synchrotron.calibration.gold import conditions_of, kinetic_of
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.calibration.record import Calibration
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
    """

    data_file: str
    path: Path
    content: bytes = field(repr=False)
    state: SidecarState
    calibration: Calibration


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
        calibration = self._calibration(measurement, entry, path)
        place = beside or path.with_name(pattern.format(stem=path.stem, name=path.name))
        if any(one.path == place for one in self.sidecars):
            return
        before = None if beside is None else _content(beside)
        wanted = _values(calibration, keys, path)
        if before is not None and _same(before, wanted, keys):
            self.sidecars.append(Sidecar(measurement.name, place, place.read_bytes(), "same", calibration))
            return
        if before is not None and not self._force:
            told = ", ".join(f"{key}: {before[key]}" for key in _spelt(keys) if key in before) or "-"
            meant = ", ".join(f"{key}: {value}" for key, value in wanted.items())
            raise UsageError(message("sidecar-differs", before=told, wanted=meant), path=place)
        kept = {key: value for key, value in (before or {}).items() if key not in _spelt(keys)}
        text = json.dumps({**wanted, **kept}, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        state: SidecarState = "new" if before is None else "replaced"
        self.sidecars.append(Sidecar(measurement.name, place, text.encode("utf-8"), state, calibration))

    def _keys(self, reader: str) -> _Keys | None:
        rules = {rule.term: rule for rule in self._known.rules.get(reader, ()) if rule.kind == "sidecar"}
        photon, work = rules.get("photon_energy"), rules.get("work_function")
        if photon is None:
            return None
        return _Keys(photon.key, photon.unit or "eV", None if work is None else work.key, (work and work.unit) or "eV")

    def _calibration(self, measurement: Measurement, entry: Entry, path: Path) -> Calibration:
        """Return the calibration that holds for every region of a file.

        Raises:
            UsageError: None does, or several do.
        """
        wanted = []
        for spectrum in measurement.spectra:
            if not any(axis.name == "energy" and len(axis) for axis in spectrum.axes):
                continue
            facts = entry.facts[spectrum.id]
            conditions = conditions_of(spectrum, facts, kinetic_of(spectrum, facts))
            wanted.append((spectrum, facts, conditions))
        if not wanted:
            raise UsageError(message("no-regions"), path=path)
        if len(self._calibrations) == 1:
            (calibration,) = self._calibrations
            if not self._any_settings:
                self._refuse_other_settings(calibration, wanted, path)
        else:
            found = [holding_for(self._calibrations, conditions) for _, _, conditions in wanted]
            if any(one is None or one is not found[0] for one in found) or found[0] is None:
                raise UsageError(message("no-one-calibration", count=len(self._calibrations)), path=path)
            calibration = found[0]
        for spectrum, facts, _ in wanted:
            _refuse_impossible(calibration, spectrum, facts, path)
        return calibration

    def _refuse_other_settings(self, calibration: Calibration, wanted: Sequence[Any], path: Path) -> None:
        differing = [
            message("region-differs", region=spectrum.id, what=joined(one.text() for one in found)).text()
            for spectrum, _, conditions in wanted
            if (found := calibration.conditions.differences(conditions, TOLERANCE))
        ]
        if differing:
            raise UsageError(message("other-settings", what=joined(differing)), path=path)


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
