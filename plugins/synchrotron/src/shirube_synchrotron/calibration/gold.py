"""Gold scans: which region of a file shows a Fermi edge, on which kinetic energies, and what the edge says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from attrs import evolve, frozen

from shirube.energy import kinetic_energy
from shirube.errors import UsageError
from shirube.messages import Message, Text
from shirube.records import Entry, Facts, FloatArray, Origin, Quantity, Spectrum
from shirube.reduction import reduced
from shirube_synchrotron.axis import Limits, any_axis, binding_axis, kinetic_axis
from shirube_synchrotron.binding import photon_energy_held
from shirube_synchrotron.calibration.phrases import message, uncertain
from shirube_synchrotron.calibration.record import Conditions
from shirube_synchrotron.calibration.slices import curved
from shirube_synchrotron.edge import ROOM_TEMPERATURE, FermiEdge, fit_fermi_edge
from shirube_synchrotron.parameters import Parameters
from shirube_synchrotron.wording import electronvolts

#: A header states what was there before calibration: off by a work function (to 6 eV) and the monochromator's error.
ABOVE_HEADER: Final = 3.0
BELOW_HEADER: Final = 9.0
#: Two edges of one photon energy are one Fermi level if they agree this well, in eV and in their uncertainties.
_ONE_LEVEL: Final = (0.3, 3.0)
#: One region is better than another when its level is known this much more precisely.
_BETTER: Final = 2.0
_FEWEST_POINTS: Final = 8
#: Nothing comes from above the Fermi level but light of higher order and dark counts: measured, to the edge's height.
_HIGHEST_BACKGROUND: Final = 2.0

__all__ = [
    "ABOVE_HEADER",
    "BELOW_HEADER",
    "GoldRegion",
    "GoldScan",
    "chosen_region",
    "conditions_of",
    "fitted_region",
    "gold_scans",
    "kinetic_of",
    "scan_of",
]


@frozen(eq=False)
class GoldScan:
    """One region of a file that may show the Fermi edge of gold: one-dimensional, as read.

    Attributes:
        spectrum: Iterations and angles summed, energies as in the file.
        facts: What is known of it.
        kinetic: Its kinetic energies in eV, shape (n,); None where they cannot be told.
        conditions: What a calibration with it holds for.
        temperature: Of the gold, with origin.
        measured: As read, with the axes that were summed.
    """

    spectrum: Spectrum
    facts: Facts
    kinetic: FloatArray | None
    conditions: Conditions
    temperature: Quantity
    measured: Spectrum


@frozen(eq=False)
class GoldRegion:
    """A region with the edge that was fitted, and what refuses it as a calibration.

    Attributes:
        scan: The region.
        edge: On the kinetic scale, else on the axis of the file.
        objections: Why no photon energy can be had from it, beside the edge's own reasons.
        doubts: What is doubtful of the scan, beside the edge's own reasons.
    """

    scan: GoldScan
    edge: FermiEdge
    objections: tuple[Message, ...] = ()
    doubts: tuple[Message, ...] = ()

    @property
    def status(self) -> Literal["ok", "doubtful", "refused"]:
        """What the edge is, or ``refused`` with an objection."""
        if self.objections:
            return "refused"
        return "doubtful" if self.doubts and self.edge.status == "ok" else self.edge.status

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Everything that is not ok, in both languages."""
        return tuple(reason.text() for reason in (*self.edge.reasons, *self.objections, *self.doubts))


def gold_scans(entry: Entry, temperature: float | None) -> dict[str, list[GoldScan]]:
    """Return the regions of every file of ``entry``, by file name; those without an energy axis are left out.

    Args:
        entry: As read, not converted.
        temperature: Of the gold in K, as stated; None takes what the file says, else 300 K.
    """
    found: dict[str, list[GoldScan]] = {}
    for measurement in entry.measurements:
        found[measurement.name] = [
            scan_of(spectrum, entry.facts[spectrum.id], temperature)
            for spectrum in measurement.spectra
            if any(axis.name == "energy" and len(axis) >= _FEWEST_POINTS for axis in spectrum.axes)
        ]
    return found


def chosen_region(
    scans: Sequence[GoldScan], region: str | None, file: str, window: tuple[float, float] | None = None
) -> GoldRegion:
    """Return the region that shows the Fermi edge; the refusal that got furthest where none does.

    At one photon energy nothing lies above the Fermi level, so an edge below that of another region is none.

    Args:
        scans: The regions of one file.
        region: Name or id of the one that is meant, None to find it.
        file: Name of the file, for messages.
        window: See :func:`fit_fermi_edge`.

    Raises:
        UsageError: No region is called so, the file has none, or several show an edge and none is clearly the best.
    """
    meant = [one for one in scans if region in (None, one.spectrum.name, one.spectrum.id, _number(one))]
    if not meant:
        listed = ", ".join(f"{one.spectrum.id} {one.spectrum.name!r}" for one in scans) or "-"
        raise UsageError(message("no-such-region" if scans else "no-regions", region=region, regions=listed), path=file)
    fitted = [fitted_region(one, window) for one in meant]
    good = [one for one in fitted if one.status != "refused" and _is_terminal(one, fitted)]
    if not good:
        return max(fitted, key=lambda one: one.edge.curves is not None)
    ranked = sorted(good, key=lambda one: (one.status != "ok", one.edge.position.standard))
    if len(ranked) > 1 and not _clearly_better(ranked[0], ranked[1]):
        regions = "; ".join(_described(one) for one in ranked)
        raise UsageError(message("several-edges", regions=regions), path=file)
    return ranked[0]


def scan_of(spectrum: Spectrum, facts: Facts, temperature: float | None) -> GoldScan:
    """Return a region as a gold scan, summed over everything but the energy."""
    # The Fermi level of gold is the same at every angle and in every repetition.
    summed = reduced(spectrum, {axis.name: "sum" for axis in spectrum.axes})
    kinetic = kinetic_of(summed, facts)
    return GoldScan(
        spectrum=summed,
        facts=facts,
        kinetic=kinetic,
        conditions=conditions_of(summed, facts, kinetic),
        temperature=_temperature(facts, temperature),
        measured=spectrum,
    )


def conditions_of(spectrum: Spectrum, facts: Facts, kinetic: FloatArray | None) -> Conditions:
    """Return the conditions of a spectrum; a header's photon energy that the axis cannot have is none."""
    header = facts.candidate("photon_energy", "header")
    usable = header is not None and _limits(spectrum, kinetic).objection(header) is None
    pass_energy, lens_mode = facts.get("pass_energy"), facts.get("lens_mode")
    return Conditions(
        pass_energy=None if pass_energy is None else pass_energy.number,
        lens_mode=None if lens_mode is None else str(lens_mode.value),
        photon_energy=header.number if usable and header is not None else None,
    )


def _limits(spectrum: Spectrum, kinetic: FloatArray | None) -> Limits:
    if kinetic is None:
        return any_axis()
    if spectrum.reference.scale == "binding":
        return binding_axis(spectrum.energy)
    return kinetic_axis(kinetic, Parameters())


def kinetic_of(spectrum: Spectrum, facts: Facts) -> FloatArray | None:
    """Return the kinetic energies of a spectrum as read, in eV; None where they cannot be told."""
    if spectrum.reference.scale == "kinetic":
        return spectrum.energy
    if spectrum.reference.scale != "binding":
        return None
    held = photon_energy_held(spectrum, facts, Parameters())
    return None if held is None else kinetic_energy(spectrum.energy, held, spectrum.reference.work_function or 0.0)


def _temperature(facts: Facts, wanted: float | None) -> Quantity:
    if wanted is not None:
        return Quantity(wanted, "K", origin=Origin("settings", "--temperature"))
    found = facts.get("temperature")
    # Some programs write 0 where no sensor is read.
    known = found is not None and not isinstance(found.value, str) and found.number > 0.0
    return found if known and found is not None else Quantity(ROOM_TEMPERATURE, "K", origin=Origin("default"))


def fitted_region(scan: GoldScan, window: tuple[float, float] | None = None) -> GoldRegion:
    """Return a region with its edge, on kinetic energies where they are known; for ``window`` see the fit."""
    spectrum, kelvin = scan.spectrum, scan.temperature
    if scan.kinetic is None:
        scale: Literal["kinetic", "binding"] = "binding" if spectrum.reference.scale == "binding" else "kinetic"
        edge = fit_fermi_edge(spectrum.energy, spectrum.intensity, temperature=kelvin, scale=scale, window=window)
        return GoldRegion(scan, edge, (message("kinetic-unknown"),))
    edge = fit_fermi_edge(scan.kinetic, spectrum.intensity, temperature=kelvin, window=window)
    doubt = curved(scan.measured, scan.kinetic, edge)
    return GoldRegion(scan, edge, _objections(scan, edge), () if doubt is None else (doubt,))


def _objections(scan: GoldScan, edge: FermiEdge) -> tuple[Message, ...]:
    if edge.status == "refused":
        return ()
    header, level = scan.conditions.photon_energy, edge.position.value
    found = []
    if header is not None and not header - BELOW_HEADER <= level <= header + ABOVE_HEADER:
        found.append(message("far-from-header", level=electronvolts(level), header=electronvolts(header)))
    if edge.background.value > _HIGHEST_BACKGROUND * edge.height.value:
        times = f"{edge.background.value / edge.height.value:.1f}"
        found.append(message("not-empty-above", level=electronvolts(level), times=times))
    return tuple(found)


def _is_terminal(region: GoldRegion, fitted: Sequence[GoldRegion]) -> bool:
    """Tell whether no other region of the same photon energy has an edge above that of ``region``."""
    return not any(
        other.edge.status != "refused"
        and _comparable(region, other)
        and other.edge.position.value - region.edge.position.value > _apart(region, other)
        for other in fitted
    )


def _comparable(one: GoldRegion, other: GoldRegion) -> bool:
    return not one.scan.conditions.differences(evolve(other.scan.conditions, pass_energy=None, lens_mode=None), 1.0)


def _apart(one: GoldRegion, other: GoldRegion) -> float:
    least, factor = _ONE_LEVEL
    return max(least, factor * (one.edge.position.standard + other.edge.position.standard))


def _clearly_better(best: GoldRegion, next_best: GoldRegion) -> bool:
    if best.scan.conditions.differences(next_best.scan.conditions, 1.0):
        # Two photon energies or settings are two calibrations, however precise.
        return False
    if best.status != next_best.status:
        return True
    return next_best.edge.position.standard > _BETTER * best.edge.position.standard


def _described(one: GoldRegion) -> str:
    level = one.edge.position
    return f"{one.scan.spectrum.id} {one.scan.spectrum.name!r}: {uncertain(level.value, level.standard)} eV"


def _number(scan: GoldScan) -> str:
    return scan.spectrum.id.rpartition("#")[2]
