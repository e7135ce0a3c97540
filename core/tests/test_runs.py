"""The run folder: everything reads back the same, and no file takes another's place."""

import io
import json

import numpy as np
import pytest
from attrs import evolve

from shirube._portions import Portion
from shirube.errors import InputError
from shirube.exporting import RenderedFigure
from shirube.messages import Text
from shirube.plugins import load_plugins
from shirube.records import (
    Axis,
    EnergyReference,
    Entry,
    Facts,
    Measurement,
    NamedArray,
    Outcome,
    Provenance,
    Quantity,
    RawValue,
    Result,
    Spectrum,
)
from shirube.rendering import render_figures, stems_of
from shirube.runs import read_run, write_run
from shirube.tables import Column, Table
from shirube.testing import fake_distribution, on_path


def spectrum(spectrum_id, name="C 1s", level=1.0, **changes):
    energy = Axis("energy", [3.0, 2.0, 1.0], "eV")
    return evolve(
        Spectrum(spectrum_id, name, [level, 2.0, 3.0], (energy,), "counts", EnergyReference("binding")), **changes
    )


def cube(spectrum_id, *names, level=1.0):
    axes = tuple(Axis(name, [0.0, float(position)]) for position, name in enumerate(names, start=1))
    return Spectrum(spectrum_id, "map", np.full((2,) * len(names), level), axes)


def outcome(*spectra, name="x", results=()):
    return Outcome(
        entry=Entry(name, (Measurement("x.txt", "r", spectra),), facts={one.id: Facts() for one in spectra}),
        results=results,
        provenance=Provenance("0.1.0"),
    )


def table(name, *cells):
    return Table(name, Text(name, name), (Column("cell", Text("Cell", "セル"), cells),))


def figure(name, entry, png):
    return RenderedFigure(name=name, entry=entry, target=entry, source="a", main=False, caption=Text("", ""), png=png)


def read_back(folder, *outcomes, figures=()):
    write_run(outcomes, folder, figures)
    again = read_run(folder)
    assert [one.same_as(other) for one, other in zip(again, outcomes, strict=True)] == [True] * len(outcomes)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_spectra_of_two_files_that_differ_in_their_suffix_do_not_take_each_others_place(tmp_path):
    files = read_back(tmp_path, outcome(spectrum("d.acq#1", level=1.0), spectrum("d.acr#1", level=7.0)))
    assert files == [
        "entries/0001_x/spectra/d_1_C_1s.csv",
        "entries/0001_x/spectra/d_1_C_1s_2.csv",
        "shirube.json",
    ]


def test_only_repeats_get_a_number_and_case_makes_no_difference():
    spectra = [spectrum(f"{stem}#1") for stem in ("a.x", "A.y", "b.x", "a.z")]
    assert stems_of(spectra) == ("a_1_C_1s", "A_1_C_1s_2", "b_1_C_1s", "a_1_C_1s_3")
    numbered = [spectrum("a.x#1", "p"), spectrum("a.y#1", "p"), spectrum("a.z#1", "p 2")]
    assert stems_of(numbered) == ("a_1_p", "a_1_p_3", "a_1_p_2")


def test_names_of_spectra_that_are_unlike_stay_as_they_are():
    spectra = [spectrum("Cu-HHTP_0003.txt#1", "C 1s"), spectrum("Cu-HHTP_0003.txt#2", "O 1s")]
    assert stems_of(spectra) == ("Cu-HHTP_0003_1_C_1s", "Cu-HHTP_0003_2_O_1s")


def test_axes_tables_and_arrays_whose_names_a_file_name_does_not_tell_apart_all_read_back(tmp_path):
    result = Result(
        "fit",
        "x",
        scalars={"k": Quantity(np.float64(1.5), "eV", np.float32(0.5))},
        tables=(table("a b", "one"), table("a_b", "two"), table("A_B", "three")),
        arrays=(NamedArray("r s", [1.0]), NamedArray("r_s", [2.0]), NamedArray("R_S", [3.0])),
        parameters={"limits": [1, 2.5], "off": np.bool_(False)},
    )
    spectra = (cube("c.x#1", "angle x", "angle_x", "Angle x"), cube("c.x#1.angle", "energy", "angle", level=5.0))
    files = read_back(tmp_path, outcome(*spectra, results=(result, result)))
    assert len(files) == len({name.casefold() for name in files}) == 1 + 4 + 3 + 2 * 6


def test_two_outcomes_of_one_entry_name_have_a_folder_each(tmp_path):
    files = read_back(tmp_path, outcome(spectrum("a#1", level=1.0)), outcome(spectrum("a#1", level=9.0)))
    assert files == ["entries/0001_x/spectra/a_1_C_1s.csv", "entries/0002_x/spectra/a_1_C_1s.csv", "shirube.json"]


def test_figures_of_one_name_are_all_written(tmp_path):
    drawn = [figure("a", "x", b"one"), figure("A", "x", b"two"), figure("a", "y", b"three")]
    write_run([outcome(name="x"), outcome(name="y")], tmp_path, drawn)
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.png")}
    assert found == {
        "entries/0001_x/figures/a.png": b"one",
        "entries/0001_x/figures/A_2.png": b"two",
        "entries/0002_y/figures/a.png": b"three",
    }


@pytest.mark.parametrize(
    "one",
    [
        Spectrum("t#1", "decay", [1.0, 2.0], (Axis("time", [0.0, 1.0], "s"),)),
        Spectrum("t#1", "empty", np.zeros(0), (Axis("energy", np.zeros(0), "eV"),)),
        Spectrum("t#1", "empty map", np.zeros((0, 2)), (Axis("angle", np.zeros(0)), Axis("energy", [1.0, 2.0]))),
        Spectrum("t#1", "not finite", [np.nan, np.inf], (Axis("energy", [1.0, 2.0]),)),
    ],
)
def test_a_spectrum_over_any_axis_and_of_any_length_reads_back(tmp_path, one):
    read_back(tmp_path, outcome(one))


def test_a_very_long_cell_reads_back(tmp_path):
    read_back(
        tmp_path,
        outcome(
            results=(
                Result(
                    "a",
                    "x",
                    tables=(table("t", "字" * 200_000, "b"),),
                ),
            )
        ),
    )


DRAWING = """
    from shirube.hooks import Analysis, Text, hookimpl
    from shirube.records import Drawing
    class Draws:
        @staticmethod
        def draw(target, result, lang):
            from shirube.figures import new_figure
            return [Drawing(name, new_figure(1.0, 1.0)) for name in ("line", "Line", "a b", "a_b")]
    @hookimpl
    def shirube_analyses():
        return [Analysis(name="draws", description=Text(en="d", ja="d"), implementation=Draws)]
"""


def test_every_figure_of_an_entry_has_a_name_of_its_own(tmp_path):
    pytest.importorskip("matplotlib_fontja")
    fake_distribution(tmp_path, "dist-draws", plugins={"draws": "fake_draws"}, modules={"fake_draws": DRAWING})
    spectra = [spectrum("d.acq#1"), spectrum("d.acr#1"), spectrum("d.acs#1", "C 1s draws_line")]
    made = outcome(*spectra, results=[Result("draws", one.id) for one in spectra[:2]])
    with on_path(tmp_path):
        figures = render_figures([made], load_plugins(allow=("draws",)), "en")
    names = [one.name for one in figures]
    assert len({name.casefold() for name in names}) == len(names) == 3 + 2 * 4
    assert names[:3] == ["d_1_C_1s", "d_1_C_1s_2", "d_1_C_1s_draws_line"]
    assert "d_1_C_1s_draws_a_b" in names
    assert all(
        one.name.startswith("d_1_C_1s_2_draws_") for one in figures if one.target == "d.acr#1" and one.source == "draws"
    )


@pytest.mark.parametrize(("asked", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_figures_are_drawn_in_a_vector_format_only_where_one_is_asked_for(tmp_path, asked, start):
    pytest.importorskip("matplotlib_fontja")
    fake_distribution(tmp_path, "dist-draws", plugins={"draws": "fake_draws"}, modules={"fake_draws": DRAWING})
    made = outcome(spectrum("d.acq#1"), spectrum("d.acq#2"), results=[Result("draws", "d.acq#1")])
    with on_path(tmp_path):
        plugins = load_plugins(allow=("draws",))
        plain, *drawn = (render_figures([made], plugins, "en", most=1, vector=one) for one in (None, asked, asked))
    assert {one.source for one in plain} == {"spectrum", "draws"}
    assert all(one.vector is None for one in plain)
    assert all(one.vector.format == asked and one.vector.content.startswith(start) for one in drawn[0])
    assert drawn[0] == drawn[1]
    assert [one.png for one in drawn[0]] == [one.png for one in plain]


def damaged(folder, change):
    write_run([outcome(cube("c#1", "energy", "angle"))], folder)
    document = json.loads((folder / "shirube.json").read_text(encoding="utf-8"))
    change(document["outcomes"][0])
    (folder / "shirube.json").write_text(json.dumps(document), encoding="utf-8")


def _spectrum_of(one):
    return one["entry"]["measurements"][0]["spectra"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda one: _spectrum_of(one)["reference"].update(scale="Binding"),
        lambda one: _spectrum_of(one).update(metadata=[{"key": "k", "value": [1]}]),
        lambda one: _spectrum_of(one).update(axes="energy"),
        lambda one: _spectrum_of(one).update(array=None),
        lambda one: one.update(entry="x"),
        lambda one: one.update(findings=[{"rule": "R"}]),
        lambda one: one.update(results=[{"analysis": "a", "target": "x", "status": "good"}]),
    ],
)
def test_a_damaged_document_is_an_input_error(tmp_path, change):
    damaged(tmp_path, change)
    with pytest.raises(InputError):
        read_run(tmp_path)


def saved(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", saved(np.ones((2, 2))[:, 0]), saved(np.full((2, 2), 1j)), saved(np.ones((2, 2)))[:-1]],
)
def test_a_damaged_array_is_an_input_error(tmp_path, content):
    damaged(tmp_path, lambda one: (tmp_path / _spectrum_of(one)["array"]).write_bytes(content))
    with pytest.raises(InputError):
        read_run(tmp_path)


def test_a_document_nested_too_deeply_is_an_input_error(tmp_path):
    (tmp_path / "shirube.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(InputError):
        read_run(tmp_path)


def test_terms_of_columns_and_the_rank_of_a_models_table_read_back_and_may_be_missing(tmp_path):
    position = Column("position", Text("Position", "位置"), [1.0], "eV", term="peak_position")
    of_second = Table("peaks", Text("Peaks", "ピーク"), (position,), rank=2)
    read_back(tmp_path, outcome(spectrum("a#1"), results=(Result("fit", "a#1", tables=(of_second,)),)))
    document = tmp_path / "shirube.json"
    plain = json.loads(document.read_text(encoding="utf-8"))
    (head,) = plain["outcomes"][0]["results"][0]["tables"]
    del head["rank"], head["columns"][0]["term"]
    document.write_text(json.dumps(plain), encoding="utf-8")
    (again,) = read_run(tmp_path)[0].results[0].tables
    assert again.same_as(evolve(of_second, rank=None, columns=(evolve(position, term=""),)))
    assert not again.same_as(of_second)


def many_results(*spectra):
    """Return an outcome with facts and metadata for each spectrum, and a result with tables and arrays."""
    position = Column("at", Text("At", "位置"), [1.0], term="peak_position")
    tables = [Table(f"peaks_{rank}", Text("Peaks", "ピーク"), (position,), rank=rank) for rank in (1, 2)]
    arrays = (NamedArray("envelope", np.arange(3.0)),)
    results = [Result("fit", one.id, tables=(*tables, table("notes", "x{\n}")), arrays=arrays) for one in spectra]
    facts = Facts().add("temperature", Quantity(80.0, "K")).add("lens_mode", Quantity("wide"))
    made = outcome(*(evolve(one, metadata=(RawValue("Key", "{"),)) for one in spectra), results=results)
    return evolve(made, entry=evolve(made.entry, facts={one.id: facts for one in spectra}))


def wanted_of(full, ranks, facts):
    """Return what a portion leaves of such an outcome."""
    entry = full.entry
    spectra = tuple(evolve(one, metadata=()) for one in entry.spectra())
    kept = Facts(
        candidates={term: one for term, one in next(iter(entry.facts.values())).candidates.items() if term in facts}
    )
    return evolve(
        full,
        entry=evolve(
            entry,
            measurements=(evolve(entry.measurements[0], spectra=spectra),),
            facts={one.id: kept for one in spectra},
        ),
        results=tuple(evolve(one, arrays=(), tables=one.tables[:ranks]) for one in full.results),
    )


@pytest.mark.parametrize("indent", [2, 4, None])
@pytest.mark.parametrize(("ranks", "facts"), [(1, ()), (2, ("temperature",))])
def test_a_portion_of_a_run_is_the_run_without_the_rest_however_its_lines_are_broken(tmp_path, ranks, facts, indent):
    runs = [many_results(spectrum("a#1"), spectrum("a#2")), many_results(spectrum("b#1"))]
    write_run(runs, tmp_path)
    document = tmp_path / "shirube.json"
    plain = json.loads(document.read_text(encoding="utf-8"))
    document.write_text(json.dumps(plain, indent=indent), encoding="utf-8")
    found = read_run(tmp_path, portion=Portion(ranks, facts))
    assert [one.same_as(wanted_of(full, ranks, facts)) for one, full in zip(found, runs, strict=True)] == [True, True]


def test_a_document_that_is_cut_or_odd_is_malformed_in_portions_too(tmp_path):
    write_run([many_results(spectrum("a#1"))], tmp_path)
    document = tmp_path / "shirube.json"
    whole = document.read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    for cut in range(1, len(lines) - 1, 7):
        document.write_text("".join(lines[:cut]), encoding="utf-8")
        with pytest.raises(InputError):
            read_run(tmp_path, portion=Portion(1))
    for odd in (
        '{"@piece": 5}',
        '{"tables": 1, "arrays": 1}',
        '{"metadata": 1, "intensity_unit": 1}',
        '{"candidates": 1}',
    ):
        document.write_text(whole.replace('"findings": []', f'"findings": [{odd}]'), encoding="utf-8")
        with pytest.raises(InputError):
            read_run(tmp_path, portion=Portion(1))


@pytest.mark.parametrize(
    "cut", [lambda content: content[:-3], lambda content: content[: content.rindex(b"\n", 0, -1) + 1]]
)
def test_a_table_that_was_cut_short_is_refused_and_not_read_as_fewer_or_other_numbers(tmp_path, cut):
    write_run([outcome(spectrum("a.txt#1"))], tmp_path, ())
    (path,) = tmp_path.rglob("*.csv")
    path.write_bytes(cut(path.read_bytes()))
    with pytest.raises(InputError, match=rf"{path.name}: .*rows instead of .*last line is cut"):
        read_run(tmp_path)


def test_a_run_that_does_not_say_how_many_rows_its_tables_have_is_read_all_the_same(tmp_path):
    one = outcome(spectrum("a.txt#1"))
    write_run([one], tmp_path, ())
    document = tmp_path / "shirube.json"
    plain = json.loads(document.read_text(encoding="utf-8"))
    del plain["outcomes"][0]["entry"]["measurements"][0]["spectra"][0]["rows"]
    document.write_text(json.dumps(plain), encoding="utf-8")
    assert read_run(tmp_path)[0].same_as(one)
