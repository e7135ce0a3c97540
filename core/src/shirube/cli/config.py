"""``shirube config``: every effective setting, and where it came from."""

from __future__ import annotations

from typing import Any

import click

from shirube.cli.common import Session, common_options, profile_option
from shirube.cli.effective import Effective, effective_values, set_values
from shirube.errors import core_message

__all__ = ["config"]


@click.group(short_help="Show every effective setting and its origin.")
def config() -> None:
    """Look at settings."""


@config.command("show")
@click.option("--all", "everything", is_flag=True, help="Defaults of the core and of plugins, too. / 既定値も示す")
@click.option("--guide", help="With --all: what a guide says of parameters, too. / ガイドの値も示す")
@common_options
@profile_option
def show_config(session: Session, *, everything: bool, guide: str | None) -> int:
    """Show every setting that is not a default: value, layer, file, and what it overrides."""
    settings = session.settings
    wanted = guide or settings.run.guide
    values = effective_values(session, wanted) if everything else set_values(settings)
    session.answer(
        "shirube-config/2",
        {
            "files": [{"layer": layer, "path": str(path)} for layer, path in settings.files],
            "settings": [_document(one) for one in values],
            "waivers": [
                {
                    "rule": one.rule,
                    "reason": one.reason,
                    "approved_by": one.approved_by,
                    "expires": one.expires,
                    "subject": one.subject,
                    "path": one.path,
                }
                for one in settings.waivers
            ],
        },
    )
    for layer, path in settings.files:
        session.say(core_message("config-file", layer=layer, path=path))
    for one in values:
        session.say(one.line(session.lang))
    for waiver in settings.waivers:
        session.say(
            core_message(
                "config-waiver",
                rule=waiver.rule,
                reason=waiver.reason,
                approved_by=waiver.approved_by,
                expires=waiver.expires or "-",
            )
        )
    if not values and not settings.waivers:
        session.say(core_message("config-defaults"))
    _check(session)
    return 0


def _check(session: Session) -> None:
    """Refuse what is shown as effective and would stop a run; a plugin that cannot be loaded is no matter of settings.

    Raises:
        SettingsError: All that is wrong with sections of records.
    """
    from shirube.plugins import SECTIONS, load_plugins

    settings = session.settings
    if any(name.split(".")[0] in ("facts", *SECTIONS.values()) for name in settings.leaves):
        wanted = settings.plugins
        files = settings.plugin_files()
        plugins = load_plugins(allow=wanted.allow, block=wanted.block, files=files, strict=False)
        session.check_sections(plugins, guides=True)


def _document(one: Effective) -> dict[str, Any]:
    return {
        "name": one.name,
        "value": one.value,
        "layer": one.layer,
        "file": one.where,
        "overrides": [{"value": below.value, "layer": below.layer, "file": below.where} for below in one.overrides],
    }
