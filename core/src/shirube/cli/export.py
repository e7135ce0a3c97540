"""``shirube export``: run folders in the formats of other programs, without working again."""

from __future__ import annotations

from pathlib import Path

import click

from shirube.cli.common import Session, common_options
from shirube.cli.paths import GivenPath
from shirube.errors import UsageError, core_message

__all__ = ["export"]


@click.command(short_help="Write results in the formats of other programs.")
@click.argument("runs", nargs=-1, required=True, type=GivenPath())
@click.option(
    "-f",
    "--format",
    "formats",
    required=True,
    multiple=True,
    metavar="NAME",
    help="The format: itx, vamas, nexus (repeatable). / 形式（繰り返し指定できる）",
)
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write. / 出力フォルダー"
)
@common_options
def export(session: Session, runs: tuple[Path, ...], formats: tuple[str, ...], output: Path) -> int:
    """Write OUTPUT/NAME for each format: the spectra and fits of run folders, or of all items of a batch.

    Nothing is read, converted or analysed again.
    """
    from shirube.pipeline import export_outcomes
    from shirube.progress import terminal_progress
    from shirube.runs import read_run
    from shirube.series import find_runs, item_names
    from shirube.trees import building, safe_name

    wanted = tuple(dict.fromkeys(formats))
    for name in wanted:
        _check_format(session, name)
    found = find_runs(runs)
    places = [Path(*map(safe_name, Path(name).parts)) for name in item_names(found)] if len(found) > 1 else [Path()]
    with building(output) as folder, terminal_progress("export") as progress:
        for number, (run, place) in enumerate(zip(found, places, strict=True), start=1):
            outcomes = read_run(run)
            for name in wanted:
                target = folder / name / place
                export_outcomes(outcomes, name, target, session.plugins, session.settings, lang=session.lang)
            progress.update(number / len(found))
    session.answer("shirube-export/1", {"runs": len(found), "formats": list(wanted), "output": str(output)})
    session.say(core_message("export-written", runs=len(found), formats=", ".join(wanted), output=output))
    return 0


def _check_format(session: Session, name: str) -> None:
    """Refuse an exporter that is not installed, or needs more than results.

    Raises:
        MissingPluginError: Nobody has it.
        UsageError: It does not write on request.
    """
    session.plugins.named("shirube_exporters", name)
    able = [other for other, one in session.plugins.exporters.items() if one.record.on_request]
    if name not in able:
        raise UsageError(core_message("export-not-on-request", name=name, formats=", ".join(able)))
