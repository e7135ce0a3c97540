"""Facts that a facility or user states in the settings section ``[facts]``."""

from __future__ import annotations

from collections.abc import Mapping

from shirube.records import Amended, Facts, Measurement, Quantity, Spectrum

__all__ = ["amend"]


def amend(spectrum: Spectrum, measurement: Measurement, facts: Facts, parameters: Mapping[str, Quantity]) -> Amended:
    """Return the stated facts; they hold for every spectrum of every measurement."""
    del spectrum, measurement, facts
    return Amended(parameters)
