"""How regions were measured, as far as it decides whether their areas may be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from attrs import frozen

from shirube.messages import Message
from shirube.records import Facts, Spectrum
from shirube_quant.photonenergy import refused, stated
from shirube_quant.phrases import message

#: Photon energies that differ by less are one, eV: a calibration may move each region a little.
_SAME_ENERGY: Final = 0.5
_SAME_TIME: Final = 1e-3
_MILLI: Final = 1e-3
_CALIBRATING: Final = ("calibration", "sidecar")

__all__ = ["Acquisition", "Exposures", "acquisition", "comparable", "exposures", "is_calibrated"]

Intensities = Literal["auto", "counts", "rates"]


@frozen
class Acquisition:
    """How a region was measured.

    Attributes:
        photon_energy: In eV.
        work_function: That is in the binding energies, eV.
        pass_energy: In eV, None when it is not known.
        lens_mode: ``""`` when it is not known.
        seconds: Measuring time of a channel in one iteration, None when it is not known.
        unit: Of the intensities.
        calibrated: Whether the energy scale is a calibrated one.
        iterations: How many were summed.
    """

    photon_energy: float
    work_function: float
    pass_energy: float | None
    lens_mode: str
    seconds: float | None
    unit: str
    calibrated: bool
    iterations: int = 1

    @property
    def total_seconds(self) -> float | None:
        """Measuring time of a channel in all iterations, None when it is not known."""
        return None if self.seconds is None else self.seconds * self.iterations

    def like(self, other: Acquisition) -> bool:
        """Tell whether areas measured in both ways may be compared, time apart."""
        return (
            abs(self.photon_energy - other.photon_energy) < _SAME_ENERGY
            and self.pass_energy == other.pass_energy
            and self.lens_mode == other.lens_mode
            and self.unit == other.unit
        )


@frozen
class Exposures:
    """What the areas of comparable regions are divided by.

    Attributes:
        factors: One a region.
        said: What they are.
        doubtful: Whether they were only assumed.
    """

    factors: tuple[float, ...]
    said: tuple[Message, ...]
    doubtful: bool = False


def acquisition(spectrum: Spectrum, facts: Facts) -> Acquisition | Message:
    """Return how a region was measured, or why its energies do not tell what is needed."""
    scale, region = spectrum.reference.scale, spectrum.name or spectrum.id
    photon_energy = stated(spectrum, facts)
    if photon_energy is None and scale != "unknown" and (why := refused(spectrum, facts)) is not None:
        return message("line-left-out", region=region, why=why)
    if scale != "binding":
        return message("not-binding-region", region=region, scale=message(f"energies-{scale}"))
    if photon_energy is None:
        return message("no-photon-energy", region=region)
    lens = facts.get("lens_mode")
    return Acquisition(
        photon_energy=photon_energy,
        work_function=spectrum.reference.work_function or 0.0,
        pass_energy=_number(facts, "pass_energy"),
        lens_mode="" if lens is None else str(lens.value),
        seconds=_seconds(facts),
        unit=spectrum.intensity_unit,
        calibrated=is_calibrated(facts),
        iterations=round(_number(facts, "summed_iterations") or 1),
    )


def is_calibrated(facts: Facts) -> bool:
    """Tell whether the photon energy of a scale was determined, by a calibration or as additional metadata state it."""
    found = facts.get("photon_energy")
    return "calibration_photon_energy" in facts or (found is not None and found.origin.kind in _CALIBRATING)


def comparable(found: Sequence[Acquisition]) -> tuple[tuple[int, ...], ...]:
    """Return sets of regions, by place, whose areas may be compared; each region is in one."""
    sets: list[list[int]] = []
    for place, one in enumerate(found):
        home = next((group for group in sets if found[group[0]].like(one)), None)
        if home is None:
            sets.append([place])
        else:
            home.append(place)
    return tuple(tuple(group) for group in sets)


def exposures(found: Sequence[Acquisition], intensities: Intensities) -> Exposures | Message:
    """Return what to divide the areas of comparable regions by, or why that is not known.

    Sums over iterations grow with their number, whatever the intensities are; counts with the time of each, too.
    """
    times = _times(found, intensities)
    if isinstance(times, Message):
        return times
    repeated = [one.iterations for one in found]
    if len(set(repeated)) == 1:
        return times
    factors = tuple(time * number for time, number in zip(times.factors, repeated, strict=True))
    listed = ", ".join(map(str, sorted(set(repeated))))
    return Exposures(factors, (*times.said, message("iterations-divided", numbers=listed)), times.doubtful)


def _times(found: Sequence[Acquisition], intensities: Intensities) -> Exposures | Message:
    """Return what the areas of one iteration are to be divided by."""
    equal = (1.0,) * len(found)
    if intensities == "rates" or (intensities == "auto" and found[0].unit.endswith("/s")):
        return Exposures(equal, (message("intensities-rates"),))
    times = [one.seconds for one in found if one.seconds is not None]
    if len(times) < len(found):
        return Exposures(equal, (message("times-unknown"),), doubtful=True)
    if max(times) - min(times) <= _SAME_TIME * max(times):
        return Exposures(equal, (message("times-equal"),))
    if intensities == "counts" or found[0].unit == "counts":
        return Exposures(tuple(times), (message("times-divided"),))
    return message("intensities-unknown")


def _seconds(facts: Facts) -> float | None:
    """Return the measuring time of a channel in one iteration, s: as stated, or sweeps times that of a step."""
    stated = _number(facts, "channel_time")
    if stated is not None and stated > 0.0:
        return stated
    step, sweeps = _number(facts, "step_time"), _number(facts, "sweeps")
    if step is None or sweeps is None or min(step, sweeps) <= 0.0:
        return None
    return _MILLI * step * sweeps


def _number(facts: Facts, term: str) -> float | None:
    found = facts.get(term)
    return None if found is None or isinstance(found.value, str) else found.number
