"""The parameters of the ARIM policy: what its wording leaves to the reader, and which rules are asked."""

from __future__ import annotations

from typing import Final, get_args

from shirube.parameters import parameter, parameters
from shirube.rules import RuleContext
from shirube_policy.embargo import STANDARD, Basis

#: Dates of the policies whose rules this package has, newest first.
VERSIONS: Final = ("2025-04-01",)

__all__ = ["VERSIONS", "Parameters", "parameters_of"]


@parameters
class Parameters:
    """Section ``[policies.arim]`` of the settings."""

    about_tolerance: float = parameter(
        0.1,
        en="How far an 'about' reaches beyond its limit; inside this band a length is noted, not failed.",
        ja="「程度」の許容幅。この幅に収まる長さは注意にとどめる",
        ge=0,
        le=1,
    )
    derived: str = parameter(
        "note",
        en="Rules that the policy does not state itself: left out, noted, or counted as failures.",
        ja="ポリシー本文にない派生規則の扱い（除外・注意・不適合）",
        choices=("off", "note", "fail"),
    )
    disable: tuple[str, ...] = parameter(
        (),
        en="Ids of rules that are not asked.",
        ja="無効にする規則の ID",
    )
    version: str = parameter(
        VERSIONS[0],
        en="Date of the policy whose rules are asked.",
        ja="適用するポリシーの日付",
        choices=VERSIONS,
    )
    embargo_basis: Basis = parameter(
        STANDARD,
        en="To when the standard embargo lasts: to the end of the fiscal year after the next, or two years.",
        ja="標準のエンバーゴの数え方（登録した年度の翌々年度末まで、または登録から 2 年間）",
        choices=get_args(Basis),
    )
    residency_by_employment: bool = parameter(
        False,
        en="Whether working at an office in Japan makes a resident before six months; otherwise a person decides.",
        ja="来日 6 ヶ月未満でも国内の事務所に勤務する人を居住者とみなすか（みなさない場合は人が判断）",
    )
    licence_period: bool = parameter(
        False,
        en="Whether to tell the end of a licence, which the portal states and not the policy.",
        ja="ライセンスの期限（ポリシーではなくポータルの案内による）を表示するか",
    )
    deletion_ratio: float = parameter(
        0.1,
        en="Share of a fiscal year's data beyond which deletions are to be looked at; the policy names none.",
        ja="年度内の登録に対する削除の割合の目安（ポリシーに数値はない）",
        ge=0,
        le=1,
    )
    notice_days: int = parameter(
        30,
        en="Days before the end of the embargo by which it must be set for the notice to come a month ahead.",
        ja="エンバーゴ解除の 1 ヶ月前の案内に間に合う日数",
        ge=0,
        le=366,
    )
    facility_codes: tuple[str, ...] = parameter(
        (),
        en="Codes of facilities that a project number may have; none: any two letters.",
        ja="課題番号に使われる実施機関の略号（空の場合は英字 2 文字をすべて認める）",
    )
    terms_url: str = parameter(
        "",
        en="Address of the facility's terms of data registration.",
        ja="実施機関のデータ登録約款の URL",
    )
    publisher: str = parameter(
        "Advanced Research Infrastructure for Materials and Nanotechnology in Japan (ARIM)",
        en="Publisher in the metadata of a DOI.",
        ja="DOI のメタデータに記す公開者",
    )

    @property
    def basis(self) -> Basis:
        """The basis on which the embargo is counted."""
        return self.embargo_basis


def parameters_of(context: RuleContext) -> Parameters:
    """Return the parameters that a rule is judged with; the defaults where a caller gave none."""
    return context.parameters if isinstance(context.parameters, Parameters) else Parameters()
