"""How often the elements of a survey are found, and how many false ones, on synthesised surveys of random compositions.

    python benchmarks/elements.py --surveys 200 --first 1000

The settings of the identification were chosen on surveys 0 to 199, and the price of an element after a look at 200 to
599; the others are news to it. OMP_NUM_THREADS=1 keeps waiting threads out of the CPU time.

The surveys are not made with the tables that the identification uses: binding energies are the absorption edges of
xraylib, moved by a chemical shift of each element and a scatter of each level; Auger lines are at energies of the Z + 1
rule from those edges. Intensities are its cross sections, times a mean free path, a transmission KE^-n with a random n,
and a scatter of 20 % a line. Each line has its natural width, that of the instrument, its inelastic background and, for
half of the surveys, plasmon losses. Photon energies are 600 to 1500 eV. Counts are Poisson.
"""

from __future__ import annotations

import argparse
import collections
import time

import numpy as np
import xraylib

from shirube_quant.identification import identify
from shirube_quant.lines import core_lines
from shirube_quant.parameters import ElementsParameters
from shirube_quant.peaks import filtered, find_peaks

ORBITALS = {
    "K": "1s", "L1": "2s", "L2": "2p1/2", "L3": "2p3/2", "M1": "3s", "M2": "3p1/2", "M3": "3p3/2", "M4": "3d3/2",
    "M5": "3d5/2", "N1": "4s", "N2": "4p1/2", "N3": "4p3/2", "N4": "4d3/2", "N5": "4d5/2", "N6": "4f5/2", "N7": "4f7/2",
    "O1": "5s", "O2": "5p1/2", "O3": "5p3/2", "O4": "5d3/2", "O5": "5d5/2",
}  # fmt: skip
SHELLS = tuple(ORBITALS)
#: Shells of the hole, of the electron that fills it and of the one that leaves.
AUGER = (
    *(("K", *pair) for pair in (("L3", "L3"), ("L1", "L3"), ("L1", "L1"))),
    *(("L3", *pair) for pair in (("M3", "M3"), ("M3", "M5"), ("M5", "M5"))),
    ("L2", "M5", "M5"),
    *((hole, "N5", "N5") for hole in ("M5", "M4")),
    ("M5", "N3", "N5"),
)
#: What people measure, and how often: most samples hold carbon and oxygen, the rest is any other stable element.
COMMON = (6, 8)
RARE = {43, 61, 84, 85, 86, 87, 88, 89, 91}
OTHERS = tuple(z for z in range(3, 93) if z not in RARE and z not in COMMON)
#: Below this part of the atoms an element need not be found, nor is it false if it is.
WANTED = 0.05
#: Elements that are mostly anions, bound less than in the molecules and elements that the edges are of.
ANIONS = {7, 8, 9, 16, 17, 34, 35, 52, 53}
#: Edges that lie further than this from where photoemission finds the level are replaced by that, eV.
OFF = 3.0
#: How often samples hold carbon and oxygen, elements are in compounds, and losses by plasmons are seen.
FROM_AIR, COMBINED, PLASMONS = 0.7, 0.7, 0.5
#: Levels bound less are of the valence band, those so near to the photon energy not excited; slower electrons, and
#: slower Auger electrons, are not followed; eV.
VALENCE, NEAR, SLOWEST, SLOWEST_AUGER = 8.0, 5.0, 20.0, 30.0
#: Of these atomic numbers 4p1/2 is spread over so many states that no line is seen.
SPREAD = range(51, 61)


def edge(number: int, shell: str) -> float | None:
    try:
        return float(xraylib.EdgeEnergy(number, getattr(xraylib, f"{shell}_SHELL"))) * 1e3
    except ValueError:
        return None


def level(number: int, shell: str) -> float | None:
    """Return where a line lies: the edge, or if that is far off, what photoemission finds."""
    at = edge(number, shell)
    for line in core_lines()[xraylib.AtomicNumberToSymbol(number)]:
        if (
            at is not None
            and line.level.orbital + line.level.momentum == ORBITALS[shell]
            and abs(at - line.energy) > OFF
        ):
            return line.energy
    return at


def section(number: int, shell: str, photon: float) -> float:
    try:
        section = xraylib.CS_Photo_Partial(number, getattr(xraylib, f"{shell}_SHELL"), photon / 1e3)
        return float(section * xraylib.AtomicWeight(number))
    except ValueError:
        return 0.0


def width(number: int, shell: str) -> float:
    try:
        return float(xraylib.AtomicLevelWidth(number, getattr(xraylib, f"{shell}_SHELL"))) * 1e3
    except ValueError:
        return 0.2


def composition(rng: np.random.Generator) -> dict[int, float]:
    count = int(rng.integers(1, 5))
    elements = [int(one) for one in rng.choice(OTHERS, size=count, replace=False)]
    elements += [one for one in COMMON if rng.random() < FROM_AIR]
    parts = rng.dirichlet(np.full(len(elements), 1.5))
    return dict(zip(elements, (float(one) for one in parts), strict=True))


def lines_of(number: int, photon: float, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Return binding energy, strength and width of the photo and Auger lines of one atom."""
    shift = rng.uniform(-2.5, 1.0) if number in ANIONS else rng.uniform(-0.5, 3.5) if rng.random() < COMBINED else 0.0
    found = []
    holes = {}
    for shell in SHELLS:
        energy, strength = level(number, shell), section(number, shell, photon)
        if energy is None or strength == 0.0 or energy < VALENCE or photon - energy < NEAR:
            continue
        holes[shell] = strength
        if number in SPREAD and shell == "N2":
            continue  # no line is seen of it
        found.append((energy + shift + rng.normal(0.0, 0.4), strength, width(number, shell)))
    for hole, first, second in AUGER:
        inner = edge(number, hole)
        ends = [edge(z, shell) for shell in (first, second) for z in (number, min(number + 1, 98))]
        known = [one for one in ends if one is not None]
        if hole not in holes or inner is None or len(known) < len(ends):
            continue
        kinetic = inner - 0.5 * sum(known)
        vacancy = holes[hole] + (0.3 * holes.get("L2", 0.0) if hole == "L3" else 0.0)
        if kinetic > SLOWEST_AUGER:
            found.append((photon - kinetic + shift, vacancy * rng.uniform(0.1, 0.45), rng.uniform(3.0, 9.0)))
    return found


def survey(rng: np.random.Generator) -> tuple[float, dict[int, float], np.ndarray, np.ndarray]:
    """Return photon energy, composition, energies and counts of a survey."""
    photon = float(rng.uniform(600.0, 1500.0))
    atoms = composition(rng)
    step = float(rng.choice([0.25, 0.5, 1.0]))
    energy = np.arange(-8.0, photon - 50.0, step)
    instrument, power = rng.uniform(0.6, 1.8), rng.uniform(0.0, 1.0)
    plasmon = (
        (rng.uniform(10.0, 25.0), rng.uniform(0.05, 0.25), rng.uniform(4.0, 9.0)) if rng.random() < PLASMONS else None
    )
    primary = np.zeros_like(energy)
    for number, part in atoms.items():
        for at, strength, own in lines_of(number, photon, rng):
            kinetic = photon - at
            if kinetic <= SLOWEST:
                continue
            area = part * strength * kinetic**0.75 * kinetic**-power * rng.lognormal(0.0, 0.2)
            for place, share, more in (
                (at, 1.0, 0.0),
                *(((at + plasmon[0], plasmon[1], plasmon[2]),) if plasmon else ()),
            ):
                full = np.hypot(np.hypot(instrument, own), more)
                shape = (energy - place) / (0.5 * full)
                line = 0.7 * np.exp(-np.log(2.0) * shape**2) + 0.3 / (1.0 + shape**2)
                primary += area * share * line / full
    # inelastic background: universal cross section of S. Tougaard, Surf. Interface Anal. 11, 453 (1988)
    loss = np.arange(0.0, 300.0, step)
    kernel = 2866.0 * loss / (1643.0 + loss**2) ** 2 * step * rng.uniform(0.5, 1.2)
    total = primary.copy()
    once = np.convolve(primary, kernel)[: energy.size]
    for _ in range(6):
        total += once
        once = np.convolve(once, kernel)[: energy.size]
    secondary = (photon - energy + 50.0) ** -1.0
    total = total / total.max() + rng.uniform(0.02, 0.2) * secondary / secondary.max()
    counts = rng.poisson(total * 10.0 ** rng.uniform(4.5, 6.0))
    return photon, atoms, energy, counts.astype(float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--surveys", type=int, default=200)
    parser.add_argument("--first", type=int, default=1000, help="number of the first survey (below 600: tuned on)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--verbose", action="store_true", help="tell each miss and each false element")
    options = parser.parse_args()
    settings = ElementsParameters()
    wanted = found = false = 0
    missed: collections.Counter[str] = collections.Counter()
    invented: collections.Counter[str] = collections.Counter()
    started = time.process_time()
    for number in range(options.first, options.first + options.surveys):
        photon, atoms, energy, counts = survey(np.random.default_rng([options.seed, number]))
        seen = filtered(energy, counts)
        result = identify(
            find_peaks(seen, settings.significance),
            seen,
            photon,
            settings.considered,
            least=settings.significance,
            tolerance=settings.tolerance,
            offset_range=settings.max_offset,
        )
        proposed = {one.element for one in result.elements}
        truth = {xraylib.AtomicNumberToSymbol(z): part for z, part in atoms.items()}
        large = {one for one, part in truth.items() if part >= WANTED}
        wanted += len(large)
        found += len(large & proposed)
        false += len(proposed - set(truth))
        missed.update(large - proposed)
        invented.update(proposed - set(truth))
        if options.verbose and (large - proposed or proposed - set(truth)):
            told = ", ".join(
                f"{one} {100 * part:.0f} %" for one, part in sorted(truth.items(), key=lambda one: -one[1])
            )
            wrong = f"missed {sorted(large - proposed)}, false {sorted(proposed - set(truth))}"
            print(f"  {number}: hv {photon:.0f}, {told}: {wrong}")
    spent = time.process_time() - started
    print(f"elements of at least {100 * WANTED:.0f} at.%: {found} of {wanted} found ({100 * found / wanted:.1f} %)")
    print(f"false elements: {false} in {options.surveys} surveys ({false / options.surveys:.3f} a survey)")
    print(f"CPU time: {1e3 * spent / options.surveys:.0f} ms a survey, synthesis included")
    print("missed:", dict(missed.most_common()))
    print("false:", dict(invented.most_common()))


if __name__ == "__main__":
    main()
