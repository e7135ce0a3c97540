"""``shirube rde template``: a whole dataset template out of a guide."""

from __future__ import annotations

from pathlib import Path

import click

from shirube.cli.common import Session, common_options
from shirube_rde.texts import message

__all__ = ["template"]


@click.command(short_help="Write a whole dataset template out of a guide.")
@click.option("--guide", required=True, help="The guide that the template's jobs follow. / ガイド名")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="A new folder. / 出力先"
)
@click.option("--image", help="Name of the container's image (default: shirube-GUIDE:VERSION). / イメージ名")
@common_options
def template(session: Session, guide: str, output: Path, image: str | None) -> int:
    """Write what is submitted to RDE: definitions, forms, job files, and the container of the program.

    ガイドから、RDE に提出するデータセットテンプレート一式を作成します。
    """
    from shirube_rde.template import guided, write_template

    found = guided(guide, session.plugins, session.settings)
    version = next(one.version for one in found.distributions if one.name == "shirube-rde")
    named = image or f"shirube-{guide}:{version}"
    files = write_template(found, output, named)
    session.answer(
        "shirube-rde-template/1",
        {"guide": guide, "output": str(output), "image": named, "files": list(files)},
    )
    session.say(message("template-done", count=len(files), guide=guide, folder=output))
    return 0
