"""Derive the photon energy of the Fe 2p measurement from a Fermi edge of the same beamtime, and register it.

python derive_photon_energy.py            print the figures; fail if the sidecar says something else
python derive_photon_energy.py --write    write the sidecar and the figure
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

import shirube
from shirube.figures import (
    OKABE_ITO,
    draw_data,
    draw_residuals,
    energy_axis,
    new_figure,
    style,
    to_png,
    with_residuals,
)
from shirube.records import Spectrum
from shirube_synchrotron.edge import ASSUMED_WITHIN, FermiEdge, fit_fermi_edge

HERE = Path(__file__).parent
FERMI_EDGE = HERE / "scienta_fermi_level_1.txt"
SIDECAR = HERE.parent / "scienta_single_region_1_metadata.json"
FIGURE = HERE / "fermi_edge.png"

#: The files do not say how warm the sample was.
TEMPERATURE = 300.0
#: Kinetic energies of this instrument count so that hv - KE is the binding energy (no work function is stated).
WORK_FUNCTION = 0.0
#: Digits of the registered value: the uncertainty is about 0.01 eV.
DIGITS = 2


def main() -> int:
    """Fit, print, and write or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the sidecar and the figure")
    write = parser.parse_args().write
    spectrum = shirube.read(FERMI_EDGE).spectra[0]
    edge = fit_fermi_edge(
        spectrum.energy, spectrum.intensity, temperature=TEMPERATURE, temperature_tolerance=ASSUMED_WITHIN
    )
    photon_energy = report(edge)
    if write:
        SIDECAR.write_text(json.dumps({"Excitation Energy": photon_energy}, indent=2) + "\n", encoding="utf-8")
        FIGURE.write_bytes(draw(edge, spectrum))
        return 0
    registered = json.loads(SIDECAR.read_text(encoding="utf-8"))["Excitation Energy"]
    agrees = registered == photon_energy
    print(f"{SIDECAR.name} says {registered} eV: {'agrees' if agrees else 'DIFFERS'}")
    return 0 if agrees else 1


def report(edge: FermiEdge) -> float:
    """Print the fit and its variants; return the photon energy to register, in eV."""
    print(f"Fermi edge of {FERMI_EDGE.name}, temperature {TEMPERATURE:g} K (assumed): {edge.status}")
    print("  window (eV)       states     background   E_F (eV)             FWHM (eV)        points  chi2_red")
    for one in edge.variants:
        window = f"{one.window[0]:.1f} to {one.window[1]:.1f}"
        level = f"{one.position.value:.4f} +- {one.position.statistical:.4f}"
        width = f"{one.resolution.value:.3f} +- {one.resolution.statistical:.3f}"
        background = "sloping " if one.background_slope else "constant"
        admitted = "" if one.admitted else "  not admitted"
        print(
            f"  {window}  {one.density_of_states:<9}  {background}     {level}  {width}"
            f"  {one.points:4d}  {one.dispersion:8.1f}{admitted}"
        )
    position, resolution = edge.position, edge.resolution
    photon_energy = round(edge.photon_energy(WORK_FUNCTION), DIGITS)
    print(f"Fermi level      KE_F = {position.value:.4f} eV")
    print(f"  uncertainty    {position.statistical:.4f} eV (statistics), {position.model or 0.0:.4f} eV (model)")
    print(f"  together       {position.standard:.4f} eV")
    print(f"Resolution       {resolution.value:.3f} +- {resolution.standard:.3f} eV (FWHM)")
    print(f"Photon energy    hv = KE_F + phi = {photon_energy} eV, with phi = {WORK_FUNCTION:g} eV")
    return photon_energy


def draw(edge: FermiEdge, spectrum: Spectrum) -> bytes:
    """Return the figure of the fit: data, curve, level, resolution, and residuals in standard deviations."""
    green, vermilion = OKABE_ITO[2], OKABE_ITO[5]
    kinetic, intensity = spectrum.energy, spectrum.intensity
    curves = edge.curves
    if curves is None:
        raise SystemExit("nothing was fitted")
    position = edge.position
    figure = new_figure(6.4, 4.8)
    with style():
        top, bottom = with_residuals(figure)
        draw_data(top, kinetic, intensity, "en", unit=spectrum.intensity_unit)
        fine = np.linspace(*edge.window, 400)
        top.plot(fine, edge.intensity(fine), color=vermilion, linewidth=1.3, label="Fit")
        for axes in (top, bottom):
            axes.axvline(position.value, color=green, linewidth=1)
        half = edge.resolution.value / 2
        label = f"Resolution {edge.resolution.value:.2f} eV"
        top.axvspan(position.value - half, position.value + half, color=green, alpha=0.15, linewidth=0, label=label)
        level = f"$E_F$ = {position.value:.3f} ± {position.standard:.3f} eV"
        top.annotate(level, (position.value, 0.95), (8, 0), xycoords=("data", "axes fraction"),
                     textcoords="offset points", va="center")  # fmt: skip
        top.set_ylim(bottom=-0.03 * float(intensity.max()))
        top.legend(loc="lower left")
        draw_residuals(bottom, curves.energies, curves.residuals, "en")
        energy_axis(bottom, spectrum, "en")
    return to_png(figure)


if __name__ == "__main__":
    sys.exit(main())
