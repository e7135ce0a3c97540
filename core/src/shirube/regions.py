"""Regions by the names that people give: which spectra are meant, and names that no spectrum has."""

from __future__ import annotations

from collections.abc import Sequence

from shirube.errors import UsageError, core_message
from shirube.records import Outcome, Spectrum

__all__ = ["check_regions", "is_meant"]


def is_meant(spectrum: Spectrum, regions: Sequence[str]) -> bool:
    """Tell whether a region is among those that are meant, by name, number in its file or id; without any, all are."""
    return not regions or bool({spectrum.id, spectrum.id.rpartition("#")[2], spectrum.name} & set(regions))


def check_regions(outcomes: Sequence[Outcome], regions: Sequence[str]) -> None:
    """Refuse names that no region of any outcome has.

    Raises:
        UsageError: With the regions that there are.
    """
    spectra = [spectrum for outcome in outcomes for spectrum in outcome.entry.spectra()]
    unknown = [one for one in regions if not any(is_meant(spectrum, (one,)) for spectrum in spectra)]
    if unknown:
        known = ", ".join(f"{spectrum.id} {spectrum.name!r}" for spectrum in spectra) or "-"
        raise UsageError(core_message("no-such-region", regions=", ".join(unknown), known=known))
