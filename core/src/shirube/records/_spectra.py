"""Spectra: read-only arrays with their axes, and the energy reference that says what an energy means."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, fields, frozen

from shirube._frozen import as_tuple
from shirube.messages import Text
from shirube.records import _checks

if TYPE_CHECKING:
    import xarray

FloatArray: TypeAlias = npt.NDArray[np.float64]
EnergyScale: TypeAlias = Literal["kinetic", "binding", "unknown"]
RawKind: TypeAlias = Literal["header", "sidecar"]
Severity: TypeAlias = Literal["must", "should", "may", "info"]


def read_only(values: npt.ArrayLike) -> FloatArray:
    """Return ``values`` as a read-only array of doubles; an array that others may change is copied.

    An array that is read-only already, down to the array it is a view of, is taken as it is: a large one costs nothing.

    Raises:
        ValueError: The numbers are complex: their imaginary part would be lost.
    """
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and not _changeable(values):
        return np.asarray(values)
    if np.iscomplexobj(values):
        raise ValueError("complex numbers cannot be kept; give real and imaginary part as two arrays")
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def _changeable(values: npt.NDArray[Any]) -> bool:
    array: object = values
    while isinstance(array, np.ndarray):
        if array.flags.writeable:
            return True
        array = array.base
    return False


def _rebuild(cls: type[Any], values: dict[str, Any]) -> Any:
    for value in values.values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return cls(**values)


class Pickled:
    """Pickles through the constructor: an array that was read-only is read-only again on the other side."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        cls: Any = type(self)
        return (_rebuild, (cls, {one.name: getattr(self, one.name) for one in fields(cls)}))


@frozen
class EnergyReference:
    """What the numbers on an energy axis mean.

    Attributes:
        scale: ``kinetic``, ``binding``, or ``unknown``.
        photon_energy: The photon energy in eV that is already in a binding axis; None if none is, or unknown.
        work_function: The work function in eV that is already in a binding axis; None if unknown.
    """

    scale: EnergyScale = field(default="unknown", validator=_checks.one_of(EnergyScale))
    photon_energy: float | None = field(default=None, converter=_checks.as_number, validator=_checks.number_or_none)
    work_function: float | None = field(default=None, converter=_checks.as_number, validator=_checks.number_or_none)

    def same_as(self, other: EnergyReference, rtol: float = 0.0) -> bool:
        """Tell whether both mean the same, numbers within ``rtol``."""
        pairs = ((self.photon_energy, other.photon_energy), (self.work_function, other.work_function))
        return self.scale == other.scale and all(
            mine == its or (mine is not None and its is not None and math.isclose(mine, its, rel_tol=rtol))
            for mine, its in pairs
        )


@frozen(eq=False)
class Axis(Pickled):
    """One dimension of a spectrum.

    Attributes:
        name: ``energy``, ``angle``, ``position``, ``iteration``, or what the instrument scans.
        values: Shape (n,), finite, in the order of the file.
        unit: Unit of the values, ``""`` when they only count.
    """

    name: str = field(validator=_checks.text)
    values: FloatArray = field(converter=read_only)
    unit: str = field(default="", validator=_checks.text)

    def __attrs_post_init__(self) -> None:
        if self.values.ndim != 1 or not np.isfinite(self.values).all():
            msg = f"axis {self.name}: values must be finite and of one dimension, not of shape {self.values.shape}"
            raise ValueError(msg)

    def __len__(self) -> int:
        return int(self.values.size)

    def same_as(self, other: Axis, rtol: float = 0.0) -> bool:
        """Tell whether both have the same name, unit and values (within ``rtol``)."""
        return (self.name, self.unit) == (other.name, other.unit) and _close(self.values, other.values, rtol)


@frozen
class RawValue:
    """One key of an instrument file or sidecar, exactly as spelt, and where it stands.

    Attributes:
        key: The key as written.
        value: The text as written; from JSON a finite number, a boolean or None.
        section: The section that holds it (``Info 1``), ``""`` without one.
        file: Name of the file, relative and without folders of this machine.
        line: Line in the file from 1, None when it has no lines.
        kind: Whether the data file's header or its sidecar says it.
    """

    key: str = field(validator=_checks.text)
    value: str | int | float | bool | None = field(converter=_checks.as_plain, validator=_checks.plain_or_none)
    section: str = field(default="", validator=_checks.text)
    file: str = field(default="", validator=_checks.text)
    line: int | None = field(default=None, validator=_checks.whole_or_none)
    kind: RawKind = field(default="header", validator=_checks.one_of(RawKind))


@frozen(eq=False)
class Spectrum(Pickled):
    """Intensities over one or more axes.

    Attributes:
        id: Unique in a run: file, region, slice (``Cu_0003.txt#2``).
        name: Name given at the instrument; not unique.
        intensity: Read-only, shape ``tuple(len(axis) for axis in axes)``.
        axes: One a dimension, at least one, no two of one name; the energy axis is named ``energy``.
        intensity_unit: ``counts``, ``counts/s``, or ``""`` when the file does not say.
        reference: What the numbers on the energy axis mean.
        metadata: Keys that belong to this spectrum (its region).
    """

    id: str = field(validator=_checks.text)
    name: str = field(validator=_checks.text)
    intensity: FloatArray = field(converter=read_only)
    axes: tuple[Axis, ...] = field(converter=as_tuple, validator=[_checks.all_of(Axis), _checks.unlike_names])
    intensity_unit: str = field(default="", validator=_checks.text)
    reference: EnergyReference = field(default=EnergyReference(), validator=_checks.a(EnergyReference))
    metadata: tuple[RawValue, ...] = field(default=(), converter=as_tuple, validator=_checks.all_of(RawValue))

    def __attrs_post_init__(self) -> None:
        if not self.axes:
            msg = f"spectrum {self.id}: there is no axis"
            raise ValueError(msg)
        expected = tuple(len(axis) for axis in self.axes)
        if self.intensity.shape != expected:
            msg = f"spectrum {self.id}: intensity has shape {self.intensity.shape}, its axes {expected}"
            raise ValueError(msg)

    def axis(self, name: str) -> Axis:
        """Return the axis called ``name``.

        Raises:
            KeyError: There is none.
        """
        for axis in self.axes:
            if axis.name == name:
                return axis
        raise KeyError(name)

    @property
    def energy(self) -> FloatArray:
        """The energies in eV, shape (n,), read-only."""
        return self.axis("energy").values

    @property
    def is_one_dimensional(self) -> bool:
        """Whether the energy axis is the only one."""
        return [axis.name for axis in self.axes] == ["energy"]

    def along(self, name: str = "energy") -> Iterator[Spectrum]:
        """Yield one-dimensional spectra along the axis ``name``, one for each point of the other axes.

        Raises:
            KeyError: There is no such axis.
        """
        position = self.axes.index(self.axis(name))
        if len(self.axes) == 1:
            yield self
            return
        others = self.axes[:position] + self.axes[position + 1 :]
        for index in np.ndindex(*(len(axis) for axis in others)):
            at = (*index[:position], slice(None), *index[position:])
            label = ",".join(str(number) for number in index)
            yield evolve(self, id=f"{self.id}[{label}]", intensity=self.intensity[at], axes=(self.axes[position],))

    def with_energy(self, values: npt.ArrayLike, reference: EnergyReference) -> Spectrum:
        """Return the spectrum with other energies and their reference; intensities stay as they are.

        Raises:
            KeyError: There is no energy axis.
            ValueError: There are more or fewer energies than before.
        """
        self.axis("energy")
        axes = tuple(
            evolve(axis, values=np.asarray(values, dtype=np.float64)) if axis.name == "energy" else axis
            for axis in self.axes
        )
        return evolve(self, axes=axes, reference=reference)

    def same_as(self, other: Spectrum, rtol: float = 0.0) -> bool:
        """Tell whether both hold the same data and metadata, numbers within ``rtol``."""
        return (
            (self.id, self.name, self.intensity_unit, self.metadata)
            == (other.id, other.name, other.intensity_unit, other.metadata)
            and self.reference.same_as(other.reference, rtol)
            and _close(self.intensity, other.intensity, rtol)
            and len(self.axes) == len(other.axes)
            and all(mine.same_as(its, rtol) for mine, its in zip(self.axes, other.axes, strict=True))
        )

    def to_xarray(self) -> xarray.DataArray:
        """Return an :class:`xarray.DataArray` (dimension ``eV`` for energy, as other photoemission tools name it).

        Every axis is a coordinate with its ``units``. Intensities that are counts have their standard uncertainties as
        the coordinate ``uncertainty``: the square root of the counts, of one where there are none. What is not known
        has no attribute, so that the array can be written to any file format.

        Raises:
            MissingPluginError: The extra ``shirube[xarray]`` is not installed.
        """
        from shirube._extras import require

        xr = require("xarray", "xarray")
        names = {"energy": "eV"}
        coords = {names.get(axis.name, axis.name): axis.values for axis in self.axes}
        said = {
            "id": self.id,
            "units": self.intensity_unit,
            "energy_scale": self.reference.scale,
            "photon_energy": self.reference.photon_energy,
            "work_function": self.reference.work_function,
        }
        attributes = {name: value for name, value in said.items() if value is not None}
        array: xarray.DataArray = xr.DataArray(
            self.intensity, coords=coords, dims=list(coords), name=self.name, attrs=attributes
        )
        if self.intensity_unit == "counts":
            noise = np.sqrt(np.maximum(self.intensity, 1.0))
            array = array.assign_coords(uncertainty=(array.dims, noise, {"units": "counts"}))
        for axis in self.axes:
            array[names.get(axis.name, axis.name)].attrs["units"] = axis.unit
        return array


@frozen
class Source:
    """A file that went in: its name, size in bytes and SHA-256; no path of the machine it lay on."""

    name: str = field(validator=_checks.text)
    size: int = field(validator=_checks.whole)
    sha256: str = field(validator=_checks.text)


@frozen
class Remark:
    """Something a reader noticed that does not stop it (a lost last line end, an encoding that was guessed).

    Severity ``info`` is information; anything above is a finding that a person must look at.
    """

    code: str = field(validator=_checks.text)
    message: Text = field(validator=_checks.message)
    file: str = field(default="", validator=_checks.text)
    line: int | None = field(default=None, validator=_checks.whole_or_none)
    severity: Severity = field(default="info", validator=_checks.one_of(Severity))


@frozen(eq=False)
class Measurement:
    """What one instrument file says.

    Attributes:
        name: File name of the data file, relative to the item.
        reader: Name of the reader that read it.
        spectra: In the order of the file.
        metadata: Keys of the whole file and of its sidecar.
        sources: The data file first, then its sidecar.
        remarks: What the reader noticed.
    """

    name: str = field(validator=_checks.text)
    reader: str = field(validator=_checks.text)
    spectra: tuple[Spectrum, ...] = field(converter=as_tuple, validator=_checks.all_of(Spectrum))
    metadata: tuple[RawValue, ...] = field(default=(), converter=as_tuple, validator=_checks.all_of(RawValue))
    sources: tuple[Source, ...] = field(default=(), converter=as_tuple, validator=_checks.all_of(Source))
    remarks: tuple[Remark, ...] = field(default=(), converter=as_tuple, validator=_checks.all_of(Remark))

    def same_as(self, other: Measurement, rtol: float = 0.0) -> bool:
        """Tell whether both say the same, numbers within ``rtol``."""
        return (
            (self.name, self.reader, self.metadata, self.sources, self.remarks)
            == (other.name, other.reader, other.metadata, other.sources, other.remarks)
            and len(self.spectra) == len(other.spectra)
            and all(mine.same_as(its, rtol) for mine, its in zip(self.spectra, other.spectra, strict=True))
        )


def _close(one: FloatArray, other: FloatArray, rtol: float) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=rtol, atol=0.0, equal_nan=True))
