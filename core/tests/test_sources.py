"""Sources: what goes in is named, hashed and refused in a sentence."""

import hashlib

import pytest

from shirube.errors import InputError
from shirube.records import Source
from shirube.sources import HEAD, SourceFile, hash_file, open_input


def test_a_file_is_recorded_by_name_size_and_hash(tmp_path):
    path = tmp_path / "測定.TXT"
    path.write_bytes(b"abc")
    source = SourceFile(path)
    # SHA-256 of "abc": the example of FIPS 180-2.
    expected = Source("測定.TXT", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert source.record() == expected
    assert hash_file(path, "run/測定.TXT") == Source("run/測定.TXT", 3, expected.sha256)
    assert (source.name, source.suffix, source.head, source.read_bytes()) == ("測定.TXT", ".txt", b"abc", b"abc")


def test_the_head_of_a_long_file_is_short(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"x" * (3 << 20))
    assert len(SourceFile(path).head) == HEAD
    assert SourceFile(path).record().sha256 == hashlib.sha256(b"x" * (3 << 20)).hexdigest()


def test_an_empty_file_has_an_empty_head(tmp_path):
    (tmp_path / "x").touch()
    assert SourceFile(tmp_path / "x").head == b""


@pytest.mark.parametrize("ask", [lambda one: one.head, lambda one: one.read_bytes(), lambda one: one.record()])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.txt", "no such file"),
        ("folder", "this is a folder"),
        ("file/x", "cannot be read"),
        ("a\0b", "no file name"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(tmp_path, ask, name, said):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=said) as caught:
        ask(SourceFile(tmp_path / name, name="item/scan.txt"))
    assert caught.value.path == "item/scan.txt"
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.render("ja")


def test_a_disk_that_fails_while_it_is_read_is_an_input_error(tmp_path, monkeypatch):
    (tmp_path / "x").write_bytes(b"abc")

    class Failing:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def read(self, _):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("shirube.sources.open_input", lambda *_: Failing())
    for ask in (lambda one: one.head, lambda one: one.record()):
        with pytest.raises(InputError, match="Input/output error"):
            ask(SourceFile(tmp_path / "x"))


def test_without_a_name_the_path_is_shown_as_given(tmp_path):
    with pytest.raises(InputError) as caught:
        open_input(tmp_path / "missing")
    assert caught.value.path == str(tmp_path / "missing")
