"""Repeated measurements are analysed as their sum, angles as they are, unless settings say otherwise: on real files."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from shirube.batch import read_manifest
from shirube.cli import run_command_line
from shirube.intake import items_from
from shirube.pipeline import process
from shirube.plugins import load_plugins
from shirube.runs import read_run
from shirube.settings import Settings
from shirube.testing import fake_distribution, on_path

#: Takes one-dimensional spectra only, as a fit does, and keeps what it saw.
ANALYSIS = """
    from shirube.hooks import Analysis, Text, hookimpl

    class Look:
        @staticmethod
        def applies(target, parameters):
            if target.spectrum.is_one_dimensional:
                return None
            return Text(en="it is not one-dimensional", ja="1 次元ではありません")
        @staticmethod
        def run(target, parameters, progress):
            from shirube.records import NamedArray, Quantity, Result
            seen = target.spectrum.intensity
            return Result(analysis="", target="", arrays=(NamedArray("seen", seen),),
                          scalars={"peak_area": Quantity(float(seen.sum()))})
        @staticmethod
        def draw(target, result, lang):
            from shirube import figures
            from shirube.records import Drawing
            drawn = figures.plot_spectrum(target.spectrum, lang)
            (axes,) = drawn.axes
            (line, *_) = axes.lines
            assert list(line.get_ydata()) == list(result.array("seen")), "drawn is not what was analysed"
            return [Drawing("look", drawn)]

    @hookimpl
    def shirube_analyses():
        return [Analysis(name="look", description=Text(en="look", ja="見る"), yields=("peak_area",),
                         implementation=Look)]
"""
SINGLE = "specqp/scienta_single_region_adddimension_1.txt"
SEVERAL = "specqp/scienta_multiregion_adddimension_1.txt"
ANGLES = "variants/two_d_angle.txt"


@pytest.fixture
def looking(tmp_path):
    """Install the analysis beside this distribution's plugin."""
    folder = tmp_path / "site"
    folder.mkdir()
    fake_distribution(folder, "dist-look", plugins={"look": "fake_look"}, modules={"fake_look": ANALYSIS})
    with on_path(folder):
        yield ("ses2002", "look")


@pytest.fixture
def outcome_of(looking, real):
    """Return a function that processes one real file, perhaps with settings and a guide."""

    def outcome(name, guide=None, **settings):
        plugins = load_plugins(allow=looking)
        wanted = {"run.analyses": ("look",)} | {key.replace("__", "."): value for key, value in settings.items()}
        (item,) = items_from([real(name).path], plugins, guide=guide)
        return process(item, plugins, Settings().with_values(wanted), today=date(2026, 4, 1))

    return outcome


def sums_of(columns):
    """Return the sum over the columns of each data block, energies left out; added up one by one."""
    sums = {}
    for title, rows in columns.items():
        totals = []
        for _, *values in rows:
            total = 0.0
            for value in values:
                total += value
            totals.append(total)
        sums[title] = totals
    return sums


@pytest.mark.parametrize(("name", "counts"), [(SINGLE, [2]), (SEVERAL, [16, 16, 16])])
@pytest.mark.parametrize("guide", [None, "ses2002"])
def test_iterations_are_analysed_as_their_sum(outcome_of, content_of, columns_of, name, counts, guide):
    outcome = outcome_of(name, guide)
    expected = sums_of(columns_of(content_of(name)))
    assert len(outcome.results) == len(expected) == len(counts)
    for number, result in enumerate(outcome.results, start=1):
        assert (result.status, result.target) == ("ok", f"{name.partition('/')[2]}#{number}")
        np.testing.assert_allclose(result.array("seen"), expected[f"[Data {number}]"], rtol=1e-14)
    assert [spectrum.intensity.shape[1] for spectrum in outcome.entry.spectra()] == counts
    (finding,) = [one for one in outcome.findings if one.rule == "analysis.axes-summed"]
    assert finding.kind == "informational"
    where = "every region" if len(counts) > 1 else f"{name.partition('/')[2]}#1"
    assert finding.message.en.endswith(f": iteration ({counts[0]}) in {where}")


def test_settings_keep_iterations_apart(outcome_of):
    outcome = outcome_of(SINGLE, run__axes__iteration="keep")
    (result,) = outcome.results
    assert result.status == "skipped"
    assert [one.en for one in result.reasons] == [
        "it is not one-dimensional",
        (
            "Beside the energies it has iteration (2); "
            "--set run.axes.iteration=sum analyses the sum, --set run.axes.iteration=each every point by itself."
        ),
    ]
    assert not [one for one in outcome.findings if one.rule == "analysis.axes-summed"]


def test_settings_win_over_the_guide(outcome_of):
    outcome = outcome_of(SINGLE, "ses2002", run__axes__iteration="keep")
    assert outcome.results[0].status == "skipped"
    guided = {"guides__ses2002__axes__iteration": "keep"}
    assert outcome_of(SINGLE, "ses2002", **guided).results[0].status == "skipped"


def test_angles_are_left_alone_and_the_reason_says_how_to_analyse_them(outcome_of):
    (result,) = outcome_of(ANGLES).results
    assert result.status == "skipped"
    for said in (result.reasons[1].en, result.reasons[1].ja):
        assert "--set run.axes.angle=sum" in said
        assert "--set run.axes.angle=each" in said
    summed = outcome_of(ANGLES, run__axes__angle="sum")
    (spectrum,) = summed.entry.spectra()
    assert spectrum.intensity.ndim == 2
    assert summed.results[0].array("seen").tolist() == [sum(row) for row in spectrum.intensity.tolist()]


@pytest.mark.parametrize("name", [ANGLES, "variants/three_d_data_blocks.txt"])
def test_what_is_asked_of_all_axes_is_done_with_those_that_the_guide_only_keeps(
    outcome_of, content_of, columns_of, name
):
    blocks = columns_of(content_of(name)).values()
    expected = sum(np.array([values for _, *values in rows]) for rows in blocks)
    each = outcome_of(name, "ses2002", run__other_axes="each")
    whole = f"{name.partition('/')[2]}#1"
    assert [one.target for one in each.results] == [f"{whole}[{at}]" for at in range(expected.shape[1])]
    np.testing.assert_allclose(np.stack([one.array("seen") for one in each.results], axis=1), expected, rtol=1e-14)
    (summed,) = outcome_of(name, "ses2002", run__other_axes="sum").results
    np.testing.assert_allclose(summed.array("seen"), expected.sum(axis=1), rtol=1e-12)
    for wish in ({}, {"run__other_axes": "each", "run__axes__angle": "keep"}):
        assert [(one.target, one.status) for one in outcome_of(name, "ses2002", **wish).results] == [(whole, "skipped")]


@pytest.fixture
def facility(looking, tmp_path, monkeypatch):
    """Let commands use this distribution's plugin and the analysis alone."""
    file = tmp_path / "facility.toml"
    file.write_text(f"[plugins]\nallow = {json.dumps(looking)}\n", encoding="utf-8")
    monkeypatch.setenv("SHIRUBE_CONFIG", str(file))


@pytest.mark.usefixtures("facility")
@pytest.mark.parametrize(
    ("more", "statuses"),
    [([], {"ok": 64}), (["--sum"], {"ok": 1}), (["--each", "--set", "run.axes.angle=keep"], {"skipped": 1})],
)
def test_a_batch_analyses_every_angle_or_their_sum_and_says_what_it_did_not(real, tmp_path, capsys, more, statuses):
    output = tmp_path / "out"
    quick = ["--workers", "1", "--no-figures", "--set", "run.analyses=look", "--set", "run.policies=none"]
    assert run_command_line(["batch", str(real(ANGLES).path), "-o", str(output), *quick, *more, "--lang", "en"]) == 0
    (state,) = read_manifest(output).items.values()
    assert state.statuses == statuses
    told = "1 of 1 spectra were skipped by every analysis" in capsys.readouterr().out
    assert told == ("skipped" in statuses)


@pytest.mark.usefixtures("facility")
def test_what_is_written_and_drawn_is_what_was_analysed(real, tmp_path, capsys):
    pytest.importorskip("matplotlib_fontja")
    output = tmp_path / "out"
    assert run_command_line(["run", str(real(SINGLE).path), "-o", str(output), "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["entries"]
    assert [one["status"] for one in entry["results"]] == ["ok"]
    (outcome,) = read_run(output)
    assert outcome.entry.axes == {"iteration": "sum"}
    (spectrum,) = outcome.entry.spectra()
    assert spectrum.intensity.shape == (161, 2)
    np.testing.assert_array_equal(outcome.results[0].array("seen"), spectrum.intensity.sum(axis=1))
    assert len(list(output.glob("entries/*/figures/*look*.png"))) == 1


@pytest.mark.parametrize(
    ("setting", "note", "said"),
    [
        ("run__axes__angel", True, "Did you mean 'angle'?"),
        ("run__axes__iterationn", True, "Did you mean 'iteration'?"),
        ("run__axes__iteration", False, "(axes beside the energies: angle)"),
        ("run__axes__delay", False, "run.axes.delay: no spectrum has such an axis"),
    ],
)
def test_an_axis_that_no_spectrum_has_is_told(outcome_of, setting, note, said):
    (finding,) = [
        one
        for one in outcome_of(ANGLES, "ses2002", **{setting: "keep"}).findings
        if one.rule == "analysis.axes-unknown"
    ]
    assert (finding.note, finding.kind) == (note, "fail" if note else "informational")
    assert said in finding.message.en
    quiet = outcome_of(ANGLES, "ses2002", run__axes__angle="keep").findings
    assert not [one for one in quiet if one.rule == "analysis.axes-unknown"]
