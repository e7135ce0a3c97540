"""Spectra that several tests share: the synthetic cases p3 and p6, and measured files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from shirube.records import AnalysisTarget, Axis, EnergyReference, FloatArray, Spectrum

DATA: Final = Path(__file__).parent / "data"
#: Height, centre (eV), FWHM (eV), Lorentz fraction; background 500 at the low end and 1400 at the high end.
PEAKS: Final = {
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
ENDS: Final = (500.0, 1400.0)


class Case:
    """A synthetic spectrum with its truth, written without a line of the code under test."""

    def __init__(self, name: str, channels: int = 301) -> None:
        low, high, peaks = PEAKS[name]
        self.energy = np.linspace(low, high, channels)
        self.peaks = np.array(peaks)
        self.theta = np.concatenate([self.peaks.ravel(), ENDS])

    def model(self, theta: np.ndarray) -> np.ndarray:
        """Return the model, channel by channel; complex parameters give complex values."""
        return shirley_model(self.energy, theta)

    def counts(self, seed: int) -> FloatArray:
        return np.random.default_rng(seed).poisson(self.model(self.theta).real).astype(float)

    def bounds_on_precision(self) -> FloatArray:
        """Return the Cramér-Rao bound of every parameter at the truth, from complex-step derivatives."""
        columns = []
        for index in range(self.theta.size):
            shifted = self.theta.astype(complex)
            shifted[index] += 1e-30j
            columns.append(self.model(shifted).imag / 1e-30)
        jacobian = np.array(columns)
        information = (jacobian / self.model(self.theta).real) @ jacobian.T
        scale = np.sqrt(np.diagonal(information))
        return np.sqrt(np.diagonal(np.linalg.inv(information / np.outer(scale, scale)))) / scale


def shirley_model(energy: FloatArray, theta: np.ndarray) -> np.ndarray:
    """Return peaks on an active Shirley background by the definition: a trapezoid sum up to each channel."""
    signal = np.zeros(energy.size, dtype=theta.dtype)
    for height, centre, width, fraction in theta[:-2].reshape(-1, 4):
        offset = (energy - centre) / (width / 2)
        signal = signal + height * (fraction / (1 + offset**2) + (1 - fraction) * np.exp(-np.log(2.0) * offset**2))
    trapezoids = (signal[1:] + signal[:-1]) / 2 * np.diff(energy)
    running = np.array([trapezoids[:channel].sum() for channel in range(energy.size)])
    return signal + theta[-2] + (theta[-1] - theta[-2]) * running / running[-1]


@pytest.fixture(scope="session")
def case() -> Callable[..., Case]:
    return Case


@pytest.fixture(scope="session")
def definition() -> Callable[[FloatArray, np.ndarray], np.ndarray]:
    return shirley_model


@pytest.fixture(scope="session")
def measured() -> Callable[[str], tuple[FloatArray, FloatArray]]:
    """Energies and intensities of a measured file, as the file orders them."""

    def read(name: str) -> tuple[FloatArray, FloatArray]:
        lines = (DATA / name).read_text(encoding="utf-8").splitlines()
        start = next((number for number, line in enumerate(lines) if line.startswith("[Data 1]")), 0)
        rows = [line.replace(",", " ").split() for line in lines[start + 1 :]]
        columns = np.array([[float(cell) for cell in row] for row in rows if len(row) == 2])
        return columns[:, 0], columns[:, 1]

    return read


@pytest.fixture(scope="session")
def target_of() -> Callable[..., AnalysisTarget]:
    """What the core hands to the analysis."""

    def make(energy: FloatArray, intensity: FloatArray, scale: str = "binding", unit: str = "counts") -> AnalysisTarget:
        axis = Axis("energy", np.array(energy), "eV")
        spectrum = Spectrum("file.txt#1", "C 1s", np.array(intensity), (axis,), unit, EnergyReference(scale))
        return AnalysisTarget("entry", (spectrum,))

    return make
