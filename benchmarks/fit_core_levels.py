"""Peak fits of measured core levels as a page of the documentation: what was chosen, where its components are.

Run ``python benchmarks/fit_core_levels.py -o docs/core-levels.md``; ``--figures FOLDER`` draws every fit, to look at.
Each region is fitted between the ends that are given, and both backgrounds, both line shapes and, where the region is
named after a doublet, that doublet and single lines compete.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from attrs import frozen
from fit_optima import read

from shirube.figures import to_png
from shirube.progress import NoProgress
from shirube.quantities import uncertain
from shirube.records import AnalysisTarget, Axis, EnergyReference, Result, Spectrum
from shirube.tables import Table
from shirube_bicfit import analysis
from shirube_bicfit.drawing import drawings_of
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.reporting import variants_in
from shirube_bicfit.windowing import windowed

DATA = Path(__file__).parents[1] / "plugins" / "bicfit" / "tests" / "data"
HEAD = """# Measured core levels

What the peak fit makes of eleven measured core levels, all of which are among its test data
(`plugins/bicfit/tests/data`, with sources and licences). Each was fitted between the energies in the second column with
`--background auto --lineshape auto --doublet auto --free-splitting`, so that both backgrounds, both line shapes and,
where the region is named after a doublet, that doublet and single lines compete in one ranking; nothing else was set.
Energies are as the files state them, without correction for charging. A share is that of the area of all components;
the second lines of doublets are not listed. A fit is doubtful if a peak that may hold more than a tenth of the area has
an area less certain than its value, though the other peaks may be known well. This page is what

```sh
python benchmarks/fit_core_levels.py -o docs/core-levels.md
```

writes; with `--figures FOLDER` it draws every fit, too.

"""


COLUMNS = (
    "region",
    "range (eV)",
    "channels",
    "best model",
    "BIC",
    "next model, ΔBIC",
    "reduced deviance",
    "verdict",
    "position (eV), FWHM (eV), share",
)


@frozen
class Region:
    """A measured region: its name, its file below the test data, and the energies between which it is fitted."""

    name: str
    file: str
    low: float
    high: float


REGIONS = (
    Region("PET C 1s", "lg4x/PET_C1s.csv", 281.0, 295.0),
    Region("C 1s", "lg4x/C1s_sample.csv", 281.0, 294.0),
    Region("ITO O 1s", "lg4x/111216_0459_O1s.csv", 527.0, 538.0),
    Region("NiW W 4f", "lg4x/0-150W_NiWW4f_W4f.txt", 30.0, 37.6),
    Region("NiW C 1s", "lg4x/0-150W_NiWC1s_C1s.txt", 278.0, 290.0),
    Region("NiW O 1s", "lg4x/0-150W_NiWO1s_O1s.txt", 524.0, 534.0),
    Region("Ag 3d", "pynxtools-xps/Ag_0001.txt", 365.0, 378.0),
    Region("Cu-HHTP C 1s", "pynxtools-xps/Cu-HHTP_0003.txt", 281.0, 292.0),
    Region("Cu-HHTP O 1s", "pynxtools-xps/Cu-HHTP_0002.txt", 528.0, 540.0),
    Region("Cu-HHTP Cu 3p", "pynxtools-xps/Cu-HHTP_0004.txt", 70.0, 84.0),
    Region("Cu 2p3/2", "nims-spec-decomp-ref/Cu2p3_sampledata.csv", 928.0, 948.0),
)


def fitted(region: Region) -> tuple[Spectrum, Result]:
    """Return a region and its fit."""
    energy, counts = read(DATA / region.file)
    axis = Axis("energy", np.array(energy), "eV")
    spectrum = Spectrum(region.file, region.name, np.array(counts), (axis,), "", EnergyReference("binding"))
    settings = Parameters(
        range_low=region.low,
        range_high=region.high,
        background=("auto",),
        lineshape=("auto",),
        doublet=("auto",),
        free_splitting=True,
    )
    result = analysis.run(AnalysisTarget(region.name, (spectrum,)), settings, NoProgress())
    return windowed(spectrum, settings), result


def row(region: Region, spectrum: Spectrum, result: Result) -> str:
    """Return a row of the table."""
    models, variants, scalars = result.table("models"), variants_in(result), result.scalars
    ranks = [int(one) for one in models.column("rank").values]
    counts = models.column("peaks").values
    names = {rank: f"K = {counts[place]:.0f}, {variants[rank].en}" for place, rank in enumerate(ranks)}
    common = [
        f"{column.label.en.lower()} {told(models, column.name, ranks.index(1), column.unit)}"
        for column in models.columns
        if column.name in {"splitting", "asymmetry"} and np.isfinite(float(column.values[ranks.index(1)]))
    ]
    cells = (
        region.name,
        f"{region.low:g} to {region.high:g}",
        spectrum.energy.size,
        "; ".join([names[1], *common]),
        f"{scalars['bicfit.bic'].value:.1f}",
        f"{names[2]}: {scalars['bicfit.delta_bic'].value:.1f}",
        f"{scalars['bicfit.reduced_deviance'].value:.2f}",
        result.status,
        "<br>".join(lines(result)),
    )
    return line_of(cells)


def line_of(cells: Iterable[object]) -> str:
    """Return cells as a line of a table in Markdown."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def lines(result: Result) -> Iterator[str]:
    """Yield position, width and share of every line of the best model."""
    peaks = result.table("peaks")
    names = ("position", "fwhm", "area_percent")
    for place, component in enumerate(peaks.column("component").values):
        if not str(component).endswith("b"):
            position, width, share = (told(peaks, name, place) for name in names)
            yield f"{position}, {width}, {share} %"


def told(table: Table, name: str, place: int, unit: str | None = None) -> str:
    """Return a cell of a table with its standard uncertainty."""
    value, uncertainty = (table.column(one).values[place] for one in (name, f"{name}_uncertainty"))
    return uncertain(float(value), float(uncertainty), unit)


def main() -> None:
    """Fit all regions and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, help="the page; without it, it is printed")
    parser.add_argument("--figures", type=Path, help="a folder for a figure of every fit")
    chosen = parser.parse_args()
    rows = [line_of(COLUMNS), line_of("---" for _ in COLUMNS)]
    for region in REGIONS:
        spectrum, result = fitted(region)
        rows.append(row(region, spectrum, result))
        if chosen.figures is not None:
            chosen.figures.mkdir(parents=True, exist_ok=True)
            stem = region.name.replace(" ", "_").replace("/", "-")
            for drawing in drawings_of(result, spectrum, "en"):
                (chosen.figures / f"{stem}_{drawing.name}.png").write_bytes(to_png(drawing.figure))
    page = HEAD + "\n".join(rows) + "\n"
    if chosen.output is None:
        sys.stdout.write(page)
    else:
        chosen.output.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
