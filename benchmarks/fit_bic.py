"""How fast a whole fit is against what a user would write with scipy and lmfit: 155 starts, one after another.

All try 1 to ``--peaks`` peaks. The scipy search fits the active Shirley background with an analytic Jacobian; lmfit,
where it is installed, fits pseudo-Voigt models after a static Shirley background is subtracted. Of its 155 starts only
``--lmfit`` of each number of peaks are timed, each with at most 3000 evaluations (lmfit's own limit is far higher), and
extrapolated number by number. Then come ``--stack`` spectra in one array, a series that starts from one solution, the
memory of both, and the first fit of a fresh process. Run ``python benchmarks/fit_bic.py``; the ratios in one run are
what counts, since machines differ; CPU times grow, too, where other work shares the cores.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any, Final

import numpy as np
from comparing import compared
from joblib.externals.loky import get_reusable_executor  # type: ignore[import-untyped]
from scipy.optimize import least_squares
from scipy.signal import find_peaks, savgol_filter
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from shirube_bicfit.batch import fit_series, fit_spectra
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters

STARTS: Final = 155
LN2: Final = np.log(2.0)
_KIBI: Final = 1024.0
#: Height, centre (eV), FWHM (eV), Lorentz fraction; background 500 at the low end and 1400 at the high end.
CASES: Final[dict[str, tuple[float, float, list[list[float]]]]] = {
    "p3": (280.0, 295.0, [[10000, 284.8, 1.10, 0.30], [4000, 286.3, 1.20, 0.30], [2000, 288.7, 1.20, 0.30]]),
    "p6": (
        280.0,
        297.0,
        [
            [10000, 284.6, 1.00, 0.25],
            [6000, 285.7, 1.10, 0.25],
            [3500, 286.9, 1.20, 0.30],
            [2200, 288.4, 1.20, 0.30],
            [1500, 290.0, 1.40, 0.40],
            [700, 292.0, 1.80, 0.20],
        ],
    ),
}


def main() -> None:
    arguments = _arguments()
    if arguments.alone:
        print(json.dumps(_stack(arguments.alone, arguments.stack)))
        return
    fit_spectrum(*spectrum("p3", 101, 0))  # imports and first calls do not count
    print("CPU seconds of one thread, and seconds on all threads, median over noise seeds; ratios of CPU seconds")
    print("case     N |   fit: CPU    wall  starts  K right | scipy: CPU  K right   ratio | lmfit: CPU   ratio")
    with threadpool_limits(1):
        for channels in arguments.channels:
            for name in CASES:
                _compare(name, channels, arguments)
    for name in CASES if arguments.stack else ():
        _tell_stack(name, arguments.stack)
    _tell_first()


def _compare(name: str, channels: int, arguments: argparse.Namespace) -> None:
    right, most, seeds = len(CASES[name][2]), arguments.peaks, arguments.seeds
    settings = Parameters(max_peaks=most)
    ours, theirs, walls = [], [], []
    for seed in range(seeds):
        data = spectrum(name, channels, seed)
        ours.append(_timed(partial(fit_spectrum, *data, settings, threads=1)))
        before = time.perf_counter()
        fit_spectrum(*data, settings)
        walls.append(time.perf_counter() - before)
        # in turns, so that whatever else the machine does slows both
        if seed < arguments.scipy_seeds:
            theirs.append(_timed(partial(scipy_search, *data, seed, most)))
    mine = float(np.median([seconds for seconds, _ in ours]))
    starts = np.median([sum(len(one.origins) for one in fit.solutions) for _, fit in ours])
    found = f"{sum(fit.best.count == right for _, fit in ours)}/{seeds}"
    print(
        f"{name}  {channels:5d} | {mine:10.3f}  {np.median(walls):6.3f}  {starts:6.0f}  {found:>7} |",
        end="",
        flush=True,
    )
    what = f"a peak fit, K up to {most}, {name} of {channels} channels"
    if theirs:
        its = float(np.median([seconds for seconds, _ in theirs]))
        its_found = f"{sum(count == right for _, count in theirs)}/{len(theirs)}"
        print(f" {its:10.1f}  {its_found:>7}  {its / mine:6.0f} | ", end="", flush=True)
        compared(what, mine, "scipy from 155 starts, analytic Jacobian", its, "s")
    else:
        print(f" {'not measured':>27} | ", end="")
    if arguments.lmfit and importlib.util.find_spec("lmfit"):
        whole = lmfit_search(*spectrum(name, channels, 0), 0, most, arguments.lmfit)
        print(f"{whole:10.0f}  {whole / mine:6.0f}", flush=True)
        compared(what, mine, "lmfit from 155 starts, extrapolated from a few", whole, "s")
    else:
        print("not measured", flush=True)


# what is measured in a process of its own, for its memory and its imports


def _stack(name: str, number: int) -> dict[str, float]:
    """Search many spectra in one array, and follow them from the solution of the first."""
    energy, first = spectrum(name, 301, 0)
    stack = np.array([spectrum(name, 301, seed)[1] for seed in range(number)])
    like = fit_spectrum(energy, first)
    jobs: dict[str, Callable[[], Any]] = {
        "full searches": lambda: fit_spectra(energy, stack, Parameters(max_peaks=12)),
        "warm starts": lambda: fit_series(energy, stack, like),
    }
    figures: dict[str, float] = {}
    for what, job in jobs.items():
        cpu, before = _cpu(), time.perf_counter()
        fits = job()
        figures[f"{what}, wall"] = time.perf_counter() - before
        figures[f"{what}, CPU"] = _cpu() - cpu
        figures[f"{what}, right"] = sum(fit.best.count == len(CASES[name][2]) for fit in fits)
    return figures | {"MB": _peak(resource.RUSAGE_SELF), "MB of a process": _peak(resource.RUSAGE_CHILDREN)}


def _cpu() -> float:
    """Return the CPU seconds of this process and of those that it shared its work with, which are ended."""
    get_reusable_executor().shutdown(wait=True)
    spent = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _peak(whose: int) -> float:
    return resource.getrusage(whose).ru_maxrss / _KIBI


def _tell_stack(name: str, number: int) -> None:
    command = [sys.executable, __file__, "--alone", name, "--stack", str(number)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 this script
    figures = json.loads(done.stdout)
    for what in ("full searches", "warm starts"):
        cpu, wall = figures[f"{what}, CPU"], figures[f"{what}, wall"]
        print(
            f"{name}: {number} {what} of 301 channels: {number / wall:.1f} a second, start of processes included,"
            f" {1e3 * cpu / number:.1f} ms of CPU each, K right in {figures[f'{what}, right']:.0f}"
        )
    print(
        f"{name}: peak memory {figures['MB']:.0f} MB, of the largest process that shared the work"
        f" {figures['MB of a process']:.0f} MB",
        flush=True,
    )


def _tell_first() -> None:
    # this script imports scipy.optimize and scipy.signal for the baselines: the fit alone is imported here
    code = (
        "import json, sys, time\n"
        "clocks = lambda: (time.process_time(), time.perf_counter())\n"
        "begun = clocks()\n"
        "import numpy as np\n"
        "from shirube_bicfit.fitting import fit_spectrum\n"
        "energy, counts = np.array(json.loads(sys.stdin.read()))\n"
        "imported = clocks()\n"
        "fit_spectrum(energy, counts)\n"
        "first = clocks()\n"
        "fit_spectrum(energy, counts)\n"
        "second = clocks()\n"
        "ends = (begun, imported, first, second)\n"
        "spans = [[b - a for a, b in zip(one, two)] for one, two in zip(ends, ends[1:])]\n"
        "print(json.dumps([spans, 'pandas' in sys.modules]))\n"
    )
    data = json.dumps([part.tolist() for part in spectrum("p3", 301, 0)])
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, input=data)  # noqa: S603 ours
    (imports, first, second), pandas = json.loads(done.stdout)
    print(
        "a fresh process, CPU (wall) seconds:"
        + ",".join(
            f" {what} {cpu:.2f} ({wall:.2f})"
            for what, (cpu, wall) in (("imports", imports), ("first fit", first), ("second fit", second))
        )
        + (
            "; scikit-learn also imports pandas, which is installed here but which the fit does not need"
            if pandas
            else "; pandas, which scikit-learn imports where it is installed, is not"
        )
    )


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    before = time.process_time()
    answer = work()
    return time.process_time() - before, answer


# the spectrum, and the model as a user writes it


def spectrum(name: str, channels: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return energies and Poisson counts of a case."""
    low, high, peaks = CASES[name]
    energy = np.linspace(low, high, channels)
    theta = np.concatenate([np.ravel(peaks), [500.0, 1400.0]])
    return energy, np.random.default_rng(seed).poisson(model(theta, energy)[0]).astype(float)


def running_integral(energy: np.ndarray, values: np.ndarray) -> np.ndarray:
    out = np.zeros_like(values)
    np.cumsum(0.5 * np.diff(energy) * (values[..., 1:] + values[..., :-1]), axis=-1, out=out[..., 1:])
    return out


def model(theta: np.ndarray, energy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return peaks on an active Shirley background, and its Jacobian (channels, parameters)."""
    peaks, (low, high) = theta[:-2].reshape(-1, 4), theta[-2:]
    height, centre, width, fraction = (peaks[:, index, None] for index in range(4))
    offset = (energy - centre) / width
    lorentz, gauss = 1 / (1 + 4 * offset**2), np.exp(-4 * LN2 * offset**2)
    shape = fraction * lorentz + (1 - fraction) * gauss
    slope = -8 * fraction * offset * lorentz**2 - 8 * LN2 * (1 - fraction) * offset * gauss
    of_peaks = np.stack(
        [shape, -height * slope / width, -height * slope * offset / width, height * (lorentz - gauss)], axis=1
    ).reshape(-1, energy.size)
    signal = (height * shape).sum(axis=0)
    cumulative = running_integral(energy, signal)
    share = cumulative / cumulative[-1]
    of_integral = running_integral(energy, of_peaks)
    jacobian = np.empty((energy.size, theta.size))
    jacobian[:, :-2] = (of_peaks + (high - low) / cumulative[-1] * (of_integral - share * of_integral[:, -1:])).T
    jacobian[:, -2], jacobian[:, -1] = 1 - share, share
    return signal + low + (high - low) * share, jacobian


# the search a user would write


def scipy_search(energy: np.ndarray, counts: np.ndarray, seed: int, most: int) -> int:
    """Return the number of peaks that 155 bounded least-squares fits choose by BIC."""
    best: dict[int, float] = {}
    for start in scipy_starts(energy, counts, np.random.default_rng(1000 + seed), most):
        count = (start.size - 2) // 4
        best[count] = min(best.get(count, np.inf), scipy_fit(energy, counts, start))
    return min(best, key=lambda count: best[count] + (4 * count + 2) * np.log(energy.size))


def scipy_fit(energy: np.ndarray, counts: np.ndarray, start: np.ndarray) -> float:
    """Return chi-squared of one fit with weights from the data."""
    count = (start.size - 2) // 4
    weight = 1 / np.sqrt(np.maximum(counts, 1))
    lower = np.concatenate([np.tile([0, energy[0], 0.2, 0], count), [0, 0]])
    upper = np.concatenate([np.tile([np.inf, energy[-1], 2.5, 1], count), [np.inf, np.inf]])
    scale = np.concatenate([np.tile([counts.max(), 1, 1, 1], count), np.full(2, counts.max())])

    def residual(theta: np.ndarray) -> np.ndarray:
        return np.asarray((model(theta, energy)[0] - counts) * weight)

    def jacobian(theta: np.ndarray) -> np.ndarray:
        return np.asarray(model(theta, energy)[1] * weight[:, None])

    fitted = least_squares(
        residual,
        np.clip(start, lower + 1e-9, np.where(np.isfinite(upper), upper - 1e-9, upper)),
        jacobian,
        bounds=(lower, upper),
        x_scale=scale,
        max_nfev=500,
    )
    return float(2 * fitted.cost)


def scipy_starts(energy: np.ndarray, counts: np.ndarray, rng: np.random.Generator, most: int) -> Iterator[np.ndarray]:
    """Yield 155 starts with 1 to ``most`` peaks: visible maxima, then energies drawn from the spectrum."""
    low, high = counts[:5].mean(), counts[-5:].mean()
    smooth = savgol_filter(counts, max(5, (energy.size // 30) | 1), 2)
    net = np.maximum(smooth - np.linspace(low, high, energy.size), 1e-9)
    maxima, about = find_peaks(smooth, prominence=3 * np.sqrt(smooth.max()))
    maxima = maxima[np.argsort(-about["prominences"])]
    for number in range(STARTS):
        count = 1 + number % most
        seen = energy[maxima[: rng.integers(0, min(count, maxima.size) + 1)]]
        drawn = rng.choice(energy, count - seen.size, p=net / net.sum())
        centres = np.sort(np.concatenate([seen, drawn]))
        heights = np.maximum(np.interp(centres, energy, net) * rng.uniform(0.4, 1.0, count), 10.0)
        peaks = np.column_stack([heights, centres, rng.uniform(0.6, 2.0, count), rng.uniform(0.1, 0.6, count)])
        yield np.concatenate([peaks.ravel(), [low, high]])


def lmfit_search(energy: np.ndarray, counts: np.ndarray, seed: int, most: int, number: int) -> float:
    """Return the CPU seconds of 155 starts of lmfit, from ``number`` of them for each number of peaks.

    An iterative Shirley background is subtracted first.
    """
    from lmfit.models import PseudoVoigtModel

    low, high = counts[:5].mean(), counts[-5:].mean()
    background = np.full_like(counts, low)
    for _ in range(50):  # as often as the usual iterative routines do
        share = running_integral(energy, counts - background)
        background = low + (high - low) * share / share[-1]
    seconds = defaultdict(list)
    starts = scipy_starts(energy, counts, np.random.default_rng(1000 + seed), most)
    # one number of peaks after the other, over and over
    for start in islice(starts, number * most):
        peaks = start[:-2].reshape(-1, 4)
        lines = [PseudoVoigtModel(prefix=f"p{index}_") for index in range(len(peaks))]
        combined = sum(lines[1:], lines[0])
        given = combined.make_params()
        for index, (height, centre, width, fraction) in enumerate(peaks):
            given[f"p{index}_amplitude"].set(height * width, min=0)
            given[f"p{index}_center"].set(centre, min=energy[0], max=energy[-1])
            given[f"p{index}_sigma"].set(width / 2, min=0.1, max=3.0)
            given[f"p{index}_fraction"].set(fraction, min=0, max=1)
        weights = 1 / np.sqrt(np.maximum(counts, 1))
        fit = partial(combined.fit, counts - background, given, x=energy, weights=weights, max_nfev=3000)
        seconds[len(peaks)].append(_timed(fit)[0])
    return sum(float(np.mean(seconds[1 + start % most])) for start in range(STARTS))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, nargs="+", default=[301, 1001])
    parser.add_argument("--seeds", type=int, default=10, help="noise seeds of the fit")
    parser.add_argument("--scipy-seeds", type=int, default=1, help="noise seeds of the scipy search")
    parser.add_argument("--peaks", type=int, default=12, help="most peaks that all of them try")
    parser.add_argument("--lmfit", type=int, default=1, help="starts of lmfit for each number of peaks, 0 for none")
    parser.add_argument("--stack", type=int, default=64, help="spectra of a stack, 0 for none; 1000 take minutes")
    parser.add_argument("--alone", choices=list(CASES), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
