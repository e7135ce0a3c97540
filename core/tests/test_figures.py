"""Figures: the conventions of the field, Japanese glyphs, nothing that overlaps, the same bytes each time."""

import hashlib
import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from shirube.errors import MissingPluginError
from shirube.records import Axis, EnergyReference, Spectrum

pytest.importorskip("matplotlib_fontja")

from shirube import figures

ENERGY = np.arange(295.0, 280.0, -0.05)
PEAKS = [(284.8, 90_000.0), (286.3, 50_000.0), (288.7, 30_000.0)]


def components():
    return np.array([height * np.exp(-(((ENERGY - centre) / 0.5) ** 2)) for centre, height in PEAKS])


def background():
    return 20_000.0 + 8_000.0 / (1.0 + np.exp(-(ENERGY - 286.0)))


def spectrum_like(scale="binding", name="C 1s", factor=1.0, unit="counts"):
    intensity = (components().sum(axis=0) + background()) * factor
    return Spectrum("x.txt#1", name, intensity, (Axis("energy", ENERGY, "eV"),), unit, EnergyReference(scale))


def image_like(scale="kinetic"):
    angle = np.linspace(-10.0, 10.0, 7)
    intensity = np.outer(np.cos(angle / 10.0), components().sum(axis=0))
    axes = (Axis("angle", angle, "deg"), Axis("energy", ENERGY, "eV"))
    return Spectrum("x.txt#1", "VB", intensity, axes, "counts", EnergyReference(scale))


def fit_figure(lang="en"):
    figure = figures.new_figure(7.0, 5.0)
    main, residuals = figures.with_residuals(figure)
    parts, base = components(), background()
    total = parts.sum(axis=0) + base
    measured = total + np.sqrt(total) * np.sin(np.arange(ENERGY.size))
    figures.draw_data(main, ENERGY, measured, lang, "counts")
    figures.draw_background(main, ENERGY, base, lang)
    figures.draw_components(main, ENERGY, base, parts, [f"{centre} eV" for centre, _ in PEAKS])
    figures.draw_envelope(main, ENERGY, total, lang)
    figures.draw_residuals(residuals, ENERGY, (measured - total) / np.sqrt(total), lang)
    figures.energy_axis(main, spectrum_like(), lang)
    figures.draw_legend(main)
    main.set_title("ピーク分離" if lang == "ja" else "Peak fit", loc="left")
    return figure


def numbered(intensity):
    """Return a spectrum of these intensities, its axes numbered."""
    names = ("energy", "angle", "iteration")[: intensity.ndim]
    axes = [Axis(name, np.arange(float(size)), "") for name, size in zip(names, intensity.shape, strict=True)]
    return Spectrum("x#1", "x", intensity, axes)


def drawn(figure):
    """Return the figure after its layout has been worked out."""
    figures.to_png(figure)
    figure.draw_without_rendering()
    return figure


def boxes(figure):
    """Return the places of everything written on a figure, by what it says."""
    from matplotlib.text import Text

    beyond = [label for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for label in unseen(axis)]
    texts = [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip() and one not in beyond]
    return [(one.get_text(), one.get_window_extent()) for one in texts]


def unseen(axis):
    """Return the labels of ticks that are not drawn: those beyond the limits, and those that are switched off."""
    low, high = sorted(axis.get_view_interval())
    for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
        seen = low <= tick.get_loc() <= high
        if not (seen and tick.label1.get_visible()):
            yield tick.label1
        yield tick.label2


@pytest.mark.parametrize(
    ("scale", "lang", "label"),
    [
        ("binding", "en", "Binding energy (eV)"),
        ("binding", "ja", "束縛エネルギー (eV)"),
        ("kinetic", "en", "Kinetic energy (eV)"),
        ("kinetic", "ja", "運動エネルギー (eV)"),
        ("unknown", "en", "Energy (eV)"),
    ],
)
def test_binding_energies_run_to_the_left_and_others_to_the_right(scale, lang, label):
    (axes,) = figures.plot_spectrum(spectrum_like(scale), lang).axes
    left, right = axes.get_xlim()
    assert (left > right) == (scale == "binding")
    assert {left, right} == {ENERGY.min(), ENERGY.max()}
    assert axes.get_xlabel() == label


def test_what_made_the_energies_stands_below_their_label_line_by_line():
    (axes,) = figures.plot_spectrum(spectrum_like("binding"), "en", "hν = 800 eV, $φ$ = 0 eV\nadditional metadata").axes
    assert axes.get_xlabel() == "Binding energy (eV)\nhν = 800 eV, $φ$ = 0 eV\nadditional metadata"
    assert not axes.xaxis.label.get_parse_math()


@pytest.mark.parametrize(
    ("factor", "unit", "lang", "label"),
    [
        (1.0, "counts", "en", "Intensity (10⁵ counts)"),
        (0.1, "counts", "en", "Intensity (counts)"),
        (0.1, "counts", "ja", "強度 (counts)"),
        (0.1, "", "en", "Intensity"),
        (0.1, "", "ja", "強度"),
        (100.0, "counts/s", "ja", "強度 (10⁷ counts/s)"),
        (1e-9, "", "en", "Intensity (10⁻⁴)"),
    ],
)
def test_large_intensities_have_their_power_of_ten_in_the_label_and_no_offset(factor, unit, lang, label):
    figure = drawn(figures.plot_spectrum(spectrum_like(factor=factor, unit=unit), lang))
    (axes,) = figure.axes
    assert axes.get_ylabel() == label
    ticks = [float(tick.get_text().replace("\u2212", "-")) for tick in axes.get_yticklabels()]
    exponent = 0 if "10" not in label else round(np.log10(1.1e5 * factor) - 0.5)
    assert ticks == pytest.approx([tick / 10.0**exponent for tick in axes.get_yticks()])
    assert not axes.yaxis.get_offset_text().get_visible()


def test_one_dimension_is_drawn_as_dots_at_the_measured_values():
    spectrum = spectrum_like()
    (axes,) = figures.plot_spectrum(spectrum, "en").axes
    (dots,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert np.array_equal(dots.get_xdata(), spectrum.energy)
    assert np.array_equal(dots.get_ydata(), spectrum.intensity)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_dimensions_are_an_image_with_a_colour_bar(order):
    image = image_like()
    spectrum = Spectrum(
        image.id,
        image.name,
        image.intensity.transpose(order),
        [image.axes[one] for one in order],
        "counts",
        image.reference,
    )
    axes, bar = figures.plot_spectrum(spectrum, "en").axes
    (mesh,) = axes.collections
    assert np.array_equal(np.asarray(mesh.get_array()), image.intensity)
    assert axes.get_ylabel() == "Angle (deg)"
    assert bar.get_ylabel() == "Intensity (counts)"


def test_three_dimensions_are_summed_to_an_image_that_says_so():
    cube = np.stack([image_like().intensity, 2.0 * image_like().intensity])
    axes = (Axis("iteration", [0.0, 1.0]), *image_like().axes)
    figure = figures.plot_spectrum(Spectrum("x#1", "map", cube, axes, "counts"), "en")
    (mesh,) = figure.axes[0].collections
    assert np.allclose(np.asarray(mesh.get_array()), cube.sum(axis=1))
    assert figure.axes[0].get_title() == "map (summed over Angle)"
    assert figure.axes[0].get_ylabel() == "Iteration"


def test_a_second_axis_of_one_point_is_no_image():
    single = Spectrum("x#1", "", np.ones((1, 3)), (Axis("angle", [0.0]), Axis("energy", [1.0, 2.0, 3.0], "eV")))
    (axes,) = figures.plot_spectrum(single, "en").axes
    assert len(axes.lines) == 2
    assert axes.get_title() == "x#1"


def test_components_are_filled_down_to_the_background():
    main, _ = fit_figure().axes
    for filled, component in zip(main.collections, components(), strict=True):
        heights = filled.get_paths()[0].vertices[:, 1]
        assert heights.min() >= background().min()
        assert heights.max() == pytest.approx((background() + component).max())


def test_residuals_share_the_energy_axis_and_carry_its_label():
    main, residuals = fit_figure().axes
    assert main.get_xlim() == residuals.get_xlim() == (ENERGY.max(), ENERGY.min())
    assert (main.get_xlabel(), residuals.get_xlabel()) == ("", "Binding energy (eV)")
    assert residuals.get_ylim() == (-4.0, 4.0)
    assert residuals.get_position().height < 0.4 * main.get_position().height


def test_large_residuals_are_all_shown():
    figure = figures.new_figure(3.0, 2.0)
    axes = figure.add_subplot()
    figures.draw_residuals(axes, [1.0, 2.0, 3.0], [0.0, -30.0, np.nan], "ja")
    assert axes.get_ylim() == (-33.0, 33.0)
    assert "σ" in axes.get_ylabel()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_nothing_written_on_a_fit_overlaps_or_is_cut_off(lang):
    figure = drawn(fit_figure(lang))
    places = boxes(figure)
    assert len(places) > 15
    for (one, box), (other, its) in itertools.combinations(places, 2):
        assert not box.overlaps(its), (one, other)
    for text, box in places:
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1, text


def test_the_legend_hides_no_data():
    figure = drawn(fit_figure())
    main, _ = figure.axes
    assert main.get_legend().get_window_extent().x0 >= main.get_window_extent().x1


def test_six_panels_with_residuals_fit_in_one_figure():
    figure = figures.new_figure(11.0, 7.0)
    grid = figure.add_gridspec(2, 3)
    for place in range(6):
        main, residuals = figures.with_residuals(figure, grid[place // 3, place % 3])
        figures.draw_data(main, ENERGY, background(), "en", "counts")
        figures.draw_residuals(residuals, ENERGY, np.zeros_like(ENERGY), "en")
        figures.energy_axis(main, spectrum_like(), "en")
        main.set_title(f"K = {place}")
    places = boxes(drawn(figure))
    for (one, box), (other, its) in itertools.combinations(places, 2):
        assert not box.overlaps(its), (one, other)


@pytest.mark.parametrize("make", [lambda: figures.plot_spectrum(image_like(), "ja"), fit_figure])
def test_two_calls_give_the_same_bytes(make):
    figure = make()
    once = figures.to_png(figure)
    assert figures.to_png(figure) == once
    assert figures.to_png(make()) == once


def test_a_file_carries_neither_date_nor_software():
    png = figures.to_png(figures.plot_spectrum(spectrum_like(), "en"))
    assert png.startswith(b"\x89PNG")
    for word in (b"tEXt", b"tIME", b"atplotlib"):
        assert word not in png


def test_another_process_with_other_settings_gives_the_same_bytes(tmp_path):
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 20\naxes.facecolor: red\nfont.family: serif\nlines.linewidth: 9\n"
    )
    code = (
        "import hashlib, numpy as np; from shirube import figures; from shirube.records import *;"
        "e = np.arange(295.0, 280.0, -0.05);"
        "axes = (Axis('energy', e, 'eV'),);"
        "s = Spectrum('x#1', '標 C 1s', np.exp(-(e - 285.0) ** 2), axes, '', EnergyReference('binding'));"
        "print(hashlib.sha256(figures.to_png(figures.plot_spectrum(s, 'ja'))).hexdigest())"
    )
    digests = set()
    for seed, folder in (("1", tmp_path), ("2", Path.cwd())):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment, cwd=folder
        )
        digests.add(run.stdout.strip())
    assert len(digests) == 1
    assert len(digests.pop()) == len(hashlib.sha256().hexdigest())


def test_japanese_is_drawn_also_by_those_who_know_nothing_of_fonts():
    # A glyph that is missing is a warning, and every warning fails.
    figure = figures.new_figure(4.0, 3.0)
    axes = figure.add_subplot()
    axes.plot([1, 2], [1, 2], label="金薄膜 ｷﾝ")
    axes.set_title("軟X線光電子分光：束縛エネルギー")
    axes.annotate("標", (1, 1))
    axes.legend()
    assert len(figures.to_png(figure)) > 1000


@pytest.mark.parametrize(
    "name",
    ["C 1s $x^2", "a\nb\tc\x00", "🙂", "試料 (光)", "m" * 500, "標" * 500, r"\frac{1}{2} $", "{braces} %s"],
)
def test_any_name_can_be_a_title(name):
    figure = drawn(figures.plot_spectrum(spectrum_like(name=name), "en"))
    for text, box in boxes(figure):
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, text


@pytest.mark.parametrize("factor", [1e-302, 1e-200, 1e290, 0.0])
def test_intensities_of_any_size_are_drawn_without_a_warning(factor):
    assert figures.to_png(figures.plot_spectrum(spectrum_like(factor=factor), "en"))


@pytest.mark.parametrize("shape", [(4,), (4, 3), (1, 4), (4, 3, 500)])
@pytest.mark.parametrize("value", [9e299, -9e299])
def test_the_largest_numbers_that_are_drawn_are_drawn_without_a_warning(shape, value):
    figure = figures.plot_spectrum(numbered(np.full(shape, value)), "en")
    assert figures.to_png(figure)
    assert not figure.axes[0].texts


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("shape", [(4,), (4, 3), (1, 4), (4, 3, 2)])
@pytest.mark.parametrize("values", [(1e308, -1e308), (1e308, 1e308), (1.0, 1.7e308)])
def test_numbers_too_large_for_a_figure_are_said_to_be_so(values, shape, lang):
    figure = drawn(figures.plot_spectrum(numbered(np.resize(values, shape)), lang))
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == [
        {"en": "Not drawn: numbers beyond 10³⁰⁰", "ja": "10³⁰⁰ を超える数値のため描けません"}[lang]
    ]
    assert axes.get_title() == "x"
    assert not axes.lines


def test_points_of_an_axis_too_large_for_a_figure_are_said_to_be_so():
    spectrum = Spectrum("x#1", "x", np.ones((2, 2)), (Axis("energy", [1.0, 2.0], "eV"), Axis("angle", [0.0, 1e308])))
    (axes,) = drawn(figures.plot_spectrum(spectrum, "en")).axes
    assert "Not drawn" in axes.texts[0].get_text()


def test_a_single_energy_is_drawn_over_what_was_scanned_there():
    angles = Axis("angle", [-1.0, 0.0, 1.0], "deg")
    spectrum = Spectrum("x#1", "CIS", np.array([[3.0, 1.0, 2.0]]), (Axis("energy", [84.25], "eV"), angles))
    (axes,) = drawn(figures.plot_spectrum(spectrum, "en")).axes
    assert (axes.get_xlabel(), axes.get_title()) == ("Angle (deg)", "CIS (84.25 eV)")
    assert axes.lines[0].get_xdata().tolist() == [-1.0, 0.0, 1.0]
    assert axes.lines[0].get_ydata().tolist() == [3.0, 1.0, 2.0]
    twice = Spectrum("x#1", "CIS", np.ones((1, 3, 2)), (*spectrum.axes, Axis("iteration", [1.0, 2.0])))
    axes, _ = drawn(figures.plot_spectrum(twice, "en")).axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Angle (deg)", "Iteration")


def test_a_name_is_shown_on_one_line_in_known_glyphs():
    assert figures.printable(" C 1s\n試料\t🙂 ") == "C 1s 試料 □"


def test_drawing_changes_nothing_for_other_users_of_matplotlib():
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 17.0, "font.family": ["serif"]}):
        before = dict(mpl.rcParams)
        drawn(figures.plot_spectrum(spectrum_like(), "ja"))
        assert dict(mpl.rcParams) == before


def test_importing_figures_imports_no_matplotlib():
    code = "import sys; import shirube.figures; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingPluginError, match=r'pip install "shirube\[figures\]"'):
        figures.new_figure(1.0, 1.0)


def test_the_palette_is_that_of_okabe_and_ito():
    # M. Okabe and K. Ito, Color Universal Design (2008), in the order of the paper after black.
    published = [
        (230, 159, 0),
        (86, 180, 233),
        (0, 158, 115),
        (240, 228, 66),
        (0, 114, 178),
        (213, 94, 0),
        (204, 121, 167),
    ]
    assert [f"#{red:02X}{green:02X}{blue:02X}" for red, green, blue in published] == list(figures.OKABE_ITO[:7])


def test_a_spectrum_without_energies_is_drawn_over_its_first_axis():
    times = Axis("time", [0.0, 1.0, 2.0], "s")
    (axes,) = drawn(figures.plot_spectrum(Spectrum("x#1", "decay", [3.0, 2.0, 1.0], (times,)), "en")).axes
    assert axes.get_xlabel() == "time (s)"
    assert axes.lines[0].get_xdata().tolist() == [0.0, 1.0, 2.0]
    grid = Spectrum("x#1", "map", np.ones((3, 2)), (times, Axis("position", [0.0, 1.0], "mm")))
    axes, _ = drawn(figures.plot_spectrum(grid, "en")).axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time (s)", "Position (mm)")


@pytest.mark.parametrize(
    ("shape", "names"),
    [((0,), ["energy"]), ((0,), ["time"]), ((0, 3), ["angle", "energy"]), ((3, 0), ["angle", "energy"])],
)
def test_a_spectrum_without_points_is_an_empty_figure_with_its_labels(shape, names):
    axes = [Axis(name, np.arange(float(length)), "u") for name, length in zip(names, shape, strict=True)]
    spectrum = Spectrum("x#1", "empty", np.zeros(shape), axes, "counts", EnergyReference("kinetic"))
    (drawn_axes,) = drawn(figures.plot_spectrum(spectrum, "en")).axes
    assert drawn_axes.get_xlabel() == ("time (u)" if names == ["time"] else "Kinetic energy (u)")
    assert drawn_axes.get_title() == "empty"
    assert all(line.get_xdata().size == 0 for line in drawn_axes.lines)


def test_many_spectra_are_panels_of_one_figure_each_as_it_is_drawn_alone():
    names = ["C 1s", "価電子帯", "O 1s", "survey", "Au 4f"]
    spectra = [spectrum_like(name=name) for name in names]
    figure = figures.plot_spectra([*spectra, image_like()], "ja")
    panels = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in panels] == [*names, "VB"]
    for axes in panels[:5]:
        left, right = axes.get_xlim()
        assert left > right
        assert axes.get_xlabel() == "束縛エネルギー (eV)"
    assert len(panels[5].collections) == 1
    boxes = [axes.get_position() for axes in panels]
    assert len({(round(box.x0, 2), round(box.y0, 2)) for box in boxes}) == 6
    assert figures.to_png(figure).startswith(b"\x89PNG")


def test_more_spectra_than_panels_are_counted():
    line = spectrum_like()
    figure = figures.plot_spectra([line] * 50, "en")
    assert len(figure.axes) == 48
    assert figure.get_suptitle() == "the first 48 of 50 spectra"
    assert figures.plot_spectra([], "en").axes == []


def test_an_svg_is_the_same_each_time_and_says_no_date():
    first, second = (figures.to_svg(figures.plot_spectrum(spectrum_like(name="光電子"), "ja")) for _ in range(2))
    assert first == second
    assert b"<svg" in first
    assert b"<dc:date>" not in first


def test_a_pdf_is_the_same_each_time_and_says_no_date():
    first, second = (figures.to_pdf(figures.plot_spectrum(spectrum_like(name="光電子"), "ja")) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF")
    assert b"CreationDate" not in first
