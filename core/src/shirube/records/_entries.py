"""Items that come in, entries that are made of them, and the dataset they belong to."""

from __future__ import annotations

from pathlib import Path

from attrs import converters, field, frozen, validators

from shirube._axes import AxisTreatment
from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.messages import Text
from shirube.records import _checks
from shirube.records._facts import Decision, Facts, Value
from shirube.records._spectra import Measurement, Severity, Source, Spectrum


@frozen
class Sample:
    """The sample, as a registry's form asks for it. None: not supplied; an empty text or list: left blank.

    Attributes:
        id: The registry's id; blank for a sample that is registered anew.
        is_new: Whether it is registered anew rather than selected among the registered ones.
        names: Its names, the first being the local one.
        composition: Chemical formula, composition or molecular formula.
        description: What else is to be said of it.
        reference_url: Address of a page about it.
        owner_id: Account of its owner.
        owner: Organisation of its owner as the registry shows it.
        hide_owner: Whether the owner is hidden when the dataset is shared.
        related: Ids of related samples.
        tags: Its tags.
        kind: What is asked of it: inorganic, organic or device; None: what its classes and texts say.
        classes: Ids of the registry's classes of samples.
        unknown_reason: Why it cannot be said what it is made of.
        composition_irrelevant: Whether its composition matters to nothing that was measured.
        attributes: Further attributes by term id.
    """

    id: str | None = field(default=None, validator=_checks.text_or_none)
    names: tuple[str, ...] | None = field(
        default=None, converter=converters.optional(as_tuple), validator=validators.optional(_checks.texts)
    )
    composition: str | None = field(default=None, validator=_checks.text_or_none)
    description: str | None = field(default=None, validator=_checks.text_or_none)
    reference_url: str | None = field(default=None, validator=_checks.text_or_none)
    owner_id: str | None = field(default=None, validator=_checks.text_or_none)
    attributes: FrozenMapping[str, str] = field(
        factory=FrozenMapping, converter=as_frozen, validator=_checks.all_by_text(str)
    )
    is_new: bool | None = field(default=None, validator=_checks.a(bool, optional=True))
    owner: str | None = field(default=None, validator=_checks.text_or_none)
    hide_owner: bool | None = field(default=None, validator=_checks.a(bool, optional=True))
    related: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    kind: str | None = field(default=None, validator=_checks.text_or_none)
    classes: tuple[str, ...] | None = None
    unknown_reason: str | None = field(default=None, validator=_checks.text_or_none)
    composition_irrelevant: bool | None = field(default=None, validator=_checks.a(bool, optional=True))


@frozen
class Registration:
    """What is known of an entry beside its data files: a registry's invoice, or an entry file written by hand.

    Attributes:
        manual: Items entered by hand, by registry key; an item left blank is absent.
        sample: The sample.
        data_name: Name of the entry at the registry.
        document: The registry's own document as JSON text, kept so that it can be written back unchanged.
        source: File name it came from.
        facts: Facts that no data file carries (the sample's size, who calibrated), by term, in the term's unit.
    """

    manual: FrozenMapping[str, Value] = field(
        factory=FrozenMapping, converter=_checks.as_plain_mapping, validator=_checks.single_values
    )
    sample: Sample | None = field(default=None, validator=_checks.a(Sample, optional=True))
    data_name: str | None = field(default=None, validator=_checks.text_or_none)
    document: str | None = field(default=None, validator=_checks.text_or_none)
    source: str = field(default="", validator=_checks.text)
    facts: FrozenMapping[str, Value] = field(
        factory=FrozenMapping, converter=_checks.as_plain_mapping, validator=_checks.single_values
    )


@frozen
class ItemFile:
    """A file of an item: the name under which it is known, and where it lies (never recorded in outcomes)."""

    name: str
    path: Path = field(converter=Path)


@frozen
class Item:
    """What becomes one entry.

    Attributes:
        name: Name of the entry, unique in a run.
        data: Files to read.
        sidecars: Files that belong to data files, by the data file's name.
        unclaimed: Files nobody reads; registered as they are.
        registration: What the registry already knows; None without an invoice.
        guide: Guide named for this item, None to select by match.
        reader: Reader named for this item, None to select by claim.
    """

    name: str
    data: tuple[ItemFile, ...] = field(converter=as_tuple)
    sidecars: FrozenMapping[str, ItemFile] = field(factory=FrozenMapping, converter=as_frozen)
    unclaimed: tuple[ItemFile, ...] = field(default=(), converter=as_tuple)
    registration: Registration | None = None
    guide: str | None = None
    reader: str | None = None

    def files(self) -> tuple[ItemFile, ...]:
        """Return every file of the item once, data first; two data files may share a sidecar."""
        return tuple(dict.fromkeys((*self.data, *self.sidecars.values(), *self.unclaimed)))


@frozen(eq=False)
class Entry:
    """Measurements with their facts, ready to be analysed and judged.

    Attributes:
        name: As the item's.
        measurements: As read, but spectra converted to the wanted energy scale where that was possible.
        facts: By spectrum id.
        files: Every file of the item with its hash, those that nobody reads too.
        registration: As the item's.
        guide: Name of the guide that applies, None without one.
        guide_named: Whether the guide was named by the user (it then applies even if it does not match).
        axes: What analyses see of each axis, by name (see :mod:`shirube.reduction`); one that is not named stays.
    """

    name: str
    measurements: tuple[Measurement, ...] = field(converter=as_tuple)
    facts: FrozenMapping[str, Facts] = field(factory=FrozenMapping, converter=as_frozen)
    files: tuple[Source, ...] = field(default=(), converter=as_tuple)
    registration: Registration | None = None
    guide: str | None = None
    guide_named: bool = False
    axes: FrozenMapping[str, AxisTreatment] = field(
        factory=FrozenMapping, converter=as_frozen, validator=_checks.all_by_text(str)
    )

    def spectra(self) -> tuple[Spectrum, ...]:
        """Return the spectra of all measurements, in order."""
        return tuple(spectrum for measurement in self.measurements for spectrum in measurement.spectra)

    def spectrum(self, spectrum_id: str) -> Spectrum:
        """Return the spectrum of this id.

        Raises:
            KeyError: There is none.
        """
        for spectrum in self.spectra():
            if spectrum.id == spectrum_id:
                return spectrum
        raise KeyError(spectrum_id)

    def measurement_of(self, spectrum_id: str) -> Measurement:
        """Return the measurement that holds the spectrum of this id.

        Raises:
            KeyError: There is none.
        """
        for measurement in self.measurements:
            if any(spectrum.id == spectrum_id for spectrum in measurement.spectra):
                return measurement
        raise KeyError(spectrum_id)

    def same_as(self, other: Entry, rtol: float = 0.0) -> bool:
        """Tell whether both hold the same, numbers within ``rtol``."""
        return (
            (self.name, self.facts, self.files, self.registration, self.guide, self.guide_named, self.axes)
            == (other.name, other.facts, other.files, other.registration, other.guide, other.guide_named, other.axes)
            and len(self.measurements) == len(other.measurements)
            and all(mine.same_as(its, rtol) for mine, its in zip(self.measurements, other.measurements, strict=True))
        )


@frozen
class Notice:
    """Something that a conversion must say about one spectrum.

    Attributes:
        code: Stable id of the notice, unique in its plugin (``photon-energy-garbage``).
        text: What is so, and what to do about it.
        severity: ``must`` when the result cannot be used as it is, ``should`` to look at, ``info`` otherwise.
    """

    code: str = field(validator=_checks.text)
    text: Text = field(validator=_checks.message)
    severity: Severity = field(default="info", validator=_checks.one_of(Severity))


@frozen(eq=False)
class Converted:
    """What a conversion returns: the spectrum, what it decided, and what the reader of a report must know.

    The core turns ``notices`` into findings on the spectrum.
    """

    spectrum: Spectrum = field(validator=_checks.a(Spectrum))
    decisions: tuple[Decision, ...] = field(default=(), converter=as_tuple, validator=_checks.all_of(Decision))
    notices: tuple[Notice, ...] = field(default=(), converter=as_tuple, validator=_checks.all_of(Notice))
