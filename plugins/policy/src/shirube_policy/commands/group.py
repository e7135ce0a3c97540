"""``shirube policy``: what the ARIM policy says of datasets, people and situations, and the documents it asks for."""

from __future__ import annotations

import click

from shirube_policy.commands.creating import new, schema
from shirube_policy.commands.deciding import can, exempt, licence
from shirube_policy.commands.explaining import explain, rules
from shirube_policy.commands.hiding import anonymise, diff
from shirube_policy.commands.noticing import notice
from shirube_policy.commands.publishing import catalogue, datacite
from shirube_policy.commands.timing import timeline

__all__ = ["policy"]


@click.group(short_help="What the ARIM policy says, and the documents it asks for.")
def policy() -> None:
    """What the ARIM policy says, and the documents it asks for.

    ARIM データ登録・データ共有ポリシーの規則・判断・書類を示します。
    """


for _command in (
    *(anonymise, can, catalogue, datacite, diff, exempt, explain, licence, new, notice, rules, schema, timeline),
):
    policy.add_command(_command)
