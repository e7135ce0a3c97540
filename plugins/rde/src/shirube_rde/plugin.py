"""What the plugin registers: the exporter ``rde`` and the command ``shirube rde``."""

from __future__ import annotations

from shirube.hooks import Command, Exporter, Text, hookimpl

__all__ = ["shirube_commands", "shirube_exporters"]


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
