"""``shirube elements``: what it prints, writes and refuses."""

import json
import sys
from pathlib import Path

import pytest

from shirube.cli import run_command_line
from shirube_quant import crosssections

AU = Path(__file__).parent / "data/lg4x/Survey_Au_hv_700.csv"


@pytest.fixture
def without_xraylib(monkeypatch):
    monkeypatch.setitem(sys.modules, "xraylib", None)
    crosssections.xraylib.cache_clear()
    yield
    crosssections.xraylib.cache_clear()


def run(capsys, *arguments):
    code = run_command_line([str(one) for one in arguments])
    return code, capsys.readouterr()


@pytest.mark.parametrize(("lang", "said"), [("en", "Elements that may be present"), ("ja", "存在しうる元素")])
def test_it_prints_elements_with_reasons_and_peaks(lang, said, capsys):
    code, printed = run(capsys, "elements", AU, "--scale", "kinetic", "--photon-energy", "700", "--lang", lang)
    assert code == 0, printed.err
    assert said in printed.out
    assert "Au 4f7/2 (82.9 eV)" in printed.out


def test_json_holds_the_same_and_the_folder_the_tables_and_the_figure(tmp_path, capsys):
    out = tmp_path / "out"
    code, printed = run(
        capsys, "elements", AU, "--scale", "kinetic", "--photon-energy", "700", "--only", "Au", "--json", "-o", out
    )
    assert code == 0, printed.err
    answer = json.loads(printed.out)
    (survey,) = answer["spectra"]
    assert survey["scalars"]["quant.elements_found"]["value"] == "Au"
    assert "Au 4f7/2" in survey["tables"]["peaks"]["assignment_en"]["values"]
    assert [one.name for one in out.rglob("*_elements.png")] != []
    assert {one.stem for one in out.rglob("results/*/*.csv")} >= {"elements", "peaks", "lines", "remarks"}


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ([], 1, "not known"),
        (["--scale", "kinetic"], 1, "photon energy is not known"),
        (["--scale", "kinetic", "--photon-energy", "300"], 1, "one of them is wrong"),
        (["--only", "Gold"], 2, "only: no element from Li to U is called Gold"),
        (["--only", "au,AG"], 2, "is called au, AG; write symbols as in the periodic table, such as Au, Ag"),
        (["--only", ""], 2, "--only names no element"),
        (["--only", " , "], 2, "--only names no element"),
        (["--only", "Au,Ag,Au"], 2, "only: Au is named twice"),
        (["--only", "Au,Ag", "--exclude", "Au"], 2, "Au is both looked for (only) and left out (exclude)"),
        (["--only", "Au,xx", "--exclude", "Au,Cu,Cu"], 2, "xx; write"),
        (["--only", "Au,xx", "--exclude", "Au,Cu,Cu"], 2, "Cu is named twice; was another element meant?; Au is both"),
        (["--region", "other"], 2, "other"),
    ],
)
def test_what_cannot_be_done_is_said(more, code, said, capsys):
    answer, printed = run(capsys, "elements", AU, *more, "--lang", "en")
    assert answer == code
    assert said in printed.out + printed.err


@pytest.mark.parametrize(
    "more", [["--only", "Ａｕ、Ｃ"], ["--only", "Tc Au"], ["--exclude", ""], ["--exclude", "Ag;Cu,C"]]
)
def test_elements_are_chosen_as_people_write_them(more, capsys):
    code, printed = run(capsys, "elements", AU, "--scale", "kinetic", "--photon-energy", "700", "--json", *more)
    assert code == 0, printed.err
    (survey,) = json.loads(printed.out)["spectra"]
    assert "Au" in survey["scalars"]["quant.elements_found"]["value"].split(", ")


@pytest.mark.usefixtures("without_xraylib")
def test_without_xraylib_a_run_leaves_out_what_needs_it_and_says_what_to_install(tmp_path, capsys):
    scale = ("--set", "readers.columns.scale=kinetic", "--set", "analyses.elements.photon_energy=700")
    code, printed = run(capsys, "run", AU, "-o", tmp_path / "out", *scale, "--lang", "en")
    assert code in (0, 1), printed.err  # 1 where another plugin has a finding
    written = json.loads((tmp_path / "out/shirube.json").read_text(encoding="utf-8"))
    results = {one["analysis"]: one for outcome in written["outcomes"] for one in outcome["results"]}
    for name in ("elements", "quantify"):
        assert results[name]["status"] == "skipped"
        (reason,) = results[name]["reasons"]
        assert "pip install xraylib" in reason["en"]
        assert "pip install xraylib" in reason["ja"]


@pytest.mark.usefixtures("without_xraylib")
def test_without_xraylib_the_command_says_what_to_install(capsys):
    code, printed = run(capsys, "elements", AU, "--scale", "kinetic", "--photon-energy", "700", "--lang", "en")
    assert code == 4
    assert "pip install xraylib" in printed.err
