"""What the SES2002 guide means at the registry, with all distributions installed."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shirube.cli import run_command_line
from shirube.intake import items_from
from shirube.pipeline import process
from shirube.plugins import load_plugins
from shirube.rendering import render_figures
from shirube.settings import Settings

ROOT = Path(__file__).parents[1]
ITERATIONS = ROOT / "plugins/ses2002/tests/data/specqp/scienta_single_region_adddimension_1.txt"

#: The guide's table of selected metadata as printed, and the type of each value: item, Japanese, English, unit, type.
SELECTED = """
RAW File Name|RAWファイル名|RAW File Name||string
Version|ソフトウェアバージョン|Software Version||string
Region Name|リージョン名|Region Name||string
Lens Mode|レンズモード|Lens Mode||string
Pass Energy|パスエネルギー|Pass Energy||number
Number of Sweeps|積算回数|Number of Sweeps||integer
Excitation Energy|励起光エネルギー|Excitation Energy||number
Energy Scale|エネルギースケール|Energy Scale||string
Acquisition Mode|データ取得モード|Acquisition Mode||string
Center Energy|エネルギー中央|Center Energy|eV|number
Low Energy|低エネルギー端|Low Energy|eV|number
High Energy|高エネルギー端|High Energy|eV|number
Energy Step|エネルギーステップ|Energy Step|eV|number
Step Time|1ステップあたりの時間|Step Time|msec|number
Detector First X-Channel|検出器最初のXチャンネル|Detector First X-channel||integer
Detector Last X-Channel|検出器最後のXチャンネル|Detector Last X-channel||integer
Detector First Y-Channel|検出器最初のYチャンネル|Detector First Y-channel||integer
Detector Last Y-Channel|検出器最後のYチャンネル|Detector Last Y-channel||integer
Number of Slices|スライス数|Number of Slices||integer
Spectrum Name|スペクトル名|Spectrum Name||string
Instrument|装置名|Instrument||string
Location|場所|Location||string
User|ユーザー名|User||string
Sample|試料名|Sample||string
Comments|コメント|Comments||string
Date|日付|Date||string
Time|時間|Time||string
Time per Spectrum Channel|チャンネル毎の積算時間|Time per Spectrum Channel||number
DetectorMode|検出器モード|Detector Mode||string
Name|アナライザーモード|Name of Run Mode||string
"""


@pytest.fixture(scope="module")
def definition(tmp_path_factory):
    """Return the definition that a run of one example writes."""
    output = tmp_path_factory.mktemp("run") / "out"
    source = ROOT / "examples/cu-hhtp/Cu-HHTP_0002.txt"
    arguments = ["run", str(source), "--guide", "ses2002", "--no-analysis", "-o", str(output)]
    assert run_command_line(arguments) == 0
    return json.loads((output / "rde/data/tasksupport/metadata-def.json").read_text(encoding="utf-8"))


def test_the_definition_carries_all_thirty_selected_metadata_as_the_guide_prints_them(definition):
    printed = [tuple(line.split("|")) for line in SELECTED.strip().splitlines()]
    assert len(printed) == 30
    written = sorted(definition.values(), key=lambda one: one["order"])[:30]
    assert [
        (one["originalName"], one["name"]["ja"], one["name"]["en"], one.get("unit", ""), one["schema"]["type"])
        for one in written
    ] == printed
    assert [one["order"] for one in written] == list(range(1, 31))


def test_dates_and_times_are_told_apart_and_only_the_version_is_constant(definition):
    formats = {key: one["schema"]["format"] for key, one in definition.items() if "format" in one["schema"]}
    assert formats == {"date": "date", "time": "time"}
    selected = [one for one in definition.values() if one["order"] <= 30]
    assert [one["originalName"] for one in selected if one.get("variable") != 1] == ["Version"]


@pytest.fixture(scope="module")
def iterations():
    """Return the outcome of a file with two iterations, fitted with few peaks on its kinetic scale."""
    plugins = load_plugins()
    (item,) = items_from([ITERATIONS], plugins, guide="ses2002")
    settings = Settings().with_values({"analyses.bicfit.any_scale": True, "analyses.bicfit.max_peaks": 1})
    return plugins, process(item, plugins, settings, today=date(2026, 4, 1))


def test_the_fit_is_of_the_sum_of_the_iterations(iterations):
    _, outcome = iterations
    (result,) = outcome.results
    (spectrum,) = outcome.entry.spectra()
    assert (result.analysis, result.status in ("ok", "doubtful")) == ("bicfit", True)
    both = spectrum.intensity[:, 0] + spectrum.intensity[:, 1]
    np.testing.assert_array_equal(result.array("intensity"), both)


def test_the_figures_of_the_fit_are_drawn_from_the_sum_and_that_of_the_spectrum_from_all(iterations):
    plugins, outcome = iterations
    figures = render_figures([outcome], plugins, "ja")
    assert [figure.source for figure in figures] == ["spectrum", "bicfit", "bicfit"]
