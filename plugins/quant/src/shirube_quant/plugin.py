"""What this plugin registers: the analysis ``elements``."""

from __future__ import annotations

from shirube.hooks import Analysis, Resource, Text, hookimpl

__all__ = ["shirube_analyses"]


@hookimpl
def shirube_analyses() -> list[Analysis]:
    """Return the identification of the elements of a survey."""
    return [
        Analysis(
            name="elements",
            description=Text(
                en="Peaks of a survey, and the elements that they may come from",
                ja="サーベイスペクトルのピークと、対応しうる元素",
            ),
            scope="spectrum",
            yields=tuple(f"quant.{name}" for name in ("peak_count",)),
            parameters="shirube_quant.parameters:ElementsParameters",
            implementation="shirube_quant.elements",
            terms=Resource("shirube_quant", "terms.toml"),
        ),
    ]
