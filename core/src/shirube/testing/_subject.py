"""What the checks look at: one plugin with all others blocked, its samples, and what was learnt of it on the way."""

from __future__ import annotations

import functools
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from shirube._discovery import PluginSource
from shirube.blame import Registered
from shirube.errors import MissingPluginError, ShirubeError, core_message
from shirube.hooks import HOOKS, Reader, Record
from shirube.intake import item_of
from shirube.messages import Message, Renderable, Text
from shirube.parameters import suggestion
from shirube.plugins import SECTIONS, Plugins, discover, load_plugins
from shirube.records import Entry, Item, ItemFile, Measurement, Outcome
from shirube.settings import Settings
from shirube.sources import SourceFile
from shirube.terms import Vocabulary, core_terms
from shirube.testing._check import Failed, Skipped
from shirube.testing._samples import Samples
from shirube.testing._standard import standard_outcomes
from shirube.text import is_japanese
from shirube.vocabulary import knowledge

R = TypeVar("R", bound=Record)
T = TypeVar("T")

_PATIENCE: Final = 120

__all__ = ["Subject", "installed", "speaks_both"]


def installed(name: str) -> PluginSource:
    """Return where the plugin ``name`` comes from; nothing of it is imported.

    Raises:
        MissingPluginError: No installed distribution offers it, or several do.
    """
    found = discover()
    if name not in found.plugins:
        known = {*found.plugins, *found.conflicts}
        raise MissingPluginError(core_message("plugin-not-installed", name=name, hint=suggestion(name, sorted(known))))
    return found.plugins[name]


def speaks_both(text: Renderable | None) -> bool:
    """Tell whether a text says something in both languages, the Japanese one in Japanese."""
    if text is None:
        return False
    found = text.text() if isinstance(text, Message) else text
    return bool(found.en.strip()) and is_japanese(found.ja)


class Subject:
    """One plugin under check, for one round.

    Args:
        source: The plugin.
        samples: What to try it on.
        root: An empty folder of the kit's.
        seed: Decides in which order the hooks are asked.
    """

    def __init__(self, source: PluginSource, samples: Samples, root: Path, seed: int) -> None:
        self.source, self.samples, self.root = source, samples, root
        self.name = source.name
        self.seed = seed
        self._folders = 0

    # the plugin

    @functools.cached_property
    def plugins(self) -> Plugins:
        """The plugin beside the core's own, all others blocked; its hooks are asked in an order of the seed's."""
        loaded = load_plugins(allow=(self.name,), block=self._namesakes(), strict=False)
        hooks = list(HOOKS)
        random.Random(self.seed).shuffle(hooks)  # noqa: S311 an order, not a secret
        for hook in hooks:
            loaded.records(hook)
        return loaded

    def _namesakes(self) -> tuple[str, ...]:
        """Return plugins that an allowed name would let in because their distribution is called so."""
        return tuple(one.name for one in discover().plugins.values() if self.name == one.distribution != one.name)

    def own(self, hook: str) -> tuple[Registered[Any], ...]:
        """Return the plugin's records of ``hook``.

        Raises:
            Skipped: It has none.
        """
        found = tuple(one for one in self.plugins.records(hook).values() if one.plugin == self.name)
        if not found:
            raise Skipped.because("conformance-no-records", kind=SECTIONS[hook])
        return found

    def everything(self) -> Iterator[Registered[Record]]:
        """Yield every record of the plugin."""
        for hook in HOOKS:
            yield from (one for one in self.plugins.records(hook).values() if one.plugin == self.name)

    @functools.cached_property
    def distribution(self) -> metadata.Distribution:
        """The installed distribution."""
        return metadata.distribution(self.source.distribution)

    @functools.cached_property
    def package(self) -> Path:
        """Folder of the plugin's package."""
        name = self.source.module.partition(":")[0].partition(".")[0]
        file = import_module(name).__file__
        if file is None:
            raise Failed.because("conformance-seen-no-file", package=name, file="__init__.py")
        return Path(file).parent

    @functools.cached_property
    def settings(self) -> Settings:
        """The settings that the samples ask for."""
        return Settings().with_values(self.samples.settings)

    @functools.cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms of the core and of the plugin; the core's alone when the plugin's cannot be read."""
        try:
            return knowledge(self.plugins).vocabulary
        except ShirubeError:
            return core_terms()

    def parameters(self, registered: Registered[Record]) -> Any:
        """Return a record's parameters with the samples' settings."""
        section = f"{SECTIONS[registered.hook]}.{registered.name}"
        return self.plugins.parameters(registered, self.settings.section(section))

    # places and processes

    def folder(self) -> Path:
        """Return a new empty folder below the root."""
        self._folders += 1
        place = self.root / f"{self.seed}-{self._folders}"
        place.mkdir(parents=True)
        return place

    def child(self, module: str, *arguments: str) -> str:
        """Return what ``python -m module`` prints in a process of its own, which finds what this one finds."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(  # noqa: S603 our own module
            command, cwd=self.folder(), env=environment, capture_output=True, timeout=_PATIENCE, check=False
        )
        if done.returncode:
            raise Failed(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2] or str(done.returncode))
        return done.stdout.decode("utf-8", "replace")

    @functools.cached_property
    def probe(self) -> Mapping[str, Any]:
        """What a process of its own saw of the plugin's imports."""
        with suppress(Exception):
            # The other process asks the hooks, too; one in which a process has ended is refused here.
            list(self.everything())
        printed = self.child("shirube.testing._probe", self.name, self.source.module, self.source.distribution)
        return cast("Mapping[str, Any]", json.loads(printed))

    # samples

    @functools.cached_property
    def sample_folder(self) -> Path:
        """A folder with the sample files, in a folder of its own."""
        place = self.folder() / "samples"
        place.mkdir()
        for name, data in self.samples.files.items():
            (place / name).write_bytes(data)
        return place

    def data_files(self) -> tuple[tuple[Registered[Reader], SourceFile], ...]:
        """Return every sample data file with the reader that it is for, its sidecar attached.

        Raises:
            Skipped: There is none.
        """
        readers = self.own("shirube_readers")
        files = [ItemFile(name, self.sample_folder / name) for name in sorted(self.samples.files)]
        sidecars = {name for one in readers for name in self._sidecars(one.record)}
        found = [
            (one, self._source(one, file))
            for file in files
            for one in readers
            if file.name not in sidecars and file.path.suffix.lower() in one.record.suffixes
        ]
        if not found:
            raise Skipped.because("conformance-no-files")
        return tuple(found)

    def _sidecars(self, reader: Reader) -> dict[str, str]:
        if reader.sidecar is None:
            return {}
        names = {one: reader.sidecar.format(stem=Path(one).stem, name=one) for one in self.samples.files}
        return {sidecar: one for one, sidecar in names.items() if sidecar in names and sidecar != one}

    def _source(self, registered: Registered[Reader], file: ItemFile) -> SourceFile:
        beside = {data: sidecar for sidecar, data in self._sidecars(registered.record).items()}.get(file.name)
        sidecar = None if beside is None else SourceFile(self.sample_folder / beside, name=beside)
        return SourceFile(file.path, name=file.name, sidecar=sidecar)

    def read(self, registered: Registered[Reader], source: SourceFile) -> Measurement:
        """Return what a reader makes of a file."""
        answer = self.plugins.call(registered, "read", source, self.parameters(registered))
        return self.plugins.checked(registered, answer, Measurement)

    @functools.cached_property
    def measurements(self) -> tuple[Measurement, ...]:
        """What the readers make of the sample files."""
        return tuple(self.read(registered, source) for registered, source in self.data_files())

    @functools.cached_property
    def entry(self) -> Entry:
        """The sample files as one entry, mapped and amended as in a run."""
        from shirube.pipeline._reading import read_entry

        if not self.samples.files:
            raise Skipped.because("conformance-no-files")
        files = [ItemFile(name, self.sample_folder / name) for name in sorted(self.samples.files)]
        item = item_of("samples", files, self.plugins)
        if not item.data:
            raise Skipped.because("conformance-no-files")
        return read_entry(item, self.plugins, self.settings, knowledge(self.plugins))

    def outcomes(self) -> tuple[tuple[Outcome, ...], tuple[Item, ...]]:
        """Return the kit's outcomes, with what the plugin's own analyses find, and the items they came from."""
        names = [one.name for one in self.plugins.analyses.values() if one.plugin == self.name]
        make = functools.partial(standard_outcomes, self.folder(), self.plugins, self.settings, names)
        return self.once("outcomes", make)

    def once(self, key: object, make: Callable[[], T]) -> T:
        """Return what ``make`` returns, made once a round."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    @functools.cached_property
    def _made(self) -> dict[object, object]:
        return {}

    @staticmethod
    def text_of(answer: Renderable) -> Text:
        """Return a text or message as a text."""
        return answer.text() if isinstance(answer, Message) else answer
