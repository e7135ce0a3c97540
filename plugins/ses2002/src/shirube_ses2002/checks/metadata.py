"""The selected metadata: one rule each, in the order of the guide. What a file lacks is told, never filled."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final, Literal, TypeAlias

from shirube.guidechecks import guide_of, item_name, not_asked, region_list, value_problem
from shirube.guides import MetadataItem
from shirube.hooks import Resource
from shirube.mapping import MapRule, parse_map
from shirube.messages import Text
from shirube.records import Entry, Facts, Measurement, RawValue, Spectrum
from shirube.rules import Judgement, RuleContext, failed, not_applicable, passed
from shirube.ruletables import Judge
from shirube_ses2002.checks.stated import PHOTON_ENERGY, no_spectrum, refused, say, with_photon_energy

#: Registry keys of the items, by the rules' numbers from 1.
KEYS: Final = (
    "raw_file_name",
    "version",
    "region_name",
    "lens_mode",
    "pass_energy",
    "number_of_sweeps",
    "excitation_energy",
    "energy_scale",
    "acquisition_mode",
    "center_energy",
    "low_energy",
    "high_energy",
    "energy_step",
    "step_time",
    "detector_first_x_channel",
    "detector_last_x_channel",
    "detector_first_y_channel",
    "detector_last_y_channel",
    "number_of_slices",
    "spectrum_name",
    "instrument",
    "location",
    "user",
    "sample",
    "comments",
    "date",
    "time",
    "time_per_spectrum_channel",
    "detector_mode",
    "name",
)
#: Terms whose key SES writes only where there is something to say: a plain run has no mode.
_OPTIONAL: Final = ("ses2002.run_mode",)
#: How a key of a file says nothing: it does not stand there, has no value, or has one that is not of its type.
State: TypeAlias = Literal["metadata-absent", "metadata-blank", "metadata-refused", "metadata-unreadable"]

__all__ = ["JUDGES", "KEYS", "selected"]


def selected(entry: Entry, context: RuleContext, *, key: str) -> Iterator[Judgement]:
    """Judge that every region has the item of this registry key; one that was left blank is worth a note."""
    item = next((one for one in guide_of(context).metadata if one.key == key), None)
    if item is None or not entry.spectra():
        yield not_asked() if item is None else no_spectrum()
        return
    problems: dict[tuple[bool, Text], list[str]] = {}
    known = with_photon_energy(entry)
    for region, note, problem in _problems(known, item):
        problems.setdefault((note, problem), []).append(region)
    for (note, problem), where in problems.items():
        yield failed(note=note, item=item_name(item), problem=problem, where=region_list(entry, where))
    if not problems:
        there = any(item.term in facts for facts in known.facts.values())
        yield passed(item=item_name(item)) if there else not_applicable(say("run-mode-none"))


def _problems(entry: Entry, item: MetadataItem) -> Iterator[tuple[str, bool, Text]]:
    """Yield the regions with what is wrong with the item there, and whether that is only a note."""
    for measurement in entry.measurements:
        for spectrum in measurement.spectra:
            facts = entry.facts[spectrum.id]
            quantity = facts.get(item.term)
            if quantity is None:
                state = _state(spectrum, measurement, facts, item.term)
                if state != "metadata-absent" or item.term not in _OPTIONAL:
                    yield spectrum.id, state == "metadata-blank", say(state)
            elif (problem := value_problem(item, quantity)) is not None:
                yield spectrum.id, False, problem


def _state(spectrum: Spectrum, measurement: Measurement, facts: Facts, term: str) -> State:
    if term == PHOTON_ENERGY and refused(facts):
        return "metadata-refused"
    raw = (*spectrum.metadata, *measurement.metadata)
    there = [value.value for rule in _map_rules().get(term, ()) for value in raw if _named(rule, value)]
    if not there:
        return "metadata-absent"
    blank = all(value is None or not str(value).strip() for value in there)
    return "metadata-blank" if blank else "metadata-unreadable"


def _named(rule: MapRule, value: RawValue) -> bool:
    section = re.sub(r" \d+$", "", value.section)
    return (value.key, value.kind) == (rule.key, rule.kind) and rule.section in (None, section)


@functools.cache
def _map_rules() -> Mapping[str, Sequence[MapRule]]:
    """Return the rules of this distribution's metadata map by the term that they give."""
    resource = Resource("shirube_ses2002", "metadata.toml")
    rules: dict[str, list[MapRule]] = {}
    for rule in parse_map(resource.read_bytes().decode("utf-8"), str(resource)).rules:
        rules.setdefault(rule.term, []).append(rule)
    return rules


JUDGES: Final[Mapping[str, Judge]] = {
    f"MET-{number:03}": partial(selected, key=key) for number, key in enumerate(KEYS, start=1)
}
