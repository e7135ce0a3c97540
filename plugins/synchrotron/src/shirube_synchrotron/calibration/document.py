"""The calibration file: JSON of a versioned schema, written with every digit and read strictly."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from attrs import asdict

from shirube.errors import InputError
from shirube.messages import Message, Text, joined
from shirube.parameters import suggestion
from shirube.records import Source
from shirube.sources import open_input
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.calibration.record import Calibration, Conditions, Measured, Stated
from shirube_synchrotron.calibration.sense import senseless

SCHEMA: Final = "shirube-calibration/1"
LARGEST: Final = 1 << 18
_NUMBER: Final = (float,)
_TEXT: Final = (str,)
_NUMBER_OR_NONE: Final = (float, None)
_TEXT_OR_NONE: Final = (str, None)
_MEASURED: Final = {"value": _NUMBER, "statistical": _NUMBER, "model": _NUMBER_OR_NONE}
#: The whole form: a table is a mapping, a list has one element that all of its own follow, a leaf lists its types.
_FORM: Final[Mapping[str, Any]] = {
    "schema": _TEXT,
    "status": _TEXT,
    "reasons": [{"en": _TEXT, "ja": _TEXT}],
    "photon_energy": _NUMBER,
    "work_function": _NUMBER,
    "fermi_level": _MEASURED,
    "energy_resolution": {**_MEASURED, "limit": _NUMBER_OR_NONE},
    "edge_width": _MEASURED,
    "temperature": {"value": _NUMBER, "origin": _TEXT},
    "stated": {
        "standard": _TEXT_OR_NONE,
        "operator_role": _TEXT_OR_NONE,
        "reason": _TEXT_OR_NONE,
        "previous_photon_energy": _NUMBER_OR_NONE,
        "date": _TEXT_OR_NONE,
        "changed_on": _TEXT_OR_NONE,
    },
    "conditions": {"pass_energy": _NUMBER_OR_NONE, "lens_mode": _TEXT_OR_NONE, "photon_energy": _NUMBER_OR_NONE},
    "gold": {
        "file": _TEXT,
        "size": _NUMBER,
        "sha256": _TEXT,
        "spectrum": _TEXT,
        "region": _TEXT,
        "header_photon_energy": _NUMBER_OR_NONE,
        "fitted": {"from": _NUMBER, "to": _NUMBER, "points": _NUMBER},
    },
    "versions": {"shirube": _TEXT, "shirube-synchrotron": _TEXT},
}
#: Whole numbers of JSON may have any length; beyond this they are no floating-point numbers.
_LARGEST_NUMBER: Final = sys.float_info.max

__all__ = ["LARGEST", "SCHEMA", "document_of", "read_calibration"]


def document_of(calibration: Calibration) -> dict[str, Any]:
    """Return a calibration as plain data; energies in eV, temperatures in K."""
    one = calibration
    return {
        "schema": SCHEMA,
        "status": one.status,
        "reasons": [{"en": text.en, "ja": text.ja} for text in one.reasons],
        "photon_energy": one.photon_energy,
        "work_function": one.work_function,
        "fermi_level": asdict(one.fermi_level),
        "energy_resolution": {**asdict(one.resolution), "limit": one.resolution_limit},
        "edge_width": asdict(one.edge_width),
        "temperature": {"value": one.temperature, "origin": one.temperature_origin},
        "stated": asdict(one.stated),
        "conditions": asdict(one.conditions),
        "gold": {
            "file": one.source.name,
            "size": one.source.size,
            "sha256": one.source.sha256,
            "spectrum": one.spectrum,
            "region": one.region,
            "header_photon_energy": one.header_photon_energy,
            "fitted": {"from": one.window[0], "to": one.window[1], "points": one.points},
        },
        "versions": {"shirube": one.core, "shirube-synchrotron": one.plugin},
    }


def read_calibration(path: Path) -> Calibration:
    """Return the calibration of a file.

    Raises:
        InputError: It cannot be read, is too large, no JSON, of another schema, or holds what it should not: all of it.
    """
    with open_input(path) as handle:
        raw = handle.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise InputError(message("calibration-too-large", largest=LARGEST // 1024), path=path)
    value = _parsed(raw, path)
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise InputError(message("calibration-schema", schema=SCHEMA), path=path)
    problems = list(_problems(value, _FORM, "")) or list(senseless(value))
    if problems:
        raise InputError(joined(one.text() for one in problems), path=path)
    return _record(value)


def _parsed(raw: bytes, path: Path) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_refused, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise InputError(message("calibration-not-json", reason=error.msg), path=path, line=error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise InputError(message("calibration-not-json", reason=str(error)), path=path) from None


def _refused(word: str) -> NoReturn:
    raise ValueError(word)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice!r} twice")
    return dict(pairs)


def _problems(value: Any, form: Any, place: str) -> Iterator[Message]:
    if isinstance(form, Mapping):
        if not isinstance(value, dict):
            yield message("key-not-a-table", key=place)
            return
        for name in value.keys() - form.keys():
            yield message("key-unknown", key=_below(place, name), hint=suggestion(name, list(form)))
        for name, inner in form.items():
            if name in value:
                yield from _problems(value[name], inner, _below(place, name))
            else:
                yield message("key-missing", key=_below(place, name))
    elif isinstance(form, list):
        if not isinstance(value, list):
            yield message("key-not-a-list", key=place)
            return
        for number, inner in enumerate(value):
            yield from _problems(inner, form[0], f"{place}[{number}]")
    elif not any(_is(value, one) for one in form):
        yield message("key-not-a-number" if float in form else "key-not-a-text", key=place, value=repr(value)[:40])


def _is(value: Any, wanted: type | None) -> bool:
    if wanted is None:
        return value is None
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST_NUMBER
    return isinstance(value, str)


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _record(value: Mapping[str, Any]) -> Calibration:
    gold, resolution = value["gold"], dict(value["energy_resolution"])
    limit = resolution.pop("limit")
    return Calibration(
        status=value["status"],
        reasons=tuple(Text(**one) for one in value["reasons"]),
        fermi_level=Measured(**value["fermi_level"]),
        work_function=float(value["work_function"]),
        resolution=Measured(**resolution),
        resolution_limit=limit,
        edge_width=Measured(**value["edge_width"]),
        temperature=float(value["temperature"]["value"]),
        temperature_origin=value["temperature"]["origin"],
        stated=Stated(**value["stated"]),
        conditions=Conditions(**value["conditions"]),
        header_photon_energy=gold["header_photon_energy"],
        source=Source(gold["file"], int(gold["size"]), gold["sha256"]),
        spectrum=gold["spectrum"],
        region=gold["region"],
        window=(float(gold["fitted"]["from"]), float(gold["fitted"]["to"])),
        points=int(gold["fitted"]["points"]),
        core=value["versions"]["shirube"],
        plugin=value["versions"]["shirube-synchrotron"],
    )
