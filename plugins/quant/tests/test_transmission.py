"""The analyser's transmission: a file is read as it is, or refused with the line that is wrong."""

import pytest

from shirube.errors import InputError
from shirube_quant.transmission import Transmission, read_transmission


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "透過率.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_curve_is_interpolated_and_its_comments_and_heading_are_passed_over(tmp_path, encoding):
    text = "運動エネルギー,透過率\n# 2026 年測定\n100,2.0\n\n300,1.0\n"
    curve = read_transmission(written(tmp_path, text, encoding))
    assert curve.at(200.0) == pytest.approx(1.5)
    assert "透過率.csv" in curve.statement().render("en")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("100,2\n200\n", 2, "not a kinetic energy"),
        ("100,2\n200,one\n", 2, "not a kinetic energy"),
        ("100,2\n200,nan\n", 2, "not a kinetic energy"),
        ("100,2\n90,1\n", 2, "must rise"),
        ("100,2\n100,1\n", 2, "must rise"),
        ("energy,T\n100,0\n", 2, "above zero"),
        ("-5,1\n100,1\n", 1, "above zero"),
        ("100,nan\n200,1\n300,1\n", 1, "not a kinetic energy"),
        ("100\n200,1\n300,1\n", 1, "not a kinetic energy"),
        ("energy,T\nunit,unit\n100,1\n200,1\n", 2, "not a kinetic energy"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path, text, line, said):
    with pytest.raises(InputError, match=said) as caught:
        read_transmission(written(tmp_path, text))
    assert caught.value.line == line


def test_every_line_that_is_wrong_is_named_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        read_transmission(written(tmp_path, "energy,T\n100,2\nx,y\n50,1\n200,-1\n300,1\n"))
    told = caught.value.render("ja").splitlines()
    assert [one.partition("：")[0].partition(":")[0].rpartition(" ")[0][-1] for one in told] == ["3", "4", "5"]


@pytest.mark.parametrize(
    "text",
    [
        "1000;2\n3000;1\n",
        "E\tT\n1000\t2\n3000\t1\n",
        "１０００，２\n３０００，１\n",
        '"1,000.0","2.0"\n"3,000.0","1"\n',
    ],
)
def test_columns_may_be_parted_and_numbers_written_as_in_spectra(tmp_path, text):
    assert read_transmission(written(tmp_path, text, "cp932")).at(2000.0) == pytest.approx(1.5)


def test_one_point_is_no_curve(tmp_path):
    with pytest.raises(InputError, match="two points or more, and the file has 1"):
        read_transmission(written(tmp_path, "100,1\n"))


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_transmission(tmp_path / "none.csv")


def test_a_curve_is_not_extrapolated(tmp_path):
    curve = read_transmission(written(tmp_path, "100,2\n300,1\n"))
    with pytest.raises(InputError, match=r"from 100 to 300 eV, and 300\.1 eV is needed"):
        curve.at(300.1)


def test_without_a_curve_transmission_is_one_or_a_power():
    assert Transmission().at(700.0) == 1.0
    assert Transmission(exponent=0.5).at(400.0) / Transmission(exponent=0.5).at(100.0) == pytest.approx(0.5)
