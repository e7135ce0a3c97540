"""What this plugin registers: the analysis ``bicfit``, the exporter ``nims`` and the command ``fit``."""

from __future__ import annotations

from shirube.hooks import Analysis, Command, Exporter, Resource, Text, hookimpl

__all__ = ["shirube_analyses", "shirube_commands", "shirube_exporters"]


@hookimpl
def shirube_analyses() -> list[Analysis]:
    """Return the peak fit."""
    names = (
        "peak_count", "main_peak_position", "main_peak_width", "main_peak_share", "bic", "delta_bic", "weight",
        "equals", "criterion", "noise", "dispersion", "reduced_deviance", "background", "lineshape", "doublet",
        "parameters", "channels", "range_low", "range_high", "starts", "hits",
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
def shirube_exporters() -> list[Exporter]:
    """Return the exporter of fits as readers of the NIMS tool know them."""
    return [
        Exporter(
            name="nims",
            description=Text(
                en="Ranked models as CSV files like those of the NIMS peak separation tool",
                ja="NIMS のピーク分離ツールと同じ形式の CSV ファイル（順位付けしたモデル）",
            ),
            implementation="shirube_bicfit.nims",
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
