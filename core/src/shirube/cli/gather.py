"""``shirube gather``: the results of many run folders as tables and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from shirube.cli.common import Session, common_options
from shirube.cli.paths import GivenPath
from shirube.errors import InputError, core_message
from shirube.messages import Text

__all__ = ["gather"]


@click.command(short_help="Gather the results of many spectra in tables and figures.")
@click.argument("runs", nargs=-1, required=True, type=GivenPath())
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write. / 出力フォルダー"
)
@click.option(
    "--along", metavar="NAME", help="Order series by this axis or fact: temperature. / 系列を並べる軸または事実の名前"
)
@click.option(
    "--ranks",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="So many models of each result, from the best. / 上位いくつのモデルを表に含めるか",
)
@click.option("--no-figures", is_flag=True, help="Write tables only. / 図を描かない")
@click.option("--overwrite", is_flag=True, help="Replace tables and figures already there. / 既存の表と図を置き換える")
@common_options
def gather(
    session: Session,
    runs: tuple[Path, ...],
    output: Path,
    along: str | None,
    ranks: int,
    *,
    no_figures: bool,
    overwrite: bool,
) -> int:
    """Write OUTPUT/tables and OUTPUT/figures of run folders, or of all run folders in the folders RUNS.

    Components are followed along each series: slices of one measurement, or spectra of one region in many files.
    """
    from shirube.progress import terminal_progress
    from shirube.series import find_runs
    from shirube.series import gather as gather_runs

    with terminal_progress("gather") as progress:
        gathered = gather_runs(
            find_runs(runs),
            output,
            lang=session.lang,
            along=along,
            ranks=ranks,
            figures=not no_figures,
            overwrite=overwrite,
            progress=progress,
        )
    notes = (*gathered.notes, *_left_out(runs))
    session.answer(
        "shirube-gather/1",
        {
            "files": list(gathered.files),
            "spectra": gathered.spectra,
            "results": gathered.results,
            "missing": [{"item": item, **_both(reason)} for item, reason in gathered.missing],
            "notes": [_both(note) for note in notes],
        },
    )
    for item, reason in gathered.missing:
        session.warn(f"{item}: {session.render(reason)}")
    for note in notes:
        session.warn(note)
    session.say(gathered.told(output))
    return int(bool(gathered.missing))


def _left_out(runs: Iterable[Path]) -> Iterator[Text]:
    """Yield how many items of the batches among ``runs`` failed or wait, of which there is nothing (new) to gather."""
    from shirube.batch import DOCUMENT, ITEMS, read_manifest

    folders = (path.parent if path.name == ITEMS else path for path in runs)
    for folder in dict.fromkeys(one for one in folders if (one / DOCUMENT).is_file()):
        try:
            states = tuple(read_manifest(folder).items.values())
        except InputError as error:
            # The run folders speak for themselves; only what is not there cannot be counted.
            yield error.text()
            continue
        kinds: list[tuple[str, bool]] = [(one.state, (folder / ITEMS / one.folder).is_dir()) for one in states]
        for code, kind in (
            ("gather-failed", ("failed", False)),
            ("gather-earlier", ("failed", True)),
            ("gather-waiting", ("planned", False)),
        ):
            if count := kinds.count(kind):
                told = core_message(code, count=count, items=len(states), folder=folder, document=DOCUMENT)
                yield told.text()


def _both(text: Text) -> dict[str, Any]:
    return {"en": text.en, "ja": text.ja}
