"""The hooks of Shirube: what a plugin may register, as frozen records, and what each record promises.

A plugin is a module named by an entry point of the group ``shirube.plugins``. It imports this module
and nothing heavy, and implements the hooks it needs::

    from shirube.hooks import Reader, Text, hookimpl

    @hookimpl
    def shirube_readers():
        return [Reader(name="csv2", description=Text(en="...", ja="..."), suffixes=(".csv",),
                       implementation="my_plugin.reader")]

A record's ``implementation`` is either an object or a reference ``"package.module"`` or
``"package.module:name"`` that is imported on first use; so listing plugins costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias

import pluggy
from attrs import field, frozen

from shirube import _checks
from shirube._discovery import GROUP
from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.messages import Language, Message, Renderable, Text

if TYPE_CHECKING:
    from shirube.exporting import ExportContext
    from shirube.progress import Progress
    from shirube.records import (
        Amended,
        AnalysisTarget,
        Converted,
        Dataset,
        Drawing,
        Facts,
        Finding,
        Measurement,
        Outcome,
        Result,
        Spectrum,
    )
    from shirube.rules import Rule
    from shirube.sources import SourceFile

PROJECT: Final = "shirube"
#: Version of the plugin API, which is the hooks, their records and the public rooms. A new hook or field makes a new
#: minor version; what goes was deprecated for one (see :mod:`shirube.deprecation`), and makes a new major one.
API_VERSION: Final = "1.0"
ENTRY_POINT_GROUP: Final = GROUP

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

__all__ = [
    "API_VERSION",
    "ENTRY_POINT_GROUP",
    "Amendment",
    "AmendmentImplementation",
    "Analysis",
    "AnalysisImplementation",
    "Command",
    "Conversion",
    "ConversionImplementation",
    "Exporter",
    "ExporterImplementation",
    "Guide",
    "HookSpecs",
    "Language",
    "Message",
    "MetadataMap",
    "Policy",
    "PolicyImplementation",
    "Reader",
    "ReaderImplementation",
    "Record",
    "Renderable",
    "Resource",
    "Text",
    "hookimpl",
]


@frozen
class Resource:
    """A data file inside an installed package, read on first use."""

    package: str
    path: str

    def read_bytes(self) -> bytes:
        """Return the file's bytes."""
        from importlib import resources

        return resources.files(self.package).joinpath(self.path).read_bytes()

    def __str__(self) -> str:
        return f"{self.package}/{self.path}"


class ReaderImplementation(Protocol):
    """Reads one kind of instrument file. A module with these functions will do."""

    def claims(self, source: SourceFile) -> bool:
        """Tell whether ``source`` is this reader's, from its name and first bytes; never raise for a foreign file."""

    def read(self, source: SourceFile, parameters: Any) -> Measurement:
        """Return everything the file and its sidecar say.

        Raises:
            InputError: The file is not what it claims to be; names file, line and what was expected.
        """


class AmendmentImplementation(Protocol):
    """States facts about a measurement that no file carries (a site, a work function)."""

    def amend(self, spectrum: Spectrum, measurement: Measurement, facts: Facts, parameters: Any) -> Amended:
        """Return facts, only of the terms that the record's ``sets`` lists.

        ``facts`` holds what file and registration state and nothing of other amendments: order never decides.
        """


class ConversionImplementation(Protocol):
    """Converts a spectrum's energy reference or an axis unit."""

    def convert(self, spectrum: Spectrum, facts: Facts, parameters: Any) -> Converted:
        """Return the spectrum on the record's target scale with the decisions made on the way.

        When the conversion is not possible the spectrum comes back as it was, with findings that say why.
        """


class AnalysisImplementation(Protocol):
    """Analyses a spectrum or an entry, and draws what it found."""

    def applies(self, target: AnalysisTarget, parameters: Any) -> Renderable | None:
        """Return None if ``target`` can be analysed, otherwise the reason why it is not."""

    def run(self, target: AnalysisTarget, parameters: Any, progress: Progress) -> Result:
        """Return the result: data only, the same for the same target and parameters."""

    def run_series(self, targets: Sequence[AnalysisTarget], parameters: Any, progress: Progress) -> Sequence[Result]:
        """Return the results of spectra that were measured one after another, one a target, in their order.

        Optional, for scope ``spectrum``; without it each is run by itself. What is known of one spectrum may shorten
        the way for the next, but never decide: each result has the status and the terms that ``run`` gives it, and
        numbers that differ by less than their uncertainties. The core cuts long series at fixed places.
        """

    def draw(self, target: AnalysisTarget, result: Result, lang: Language) -> Iterable[Drawing]:
        """Return the figures of ``result``."""


class PolicyImplementation(Protocol):
    """Provides the rules of a policy."""

    def rules(self, parameters: Any) -> Sequence[Rule]:
        """Return the policy's rules."""


class ExporterImplementation(Protocol):
    """Writes outcomes where a registry expects them; optionally verifies and reads such a tree."""

    def ready(self, parameters: Any) -> None:
        """Return if it could write. Optional; it is asked before any work is done.

        Raises:
            MissingPluginError: An optional dependency is not installed; says which.
        """

    def write(self, outcomes: Sequence[Outcome], target: Path, context: ExportContext, parameters: Any) -> None:
        """Write ``outcomes`` into the existing empty folder ``target`` (which is swapped in when all went well)."""

    def verify(self, target: Path, parameters: Any) -> Sequence[Finding]:
        """Return what is wrong with a tree that this exporter (or its registry) wrote."""

    def read(self, path: Path, parameters: Any) -> Dataset | None:
        """Return the dataset that ``path`` describes, or None when it is not this exporter's."""


def __getattr__(name: str) -> Any:
    """Return what a deprecated name of this module is called now."""
    from shirube.deprecation import warn_of_use

    return warn_of_use(__name__, name)


Implementation: TypeAlias = object
ParametersClass: TypeAlias = str | type | None


@frozen(kw_only=True)
class Record:
    """What every registered record has: a name that is unique among the records of its hook."""

    name: str = field(validator=_checks.name)
    description: Text = field(validator=_checks.text)
    #: A frozen attrs class (see :mod:`shirube.parameters`) or a reference to one; its fields are the settings.
    parameters: ParametersClass = None


@frozen(kw_only=True)
class Reader(Record):
    """Reads one kind of instrument file. The case of its suffixes does not matter."""

    suffixes: tuple[str, ...] = field(converter=_checks.as_suffixes, validator=_checks.suffixes)
    implementation: Implementation
    #: Name of the sidecar beside a data file, ``{stem}`` and ``{name}`` being the data file's.
    sidecar: str | None = field(default=None, validator=_checks.sidecar)


@frozen(kw_only=True)
class MetadataMap(Record):
    """Maps a reader's keys to terms; a TOML resource, because the mapping belongs to the file format."""

    reader: str
    resource: Resource


@frozen(kw_only=True)
class Amendment(Record):
    """States facts that no file carries. Two amendments that set one term of one spectrum are an error."""

    sets: tuple[str, ...] = field(converter=as_tuple, validator=_checks.texts)
    implementation: Implementation
    #: Readers whose measurements it amends; empty for all.
    readers: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)


@frozen(kw_only=True)
class Conversion(Record):
    """Converts spectra from one of ``sources`` to ``target``: energy scales (kinetic, binding) or axis units."""

    sources: tuple[str, ...] = field(converter=as_tuple, validator=_checks.texts)
    target: str
    #: Terms it reads; when one is missing the conversion still runs and says so in its findings.
    requires: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)
    #: Terms it decides between candidates (header, sidecar, settings).
    decides: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)
    implementation: Implementation


@frozen(kw_only=True)
class Guide(Record):
    """A data reference guide: one TOML resource (see :mod:`shirube.guides`)."""

    resource: Resource


@frozen(kw_only=True)
class Analysis(Record):
    """Analyses spectra or entries; runs after the analyses that yield the terms it requires."""

    scope: Literal["spectrum", "entry"] = field(default="spectrum", validator=_checks.one_of(("spectrum", "entry")))
    requires: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)
    yields: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)
    implementation: Implementation
    #: TOML resource with the terms under the plugin's own prefix.
    terms: Resource | None = None


@frozen(kw_only=True)
class Policy(Record):
    """A set of rules that judge a dataset, an entry or an item."""

    implementation: Implementation
    #: Guides for whose entries its entry rules are asked; empty for every entry.
    guides: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)
    #: What people call the gates that its rules block, in the order in which they are shown.
    gates: FrozenMapping[str, Text] = field(factory=FrozenMapping, converter=as_frozen)


@frozen(kw_only=True)
class Exporter(Record):
    """Writes outcomes as a registry or another program expects them, in a folder of its own below the output folder.

    Without a word from the user every installed exporter writes, but for those with ``on_request``.
    """

    implementation: Implementation
    #: Writes only when it is named, with ``--export`` or in settings: a format that some want, and most do not.
    on_request: bool = field(default=False, validator=_checks.flag)


@frozen(kw_only=True)
class Command(Record):
    """A command of its own below ``shirube``; ``implementation`` is a click command. The core's names are taken."""

    name: str = field(validator=[_checks.name, _checks.no_core_command])
    implementation: Implementation


class HookSpecs:
    """The hook specifications. None takes an argument; each returns records."""

    @hookspec
    def shirube_readers(self) -> Iterable[Reader]:
        """Readers of instrument files.

        All readers are asked whether they claim a file; exactly one may.

        For example::

            @hookimpl
            def shirube_readers():
                return [Reader(name="ses2002", description=Text(en="SES text", ja="SES テキスト"),
                               suffixes=(".txt",), sidecar="{stem}_metadata.json",
                               implementation="shirube_ses2002.reader")]
        """
        raise AssertionError

    @hookspec
    def shirube_metadata_maps(self) -> Iterable[MetadataMap]:
        """Maps from a reader's keys to terms, as data.

        For example::

            @hookimpl
            def shirube_metadata_maps():
                return [MetadataMap(name="ses2002", description=Text(en="SES keys", ja="SES のキー"),
                                    reader="ses2002", resource=Resource("shirube_ses2002", "metadata.toml"))]
        """
        raise AssertionError

    @hookspec
    def shirube_amendments(self) -> Iterable[Amendment]:
        """Facts that no file carries.

        For example::

            @hookimpl
            def shirube_amendments():
                return [Amendment(name="site", description=Text(en="the site", ja="設置場所"),
                                  sets=("location",), implementation="my_site.facts")]
        """
        raise AssertionError

    @hookspec
    def shirube_unit_conversions(self) -> Iterable[Conversion]:
        """Conversions of energy references and axis units.

        For example::

            @hookimpl
            def shirube_unit_conversions():
                return [Conversion(name="synchrotron", description=Text(en="kinetic to binding", ja="..."),
                                   sources=("kinetic", "binding"), target="binding",
                                   requires=("photon_energy",), implementation="shirube_synchrotron.conversion")]
        """
        raise AssertionError

    @hookspec
    def shirube_guides(self) -> Iterable[Guide]:
        """Data reference guides, as data.

        For example::

            @hookimpl
            def shirube_guides():
                return [Guide(name="ses2002", description=Text(en="SES2002", ja="SES2002"),
                              resource=Resource("shirube_ses2002", "guide.toml"))]
        """
        raise AssertionError

    @hookspec
    def shirube_analyses(self) -> Iterable[Analysis]:
        """Analyses.

        For example::

            @hookimpl
            def shirube_analyses():
                return [Analysis(name="bicfit", description=Text(en="peak fit", ja="ピーク分離"),
                                 yields=("bicfit.peak_count",), parameters="shirube_bicfit.parameters:Parameters",
                                 implementation="shirube_bicfit.analysis")]
        """
        raise AssertionError

    @hookspec
    def shirube_policies(self) -> Iterable[Policy]:
        """Policies.

        For example::

            @hookimpl
            def shirube_policies():
                return [Policy(name="arim", description=Text(en="ARIM policy", ja="ARIM ポリシー"),
                               implementation="shirube_policy.rules")]
        """
        raise AssertionError

    @hookspec
    def shirube_exporters(self) -> Iterable[Exporter]:
        """Exporters.

        For example::

            @hookimpl
            def shirube_exporters():
                return [Exporter(name="rde", description=Text(en="RDE job tree", ja="RDE のフォルダー"),
                                 implementation="shirube_rde.exporter")]
        """
        raise AssertionError

    @hookspec
    def shirube_commands(self) -> Iterable[Command]:
        """Commands below ``shirube``.

        For example::

            @hookimpl
            def shirube_commands():
                return [Command(name="fit", description=Text(en="Fit peaks.", ja="ピークを分離する。"),
                                implementation="shirube_bicfit.cli:fit")]
        """
        raise AssertionError


HOOKS: Final[Mapping[str, type[Record]]] = FrozenMapping(
    {
        "shirube_readers": Reader,
        "shirube_metadata_maps": MetadataMap,
        "shirube_amendments": Amendment,
        "shirube_unit_conversions": Conversion,
        "shirube_guides": Guide,
        "shirube_analyses": Analysis,
        "shirube_policies": Policy,
        "shirube_exporters": Exporter,
        "shirube_commands": Command,
    }
)
