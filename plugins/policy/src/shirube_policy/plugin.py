"""What this distribution registers with Shirube: the policy, and the command about it."""

from __future__ import annotations

from shirube.hooks import Command, Policy, Text, hookimpl

__all__ = ["shirube_commands", "shirube_policies"]


@hookimpl
def shirube_policies() -> list[Policy]:
    """Return the ARIM policy."""
    return [
        Policy(
            name="arim",
            description=Text(
                en="ARIM data registration and data sharing policy of 2025-04-01",
                ja="ARIM データ登録・データ共有ポリシー（2025年4月1日）",
            ),
            implementation="shirube_policy.rules",
            parameters="shirube_policy.parameters:Parameters",
            gates={
                "registration": Text(en="registration", ja="登録"),
                "catalogue": Text(en="catalogue", ja="データカタログ掲載"),
                "doi": Text(en="DOI", ja="DOI 付与"),
                "sharing": Text(en="sharing", ja="データ共有"),
                "licence": Text(en="licence", ja="ライセンス付与"),
                "access": Text(en="access", ja="データ利用"),
            },
        )
    ]


@hookimpl
def shirube_commands() -> list[Command]:
    """Return the command group ``policy``."""
    return [
        Command(
            name="policy",
            description=Text(
                en="What the ARIM policy says, and the documents it asks for.",
                ja="ARIM ポリシーの規則・判断・書類を示す。",
            ),
            implementation="shirube_policy.commands.group:policy",
        )
    ]
