"""Parameters of the conversion: how far photon energies may differ, and what an axis allows."""

from __future__ import annotations

from shirube.parameters import parameter, parameters

__all__ = ["Parameters"]


@parameters
class Parameters:
    """Tolerances of the conversion to binding energies."""

    photon_energy_difference: float = parameter(
        2.0,
        en="Largest difference between the photon energies of the additional metadata (B) and the header (A) that "
        "passes without a notice",
        ja="追加メタデータ（B）とヘッダー（A）の光エネルギーの差のうち、通知なしで認める上限",
        unit="eV",
        ge=0.0,
    )
    fermi_margin: float = parameter(
        5.0,
        en="How far kinetic energies may reach above the photon energy, because scans of the Fermi edge go beyond it",
        ja="運動エネルギーが光エネルギーを超えてよい幅（フェルミ端の測定は光エネルギーを少し超えるため）",
        unit="eV",
        ge=0.0,
    )
    survey_margin: float = parameter(
        0.05,
        en="The same as a fraction of the scan's width, because wide scans start further above the Fermi edge; the "
        "larger margin counts",
        ja="同じ幅を走査範囲に対する割合で表したもの（ワイドスキャンはより高い側から始まるため）。大きい方を用いる",
        ge=0.0,
        le=1.0,
    )
    region_tolerance: float = parameter(
        0.5,
        en="How well photon energy minus binding energy must agree with the kinetic energy limits of the region",
        ja="光エネルギーから束縛エネルギーを引いた値と、測定範囲の運動エネルギーとの差の許容値",
        unit="eV",
        gt=0.0,
    )
