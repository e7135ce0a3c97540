"""Results as the page shows them: figures, what was found, tables in the order in which a person needs them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.htmlreport._curves import curves_of
from shirube.htmlreport._figures import criterion_figure, fit_figure
from shirube.htmlreport._measured import Row
from shirube.htmlreport._paper import Figure
from shirube.htmlreport._tables import ShownTable, shown_table
from shirube.htmlreport._words import Words
from shirube.messages import Text
from shirube.records import Quantity, Result, ResultStatus, Spectrum
from shirube.runs import StoredFigure
from shirube.tables import Table

#: A table of more rows is folded in; no table shows more than the second.
_OPEN, _MOST = 30, 200
#: Images of more bytes stay in the run folder.
_LARGEST_IMAGE: Final = 2_000_000

__all__ = ["Image", "ShownResult", "shown_image", "shown_result"]


@frozen
class Image:
    """An image within the page, and what it shows."""

    uri: str
    caption: str


@frozen(kw_only=True)
class ShownResult:
    """A result ready for the page.

    Attributes:
        title: Name of the analysis.
        about: What the analysis does.
        status: How it ended.
        word: The same for people.
        reasons: Why it is not well.
        figures: Its best model, then a criterion over models.
        others: Its other models.
        images: What is drawn of it in the run folder, where the page cannot draw it.
        scalars: What it found, by term.
        tables: Tables that are shown.
        folded: Tables that are folded in.
        parameters: Settings that it used.
    """

    title: str
    about: str
    status: ResultStatus
    word: str
    reasons: tuple[str, ...] = field(converter=as_tuple)
    figures: tuple[Figure, ...] = field(converter=as_tuple)
    others: tuple[Figure, ...] = field(converter=as_tuple)
    images: tuple[Image, ...] = field(converter=as_tuple)
    scalars: tuple[Row, ...] = field(converter=as_tuple)
    tables: tuple[ShownTable, ...] = field(converter=as_tuple)
    folded: tuple[ShownTable, ...] = field(converter=as_tuple)
    parameters: tuple[Row, ...] = field(converter=as_tuple)


def shown_result(
    result: Result,
    spectrum: Spectrum | None,
    stored: Sequence[StoredFigure],
    abouts: Mapping[str, Text],
    words: Words,
    *,
    brief: bool = False,
) -> ShownResult:
    """Return a result ready for the page.

    Args:
        result: As the run folder holds it.
        spectrum: What it was found on, where it is one spectrum.
        stored: Figures of it in the run folder.
        abouts: What analyses do, by name, as far as they are installed.
        words: The language.
        brief: Leave out other models, long tables and settings, and fold all but the best model: one of very many.
    """
    models = (
        []
        if spectrum is None
        else [fit_figure(one, spectrum, words) for one in curves_of(result)[: 1 if brief else None]]
    )
    drawn = [one for one in models if one is not None]
    criteria = [found for one in result.tables if _is_small(one) and (found := criterion_figure(one, words))]
    shown, folded = _arranged(result.tables, brief=brief)
    about = abouts.get(result.analysis)
    return ShownResult(
        title=result.analysis,
        about="" if about is None else words.text(about),
        status=result.status,
        word=words(f"status-{result.status}"),
        reasons=words.reasons(result.reasons),
        figures=[*drawn[:1], *criteria],
        others=[] if brief else drawn[1:],
        images=[] if drawn or brief else [one for figure in stored if (one := shown_image(figure, words)) is not None],
        scalars=[] if brief and drawn else [_scalar(*one, words) for one in result.scalars.items()],
        tables=[shown_table(one, words, _MOST) for one in shown],
        folded=[shown_table(one, words, _MOST) for one in folded],
        parameters=[]
        if brief or result.status == "skipped"
        else [Row(name, words.value(value)) for name, value in result.parameters.items()],
    )


def shown_image(figure: StoredFigure, words: Words) -> Image | None:
    """Return a stored figure within the page; None where it is gone or too large."""
    return embedded(figure.path, words.text(figure.caption))


def embedded(path: Path, caption: str) -> Image | None:
    """Return an image file within the page; None where it is gone, of no known kind, or too large."""
    kind = {".png": "image/png", ".svg": "image/svg+xml"}.get(path.suffix.lower())
    if kind is None or not path.is_file() or path.stat().st_size > _LARGEST_IMAGE:
        return None
    return Image(f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}", caption)


def _arranged(tables: Sequence[Table], *, brief: bool) -> tuple[list[Table], list[Table]]:
    """Return the tables to show, what was found of the best model first, and those to fold in."""
    best = [one for one in tables if one.rank == 1 and len(one)]
    others = [one for one in tables if one.rank is None and len(one) and _is_small(one)]
    shown = [*best, *others]
    if brief:
        return best, others
    return shown, [one for one in tables if len(one) and one not in shown]


def _is_small(table: Table) -> bool:
    return len(table) <= _OPEN


def _scalar(term: str, quantity: Quantity, words: Words) -> Row:
    return Row(words.term(term), words.quantity(quantity))
