"""Plugins are found by name, loaded one by one, and every mistake is refused or reported."""

import concurrent.futures
import multiprocessing
import pickle

import pytest

from shirube.blame import PluginNote, call, note_of
from shirube.errors import InputError, MissingPluginError, PluginError, all_problems, message_of
from shirube.hooks import Analysis, Reader
from shirube.messages import Message, Text
from shirube.plugins import discover, load_plugins
from shirube.testing import fake_distribution, on_path

GOOD = """
    from shirube.hooks import Reader, Text, hookimpl

    class Implementation:
        @staticmethod
        def claims(source):
            return source.head.startswith(b"GOOD")
        @staticmethod
        def read(source, parameters):
            raise KeyError("broken inside")

    @hookimpl
    def shirube_readers():
        return [Reader(name="{name}", description=Text(en="a", ja="a"), suffixes=(".good",),
                       implementation=Implementation)]
"""


def plugin(folder, name, source, distribution=None, version="1.0"):
    module = f"fake_{name}_{(distribution or name).replace('-', '_')}"
    return fake_distribution(
        folder, distribution or f"dist-{name}", version=version, plugins={name: module}, modules={module: source}
    )


def load(folder, *, strict=False, **options):
    with on_path(folder):
        return load_plugins(strict=strict, allow=options.pop("allow", None), **options)


def failure(folder, name):
    plugins = load(folder)
    assert name not in plugins.sources
    (found,) = [one for one in plugins.failures if one.source.name == name]
    return found.reason.en


def test_plugins_are_registered_in_the_order_of_their_names_whatever_the_path_order(tmp_path):
    for name in ("zeta", "alpha", "mid"):
        plugin(tmp_path, name, GOOD.format(name=name))
    names = [name for name in load(tmp_path).sources if name in ("zeta", "alpha", "mid")]
    assert names == ["alpha", "mid", "zeta"]


def test_one_name_offered_by_two_distributions_is_refused_and_names_both(tmp_path):
    plugin(tmp_path, "twin", GOOD.format(name="one"), "first-dist", "1.2")
    plugin(tmp_path, "twin", GOOD.format(name="two"), "second-dist", "9.9")
    assert "twin" not in load(tmp_path).sources
    with pytest.raises(PluginError, match=r"'twin' is offered by first-dist 1\.2, second-dist 9\.9"):
        load(tmp_path, strict=True)


def test_a_conflict_is_settled_by_blocking_one_distribution(tmp_path):
    plugin(tmp_path, "twin", GOOD.format(name="one"), "first-dist")
    plugin(tmp_path, "twin", GOOD.format(name="two"), "second-dist")
    loaded = load(tmp_path, strict=True, block=("second-dist",))
    assert loaded.sources["twin"].distribution == "first-dist"


def test_a_plugin_that_cannot_be_imported_is_reported_and_the_others_work(tmp_path):
    plugin(tmp_path, "broken", "import no_such_module_anywhere")
    plugin(tmp_path, "good", GOOD.format(name="good"))
    loaded = load(tmp_path)
    assert "good" in loaded.sources
    assert "no_such_module_anywhere" in failure(tmp_path, "broken")
    with pytest.raises(PluginError, match="'broken' cannot be used"):
        load(tmp_path, strict=True)


def test_a_plugin_that_exits_on_import_is_reported_and_nothing_ends(tmp_path):
    plugin(tmp_path, "quitter", "raise SystemExit(7)")
    assert "ends the program (status 7)" in failure(tmp_path, "quitter")


def test_all_broken_plugins_are_told_at_once(tmp_path):
    plugin(tmp_path, "one", "1/0")
    plugin(tmp_path, "two", "raise SystemExit")
    with pytest.raises(PluginError) as caught:
        load(tmp_path, strict=True)
    assert "'one'" in str(caught.value)
    assert "'two'" in str(caught.value)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "@hookimpl\ndef shirube_raeders(): return []",
            "'shirube_raeders', which is no hook. Did you mean 'shirube_readers'",
        ),
        ("@hookimpl\ndef shirube_readers(context=None): return []", "takes the argument context"),
        ("@hookimpl\ndef shirube_readers(*, deep): return []", "takes the argument deep"),
        ("@hookimpl(wrapper=True)\ndef shirube_readers():\n    return (yield)", "marked wrapper"),
        ("@hookimpl(hookwrapper=True)\ndef shirube_readers():\n    yield", "marked hookwrapper"),
        ("@hookimpl(tryfirst=True)\ndef shirube_readers(): return []", "marked tryfirst"),
        ("@hookimpl(trylast=True)\ndef shirube_readers(): return []", "marked trylast"),
        ("import functools\n@hookimpl\n@functools.lru_cache\ndef shirube_readers(): return []", "not a plain function"),
        ("def shirube_readers(): return []", "not marked with @hookimpl"),
    ],
)
def test_what_pluggy_would_swallow_is_refused(tmp_path, source, said):
    plugin(tmp_path, "odd", "from shirube.hooks import hookimpl\n" + source)
    assert said in failure(tmp_path, "odd")


def test_every_mistake_of_a_plugin_is_told_at_once(tmp_path):
    hooks = "@hookimpl\ndef shirube_raeders(): pass\n@hookimpl\ndef shirube_guides(x): pass"
    source = "from shirube.hooks import hookimpl\n" + hooks
    reason = failure(plugin(tmp_path, "odd", source), "odd")
    assert "shirube_raeders" in reason
    assert "argument x" in reason


def test_a_record_that_two_plugins_register_is_refused_and_names_both(tmp_path):
    plugin(tmp_path, "one", GOOD.format(name="same"))
    plugin(tmp_path, "two", GOOD.format(name="same"))
    with (
        on_path(tmp_path),
        pytest.raises(PluginError, match=r"'same' is registered by one \(dist-one 1\.0\) and by two") as caught,
    ):
        _ = load_plugins(strict=True, allow=("one", "two")).readers
    # Either may be the one to blame.
    assert note_of(caught.value) is None


def test_a_hook_that_returns_something_else_is_refused(tmp_path):
    plugin(tmp_path, "odd", "from shirube.hooks import hookimpl\n@hookimpl\ndef shirube_readers(): return ['text']")
    with on_path(tmp_path), pytest.raises(PluginError, match="returned a str where Reader is expected"):
        _ = load_plugins(strict=True, allow=("odd",)).readers


def test_an_exception_inside_a_hook_keeps_its_type_and_names_the_culprit(tmp_path):
    plugin(
        tmp_path, "odd", "from shirube.hooks import hookimpl\n@hookimpl\ndef shirube_guides(): raise LookupError('no')"
    )
    with on_path(tmp_path), pytest.raises(LookupError) as caught:
        _ = load_plugins(strict=True, allow=("odd",)).guides
    note = note_of(caught.value)
    assert (note.plugin, note.distribution, note.version, note.hook, note.record) == (
        "odd",
        "dist-odd",
        "1.0",
        "shirube_guides",
        None,
    )


def call_read(folder):
    with on_path(folder):
        plugins = load_plugins(strict=True, allow=("good",))
        plugins.call(plugins.readers["good"], "read", None, None)


def assert_blames_the_record(error):
    note = note_of(error)
    assert isinstance(note, PluginNote)
    assert (note.plugin, note.distribution, note.version) == ("good", "dist-good", "2.5")
    assert (note.hook, note.record) == ("shirube_readers", "good")
    assert "record 'good' of hook 'shirube_readers' of plugin 'good' (dist-good 2.5)" in note


def test_an_exception_inside_a_record_keeps_its_type_and_names_the_culprit(tmp_path):
    plugin(tmp_path, "good", GOOD.format(name="good"), version="2.5")
    with pytest.raises(KeyError, match="broken inside") as caught:
        call_read(tmp_path)
    assert_blames_the_record(caught.value)


def test_the_blame_survives_pickling(tmp_path):
    plugin(tmp_path, "good", GOOD.format(name="good"), version="2.5")
    with pytest.raises(KeyError) as caught:
        call_read(tmp_path)
    assert_blames_the_record(pickle.loads(pickle.dumps(caught.value)))  # noqa: S301 our own bytes


def test_the_blame_comes_back_from_a_worker_process(tmp_path):
    plugin(tmp_path, "good", GOOD.format(name="good"), version="2.5")
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        error = pool.submit(call_read, tmp_path).exception()
    assert isinstance(error, KeyError)
    assert_blames_the_record(error)


def test_a_blocked_plugin_is_never_imported_and_is_listed_as_blocked(tmp_path):
    plugin(tmp_path, "danger", "raise SystemExit('imported')")
    loaded = load(tmp_path, block=("danger",))
    assert "danger" in loaded.blocked
    assert not [one for one in loaded.failures if one.source.name == "danger"]


def test_an_allow_list_lets_in_nothing_else(tmp_path):
    plugin(tmp_path, "good", GOOD.format(name="good"))
    plugin(tmp_path, "other", GOOD.format(name="other"))
    assert set(load(tmp_path, allow=("dist-good",)).sources) == {"core", "good"}


def test_discovery_imports_nothing(tmp_path):
    plugin(tmp_path, "danger", "raise SystemExit('imported')")
    with on_path(tmp_path):
        assert "danger" in discover().plugins


def test_a_local_file_is_a_plugin_and_its_version_is_its_content(tmp_path):
    file = tmp_path / "site_rules.py"
    file.write_text(
        "from shirube.hooks import hookimpl\n@hookimpl\ndef shirube_guides(): return []\n", encoding="utf-8"
    )
    source = load(tmp_path, files=(file,)).sources["site_rules"]
    assert source.distribution == "site_rules.py"
    assert len(source.version) == 12


def test_a_missing_local_file_is_reported(tmp_path):
    plugins = load(tmp_path, files=(tmp_path / "absent.py",))
    assert "does not exist" in plugins.failures[-1].reason.en


def test_a_record_that_is_not_there_says_what_to_install_or_what_was_meant(tmp_path):
    plugin(tmp_path, "good", GOOD.format(name="good"))
    with on_path(tmp_path):
        plugins = load_plugins(strict=True, allow=("good",))
        with pytest.raises(MissingPluginError, match="Did you mean 'good'"):
            plugins.named("shirube_readers", "goood")
        # Where the distribution is installed, this keeps it out.
        with pytest.raises(MissingPluginError, match=r"pip install shirube-bicfit|shirube-bicfit.*kept out") as caught:
            plugins.named("shirube_analyses", "bicfit")
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "again = hookimpl(specname='shirube_guides')\n@again\ndef a(): return []\n@again\ndef b(): return []",
            "implements shirube_guides several times (a, b)",
        ),
        ("def shirube_polices(): return []", "'shirube_polices', which is no hook. Did you mean 'shirube_policies'"),
        ("raise KeyError('one\\ntwo')", "KeyError: 'one\\ntwo'"),
        ("class Odd(BaseException): pass\nraise Odd('one\\ntwo')", "Odd: one two"),
        ("class Odd(Exception):\n    def __str__(self): raise KeyError\nraise Odd", "Odd"),
    ],
)
def test_what_would_be_lost_or_escape_is_a_reason_in_one_line(tmp_path, source, said):
    plugin(tmp_path, "odd", "from shirube.hooks import hookimpl\n" + source)
    assert said in failure(tmp_path, "odd")
    assert "\n" not in failure(tmp_path, "odd")


@pytest.mark.parametrize(
    "source", ["def shirube_path(): return []", "from unittest.mock import MagicMock, call\nmock = MagicMock()"]
)
def test_what_is_no_hook_and_looks_like_none_is_let_be(tmp_path, source):
    plugin(tmp_path, "fine", source)
    assert "fine" in load(tmp_path).sources


class OwnWayError(InputError):
    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


def raise_in_its_own_way():
    call(PluginNote.of("mine", "dist-mine", "1.0", "shirube_readers"), raises, OwnWayError("this", "that"))


def raises(error):
    raise error


def test_an_error_made_in_a_way_of_its_own_comes_back_from_a_worker_process_with_its_blame():
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        error = pool.submit(raise_in_its_own_way).exception()
    assert isinstance(error, OwnWayError)
    assert str(error) == "this and that"
    assert note_of(error).plugin == "mine"


def test_errors_made_in_ways_of_their_own_are_told_together_with_their_blame():
    errors = []
    for number in (1, 2):
        with pytest.raises(OwnWayError) as caught:
            call(PluginNote.of("mine", "dist-mine", "1.0", "shirube_readers"), raises, OwnWayError("file", number))
        errors.append(caught.value)
    together = all_problems(errors)
    assert type(together) is InputError
    assert together.render("ja").splitlines() == ["file and 1", "file and 2"]
    assert note_of(together).plugin == "mine"


class UnsayableError(Exception):
    def __str__(self):
        raise RuntimeError


class UnnotableError(Exception):
    def add_note(self, note):
        raise TypeError(note)


class Unusual(BaseException):
    pass


@pytest.mark.parametrize("error", [UnsayableError(), UnnotableError("x"), Unusual("one\ntwo"), SystemExit(0)], ids=type)
def test_whatever_a_plugin_raises_is_blamed_on_it_and_can_be_said_in_one_line(error):
    with pytest.raises(Exception) as caught:  # noqa: PT011 which class is what the test is about
        call(PluginNote.of("mine", "dist-mine", "1.0", "shirube_readers"), raises, error)
    assert note_of(caught.value).plugin == "mine"
    assert len(message_of(caught.value).splitlines()) == 1


def test_an_interrupt_is_nobodys_fault():
    with pytest.raises(KeyboardInterrupt) as caught:
        call(PluginNote.of("mine", "dist-mine", "1.0", "shirube_readers"), raises, KeyboardInterrupt())
    assert note_of(caught.value) is None


def test_a_message_that_nobody_wrote_still_says_what_it_can():
    assert "no-such-code" in message_of(InputError(Message("shirube", "no-such-code")), "ja")


def reader(**changes):
    about = {"name": "good", "description": Text(en="a", ja="a"), "suffixes": (".good",), "implementation": "m"}
    return Reader(**{**about, **changes})


@pytest.mark.parametrize(
    "name", ["../escaped", "Upper", "a.b", "a b", "", "1st", "entries", "none", "name\n", 3, None], ids=repr
)
def test_a_name_that_is_no_name_is_refused_where_the_record_is_made(name):
    with pytest.raises(PluginError, match="name = "):
        reader(name=name)


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "plain"},
        {"suffixes": ("good",)},
        {"suffixes": (1,)},
        {"sidecar": "{base}.json"},
        {"sidecar": "{0}.json"},
        {"sidecar": "{stem"},
        {"sidecar": 3},
    ],
    ids=str,
)
def test_a_field_that_cannot_be_used_is_refused_where_the_record_is_made(changes):
    with pytest.raises(PluginError, match=f"{next(iter(changes))} = "):
        reader(**changes)


def test_a_text_in_place_of_several_is_refused():
    with pytest.raises(TypeError, match=r"\('.good',\)"):
        reader(suffixes=".good")


def test_the_case_of_a_suffix_does_not_matter():
    assert reader(suffixes=(".ACQ", ".Txt")).suffixes == (".acq", ".txt")


def test_an_analysis_has_one_of_two_scopes():
    with pytest.raises(PluginError, match="give one of spectrum, entry"):
        Analysis(name="a", description=Text(en="a", ja="a"), implementation="m", scope="spectra")


def test_a_record_refused_inside_a_hook_names_the_plugin(tmp_path):
    plugin(tmp_path, "good", GOOD.format(name="../escaped"))
    with on_path(tmp_path), pytest.raises(PluginError) as caught:
        _ = load_plugins(strict=True, allow=("good",)).readers
    assert note_of(caught.value).plugin == "good"


@pytest.mark.parametrize(
    "reference",
    ["3", "int", "'fake_good_good:Unmarked'", "'fake_good_good:Strict'", "'fake_good_good:Absent'"],
)
def test_a_parameters_class_that_cannot_be_used_is_the_plugins_fault(tmp_path, reference):
    classes = """
    import attrs
    from shirube.parameters import parameter
    @attrs.frozen
    class Unmarked:
        x: int = 1
    @attrs.frozen(kw_only=True)
    class Strict:
        x: int = parameter(1, en="x", ja="x")
        def __attrs_post_init__(self):
            raise LookupError("never content")
    """
    plugin(
        tmp_path, "good", classes + GOOD.format(name="good").replace("suffixes=", f"parameters={reference}, suffixes=")
    )
    with on_path(tmp_path):
        plugins = load_plugins(strict=True, allow=("good",))
        with pytest.raises(Exception) as caught:  # noqa: PT011 which class is the plugin's own affair
            plugins.parameters(plugins.readers["good"], {})
    assert note_of(caught.value).record == "good"
