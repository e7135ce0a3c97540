"""``shirube elements``: what it prints, writes and refuses."""

import json
from pathlib import Path

import pytest

from shirube.cli import run_command_line

AU = Path(__file__).parent / "data/lg4x/Survey_Au_hv_700.csv"


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
        (["--only", "Gold", "--scale", "kinetic", "--photon-energy", "700"], 2, "Gold"),
        (["--region", "other"], 2, "other"),
    ],
)
def test_what_cannot_be_done_is_said(more, code, said, capsys):
    answer, printed = run(capsys, "elements", AU, *more, "--lang", "en")
    assert answer == code
    assert said in printed.out + printed.err
