"""How good the answers of the peak fit are: the right number of peaks, and precision against the Cramer-Rao bound.

Run ``python benchmarks/fit_statistics.py`` for a short look, with ``--seeds 2000`` for figures to rely on. Widths and
Lorentz fractions are not shared; bounds are the defaults (FWHM 0.2 to 2.5 eV, Lorentz fraction 0 to 1).
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from typing import Final

import numpy as np
from fit_bic import CASES, LN2, model
from scipy.optimize import least_squares

from shirube_bicfit.batch import fit_spectra
from shirube_bicfit.estimating import intervals_of
from shirube_bicfit.parameters import Parameters

#: Steps of the reweighting, over the bounds, that no longer matter.
_STILL: Final = 1e-3
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


def precision(name: str, channels: int, seeds: int, scipy_seeds: int) -> None:
    """Print errors, bias and coverage of 95 % intervals for every number, area and part of the whole area.

    Errors are root mean squares over the Cramer-Rao bound, bias is over the scatter. The last columns are those of
    scipy's maximum of the same likelihood within the same bounds, from the truth, on the first ``scipy_seeds`` spectra.
    """
    low, high, peaks = CASES[name]
    energy, theta = np.linspace(low, high, channels), truth(name)
    counts = stack(energy, theta, range(seeds))
    fits = fit_spectra(energy, counts, Parameters(max_peaks=len(peaks)))
    found = [fit.solutions[-1] for fit in fits]
    errors = np.array([numbers(one.theta) for one in found]) - numbers(theta)
    bound = bounds(energy, theta)
    deviations = np.array(
        [np.r_[one.uncertainties, one.areas.uncertainties, one.areas.part_uncertainties] for one in found]
    )
    known = np.isfinite(deviations)
    near = ((np.abs(errors) <= 1.959964 * deviations) & known).sum(axis=0) / known.sum(axis=0)
    intervals = [intervals_of(fit, one.standing.rank, "fisher") for fit, one in zip(fits, found, strict=True)]
    ends = np.array([np.concatenate([one.theta, one.areas, one.parts]) for one in intervals])
    true = numbers(theta)
    within = ((ends[..., 0] <= true + 1e-9) & (true - 1e-9 <= ends[..., 1])).mean(axis=0)
    columns = [spread(errors) / bound, errors.mean(axis=0) / errors.std(axis=0), 100 * near, 100 * known.mean(axis=0)]
    columns.append(100.0 * within)
    if scipy_seeds > 1:
        theirs = np.array([numbers(scipy_best(energy, one, theta, bound)) for one in counts[:scipy_seeds]]) - true
        columns += [spread(theirs) / bound, theirs.mean(axis=0) / theirs.std(axis=0)]
    print(
        f"{name}, N = {channels}, {seeds} seeds; widths and fractions unshared, fractions within 0 to 1, defaults else"
    )
    heads = ["RMSE/bound", "bias/sd", "in 1.96 sd %", "sd there %", "in interval %", "scipy RMSE", "scipy bias"]
    print(" " * 12 + " ".join(f"{head:>13}" for head in heads[: len(columns)]))
    labels = [f"{kind} {peak + 1}" for peak in range(len(peaks)) for kind in NAMES] + ["low end", "high end"]
    labels += [f"{kind} {peak + 1}" for kind in ("area", "part") for peak in range(len(peaks))]
    for label, *row in zip(labels, *columns, strict=True):
        print(f"{label:<12s}" + " ".join(f"{value:13.2f}" for value in row), flush=True)


def spread(errors: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(np.mean(errors**2, axis=0)))


def numbers(theta: np.ndarray) -> np.ndarray:
    """Return parameters, then areas, then parts of the whole area."""
    height, _, width, fraction = theta[:-2].reshape(-1, 4).T
    areas = height * width * (fraction * np.pi / 2 + (1 - fraction) * np.sqrt(np.pi / LN2) / 2)
    return np.concatenate([theta, areas, areas / areas.sum()])


def bounds(energy: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Return the Cramer-Rao bounds of :func:`numbers`."""
    expected, jacobian = model(theta, energy)
    covariance = np.linalg.inv((jacobian.T / expected) @ jacobian)
    steps = 1e-6 * np.maximum(np.abs(theta), 1e-3)
    slopes = np.array([(numbers(theta + step) - numbers(theta - step)) / (2 * step.sum()) for step in np.diag(steps)]).T
    return np.asarray(np.sqrt(np.einsum("mp,pq,mq->m", slopes, covariance, slopes)))


def scipy_best(energy: np.ndarray, counts: np.ndarray, theta: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return scipy's maximum of the Poisson likelihood from the truth, by reweighted least squares, lines by energy."""
    lower = np.array([*[0.0, energy[0], 0.2, 0.0] * (theta.size // 4), 1e-3, 1e-3])
    upper = np.array([*[np.inf, energy[-1], 2.5, 1.0] * (theta.size // 4), np.inf, np.inf])
    best = theta
    for _ in range(10):
        root = 1.0 / np.sqrt(np.maximum(model(best, energy)[0], 1e-3))
        answer = least_squares(
            partial(_weighted, energy=energy, counts=counts, root=root),
            best,
            jac=partial(_weighted_slope, energy=energy, root=root),
            bounds=(lower, upper),
            x_scale=scale[: theta.size],
            max_nfev=60,
        ).x
        moved, best = np.abs(answer - best) / scale[: theta.size], answer
        if moved.max() < _STILL:
            break
    order = np.argsort(best[1:-2:4], kind="stable")
    return np.concatenate([best[:-2].reshape(-1, 4)[order].ravel(), best[-2:]])


def _weighted(at: np.ndarray, energy: np.ndarray, counts: np.ndarray, root: np.ndarray) -> np.ndarray:
    return np.asarray((model(at, energy)[0] - counts) * root)


def _weighted_slope(at: np.ndarray, energy: np.ndarray, root: np.ndarray) -> np.ndarray:
    return np.asarray(model(at, energy)[1] * root[:, None])


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--only", choices=("numbers", "resolution", "precision"))
    parser.add_argument("--cases", nargs="+", choices=tuple(CASES), default=tuple(CASES), help="for the precision")
    parser.add_argument("--scipy", type=int, default=0, help="of so many seeds scipy fits, too; two at least")
    arguments = parser.parse_args()
    if arguments.only in (None, "numbers"):
        right_numbers(arguments.seeds)
    if arguments.only in (None, "resolution"):
        resolution(arguments.seeds)
    if arguments.only in (None, "precision"):
        for name in arguments.cases:
            precision(name, 301, arguments.seeds, min(arguments.scipy, arguments.seeds))


if __name__ == "__main__":
    main()
