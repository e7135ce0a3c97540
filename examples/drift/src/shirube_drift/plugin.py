"""What this plugin registers: the drift over a series of iterations."""

from shirube.hooks import Analysis, Resource, Text, hookimpl


@hookimpl
def shirube_analyses() -> list[Analysis]:
    """Register the analysis."""
    return [
        Analysis(
            name="drift",
            description=Text(
                en="Signal to noise, and what changed over the iterations: intensity, position, shape",
                ja="信号雑音比と、繰り返し測定の間の変化（強度・位置・形状）",
            ),
            yields=(
                "drift.signal_to_noise",
                "drift.intensity_change",
                "drift.energy_shift",
                "drift.shift_significance",
                "drift.shape_significance",
                "drift.dispersion",
                "drift.sample_changed",
            ),
            terms=Resource("shirube_drift", "terms.toml"),
            parameters="shirube_drift.parameters:Parameters",
            implementation="shirube_drift.analysis",
        )
    ]
