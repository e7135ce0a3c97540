"""The settings of the quantification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from shirube.errors import SettingsError, all_problems
from shirube.parameters import parameter, parameters
from shirube_quant.crosssections import Level
from shirube_quant.pairs import level_by_region, parameter_by_level, problems_in
from shirube_quant.phrases import message

__all__ = ["QuantifyParameters"]


@parameters
class QuantifyParameters:
    """What can be set of the quantification; every default is printed with the result as an assumption.

    Raises:
        SettingsError: Settings contradict each other, or one of them cannot be read.
    """

    lines: tuple[str, ...] = parameter(
        (),
        en="The core level of regions whose name does not tell, by name or id: 'Region 1 = O 1s'.",
        ja="リージョン名から分からない場合の内殻準位（名前または ID ごと。例：'Region 1 = O 1s'）。",
    )
    material: str | None = parameter(
        None,
        en="What the electrons pass, for mean free paths by TPP-2M: a formula or a name such as graphite.",
        ja="電子が通る物質（TPP-2M による非弾性平均自由行程に使用）。化学式または graphite などの名前。",
    )
    density: float | None = parameter(
        None, en="Density of the material.", ja="物質の密度。", unit="g/cm3", gt=0.0, le=30.0
    )
    band_gap: float | None = parameter(
        None,
        en="Band gap of the material; 0 for a metal.",
        ja="物質のバンドギャップ（金属は 0）。",
        unit="eV",
        ge=0.0,
        le=20.0,
    )
    valence_electrons: float | None = parameter(
        None, en="Valence electrons of a formula unit.", ja="化学式単位あたりの価電子数。", gt=0.0, le=1000.0
    )
    transmission: str | None = parameter(
        None,
        en="CSV file of the analyser's transmission: kinetic energy in eV, transmission.",
        ja="分析器の透過率の CSV ファイル（運動エネルギー (eV)、透過率）。",
    )
    transmission_exponent: float | None = parameter(
        None,
        en="Without such a file, transmission falls as the kinetic energy to this power; 0 states that it is constant.",
        ja="ファイルがない場合、透過率は運動エネルギーのこのべき乗に反比例するとする（0 は一定であることの明示）。",
        ge=-2.0,
        le=2.0,
    )
    polarisation_angle: float | None = parameter(
        None,
        en="Angle between the polarisation of linearly polarised light and the emission.",
        ja="直線偏光の偏光方向と光電子の放出方向のなす角。",
        unit="deg",
        ge=0.0,
        le=180.0,
    )
    light_angle: float | None = parameter(
        None,
        en="Angle between the direction of unpolarised light and the emission.",
        ja="無偏光の光の進行方向と光電子の放出方向のなす角。",
        unit="deg",
        ge=0.0,
        le=180.0,
    )
    asymmetry: tuple[str, ...] = parameter(
        (),
        en="Asymmetry parameter of levels other than s levels: 'Si 2p = 1.0'.",
        ja="s 準位以外の非対称パラメーター（例：'Si 2p = 1.0'）。",
    )
    emission_angle: float = parameter(
        0.0,
        en="Angle of emission from the surface normal, for the depth probed.",
        ja="表面法線からの放出角（検出深さの計算に使用）。",
        unit="deg",
        ge=0.0,
        le=89.0,
    )
    sensitivity_uncertainty: float = parameter(
        0.15,
        en="Relative standard uncertainty of a sensitivity factor from first principles.",
        ja="第一原理による感度係数の相対標準不確かさ。",
        gt=0.0,
        le=1.0,
    )
    intensities: Literal["auto", "counts", "rates"] = parameter(
        "auto",
        en="Whether intensities grow with measuring time (counts) or not (rates); auto goes by their unit.",
        ja="強度が測定時間に比例するか（counts）、しないか（rates）。auto は単位から判断。",
        choices=("auto", "counts", "rates"),
    )
    calibrated: bool = parameter(
        False,
        en="State that the energy scale was calibrated in a way that the data do not tell.",
        ja="データからは分からない方法でエネルギー軸を校正済みであることを明示する。",
    )

    def __attrs_post_init__(self) -> None:
        wrong = [
            message(code)
            for code, is_so in (
                ("two-geometries", self.polarisation_angle is not None and self.light_angle is not None),
                ("two-transmissions", self.transmission is not None and self.transmission_exponent is not None),
                ("material-unnamed", self.material is None and self._describes_material),
            )
            if is_so
        ]
        problems = [SettingsError(one) for one in wrong] + problems_in(self.levels, self.asymmetries)
        if problems:
            raise all_problems(problems)

    @property
    def _describes_material(self) -> bool:
        return any(one is not None for one in (self.density, self.band_gap, self.valence_electrons))

    def levels(self) -> Mapping[str, Level]:
        """Return the core level of each region that ``lines`` names.

        Raises:
            SettingsError: An entry is not ``name = level``, or there is no such level; says all.
        """
        return level_by_region(self.lines)

    def asymmetries(self) -> Mapping[str, float]:
        """Return the asymmetry parameter of each level that ``asymmetry`` names.

        Raises:
            SettingsError: An entry is not ``level = number``, or one of them is impossible; says all.
        """
        return parameter_by_level(self.asymmetry)
