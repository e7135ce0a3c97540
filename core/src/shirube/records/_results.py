"""What comes out: results of analyses, findings of rules, provenance, and the outcome that holds them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube._waiver import Waiver
from shirube.messages import Text
from shirube.records import _checks
from shirube.records._facts import Decision, Facts, Quantity, Value
from shirube.records._spectra import FloatArray, Pickled, Severity, Source, Spectrum, read_only

if TYPE_CHECKING:
    from attrs import Attribute
    from matplotlib.figure import Figure

    from shirube.records._entries import Entry
    from shirube.tables import Table

FindingKind: TypeAlias = Literal["pass", "fail", "notApplicable", "open", "review", "informational"]
SubjectKind: TypeAlias = Literal["item", "entry", "spectrum", "dataset", "tree", "run"]
ResultStatus: TypeAlias = Literal["ok", "doubtful", "refused", "skipped", "failed"]


@frozen
class Subject:
    """What a finding is about."""

    kind: SubjectKind = field(validator=_checks.one_of(SubjectKind))
    id: str = field(validator=_checks.text)


@frozen(kw_only=True)
class Finding:
    """One rule on one subject.

    Attributes:
        rule: Stable id of the rule.
        policy: Policy (or guide, conversion, reader) the rule belongs to.
        kind: One of SARIF's six result kinds.
        severity: Read off the rule's wording; independent of what a failure blocks.
        message: What was found.
        note: A failure inside the band of an "about", or of a heuristic: to look at, never to count.
        error: The rule itself could not be evaluated; counts as failed.
        path: The file, or the place in the record.
        line: Line of the file.
        remedy: What to do.
        quote: The sentence of the source the rule was made from.
        blocks: The gates that a failure closes.
        due: ISO date before which the rule is informational.
        locked: The rule can be neither disabled nor waived, so a failure can only be mended.
        waiver: Present when the failure is accepted.
    """

    rule: str = field(validator=_checks.text)
    policy: str = field(validator=_checks.text)
    subject: Subject = field(validator=_checks.a(Subject))
    kind: FindingKind = field(validator=_checks.one_of(FindingKind))
    severity: Severity = field(validator=_checks.one_of(Severity))
    message: Text = field(validator=_checks.message)
    note: bool = field(default=False, validator=_checks.a(bool))
    error: bool = field(default=False, validator=_checks.a(bool))
    path: str | None = field(default=None, validator=_checks.text_or_none)
    line: int | None = field(default=None, validator=_checks.whole_or_none)
    remedy: Text | None = field(default=None, validator=_checks.message_or_none)
    quote: str | None = field(default=None, validator=_checks.text_or_none)
    blocks: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)
    due: str | None = field(default=None, validator=_checks.text_or_none)
    locked: bool = field(default=False, validator=_checks.a(bool))
    waiver: Waiver | None = field(default=None, validator=_checks.a(Waiver, optional=True))

    @property
    def counts(self) -> bool:
        """Whether this is a failure that is neither a note nor waived."""
        return self.kind == "fail" and not self.note and self.waiver is None


@frozen(eq=False)
class NamedArray(Pickled):
    """An array of a result by name; read-only, any shape; ``unit`` of its values."""

    name: str = field(validator=_checks.text)
    values: FloatArray = field(converter=read_only)
    unit: str = field(default="", validator=_checks.text)


def _tables(record: object, attribute: Attribute[Any], value: tuple[object, ...]) -> None:
    if value:
        # Tables are made of arrays of this package; at the top the import would go round in a circle.
        from shirube.tables import Table

        _checks.all_of(Table)(record, attribute, value)


def _figure(record: object, attribute: Attribute[Any], value: object) -> None:
    # By what it can do: the core does without matplotlib.
    if not callable(getattr(value, "savefig", None)):
        msg = f"{type(record).__name__}.{attribute.name}: expected a figure, not {type(value).__name__}"
        raise ValueError(msg)


@frozen(eq=False)
class Result:
    """What an analysis found on one target. Data only: drawing belongs to the analysis.

    Attributes:
        analysis: Name of the analysis.
        target: Spectrum id or entry name.
        status: ``ok``, ``doubtful``, ``refused`` (it would not be honest), ``skipped``, ``failed``.
        reasons: Why the status is not ``ok``.
        scalars: By term.
        tables: Named tables (columns with label and unit), no two of one name.
        arrays: Named arrays, no two of one name.
        parameters: Effective parameters.
    """

    analysis: str = field(validator=_checks.text)
    target: str = field(validator=_checks.text)
    status: ResultStatus = field(default="ok", validator=_checks.one_of(ResultStatus))
    reasons: tuple[Text, ...] = field(default=(), converter=as_tuple, validator=_checks.messages)
    scalars: FrozenMapping[str, Quantity] = field(
        factory=FrozenMapping, converter=as_frozen, validator=_checks.all_by_text(Quantity)
    )
    tables: tuple[Table, ...] = field(default=(), converter=as_tuple, validator=[_tables, _checks.unlike_names])
    arrays: tuple[NamedArray, ...] = field(
        default=(), converter=as_tuple, validator=[_checks.all_of(NamedArray), _checks.unlike_names]
    )
    parameters: FrozenMapping[str, Value | tuple[Value, ...] | None] = field(
        factory=FrozenMapping, converter=_checks.as_plain_mapping, validator=_checks.plain_values
    )

    def array(self, name: str) -> FloatArray:
        """Return the array called ``name``.

        Raises:
            KeyError: There is none.
        """
        for array in self.arrays:
            if array.name == name:
                return array.values
        raise KeyError(name)

    def table(self, name: str) -> Table:
        """Return the table called ``name``.

        Raises:
            KeyError: There is none.
        """
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def same_as(self, other: Result, rtol: float = 0.0) -> bool:
        """Tell whether both hold the same, numbers in arrays and tables within ``rtol``."""
        return (
            (self.analysis, self.target, self.status, self.reasons, self.scalars, self.parameters)
            == (other.analysis, other.target, other.status, other.reasons, other.scalars, other.parameters)
            and len(self.tables) == len(other.tables)
            and all(mine.same_as(its, rtol) for mine, its in zip(self.tables, other.tables, strict=True))
            and [array.name for array in self.arrays] == [array.name for array in other.arrays]
            and all(
                mine.values.shape == its.values.shape
                and np.allclose(mine.values, its.values, rtol=rtol, atol=0.0, equal_nan=True)
                for mine, its in zip(self.arrays, other.arrays, strict=True)
            )
        )


@frozen(eq=False)
class AnalysisTarget:
    """What an analysis works on: one spectrum, or all spectra of an entry.

    Attributes:
        entry: Name of the entry.
        spectra: One for scope ``spectrum``; all for scope ``entry``.
        facts: By spectrum id.
        results: What earlier analyses found on the same target (scope ``entry``: on its spectra too).
    """

    entry: str
    spectra: tuple[Spectrum, ...] = field(converter=as_tuple)
    facts: FrozenMapping[str, Facts] = field(factory=FrozenMapping, converter=as_frozen)
    results: tuple[Result, ...] = field(default=(), converter=as_tuple)

    @property
    def spectrum(self) -> Spectrum:
        """The only spectrum of the target.

        Raises:
            ValueError: The target has several.
        """
        (spectrum,) = self.spectra
        return spectrum


@frozen(eq=False)
class Drawing:
    """A figure of a result: ``name`` becomes the file name; ``main`` marks the one that represents the result."""

    name: str = field(validator=_checks.text)
    figure: Figure = field(validator=_figure)
    main: bool = field(default=False, validator=_checks.a(bool))
    caption: Text = field(default=Text(en="", ja=""), validator=_checks.message)


@frozen
class PluginVersion:
    """A plugin that took part: its name, distribution and version."""

    name: str
    distribution: str
    version: str


@frozen
class Provenance:
    """How an outcome came to be: versions, inputs, effective settings, the date it was judged on."""

    core: str
    plugins: tuple[PluginVersion, ...] = field(default=(), converter=as_tuple)
    inputs: tuple[Source, ...] = field(default=(), converter=as_tuple)
    settings: FrozenMapping[str, Value | tuple[Value, ...] | None] = field(factory=FrozenMapping, converter=as_frozen)
    judged_on: str | None = None


@frozen(eq=False)
class Outcome:
    """Everything that came of one item."""

    entry: Entry
    results: tuple[Result, ...] = field(default=(), converter=as_tuple)
    findings: tuple[Finding, ...] = field(default=(), converter=as_tuple)
    decisions: tuple[Decision, ...] = field(default=(), converter=as_tuple)
    provenance: Provenance = Provenance(core="")

    def same_as(self, other: Outcome, rtol: float = 0.0) -> bool:
        """Tell whether both outcomes hold the same, numbers in arrays within ``rtol``."""
        return (
            (self.findings, self.decisions, self.provenance) == (other.findings, other.decisions, other.provenance)
            and self.entry.same_as(other.entry, rtol)
            and len(self.results) == len(other.results)
            and all(mine.same_as(its, rtol) for mine, its in zip(self.results, other.results, strict=True))
        )
