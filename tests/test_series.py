"""A real series, fitted and gathered: iterations of one region as they were measured."""

import csv
from pathlib import Path

from shirube.api import process_paths
from shirube.runs import write_run
from shirube.series import gather
from shirube.settings import Settings

SERIES = Path(__file__).parents[1] / "plugins/ses2002/tests/data/specqp/scienta_single_region_adddimension_1.txt"
SETTINGS = Settings().with_values(
    {
        "run.axes.iteration": "each",
        "run.analyses": ("bicfit",),
        "analyses.bicfit.any_scale": True,
        "analyses.bicfit.max_peaks": 1,
        "analyses.bicfit.starts": 1,
    }
)


def test_iterations_of_a_real_region_are_a_series_of_fits_with_coordinates_units_and_tracks(tmp_path):
    (tmp_path / "run").mkdir()
    write_run(process_paths([SERIES], settings=SETTINGS), tmp_path / "run")
    gather([tmp_path / "run"], tmp_path / "out", figures=False)
    with (tmp_path / "out" / "tables" / "components_bicfit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["iteration"], row["index"], row["K"], row["track"]) for row in rows] == [
        ("1.0", "1", "1", "t1"),
        ("2.0", "2", "1", "t1"),
    ]
    for row in rows:
        # O 1s: within the region, and as sharply determined as one line through this many counts is
        assert 4055 < float(row["position (eV)"]) < 4071
        assert 0 < float(row["position_uncertainty (eV)"]) < 0.1
        assert float(row["area_percent (%)"]) == 100
        assert row["spectrum"].startswith(SERIES.name)
