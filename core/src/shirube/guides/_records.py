"""The records of a guide, structured from its TOML file."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen
from shirube.guideprose import Definition, GuideFigure, Range, Reading, Structuring
from shirube.guides._conditions import Calibration, SampleGuide, ScanClass
from shirube.messages import Text
from shirube.records import AxisTreatment, Value

ManualType: TypeAlias = Literal["string", "integer", "number", "boolean"]
Placement: TypeAlias = Literal["constant", "variable"]

__all__ = [
    "GuideAnalysis",
    "GuideChecks",
    "GuideData",
    "GuideFiles",
    "GuideMatch",
    "Holder",
    "ManualItem",
    "ManualType",
    "MetadataItem",
    "Overview",
    "Placement",
    "SidecarKey",
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
    #: What analyses see of axes by name, their sum or each point; wins over the core's default.
    axes: FrozenMapping[str, AxisTreatment] = field(factory=FrozenMapping, converter=as_frozen)
    #: First sentences of blocks (``manual``, ``metadata``, ``conditions``) by the block's name.
    introductions: FrozenMapping[str, Text] = field(factory=FrozenMapping, converter=as_frozen)
    definitions: tuple[Definition, ...] = ()
    figures: tuple[GuideFigure, ...] = ()
    readings: tuple[Reading, ...] = ()
