"""Messages and errors: both languages from one catalogue, and errors that survive a process boundary whole."""

import copy
import pickle
import string
import tomllib
from importlib import resources

import pytest

from shirube import errors
from shirube.errors import InputError, MissingPluginError, OutputError, PluginError, ShirubeError, UsageError
from shirube.messages import LANGUAGES, Message, Text, catalogue, joined
from shirube.text import is_japanese

CATALOGUE = tomllib.loads(resources.files("shirube").joinpath("messages.toml").read_text(encoding="utf-8"))


def places(template):
    return {name.partition("[")[0].partition(".")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_message_says_the_same_in_both_languages(code):
    table = CATALOGUE[code]
    assert set(table) == {"en", "ja"}
    assert places(table["en"]) == places(table["ja"])
    assert not is_japanese(table["en"])
    assert table["ja"].strip()


def test_texts_render_in_the_language_asked_for():
    text = Text(en="{count} files", ja="{count} 個のファイル")
    assert text.render("en", count=3) == "3 files"
    assert text.render("ja", count=3) == "3 個のファイル"
    assert text.render() == "{count} files"
    assert text.fill(count=3) == Text(en="3 files", ja="3 個のファイル")
    assert set(LANGUAGES) == {"en", "ja"}


def test_finished_texts_may_hold_braces():
    assert Text(en="{not a place}", ja="{}").render("en") == "{not a place}"


def test_a_text_within_a_text_is_rendered_in_the_same_language():
    inner = Text(en="kinetic", ja="運動")
    assert Text(en="scale {it}", ja="{it}の尺度").render("ja", it=inner) == "運動の尺度"
    message = Message("shirube", "extra-missing", {"module": inner, "extra": "units"})
    assert "kinetic" in message.render("en")
    assert "運動" in message.render("ja")


def test_messages_with_equal_parameters_are_equal_whatever_their_order():
    one = Message("shirube", "extra-missing", {"module": "pint", "extra": "units"})
    other = Message("shirube", "extra-missing", {"extra": "units", "module": "pint"})
    assert one == other
    assert hash(one) == hash(other)
    assert one != Message("shirube", "extra-missing", {"module": "pint", "extra": "figures"})
    assert one.text() == Text(en=one.render("en"), ja=one.render("ja"))


def test_an_unknown_message_is_a_key_error():
    with pytest.raises(KeyError):
        Message("shirube", "no-such-code").render()
    assert "no-such-code" not in catalogue("shirube")


def test_texts_are_joined_in_both_languages():
    assert joined([Text("a", "あ"), Text("b", "い")]) == Text("a; b", "あ；い")
    assert joined([]) == Text("", "")


def test_an_error_names_file_and_line():
    error = InputError(Text(en="no number", ja="数値ではありません"), path="a/測定.txt", line=7)
    assert str(error) == "a/測定.txt, line 7: no number"
    assert error.render("ja") == "a/測定.txt 7 行目: 数値ではありません"
    assert str(InputError("broken", path="x")) == "x: broken"
    assert InputError("broken").render("ja") == "broken"


def test_exit_codes_tell_kinds_of_errors_apart():
    assert [kind.exit_code for kind in (InputError, UsageError, OutputError, PluginError, MissingPluginError)] == [
        2,
        2,
        2,
        3,
        4,
    ]
    assert all(issubclass(getattr(errors, name), ShirubeError) for name in errors.__all__ if name.endswith("Error"))
    assert sum(name.endswith("Error") for name in errors.__all__) <= 8


@pytest.mark.parametrize("way", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])  # noqa: S301
def test_an_error_travels_with_its_notes_and_fields(way):
    error = InputError(Message("shirube", "input-unreadable", {"reason": "x"}), path="a.txt", line=3)
    error.add_note("plugin ses2002")
    error.plugin = "ses2002"
    again = way(error)
    assert type(again) is InputError
    assert (again.path, again.line, again.message, again.plugin) == ("a.txt", 3, error.message, "ses2002")
    assert again.__notes__ == ["plugin ses2002"]
    assert str(again) == str(error)
    assert again.render("ja") == error.render("ja")
