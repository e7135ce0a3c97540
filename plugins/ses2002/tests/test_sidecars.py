"""The sidecar gives the calibrated photon energy; a hostile or mistaken one is refused with its line."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from shirube.errors import InputError
from shirube_ses2002.parameters import Parameters
from shirube_ses2002.reader import read
from shirube_ses2002.testing import SesRegion, ses_bytes

DATA = ses_bytes([SesRegion(energies=[3.0, 2.0, 1.0], intensity=[5.0, 6.0, 7.0])])


def values_of(measurement):
    return [(one.key, one.value, one.line) for one in measurement.metadata if one.kind == "sidecar"]


def problem_of(source):
    with pytest.raises(InputError) as caught:
        read(source)
    assert caught.value.path == "measured_metadata.json"
    return caught.value


def test_its_keys_are_kept_with_their_lines_and_the_data_stay_as_they_are(place):
    sidecar = b'{\n  "Excitation Energy": 799.85,\n  "Work Function": 4.3\n}\n'
    measurement = read(place(DATA, sidecar=sidecar))
    assert values_of(measurement) == [("Excitation Energy", 799.85, 2), ("Work Function", 4.3, 3)]
    assert {one.file for one in measurement.metadata if one.kind == "sidecar"} == {"measured_metadata.json"}
    assert measurement.remarks == ()
    (spectrum,) = measurement.spectra
    assert spectrum.reference.photon_energy == 800.0
    assert spectrum.same_as(read(place(DATA)).spectra[0])


def test_it_is_recorded_as_a_source_after_the_data_file(place):
    sidecar = b'{"Excitation Energy": 800}'
    sources = read(place(DATA, sidecar=sidecar)).sources
    assert [source.name for source in sources] == ["measured.txt", "measured_metadata.json"]
    assert sources[1].sha256 == hashlib.sha256(sidecar).hexdigest()
    assert sources[1].size == len(sidecar)


def test_a_byte_order_mark_does_no_harm(place):
    measurement = read(place(DATA, sidecar=b'\xef\xbb\xbf{"Excitation Energy": 799.85}'))
    assert values_of(measurement) == [("Excitation Energy", 799.85, 1)]
    assert measurement.remarks == ()


def test_keys_that_nobody_knows_are_kept_and_remarked_upon(place):
    sidecar = '{"Excitation Energy": 799.85,\n"excitation energy": 1, "装置": {"a": [1, 2]}, "none": null, "on": true}'
    measurement = read(place(DATA, sidecar=sidecar.encode()))
    assert values_of(measurement)[1:] == [
        ("excitation energy", 1, 2),
        ("装置", '{"a": [1, 2]}', 2),
        ("none", None, 2),
        ("on", True, 2),
    ]
    assert [(one.code, one.line) for one in measurement.remarks] == [("sidecar-unknown-key", 2)] * 4
    assert 'Did you mean "Excitation Energy"?' in measurement.remarks[0].message.en
    assert "「Excitation Energy」ではありませんか" in measurement.remarks[0].message.ja


def test_an_encoding_other_than_utf8_is_remarked_upon(place):
    sidecar = '{"Excitation Energy": 799.85, "担当": "田中"}'.encode("cp932")
    measurement = read(place(DATA, sidecar=sidecar))
    assert ("担当", "田中", 1) in values_of(measurement)
    assert [one.code for one in measurement.remarks] == ["encoding", "sidecar-unknown-key"]


def test_its_encoding_may_be_stated_and_utf8_needs_no_statement(place):
    stated = Parameters(encoding="euc-jp")
    for encoding in ("euc-jp", "utf-8"):
        measurement = read(place(DATA, sidecar='{"Excitation Energy": 800,\n"a": "表面"}'.encode(encoding)), stated)
        assert values_of(measurement)[1] == ("a", "表面", 2)
        assert [one.code for one in measurement.remarks] == ["sidecar-unknown-key"]
    with pytest.raises(InputError, match="this line is not euc-jp") as caught:
        read(place(DATA, sidecar=b'{"Excitation Energy": 800,\n"a": "\xe9"}'), stated)
    assert caught.value.line == 2


def test_a_work_function_alone_is_enough_and_said(place):
    measurement = read(place(DATA, sidecar=b'{"Work Function": 0}'))
    assert values_of(measurement) == [("Work Function", 0, 1)]
    assert [one.code for one in measurement.remarks] == ["sidecar-without-photon-energy"]


@pytest.mark.parametrize(
    ("sidecar", "line", "message"),
    [
        (b"", 1, "this is not JSON"),
        (b"{", 1, "this is not JSON"),
        (b'{\n "Excitation Energy": 799.85,\n}', 3, "this is not JSON"),
        (b'{\n"Excitation Energy": 799,85\n}', 2, "this is not JSON"),
        (b"Excitation Energy = 799.85", 1, "this is not JSON"),
        (b'{"Excitation Energy": NaN}', 1, "'NaN' is not a number"),
        (b'{\n"a": "NaN\\"",\n\n"Excitation Energy": NaN}', 4, "'NaN' is not a number"),
        (b'{"a": [1,\n-Infinity]}', 2, "'-Infinity' is not a number"),
        (b'{"Excitation Energy": Infinity}', 1, "'Infinity' is not a number"),
        (b'{"Excitation Energy": 799.85} x', 1, "this is not JSON"),
        (b'{"Excitation Energy": 799.85,\n "a": "\\ud800"}', 2, "holds half of a character"),
        (b'{"Excitation Energy": 799.85,\n "\\udc00\\ud800": 1}', 2, "holds half of a character"),
        (b"\x89PNG\r\n\x1a\n\0\0", 1, "this is not JSON"),
        (b"[" * 100_000, 1, "nested too deeply"),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 1, "nested too deeply"),
        (b'{"Excitation Energy":\n' + b"9" * 5000 + b"}", 2, "has more than 1000 digits"),
        (b'{"Excitation Energy": 800,\n"a": -' + b"9" * 5000 + b"}", 2, "has more than 1000 digits"),
        (b"799.85", 1, "expected a JSON object, found '799.85'"),
        (b'["Excitation Energy", 799.85]', 1, "expected a JSON object, found '["),
        (b"null", 1, "expected a JSON object"),
        (b"{}", 1, 'have no "Excitation Energy"'),
        (b'{"energy": 799.85}', 1, 'have no "Excitation Energy"'),
        (b'{"a": 1,\n"Excitation energy": 799.85}', 2, 'did you mean "Excitation Energy"?'),
        (b'{\n"Excitation Energy ": 799.85}', 2, 'did you mean "Excitation Energy"?'),
        (b'{"excitation energy": 799.85}', 1, 'did you mean "Excitation Energy"?'),
        (b'{"workfunction": 4}', 1, 'did you mean "Work Function"?'),
        (b'{\n\n"Excitation Energy": "799.85"}', 3, "remove the quotation marks"),
        (b'{"Excitation Energy": null}', 1, "should be a positive number of eV, found 'null'"),
        (b'{"Excitation Energy": true}', 1, "should be a positive number of eV, found 'true'"),
        (b'{"Excitation Energy": [799.85]}', 1, "should be a positive number of eV"),
        (b'{"Excitation Energy": 0}', 1, "should be a positive number of eV, found '0'"),
        (b'{"Excitation Energy": -799.85}', 1, "should be a positive number of eV, found '-799.85'"),
        (b'{"Excitation Energy": 1e999}', 1, "should be a positive number of eV"),
        (b'{"Excitation Energy": 1' + b"0" * 400 + b"}", 1, "should be a positive number of eV"),
        (b'{"Excitation Energy": 800, "Work Function": -4.5}', 1, '"Work Function" should be'),
        (b'{"Excitation Energy": 800,\n"Excitation Energy": 801}', 2, "'Excitation Energy' stands twice"),
        (b'{"a": 1,\n"a": 1, "Excitation Energy": 801}', 2, "'a' stands twice"),
        (b" " * (1 << 18) + b"{}", None, "larger than 256 kB"),
    ],
)
def test_what_is_not_a_usable_sidecar_is_refused_at_its_line(sidecar, line, message, place):
    error = problem_of(place(DATA, sidecar=sidecar))
    assert message in str(error)
    assert error.line == line
    assert error.render("ja")


@pytest.mark.parametrize(
    ("sidecar", "en", "ja"),
    [
        (b"", "a value is expected", "値があるはずです"),
        (b"{1}", "a key in double quotation marks is expected", "二重引用符"),
        (b'{"a": 1,}', "a key in double quotation marks is expected", "二重引用符"),
        (b'{"a" 1}', "a colon is expected", "コロン"),
        (b'{"a": 1 "b"}', "a comma or a closing bracket is expected", "コンマか閉じ括弧"),
        (b'{"a": "b}', "has no closing quotation mark", "閉じる引用符"),
        (b'{"a": "\n"}', "a control character", "制御文字"),
        (b'{"a": "\\x"}', "what follows the backslash", "バックスラッシュ"),
        (b'{"a": "\\u12"}', "what follows the backslash", "バックスラッシュ"),
        (b"{} {}", "something stands behind the end", "余分"),
    ],
)
def test_why_it_is_not_json_is_said_in_both_languages(sidecar, en, ja, place):
    error = problem_of(place(DATA, sidecar=sidecar))
    assert en in str(error)
    japanese = error.render("ja").removeprefix("measured_metadata.json")
    assert ja in japanese
    assert re.findall("[A-Za-z]{3,}", japanese) == ["JSON", "Excitation", "Energy"]


def test_what_python_alone_takes_for_json_is_told_in_one_pass(place):
    error = problem_of(place(DATA, sidecar=b'{"Excitation Energy": NaN,\n"a": "\\ud800"}'))
    assert "'NaN' is not a number" in str(error)
    assert "line 2: the text" in str(error)


def test_whole_characters_may_be_written_in_two_halves(place):
    measurement = read(place(DATA, sidecar=b'{"Excitation Energy": 800, "a": "\\ud83d\\ude00", "b": "\\\\ud800"}'))
    assert values_of(measurement)[1:] == [("a", "\U0001f600", 1), ("b", "\\ud800", 1)]


def test_all_that_is_wrong_with_it_is_told_in_one_pass(place):
    error = problem_of(place(DATA, sidecar=b'{"Excitation Energy": "800",\n "Work Function": "4"}'))
    assert '"Excitation Energy" should be a number' in str(error)
    assert 'line 2: "Work Function" should be a number' in str(error)


def test_a_sidecar_of_many_keys_takes_no_long_time(place):
    many = {"Excitation Energy": 800.0} | {f"key {number}": number for number in range(9000)}
    assert len(values_of(read(place(DATA, sidecar=json.dumps(many, indent=1).encode())))) == 9001


def test_a_sidecar_that_is_gone_is_said_to_be_missing(place):
    source = place(DATA, sidecar=b"{}")
    source.sidecar.path.unlink()
    assert "no such file" in str(problem_of(source))
