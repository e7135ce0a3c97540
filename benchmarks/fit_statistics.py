"""How good the answers of the peak fit are: the right number of peaks, and precision against the Cramer-Rao bound.

Run ``python benchmarks/fit_statistics.py`` for a short look, with ``--seeds 2000`` for figures to rely on. Widths and
Lorentz fractions are not shared; bounds are the defaults (FWHM 0.2 to 2.5 eV, Lorentz fraction 0 to 1).
"""

from __future__ import annotations

import argparse
import time
from typing import Final

import numpy as np
from fit_bic import CASES, model

from shirube_bicfit.batch import fit_spectra
from shirube_bicfit.parameters import Parameters

NAMES: Final = ("height", "centre", "fwhm", "fraction")
#: Taller peak's counts at which two equal lines 0.4 FWHM apart give an expected BIC difference of 6, by channels.
RESOLVED: Final = {301: 5590, 1001: 1960}


def truth(name: str, tallest: float = 1e4) -> np.ndarray:
    """Return the parameters of a case, scaled so that its tallest peak has these counts."""
    theta = np.concatenate([np.ravel(CASES[name][2]), [500.0, 1400.0]])
    heights = np.r_[0 : theta.size - 2 : 4, theta.size - 2, theta.size - 1]
    theta[heights] *= tallest / 1e4
    return theta


def stack(energy: np.ndarray, theta: np.ndarray, seeds: range) -> np.ndarray:
    """Return Poisson counts, one row a seed."""
    expected = model(theta, energy)[0]
    return np.array([np.random.default_rng(seed).poisson(expected) for seed in seeds], dtype=float)


def right_numbers(seeds: int) -> None:
    """Print how often the number of peaks is right."""
    print("case       N  tallest | K right | chosen K: times | spectra a second")
    for name, channels, tallest in (
        ("p3", 301, 1e4),
        ("p6", 301, 1e4),
        ("p3", 301, 300.0),
        ("p6", 301, 300.0),
        ("p3", 1001, 1e4),
        ("p6", 1001, 1e4),
    ):
        low, high, peaks = CASES[name]
        energy = np.linspace(low, high, channels)
        counts = stack(energy, truth(name, tallest), range(seeds))
        before = time.perf_counter()
        fits = fit_spectra(energy, counts, Parameters(max_peaks=12))
        speed = seeds / (time.perf_counter() - before)
        chosen = [fit.best.count if fit.solutions else 0 for fit in fits]
        times = {count: chosen.count(count) for count in sorted(set(chosen))}
        right = chosen.count(len(peaks))
        print(f"{name}    {channels:5d}  {tallest:7.0f} | {right:3d}/{seeds} | {times} | {speed:.1f}", flush=True)


def resolution(seeds: int) -> None:
    """Print how often two equal lines 0.4 FWHM apart are told from one at twice and at a quarter of the counts."""
    for channels, counts in RESOLVED.items():
        energy = np.linspace(280.0, 295.0, channels)
        for factor, wanted in ((2.0, 2), (0.25, 1)):
            height = factor * counts
            lines = [[height, 287.28, 1.1, 0.3], [height, 287.72, 1.1, 0.3]]
            theta = np.concatenate([np.ravel(lines), [0.05 * height, 0.14 * height]])
            fits = fit_spectra(energy, stack(energy, theta, range(seeds)), Parameters(max_peaks=5))
            found = sum(fit.best.count == wanted for fit in fits)
            print(
                f"0.4 FWHM apart, N = {channels}, {factor:g} x {counts} counts: K = {wanted} in {found}/{seeds}",
                flush=True,
            )


def precision(name: str, channels: int, seeds: int) -> None:
    """Print root mean square errors over the Cramer-Rao bound, bias over scatter, and coverage of 95 % intervals."""
    low, high, peaks = CASES[name]
    energy, theta = np.linspace(low, high, channels), truth(name)
    expected, jacobian = model(theta, energy)
    bound = np.sqrt(np.diagonal(np.linalg.inv((jacobian.T / expected) @ jacobian)))
    settings = Parameters(max_peaks=len(peaks))
    fits = fit_spectra(energy, stack(energy, theta, range(seeds)), settings)
    found = np.array([fit.solutions[-1].theta for fit in fits])
    deviations = np.array([fit.solutions[-1].uncertainties for fit in fits])
    errors = found - theta
    ratio = np.sqrt(np.mean(errors**2, axis=0)) / bound
    bias = errors.mean(axis=0) / errors.std(axis=0)
    inside = np.abs(errors) <= 1.959964 * deviations
    known = np.isfinite(deviations)
    covered = 100.0 * (inside & known).sum(axis=0) / known.sum(axis=0)
    print(f"{name}, N = {channels}, {seeds} seeds: RMSE / bound, bias / scatter, coverage (%), intervals there are (%)")
    labels = [f"{kind} {peak + 1}" for peak in range(len(peaks)) for kind in NAMES] + ["low end", "high end"]
    for label, *row in zip(labels, ratio, bias, covered, 100.0 * known.mean(axis=0), strict=True):
        print("  {:<11s} {:5.2f} {:+6.2f} {:6.1f} {:6.1f}".format(label, *row))


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--only", choices=("numbers", "resolution", "precision"))
    arguments = parser.parse_args()
    if arguments.only in (None, "numbers"):
        right_numbers(arguments.seeds)
    if arguments.only in (None, "resolution"):
        resolution(arguments.seeds)
    if arguments.only in (None, "precision"):
        precision("p3", 301, arguments.seeds)
        precision("p6", 301, arguments.seeds)


if __name__ == "__main__":
    main()
