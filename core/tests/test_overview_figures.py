"""Small panels of many spectra: each where it belongs, none of them silently left out."""

import gc

import numpy as np
import pytest

from shirube.figures import PANELS, plot_overview, to_png
from shirube.plugins import load_plugins
from shirube.records import Axis, EnergyReference, Entry, Measurement, Outcome, Spectrum
from shirube.rendering import render_figures


def spectrum(number=1, intensity=None, scale="binding", **fields):
    values = np.arange(5.0) if intensity is None else np.asarray(intensity, dtype=float)
    energy = Axis("energy", 290.0 - np.arange(values.shape[-1]), "eV")
    axes = (*(Axis("angle", np.arange(size, dtype=float), "deg") for size in values.shape[:-1]), energy)
    reference = EnergyReference(scale)
    return Spectrum(id=f"a#{number}", name=f"C 1s {number}", intensity=values, axes=axes, reference=reference, **fields)


def texts(figure):
    (axes,) = figure.axes
    return [text.get_text() for text in axes.texts]


def curves(figure):
    (axes,) = figure.axes
    return [path.vertices for path in axes.collections[0].get_paths()]


def test_each_panel_says_its_name_and_where_its_energies_begin_and_end():
    assert texts(plot_overview([spectrum(1), spectrum(2, scale="kinetic")], "en")) == [
        "C 1s 1 a#1",
        "290",
        "286",
        "C 1s 2 a#2",
        "286",
        "290",
    ]


def test_binding_energies_run_to_the_left_and_intensities_upwards_within_the_panel():
    (curve,) = curves(plot_overview([spectrum(intensity=[0.0, 1.0, 4.0, 2.0, 0.0])], "en"))
    across, down = curve[:, 0], curve[:, 1]
    assert np.all(np.diff(across) > 0)
    assert np.argmin(down) == 2
    assert np.all((curve >= 0) & (curve <= 1))


def test_panels_fill_rows_and_do_not_overlap():
    found = curves(plot_overview([spectrum(number) for number in range(PANELS)], "en"))
    cells = {tuple(np.floor(curve.mean(axis=0)).astype(int)) for curve in found}
    assert len(cells) == PANELS
    assert all(np.array_equal(np.floor(curve.min(axis=0)), np.floor(curve.max(axis=0))) for curve in found)


def test_further_axes_are_summed_over():
    (flat,) = curves(plot_overview([spectrum(intensity=[0.0, 2.0, 6.0, 4.0, 2.0])], "en"))
    (image,) = curves(plot_overview([spectrum(intensity=[[0.0, 1.0, 3.0, 2.0, 1.0]] * 2)], "en"))
    assert np.allclose(flat, image)


@pytest.mark.parametrize("intensity", [[np.nan] * 4, [1.0], [1e308, 1e308], [1.0, 1.0, 1.0]])
def test_whatever_cannot_be_drawn_is_a_panel_all_the_same(intensity):
    figure = plot_overview([spectrum(intensity=intensity), spectrum(2)], "ja")
    assert "C 1s 1 a#1" in texts(figure)
    assert to_png(figure) == to_png(figure)


def test_a_spectrum_without_energies_is_a_panel_with_its_name_and_id():
    line = Spectrum(id="a", name="stage", intensity=[1.0, 2.0], axes=(Axis("position", [0.0, 1.0], "mm"),))
    figure = plot_overview([line], "en")
    assert texts(figure) == ["stage a"]


def test_more_than_it_has_room_for_is_an_error():
    with pytest.raises(ValueError, match="24 spectra, not 25"):
        plot_overview([spectrum()] * (PANELS + 1), "en")


def test_an_image_of_more_points_than_pixels_shows_means_of_neighbours():
    from shirube.figures import plot_spectrum

    rows = np.repeat(np.arange(2000.0), 3).reshape(2000, 3)
    (axes, _) = plot_spectrum(spectrum(intensity=rows), "en").axes
    (mesh,) = axes.collections
    shown = mesh.get_array()
    assert shown.shape[1] == 3
    assert 400 <= shown.shape[0] <= 800
    assert shown[0, 0] == pytest.approx(1.0)
    assert np.allclose(np.diff(shown[:-1, 0]), 3.0)


def test_figures_that_are_rendered_do_not_wait_in_memory_for_the_collector():
    from matplotlib.backends.backend_agg import RendererAgg

    spectra = tuple(spectrum(number) for number in range(5))
    measurement = Measurement(name="a", reader="r", spectra=spectra)
    outcome = Outcome(entry=Entry(name="entry", measurements=(measurement,)))
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(one, RendererAgg) for one in gc.get_objects())
        assert len(render_figures([outcome], load_plugins(allow=()), "en")) == len(spectra)
        after = sum(isinstance(one, RendererAgg) for one in gc.get_objects())
    finally:
        gc.enable()
    assert after == before


def test_regions_of_one_name_are_told_apart_however_long_the_names_of_their_files():
    long = "a_file_of_yesterday_evening_with_many_regions.txt"
    axes = (Axis("energy", [1.0, 2.0], "eV"),)
    found = [Spectrum(id=f"{long}#{number}", name="C 1s", intensity=[1.0, 2.0], axes=axes) for number in (1, 2)]
    first, second = (text for text in texts(plot_overview(found, "en")) if text.startswith("C 1s"))
    assert (first, second) == ("C 1s …any_regions.txt#1", "C 1s …any_regions.txt#2")
