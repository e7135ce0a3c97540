"""The parameters of the guide's checks: what is not the guide's own, and which rules are asked."""

from __future__ import annotations

from shirube.parameters import parameter, parameters
from shirube.rules import RuleContext

__all__ = ["Parameters", "parameters_of"]


@parameters
class Parameters:
    """Section ``[policies.ses2002]`` of the settings. What the guide itself states stands in ``[guides.ses2002]``."""

    nominal_step: float = parameter(
        10.0,
        en="A photon energy that is a multiple of this looks set, not calibrated.",
        ja="この値の倍数の光エネルギーは、校正値ではなく設定値とみなす",
        unit="eV",
        gt=0,
    )
    fermi_margin: float = parameter(
        5.0,
        en="How far kinetic energies may reach above the photon energy, because scans of the Fermi edge go beyond it.",
        ja="運動エネルギーが光エネルギーを超えてよい幅（フェルミ端の測定は光エネルギーを少し超えるため）",
        unit="eV",
        ge=0,
    )
    survey_margin: float = parameter(
        0.05,
        en="The same as a fraction of the scan's width; the larger margin counts.",
        ja="同じ幅を走査範囲に対する割合で表したもの（大きい方を用いる）",
        ge=0,
        le=1,
    )
    derived: bool = parameter(
        default=True,
        en="Whether rules are asked that the guide does not state itself.",
        ja="ガイド本文にない派生規則も用いる",
    )
    disable: tuple[str, ...] = parameter((), en="Ids of rules that are not asked.", ja="無効にする規則の ID")


def parameters_of(context: RuleContext) -> Parameters:
    """Return the parameters that a rule is judged with; the defaults where a caller gave none."""
    return context.parameters if isinstance(context.parameters, Parameters) else Parameters()
