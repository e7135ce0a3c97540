"""Cross-checks of a calibration: the energy scale at reference lines, the resolution against the guide, the landing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube.guides import Condition, GuideData
from shirube.messages import Message
from shirube.records import Finding, FindingKind, Severity, Subject
from shirube_synchrotron.calibration.gold import GoldRegion, GoldScan
from shirube_synchrotron.calibration.lines import FoundLine, found_lines
from shirube_synchrotron.calibration.phrases import message, uncertain
from shirube_synchrotron.calibration.record import Calibration
from shirube_synchrotron.conversion import convert
from shirube_synchrotron.parameters import Parameters
from shirube_synchrotron.wording import electronvolts, shown

POLICY: Final = "calibration"
#: The Fermi level of gold lies this near to 0 on a right scale, in eV.
LANDING: Final = 0.3
#: What a missing or doubled work function moves a scale by, in eV.
_WORK_FUNCTIONS: Final = (3.0, 6.5)
#: Reference lines agree within this, in eV, or within so many standard uncertainties.
_TOLERANCE: Final = 0.1
_SIGMAS: Final = 2.0

__all__ = ["LANDING", "EnergyScale", "energy_scale", "landing_finding", "resolution_findings", "scale_findings"]


@frozen
class EnergyScale:
    """How a calibrated energy scale deviates: measured - reference = offset + gain * reference.

    Attributes:
        lines: The reference lines found.
        offset: In eV, at the Fermi level.
        offset_uncertainty: Its standard uncertainty.
        gain: Part of the energy (1e-4: 0.1 eV in 1000 eV).
        gain_uncertainty: Its standard uncertainty.
    """

    lines: tuple[FoundLine, ...]
    offset: float
    offset_uncertainty: float
    gain: float
    gain_uncertainty: float


def energy_scale(calibration: Calibration, scans: Iterable[GoldScan]) -> EnergyScale | None:
    """Return how the scale deviates at the reference lines that ``scans`` show, None where they show none.

    The Fermi level itself is a point of the straight line, at 0 with the uncertainty of the calibration.
    """
    lines = [line for scan in scans if scan.kinetic is not None for line in _lines_of(scan, calibration)]
    if not lines:
        return None
    x = np.array([0.0, *(one.line.energy for one in lines)])
    y = np.array([0.0, *(one.difference for one in lines)])
    sigma = np.array([max(calibration.fermi_level.standard, 1e-6), *(one.standard for one in lines)])
    weighted = np.stack([np.ones_like(x), x], axis=1) / sigma[:, np.newaxis]
    covariance = np.linalg.inv(weighted.T @ weighted)
    offset, gain = (float(one) for one in covariance @ weighted.T @ (y / sigma))
    spread = np.sqrt(np.diagonal(covariance))
    return EnergyScale(tuple(lines), offset, float(spread[0]), gain, float(spread[1]))


def scale_findings(scale: EnergyScale, subject: str) -> Iterator[Finding]:
    """Yield one finding for each reference line, and one for offset and gain."""
    for one in scale.lines:
        within = abs(one.difference) <= max(_TOLERANCE, _SIGMAS * one.standard)
        text = message(
            "line-agrees" if within else "line-differs",
            line=one.line.name,
            energy=uncertain(one.energy, math.hypot(one.statistical, one.model)),
            reference=f"{one.line.energy:.2f}",
            difference=f"{one.difference:+.3f}",
            tolerance=f"{_TOLERANCE:g}",
        )
        name = one.line.name.lower().replace(" ", "-").replace("/", "-")
        yield _finding(f"line.{name}", subject, "pass" if within else "fail", "should", text)
    text = message(
        "scale-straight",
        offset=uncertain(scale.offset, scale.offset_uncertainty),
        gain=uncertain(1000.0 * scale.gain, 1000.0 * scale.gain_uncertainty),
        lines=", ".join(one.line.name for one in scale.lines),
    )
    yield _finding("scale", subject, "informational", "info", text)


def resolution_findings(calibration: Calibration, guide: GuideData) -> Iterator[Finding]:
    """Yield one finding for each class of scans for which the guide recommends an energy resolution.

    A resolution that the thermal width hides is judged by its upper limit: where the limit does not settle it, the
    question stays open.
    """
    for name, scan in guide.conditions.items():
        for condition in scan.conditions:
            if condition.term == "energy_resolution" and not isinstance(condition.value, str):
                kind, code = _resolution(condition, condition.value, calibration)
                limit = calibration.resolution_limit
                text = message(
                    code,
                    value=uncertain(calibration.resolution.value, calibration.resolution.standard),
                    limit="-" if limit is None else f"{limit:.3g}",
                    scan=scan.label,
                    wanted=f"{condition.value:g} {condition.unit or 'eV'}",
                    guide=guide.name,
                )
                yield _finding(f"resolution.{name}", calibration.spectrum, kind, "should", text, quote=condition.quote)


def _resolution(condition: Condition, wanted: float, calibration: Calibration) -> tuple[FindingKind, str]:
    limit = calibration.resolution_limit
    if limit is None:
        met = _met(condition, wanted, calibration.resolution.value)
        return ("pass", "resolution-met") if met else ("fail", "resolution-missed")
    if condition.comparison == "at_most" and _met(condition, wanted, limit):
        return "pass", "resolution-limit-met"
    return "open", "resolution-hidden"


def landing_finding(region: GoldRegion) -> Finding | None:
    """Return where the photon energy that holds so far puts the Fermi level of gold; None where nothing converts it.

    A level several eV from 0 says that the photon energy is not calibrated, or its work function was applied twice or
    not at all.
    """
    scan = region.scan
    converted = convert(scan.spectrum, scan.facts, Parameters())
    reference = converted.spectrum.reference
    if scan.kinetic is None or reference.scale != "binding" or reference.photon_energy is None:
        return None
    chosen = next(one.chosen for one in converted.decisions if one.term == "photon_energy")
    level = reference.photon_energy - (reference.work_function or 0.0) - region.edge.position.value
    held = electronvolts(reference.photon_energy) if chosen is None else shown(chosen)
    registered = chosen is not None and chosen.origin.kind in ("sidecar", "calibration")
    code, kind = _landing(level, registered=registered)
    severity: Severity = "must" if registered else "should"
    text = message(code, level=f"{level:+.3f}", held=held, limit=f"{LANDING:g}")
    return _finding("landing", scan.spectrum.id, kind, "info" if kind == "informational" else severity, text)


def _landing(level: float, *, registered: bool) -> tuple[str, FindingKind]:
    if abs(level) <= LANDING:
        return "lands", "informational"
    low, high = _WORK_FUNCTIONS
    if low <= abs(level) <= high:
        return ("lands-off-by-work-function" if registered else "lands-nominal"), "fail"
    return "lands-elsewhere", "fail"


def _lines_of(scan: GoldScan, calibration: Calibration) -> Sequence[FoundLine]:
    if scan.kinetic is None:
        return ()
    return found_lines(calibration.fermi_level.value - scan.kinetic, scan.spectrum.intensity)


def _met(condition: Condition, wanted: float, value: float) -> bool:
    limits = {
        "equal": abs(value - wanted) <= condition.tolerance,
        "at_most": value <= wanted + condition.tolerance,
        "at_least": value >= wanted - condition.tolerance,
    }
    return limits.get(condition.comparison, True)


def _finding(
    rule: str, subject: str, kind: FindingKind, severity: Severity, text: Message, *, quote: str = ""
) -> Finding:
    return Finding(
        rule=f"{POLICY}.{rule}",
        policy=POLICY,
        subject=Subject("spectrum", subject),
        kind=kind,
        severity=severity,
        # A calibration under other conditions is legitimate; what it finds is for a person to judge.
        note=kind == "fail",
        message=text.text(),
        quote=quote or None,
    )
