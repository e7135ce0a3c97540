"""``shirube show`` and ``--lenient`` on real SES files: regions, axes, photon energies, and what is unusual."""

from __future__ import annotations

import json
import re

import pytest

from shirube.cli import run_command_line
from shirube_ses2002.testing import SesRegion, SesStyle, ses_bytes

HAXPES = "specqp/scienta_single_region_1.txt"


@pytest.fixture
def call(capsys):
    """Return a function that calls the command line: exit code, standard output, standard error."""

    def run(*arguments):
        code = run_command_line([str(one) for one in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def shown(call):
    """Return a function that returns the document of a file."""
    return lambda path, *arguments: json.loads(call("show", path, "--json", *arguments)[1])


def codes(document):
    return [one["code"] for one in document["unusual"]]


def test_a_binding_survey_is_shown_with_its_axis_and_photon_energy(real, call, shown):
    path = real("pynxtools-xps/Cu-HHTP_0001.txt").path
    document = shown(path)
    (spectrum,) = document["spectra"]
    assert spectrum["energy_scale"] == "binding"
    (axis,) = spectrum["axes"]
    assert (axis["points"], axis["first"], axis["last"], axis["even"]) == (1221, 600.0, -10.0, True)
    assert axis["step"] == pytest.approx(-0.5)
    (photon,) = spectrum["facts"]["photon_energy"]
    assert (photon["value"], photon["unit"]) == (700.0, "eV")
    assert codes(document) == ["not-counts"]
    text = call("show", path, "--lang", "ja")[1]
    assert re.search(r"エネルギー +1221 +600 … -10 +-0.5 +eV", text)
    assert re.search(r"光エネルギー +700.0 eV +ファイルのヘッダー 16 行目", text)


def test_a_photon_energy_that_was_never_written_is_named_with_its_line(real, shown):
    source = real(HAXPES)
    document = shown(source.path)
    (garbage,) = [one for one in document["unusual"] if one["code"] == "never-written"]
    lines = source.path.read_text(encoding="latin-1").splitlines()
    assert lines[garbage["line"] - 1].startswith("Excitation Energy=3.10021844987699E-317")


def test_header_and_sidecar_are_compared_where_both_can_hold(place, content_of, shown):
    content = content_of("pynxtools-xps/Cu-HHTP_0002.txt")
    path = place(content, "a.txt", sidecar=b'{"Excitation Energy": 649.85}').path
    document = shown(path)
    assert document["sidecars"] == ["a_metadata.json"]
    assert document["spectra"][0]["differences"] == {"photon_energy": pytest.approx(-0.15)}
    assert "sidecar-differs" in codes(document)
    garbage = place(content_of(HAXPES), "b.txt", sidecar=b'{"Excitation Energy": 4596.2}').path
    assert shown(garbage)["spectra"][0]["differences"] == {}
    assert "sidecar-differs" not in codes(shown(garbage))


def test_iterations_are_shown_as_an_axis_that_will_be_summed(real, shown):
    document = shown(real("specqp/scienta_multiregion_adddimension_1.txt").path)
    assert [axis["name"] for axis in document["spectra"][0]["axes"]] == ["energy", "iteration"]
    (summed,) = [one for one in document["unusual"] if one["code"] == "axis-summed"]
    assert len(summed["spectra"]) == len(document["spectra"]) == 3
    kept = shown(real("specqp/scienta_multiregion_adddimension_1.txt").path, "--set", "run.axes.iteration=keep")
    assert "axis-summed" not in codes(kept)


def test_what_the_reader_noticed_is_told_with_the_rest(real, place, content_of, call, shown):
    assert codes(shown(real("variants/cp932.txt").path))[0] == "encoding"
    cut = place(content_of("pynxtools-xps/Cu-HHTP_0002.txt").rstrip(b"\r\n"), "cut.txt").path
    assert "lost-line-end" in codes(shown(cut))
    (told,) = [one["en"] for one in shown(cut)["unusual"] if one["code"] == "lost-line-end"]
    assert " ".join(told.split()[:6]) in call("show", cut, "--lang", "en")[1]


def test_regions_of_one_name_are_told_apart(place, shown):
    regions = [SesRegion(energies=[3.0, 2.0, 1.0], intensity=[5.0, 6.0, 7.0])] * 2
    document = shown(place(ses_bytes(regions)).path)
    (alike,) = [one for one in document["unusual"] if one["code"] == "names-alike"]
    assert alike["spectra"] == [one["id"] for one in document["spectra"]]


def test_uneven_steps_are_told(place, shown):
    region = SesRegion(energies=[1.0, 2.0, 3.5, 4.0], intensity=[5.0, 6.0, 7.0, 8.0])
    document = shown(place(ses_bytes([region])).path)
    assert "axis-uneven" in codes(document)
    assert document["spectra"][0]["axes"][0]["even"] is False


@pytest.mark.parametrize("name", ["variants/regions_11.txt", "variants/two_d_angle.txt", HAXPES])
def test_every_region_is_drawn(real, call, tmp_path, name):
    pytest.importorskip("matplotlib_fontja")
    figure = tmp_path / "figures" / "all.png"
    code, out, _ = call("show", real(name).path, "--plot", figure, "--lang", "en")
    assert code == 0
    assert f"Drawn: {figure}" in out
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_the_encoding_of_names_may_be_set_and_a_wrong_one_is_refused_in_one_sentence(place, call, shown):
    source = place(
        ses_bytes([SesRegion(energies=[2.0, 1.0], intensity=[5.0, 6.0], name="表面")], SesStyle(encoding="euc-jp"))
    )
    assert shown(source.path)["spectra"][0]["name"] == "ﾉｽﾌﾌ"
    assert shown(source.path, "--set", "readers.ses2002.encoding=euc-jp")["spectra"][0]["name"] == "表面"
    code, _, err = call("show", source.path, "--set", "readers.ses2002.encoding=latin-99", "--lang", "ja")
    assert code == 2
    assert "文字コードではありません" in err


@pytest.fixture
def broken(place):
    """A file whose second of three regions has a word among its numbers."""
    names = ("one", "two", "three")
    regions = [SesRegion(energies=[3.0, 2.0, 1.0], intensity=[5.0, 6.0, 7.0], name=name) for name in names]
    content = ses_bytes(regions)
    at = content.index(b"[Data 2]")
    cut = content.index(b"E+", at)
    return place(content[:cut] + b"oops" + content[cut + 4 :], "broken.txt").path


def test_show_refuses_a_broken_file_and_reads_the_rest_leniently(broken, call, shown):
    code, out, err = call("show", broken)
    assert (code, out) == (2, "")
    assert "broken.txt" in err
    document = shown(broken, "--lenient")
    assert [one["id"] for one in document["spectra"]] == ["broken.txt#1", "broken.txt#3"]
    (skipped,) = [one for one in document["unusual"] if one["code"] == "region-skipped"]
    assert skipped["line"] is not None


def test_run_reads_leniently_and_keeps_what_was_not_read_as_a_finding(broken, call, tmp_path):
    assert call("run", broken, "-o", tmp_path / "out", "--no-analysis", "--no-export")[0] == 2
    assert not (tmp_path / "out").exists()
    arguments = ("run", broken, "-o", tmp_path / "out", "--no-analysis", "--no-export", "--lenient", "--json")
    code, out, _ = call(*arguments)
    (entry,) = json.loads(out)["entries"]
    assert code in (0, 1)
    assert [one["id"] for one in entry["spectra"]] == ["broken.txt#1", "broken.txt#3"]
    assert "reading.region-skipped" in json.dumps(entry["findings"])
    settings = json.loads((tmp_path / "out" / "shirube.json").read_text(encoding="utf-8"))
    assert settings["outcomes"][0]["provenance"]["settings"]["readers.ses2002.lenient"] is True
