"""The core's own plugin: a reader for numeric columns, the facts that settings state, and formats of the field."""

from __future__ import annotations

from shirube.hooks import Amendment, Exporter, Reader, Text, hookimpl


@hookimpl
def shirube_readers() -> list[Reader]:
    """Return the reader for two numeric columns."""
    return [
        Reader(
            name="columns",
            description=Text(en="Two numeric columns: energy and intensity", ja="数値 2 列（エネルギーと強度）"),
            suffixes=(".csv", ".dat", ".tsv", ".txt", ".xy"),
            implementation="shirube.builtin.columns",
            parameters="shirube.builtin.columns:Parameters",
        )
    ]


@hookimpl
def shirube_amendments() -> list[Amendment]:
    """Return the amendment that states the facts of the settings section ``[facts]``."""
    return [
        Amendment(
            name="facts",
            description=Text(en="Facts that the settings state", ja="設定に記した事実"),
            sets=(),
            implementation="shirube.builtin.facts",
        )
    ]


@hookimpl
def shirube_exporters() -> list[Exporter]:
    """Return the formats that other programs of the field read."""
    return [
        Exporter(
            name="itx",
            description=Text(en="Igor Text waves of spectra and fits", ja="スペクトルと解析結果の Igor Text ウェーブ"),
            implementation="shirube.formats.itx",
            on_request=True,
        ),
        Exporter(
            name="vamas",
            description=Text(en="ISO 14976 (VAMAS) files of spectra", ja="スペクトルの ISO 14976（VAMAS）ファイル"),
            implementation="shirube.formats.vamas",
            on_request=True,
        ),
        Exporter(
            name="nexus",
            description=Text(en="NeXus files (NXxps, NXmpes)", ja="NeXus ファイル（NXxps、NXmpes）"),
            implementation="shirube.formats.nexus",
            on_request=True,
        ),
    ]
