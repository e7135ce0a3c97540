"""Trends and maps: every value is a dot, gaps are gaps, and every cell of a map is where it was measured."""

import math
import sys

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from shirube.figures import to_png
from shirube.series import gather
from shirube.series._curves import curves_of
from shirube.series._maps import is_map, plot_maps
from shirube.series._piling import Pile
from shirube.series._trends import plot_trends


@pytest.fixture
def series_of(tmp_path):
    """Return the one series of some runs."""
    from shirube.progress import NoProgress

    def found(runs, along=None):
        pile = Pile("en", along, 1)
        pile.read(runs, [], tmp_path / "points", NoProgress())
        (one,) = pile.finder.series()
        return one

    return found


def texts(figure):
    from matplotlib.text import Text

    return " | ".join(one.get_text() for one in figure.findobj(Text))


def dots(axes):
    """Return where dots are, x and y, without those of lines and legends."""
    lines = [line.get_xydata() for line in axes.lines if line.get_marker() in ("o", "s")]
    points = np.concatenate(lines)
    return sorted(map(tuple, points[~np.isnan(points).any(axis=1)].tolist()))


A, B = ("a", 284.8, 1.1, 2e6), ("b", 288.0, 1.4, 5e5)


def depth_profile(write, fit, at, models):
    return [
        write(f"{place:02}", at(f"profile.txt#1[{place}]", depth=(1.5 * place, "nm")), fit((one,), status=status))
        for place, (one, status) in enumerate(models)
    ]


def test_each_value_is_a_dot_over_its_coordinate_and_a_gap_breaks_the_line(write, fit, at, series_of):
    models = [((A, B), "ok"), ((A,), "doubtful"), ((A, B), "ok"), ((A, B), "ok")]
    series = series_of(depth_profile(write, fit, at, models))
    curves = curves_of(series)
    assert curves.names == ("t1", "t2")
    figure = plot_trends(series, curves, "en")
    position, area, width = figure.axes
    both = [(at, value) for at in (0.0, 3.0, 4.5) for value in (284.8, 288.0)]
    assert dots(position) == sorted([*both, (1.5, 284.8)])
    assert {y for _, y in dots(area)} == {2e6, 5e5}
    assert {y for _, y in dots(width)} == {1.1, 1.4}
    joined = [line.get_ydata() for line in position.lines if line.get_linestyle() == "-"]
    assert [[math.isnan(y) for y in one] for one in joined] == [[False] * 4, [False, True, False, False]]
    said = texts(figure)
    for text in ("depth (nm)", "Peak position (binding) (eV)", "Peak area (10⁶ counts eV)", "t1 · 284.8 eV", "open: d"):
        assert text in said, text
    hollow = [line.get_xydata() for line in position.lines if line.get_markerfacecolor() == "white"]
    assert [one.tolist() for one in hollow if not np.isnan(one).any()] == [[[1.5, 284.8]]]


def test_uncertainties_are_bars_and_longer_ones_do_not_hide_the_values(write, fit, at, series_of):
    series = series_of(depth_profile(write, fit, at, [((A,), "ok"), ((("a", 284.9, 1.1, 1.9e6),), "ok")]))
    series.members[0].numbers[0, 1] = 50.0
    axes = plot_trends(series, curves_of(series), "en").axes[0]
    (bars,) = axes.collections
    lengths = [float(np.ptp(segment[:, 1])) for segment in bars.get_segments()]
    assert lengths == pytest.approx([100.0, 0.02])
    low, high = axes.get_ylim()
    assert 284.7 < low < 284.8
    assert 284.9 < high < 285.0


def test_what_was_found_once_is_no_trend_unless_there_is_nothing_else(write, fit, at, series_of):
    once = ("c", 294.0, 1.2, 3e5)
    series = series_of(depth_profile(write, fit, at, [((A, B), "ok"), ((A, B, once), "ok"), ((A, B), "ok")]))
    curves = curves_of(series)
    assert (curves.names, curves.tracks) == (("t1", "t2"), 3)
    assert "the 2 most frequent of 3 tracks" in texts(plot_trends(series, curves, "en"))


def test_where_every_track_was_found_once_all_are_shown(write, fit, at, series_of):
    once = ("c", 294.0, 1.2, 3e5)
    curves = curves_of(series_of(depth_profile(write, fit, at, [((A,), "ok"), ((once,), "ok")])))
    assert (curves.names, curves.tracks) == (("t1", "t2"), 2)


def test_a_long_series_is_thinned_out_and_says_so(write, fit, at, series_of):
    series = series_of(depth_profile(write, fit, at, [((A,), "ok")] * 2))
    from attrs import evolve

    long = evolve(series, members=series.members * 2000)
    figure = plot_trends(long, curves_of(long), "en")
    assert len(dots(figure.axes[0])) == math.ceil(4000 / 3)
    assert "1 in 3 of 4000 spectra" in texts(figure)


def test_a_map_has_each_value_where_it_was_measured_and_nothing_where_there_is_none(write, fit, at, series_of):
    runs = []
    for y in range(3):
        for x in range(4):
            found = (("a", 284.0 + 0.1 * x, 1.1, 100.0 * (y + 1)),) if (x, y) != (2, 1) else ()
            spectrum = at(f"map.txt#1[{y},{x}]", y=(10.0 * y, "um"), x=(0.5 * x, "mm"))
            runs.append(write(f"{y}{x}", spectrum, fit((found,)) if found else fit(status="refused", reasons=("no",))))
    series = series_of(list(reversed(runs)))
    assert is_map(series)
    assert series.scanned == (("y", "um"), ("x", "mm"))
    figure = plot_maps(series, curves_of(series), "en")
    position, area = (axes.collections[0].get_array() for axes in figure.axes[:2])
    assert position.shape == (3, 4)
    assert np.argwhere(np.ma.getmaskarray(position)).tolist() == [[1, 2]]
    assert position[2].tolist() == pytest.approx([284.0, 284.1, 284.2, 284.3])
    assert area[:, 0].tolist() == [100.0, 200.0, 300.0]
    said = texts(figure)
    for text in ("x (mm)", "y (um)", "Peak area (counts eV)", "hatched: not found"):
        assert text in said, text
    assert "dot: doubtful fit" not in said


def test_a_map_marks_what_is_doubtful_and_draws_lengths_to_scale(write, fit, at, series_of):
    runs = []
    for y in range(3):
        for x in range(4):
            status = "doubtful" if (x, y) in ((1, 0), (3, 2)) else "ok"
            spectrum = at(f"map.txt#1[{y},{x}]", y=(10.0 * y, "um"), x=(5.0 * x, "um"))
            runs.append(write(f"{y}{x}", spectrum, fit(((A,),), status=status)))
    series = series_of(runs)
    figure = plot_maps(series, curves_of(series), "ja")
    for axes in figure.axes[:2]:
        assert sorted(dots(axes)) == [(5.0, 0.0), (15.0, 20.0)]
        assert axes.get_aspect() == 1.0
    said = texts(figure)
    assert "点：要確認のフィット" in said
    assert "斜線" not in said


def test_figures_are_the_same_bytes_each_time_and_speak_japanese(write, fit, at, series_of):
    series = series_of(depth_profile(write, fit, at, [((A, B), "ok")] * 3))
    figures = [plot_trends(series, curves_of(series), "ja") for _ in range(2)]
    assert to_png(figures[0], dpi=30) == to_png(figures[1], dpi=30)
    said = texts(figures[0])
    for text in ("半値全幅 (eV)", "ピーク位置（束縛） (eV)", "ピーク面積 (10⁶ counts eV)"):
        assert text in said, text


def test_figures_are_written_for_series_and_left_out_without_their_extra(write, fit, at, tmp_path, monkeypatch):
    runs = depth_profile(write, fit, at, [((A,), "ok")] * 2)
    drawn = gather(runs, tmp_path / "out")
    assert [name for name in drawn.files if name.endswith(".png")] == ["figures/lines_profile.txt_1_C_1s_trend.png"]
    assert (tmp_path / "out" / drawn.files[-1]).read_bytes().startswith(b"\x89PNG")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    bare = gather(runs, tmp_path / "bare")
    assert 'pip install "shirube[figures]"' in bare.notes[-1].en
    assert not (tmp_path / "bare" / "figures").exists()
