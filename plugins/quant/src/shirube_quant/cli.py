"""``shirube elements``: the elements that surveys may show, without a guide and without judging."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from shirube.cli.common import Session, common_options, japan_today
from shirube.errors import UsageError
from shirube_quant.choices import split_symbols
from shirube_quant.parameters import ElementsParameters
from shirube_quant.phrases import message

#: Only the identification and what is made of it: no other analysis, no policy, no registry.
_ONLY_ELEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "run.analyses": ("elements", "quantify"),
    "run.policies": ("none",),
    "run.exporters": ("none",),
}
#: The core's reader of bare columns, and its setting that tells their scale.
_COLUMNS: Final = "columns"
_SCALE: Final = f"readers.{_COLUMNS}.scale"

__all__ = ["elements"]


@click.command(short_help="Find the elements that surveys may show.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write. / 出力フォルダー")
@click.option("--reader", help="The reader to use. / リーダー名")
@click.option("--overwrite", is_flag=True, help="Replace a run that is already there. / 既存の出力を置き換える")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="Name, number or id of a survey (default: all that are wide enough; may be repeated). / "
    "リージョン（名前・番号、複数可）",
)
@click.option(
    "--photon-energy",
    type=float,
    metavar="EV",
    help="Photon energy, eV (default: what the file says). / 光エネルギー（eV）",
)
@click.option("--only", metavar="SYMBOL,...", help="Look for these elements only. / 探す元素")
@click.option(
    "--exclude",
    metavar="SYMBOL,...",
    help=f"Elements not to look for.  [{','.join(ElementsParameters().exclude)}] / 探さない元素",
)
@click.option(
    "--scale",
    type=click.Choice(("binding", "kinetic")),
    help="What the energies of bare columns are where no heading says it. / 見出しのない数値の列のエネルギーの種類",
)
@common_options
def elements(  # noqa: PLR0913 one argument an option
    session: Session,
    /,
    files: tuple[Path, ...],
    output: Path | None,
    reader: str | None,
    regions: tuple[str, ...],
    photon_energy: float | None,
    *,
    only: str | None,
    exclude: str | None,
    scale: str | None,
    overwrite: bool,
) -> int:
    """Find the elements that every survey in FILES may show; with -o, write tables, arrays and figures.

    Exit code 1 when no survey could be analysed.
    """
    from shirube.intake import items_from
    from shirube.pipeline import check_target, process, write
    from shirube.progress import terminal_progress
    from shirube.regions import check_regions
    from shirube_quant.crosssections import xraylib
    from shirube_quant.elementstelling import document_of, lines_of, results_in

    # a run leaves out what it cannot do; who asks for nothing else is told at once
    xraylib()
    if output is not None:
        check_target(output, session.plugins, overwrite=overwrite)
    chosen: dict[str, Any] = {
        "analyses.elements.regions": regions or None,
        "analyses.elements.photon_energy": photon_energy,
        "analyses.elements.only": None if only is None else _some("--only", split_symbols(only)),
        # nobody left out is a choice, too
        "analyses.elements.exclude": None if exclude is None else split_symbols(exclude),
        _SCALE: scale,
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    settings = session.settings.with_values({**_ONLY_ELEMENTS, **given})
    items = items_from(files, session.plugins, reader=reader or settings.run.reader)
    outcomes = []
    for item in items:
        with terminal_progress(item.name) as progress:
            outcomes.append(process(item, session.plugins, settings, today=japan_today(), progress=progress))
    check_regions(outcomes, regions)
    if scale is not None and not any(
        file.reader == _COLUMNS for outcome in outcomes for file in outcome.entry.measurements
    ):
        raise UsageError(message("scale-known"))
    if output is not None:
        write(outcomes, output, session.plugins, settings, items=items, lang=session.lang, overwrite=overwrite)
    told = {"output": None if output is None else str(output), **document_of(outcomes, regions)}
    session.answer("shirube-elements/1", told)
    for line in lines_of(outcomes, session.lang, regions):
        session.say(line)
    if output is not None:
        session.say(message("elements-written", output=output))
    return 0 if any(result.status in ("ok", "doubtful") for _, result in results_in(outcomes, regions)) else 1


def _some(option: str, symbols: tuple[str, ...]) -> tuple[str, ...]:
    if not symbols:
        raise UsageError(message("no-symbols", option=option))
    return symbols
