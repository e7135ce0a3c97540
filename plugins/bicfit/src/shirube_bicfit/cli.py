"""``shirube fit``: fit the peaks of files, without a guide and without judging."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from shirube.cli.common import Session, common_options, japan_today
from shirube.parameters import Field, fields
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message

if TYPE_CHECKING:
    from shirube.records import Outcome

F = TypeVar("F", bound=Callable[..., Any])
#: Only the fit: no other analysis, no policy, no registry.
_ONLY_FIT: Final[Mapping[str, tuple[str, ...]]] = {
    "run.analyses": ("bicfit",),
    "run.policies": ("none",),
    "run.exporters": ("none",),
}
#: Who names a file to be fitted means it, whatever its energy scale.
_MEANT: Final[Mapping[str, object]] = {"any_scale": True}

__all__ = ["fit"]


def _parameter_options(command: F) -> F:
    """Give a command one option for each parameter of the fit."""
    for one in reversed(fields(Parameters)):
        command = _option(one)(command)
    return command


def _option(one: Field) -> Callable[[F], F]:
    name = one.name.replace("_", "-")
    about = f"{one.help.en} / {one.help.ja}"
    default = _MEANT.get(one.name, one.default)
    shown = "" if default is None else f"  [{str(default).lower()}]"
    if one.type is bool:
        return click.option(f"--{name}/--no-{name}", one.name, default=None, help=about + shown)
    kind = click.Choice(one.choices) if one.choices else None
    return click.option(f"--{name}", one.name, type=kind, metavar=None if kind else "VALUE", help=about + shown)


@click.command(short_help="Fit the peaks of spectra and rank models by BIC.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write. / 出力フォルダー")
@click.option("--reader", help="The reader to use. / リーダー名")
@click.option("--overwrite", is_flag=True, help="Replace a run that is already there. / 既存の出力を置き換える")
@_parameter_options
@common_options
def fit(
    session: Session,
    /,
    files: tuple[Path, ...],
    output: Path | None,
    reader: str | None,
    *,
    overwrite: bool,
    **chosen: object,
) -> int:
    """Fit the peaks of every one-dimensional spectrum in FILES; with -o, write tables, arrays and figures.

    Exit code 1 when no spectrum could be fitted.
    """
    from shirube.intake import items_from
    from shirube.pipeline import check_target, process, write
    from shirube.progress import terminal_progress
    from shirube_bicfit.telling import document_of, lines_of

    if output is not None:
        check_target(output, session.plugins, overwrite=overwrite)
    settings = session.settings.with_values({**_ONLY_FIT, **_settings(session, chosen)})
    items = items_from(files, session.plugins, reader=reader or settings.run.reader)
    outcomes = []
    for item in items:
        with terminal_progress(item.name) as progress:
            outcomes.append(process(item, session.plugins, settings, today=japan_today(), progress=progress))
    if output is not None:
        write(outcomes, output, session.plugins, settings, items=items, lang=session.lang, overwrite=overwrite)
    session.answer("shirube-fit/1", {"output": None if output is None else str(output), **document_of(outcomes)})
    for line in lines_of(outcomes, session.lang):
        session.say(line)
    if output is not None:
        session.say(message("fit-written", output=output))
    return 0 if _fitted(outcomes) else 1


def _settings(session: Session, chosen: Mapping[str, object]) -> dict[str, object]:
    """Return the settings of the fit: what was typed, and what the command means unless a settings file says."""
    said = session.settings.section("analyses.bicfit")
    meant = {name: value for name, value in _MEANT.items() if name not in said}
    typed = {name: value for name, value in chosen.items() if value is not None}
    return {f"analyses.bicfit.{name}": value for name, value in {**meant, **typed}.items()}


def _fitted(outcomes: Sequence[Outcome]) -> bool:
    return any(result.status in {"ok", "doubtful"} for outcome in outcomes for result in outcome.results)
