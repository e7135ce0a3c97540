"""``shirube show``: what is in a file, and who would read it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from shirube.cli.axes import ends, ends_text
from shirube.cli.common import Session, common_options
from shirube.errors import InputError, core_message

if TYPE_CHECKING:
    from shirube.records import Axis, Facts, Measurement, RawValue, Spectrum

#: Longest value that is shown whole: an axis written out may have thousands of numbers. JSON holds it all.
WIDEST: Final = 100

__all__ = ["show"]


@click.command(short_help="Show what is in a file and who would read it.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reader", help="The reader to use. / リーダー名")
@click.option("--raw", is_flag=True, help="Every key as the file spells it. / ファイルのキーをすべて示す")
@common_options
def show(session: Session, file: Path, reader: str | None, *, raw: bool) -> int:
    """Show the regions, axes and metadata of FILE, and which reader reads it."""
    from shirube.intake import items_from
    from shirube.pipeline import read_file
    from shirube.vocabulary import knowledge

    if file.is_dir():
        raise InputError(core_message("input-is-directory"), path=file)
    (item,) = items_from([file], session.plugins, reader=reader)
    wanted = next((one for one in item.data if one.path == file), item.data[0])
    sidecar = item.sidecars.get(wanted.name)
    measurement = read_file(wanted, session.plugins, session.settings, sidecar=sidecar, reader=reader)
    known = knowledge(session.plugins)
    facts = {one.id: _facts(one, measurement, known) for one in measurement.spectra}
    session.answer("shirube-show/1", _document(measurement, facts))
    session.say(
        core_message("show-file", file=measurement.name, reader=measurement.reader, count=len(measurement.spectra))
    )
    for source in measurement.sources[1:]:
        session.say(core_message("show-sidecar", file=source.name))
    for remark in measurement.remarks:
        session.say(core_message("show-remark", line=remark.line or "-", text=remark.message))
    for spectrum in measurement.spectra:
        _say_spectrum(session, spectrum, facts[spectrum.id], raw=raw)
    if raw:
        _say_keys(session, measurement.metadata)
    return 0


def _facts(spectrum: Spectrum, measurement: Measurement, known: Any) -> Facts:
    from shirube.mapping import map_facts

    return map_facts(spectrum, measurement, known.rules.get(measurement.reader, ()), known.vocabulary).facts


def _say_spectrum(session: Session, spectrum: Spectrum, facts: Facts, *, raw: bool) -> None:
    session.say("")
    session.say(f"  {spectrum.id}  {spectrum.name}  ({spectrum.reference.scale})")
    for axis in spectrum.axes:
        session.say(core_message("show-axis", name=axis.name, ends=ends_text(axis), count=len(axis)))
    if raw:
        _say_keys(session, spectrum.metadata)
    else:
        _say_facts(session, facts)


def _say_keys(session: Session, values: Iterable[RawValue]) -> None:
    for value in values:
        text = str(value.value)
        shown = text if len(text) <= WIDEST else f"{text[:WIDEST]} …"
        session.say(f"    [{value.section}] {value.key} = {shown}")


def _say_facts(session: Session, facts: Facts) -> None:
    from shirube.vocabulary import knowledge

    vocabulary = knowledge(session.plugins).vocabulary
    for term, candidates in facts.candidates.items():
        for quantity in candidates:
            label = vocabulary[term].label.render(session.lang)
            value = f"{quantity.value} {quantity.unit or ''}".rstrip()
            session.say(f"    {label}: {value}  ({quantity.origin.render(session.lang)})")


def _document(measurement: Measurement, facts: dict[str, Facts]) -> dict[str, Any]:
    return {
        "file": measurement.name,
        "reader": measurement.reader,
        "sidecars": [one.name for one in measurement.sources[1:]],
        "remarks": [
            {"code": one.code, "en": one.message.en, "ja": one.message.ja, "line": one.line}
            for one in measurement.remarks
        ],
        "metadata": _raw(measurement.metadata),
        "spectra": [
            {
                "id": one.id,
                "name": one.name,
                "energy_scale": one.reference.scale,
                "intensity_unit": one.intensity_unit,
                "axes": [_axis(axis) for axis in one.axes],
                "metadata": _raw(one.metadata),
                "facts": {
                    term: [{"value": q.value, "unit": q.unit, "origin": q.origin.render("en")} for q in quantities]
                    for term, quantities in facts[one.id].candidates.items()
                },
            }
            for one in measurement.spectra
        ],
    }


def _axis(axis: Axis) -> dict[str, Any]:
    first, last = ends(axis)
    return {"name": axis.name, "unit": axis.unit, "points": len(axis), "first": first, "last": last}


def _raw(values: Iterable[RawValue]) -> list[dict[str, Any]]:
    return [{"section": one.section, "key": one.key, "value": one.value, "line": one.line} for one in values]
