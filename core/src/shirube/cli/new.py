"""``shirube new``: the project of a new plugin."""

from __future__ import annotations

from pathlib import Path

import click

from shirube.cli.common import Session, common_options, japan_today
from shirube.errors import core_message

__all__ = ["new"]

#: As in :data:`shirube.scaffold.KINDS`, whose import can wait.
_KINDS = ("reader", "guide", "analysis", "policy", "exporter", "instrument")


@click.command(short_help="Begin a plugin.")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice(_KINDS), help="What it brings. / 種類")
@click.option(
    "-o",
    "--output",
    default=Path(),
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to make the project in. / 作成先のフォルダー",
)
@common_options
def new(session: Session, name: str, kind: str, output: Path) -> int:
    """Write the project of a plugin called NAME, which builds, installs and passes the conformance kit as it is."""
    from shirube.scaffold import new_project

    target = new_project(name, kind, output, japan_today())
    files = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    session.answer("shirube-new/1", {"name": name, "kind": kind, "folder": str(target), "files": files})
    for file in files:
        session.say(f"  {file}")
    session.say(core_message("new-written", folder=target, name=name))
    return 0
