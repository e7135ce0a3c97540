"""``shirube plugins``: what is installed, blocked, in conflict or broken."""

from __future__ import annotations

from typing import Any

import click

from shirube.cli.common import Session, common_options
from shirube.cli.conformance import check_plugin
from shirube.cli.listing import installed_rows, loaded_rows
from shirube.errors import core_message

__all__ = ["plugins"]


@click.group(invoke_without_command=True, short_help="List what is installed, blocked or broken.")
@click.pass_context
def plugins(context: click.Context) -> int:
    """List plugins."""
    if context.invoked_subcommand is None:
        return int(context.invoke(list_plugins))
    return 0


plugins.add_command(check_plugin)


@plugins.command("list")
@click.option("--load", is_flag=True, help="Import them: records, failures, overrides. / 読み込んで詳細を示す")
@common_options
def list_plugins(session: Session, *, load: bool = False) -> int:
    """List plugins by name, from their metadata alone; nothing is imported without --load."""
    listing = loaded_rows(session.settings) if load else installed_rows(session.settings)
    session.answer("shirube-plugins/1", {"plugins": listing.rows})
    _say_rows(session, listing.rows)
    return 3 if listing.broken else 0


def _say_rows(session: Session, rows: list[dict[str, Any]]) -> None:
    if not rows:
        session.say(core_message("no-plugins"))
        return
    widths = [max(len(str(row[key])) for row in rows) for key in ("name", "distribution", "version")]
    for row in rows:
        status = session.render(core_message(f"plugin-state-{row['status']}"))
        cells = (row["name"].ljust(widths[0]), row["distribution"].ljust(widths[1]), row["version"].ljust(widths[2]))
        session.say("  ".join((*cells, status)))
        if "reason" in row:
            session.say(f"    {row['reason'][session.lang]}")
        for record in row.get("records", ()):
            session.say(f"    {record}")
            for one in row.get("overrides", ()):
                if one["record"] == record:
                    session.say(f"      {one['line'][session.lang]}")
