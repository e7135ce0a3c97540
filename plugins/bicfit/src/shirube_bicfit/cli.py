"""``shirube fit``: fit the peaks of files, without a guide and without judging."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from shirube.cli.common import Session, common_options, japan_today
from shirube.cli.paths import GivenPath
from shirube.errors import SettingsError, UsageError
from shirube.messages import Message, joined
from shirube.parameters import Field, build, fields
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from shirube.messages import Language
    from shirube.records import Outcome

F = TypeVar("F", bound=Callable[..., Any])
#: Only the fit: no other analysis, no policy, no registry.
_ONLY_FIT: Final[Mapping[str, tuple[str, ...]]] = {
    "run.analyses": ("bicfit",),
    "run.policies": ("none",),
    "run.exporters": ("nims",),
}
#: Parameters that have an option of another form.
_OTHERWISE: Final = {"regions", "range_low", "range_high"}
_SUFFIXES: Final = (".png", ".svg", ".pdf")
#: Of a figure for publication.
_DPI: Final = 300
#: The core's reader of bare columns, and its setting that tells their scale.
_COLUMNS: Final = "columns"
_SCALE: Final = f"readers.{_COLUMNS}.scale"
#: Who names a file to be fitted means it, whatever its energy scale.
_MEANT: Final[Mapping[str, object]] = {"any_scale": True}

__all__ = ["fit"]


def _parameter_options(command: F) -> F:
    """Give a command one option for each parameter of the fit."""
    for one in reversed([one for one in fields(Parameters) if one.name not in _OTHERWISE]):
        command = _option(one)(command)
    return command


def _option(one: Field) -> Callable[[F], F]:
    name = one.name.replace("_", "-")
    about = f"{one.help.en} / {one.help.ja}"
    default = _MEANT.get(one.name, one.default)
    limits = "" if one.choices else one.range_text
    known = [part for part in ("" if default is None else _shown(default), limits) if part]
    shown = f"  [{'; '.join(known)}]" if known else ""
    if one.type is bool:
        return click.option(f"--{name}/--no-{name}", one.name, default=None, help=about + shown)
    several = isinstance(one.default, tuple)
    kind = click.Choice(one.choices) if one.choices and not several else None
    metavar = "|".join(one.choices or ("VALUE",)) + (",..." if several else "")
    return click.option(f"--{name}", one.name, type=kind, metavar=None if kind else metavar, help=about + shown)


def _shown(default: object) -> str:
    return ",".join(default) if isinstance(default, tuple) else str(default).lower()


@click.command(short_help="Fit the peaks of spectra and rank models by BIC.")
@click.argument("files", nargs=-1, required=True, type=GivenPath())
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write. / 出力フォルダー")
@click.option("--reader", help="The reader to use. / リーダー名")
@click.option("--overwrite", is_flag=True, help="Replace a run that is already there. / 既存の出力を置き換える")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="Name, number or id of a region to fit (default: all; may be repeated). / リージョン（名前・番号、複数可）",
)
@click.option(
    "--range",
    "span",
    nargs=2,
    type=float,
    metavar="LOW HIGH",
    help="Energies to fit, eV (default: the whole region). / フィットするエネルギー範囲",
)
@click.option(
    "--rank",
    type=click.IntRange(1, next(int(one.le or 1) for one in fields(Parameters) if one.name == "top")),
    default=1,
    metavar="N",
    help="Which ranked model to print and to draw as FIGURE.  [1] / 表示・作図するモデルの順位",
)
@click.option(
    "--figure",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FIGURE",
    help="Draw the model of this rank, ready to publish (.png, .svg, .pdf). / 投稿用の図を保存する",
)
@click.option(
    "--scale",
    type=click.Choice(("binding", "kinetic")),
    help="What the energies of bare columns are where no heading says it (default: taken as binding). / "
    "見出しのない数値の列のエネルギーの種類",
)
@_parameter_options
@common_options
def fit(  # noqa: PLR0913 one argument an option
    session: Session,
    /,
    files: tuple[Path, ...],
    output: Path | None,
    reader: str | None,
    regions: tuple[str, ...],
    span: tuple[float, float] | None,
    rank: int,
    figure: Path | None,
    *,
    scale: str | None,
    overwrite: bool,
    **chosen: object,
) -> int:
    """Fit the peaks of every one-dimensional spectrum in FILES; with -o, write tables, arrays and figures.

    Exit code 1 when no spectrum could be fitted.
    """
    from shirube.intake import items_from
    from shirube.pipeline import check_target, process, write
    from shirube.progress import terminal_progress
    from shirube.regions import check_regions
    from shirube_bicfit.telling import document_of, lines_of

    if figure is not None and figure.suffix.lower() not in _SUFFIXES:
        raise UsageError(message("figure-suffix", name=figure.name))
    if output is not None:
        check_target(output, session.plugins, overwrite=overwrite)
    _check_values(chosen)
    chosen |= _windows(regions, span) | _kept(session, chosen, rank)
    read = {} if scale is None else {_SCALE: scale}
    settings = session.settings.with_values({**_ONLY_FIT, **read, **_settings(session, chosen)})
    items = items_from(files, session.plugins, reader=reader or settings.run.reader)
    outcomes = []
    for item in items:
        with terminal_progress(item.name) as progress:
            outcomes.append(process(item, session.plugins, settings, today=japan_today(), progress=progress))
    check_regions(outcomes, regions)
    if scale is not None and not _are_columns(outcomes):
        raise UsageError(message("scale-known"))
    _check_rank(outcomes, rank)
    drawn = [] if figure is None else _draw(outcomes, figure, rank, session.lang)
    if output is not None:
        write(outcomes, output, session.plugins, settings, items=items, lang=session.lang, overwrite=overwrite)
    document = {"output": None if output is None else str(output), "figures": [str(one) for one in drawn]}
    session.answer("shirube-fit/1", {**document, **document_of(outcomes)})
    for line in lines_of(outcomes, session.lang, rank):
        session.say(line)
    for one in drawn:
        session.say(message("figure-drawn", file=one))
    if output is not None:
        session.say(message("fit-written", output=output))
    return 0 if _fitted(outcomes) else 1


def _windows(regions: tuple[str, ...], span: tuple[float, float] | None) -> dict[str, object]:
    """Return the parameters that options of another form stand for.

    Raises:
        UsageError: The range has no two ends.
    """
    found: dict[str, object] = {"regions": regions} if regions else {}
    if span is not None:
        if not min(span) < max(span):
            raise UsageError(message("range-empty", low=f"{span[0]:g}", high=f"{span[1]:g}"))
        found |= dict(zip(("range_low", "range_high"), sorted(span), strict=True))
    return found


def _kept(session: Session, chosen: Mapping[str, object], rank: int) -> dict[str, object]:
    """Return how many models are kept in full for the one of this rank to be among them, unless an option says it."""
    usual = session.settings.section("analyses.bicfit").get("top", Parameters().top)
    return {} if chosen.get("top") is not None or rank <= int(usual) else {"top": rank}


def _check_values(chosen: Mapping[str, object]) -> None:
    """Refuse values that parameters cannot have, by the names of their options.

    Raises:
        UsageError: With all of them and what each may be.
    """
    problems = []
    for one in fields(Parameters):
        value = chosen.get(one.name)
        if value is None or (isinstance(one.default, tuple) and not one.choices):
            continue
        try:
            build(Parameters, {one.name: value})
        except SettingsError:
            option = one.name.replace("_", "-")
            problems.append(message("option-invalid", option=option, value=value, wanted=_wanted(one)).text())
    if problems:
        raise UsageError(joined(problems))


def _wanted(one: Field) -> Message:
    if one.choices:
        return message("wanted-choice", choices=", ".join(one.choices))
    kind = "int" if one.type is int else "float"
    return message(f"wanted-{kind}", range=f"({one.range_text})" if one.range_text else "")


def _are_columns(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether a file was read that is nothing but columns."""
    return any(file.reader == _COLUMNS for outcome in outcomes for file in outcome.entry.measurements)


def _check_rank(outcomes: Sequence[Outcome], rank: int) -> None:
    """Refuse a rank that none of the fits has.

    Raises:
        UsageError: With how many they have.
    """
    from shirube_bicfit.reporting import no_such_rank, ranked_in, ranks_of

    results = (result for outcome in outcomes for result in outcome.results)
    largest = max(results, key=ranked_in, default=None)
    if largest is not None and rank > 1 and rank not in ranks_of(largest):
        raise UsageError(no_such_rank(largest, rank))


def _draw(outcomes: Sequence[Outcome], figure: Path, rank: int, lang: Language) -> list[Path]:
    """Draw the model of a rank of every spectrum that has one; several figures are told apart by their spectra.

    Raises:
        UsageError: None has, as nothing could be fitted.
    """
    from shirube.figures import to_pdf, to_png, to_svg
    from shirube.rendering import stem_of
    from shirube.trees import write_bytes
    from shirube_bicfit.drawing import publication_figure
    from shirube_bicfit.reporting import ranks_of

    able = [
        (outcome.entry.spectrum(result.target), result)
        for outcome in outcomes
        for result in outcome.results
        if rank in ranks_of(result)
    ]
    if not able:
        raise UsageError(message("no-such-rank", rank=rank, ranks=0))
    formats: dict[str, Callable[[Figure], bytes]] = {
        ".png": partial(to_png, dpi=_DPI),
        ".svg": to_svg,
        ".pdf": to_pdf,
    }
    draw = formats[figure.suffix.lower()]
    paths = [
        figure if len(able) == 1 else figure.with_name(f"{figure.stem}_{stem_of(spectrum)}{figure.suffix}")
        for spectrum, _ in able
    ]
    for path, (spectrum, result) in zip(paths, able, strict=True):
        write_bytes(path, draw(publication_figure(result, spectrum, lang, rank)))
    return paths


def _settings(session: Session, chosen: Mapping[str, object]) -> dict[str, object]:
    """Return the settings of the fit: what was typed, and what the command means unless a settings file says."""
    said = session.settings.section("analyses.bicfit")
    meant = {name: value for name, value in _MEANT.items() if name not in said}
    typed = {name: value for name, value in chosen.items() if value is not None}
    return {f"analyses.bicfit.{name}": value for name, value in {**meant, **typed}.items()}


def _fitted(outcomes: Sequence[Outcome]) -> bool:
    return any(result.status in {"ok", "doubtful"} for outcome in outcomes for result in outcome.results)
