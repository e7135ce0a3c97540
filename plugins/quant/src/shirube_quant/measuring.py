"""What was measured of an entry's core levels: the area of each region, by its fit or above a background."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import frozen

from shirube.energy import scan_width
from shirube.messages import Message
from shirube.records import AnalysisTarget, Facts, Spectrum
from shirube.regions import is_meant
from shirube_quant.acquisition import Acquisition, acquisition
from shirube_quant.crosssections import Level
from shirube_quant.fittedareas import Component, Fitted, fitted_areas
from shirube_quant.integration import LEAST, integrate, variances
from shirube_quant.negatives import has_negatives, is_counted, meaningless, negatives_said
from shirube_quant.phrases import message
from shirube_quant.quantifyparameters import QuantifyParameters
from shirube_quant.regions import assign, is_survey, unnamed

#: Standard uncertainties below which an area may be noise.
_FEW: Final = 3.0

__all__ = ["Area", "Line", "Measured", "measured", "unusable"]


@frozen
class Area:
    """An area above the background.

    Attributes:
        value: Intensity times eV.
        uncertainty: Standard uncertainty; nan where it is not known.
        position: Binding energy of the largest component, or of the highest channel, eV.
        source: ``fit``, or the background that was taken off: ``shirley``, ``linear``.
        said: Where it comes from.
        components: Of a fit.
    """

    value: float
    uncertainty: float
    position: float
    source: str
    said: Message
    components: tuple[Component, ...] = ()

    @property
    def relative(self) -> float:
        """Relative standard uncertainty; nan where it is not known."""
        return self.uncertainty / self.value


@frozen(eq=False)
class Line:
    """A core level whose area was measured.

    Attributes:
        region: Name of the region.
        spectrum: Id of its spectrum.
        level: The level.
        acquisition: How it was measured.
        area: Above zero.
        said: How region and level came together, and where the area comes from.
        doubts: What makes the area doubtful.
        surveyed: Whether the region is a part of a survey.
        ends: Lowest and highest binding energy that the area is of, eV.
    """

    region: str
    spectrum: str
    level: Level
    acquisition: Acquisition
    area: Area
    said: tuple[Message, ...] = ()
    doubts: tuple[Message, ...] = ()
    surveyed: bool = False
    ends: tuple[float, float] = (math.nan, math.nan)


@frozen(eq=False)
class Measured:
    """The lines of an entry, and what is not among them.

    Attributes:
        lines: Those whose area was measured.
        lacking: Why regions that are of a core level have none, and which statements about regions came to nothing.
        left_out: Why other regions have none.
    """

    lines: tuple[Line, ...]
    lacking: tuple[Message, ...]
    left_out: tuple[Message, ...]

    @property
    def meant(self) -> int:
        """How many regions are of a core level, by their names or by statements."""
        return len(self.lines) + len(self.lacking)


def measured(target: AnalysisTarget, parameters: QuantifyParameters) -> Measured:
    """Return the lines of all regions of an entry; surveys are left to the identification of elements.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    lines: list[Line] = []
    lacking: list[Message] = []
    left_out: list[Message] = []
    for spectrum in target.spectra:
        stated = _stated(spectrum, parameters)
        found = _line(spectrum, target, stated)
        if isinstance(found, Line):
            lines.append(found)
        elif found is not None:
            (lacking if stated is not None or unnamed(spectrum) is None else left_out).append(found)
    return Measured(tuple(lines), (*lacking, *_unused(target, parameters)), tuple(left_out))


def _unused(target: AnalysisTarget, parameters: QuantifyParameters) -> Iterator[Message]:
    """Yield which entries of ``lines`` name no region, or one that is of no single level."""
    known = ", ".join(dict.fromkeys(_name(one) for one in target.spectra))
    for name in parameters.levels():
        meant = [one for one in target.spectra if is_meant(one, (name,))]
        if not meant:
            yield message("lines-no-region", name=name, known=known)
        for one in meant:
            if unusable(one) is None and is_survey(one):
                yield message("lines-survey", name=name, width=f"{scan_width(one):g}")


def _stated(spectrum: Spectrum, parameters: QuantifyParameters) -> Level | None:
    """Return the level that settings state for a region."""
    return next((level for one, level in parameters.levels().items() if is_meant(spectrum, (one,))), None)


def _line(spectrum: Spectrum, target: AnalysisTarget, stated: Level | None) -> Line | Message | None:
    name = _name(spectrum)
    why = unusable(spectrum)
    if why is not None or is_survey(spectrum):
        return why
    if stated is None and (why := unnamed(spectrum)) is not None:
        return why
    how = acquisition(spectrum, target.facts.get(spectrum.id, Facts()))
    if isinstance(how, Message):
        return how
    assigned = assign(spectrum, stated, how.photon_energy)
    if assigned.level is None:
        return assigned.said
    fitted = fitted_areas(target.results, spectrum)
    area = _integrated(spectrum) if fitted is None else _of_fit(fitted, spectrum)
    if not area.value > 0.0:
        return message("area-not-positive", region=name, level=assigned.level, area=f"{area.value:.4g}")
    said, doubts = (assigned.said, area.said), _doubts(area, name, fitted)
    if fitted is None and has_negatives(spectrum):
        doubts = (*doubts, negatives_said(spectrum))
    ends = (float(spectrum.energy.min()), float(spectrum.energy.max()))
    return Line(name, spectrum.id, assigned.level, how, area, said, doubts, ends=ends)


def unusable(spectrum: Spectrum) -> Message | None:
    """Return why nothing can be measured in a spectrum, None where something can."""
    if not spectrum.is_one_dimensional:
        return message("region-axes", region=_name(spectrum), number=len(spectrum.axes))
    if spectrum.energy.size < LEAST:
        return message("region-few", region=_name(spectrum), number=spectrum.energy.size, least=LEAST)
    if not np.isfinite(spectrum.intensity).all():
        return message("region-not-finite", region=_name(spectrum))
    if (why := meaningless(spectrum)) is not None:
        return message("line-left-out", region=_name(spectrum), why=why)
    return None


def _name(spectrum: Spectrum) -> str:
    return spectrum.name or spectrum.id


def _integrated(spectrum: Spectrum) -> Area:
    found = integrate(spectrum.energy, spectrum.intensity, variances(spectrum.intensity, counted=is_counted(spectrum)))
    said = message(f"area-{found.background}", region=_name(spectrum))
    return Area(found.area, found.uncertainty, found.position, found.background, said)


def _of_fit(fitted: Fitted, spectrum: Spectrum) -> Area:
    code = "area-fit" if fitted.correlated or len(fitted.components) == 1 else "area-fit-independent"
    said = message(code, region=_name(spectrum), analysis=fitted.analysis)
    return Area(fitted.area, fitted.uncertainty, fitted.position, "fit", said, fitted.components)


def _doubts(area: Area, name: str, fitted: Fitted | None) -> tuple[Message, ...]:
    found: list[Message] = []
    if fitted is not None and fitted.doubtful:
        found.append(message("fit-doubtful", region=name, analysis=fitted.analysis))
    if fitted is not None and fitted.left_out:
        at = ", ".join(f"{one.position:.1f} eV" for one in fitted.left_out)
        found.append(message("component-left-out", region=name, at=at))
    if not math.isfinite(area.uncertainty):
        found.append(message("area-uncertainty-unknown", region=name))
    elif area.value < _FEW * area.uncertainty:
        found.append(message("area-insignificant", region=name, ratio=f"{area.value / area.uncertainty:.1f}"))
    return tuple(found)
