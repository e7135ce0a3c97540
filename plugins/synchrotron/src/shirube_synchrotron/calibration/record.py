"""The record of a calibration: what the edge gave, under which conditions, and what only a person knows of it."""

from __future__ import annotations

import math
from typing import Final, Literal, TypeAlias

from attrs import frozen

from shirube.messages import Message, Text
from shirube.records import Source
from shirube_synchrotron.calibration.phrases import message

CalibrationStatus: TypeAlias = Literal["ok", "doubtful"]
#: Digits of energies in eV that are kept: a thousand times finer than any edge tells, and short to write.
DIGITS: Final = 6
#: Level and work function are written with fewer.
_DECIMALS_OF_SUM: Final = 9
#: Pass energies are typed, not measured.
_SAME_PASS_ENERGY: Final = 1e-6

__all__ = ["DIGITS", "Calibration", "CalibrationStatus", "Conditions", "Measured", "Stated"]


@frozen
class Measured:
    """A measured energy in eV with its standard uncertainties.

    Attributes:
        value: The energy.
        statistical: From the scatter of the points.
        model: From what other admissible models say; None where they were not asked.
    """

    value: float
    statistical: float
    model: float | None = None

    @property
    def standard(self) -> float:
        """Both uncertainties in quadrature."""
        return math.hypot(self.statistical, self.model or 0.0)


@frozen(kw_only=True)
class Conditions:
    """What a calibration was measured under, and holds for.

    Attributes:
        pass_energy: In eV; None where the file does not say.
        lens_mode: As the file spells it.
        photon_energy: In eV, as the header states it; None where it states none, or one that its axis cannot have.
    """

    pass_energy: float | None = None
    lens_mode: str | None = None
    photon_energy: float | None = None

    def differences(self, other: Conditions, tolerance: float) -> tuple[Message, ...]:
        """Return what differs between these conditions (of the gold scan) and ``other``; what is unknown does not.

        Args:
            other: Conditions of the file to be converted.
            tolerance: How far photon energies of headers may be apart, in eV.
        """
        found = []
        if _unlike(self.pass_energy, other.pass_energy, _SAME_PASS_ENERGY * abs(self.pass_energy or 0.0)):
            found.append(message("pass-energy-differs", here=_eV(other.pass_energy), gold=_eV(self.pass_energy)))
        if None not in (self.lens_mode, other.lens_mode) and self.lens_mode != other.lens_mode:
            found.append(message("lens-mode-differs", here=other.lens_mode, gold=self.lens_mode))
        if _unlike(self.photon_energy, other.photon_energy, tolerance):
            found.append(message("header-differs", here=_eV(other.photon_energy), gold=_eV(self.photon_energy)))
        return tuple(found)


@frozen(kw_only=True)
class Stated:
    """What a person states of a calibration; None where nobody did. Dates are ISO 8601.

    Attributes:
        standard: The standard sample.
        operator_role: Role of who calibrated; no name.
        reason: Why it was done.
        previous_photon_energy: What held before, in eV.
        date: When it was done; from the file where nobody states it.
        changed_on: When the photon energy was last changed.
    """

    standard: str | None = None
    operator_role: str | None = None
    reason: str | None = None
    previous_photon_energy: float | None = None
    date: str | None = None
    changed_on: str | None = None


@frozen(kw_only=True)
class Calibration:
    """A calibration at one Fermi edge. The photon energy and the work function that made it are never parted.

    Attributes:
        status: ``ok`` or ``doubtful``; a refused edge makes none.
        reasons: What is doubtful.
        fermi_level: Kinetic energy of the Fermi level.
        work_function: What was added to it to give the photon energy, in eV.
        resolution: Instrumental resolution, FWHM.
        resolution_limit: Its upper limit in eV where the thermal width hides it.
        edge_width: Total width of the edge, 10 to 90 %.
        temperature: Of the gold, in K.
        temperature_origin: Where that comes from: kind of origin, and file.
        stated: What a person states.
        conditions: What it holds for.
        header_photon_energy: What its header states as photon energy in eV, possible or not.
        source: The gold scan's file.
        spectrum: Id of the spectrum in it.
        region: Its name.
        window: Lowest and highest kinetic energy that were fitted, in eV.
        points: How many points that were.
        core: Version of the core.
        plugin: Version of this plugin.
    """

    status: CalibrationStatus
    reasons: tuple[Text, ...]
    fermi_level: Measured
    work_function: float
    resolution: Measured
    resolution_limit: float | None
    edge_width: Measured
    temperature: float
    temperature_origin: str
    stated: Stated
    conditions: Conditions
    header_photon_energy: float | None
    source: Source
    spectrum: str
    region: str
    window: tuple[float, float]
    points: int
    core: str
    plugin: str

    @property
    def photon_energy(self) -> float:
        """The photon energy hv = KE_F + phi in eV, without the last bit's noise (795.6 + 4.4 is 800)."""
        total = self.fermi_level.value + self.work_function
        written = round(total, _DECIMALS_OF_SUM)
        # Binding energies must be the same for every phi, so that only the sum's own rounding is mended.
        return written if abs(written - total) <= math.ulp(total) else total


def _unlike(one: float | None, other: float | None, tolerance: float) -> bool:
    return one is not None and other is not None and abs(one - other) > tolerance


def _eV(energy: float | None) -> str:  # noqa: N802 the unit is spelt so
    return "-" if energy is None else f"{energy:g} eV"
