"""``shirube config``: every effective setting, and where it came from."""

from __future__ import annotations

import click

from shirube.cli.common import Session, common_options
from shirube.errors import core_message

__all__ = ["config"]


@click.group(short_help="Show every effective setting and its origin.")
def config() -> None:
    """Look at settings."""


@config.command("show")
@common_options
def show_config(session: Session) -> int:
    """Show every setting that is not a default: value, layer and file."""
    rows = [
        {"name": one.name, "value": one.value, "layer": one.layer, "file": one.where}
        for _, one in sorted(session.settings.leaves.items())
    ]
    session.answer("shirube-config/1", {"settings": rows})
    for row in rows:
        where = f"{row['layer']} {row['file']}".rstrip()
        session.say(f"{row['name']} = {row['value']!r}  ({where})")
    if not rows:
        session.say(core_message("config-defaults"))
    return 0
