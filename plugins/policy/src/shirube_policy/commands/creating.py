"""``shirube policy new`` and ``schema``: a file to fill in, and the JSON Schema from which editors complete it."""

from __future__ import annotations

from pathlib import Path

import click

from shirube.cli.common import Session, common_options
from shirube_policy.commands.common import dataset_of, save

__all__ = ["new", "schema"]


@click.command(short_help="Write a commented dataset file to fill in.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file. / 出力先")
@click.option("--from", "known", type=click.Path(path_type=Path), help="What RDE knows already. / 既知の内容")
@click.option("--with-schema", is_flag=True, help="Put the JSON Schema beside it, for editors. / スキーマも置く")
@click.option("--force", is_flag=True, help="Replace a file that is there. / 既存のファイルを置き換える")
@common_options
def new(session: Session, output: Path | None, known: Path | None, *, with_schema: bool, force: bool) -> int:
    """Write a dataset file (YAML) to fill in, every field with what it means; comments as --lang says.

    --from takes an invoice, a job's folder, a downloaded dataset, a run folder or another dataset file, whose content
    stands in the file already, so that only what RDE does not tell (embargo, description …) is to be filled in.

    記入用のデータセットの記録（YAML）を書き出します。--from で送り状やダウンロードしたデータセットから
    分かる内容を取り込みます。
    """
    from shirube.recordfields import SCHEMA_FILE, shipped_schema
    from shirube_policy.documents.template import template

    beside = with_schema and output is not None
    dataset = None if known is None else dataset_of(known, session)
    save(session, template(session.lang, dataset, schema=beside), output, force=force)
    if beside and output is not None:
        save(session, shipped_schema(), output.with_name(SCHEMA_FILE))
    return 0


@click.command(short_help="Print the JSON Schema of dataset files.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file. / 出力先")
@common_options
def schema(session: Session, output: Path | None) -> int:
    """Print the JSON Schema of dataset files, from which editors complete and explain fields.

    データセットの記録の JSON Schema を出力します。
    """
    from shirube.recordfields import shipped_schema

    save(session, shipped_schema(), output)
    return 0
