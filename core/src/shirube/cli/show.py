"""``shirube show``: what is in a file, what is unusual about it, and who would read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shirube.cli.common import Session, common_options, lenient_option, terminal_width
from shirube.cli.paths import GivenPath
from shirube.errors import InputError, UsageError, core_message

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from shirube.cli.showing import Shown
    from shirube.records import ItemFile

#: What ``--plot`` stands for without a name of its own.
_BESIDE: Final = "-"

__all__ = ["show"]


@click.command(short_help="Show what is in a file and who would read it.")
@click.argument("file", type=GivenPath())
@click.option("--reader", help="The reader to use. / リーダー名")
@click.option("--raw", is_flag=True, help="Every key as the file spells it. / ファイルのキーをすべて示す")
@click.option(
    "--plot",
    metavar="[FIGURE]",
    is_flag=False,
    flag_value=_BESIDE,
    help="Draw all spectra as FIGURE (.png, .svg); default FILE.png in this folder. Comes after FILE. / 図を保存する",
)
@lenient_option
@common_options
def show(session: Session, file: Path, reader: str | None, plot: str | None, *, raw: bool, lenient: bool) -> int:
    """Show the regions, axes and metadata of FILE, what is unusual about it, and which reader reads it."""
    from shirube.intake import items_from

    if file.is_dir():
        raise InputError(core_message("input-is-directory"), path=file)
    target = None if plot is None else _figure_path(plot, file)
    if lenient:
        session.read_leniently()
    (item,) = items_from([file], session.plugins, reader=reader)
    wanted = next((one for one in item.data if one.path == file), item.data[0])
    shown = _shown(session, wanted, item.sidecars.get(wanted.name), reader)
    if target is not None:
        _draw(session, shown, target)
    figure = {} if target is None else {"figure": str(target)}
    session.answer("shirube-show/1", shown.document() | figure)
    for line in shown.lines(session.lang, terminal_width(), raw=raw):
        session.say(line)
    if target is not None:
        session.say("")
        session.say(core_message("show-plotted", file=target))
    return 0


def _shown(session: Session, file: ItemFile, sidecar: ItemFile | None, reader: str | None) -> Shown:
    from shirube.cli.showing import Shown
    from shirube.inspection import unusual
    from shirube.mapping import map_facts
    from shirube.pipeline import read_file
    from shirube.reduction import treatment
    from shirube.vocabulary import knowledge

    measurement = read_file(file, session.plugins, session.settings, sidecar=sidecar, reader=reader)
    known = knowledge(session.plugins)
    rules = known.rules.get(measurement.reader, ())
    mapped = {one.id: map_facts(one, measurement, rules, known.vocabulary) for one in measurement.spectra}
    facts = {name: one.facts for name, one in mapped.items()}
    remarks = [remark for one in mapped.values() for remark in one.remarks]
    axes = treatment(session.settings.run.axes)
    return Shown(measurement, facts, unusual(measurement, facts, remarks, known.vocabulary, axes), known.vocabulary)


def _figure_path(plot: str, file: Path) -> Path:
    """Return where the figure goes; never onto the file itself.

    Raises:
        UsageError: The name is not one of a figure.
    """
    if plot == _BESIDE:
        return Path(f"{file.name}.png")
    if Path(plot).suffix.lower() not in (".png", ".svg"):
        raise UsageError(core_message("plot-suffix", name=plot))
    return Path(plot)


def _draw(session: Session, shown: Shown, target: Path) -> None:
    from shirube.figures import plot_spectra, to_png, to_svg
    from shirube.trees import write_bytes

    write: Callable[[Figure], bytes] = to_svg if target.suffix.lower() == ".svg" else to_png
    write_bytes(target, write(plot_spectra(shown.measurement.spectra, session.lang)))
