"""Data reference guides as data: one TOML file a guide, structured and checked."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import cattrs
from attrs import field, frozen

from shirube._axes import ENERGY
from shirube._frozen import FrozenMapping, as_frozen
from shirube._problems import Place, described, line_of, problems_of
from shirube.errors import SettingsError, core_message
from shirube.guideprose import Definition, GuideFigure, PrintedItem, Range, Reading, Structuring
from shirube.messages import Message, Text, joined
from shirube.records import AxisTreatment, Value

ManualType: TypeAlias = Literal["string", "integer", "number", "boolean"]
Placement: TypeAlias = Literal["constant", "variable"]

__all__ = [
    "Calibration",
    "Condition",
    "GuideAnalysis",
    "GuideChecks",
    "GuideData",
    "GuideFiles",
    "GuideMatch",
    "Holder",
    "ManualItem",
    "MetadataItem",
    "Overview",
    "SampleGuide",
    "ScanClass",
    "SidecarKey",
    "parse_guide",
    "registry_key",
    "switched_on",
]


@frozen(kw_only=True)
class Holder:
    """An institution that holds the instrument."""

    name: Text
    instrument_id: str
    instrument_name: Text
    model: str


@frozen(kw_only=True)
class Overview:
    """What a guide says of the instrument before any number."""

    title: Text
    subtitle: Text | None = None
    programme: Text | None = None
    instrument: Text
    maker: Text
    model: str
    edition: Text
    issued: str
    publisher: Text
    address: Text | None = None
    url: str = ""
    email: str = ""
    introduction: tuple[Text, ...] = ()
    #: Which instruments the guide is for, in words; ``[match]`` says it to the program.
    scope: Text | None = None
    objects: Text | None = None
    targets: Text | None = None
    environment: Text | None = None
    information: Text | None = None
    holders: tuple[Holder, ...] = ()
    features: tuple[Text, ...] = ()
    #: Regular expression of every spelling of the model, in files and documents.
    model_pattern: str = ""
    photon_energy: Range | None = None
    detection_depth: Range | None = None
    principle: Text | None = None
    equation: str = ""
    consumables: tuple[Text, ...] = ()
    references: tuple[str, ...] = ()


@frozen(kw_only=True)
class GuideMatch:
    """Which measurements a guide is for: the reader that read them, and patterns on facts.

    ``terms`` maps a term to a regular expression that its value must contain (case does not matter).
    """

    readers: tuple[str, ...] = ()
    terms: FrozenMapping[str, str] = field(factory=FrozenMapping, converter=as_frozen)


@frozen(kw_only=True)
class SidecarKey:
    """A key of the sidecar: the term it gives, its unit, and whether the guide itself names it."""

    key: str
    term: str
    unit: str | None = None
    declared: bool = True


@frozen(kw_only=True)
class GuideFiles:
    """Which files are registered, by glob pattern, and how sidecars are named.

    ``other`` are the instrument's formats that are not for registration.
    """

    data: tuple[str, ...]
    data_label: Text | None = None
    other: tuple[str, ...] = ()
    sidecars: tuple[str, ...] = ()
    sidecar_label: Text | None = None
    sidecar_keys: tuple[SidecarKey, ...] = ()


@frozen(kw_only=True)
class ManualItem:
    """An item entered by hand.

    Attributes:
        key: Registry key, lower snake_case.
        name: As the guide prints it.
        label: Shown name.
        type: Type of the value.
        unit: As the guide prints it.
        choices: Allowed texts.
        default: Value when left blank.
        above: A number must be greater than this.
        expected: Whether it is worth a note that it was left blank.
        when: Key of the boolean item that must be on for this one to be filled in, and then it must be.
        pattern: Regular expression that a text usually contains.
        usual_minimum: A smaller number is worth a note, which ends with ``below_usual``.
        usual_maximum: A larger number is worth a note, which ends with ``above_usual``.
        synonyms: Other words for the choices.
        help: The guide's input condition.
        rows: Height of the input field for long texts.
    """

    key: str
    name: str
    label: Text
    type: ManualType = "string"
    unit: str | None = None
    choices: tuple[str, ...] = ()
    default: Value | None = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    expected: bool = False
    when: str | None = None
    pattern: str = ""
    usual_minimum: float | None = None
    usual_maximum: float | None = None
    below_usual: Text = Text(en="", ja="")
    above_usual: Text = Text(en="", ja="")
    synonyms: FrozenMapping[str, str] = field(factory=FrozenMapping, converter=as_frozen)
    help: Text | None = None
    rows: int | None = None


@frozen(kw_only=True)
class MetadataItem:
    """A selected metadata item.

    Attributes:
        key: Registry key, lower snake_case.
        name: As the guide prints it (the key at the instrument).
        label: Shown name.
        term: The term whose value it is.
        unit: Unit text as the guide prints it; None where the guide prints none.
        placement: ``variable`` for each spectrum, ``constant`` for the entry.
        choices: Allowed texts, whatever their case.
        minimum: Smallest number that can be.
        above: A number must be greater than this.
    """

    key: str
    name: str
    label: Text
    term: str
    unit: str | None = None
    placement: Placement = "variable"
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    above: float | None = None


@frozen(kw_only=True)
class Condition:
    """A recommended value.

    Attributes:
        term: The term it is about, or ``binding_energy_min`` / ``binding_energy_max`` of the axis.
        value: Recommended number (``unit``) or regular expression.
        comparison: ``equal`` (within ``tolerance``), ``at_most``, ``at_least``, ``matches``, or ``blank``: nothing
            should be stated.
        tolerance: Absolute, in the unit of the value.
        printed: The recommended value as people read it; default: the value and its unit.
        better: Values on this side of an ``equal`` are better still: they are told, not noted.
        refused: Regular expression of texts that are wrong, not only another choice.
        optional: Whether nothing is missing where nothing is stated.
    """

    term: str
    label: Text
    comparison: Literal["equal", "at_most", "at_least", "matches", "blank"]
    value: float | str
    unit: str | None = None
    tolerance: float = 0.0
    printed: Text | None = None
    better: Literal["lower", "higher"] | None = None
    refused: str = ""
    optional: bool = False
    quote: str = ""


@frozen(kw_only=True)
class ScanClass:
    """Recommended values of a class of scans, told apart by the width of the binding-energy range in eV.

    ``items`` is the table as the guide prints it, ``conditions`` what of it can be checked.
    """

    label: Text
    title: Text | None = None
    items: tuple[PrintedItem, ...] = ()
    min_width: float = 0.0
    max_width: float | None = None
    conditions: tuple[Condition, ...] = ()


@frozen(kw_only=True)
class SampleGuide:
    """What the guide says of the sample; the largest dimensions also as numbers in ``unit``.

    Attributes:
        mounting_pattern: Regular expression of the recommended mounting.
        preparation_pattern: Regular expression of the recommended preparation.
        foreign_pattern: Regular expression of kinds of material that the guide is not made for.
        foreign_forms: Forms of samples that the guide is not made for.
    """

    size: Text | None = None
    max_length: float | None = None
    max_width: float | None = None
    max_thickness: float | None = None
    unit: str = "mm"
    mounting: Text | None = None
    mounting_pattern: str = ""
    preparation: Text | None = None
    preparation_pattern: str = ""
    foreign_pattern: str = ""
    foreign_forms: tuple[str, ...] = ()


@frozen(kw_only=True)
class Calibration:
    """How, by whom and how often the instrument is calibrated, and which terms that yields.

    Attributes:
        standard_pattern: Regular expression of the standard sample.
        operator_pattern: Regular expression of the role of who calibrates.
        photon_energy_tolerance: How far in eV the photon energy may be from the calibrated one.
    """

    standard: Text
    operator: Text
    frequency: Text
    method: Text
    yields: tuple[str, ...] = ()
    standard_pattern: str = ""
    operator_pattern: str = ""
    photon_energy_tolerance: float = 0.0


@frozen(kw_only=True)
class GuideAnalysis:
    """An analysis that the guide asks for.

    Attributes:
        analysis: Name of the analysis.
        switch: Registry key of the manual item that switches it, None for always.
        parameters: Constants by parameter name.
        manual: Registry keys of manual items by parameter name; they win over constants.
        title: What the guide calls it.
        description: What the guide says of it.
    """

    analysis: str
    title: Text | None = None
    description: tuple[Text, ...] = ()
    switch: str | None = None
    parameters: FrozenMapping[str, Value] = field(factory=FrozenMapping, converter=as_frozen)
    manual: FrozenMapping[str, str] = field(factory=FrozenMapping, converter=as_frozen)


@frozen(kw_only=True)
class GuideChecks:
    """Who judges: a policy whose rules stand in for the checks that the core derives, where it is there and asked."""

    policy: str | None = None


@frozen(kw_only=True)
class GuideData:
    """A whole guide."""

    name: str
    overview: Overview
    match: GuideMatch
    files: GuideFiles
    manual: tuple[ManualItem, ...] = ()
    metadata: tuple[MetadataItem, ...] = ()
    conditions: FrozenMapping[str, ScanClass] = field(factory=FrozenMapping, converter=as_frozen)
    sample: SampleGuide = SampleGuide()
    calibration: Calibration | None = None
    #: Parameters of conversions by their names, as this instrument needs them.
    conversions: FrozenMapping[str, FrozenMapping[str, Value]] = field(factory=FrozenMapping, converter=as_frozen)
    structuring: tuple[Structuring, ...] = ()
    analyses: tuple[GuideAnalysis, ...] = ()
    checks: GuideChecks = GuideChecks()
    #: What analyses see of axes by name: their sum, or each point; wins over the core's default.
    axes: FrozenMapping[str, AxisTreatment] = field(factory=FrozenMapping, converter=as_frozen)
    #: First sentences of blocks (``manual``, ``metadata``, ``conditions``) by the block's name.
    introductions: FrozenMapping[str, Text] = field(factory=FrozenMapping, converter=as_frozen)
    definitions: tuple[Definition, ...] = ()
    figures: tuple[GuideFigure, ...] = ()
    readings: tuple[Reading, ...] = ()


def registry_key(name: str) -> str:
    """Return an item's name as a registry key: ``Detector First X-Channel`` -> ``detector_first_x_channel``."""
    # "eV" is one word.
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r"[^0-9a-z]+", "_", spaced.lower()).strip("_")


def parse_guide(text: str, name: str, where: str, overrides: Mapping[str, Any] | None = None) -> GuideData:
    """Return the guide of a TOML text, a facility's overrides of its leaves applied.

    Args:
        text: The TOML text.
        name: Name of the guide.
        where: Shown in errors.
        overrides: Nested tables whose leaves replace the guide's; a leaf must exist or be a known field.

    Raises:
        SettingsError: Not TOML, unknown keys, wrong types; names the file and the key.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(core_message("resource-not-toml", reason=str(error)), path=where) from None
    merged = _merged(data, overrides or {})
    try:
        guide = converter().structure({**merged, "name": name}, GuideData)
    except cattrs.BaseValidationError as error:
        problems = tuple(problems_of(error, merged, GuideData))
    else:
        problems = tuple(_unusable(guide))
        if not problems:
            return guide
    # What settings override stands on no line of the guide.
    lines = [] if overrides else [line_of(place, text) for place, _ in problems]
    reasons = joined(problem.text() for _, problem in problems)
    message = core_message("guide-malformed", guide=name, reasons=reasons)
    raise SettingsError(message, path=where, line=lines[0] if len(lines) == 1 else None)


def _unusable(guide: GuideData) -> Iterator[tuple[Place, Message]]:
    """Yield what has the right type and still cannot be used, with its place."""
    if not (guide.match.readers or guide.match.terms):
        yield ("match",), core_message("guide-match-empty")
    if ENERGY in guide.axes:
        yield ("axes", ENERGY), core_message("axes-energy", key=f"axes.{ENERGY}")
    for name in ("photon_energy", "detection_depth"):
        stated: Range | None = getattr(guide.overview, name)
        if stated is not None and stated.maximum < stated.minimum:
            yield ("overview", name), core_message("range-upside-down", key=f"overview.{name}")
    for place, pattern in _patterns(guide):
        try:
            re.compile(pattern)
        except (re.error, OverflowError) as error:
            yield place, core_message("key-not-a-pattern", key=described(place), value=repr(pattern), reason=str(error))


def _patterns(guide: GuideData) -> Iterator[tuple[Place, str]]:
    """Yield every regular expression of a guide with its place."""
    yield from ((("match", "terms", term), text) for term, text in guide.match.terms.items())
    yield ("overview", "model_pattern"), guide.overview.model_pattern
    yield from ((("manual", number, "pattern"), item.pattern) for number, item in enumerate(guide.manual))
    for name, scan in guide.conditions.items():
        for number, one in enumerate(scan.conditions):
            place: Place = ("conditions", name, "conditions", number)
            if isinstance(one.value, str) and one.comparison != "blank":
                yield (*place, "value"), one.value
            yield (*place, "refused"), one.refused
    for key in ("mounting_pattern", "preparation_pattern", "foreign_pattern"):
        yield ("sample", key), getattr(guide.sample, key)
    if guide.calibration is not None:
        for key in ("standard_pattern", "operator_pattern"):
            yield ("calibration", key), getattr(guide.calibration, key)


def switched_on(value: Value | None) -> bool | None:
    """Return what a boolean item says: true, false, or the words that forms have for them; None for anything else."""
    words = {"有": True, "on": True, "true": True, "1": True, "無": False, "off": False, "false": False, "0": False}
    if isinstance(value, bool):
        return value
    return words.get(str(value).strip().lower())


def file_matches(patterns: tuple[str, ...], name: str) -> bool:
    """Tell whether a file name matches one of the glob patterns, whatever its case."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def converter() -> cattrs.Converter:
    """Return a converter that forbids unknown keys and reads both-language texts and frozen mappings."""
    from shirube._structure import converter as make

    return make()


def _merged(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in top.items():
        if isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = value
    return merged
