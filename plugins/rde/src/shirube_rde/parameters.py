"""What can be set about RDE trees, in the settings section ``[exporters.rde]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shirube.parameters import build, parameter, parameters
from shirube.settings import Settings

if TYPE_CHECKING:
    from shirube.exporting import VectorFormat

__all__ = ["Parameters", "exporter_parameters", "vector_format"]


@parameters
class Parameters:
    """Settings of the exporter."""

    raw_sharing: str = parameter(
        "nonshared",
        en="Where input files go: nonshared_raw (never made public) or raw (public after the embargo).",
        ja="入力ファイルの登録先：nonshared（nonshared_raw、非公開のまま）または shared（raw、エンバーゴ後に公開）",
        choices=("nonshared", "shared"),
    )
    restricted_files: tuple[str, ...] = parameter(
        (),
        en="Name patterns (*_metadata.json) of input files that are never made public, whatever is shared.",
        ja="公開する設定でも公開しない入力ファイルの名前のパターン（*_metadata.json など）",
    )
    anonymised: bool = parameter(
        False,
        en="Whether the dataset is anonymised: names leave metadata, figures, tables and file names.",
        ja="データセットを匿名化するか（メタデータ、図、表、ファイル名から名前を除きます）",
    )
    hidden_names: tuple[str, ...] = parameter(
        (),
        en="Names of people and institutions that an anonymised dataset must not show (YAMADA, Taro).",
        ja="匿名化するデータセットに残さない氏名や組織名（山田 太郎 など）",
    )
    anonymous_terms: tuple[str, ...] = parameter(
        ("user", "location", "comments", "sample_name", "raw_file_name"),
        en="Terms that an anonymised dataset leaves out of its metadata.",
        ja="匿名化するデータセットのメタデータに含めない用語",
    )
    utc_offset: str | None = parameter(
        "+09:00",
        en="UTC offset of the instrument's clock, written behind times that state none; none: leave them without.",
        ja="装置の時計の UTC との差。時差のない時刻に付けます（none：付けない）",
    )
    most_figures: int = parameter(
        24,
        en="Most plots of spectra in a data tile of a job; more spectra share figures of small panels.",
        ja="データタイルごとのスペクトル図の上限。これより多い場合は小さい図にまとめます",
        ge=1,
    )
    thumbnail_size: int = parameter(
        320, en="Longer side of the thumbnail.", ja="サムネイルの長辺", unit="px", ge=16, le=2048
    )
    vector_figures: str = parameter(
        "none",
        en="Format in which a job writes each figure into structured/ too, beside the PNG in the image folders.",
        ja="ジョブの各図を、画像フォルダーの PNG に加えて structured/ にも書く形式（none：書かない）",
        choices=("none", "svg", "pdf"),
    )


def exporter_parameters(settings: Settings) -> Parameters:
    """Return the effective settings of the exporter.

    Raises:
        SettingsError: One is not as it should be.
    """
    return build(Parameters, settings.section("exporters.rde"), "exporters.rde")


def vector_format(parameters: Parameters) -> VectorFormat | None:
    """Return the vector format in which figures are asked for, None for PNG alone."""
    formats: dict[str, VectorFormat] = {"svg": "svg", "pdf": "pdf"}
    return formats.get(parameters.vector_figures)
