"""``shirube guides``: the installed guides, as people read them."""

from __future__ import annotations

from typing import Any

import click

from shirube.cli.common import Session, common_options, terminal_width
from shirube.errors import core_message

__all__ = ["guides"]


@click.group(invoke_without_command=True, short_help="List the data reference guides, or show one.")
@click.pass_context
def guides(context: click.Context) -> int:
    """List the data reference guides, or show one."""
    if context.invoked_subcommand is None:
        return int(context.invoke(list_guides))
    return 0


@guides.command("list")
@common_options
def list_guides(session: Session) -> int:
    """List the installed guides."""
    rows = [
        {
            "name": name,
            "en": registered.record.description.en,
            "ja": registered.record.description.ja,
            "distribution": registered.distribution,
            "version": registered.version,
        }
        for name, registered in session.plugins.guides.items()
    ]
    session.answer("shirube-guides/1", {"guides": rows})
    for row in rows:
        session.say(f"{row['name']}  {row[session.lang]}  ({row['distribution']} {row['version']})")
    if not rows:
        session.say(core_message("no-guides"))
    return 0


@guides.command("show")
@click.argument("name")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "markdown"]),
    default="text",
    help="For a terminal, or as the page of the documentation. / 表示形式",
)
@common_options
def show_guide(session: Session, name: str, shape: str) -> int:
    """Show everything that the guide NAME says."""
    from shirube._structure import converter
    from shirube.vocabulary import knowledge, one_guide

    guide = one_guide(name, session.plugins, session.settings)
    document: dict[str, Any] = converter().unstructure(guide)
    session.answer("shirube-guide/1", {"guide": document})
    vocabulary = knowledge(session.plugins).vocabulary
    if shape == "markdown":
        from shirube.guidemarkdown import guide_markdown

        session.say(guide_markdown(guide, vocabulary, session.lang).rstrip("\n"))
    else:
        from shirube.guidetext import guide_text

        session.say(guide_text(guide, vocabulary, session.lang, terminal_width()))
    return 0
