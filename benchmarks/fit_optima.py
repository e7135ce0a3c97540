"""How good the optima of the peak fit are against random starts: same model, bounds, channels and deviance.

scipy runs them, or, much faster, our own optimiser on all channels without giving any of them up (``--by ourselves``).
Run ``python benchmarks/fit_optima.py FILE...`` with two-column or SES files, ``--random 500`` for figures to rely on,
``--range 281 294`` for a part of them, with the measured core levels of the documentation (``--levels``), or without
either with the synthetic cases. For every number of peaks up to the
chosen one + 2 it prints how far the fit is above the best that they found.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from fit_bic import model, spectrum
from scipy.optimize import least_squares

from shirube_bicfit.chunks import Begin, Workers
from shirube_bicfit.fitter import Fitter
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.solutions import Fit, Solution


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the two columns of a file, from ``[Data 1]`` on if there is such a line."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("[Data 1]")), 0)
    rows = [line.replace(",", " ").split() for line in lines[first:]]
    pairs = [row for row in rows if len(row) == 2 and _is_number(row[0]) and _is_number(row[1])]  # noqa: PLR2004 columns
    table = np.array(pairs, dtype=float)
    first_column, second_column = table[np.argsort(table[:, 0])].T
    return first_column, second_column


def between(energy: np.ndarray, data: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what lies between two energies."""
    kept = (energy >= low) & (energy <= high)
    return energy[kept], data[kept]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def on_a_line(theta: np.ndarray, energy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return peaks on a straight line between two heights, and its Jacobian (channels, parameters)."""
    flat = theta.copy()
    # without a rise the active background is a constant, and its response to the peaks is nothing
    flat[-2:] = 0.0
    peaks, jacobian = model(flat, energy)
    share = (energy - energy[0]) / (energy[-1] - energy[0])
    jacobian[:, -2], jacobian[:, -1] = 1 - share, share
    return peaks + theta[-2] * (1 - share) + theta[-1] * share, jacobian


def random_starts(energy: np.ndarray, scaled: np.ndarray, one: Solution, number: int) -> np.ndarray:
    """Return vectors of a solution's lines anywhere where the spectrum is high, shape (number, p)."""
    rng = np.random.default_rng(one.count)
    net = np.maximum(scaled - np.linspace(scaled[0], scaled[-1], scaled.size), 1e-9)
    vectors = []
    for _ in range(number):
        centres = rng.choice(energy, one.count, p=net / net.sum())
        heights = np.interp(centres, energy, net) * rng.uniform(0.3, 1.0, one.count) + 1
        widths = rng.uniform(one.limits.fwhm_min, one.limits.fwhm_max, one.count)
        peaks = np.column_stack([heights, centres, widths, rng.uniform(0, 1, one.count)])
        vectors.append(np.concatenate([peaks.ravel(), np.maximum(scaled[[0, -1]], 1.0)]))
    return np.array(vectors)


def by_scipy(energy: np.ndarray, scaled: np.ndarray, fit: Fit, one: Solution, starts: np.ndarray) -> float:
    """Return the best deviance that scipy comes to from these starts."""
    curve = model if fit.background == "shirley" else on_a_line
    lower = np.concatenate([np.tile([0, one.limits.low, one.limits.fwhm_min, 0], one.count), [1e-3, 1e-3]])
    upper = np.concatenate([np.tile([np.inf, one.limits.high, one.limits.fwhm_max, 1], one.count), [np.inf, np.inf]])
    scale = np.concatenate([np.tile([scaled.max(), 1, 1, 1], one.count), np.full(2, scaled.max())])

    def residual(theta: np.ndarray) -> np.ndarray:
        expected = np.maximum(curve(theta, energy)[0], 1e-3)
        terms = expected - scaled + np.where(scaled > 0, scaled * np.log(np.maximum(scaled, 1e-9) / expected), 0.0)
        return np.asarray(np.sign(expected - scaled) * np.sqrt(2 * np.maximum(terms, 0.0)))

    def slope(theta: np.ndarray) -> np.ndarray:
        value, jacobian = curve(theta, energy)
        expected = np.maximum(value, 1e-3)
        root = residual(theta)
        small = np.abs(root) < 1e-4  # noqa: PLR2004 where the quotient loses its digits
        factor = np.where(small, 1 / np.sqrt(expected), (1 - scaled / expected) / np.where(small, 1.0, root))
        return np.asarray(jacobian * factor[:, None])

    best = np.inf
    for start in np.clip(starts, lower + 1e-9, np.where(np.isfinite(upper), upper - 1e-9, upper)):
        found = least_squares(residual, start, slope, bounds=(lower, upper), x_scale=scale, max_nfev=200)
        best = min(best, 2 * found.cost)
    return best


def by_ourselves(fit: Fit, one: Solution, starts: np.ndarray) -> float:
    """Return the best deviance that our optimiser comes to from these starts, on all channels and without culling."""
    fitter = Fitter([fit.task_of(one)], Workers(), culling=False).within(one.limits)
    return float(fitter.finely([Begin(0, one.count, "random", start) for start in starts]).cost.min())


def cases_of(arguments: argparse.Namespace) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return energies and intensities by what they are called."""
    if arguments.levels:
        from fit_core_levels import DATA, REGIONS

        return {one.name: between(*read(DATA / one.file), one.low, one.high) for one in REGIONS}
    if arguments.files:
        return {path.name: between(*read(path), *arguments.range) for path in arguments.files}
    return {name: spectrum(name, 301, 0) for name in ("p3", "p6")}


def main() -> int:
    """Compare case by case; return 1 if anything better was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--levels", action="store_true", help="the measured core levels instead of files")
    parser.add_argument("--random", type=int, default=10, help="random starts for each number of peaks")
    parser.add_argument("--by", choices=("scipy", "ourselves"), default="scipy", help="who starts from them")
    parser.add_argument("--random-starts", type=int, default=0, help="random starts of the fit that is judged")
    parser.add_argument("--range", type=float, nargs=2, default=(-np.inf, np.inf), help="energies of files, eV")
    arguments = parser.parse_args()
    behind = 0
    for name, (energy, data) in cases_of(arguments).items():
        fit = fit_spectrum(energy, data, Parameters(max_peaks=12, random_starts=arguments.random_starts))
        if fit.noise is None or fit.noise.kind == "gauss":
            print(f"{name}: one variance for all channels: not compared")
            continue
        scaled = data / fit.noise.unit
        for one in fit.solutions:
            if one.count > fit.best.count + 2:
                continue
            starts = random_starts(energy, scaled, one, arguments.random)
            own = arguments.by == "ourselves"
            best = by_scipy(energy, scaled, fit, one, starts) if not own else by_ourselves(fit, one, starts)
            above = (one.deviance - best) / fit.dispersion
            behind += above > 0.1  # noqa: PLR2004 of BIC
            print(f"{name} K = {one.count}: BIC above the best of {arguments.random} {above:+10.4f}", flush=True)
    print(f"numbers of peaks for which something better by more than 0.1 was found: {behind}")
    return int(behind > 0)


if __name__ == "__main__":
    sys.exit(main())
