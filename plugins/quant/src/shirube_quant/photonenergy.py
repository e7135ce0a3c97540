"""Photon energies as files and calibrations state them, and why one that is stated cannot be that of a spectrum."""

from __future__ import annotations

import math
from typing import Final

from shirube.energy import reach_above, scan_width
from shirube.messages import Message
from shirube.records import Facts, Spectrum
from shirube_quant.phrases import message

#: No beamline for core levels gives less, eV.
_LEAST: Final = 30.0
#: Less than this is memory that was never written, and no statement, eV.
_NEVER_WRITTEN: Final = 1e-3
#: How far kinetic energies may reach above the photon energy: in eV, and as a part of the range of the scan.
_ABOVE: Final = (10.0, 0.05)

__all__ = ["impossible", "refused", "stated"]


def stated(spectrum: Spectrum, facts: Facts) -> float | None:
    """Return the photon energy that is in the axis or, for a kinetic one, stated by file or sidecar, eV."""
    found = spectrum.reference.photon_energy
    if found is None and (fact := facts.get("photon_energy")) is not None:
        found = None if isinstance(fact.value, str) else fact.number
    return found if found is not None and _is_statement(found) else None


def refused(spectrum: Spectrum, facts: Facts) -> Message | None:
    """Return why the photon energy that somebody states was not taken, None where nobody states one.

    Args:
        spectrum: One whose photon energy is not known.
        facts: Of it.
    """
    found = [one.number for one in facts.candidates.get("photon_energy", ()) if not isinstance(one.value, str)]
    reasons = (impossible(spectrum, one) for one in found if _is_statement(one))
    return next((one for one in reasons if one is not None), None)


def impossible(spectrum: Spectrum, photon_energy: float) -> Message | None:
    """Return why a photon energy in eV cannot be that of a spectrum, None where it can."""
    if photon_energy < _LEAST:
        return message("photon-energy-too-low", hv=f"{photon_energy:g}", least=f"{_LEAST:g}")
    highest = float(spectrum.energy.max())
    if spectrum.reference.scale == "kinetic":
        beyond = highest > photon_energy + reach_above(scan_width(spectrum), *_ABOVE)
    else:
        beyond = highest > photon_energy
    code = f"beyond-photon-energy-{spectrum.reference.scale}"
    return message(code, highest=f"{highest:g}", hv=f"{photon_energy:g}") if beyond else None


def _is_statement(energy: float) -> bool:
    return math.isfinite(energy) and abs(energy) > _NEVER_WRITTEN
