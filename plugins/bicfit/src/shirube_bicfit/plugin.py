"""What this plugin registers: the analysis ``bicfit`` and the command ``fit``."""

from __future__ import annotations

from shirube.hooks import Analysis, Command, Resource, Text, hookimpl

__all__ = ["shirube_analyses", "shirube_commands"]


@hookimpl
def shirube_analyses() -> list[Analysis]:
    """Return the peak fit."""
    names = (
        "peak_count", "bic", "delta_bic", "weight", "criterion", "noise", "dispersion", "reduced_deviance",
        "background", "starts", "hits", "main_peak_position", "main_peak_width",
    )  # fmt: skip
    return [
        Analysis(
            name="bicfit",
            description=Text(
                en="Peak fit with active Shirley background, ranked by BIC over the number of peaks",
                ja="アクティブ Shirley バックグラウンドによるピーク分離（ピーク本数を BIC で選択）",
            ),
            scope="spectrum",
            yields=tuple(f"bicfit.{name}" for name in names),
            parameters="shirube_bicfit.parameters:Parameters",
            implementation="shirube_bicfit.analysis",
            terms=Resource("shirube_bicfit", "terms.toml"),
        )
    ]


@hookimpl
def shirube_commands() -> list[Command]:
    """Return ``shirube fit``."""
    return [
        Command(
            name="fit",
            description=Text(
                en="Fit the peaks of spectra and rank models by BIC.",
                ja="スペクトルのピークを分離し、モデルを BIC で順位付けする。",
            ),
            implementation="shirube_bicfit.cli:fit",
        )
    ]
