"""Samples: what a plugin's author hands the conformance kit to try the plugin on."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.errors import PluginError, core_message
from shirube.records import Dataset, Facts, Spectrum
from shirube.testing._distributions import SAMPLES_GROUP

__all__ = ["Samples", "samples_of"]


@frozen(kw_only=True)
class Samples:
    """What to try a plugin on. Everything is optional: a check that lacks its sample is skipped and says so.

    A plugin declares its samples by an entry point of its own name in the group ``shirube.samples``, which names a
    function without arguments that returns them; nothing but the kit ever loads it::

        [project.entry-points."shirube.samples"]
        mysite = "my_site.testing:samples"

    Attributes:
        files: Bytes by file name, as they would lie in one folder: data files of the plugin's readers with their
            sidecars. Small ones, since every truncation is tried.
        formats: Names of the kit's foreign files (``shirube.testing.FOREIGN``) that are the reader's own.
        spectra: Spectra with their facts, for conversions and analyses, besides those in ``files`` and the kit's own.
        datasets: Datasets for policies, besides the kit's own.
        settings: Settings as ``--set`` takes them, for an analysis that is off by default or takes long.
    """

    files: FrozenMapping[str, bytes] = field(factory=FrozenMapping, converter=as_frozen)
    formats: tuple[str, ...] = field(default=(), converter=as_tuple)
    spectra: tuple[tuple[Spectrum, Facts], ...] = field(default=(), converter=as_tuple)
    datasets: tuple[Dataset, ...] = field(default=(), converter=as_tuple)
    settings: FrozenMapping[str, Any] = field(factory=FrozenMapping, converter=as_frozen)

    @classmethod
    def from_folder(cls, folder: Path, **others: Any) -> Samples:
        """Return samples whose files are those of ``folder``; ``others`` are the other attributes."""
        files: Mapping[str, bytes] = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        return cls(files=files, **others)


def samples_of(plugin: str) -> Samples:
    """Return the samples that an installed plugin declares, empty ones when it declares none.

    Raises:
        PluginError: What is declared is no function that returns samples.
    """
    for point in metadata.entry_points(group=SAMPLES_GROUP, name=plugin):
        try:
            samples = point.load()()
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise PluginError(
                core_message("samples-broken", plugin=plugin, value=point.value, reason=reason)
            ) from error
        if not isinstance(samples, Samples):
            reason = type(samples).__name__
            raise PluginError(core_message("samples-broken", plugin=plugin, value=point.value, reason=reason))
        return samples
    return Samples()
