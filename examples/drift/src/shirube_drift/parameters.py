"""Settings of the section ``[analyses.drift]``."""

from shirube.parameters import parameter, parameters


@parameters
class Parameters:
    """What counts as a change."""

    threshold: float = parameter(
        4.0,
        en="Standard deviations beyond which position or shape have changed.",
        ja="位置または形状が変化したとみなす標準偏差の倍数",
        gt=0.0,
    )
    smoothing: int = parameter(
        9,
        en="Points of the cubic whose slope tells what a shift does.",
        ja="シフトの影響を求める三次式の点数",
        ge=5,
    )
    fewest: int = parameter(20, en="Fewest energies that tell a shape.", ja="形状を判断する最小のエネルギー点数", ge=10)
