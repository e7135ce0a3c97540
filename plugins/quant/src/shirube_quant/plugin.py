"""What this plugin registers: the analyses ``elements`` and ``quantify``, and the command ``elements``."""

from __future__ import annotations

from typing import Final

from shirube.hooks import Analysis, Command, Resource, Text, hookimpl

_IDENTIFIED: Final = ("elements_found", "element_count", "peak_count", "unassigned_count", "scale_offset")
_QUANTIFIED: Final = (
    "photon_energy",
    "quantified_count",
    "quantified_elements",
    "composition",
    "main_element",
    "main_percent",
    "factor_uncertainty",
    "depth_least",
    "depth_most",
    "material",
)

__all__ = ["shirube_analyses", "shirube_commands"]


@hookimpl
def shirube_analyses() -> list[Analysis]:
    """Return the identification of the elements of a survey, and the quantification of an entry."""
    return [
        Analysis(
            name="elements",
            description=Text(
                en="Peaks of a survey, and the elements that they may come from",
                ja="サーベイスペクトルのピークと、対応しうる元素",
            ),
            scope="spectrum",
            yields=tuple(f"quant.{name}" for name in _IDENTIFIED),
            parameters="shirube_quant.parameters:ElementsParameters",
            implementation="shirube_quant.elements",
            terms=Resource("shirube_quant", "terms.toml"),
        ),
        Analysis(
            name="quantify",
            description=Text(
                en="Atomic percentages from the areas of core levels, with cross sections at the photon energy used",
                ja="内殻準位の面積から求める原子濃度（用いた光エネルギーでの断面積による）",
            ),
            scope="entry",
            yields=tuple(f"quant.{name}" for name in _QUANTIFIED),
            parameters="shirube_quant.quantifyparameters:QuantifyParameters",
            implementation="shirube_quant.quantifyanalysis",
            terms=Resource("shirube_quant", "terms.toml"),
        ),
    ]


@hookimpl
def shirube_commands() -> list[Command]:
    """Return ``shirube elements``."""
    return [
        Command(
            name="elements",
            description=Text(
                en="Find the elements that surveys may show.",
                ja="サーベイスペクトルから元素の候補を探す。",
            ),
            implementation="shirube_quant.cli:elements",
        )
    ]
