"""Says what the energies of a region mean, from everything that its header says about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from shirube.records import EnergyReference, Remark
from shirube_ses2002.reader._dimensions import Dimension, numbers
from shirube_ses2002.reader._headers import Header
from shirube_ses2002.reader._problems import excerpt, remark

Scale = Literal["kinetic", "binding"]

__all__ = ["energy_reference", "info_remarks"]


def energy_reference(first: Dimension, info: Header) -> EnergyReference:
    """Return what the energies mean, ``unknown`` when ``Energy Scale`` and the first dimension's name disagree.

    SES prints binding energies as photon energy minus kinetic energy: the photon energy of the header is in them as it
    stands, garbage included, and no work function is.
    """
    scale = _scale(first, info)
    if scale is None:
        return EnergyReference()
    if scale == "kinetic":
        return EnergyReference("kinetic")
    photon_energy = numbers(info.text("Excitation Energy"))
    known = photon_energy is not None and photon_energy.size == 1
    return EnergyReference("binding", float(photon_energy[0]) if photon_energy is not None and known else None, 0.0)


def info_remarks(file: str, title: Header, first: Dimension, info: Header) -> Iterator[Remark]:
    """Yield what does not agree between ``[Region N]`` and ``[Info N]``, or is not as SES writes it."""
    name, other = title.get("Region Name"), info.get("Region Name")
    if name is not None and other is not None and name.value != other.value:
        yield remark(file, "names-differ", other.line, one=excerpt(str(name.value)), other=excerpt(str(other.value)))
    if _scale(first, info) is None:
        key = info.get("Energy Scale") or title.get("Dimension 1 name")
        stated = excerpt(info.text("Energy Scale"))
        yield remark(file, "scale-unclear", key.line if key else None, named=excerpt(first.text), stated=stated)
    unit = info.get("Energy Unit")
    if unit is not None and _word(str(unit.value)) != "kinetic":
        yield remark(file, "energy-unit", unit.line, found=excerpt(str(unit.value)))


def _scale(first: Dimension, info: Header) -> Scale | None:
    named, stated = _word(first.text), _word(info.text("Energy Scale"))
    if not info.text("Energy Scale").strip():
        return named
    return stated if named in (stated, None) else None


def _word(text: str) -> Scale | None:
    words: tuple[Scale, ...] = ("kinetic", "binding")
    return next((word for word in words if word in text.lower()), None)
