"""The settings of the analysis."""

from shirube.parameters import parameter, parameters


@parameters
class Parameters:
    """Settings of the mean."""

    power: float = parameter(1.0, en="Power of the intensities.", ja="強度のべき。", gt=0.0, le=4.0)
    seed: int = parameter(1, en="Seed of the resampling.", ja="乱数の種。", ge=0)
