"""What a guide recommends: conditions of scans, the sample, the calibration."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from shirube.guideprose import PrintedItem
from shirube.messages import Text

__all__ = ["Calibration", "Condition", "SampleGuide", "ScanClass"]


@frozen(kw_only=True)
class Condition:
    """A recommended value.

    Attributes:
        term: The term it is about, or ``binding_energy_min`` / ``binding_energy_max`` of the axis.
        value: Recommended number (``unit``) or regular expression.
        comparison: ``equal`` (within ``tolerance``), ``at_most``, ``at_least``, ``matches``, or ``blank``: nothing
            should be stated.
        tolerance: Absolute, in the unit of the value.
        printed: The recommended value as people read it; default: the value and its unit.
        better: Values on this side of an ``equal`` are better still: they are told, not noted.
        refused: Regular expression of texts that are wrong, not only another choice.
        optional: Whether nothing is missing where nothing is stated.
    """

    term: str
    label: Text
    comparison: Literal["equal", "at_most", "at_least", "matches", "blank"]
    value: float | str
    unit: str | None = None
    tolerance: float = 0.0
    printed: Text | None = None
    better: Literal["lower", "higher"] | None = None
    refused: str = ""
    optional: bool = False
    quote: str = ""

    @property
    def is_of_number(self) -> bool:
        """Whether the value must be a number, as limits are, and what has a unit, a tolerance or a better side."""
        if self.comparison == "equal":
            return self.unit is not None or self.tolerance != 0.0 or self.better is not None
        return self.comparison in ("at_most", "at_least")


@frozen(kw_only=True)
class ScanClass:
    """Recommended values of a class of scans, told apart by the width of the binding-energy range in eV.

    ``items`` is the table as the guide prints it, ``conditions`` what of it can be checked.
    """

    label: Text
    title: Text | None = None
    items: tuple[PrintedItem, ...] = ()
    min_width: float = 0.0
    max_width: float | None = None
    conditions: tuple[Condition, ...] = ()


@frozen(kw_only=True)
class SampleGuide:
    """What the guide says of the sample; the largest dimensions also as numbers in ``unit``.

    Attributes:
        mounting_pattern: Regular expression of the recommended mounting.
        preparation_pattern: Regular expression of the recommended preparation.
        foreign_pattern: Regular expression of kinds of material that the guide is not made for.
        foreign_forms: Forms of samples that the guide is not made for.
    """

    size: Text | None = None
    max_length: float | None = None
    max_width: float | None = None
    max_thickness: float | None = None
    unit: str = "mm"
    mounting: Text | None = None
    mounting_pattern: str = ""
    preparation: Text | None = None
    preparation_pattern: str = ""
    foreign_pattern: str = ""
    foreign_forms: tuple[str, ...] = ()


@frozen(kw_only=True)
class Calibration:
    """How, by whom and how often the instrument is calibrated, and which terms that yields.

    Attributes:
        standard_pattern: Regular expression of the standard sample.
        operator_pattern: Regular expression of the role of who calibrates.
        photon_energy_tolerance: How far in eV the photon energy may be from the calibrated one.
    """

    standard: Text
    operator: Text
    frequency: Text
    method: Text
    yields: tuple[str, ...] = ()
    standard_pattern: str = ""
    operator_pattern: str = ""
    photon_energy_tolerance: float = 0.0
