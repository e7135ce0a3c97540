"""One answer on every type of processor: its own instructions round differently, and that must not show."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from shirube_bicfit.fitting import fit_spectrum

#: What makes NumPy and OpenBLAS take the instructions of much older processors; what is not known is passed over.
OLDER = {
    "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3 AVX512_SPR AVX512_ICL AVX512_CNL AVX512_CLX AVX512_SKX AVX512CD AVX512F",
}
CHILD = """
import json, sys
import numpy as np
from shirube_bicfit.fitting import fit_spectrum
for name in sys.argv[1:]:
    best = fit_spectrum(*np.load(name)).best
    print(json.dumps([best.theta.tolist(), best.uncertainties.tolist(), [best.standing.bic, best.deviance]]))
"""


def test_the_best_solution_does_not_depend_on_the_type_of_processor(case, measured, tmp_path: Path):
    p6 = case("p6")
    spectra = [(p6.energy, p6.counts(0)), measured("pynxtools-xps/Cu-HHTP_0002.txt")]
    files = [str(tmp_path / f"{number}.npy") for number in range(len(spectra))]
    for name, spectrum in zip(files, spectra, strict=True):
        np.save(name, np.array(spectrum))
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD, *files],
        env={**os.environ, **OLDER},
        capture_output=True,
        text=True,
        check=True,
    )
    for line, spectrum in zip(told.stdout.splitlines(), spectra, strict=True):
        best = fit_spectrum(*spectrum).best
        theta, uncertainties, criteria = json.loads(line)
        assert theta == pytest.approx(best.theta.tolist(), rel=1e-9)
        assert uncertainties == pytest.approx(best.uncertainties.tolist(), rel=1e-9, nan_ok=True)
        assert criteria == pytest.approx([best.standing.bic, best.deviance], rel=1e-9)
