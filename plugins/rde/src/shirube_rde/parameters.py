"""What can be set about RDE trees, in the settings section ``[exporters.rde]``."""

from __future__ import annotations

from shirube.parameters import parameter, parameters

__all__ = ["Parameters"]


@parameters
class Parameters:
    """Settings of the exporter."""

    raw_sharing: str = parameter(
        "nonshared",
        en="Where input files go: nonshared_raw (never made public) or raw (public after the embargo).",
        ja="入力ファイルの登録先：nonshared（nonshared_raw、非公開のまま）または shared（raw、エンバーゴ後に公開）",
        choices=("nonshared", "shared"),
    )
    utc_offset: str | None = parameter(
        "+09:00",
        en="UTC offset of the instrument's clock, written behind times that state none; none: leave them without.",
        ja="装置の時計の UTC との差。時差のない時刻に付けます（none：付けない）",
    )
    thumbnail_size: int = parameter(
        320, en="Longer side of the thumbnail.", ja="サムネイルの長辺", unit="px", ge=16, le=2048
    )
