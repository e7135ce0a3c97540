"""``shirube plugins``: what is installed, blocked, in conflict or broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from shirube._discovery import discover, is_chosen
from shirube.cli.common import Session, common_options
from shirube.errors import ShirubeError, core_message, message_of

if TYPE_CHECKING:
    from shirube.plugins import Plugins

__all__ = ["plugins"]


@click.group(invoke_without_command=True, short_help="List what is installed, blocked or broken.")
@click.pass_context
def plugins(context: click.Context) -> int:
    """List plugins."""
    if context.invoked_subcommand is None:
        return int(context.invoke(list_plugins))
    return 0


@plugins.command("list")
@click.option("--load", is_flag=True, help="Import them: show hooks, records and failures. / 読み込んで詳細を示す")
@common_options
def list_plugins(session: Session, *, load: bool = False) -> int:
    """List plugins by name, from their metadata alone; nothing is imported without --load."""
    return _list_loaded(session) if load else _list_installed(session)


def _list_installed(session: Session) -> int:
    found = discover()
    wanted = session.settings.plugins
    rows: list[dict[str, Any]] = []
    for name, source in found.plugins.items():
        status = "installed" if is_chosen(source, wanted.allow, wanted.block) else "blocked"
        rows.append(_row(name, source.distribution, source.version, status))
    for name, offers in found.conflicts.items():
        rows.extend(_row(name, one.distribution, one.version, "conflict") for one in offers)
    rows.sort(key=lambda row: (row["name"], row["distribution"]))
    session.answer("shirube-plugins/1", {"plugins": rows})
    _say_rows(session, rows)
    return 3 if found.conflicts else 0


def _list_loaded(session: Session) -> int:
    from shirube.plugins import load_plugins

    wanted = session.settings.plugins
    loaded = load_plugins(allow=wanted.allow, block=wanted.block, files=session.settings.plugin_files(), strict=False)
    rows = [_row(one.name, one.distribution, one.version, "active") for one in loaded.sources.values()]
    rows += [_row(one.name, one.distribution, one.version, "blocked") for one in loaded.blocked.values()]
    for failure in loaded.failures:
        reason = {"en": failure.reason.en, "ja": failure.reason.ja}
        row = _row(failure.source.name, failure.source.distribution, failure.source.version, "failed")
        rows.append(row | {"reason": reason})
    for name, offers in loaded.conflicts.items():
        rows.extend(_row(name, one.distribution, one.version, "conflict") for one in offers)
    broken = _add_records(loaded, rows)
    session.answer("shirube-plugins/1", {"plugins": rows})
    _say_rows(session, rows)
    return 3 if loaded.failures or loaded.conflicts or broken else 0


def _add_records(loaded: Plugins, rows: list[dict[str, Any]]) -> bool:
    """Add each plugin's records to its row; a hook that fails is a failure of the listing, told in its place."""
    from shirube.hooks import HOOKS
    from shirube.plugins import SECTIONS

    broken = False
    by_name = {row["name"]: row for row in rows if row["status"] == "active"}
    for hook in HOOKS:
        try:
            records = loaded.records(hook)
        except Exception as error:  # noqa: BLE001 a plugin's hook may raise anything; the listing shows it
            broken = True
            rows.append(_row(SECTIONS[hook], "-", "-", "failed") | {"reason": _both(error)})
            continue
        for registered in records.values():
            by_name[registered.plugin].setdefault("records", []).append(f"{SECTIONS[hook]}.{registered.name}")
    return broken


def _both(error: Exception) -> dict[str, str]:
    notes = " ".join(str(note) for note in getattr(error, "__notes__", ()))
    if isinstance(error, ShirubeError):
        return {"en": f"{error.render('en')} {notes}".strip(), "ja": f"{error.render('ja')} {notes}".strip()}
    plain = f"{message_of(error)} {notes}".strip()
    return {"en": plain, "ja": plain}


def _row(name: str, distribution: str, version: str, status: str) -> dict[str, Any]:
    return {"name": name, "distribution": distribution, "version": version, "status": status}


def _say_rows(session: Session, rows: list[dict[str, Any]]) -> None:
    if not rows:
        session.say(core_message("no-plugins"))
        return
    widths = [max(len(str(row[key])) for row in rows) for key in ("name", "distribution", "version")]
    for row in rows:
        status = session.render(core_message(f"plugin-{row['status']}"))
        cells = (row["name"].ljust(widths[0]), row["distribution"].ljust(widths[1]), row["version"].ljust(widths[2]))
        session.say("  ".join((*cells, status)))
        if "reason" in row:
            session.say(f"    {row['reason'][session.lang]}")
        for record in row.get("records", ()):
            session.say(f"    {record}")
