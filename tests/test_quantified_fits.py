"""Peak fits and quantification know nothing of each other, and yet one counts what the other fitted."""

from datetime import date

import numpy as np
import pytest

from shirube.intake import items_from
from shirube.pipeline import process
from shirube.plugins import load_plugins
from shirube.settings import Settings

#: J. J. Yeh and I. Lindau, At. Data Nucl. Data Tables 32, 1 (1985), Mb at 800 eV; atoms of SiO2; eV.
LINES = {"O 1s": (0.2044, 2.0, 532.9), "Si 2p": (0.076, 1.0, 103.5)}


@pytest.fixture
def silica(tmp_path):
    """Return a folder with a region of O 1s and one of Si 2p, as silica would give them."""
    folder = tmp_path / "SiO2"
    folder.mkdir()
    for place, (name, (sigma, atoms, centre)) in enumerate(LINES.items()):
        energy = np.linspace(centre + 7.0, centre - 7.0, 71)
        line = np.exp(-4.0 * np.log(2.0) * np.square((energy - centre) / 1.6))
        line *= 6e4 * atoms * sigma * ((800.0 - centre) / 500.0) ** 0.75
        ground = 200.0 + 0.02 * np.cumsum(line[::-1])[::-1]
        counts = np.random.default_rng(place).poisson(line + ground)
        rows = "".join(f"{at:.2f},{count}\n" for at, count in zip(energy, counts, strict=True))
        (folder / f"{name}.csv").write_text(f"Binding energy (eV),Intensity (counts)\n{rows}", encoding="utf-8")
    return folder


def test_areas_of_the_peak_fit_make_the_composition(silica):
    plugins = load_plugins()
    settings = Settings().with_values(
        {
            "run.analyses": ("quantify", "bicfit"),
            "run.policies": ("none",),
            "facts.photon_energy": "800",
            "analyses.bicfit.max_peaks": "1",
            "analyses.bicfit.starts": "2",
            "analyses.quantify.transmission_exponent": "0",
        }
    )
    (item,) = items_from([silica], plugins)
    outcome = process(item, plugins, settings, today=date(2026, 4, 1))
    assert [one.analysis for one in outcome.results] == ["bicfit", "bicfit", "quantify"]
    found = outcome.results[-1]
    assert found.table("lines").column("source").values == ("fit", "fit")
    main = found.scalars["quant.main_percent"]
    assert found.scalars["quant.main_element"].value == "O"
    assert abs(main.number - 200.0 / 3.0) < 0.5 * main.uncertainty
    # fits tell the covariance of their components, so that the sum is known better than each of them
    said = " ".join(found.table("remarks").column("en").values)
    assert "with the covariance of the components" in said
    assert found.table("composition").column("percent_by_areas").values[0] < 1.0
