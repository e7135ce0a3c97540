"""How good the optima of the peak fit are against scipy from random starts: same model, bounds, channels and deviance.

Run ``python benchmarks/fit_optima.py FILE...`` with two-column or SES files, ``--random 500`` for figures to rely on,
``--range 281 294`` for a part of them; without files it takes the synthetic cases. For every number of peaks up to the
chosen one + 2 it prints how far the fit is above the best that either found.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from fit_bic import model, spectrum
from scipy.optimize import least_squares

from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.noise import Noise
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


def compared(energy: np.ndarray, data: np.ndarray, fit: Fit, noise: Noise, one: Solution, random: int) -> float:
    """Return by how much the fit's deviance is above the best of ``random`` starts of scipy; negative if below."""
    rng = np.random.default_rng(one.count)
    scaled = data / noise.unit
    curve = model if fit.background == "shirley" else on_a_line
    lower = np.concatenate([np.tile([0, energy[0], one.limits.fwhm_min, 0], one.count), [1e-3, 1e-3]])
    upper = np.concatenate([np.tile([np.inf, energy[-1], one.limits.fwhm_max, 1], one.count), [np.inf, np.inf]])
    net = np.maximum(scaled - np.linspace(scaled[0], scaled[-1], scaled.size), 1e-9)
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
    for _ in range(random):
        centres = rng.choice(energy, one.count, p=net / net.sum())
        heights = np.interp(centres, energy, net) * rng.uniform(0.3, 1.0, one.count) + 1
        widths = rng.uniform(one.limits.fwhm_min, one.limits.fwhm_max, one.count)
        peaks = np.column_stack([heights, centres, widths, rng.uniform(0, 1, one.count)])
        start = np.concatenate([peaks.ravel(), np.maximum(scaled[[0, -1]], 1.0)])
        start = np.clip(start, lower + 1e-9, np.where(np.isfinite(upper), upper - 1e-9, upper))
        found = least_squares(residual, start, slope, bounds=(lower, upper), x_scale=scale, max_nfev=200)
        best = min(best, 2 * found.cost)
    return one.deviance - best


def main() -> None:
    """Compare file by file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--random", type=int, default=10, help="random starts of scipy for each number of peaks")
    parser.add_argument("--random-starts", type=int, default=0, help="random starts of our own fit")
    parser.add_argument("--range", type=float, nargs=2, default=(-np.inf, np.inf), help="energies of files, eV")
    arguments = parser.parse_args()
    low, high = arguments.range
    cases = {path.name: between(*read(path), low, high) for path in arguments.files}
    cases = cases or {name: spectrum(name, 301, 0) for name in ("p3", "p6")}
    behind = 0
    for name, (energy, data) in cases.items():
        fit = fit_spectrum(energy, data, Parameters(max_peaks=12, random_starts=arguments.random_starts))
        if fit.noise is None or fit.noise.kind == "gauss":
            print(f"{name}: one variance for all channels: not compared")
            continue
        for one in fit.solutions:
            if one.count <= fit.best.count + 2 and one.limits == fit.limits:
                above = compared(energy, data, fit, fit.noise, one, arguments.random) / fit.dispersion
                behind += above > 0.1  # noqa: PLR2004 of BIC
                print(
                    f"{name} K = {one.count}: BIC above scipy's best of {arguments.random} {above:+10.4f}", flush=True
                )
    print(f"numbers of peaks for which scipy found something better by more than 0.1: {behind}")


if __name__ == "__main__":
    main()
