"""Figures: the six panels of the guide and the best model, in both languages, without a refit."""

from __future__ import annotations

import struct
from itertools import combinations

import numpy as np
import pytest

from shirube.figures import to_png
from shirube.progress import NoProgress
from shirube_bicfit import analysis
from shirube_bicfit.parameters import Parameters


@pytest.fixture(scope="module")
def fitted(case, definition, target_of):
    p3 = case("p3")
    four = np.concatenate([p3.theta[:-2], [3000.0, 291.5, 1.1, 0.3], p3.theta[-2:]])
    counts = np.random.default_rng(0).poisson(definition(p3.energy, four)).astype(float)
    target = target_of(p3.energy[::-1], counts[::-1])
    return target, analysis.run(target, Parameters(), NoProgress())


@pytest.fixture(scope="module", params=["en", "ja"])
def drawings(request, fitted):
    """Drawings by name, laid out as in their files."""
    found = {one.name: one for one in analysis.draw(*fitted, request.param)}
    return request.param, found, {name: to_png(one.figure) for name, one in found.items()}


def size_of(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def test_the_best_model_is_the_main_figure_and_the_six_panels_come_with_it(drawings):
    _, found, pngs = drawings
    assert [(name, one.main) for name, one in found.items()] == [("bicfit_best", True), ("bicfit_models", False)]
    assert all(size_of(png) > (900, 600) for png in pngs.values())


def panels_of(figure):
    return [axes for part in figure.subfigs for axes in part.axes if axes.get_title()]


def test_the_first_panel_is_the_criterion_and_the_others_are_the_models_by_rank(drawings):
    lang, found, _ = drawings
    figure = found["bicfit_models"].figure
    first = figure.subfigs[0].axes[0]
    assert first.get_xlabel() == {"en": "Number of peaks K", "ja": "ピーク本数 K"}[lang]
    assert (
        figure.get_suptitle().splitlines()[2]
        == {
            "en": "further candidates in the table of models: 1",
            "ja": "ほかの候補（モデルの表を参照）：1 件",
        }[lang]
    )
    assert first.get_ylabel() == "BIC"
    comma = {"en": ", ", "ja": "、"}[lang]
    word = {"en": "Rank {}, ", "ja": "順位 {}："}[lang]
    counts = [4, 5, 6, 3, 2]
    titles = [word.format(rank) + f"K = {count}{comma}Shirley" for rank, count in enumerate(counts, start=1)]
    assert [axes.get_title() for axes in panels_of(figure)] == titles


def test_binding_energies_run_to_the_left_in_every_panel_of_a_model(drawings):
    _, found, _ = drawings
    for part in found["bicfit_models"].figure.subfigs[1:]:
        for axes in part.axes:
            assert axes.get_xlim() == (295.0, 280.0)


def test_each_model_shows_its_components_filled_and_its_residuals_below(drawings, fitted):
    _, found, _ = drawings
    panels = found["bicfit_models"].figure.subfigs[1:]
    for part, count in zip(panels, [4, 5, 6, 3, 2], strict=True):
        main, below = part.axes
        assert len(main.collections) == count
        assert below.get_position().y1 < main.get_position().y0 + 1e-9
    drawn = found["bicfit_best"].figure.axes[1].lines[-1].get_ydata()
    assert drawn.tolist() == fitted[1].array("rank_1_residuals").tolist()


def test_the_criterion_is_drawn_as_the_table_has_it(drawings, fitted):
    _, found, _ = drawings
    models = fitted[1].table("models")
    bic = dict(zip(models.column("peaks").values.tolist(), models.column("bic").values.tolist(), strict=True))
    lines = {one.get_label(): one for one in found["bicfit_models"].figure.subfigs[0].axes[0].lines}
    named = {"en": ("best of each K", "best of all"), "ja": ("各 K の最良", "全体の最良")}[drawings[0]]
    of_each, of_all = (dict(zip(*lines[name].get_data(), strict=True)) for name in named)
    assert of_each == {count: bic[count] for count in (3.0, 4.0, 5.0, 6.0)}
    assert of_all == {4.0: bic[4.0]}


def words_of(figure):
    """Return every text, tick label and legend that is drawn, each once."""
    parts = [figure, *figure.subfigs]
    found = [text for part in parts for text in (*part.texts, *part.legends) if text.get_visible()]
    for axes in (axes for part in parts for axes in part.axes):
        found += [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
        found += [axes.get_legend()] if axes.get_legend() is not None else []
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            found += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return list({id(one): one for one in found}.values())


def test_no_words_overlap(drawings):
    _, found, _ = drawings
    for one in found.values():
        one.figure.canvas.draw()
        renderer = one.figure.canvas.get_renderer()
        boxes = [(word, word.get_window_extent(renderer)) for word in words_of(one.figure) if word.get_visible()]
        boxes = [(word, box.shrunk(0.95, 0.95)) for word, box in boxes if box.width > 1 and box.height > 1]
        assert len(boxes) > 15
        for (word, box), (other, its) in combinations(boxes, 2):
            assert not box.overlaps(its), (word, other)


def test_the_same_result_gives_the_same_png(fitted, drawings):
    lang, _, pngs = drawings
    again, _ = analysis.draw(*fitted, lang)
    assert to_png(again.figure) == pngs[again.name]


def test_fewer_models_than_panels_leave_places_empty(case, target_of):
    p3 = case("p3")
    target = target_of(p3.energy, p3.counts(0))
    result = analysis.run(target, Parameters(max_peaks=2, starts=10), NoProgress())
    drawn = {one.name: one.figure for one in analysis.draw(target, result, "en")}
    to_png(drawn["bicfit_models"])
    assert len(panels_of(drawn["bicfit_models"])) == 2


@pytest.mark.parametrize("factor", [1e-98, 1e95])
def test_the_least_and_largest_intensities_that_are_fitted_are_drawn_without_a_warning(case, target_of, factor):
    p3 = case("p3")
    target = target_of(p3.energy, factor * p3.counts(0))
    result = analysis.run(target, Parameters(max_peaks=1, starts=3), NoProgress())
    assert all(size_of(to_png(one.figure)) > (900, 600) for one in analysis.draw(target, result, "en"))
    assert result.status != "refused"


def test_intensities_too_small_to_be_fitted_are_refused_and_not_drawn(case, target_of):
    p3 = case("p3")
    target = target_of(p3.energy, 1e-302 * p3.counts(0))
    result = analysis.run(target, Parameters(), NoProgress())
    assert result.status == "refused"
    assert analysis.draw(target, result, "en") == ()


@pytest.mark.parametrize(("lang", "word"), [("en", "linear"), ("ja", "直線")])
def test_a_linear_background_is_named_in_the_language_of_the_figure(case, target_of, lang, word):
    p3 = case("p3")
    target = target_of(p3.energy, p3.counts(0))
    parameters = Parameters(max_peaks=1, starts=3, background="linear")
    best, _ = analysis.draw(target, analysis.run(target, parameters, NoProgress()), lang)
    comma = {"en": ", ", "ja": "、"}[lang]
    assert best.figure.axes[0].get_title().endswith(f"\nK = 1{comma}{word}")


@pytest.mark.parametrize(("lang", "said"), [("en", "doubtful: "), ("ja", "要確認：")])
def test_what_makes_a_fit_doubtful_is_written_on_both_figures(case, target_of, lang, said):
    p3 = case("p3")
    target = target_of(p3.energy, p3.counts(0))
    result = analysis.run(target, Parameters(max_peaks=2, starts=12), NoProgress())
    assert result.status == "doubtful"
    best, models = (one.figure for one in analysis.draw(target, result, lang))
    for figure, note in ((best, best._supxlabel), (models, models._suptitle)):
        assert note.get_text().count(said) == len(result.reasons)
        assert all(reason.render(lang)[:20] in note.get_text() for reason in result.reasons)
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()
        box = note.get_window_extent(renderer)
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert not any(box.overlaps(word.get_window_extent(renderer)) for word in words_of(figure) if word is not note)


def test_energies_of_which_nothing_is_said_run_as_they_were_fitted(case, target_of):
    p3 = case("p3")
    target = target_of(p3.energy, p3.counts(0), "unknown")
    result = analysis.run(target, Parameters(max_peaks=1, starts=3, any_scale=True), NoProgress())
    assert "scale-taken" in result.table("remarks").column("code").values
    best, _ = analysis.draw(target, result, "en")
    assert best.figure.axes[0].get_xlim() == (295.0, 280.0)


def test_a_refusal_is_not_drawn(target_of):
    target = target_of(range(40), [0.0] * 40)
    assert analysis.draw(target, analysis.run(target, Parameters(), NoProgress()), "ja") == ()
