"""Quantification against what is published and known: sensitivity factors, compounds, uncertainties, real spectra.

Run with: python benchmarks/quantify.py [--entries 400]

Compares sensitivity factors with those of Scofield at 1486.6 eV and cross sections with those of Yeh and Lindau at four
photon energies; says what the factors of an Al K-alpha library do at a synchrotron; quantifies compounds that are made
of the other authors' cross sections; counts how often the truth lies within the stated uncertainties; and quantifies a
measured survey. Everything is computed anew; nothing but what is said of the sources is written here.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

import shirube
from shirube.records import AnalysisTarget, Axis, EnergyReference, Facts, FloatArray, Spectrum
from shirube_quant.crosssections import cross_section, level_named
from shirube_quant.quantify import quantified
from shirube_quant.quantifyparameters import QuantifyParameters
from shirube_quant.surveying import Found, survey_lines

SURVEY = Path(__file__).parents[1] / "examples" / "cu-hhtp" / "Cu-HHTP_0001.txt"
AL_K_ALPHA = 1486.6
#: J. H. Scofield, J. Electron Spectrosc. Relat. Phenom. 8, 129 (1976), C 1s = 1.
SCOFIELD = {
    "C 1s": 1.0, "N 1s": 1.80, "O 1s": 2.93, "F 1s": 4.43, "Na 1s": 8.52, "Al 2p": 0.537, "Si 2p": 0.817, "S 2p": 1.68,
    "Ca 2p": 5.07, "Ti 2p": 7.91, "Fe 2p": 16.42, "Cu 2p3/2": 16.73, "Zn 2p3/2": 18.92, "Ag 3d": 18.04,
    "In 3d5/2": 13.32, "Sn 3d5/2": 14.80, "W 4f": 9.80, "Pt 4f": 15.45, "Au 4f": 17.12,
}  # fmt: skip
#: J. J. Yeh and I. Lindau, At. Data Nucl. Data Tables 32, 1 (1985), Mb, at 800, 1041, 1253.6 and 1486.6 eV.
ENERGIES = (800.0, 1041.0, 1253.6, AL_K_ALPHA)
YEH_LINDAU = {
    "C 1s": (0.077, 0.037, 0.022, 0.013),
    "N 1s": (0.1329, 0.065, 0.039, 0.024),
    "O 1s": (0.2044, 0.1042, 0.063, 0.040),
    "F 1s": (0.2923, 0.1525, 0.094, 0.060),
    "Al 2p": (0.051, 0.022, 0.012, 0.0072),
    "Si 2p": (0.076, 0.034, 0.019, 0.011),
}
POSITIONS = {"C 1s": 284.8, "N 1s": 399.5, "O 1s": 532.5, "F 1s": 689.0, "Al 2p": 74.5, "Si 2p": 103.4}
COMPOUNDS: dict[str, dict[str, float]] = {
    "SiO2": {"O 1s": 2, "Si 2p": 1},
    "Al2O3": {"O 1s": 3, "Al 2p": 2},
    "PET": {"C 1s": 10, "O 1s": 4},
    "PTFE": {"F 1s": 2, "C 1s": 1},
    "melamine": {"C 1s": 3, "N 1s": 6},
}


def main() -> int:
    """Print every comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=400, help="simulated entries for the uncertainties")
    arguments = parser.parse_args()
    for title, part in _parts(arguments.entries):
        print(f"\n{title}")
        for line in part():
            print(f"  {line}")
    return 0


def _parts(entries: int) -> tuple[tuple[str, Callable[[], Iterator[str]]], ...]:
    return (
        ("Sensitivity factors at 1486.6 eV, against Scofield", _scofield),
        ("Cross sections, against Yeh and Lindau (two digits at small values)", _yeh_lindau),
        ("Error of the ratio to O 1s with the factors of 1486.6 eV", _fixed_library),
        ("Compounds made of the cross sections of Yeh and Lindau, in atomic per cent", _compounds),
        (f"Uncertainties over {entries} simulated entries of SiO2", lambda: _coverage(entries)),
        ("Cu-HHTP film, measured survey at 700 eV", _survey),
    )


def _scofield() -> Iterator[str]:
    carbon = cross_section(level_named("C 1s"), AL_K_ALPHA)
    off = {one: cross_section(level_named(one), AL_K_ALPHA) / carbon / factor - 1.0 for one, factor in SCOFIELD.items()}
    worst = max(off, key=lambda one: abs(off[one]))
    yield f"{len(off)} lines, largest difference {100.0 * off[worst]:+.2f} % ({worst})"


def _yeh_lindau() -> Iterator[str]:
    for place, energy in enumerate(ENERGIES):
        off = [cross_section(level_named(one), energy) / row[place] - 1.0 for one, row in YEH_LINDAU.items()]
        yield f"{energy:7.1f} eV: " + ", ".join(
            f"{one} {100.0 * part:+.1f} %" for one, part in zip(YEH_LINDAU, off, strict=True)
        )


def _fixed_library() -> Iterator[str]:
    for energy in (600.0, 800.0, 1000.0, 1200.0):
        shown = []
        for one in ("Si 2p", "Al 2p", "C 1s", "Ti 2p", "Au 4f"):
            right, fixed = (
                cross_section(level_named("O 1s"), at) / cross_section(level_named(one), at)
                for at in (energy, AL_K_ALPHA)
            )
            shown.append(f"{one} {100.0 * (right / fixed - 1.0):+.0f} %")
        yield f"{energy:6.0f} eV: O 1s over {', '.join(shown)}"


def _compounds() -> Iterator[str]:
    for name, atoms in COMPOUNDS.items():
        for place, energy in enumerate(ENERGIES):
            areas = {
                level: number * YEH_LINDAU[level][place] * (energy - POSITIONS[level]) ** 0.75
                for level, number in atoms.items()
            }
            found = _composition(areas, energy, 1e5, np.random.default_rng(place))
            truth = {level: 100.0 * number / sum(atoms.values()) for level, number in atoms.items()}
            shown = ", ".join(
                f"{level} {value:.1f} ± {spread:.1f} (true {truth[level]:.1f})"
                for level, (value, spread, _) in found.items()
            )
            yield f"{name:9s}{energy:7.1f} eV: {shown}"


def _coverage(entries: int) -> Iterator[str]:
    random = np.random.default_rng(7)
    areas = {"O 1s": 2.0, "Si 2p": 1.0}
    factors = {level: cross_section(level_named(level), 800.0) * (800.0 - POSITIONS[level]) ** 0.75 for level in areas}
    by_areas = by_all = 0
    for _ in range(entries):
        wrong = {level: random.normal(1.0, 0.15) for level in areas}
        plain = {level: areas[level] * factors[level] for level in areas}
        value, _, spread = _composition(plain, 800.0, 2e3, random)["O 1s"]
        by_areas += abs(value - 200.0 / 3.0) < spread
        off = {level: plain[level] * wrong[level] for level in areas}
        value, spread, _ = _composition(off, 800.0, 2e3, random)["O 1s"]
        by_all += abs(value - 200.0 / 3.0) < spread
    rows = (
        ("true factors: uncertainty of areas", by_areas),
        ("factors wrong by 15 % each: uncertainty of both", by_all),
    )
    for label, count in rows:
        yield f"{label} covers the truth in {100.0 * count / entries:.0f} % (68 % expected)"


def _survey() -> Iterator[str]:
    (spectrum,) = shirube.read(SURVEY).spectra
    places = {"C 1s": 284.8, "N 1s": 399.0, "O 1s": 532.0, "Cu 3p3/2": 75.1}
    found = [Found(level_named(level), at) for level, at in places.items()]
    lines, _ = survey_lines(spectrum, Facts(), found)
    for label, exponent in (("constant", 0.0), ("1 / kinetic energy", 1.0)):
        settings = QuantifyParameters(transmission_exponent=exponent)
        best = quantified(AnalysisTarget("survey", (spectrum,)), settings, lines).best
        shown = (
            ", ".join(
                f"{one.element} {100.0 * one.fraction:.1f} ± {100.0 * one.uncertainty:.1f}" for one in best.elements
            )
            if best
            else "none"
        )
        yield f"transmission {label}: {shown} (Cu3(HHTP)2 without hydrogen: C 70.6, O 23.5, Cu 5.9)"


def _composition(
    areas: Mapping[str, float], energy: float, counts: float, random: np.random.Generator
) -> dict[str, tuple[float, float, float]]:
    """Return percentage, its uncertainty and that by areas for each level; the areas share ``counts`` counts."""
    scale = counts / sum(areas.values())
    spectra = tuple(_region(level, energy, scale * area, random) for level, area in areas.items())
    best = quantified(AnalysisTarget("compound", spectra), QuantifyParameters()).best
    return {
        str(one.line.line.level): (100.0 * one.fraction, 100.0 * one.uncertainty, 100.0 * one.by_areas)
        for one in (best.elements if best else ())
    }


def _region(level: str, energy: float, area: float, random: np.random.Generator) -> Spectrum:
    """Return a line with so many counts on a Shirley background."""
    binding: FloatArray = np.linspace(POSITIONS[level] + 8.0, POSITIONS[level] - 8.0, 161)
    line = np.exp(-4.0 * np.log(2.0) * np.square((binding - POSITIONS[level]) / 1.5))
    line *= area / line.sum()
    below = np.cumsum(line[::-1])[::-1]
    return Spectrum(
        id=f"{level}.txt#1",
        name=level,
        intensity=random.poisson(line + 5.0 + 0.01 * below),
        axes=(Axis("energy", binding, "eV"),),
        intensity_unit="counts",
        reference=EnergyReference("binding", energy, 0.0),
    )


if __name__ == "__main__":
    sys.exit(main())
