"""Settings of the amendment and the analysis that this package registers."""

from __future__ import annotations

from shirube.parameters import parameter, parameters

__all__ = ["AmendmentParameters", "EdgeParameters"]


@parameters
class AmendmentParameters:
    """Calibration files whose results hold for what was measured alike."""

    files: tuple[str, ...] = parameter(
        (),
        en="Calibration files, relative to the current folder; of those that fit the last one not later than the data.",
        ja="校正ファイル（現在のフォルダーからの相対パス）。条件の合うもののうち、測定日以前で最新を用いる。",
    )
    photon_energy_tolerance: float = parameter(
        1.0,
        en="How far the headers of gold and data may be apart in photon energy.",
        ja="金とデータのヘッダーの光エネルギーの差の許容値。",
        unit="eV",
        ge=0.0,
    )


@parameters
class EdgeParameters:
    """The Fermi edge as an analysis."""

    on: bool = parameter(
        False,
        en="Take the spectra of this run for gold scans and fit their Fermi edges.",
        ja="この実行のスペクトルを金のスキャンとみなし、フェルミ端を解析する。",
    )
    temperature: float | None = parameter(
        None,
        en="Temperature of the gold; without it, what the file says, else 300 K.",
        ja="金の温度。指定しなければファイルの値、なければ 300 K。",
        unit="K",
        gt=0.0,
    )
    work_function: float | None = parameter(
        None,
        en="Added to the Fermi level to give the photon energy; without it, what the conversion took off, else 0.",
        ja="フェルミ準位に加えて光エネルギーとする仕事関数。指定しなければ変換で使った値、なければ 0。",
        unit="eV",
        ge=0.0,
        le=10.0,
    )
