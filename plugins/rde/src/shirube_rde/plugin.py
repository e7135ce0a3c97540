"""What the plugin registers: the exporter ``rde``, its remarks on measurements, and the command ``shirube rde``."""

from __future__ import annotations

from shirube.hooks import Amendment, Command, Exporter, Text, hookimpl

__all__ = ["shirube_amendments", "shirube_commands", "shirube_exporters"]


@hookimpl
def shirube_exporters() -> list[Exporter]:
    """Return the exporter of RDE job trees."""
    return [
        Exporter(
            name="rde",
            description=Text(en="RDE job tree (data/…)", ja="RDE のジョブフォルダー（data/…）"),
            implementation="shirube_rde.exporter",
            parameters="shirube_rde.parameters:Parameters",
        )
    ]


@hookimpl
def shirube_amendments() -> list[Amendment]:
    """Return what remarks on texts that RDE's metadata cannot hold; it states no facts."""
    return [
        Amendment(
            name="rde",
            description=Text(en="texts too long for RDE's metadata", ja="RDE のメタデータに収まらない文字列の確認"),
            sets=(),
            implementation="shirube_rde.remarks",
        )
    ]


@hookimpl
def shirube_commands() -> list[Command]:
    """Return the command group ``rde``."""
    return [
        Command(
            name="rde",
            description=Text(
                en="Run an RDE structuring job, or verify a job tree.",
                ja="RDE の構造化処理の実行と、結果の検査を行います。",
            ),
            implementation="shirube_rde.cli:rde",
        )
    ]
