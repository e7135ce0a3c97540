"""What an exporter is given besides the outcomes: guides, terms, rendered figures and where the input files lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_tuple
from shirube.guides import GuideData
from shirube.hooks import Analysis
from shirube.messages import Language, Text
from shirube.records import Registration
from shirube.terms import Vocabulary

#: File formats of lines and letters, as endings of file names.
VectorFormat = Literal["svg", "pdf"]

__all__ = ["ExportContext", "RenderedFigure", "VectorFigure", "VectorFormat"]


@frozen
class VectorFigure:
    """The bytes of a figure as a file of lines and letters, and the format that they are in."""

    format: VectorFormat
    content: bytes = field(repr=False)


@frozen(kw_only=True)
class RenderedFigure:
    """A figure as PNG bytes.

    Attributes:
        name: File name without suffix, unique in its entry, ASCII, safe on every file system.
        entry: Name of the entry.
        target: Spectrum id or entry name.
        source: ``spectrum`` for the core's own plots, otherwise the analysis that drew it.
        main: Whether it represents its entry.
        leads: Whether it is the main one of the analysis that drew it, for its target.
        caption: What it shows.
        png: The file's bytes.
        vector: The same figure in a vector format, where one was asked for.
    """

    name: str
    entry: str
    target: str
    source: str
    main: bool
    caption: Text
    png: bytes = field(repr=False)
    leads: bool = False
    vector: VectorFigure | None = None


@frozen(kw_only=True)
class ExportContext:
    """What an exporter may use.

    Attributes:
        lang: Language of texts and figures.
        vocabulary: All terms.
        guides: Structured guides by name (facility overrides applied).
        figures: Figures of all entries, in order.
        inputs: Where the files of an entry lie: ``inputs[entry][file name]``.
        registrations: Registration documents by entry name, as they were given.
        analyses: Installed analyses, whose declared terms a template lists.
        mode: ``run`` below an output folder, ``job`` in place of a job of the registry.
    """

    lang: Language
    vocabulary: Vocabulary
    guides: Mapping[str, GuideData] = field(factory=FrozenMapping)
    figures: tuple[RenderedFigure, ...] = field(default=(), converter=as_tuple)
    inputs: Mapping[str, Mapping[str, Path]] = field(factory=dict)
    registrations: Mapping[str, Registration] = field(factory=dict)
    analyses: tuple[Analysis, ...] = field(default=(), converter=as_tuple)
    mode: Literal["run", "job"] = "run"
