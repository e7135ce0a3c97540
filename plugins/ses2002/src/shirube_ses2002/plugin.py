"""What this distribution registers: the reader of SES text, its metadata map, the SES2002 guide and its checks."""

from __future__ import annotations

from shirube.hooks import Guide, MetadataMap, Policy, Reader, Resource, Text, hookimpl

__all__ = ["shirube_guides", "shirube_metadata_maps", "shirube_policies", "shirube_readers"]


@hookimpl
def shirube_readers() -> list[Reader]:
    """Return the reader of SES text files and their sidecars."""
    return [
        Reader(
            name="ses2002",
            description=Text(
                en="SES text export (Scienta Omicron): regions of one to three dimensions, kinetic or binding scale",
                ja="SES テキスト出力（Scienta Omicron）：1～3 次元のリージョン、運動エネルギーまたは束縛エネルギー",
            ),
            suffixes=(".txt",),
            sidecar="{stem}_metadata.json",
            implementation="shirube_ses2002.reader",
            parameters="shirube_ses2002.parameters:Parameters",
        )
    ]


@hookimpl
def shirube_metadata_maps() -> list[MetadataMap]:
    """Return the map from the keys of SES files and sidecars to terms."""
    return [
        MetadataMap(
            name="ses2002",
            description=Text(en="Keys of SES files and their sidecars", ja="SES ファイルと追加メタデータのキー"),
            reader="ses2002",
            resource=Resource("shirube_ses2002", "metadata.toml"),
        )
    ]


@hookimpl
def shirube_guides() -> list[Guide]:
    """Return the data reference guide of the SES2002."""
    return [
        Guide(
            name="ses2002",
            description=Text(
                en="ARIM data reference guide: soft X-ray photoelectron spectrometer SES2002 (JAEA, AE-007)",
                ja="ARIM データリファレンスガイド：軟X線光電子分光装置 SES2002（JAEA、AE-007）",
            ),
            resource=Resource("shirube_ses2002", "guide.toml"),
        )
    ]


@hookimpl
def shirube_policies() -> list[Policy]:
    """Return the checks of the guide."""
    return [
        Policy(
            name="ses2002",
            description=Text(
                en="The 93 checks of the SES2002 data reference guide",
                ja="SES2002 データリファレンスガイドの 93 の確認項目",
            ),
            guides=("ses2002",),
            implementation="shirube_ses2002.checks",
            parameters="shirube_ses2002.checks.parameters:Parameters",
        )
    ]
