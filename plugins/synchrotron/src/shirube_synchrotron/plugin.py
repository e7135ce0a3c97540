"""What this plugin registers: the conversion from kinetic to binding energy."""

from __future__ import annotations

from shirube.hooks import Conversion, Text, hookimpl

__all__ = ["shirube_unit_conversions"]


@hookimpl
def shirube_unit_conversions() -> list[Conversion]:
    """Register the conversion to binding energies."""
    return [
        Conversion(
            name="synchrotron",
            description=Text(
                en="Decide the photon energy (additional metadata before header) and convert to binding energies",
                ja="光エネルギーを決め（追加メタデータがヘッダーに優先）、束縛エネルギーに変換する",
            ),
            sources=("kinetic", "binding"),
            target="binding",
            requires=("photon_energy",),
            decides=("photon_energy", "work_function"),
            parameters="shirube_synchrotron.parameters:Parameters",
            implementation="shirube_synchrotron.conversion",
        )
    ]
