"""Derive the photon energy of the Fe 2p measurement from a Fermi edge of the same beamtime, and register it.

python derive_photon_energy.py            print the figures; fail if the sidecar says something else
python derive_photon_energy.py --write    write the sidecar and the figure
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import product
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
from shirube_synchrotron.edge import FermiEdge, fit_fermi_edge

HERE = Path(__file__).parent
FERMI_EDGE = HERE / "scienta_fermi_level_1.txt"
SIDECAR = HERE.parent / "scienta_single_region_1_metadata.json"
FIGURE = HERE / "fermi_edge.png"

#: The files do not say how warm the sample was.
TEMPERATURE = 300.0
#: Kinetic energies of this instrument count so that hv - KE is the binding energy (no work function is stated).
WORK_FUNCTION = 0.0
#: Windows below and above the edge in eV; all of them are reasonable, so what they disagree about is uncertainty.
WINDOWS = ((1.0, 0.6), (1.5, 0.9), (2.0, 1.2), (9.0, 9.0))
#: Digits of the registered value: the uncertainty is about 0.01 eV.
DIGITS = 2


def main() -> int:
    """Fit, print, and write or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the sidecar and the figure")
    write = parser.parse_args().write
    spectrum = shirube.read(FERMI_EDGE).spectra[0]
    edge = fit_fermi_edge(spectrum.energy, spectrum.intensity, temperature=TEMPERATURE)
    photon_energy = report(edge, spectrum)
    if write:
        SIDECAR.write_text(json.dumps({"Excitation Energy": photon_energy}, indent=2) + "\n", encoding="utf-8")
        FIGURE.write_bytes(draw(edge, spectrum))
        return 0
    registered = json.loads(SIDECAR.read_text(encoding="utf-8"))["Excitation Energy"]
    agrees = registered == photon_energy
    print(f"{SIDECAR.name} says {registered} eV: {'agrees' if agrees else 'DIFFERS'}")
    return 0 if agrees else 1


def report(edge: FermiEdge, spectrum: Spectrum) -> float:
    """Print the fit and its variants; return the photon energy to register, in eV."""
    print(f"Fermi edge of {FERMI_EDGE.name}, temperature {TEMPERATURE:g} K (assumed)")
    print("  window (eV)       background   E_F (eV)             FWHM (eV)        points  chi2_red")
    levels = []
    for window, sloping in product(WINDOWS, (False, True)):
        one = fit_fermi_edge(
            spectrum.energy, spectrum.intensity, temperature=TEMPERATURE, window=window, background_slope=sloping
        )
        levels.append(one.fermi_level)
        shown = f"{one.window[0]:.1f} to {one.window[1]:.1f}"
        level = f"{one.fermi_level:.4f} +- {one.fermi_level_uncertainty:.4f}"
        width = f"{one.fwhm:.3f} +- {one.fwhm_uncertainty:.3f}"
        background = "sloping " if sloping else "constant"
        print(f"  {shown}  {background}     {level}  {width}  {one.points:4d}  {one.reduced_chi_square:8.1f}")
    spread = (max(levels) - min(levels)) / 2.0
    total = float(np.hypot(edge.fermi_level_uncertainty, spread))
    photon_energy = round(edge.photon_energy(WORK_FUNCTION), DIGITS)
    print(f"Fermi level      KE_F = {edge.fermi_level:.4f} eV")
    print(
        f"  uncertainty    {edge.fermi_level_uncertainty:.4f} eV (statistics), {spread:.4f} eV (half the spread above)"
    )
    print(f"  together       {total:.4f} eV")
    print(f"Photon energy    hv = KE_F + phi = {photon_energy} eV, with phi = {WORK_FUNCTION:g} eV")
    return photon_energy


def draw(edge: FermiEdge, spectrum: Spectrum) -> bytes:
    """Return the figure of the fit: data, curve, level, resolution, and residuals in standard deviations."""
    green, vermilion = OKABE_ITO[2], OKABE_ITO[5]
    kinetic, intensity = spectrum.energy, spectrum.intensity
    fitted = (kinetic >= edge.window[0]) & (kinetic <= edge.window[1])
    model = edge.intensity(kinetic[fitted])
    # As the fit weighs them: like counts, scaled by the scatter that is there.
    deviation = np.sqrt(np.maximum(model, 1e-3 * model.max()) * edge.reduced_chi_square)
    figure = new_figure(6.4, 4.8)
    with style():
        top, bottom = with_residuals(figure)
        draw_data(top, kinetic, intensity, "en", unit=spectrum.intensity_unit)
        fine = np.linspace(*edge.window, 400)
        top.plot(fine, edge.intensity(fine), color=vermilion, linewidth=1.3, label="Fit")
        for axes in (top, bottom):
            axes.axvline(edge.fermi_level, color=green, linewidth=1)
        half = edge.fwhm / 2
        label = f"Resolution {edge.fwhm:.2f} eV"
        top.axvspan(edge.fermi_level - half, edge.fermi_level + half, color=green, alpha=0.15, linewidth=0, label=label)
        level = f"$E_F$ = {edge.fermi_level:.3f} ± {edge.fermi_level_uncertainty:.3f} eV"
        top.annotate(level, (edge.fermi_level, 0.95), (8, 0), xycoords=("data", "axes fraction"),
                     textcoords="offset points", va="center")  # fmt: skip
        top.set_ylim(bottom=-0.03 * float(intensity.max()))
        top.legend(loc="lower left")
        draw_residuals(bottom, kinetic[fitted], (intensity[fitted] - model) / deviation, "en")
        energy_axis(bottom, spectrum, "en")
    return to_png(figure)


if __name__ == "__main__":
    sys.exit(main())
