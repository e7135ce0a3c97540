"""The parameters of the ARIM policy: what its wording leaves to the reader, and which rules are asked."""

from __future__ import annotations

from shirube.parameters import parameter, parameters
from shirube.rules import RuleContext

__all__ = ["Parameters", "parameters_of"]


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


def parameters_of(context: RuleContext) -> Parameters:
    """Return the parameters that a rule is judged with; the defaults where a caller gave none."""
    return context.parameters if isinstance(context.parameters, Parameters) else Parameters()
