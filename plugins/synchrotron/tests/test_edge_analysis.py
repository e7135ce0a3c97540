"""The Fermi edge within a run: off until it is switched on, then figure, tables and terms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

ON = ["--set", "analyses.fermi_edge.on=true", "--set", "run.analyses=fermi_edge", "--set", "run.policies=none"]


def ran(shirube, file, *arguments):
    code, out, _ = shirube("run", file, "-o", "out", "--overwrite", "--no-export", "--json", *arguments)
    assert code == 0
    (entry,) = json.loads(out)["entries"]
    (result,) = entry["results"]
    return result


def test_it_is_off_and_says_how_to_switch_it_on(shirube, gold_file):
    result = ran(shirube, gold_file(), "--set", "run.analyses=fermi_edge", "--set", "run.policies=none")
    assert result["status"] == "skipped"
    assert "analyses.fermi_edge.on=true" in result["reasons"][0]["en"]


def test_switched_on_it_yields_terms_a_figure_and_tables(shirube, gold_file):
    gold = gold_file()
    Path("gold.bench.side.json").write_text('{"hv": 800.0, "phi": 4.4}', encoding="utf-8")
    result = ran(shirube, gold, *ON)
    assert result["status"] == "ok"
    values = {term: one["value"] for term, one in result["scalars"].items()}
    assert values["fermi_level"] == pytest.approx(795.6, abs=0.004)
    assert values["energy_resolution"] == pytest.approx(0.12, abs=0.02)
    assert values["edge_width"] > values["energy_resolution"]
    # With the work function that the conversion took off.
    assert values["calibration_photon_energy"] == pytest.approx(values["fermi_level"] + 4.4, abs=1e-9)
    written = {path.name for path in Path("out").rglob("*")}
    assert {"edge.csv", "variants.csv"} <= written
    assert any(name.endswith("fermi_edge.png") for name in written)


@pytest.mark.parametrize("sidecar", ['{"hv": 800.0}', '{"hv": 795.6, "phi": 4.4}'])
def test_a_fermi_level_that_does_not_land_at_0_is_doubtful(shirube, gold_file, sidecar):
    gold = gold_file()
    Path("gold.bench.side.json").write_text(sidecar, encoding="utf-8")
    result = ran(shirube, gold, *ON)
    assert result["status"] == "doubtful"
    assert "applied twice or not at all" in result["reasons"][-1]["en"]


def test_a_core_level_is_refused(shirube, data_file):
    result = ran(shirube, data_file(), *ON)
    assert result["status"] == "refused"
    assert result["scalars"] == {}


def test_a_resolution_that_the_thermal_width_hides_is_registered_nowhere(shirube, write_regions, region, gold_counts):
    kinetic = np.round(np.arange(794.0, 797.0, 0.02), 6)
    gold = write_regions("gold.bench", region("EF", kinetic, gold_counts(kinetic, resolution=0.02, counts=300)))
    Path("gold.bench.side.json").write_text('{"hv": 795.6}', encoding="utf-8")
    result = ran(shirube, gold, *ON)
    assert result["status"] == "doubtful"
    assert {"fermi_level", "edge_width"} <= set(result["scalars"])
    assert "energy_resolution" not in result["scalars"]
