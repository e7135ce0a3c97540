"""Layouts: which numbers of a model are free, and how they make up its components and its background."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray

#: Numbers of a line: height, centre, FWHM, Lorentz fraction.
LINE: Final = 4
#: A background has at least its heights at the low- and the high-energy end.
ENDS: Final = 2
_WIDTH, _FRACTION = 2, 3

__all__ = ["ENDS", "LINE", "Doublet", "Layout"]


@frozen
class Doublet:
    """A spin-orbit doublet: each line has a partner of the same width and shape.

    Attributes:
        splitting: Centre of the partner minus that of the line, eV; negative on a kinetic axis.
        ratio: Height of the partner over that of the line.
        free_splitting: Whether the splitting is fitted, one for all lines.
        free_ratio: Whether the ratio is fitted, one for all lines.
    """

    splitting: float
    ratio: float
    free_splitting: bool = False
    free_ratio: bool = False


@frozen
class Layout:
    """How the free numbers of a model make up its components and its background.

    Three forms of a model's numbers meet here. The *line form* has height, centre, FWHM and Lorentz fraction of each of
    K lines, then what all lines have in common: asymmetry, splitting and ratio of a doublet where they are free, the
    background's heights at the low- and at the high-energy end, and its straight rise. The *free form* is the same with
    a shared width or Lorentz fraction written once, before what is common; it is what an optimiser sees. The
    *component form* has the numbers of every drawn component (a doublet has two a line), then of the background.
    Without any option all three are the same.

    Attributes:
        asymmetric: Whether the lines have a tail, with one asymmetry for all.
        shared_width: Whether all lines have one FWHM.
        shared_fraction: Whether all lines have one Lorentz fraction.
        doublet: The partner of each line, None for single lines.
        sloped: Whether the background also rises along a straight line.
        mirrored: Whether tails point towards low energies, as on a kinetic axis.
    """

    asymmetric: bool = False
    shared_width: bool = False
    shared_fraction: bool = False
    doublet: Doublet | None = None
    sloped: bool = False
    mirrored: bool = False

    @property
    def plain(self) -> bool:
        """Whether the three forms are the same."""
        return self.per_line == LINE and self.doublet is None and not self.asymmetric

    @property
    def per_line(self) -> int:
        """How many free numbers a line has of its own."""
        return LINE - self.shared_width - self.shared_fraction

    @property
    def members(self) -> int:
        """How many components a line has: 2 if it is a doublet."""
        return 1 if self.doublet is None else 2

    @property
    def per_component(self) -> int:
        """How many numbers a component has in the component form."""
        return LINE + self.asymmetric

    @property
    def background(self) -> int:
        """How many numbers the background has."""
        return ENDS + self.sloped

    @property
    def names(self) -> tuple[str, ...]:
        """What the numbers after the lines are in the line form."""
        return (*self._extras, "background_low", "background_high", *(("slope",) if self.sloped else ()))

    @property
    def common(self) -> int:
        """How many numbers all lines have in common in the line form, the background's included."""
        doublet = self.doublet
        free = 0 if doublet is None else doublet.free_splitting + doublet.free_ratio
        return self.asymmetric + free + self.background

    @property
    def line_names(self) -> tuple[str, ...]:
        """What the free numbers of a line are."""
        shared = {"fwhm": self.shared_width, "fraction": self.shared_fraction}
        return tuple(name for name in ("height", "centre", "fwhm", "fraction") if not shared.get(name, False))

    @property
    def shared_names(self) -> tuple[str, ...]:
        """What the free numbers after those of the lines are."""
        shared = (("fwhm", self.shared_width), ("fraction", self.shared_fraction))
        return (*(name for name, is_shared in shared if is_shared), *self.names)

    def free_count(self, lines: int) -> int:
        """Return how many free numbers a model with so many lines has."""
        return self.per_line * lines + len(self.shared_names)

    def lines_in(self, free: FloatArray) -> int:
        """Return how many lines a vector in free form has."""
        return (int(free.shape[-1]) - len(self.shared_names)) // self.per_line

    def lines_of(self, vector: FloatArray) -> FloatArray:
        """Return the lines of vectors in line form, shape (..., 4 k + common) to (..., k, 4)."""
        return vector[..., : -self.common].reshape(*vector.shape[:-1], -1, LINE)

    def components_of(self, full: FloatArray) -> FloatArray:
        """Return the components of vectors in component form, shape (..., components, 4 or 5)."""
        return full[..., : -self.background].reshape(*full.shape[:-1], -1, self.per_component)

    def first_lines(self, free: FloatArray, count: int) -> FloatArray:
        """Return a vector in free form with its first ``count`` lines only."""
        own, all_lines = self.per_line * count, free.size - len(self.shared_names)
        return np.concatenate([free[:own], free[all_lines:]])

    def to_free(self, vector: FloatArray) -> FloatArray:
        """Return line forms, shape (..., 4 k + common), as free forms; what is shared becomes the mean over heights."""
        if self.per_line == LINE:
            return vector
        lines = self.lines_of(vector)
        weight = np.maximum(lines[..., 0], 1e-12)
        weight = weight / weight.sum(axis=-1, keepdims=True)
        own = [lines[..., column] for column in self.own_columns]
        flat = np.stack(own, axis=-1).reshape(*vector.shape[:-1], -1)
        shared = [(weight * lines[..., column]).sum(axis=-1, keepdims=True) for column in self.shared_columns]
        return np.concatenate([flat, *shared, vector[..., -self.common :]], axis=-1)

    def to_lines(self, free: FloatArray) -> FloatArray:
        """Return free forms as line forms."""
        return free if self.per_line == LINE else np.matmul(free, _line_matrix(self, self.lines_in(free)).T)

    def to_components(self, free: FloatArray) -> FloatArray:
        """Return free forms, shape (starts, p), as component forms."""
        if self.plain:
            return free
        vector = self.to_lines(free)
        lines = self.lines_of(vector)
        if self.doublet is not None:
            splitting, ratio = self._of_doublet(vector)
            partner = lines.copy()
            partner[..., 0] *= ratio[..., None]
            partner[..., 1] += splitting[..., None]
            lines = np.stack([lines, partner], axis=-2).reshape(*vector.shape[:-1], -1, LINE)
        if self.asymmetric:
            tail = np.broadcast_to(vector[..., -self.common, None, None], (*lines.shape[:-1], 1))
            lines = np.concatenate([lines, tail], axis=-1)
        return np.concatenate([lines.reshape(*vector.shape[:-1], -1), vector[..., -self.background :]], axis=-1)

    def tangent(self, free: FloatArray) -> FloatArray:
        """Return the derivatives of the component form by the free form, shape (starts, full, p)."""
        count = self.lines_in(free)
        size = 1 if self.doublet is None else 2
        per, common, names = self.per_component, self.common, self.names
        full = size * per * count + self.background
        by_line = np.zeros((len(free), full, LINE * count + common))
        vector = self.to_lines(free)
        of_common = LINE * count + np.arange(common)
        at = dict(zip(names, of_common, strict=True))
        for line in range(count):
            own = LINE * line + np.arange(LINE)
            for member in range(size):
                first = per * (size * line + member)
                by_line[:, first + np.arange(LINE), own] = 1.0
                if self.asymmetric:
                    by_line[:, first + LINE, at["asymmetry"]] = 1.0
                if member:
                    by_line[:, first, own[0]] = self._of_doublet(vector)[1]
                    if "splitting" in at:
                        by_line[:, first + 1, at["splitting"]] = 1.0
                    if "ratio" in at:
                        by_line[:, first, at["ratio"]] = vector[:, own[0]]
        for offset in range(self.background):
            by_line[:, full - self.background + offset, of_common[common - self.background + offset]] = 1.0
        return by_line if self.per_line == LINE else np.matmul(by_line, _line_matrix(self, count))

    def _of_doublet(self, vector: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return splitting and ratio of vectors in line form, each (...,)."""
        doublet = self.doublet or Doublet(0.0, 0.0)
        names = self.names
        common = vector[..., -self.common :]
        fixed = np.ones(vector.shape[:-1])
        splitting = common[..., names.index("splitting")] if doublet.free_splitting else doublet.splitting * fixed
        ratio = common[..., names.index("ratio")] if doublet.free_ratio else doublet.ratio * fixed
        return splitting, ratio

    @property
    def _extras(self) -> tuple[str, ...]:
        doublet = self.doublet
        names = (
            ("asymmetry", self.asymmetric),
            ("splitting", doublet is not None and doublet.free_splitting),
            ("ratio", doublet is not None and doublet.free_ratio),
        )
        return tuple(name for name, there in names if there)

    @property
    def shared_columns(self) -> tuple[int, ...]:
        """Which numbers of a line are shared."""
        return (*((_WIDTH,) if self.shared_width else ()), *((_FRACTION,) if self.shared_fraction else ()))

    @property
    def own_columns(self) -> tuple[int, ...]:
        """Which numbers of a line are its own."""
        return tuple(column for column in range(LINE) if column not in self.shared_columns)


@lru_cache(maxsize=64)
def _line_matrix(layout: Layout, count: int) -> FloatArray:
    """Return the matrix that writes shared numbers out for each line: line form = matrix @ free form."""
    shared = len(layout.shared_columns)
    own = layout.own_columns
    matrix = np.zeros((LINE * count + layout.common, layout.free_count(count)))
    for line in range(count):
        for place, column in enumerate(own):
            matrix[LINE * line + column, len(own) * line + place] = 1.0
        for place, column in enumerate(layout.shared_columns):
            matrix[LINE * line + column, len(own) * count + place] = 1.0
    tail = np.arange(layout.common)
    matrix[LINE * count + tail, len(own) * count + shared + tail] = 1.0
    matrix.setflags(write=False)
    return matrix
