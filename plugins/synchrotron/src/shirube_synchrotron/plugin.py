"""What this plugin registers: the conversion to binding energies, and the calibration at the Fermi edge."""

from __future__ import annotations

from shirube.hooks import Amendment, Analysis, Command, Conversion, Text, hookimpl

__all__ = ["shirube_amendments", "shirube_analyses", "shirube_commands", "shirube_unit_conversions"]


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


@hookimpl
def shirube_amendments() -> list[Amendment]:
    """Register what calibration files state."""
    return [
        Amendment(
            name="calibration",
            description=Text(
                en="Photon energy, resolution and date of calibration from the calibration files that hold",
                ja="条件の合う校正ファイルの光エネルギー、分解能、校正日など",
            ),
            sets=(
                "photon_energy",
                "work_function",
                "calibration_photon_energy",
                "fermi_level",
                "energy_resolution",
                "edge_width",
                "calibration_standard",
                "calibration_operator_role",
                "calibrated_on",
                "photon_energy_changed_on",
            ),
            parameters="shirube_synchrotron.calibration.parameters:AmendmentParameters",
            implementation="shirube_synchrotron.calibration.amendment",
        )
    ]


@hookimpl
def shirube_analyses() -> list[Analysis]:
    """Register the Fermi edge of gold, off until settings switch it on."""
    return [
        Analysis(
            name="fermi_edge",
            description=Text(
                en="Fermi level, energy resolution and edge width of a gold scan",
                ja="金のスキャンのフェルミ準位、エネルギー分解能、エッジ幅",
            ),
            scope="spectrum",
            yields=("fermi_level", "energy_resolution", "edge_width", "calibration_photon_energy"),
            parameters="shirube_synchrotron.calibration.parameters:EdgeParameters",
            implementation="shirube_synchrotron.calibration.analysis",
        )
    ]


@hookimpl
def shirube_commands() -> list[Command]:
    """Register ``shirube calibrate``."""
    return [
        Command(
            name="calibrate",
            description=Text(
                en="Calibrate photon energy and resolution at the Fermi edge of gold.",
                ja="金のフェルミ端で光エネルギーと分解能を校正する。",
            ),
            implementation="shirube_synchrotron.calibration.cli:calibrate",
        )
    ]
