"""Makes the spectrum of one region: its numbers, axes, energy reference and keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray, Remark, Spectrum
from shirube_ses2002.reader._blocks import has_room, read_block
from shirube_ses2002.reader._content import Content
from shirube_ses2002.reader._dimensions import Dimension, axes, dimensions
from shirube_ses2002.reader._free_form import Table, read_rows
from shirube_ses2002.reader._headers import Header, keyless_remarks
from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import Problems, excerpt, remark
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


def read_region(
    content: Content, region: Region, headers: Sequence[Header], lines: Lines, problems: Problems
) -> RegionRead | None:
    """Return the spectrum of a region whose sections are all there.

    None after reporting that its header does not describe the data, or that the data are not what it describes.
    """
    title = headers[0]
    info = next(header for header in headers if header.section.name == "Info")
    before = len(problems)
    found = dimensions(title, problems)
    if found is None:
        return None
    _check_energy_dimension(found[0], title, problems)
    data = _read_data(content, region, found, lines, problems)
    if data is None or len(problems) > before:
        return None
    remarks = [*(one for header in headers for one in keyless_remarks(header))]
    remarks += _compare_axis(content, region, found[0], data.energies, lines, problems)
    if len(problems) > before:
        return None
    spectrum = Spectrum(
        id=f"{content.name}#{region.number}",
        name=title.text("Region Name") or info.text("Region Name"),
        intensity=data.values,
        axes=axes(found, data.energies),
        intensity_unit=_intensity_unit(info, data.values),
        reference=energy_reference(found[0], info),
        metadata=tuple(value for header in headers for value in header.values),
    )
    return RegionRead(spectrum, (*remarks, *info_remarks(content.name, title, found[0], info)))


def _read_data(
    content: Content, region: Region, found: Sequence[Dimension], lines: Lines, problems: Problems
) -> Table | None:
    """Return the energies, shape (n,), and the intensities, shape (n, ...); None after reporting what is wrong."""
    sizes = [len(dimension) for dimension in found]
    columns = sizes[1] if len(sizes) > 1 else 1
    before = len(problems)
    sections = _blocks(region, sizes[2] if len(sizes) > 2 else None, lines, problems)  # noqa: PLR2004 three dimensions
    for section in sections:
        if not has_room(section, sizes[0], columns + 1):
            read_rows(content, section, (sizes[0], columns + 1), None, lines.at(section.start), problems)
    if len(problems) > before:
        return None
    energies = np.empty(sizes[0])
    stack = np.empty((len(sections), sizes[0], columns))
    for index, section in enumerate(sections):
        table = Table(energies if index == 0 else np.empty_like(energies), stack[index])
        read_block(content, section, table, lines, problems)
        if index and len(problems) == before and not np.array_equal(table.energies, energies):
            line = lines.at(section.start) + int(np.argmax(table.energies != energies))
            problems.add("blocks-differ", line, title=section.title)
    if len(problems) > before:
        return None
    stack.flags.writeable = energies.flags.writeable = False
    return Table(energies, (np.moveaxis(stack, 0, 2) if len(stack) > 1 else stack).reshape(sizes))


def _blocks(region: Region, third: int | None, lines: Lines, problems: Problems) -> Sequence[Section]:
    """Return the data sections, one for each point of the third dimension; none after reporting others."""
    number = region.number
    wanted = [None] if third is None else range(1, third + 1)
    found = [section.block for section in region.blocks]
    if found == list(wanted) or (third is None and found == [1]):
        return region.blocks
    other = [(section, block) for section, block in zip(region.blocks, wanted, strict=False) if section.block != block]
    for section, block in other:
        expected = f"Data {number}" if block is None else f"Data {number}:{block}"
        problems.add("other-block", lines.at(section.title_at), expected=expected, found=section.title)
    if not other:
        line = lines.at(region.blocks[-1].title_at)
        problems.add("block-count", line, expected=len(wanted), found=len(found), region=number)
    return ()


def _check_energy_dimension(first: Dimension, title: Header, problems: Problems) -> None:
    if "energy" not in first.text.lower() or first.unit.lower() not in ("ev", ""):
        name = title.get("Dimension 1 name")
        problems.add("not-an-energy", name.line if name else title.line, found=excerpt(title.text("Dimension 1 name")))


def _compare_axis(
    content: Content, region: Region, first: Dimension, energies: FloatArray, lines: Lines, problems: Problems
) -> Sequence[Remark]:
    """Compare the energies of the data with the scale of the header; report more than rounding."""
    if np.array_equal(energies, first.scale):
        return ()
    deviation = np.abs(energies - first.scale)
    steps = np.abs(np.diff(first.scale))
    step = float(steps.min()) if steps.size else 0.0
    wrong = np.flatnonzero(deviation > _ROUNDING * step)
    if not wrong.size:
        return (remark(content.name, "axis-rounded", first.line, difference=f"{deviation.max():.2g}"),)
    row = int(wrong[0])
    line = lines.at(region.blocks[0].start) + row
    problems.add("axis-differs", line, expected=float(first.scale[row]), found=float(energies[row]))
    return ()


def _intensity_unit(info: Header, intensity: FloatArray) -> str:
    """Return ``counts`` for pulses that were counted; a camera's ADC gives numbers in proportion to them, no more."""
    counted = info.text("DetectorMode").lower().startswith("pulse")
    return "counts" if counted and bool((intensity == np.rint(intensity)).all()) else ""
