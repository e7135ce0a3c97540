"""Makes the spectrum of one region: its numbers, axes, energy reference and keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray, Remark, Spectrum
from shirube_ses2002.reader._blocks import Block, check_room, read_block
from shirube_ses2002.reader._content import Content
from shirube_ses2002.reader._dimensions import Dimension, axes, dimensions
from shirube_ses2002.reader._headers import Header
from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import excerpt, problem, remark
from shirube_ses2002.reader._reference import energy_reference, info_remarks
from shirube_ses2002.reader._regions import Region
from shirube_ses2002.reader._sections import Section

#: How far an energy of the data may be from the scale in the header, as a fraction of the step: rounding in print.
_ROUNDING: Final = 0.01

__all__ = ["RegionRead", "read_region"]


@frozen
class RegionRead:
    """A region's spectrum and what was noticed while reading it."""

    spectrum: Spectrum
    remarks: tuple[Remark, ...]


def read_region(content: Content, region: Region, headers: Sequence[Header], lines: Lines) -> RegionRead:
    """Return the spectrum of a region whose sections are all there.

    Raises:
        InputError: The header does not describe the data, or the data are not what it describes.
    """
    title = headers[0]
    info = next(header for header in headers if header.section.name == "Info")
    found = dimensions(title, content.name)
    _check_energy_dimension(found[0], title, content.name)
    energies, intensity, unended = _read_data(content, region, found, lines)
    remarks = [*_check_axis(content, region, found[0], energies, lines)]
    remarks += info_remarks(content.name, title, found[0], info)
    if unended:
        remarks.append(remark(content.name, "lost-line-end", lines.at(len(content.buffer))))
    spectrum = Spectrum(
        id=f"{content.name}#{region.number}",
        name=title.text("Region Name") or info.text("Region Name"),
        intensity=intensity,
        axes=axes(found, energies),
        intensity_unit=_intensity_unit(info, intensity),
        reference=energy_reference(found[0], info),
        metadata=tuple(value for header in headers for value in header.values),
    )
    return RegionRead(spectrum, tuple(remarks))


def _read_data(
    content: Content, region: Region, found: Sequence[Dimension], lines: Lines
) -> tuple[FloatArray, FloatArray, bool]:
    """Return the energies, shape (n,), the intensities, shape (n, ...), and whether the last line end was lost."""
    sizes = [len(dimension) for dimension in found]
    columns = sizes[1] if len(sizes) > 1 else 1
    sections = _blocks(content, region, sizes[2] if len(sizes) > 2 else None, lines)  # noqa: PLR2004 three dimensions
    for section in sections:
        check_room(content, section, sizes[0], columns + 1, lines)
    energies = np.empty(sizes[0])
    stack = np.empty((len(sections), sizes[0], columns))
    unended = False
    for index, section in enumerate(sections):
        block = Block(energies if index == 0 else np.empty_like(energies), stack[index])
        unended = read_block(content, section, block, lines)
        differs = np.flatnonzero(block.energies != energies)
        if differs.size:
            line = lines.at(section.start) + int(differs[0])
            raise problem(content.name, "blocks-differ", line, title=section.title)
    stack.flags.writeable = energies.flags.writeable = False
    return energies, np.moveaxis(stack, 0, 2).reshape(sizes), unended


def _blocks(content: Content, region: Region, third: int | None, lines: Lines) -> Sequence[Section]:
    """Return the data sections, one for each point of the third dimension.

    Raises:
        InputError: They are not exactly those.
    """
    wanted = [None] if third is None else list(range(1, third + 1))
    found = [section.block for section in region.blocks]
    if found == wanted or (third is None and found == [1]):
        return region.blocks
    for section, block in zip(region.blocks, wanted, strict=False):
        if section.block != block:
            expected = f"Data {region.number}" if block is None else f"Data {region.number}:{block}"
            at = lines.at(section.title_at)
            raise problem(content.name, "other-block", at, expected=expected, found=section.title)
    line = lines.at(region.blocks[-1].title_at)
    raise problem(content.name, "block-count", line, expected=len(wanted), found=len(found), region=region.number)


def _check_energy_dimension(first: Dimension, title: Header, file: str) -> None:
    name = title.get("Dimension 1 name")
    if "energy" not in first.text.lower() or first.unit not in ("eV", ""):
        raise problem(file, "not-an-energy", name.line if name else title.line, found=excerpt(str(name and name.value)))


def _check_axis(
    content: Content, region: Region, first: Dimension, energies: FloatArray, lines: Lines
) -> Sequence[Remark]:
    """Compare the energies of the data with the scale of the header.

    Raises:
        InputError: They differ by more than rounding.
    """
    if np.array_equal(energies, first.scale):
        return ()
    deviation = np.abs(energies - first.scale)
    steps = np.abs(np.diff(first.scale))
    step = float(steps.min()) if steps.size else 0.0
    wrong = np.flatnonzero(deviation > _ROUNDING * step)
    if wrong.size:
        row = int(wrong[0])
        line = lines.at(region.blocks[0].start) + row
        raise problem(content.name, "axis-differs", line, expected=float(first.scale[row]), found=float(energies[row]))
    return (remark(content.name, "axis-rounded", first.line, difference=f"{deviation.max():.2g}"),)


def _intensity_unit(info: Header, intensity: FloatArray) -> str:
    """Return ``counts`` for pulses that were counted; a camera's ADC gives numbers in proportion to them, no more."""
    counted = info.text("DetectorMode").lower().startswith("pulse")
    return "counts" if counted and bool((intensity == np.rint(intensity)).all()) else ""
