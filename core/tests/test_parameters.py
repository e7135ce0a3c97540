"""Parameters: one class gives settings, options, checks and provenance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.errors import SettingsError
from shirube.parameters import build, effective, fields, parameter, parameters, suggestion


@parameters
class Fit:
    """As a plugin writes it."""

    max_peaks: int = parameter(8, en="Largest number of peaks.", ja="ピークの最大数。", ge=1, le=20)
    width: float = parameter(1.2, en="Width.", ja="幅。", unit="eV", gt=0.0)
    limit: float | None = parameter(None, en="Limit.", ja="上限。", le=5.0)
    smooth: bool = parameter(False, en="Smooth.", ja="平滑化する。")
    background: str = parameter("shirley", en="Background.", ja="バックグラウンド。", choices=("shirley", "none"))
    windows: tuple[int, ...] = parameter((5, 7), en="Windows.", ja="窓。", ge=3)
    name: str | None = parameter(None, en="Name.", ja="名前。")


def test_the_class_tells_what_is_known_of_each_field():
    known = {one.name: one for one in fields(Fit)}
    assert list(known) == ["max_peaks", "width", "limit", "smooth", "background", "windows", "name"]
    assert (known["width"].default, known["width"].unit, known["width"].type) == (1.2, "eV", float)
    assert known["max_peaks"].range_text == ">= 1, <= 20"
    assert known["background"].range_text == "shirley | none"
    assert known["smooth"].range_text == ""
    assert known["max_peaks"].help.ja == "ピークの最大数。"


def test_an_instance_is_frozen_and_takes_keywords_only():
    assert effective(Fit()) == {
        "max_peaks": 8,
        "width": 1.2,
        "limit": None,
        "smooth": False,
        "background": "shirley",
        "windows": (5, 7),
        "name": None,
    }
    with pytest.raises(AttributeError):
        Fit().width = 2.0
    with pytest.raises(TypeError):
        Fit(3)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("max_peaks", 3, 3),
        ("max_peaks", "3", 3),
        ("width", 2, 2.0),
        ("width", "0.25", 0.25),
        ("limit", "none", None),
        ("limit", None, None),
        ("limit", "-3e2", -300.0),
        ("smooth", "yes", True),
        ("smooth", "OFF", False),
        ("smooth", True, True),
        ("background", "none", "none"),
        ("windows", "3,5, 7", (3, 5, 7)),
        ("windows", [9], (9,)),
        ("windows", "", ()),
        ("name", "none", None),
        ("name", "C 1s", "C 1s"),
    ],
)
def test_settings_and_command_lines_become_values_of_the_right_type(name, value, expected):
    built = getattr(build(Fit, {name: value}), name)
    assert built == expected
    assert type(built) is type(expected)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("max_peaks", 0, "a whole number (>= 1, <= 20)"),
        ("max_peaks", 21, "a whole number"),
        ("max_peaks", "3.5", "a whole number"),
        ("max_peaks", 3.0, "a whole number"),
        ("max_peaks", True, "a whole number"),
        ("max_peaks", None, "a whole number"),
        ("width", 0.0, "a number (> 0 eV)"),
        ("width", "wide", "a number"),
        ("width", "nan", "a number"),
        ("width", float("inf"), "a number"),
        ("width", 10**400, "a number"),
        ("width", True, "a number"),
        ("width", None, "a number"),
        ("limit", 6, "a number (<= 5)"),
        ("smooth", 1, "true or false"),
        ("smooth", "maybe", "true or false"),
        ("background", "tougaard", "shirley | none"),
        ("background", 3, "a text"),
        ("windows", "3,x", "a list"),
        ("windows", [2], "a list (>= 3)"),
        ("windows", 5, "a list"),
        ("name", 5, "a text"),
    ],
)
def test_wrong_values_are_refused_with_what_is_expected(name, value, expected):
    with pytest.raises(SettingsError) as caught:
        build(Fit, {name: value}, "analyses.fit")
    said = str(caught.value)
    assert f"analyses.fit.{name} = " in said
    assert expected in said
    assert f"analyses.fit.{name}" in caught.value.render("ja")


def test_all_problems_are_told_at_once_with_suggestions():
    with pytest.raises(SettingsError) as caught:
        build(Fit, {"max_peak": 3, "width": -1, "colour": "red"}, "analyses.fit")
    said = str(caught.value)
    assert "analyses.fit.max_peak is no parameter; remove or rename it. Did you mean 'max_peaks'?" in said
    assert "analyses.fit.width = -1" in said
    assert "analyses.fit.colour is no parameter" in said
    assert "「max_peaks」ではありませんか" in caught.value.render("ja")


def test_a_field_that_says_nothing_of_itself_is_no_parameter():
    @parameters
    class Careless:
        width: float = 1.0

    with pytest.raises(TypeError, match=r"Careless\.width is not a parameter"):
        fields(Careless)


def test_nothing_near_gives_no_suggestion():
    assert suggestion("zzz", ["alpha", "beta"]).en == ""
    assert suggestion("alpa", {"alpha": 1}).en == " Did you mean 'alpha'?"


@given(
    st.dictionaries(
        st.sampled_from([one.name for one in fields(Fit)] + ["other"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=5)
        | st.lists(st.integers(), max_size=3),
    )
)
def test_any_settings_build_or_are_refused(values):
    try:
        built = build(Fit, values)
    except SettingsError:
        return
    # What was built can be written to a settings file and gives the same again.
    assert build(Fit, effective(built)) == built
    assert 1 <= built.max_peaks <= 20
    assert built.width > 0.0


def test_a_lone_text_is_a_list_of_one_in_settings_and_in_python():
    @parameters
    class Choosy:
        """With a list of texts."""

        shapes: tuple[str, ...] = parameter(("a",), en="Shapes.", ja="形。", choices=("a", "b"))

    assert Choosy(shapes="b").shapes == ("b",)
    assert Choosy(shapes=["a", "b"]).shapes == ("a", "b")
    assert build(Choosy, {"shapes": "a, b"}).shapes == ("a", "b")
    with pytest.raises(SettingsError, match="shapes"):
        build(Choosy, {"shapes": "a,c"})
