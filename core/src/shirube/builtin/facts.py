"""Facts that a facility or user states in the settings section ``[facts]``."""

from __future__ import annotations

from collections.abc import Mapping

from shirube.records import Measurement, Quantity, Spectrum

__all__ = ["amend"]


def amend(spectrum: Spectrum, measurement: Measurement, parameters: Mapping[str, Quantity]) -> Mapping[str, Quantity]:
    """Return the stated facts; they hold for every spectrum of every measurement."""
    del spectrum, measurement
    return parameters
