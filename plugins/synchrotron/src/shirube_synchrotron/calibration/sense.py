"""What a calibration file must not say although every value is of the right type."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from shirube.messages import Message
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.work_function import LARGEST_WORK_FUNCTION

#: The photon energy is the sum of two others, to rounding.
_SAME: Final = 1e-9
#: No edge that is known to worse than this, in eV, is a calibration.
_LARGEST_UNCERTAINTY: Final = 10.0
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MEASURED: Final = ("fermi_level", "energy_resolution", "edge_width")

__all__ = ["senseless"]


def senseless(value: Mapping[str, Any]) -> Iterator[Message]:
    """Yield what is of the right type and still cannot be; ``value`` has the form of a calibration file."""
    yield from _status(value)
    if not 0.0 <= value["work_function"] <= LARGEST_WORK_FUNCTION:
        yield message("work-function-range", value=value["work_function"], largest=LARGEST_WORK_FUNCTION)
    together = value["fermi_level"]["value"] + value["work_function"]
    if not (value["photon_energy"] > 0.0 and abs(value["photon_energy"] - together) <= _SAME):
        yield message("photon-energy-no-sum", value=value["photon_energy"], sum=together)
    yield from _numbers(value)
    yield from _stated(value["stated"])
    if not _SHA256.fullmatch(value["gold"]["sha256"]):
        yield message("key-not-sha256", key="gold.sha256", value=value["gold"]["sha256"][:80])


def _status(value: Mapping[str, Any]) -> Iterator[Message]:
    status, reasons = value["status"], value["reasons"]
    if status not in ("ok", "doubtful"):
        yield message("status-unknown", value=status)
    elif (status == "doubtful") != bool(reasons):
        yield message("status-without-reasons" if status == "doubtful" else "reasons-without-doubt")


def _numbers(value: Mapping[str, Any]) -> Iterator[Message]:
    for name in _MEASURED:
        measured = value[name]
        # A resolution that the thermal width hides may come out as 0, as uncertain as can be.
        hidden = measured.get("limit") is not None
        largest = math.inf if hidden else _LARGEST_UNCERTAINTY
        if not (measured["value"] > 0.0 or (hidden and measured["value"] == 0.0)):
            yield message("key-not-positive", key=f"{name}.value", value=measured["value"])
        for part in ("statistical", "model"):
            if measured[part] is not None and not 0.0 <= measured[part] <= largest:
                yield message("uncertainty-range", key=f"{name}.{part}", value=measured[part], largest=largest)
    positive = {
        "energy_resolution.limit": value["energy_resolution"]["limit"],
        "temperature.value": value["temperature"]["value"],
        "stated.previous_photon_energy": value["stated"]["previous_photon_energy"],
        "conditions.pass_energy": value["conditions"]["pass_energy"],
        "conditions.photon_energy": value["conditions"]["photon_energy"],
    }
    for key, number in positive.items():
        if number is not None and not number > 0.0:
            yield message("key-not-positive", key=key, value=number)
    gold, fitted = value["gold"], value["gold"]["fitted"]
    for key, number in (("gold.size", gold["size"]), ("gold.fitted.points", fitted["points"])):
        if not (number >= 0 and number == int(number)):
            yield message("key-not-whole", key=key, value=number)
    if not 0.0 < fitted["from"] < fitted["to"]:
        yield message("fitted-upside-down", low=fitted["from"], high=fitted["to"])


def _stated(stated: Mapping[str, Any]) -> Iterator[Message]:
    for key in ("standard", "operator_role", "reason"):
        if stated[key] is not None and not stated[key].strip():
            yield message("key-blank", key=f"stated.{key}")
    for key in ("date", "changed_on"):
        if stated[key] is not None and not _is_date(stated[key]):
            yield message("key-not-a-date", key=f"stated.{key}", value=stated[key])


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
