"""The bridge to lmfit: the same curve, tied as it was, and a fit that stays where ours ended."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from shirube.errors import ShirubeError
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.lmfit_bridge import to_lmfit
from shirube_bicfit.parameters import Parameters

LN2 = np.log(2.0)
#: A doublet with tails, and a spectrum that shares what can be shared on a sloped background.
KINDS = {
    "plain": Parameters(max_peaks=3, starts=40),
    "line": Parameters(max_peaks=3, starts=30, background="linear"),
    "gauss": Parameters(max_peaks=3, starts=40, noise="gauss"),
    "shared": Parameters(max_peaks=3, starts=40, share_width=True, share_fraction=True, slope=True),
    "asymmetric": Parameters(max_peaks=3, starts=40, lineshape="asymmetric"),
}


def doublet_counts() -> tuple[np.ndarray, np.ndarray]:
    """Two lines with partners at 6.0 eV and two thirds of the height, tails towards high energies."""
    energy = np.linspace(364.0, 382.0, 361)
    total = np.full(energy.size, 300.0)
    for height, centre in ((8000, 368.2), (2500, 369.6)):
        for ratio, shift in ((1.0, 0.0), (2.0 / 3.0, 6.0)):
            distance = energy - centre - shift
            offset = 2.0 * distance / (1.6 / (1.0 + np.exp(-0.4 * distance)))
            total += height * ratio * (0.4 / (1 + offset**2) + 0.6 * np.exp(-LN2 * offset**2))
    return energy[::-1], np.random.default_rng(3).poisson(total[::-1]).astype(float)


def fitted(kind, case):
    if kind == "doublet":
        tails = Parameters(max_peaks=2, starts=40, doublet="Ag 3d", free_ratio=True, lineshape="asymmetric")
        return fit_spectrum(*doublet_counts(), tails)
    p3 = case("p3")
    unit = 0.0137 if kind == "shared" else 1.0
    return fit_spectrum(p3.energy[::-1], unit * p3.counts(0)[::-1], KINDS[kind])


@pytest.fixture(scope="module", params=[*KINDS, "doublet"])
def handed(request, case):
    pytest.importorskip("lmfit", reason="lmfit is an extra")
    fit = fitted(request.param, case)
    return request.param, fit, to_lmfit(fit)


def test_lmfit_evaluates_to_the_same_curve(handed):
    _, fit, over = handed
    curve = over.model.eval(over.parameters, x=over.energy)
    assert np.abs(curve / fit.best.envelope - 1.0).max() < 1e-9


# lmfit 1.3.0 computes with the errors of numbers at their bounds, which are 0
@pytest.mark.filterwarnings("ignore:Using UFloat objects with std_dev==0")
def test_lmfit_has_as_many_free_parameters_and_its_own_fit_stays_there(handed):
    kind, fit, over = handed
    found = over.model.fit(over.intensity, over.parameters, x=over.energy, weights=over.weights)
    assert found.nvarys == fit.best.parameters
    assert found.success
    free = [name for name, one in over.parameters.items() if one.vary]
    errors = {name: over.parameters[name].stderr for name in free}
    assert sum(error is not None for error in errors.values()) >= 0.6 * len(free)
    for name in free:
        if errors[name] is not None:
            assert abs(found.params[name].value - over.parameters[name].value) < 0.02 * errors[name], (kind, name)


def test_what_is_tied_is_tied(handed):
    kind, _, over = handed
    expressions = {name: one.expr for name, one in over.parameters.items() if one.expr}
    if kind == "shared":
        assert expressions["p2_fwhm"] == "fwhm"
        assert expressions["p3_fraction"] == "fraction"
    elif kind == "doublet":
        assert expressions["p1b_center"] == "p1_center + splitting"
        assert over.parameters["splitting"].value == 6.0
        assert not over.parameters["splitting"].vary
        assert over.parameters["ratio"].vary
        heights = over.parameters["p1b_height"].value / over.parameters["p1_height"].value
        assert heights == pytest.approx(over.parameters["ratio"].value)
    else:
        assert not expressions


def test_standard_errors_are_those_of_the_solution(handed):
    kind, fit, over = handed
    if kind == "plain":
        first = int(np.argmin(np.abs(fit.best.peaks[:, 1] - over.parameters["p1_center"].value)))
        assert over.parameters["p1_center"].stderr == fit.best.uncertainties[4 * first + 1]


def test_other_ranks_and_refusals(case):
    pytest.importorskip("lmfit", reason="lmfit is an extra")
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(0), Parameters(max_peaks=2, starts=10, lineshape="auto"))
    for rank, solution in enumerate(fit.ranked, start=1):
        over = to_lmfit(fit, rank)
        curve = over.model.eval(over.parameters, x=over.energy)
        assert curve == pytest.approx(solution.envelope, rel=1e-9)
    with pytest.raises(ShirubeError, match="no solution of rank 9"):
        to_lmfit(fit, 9)
    with pytest.raises(ShirubeError, match="no solution of rank 1"):
        to_lmfit(fit_spectrum(p3.energy, np.zeros(301)))


def test_without_lmfit_it_says_what_to_install():
    code = (
        "import sys; sys.modules['lmfit'] = None\n"
        "import numpy as np\n"
        "from shirube_bicfit.fitting import fit_spectrum\n"
        "from shirube_bicfit.lmfit_bridge import to_lmfit\n"
        "to_lmfit(fit_spectrum(np.arange(20.0), np.zeros(20)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MissingPluginError" in done.stderr
    assert "pip install shirube-bicfit[lmfit]" in done.stderr
