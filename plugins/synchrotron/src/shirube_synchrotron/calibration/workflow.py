"""The way of ``shirube calibrate``: read gold scans, fit their edges, check them, plan what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from shirube.errors import ShirubeError, UsageError, all_problems
from shirube.intake import items_from
from shirube.pipeline import process
from shirube.plugins import Plugins
from shirube.records import Entry, Finding, Item
from shirube.settings import Settings
from shirube.vocabulary import one_guide
from shirube_synchrotron.calibration.crosscheck import (
    EnergyScale,
    energy_scale,
    landing_finding,
    resolution_findings,
    scale_findings,
)
from shirube_synchrotron.calibration.gold import GoldRegion, GoldScan, chosen_region, gold_scans
from shirube_synchrotron.calibration.making import calibration_of
from shirube_synchrotron.calibration.record import Calibration, Stated

#: Files are only read and mapped; what a former calibration says must not speak for a new one.
_ONLY_READ: Final[Mapping[str, object]] = {
    "run.energy_scale": "as-read",
    "run.analyses": ("none",),
    "run.policies": ("none",),
    "run.exporters": ("none",),
    "amendments.calibration.files": (),
}
#: Headers within 1 eV state one photon energy.
_ONE_PHOTON_ENERGY: Final = 1.0

__all__ = ["Calibrated", "Wishes", "calibrate_files", "read_files"]


@frozen(kw_only=True)
class Wishes:
    """What is asked of a calibration.

    Attributes:
        region: Name, number or id of the gold region; None to find it.
        temperature: Of the gold in K; None for what the file says.
        work_function: Added to the Fermi level, in eV.
        stated: What a person states.
        guide: Guide whose recommendations count; None for the one that matches.
        reader: Reader to use; None to find it.
        window: How far in eV below and above the edge is fitted; None for the fit's own.
    """

    region: str | None = None
    temperature: float | None = None
    work_function: float = 0.0
    stated: Stated = Stated()
    guide: str | None = None
    reader: str | None = None
    window: tuple[float, float] | None = None


@frozen(eq=False)
class Calibrated:
    """What came of one gold scan.

    Attributes:
        file: Name of the file.
        region: The region that was chosen, with its edge.
        calibration: None where it is refused.
        scale: The energy scale at reference lines, where there are any.
        findings: What was checked.
    """

    file: str
    region: GoldRegion
    calibration: Calibration | None
    scale: EnergyScale | None = None
    findings: tuple[Finding, ...] = ()


@frozen(eq=False)
class _Read:
    """One file with its regions."""

    entry: Entry
    file: str
    scans: list[GoldScan]


def read_files(
    paths: Sequence[Path], plugins: Plugins, settings: Settings, today: date, wishes: Wishes
) -> list[tuple[Item, Entry]]:
    """Return what files and folders hold, each path by itself: read and mapped, not converted.

    Raises:
        ShirubeError: Paths that cannot be read: all of them.
    """
    found: list[tuple[Item, Entry]] = []
    problems: list[ShirubeError] = []
    only_read = settings.with_values(_ONLY_READ)
    for path in dict.fromkeys(paths):
        try:
            items = items_from([path], plugins, guide=wishes.guide, reader=wishes.reader or settings.run.reader)
            found.extend([(item, process(item, plugins, only_read, today=today).entry) for item in items])
        except ShirubeError as error:
            problems.append(error)
    if problems:
        raise all_problems(problems)
    return found


def calibrate_files(
    read: Sequence[tuple[Item, Entry]], plugins: Plugins, settings: Settings, wishes: Wishes
) -> list[Calibrated]:
    """Return what comes of each gold scan; files that show reference lines and no edge serve to check the others.

    Raises:
        UsageError: Files in which it is not clear which region is meant: all of them.
    """
    files = [
        _Read(entry, file, scans) for _, entry in read for file, scans in gold_scans(entry, wishes.temperature).items()
    ]
    made: list[tuple[_Read, Calibrated]] = []
    problems: list[ShirubeError] = []
    for one in files:
        try:
            made.append((one, _calibrated(one, wishes)))
        except UsageError as error:
            problems.append(error)
    if problems:
        raise all_problems(problems)
    calibrations = [done.calibration for _, done in made if done.calibration is not None]
    checks = {id(one): _lines_alone(one, done, calibrations) for one, done in made}
    return [
        _checked(one, done, [scan for scans in checks.values() for scan in scans], plugins, settings)
        for one, done in made
        if not checks[id(one)]
    ]


def _calibrated(read: _Read, wishes: Wishes) -> Calibrated:
    region = chosen_region(read.scans, wishes.region, read.file, wishes.window)
    source = next(one for one in read.entry.files if one.name == read.file)
    return Calibrated(read.file, region, calibration_of(region, source, wishes.stated, wishes.work_function))


def _lines_alone(read: _Read, done: Calibrated, calibrations: Sequence[Calibration]) -> list[GoldScan]:
    """Return the regions of a file without an edge that show reference lines of the one calibration there is."""
    if done.calibration is not None or len(calibrations) != 1:
        return []
    same = [scan for scan in read.scans if _same_photon_energy(calibrations[0], scan)]
    return same if energy_scale(calibrations[0], same) is not None else []


def _checked(
    read: _Read, done: Calibrated, lines: Sequence[GoldScan], plugins: Plugins, settings: Settings
) -> Calibrated:
    calibration = done.calibration
    if calibration is None:
        return done
    own = [scan for scan in read.scans if _same_photon_energy(calibration, scan)]
    scale = energy_scale(calibration, [*own, *lines])
    landing = landing_finding(done.region)
    findings = [] if landing is None else [landing]
    if read.entry.guide is not None:
        findings += resolution_findings(calibration, one_guide(read.entry.guide, plugins, settings))
    if scale is not None:
        findings += scale_findings(scale, calibration.spectrum)
    return evolve(done, scale=scale, findings=tuple(findings))


def _same_photon_energy(calibration: Calibration, scan: GoldScan) -> bool:
    of_photons = evolve(scan.conditions, pass_energy=None, lens_mode=None)
    return not calibration.conditions.differences(of_photons, _ONE_PHOTON_ENERGY)
