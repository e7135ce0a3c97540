"""The conformance kit's own rules: outcomes, expected failures, samples, and its three doors."""

import json
import os
import subprocess
import sys
import warnings

import pytest

from shirube.cli import run_command_line
from shirube.deprecation import Deprecation, ShirubeDeprecationWarning, warn_of_hook, warn_of_use
from shirube.errors import MissingPluginError, PluginError, UsageError
from shirube.testing import (
    Conformance,
    Samples,
    all_checks,
    check_plugin,
    fake_distribution,
    iter_checks,
    on_path,
    parametrize_with_checks,
)

PLUGIN = '''
"""A plugin with one amendment."""

from shirube.hooks import Amendment, Text, hookimpl


@hookimpl
def shirube_amendments():
    return [
        Amendment(
            name="tiny",
            description=Text(en="nothing", ja="{ja}"),
            sets=(),
            implementation="tiny_amendment",
        )
    ]
'''
AMENDMENT = '''
"""States nothing."""

from shirube.records import Amended


def amend(spectrum, measurement, facts, parameters):
    return Amended()
'''
MAPPING = '''
"""A plugin with a term."""

from shirube.hooks import MetadataMap, Resource, Text, hookimpl


@hookimpl
def shirube_metadata_maps():
    words = Text(en="one term", ja="用語")
    return [MetadataMap(name="tiny", description=words, reader="columns", resource=Resource("terms", "map.toml"))]
'''


@pytest.fixture
def tiny(tmp_path):
    """Install a plugin whose description is, or is not, in Japanese."""

    def install(ja="なし", samples=None):
        modules = {"tiny_plugin": PLUGIN.format(ja=ja), "tiny_amendment": AMENDMENT}
        return fake_distribution(
            tmp_path / "site", "tiny", plugins={"tiny": "tiny_plugin"}, modules=modules, samples=samples
        )

    return install


def outcome(id_, **options):
    """Return what came of a check that was made in this process."""
    with Conformance("tiny", **{"limits": None, **options}) as kit:
        return kit.outcome(id_)


def test_there_are_more_than_sixty_checks_each_with_a_sentence_in_both_languages():
    checks = all_checks()
    assert len(checks) > 60
    for check in checks:
        assert check.message.en.endswith("."), check.id
        assert check.message.ja.endswith("。"), check.id
        assert set(check.requires) <= {one.id for one in checks}, check.id


def test_a_check_passes_or_fails_with_what_was_seen(tiny):
    with on_path(tiny("nothing")):
        found = outcome("API05")
        assert (found.status, found.detail.en) == ("fail", "tiny")
        assert outcome("API02").status == "pass"


def test_a_check_of_what_the_plugin_has_not_is_skipped_with_a_reason(tiny):
    with on_path(tiny()):
        found = outcome("READ08")
        assert (found.status, found.detail.en) == ("skip", "the plugin registers no readers")


def test_a_check_that_requires_a_failed_one_is_skipped_and_names_it(tiny):
    folder = tiny()
    (folder / "tiny_plugin.py").write_text("raise ValueError\n", encoding="utf-8")
    with on_path(folder):
        found = {one.check.id: one for one in check_plugin("tiny", limits=None)}
    assert [name for name, one in found.items() if one.status == "fail"] == ["API01"]
    assert found["AMD03"].detail.en == "not checked, because API01 fails"


def test_units_that_the_core_cannot_know_alone_are_no_pass(tiny, monkeypatch):
    from shirube.units import _library

    folder = tiny()
    (folder / "tiny_plugin.py").write_text(MAPPING, encoding="utf-8")
    term = '[terms."tiny.field"]\nen = "Field"\nja = "場"\ntype = "number"\nunit = "bananas"\n'
    (folder / "terms").mkdir()
    (folder / "terms" / "__init__.py").write_text('"""Terms."""\n', encoding="utf-8")
    (folder / "terms" / "map.toml").write_text(term, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "pint", None)
    # Another test may have used pint in this process.
    _library._registry.cache_clear()
    with on_path(folder):
        found = outcome("MAP07")
    assert found.status == "skip"
    assert "tiny.field (bananas)" in found.detail.en


def test_an_expected_failure_is_told_with_its_reason(tiny):
    with on_path(tiny("nothing")):
        found = outcome("API05", expected_failures={"API05": "translated next week"})
        assert (found.status, found.detail.en) == ("expected", "translated next week")


def test_an_expected_failure_that_passes_fails(tiny):
    with on_path(tiny()):
        found = outcome("API05", expected_failures={"API05": "translated next week"})
        assert found.status == "fail"
        assert "translated next week" in found.detail.en


@pytest.mark.parametrize(("expected", "said"), [({"API5": "why"}, "API5"), ({"API05": " "}, "say why")])
def test_an_unknown_id_and_a_missing_reason_are_errors(tiny, expected, said):
    with on_path(tiny()), pytest.raises(UsageError, match=said):
        Conformance("tiny", expected_failures=expected)


def test_a_plugin_that_is_not_installed_is_said():
    with pytest.raises(MissingPluginError, match="no-such-plugin"):
        Conformance("no-such-plugin")


def test_samples_that_are_none_are_refused(tiny):
    with on_path(tiny(samples={"tiny": "builtins:dict"})), pytest.raises(PluginError, match=r"builtins:dict.*dict"):
        Conformance("tiny")


def test_samples_can_be_read_from_a_folder(tmp_path):
    (tmp_path / "試料.abc").write_bytes(b"abc")
    assert dict(Samples.from_folder(tmp_path, formats=("ses",)).files) == {"試料.abc": b"abc"}


def test_a_generated_check_is_a_test_that_fails_or_skips(tiny):
    from unittest import SkipTest

    with on_path(tiny("nothing")):
        by_id = {}
        for check in iter_checks("tiny", limits=None):
            try:
                check()
            except (AssertionError, SkipTest) as error:
                by_id[check.id] = error
    assert "is described in English and in Japanese. (tiny)" in str(by_id["API05"])
    assert isinstance(by_id["READ08"], SkipTest)
    assert "API02" not in by_id


def test_the_decorator_gives_a_test_every_check_by_its_id(tiny):
    with on_path(tiny()):
        _, planned = parametrize_with_checks("tiny").args
        assert [one.id for one in planned] == [one.id for one in all_checks()]
        next(one for one in planned if one.id == "API02")()


def test_the_command_says_what_fails_and_ends_with_1(tiny, capsys):
    with on_path(tiny("nothing")):
        assert run_command_line(["plugins", "check", "tiny", "--only", "API", "--json"]) == 1
        document = json.loads(capsys.readouterr().out)
        assert [one["id"] for one in document["checks"] if one["status"] == "fail"] == ["API05"]
        expected = ["--expect", "API05=why", "--no-isolate"]
        assert run_command_line(["plugins", "check", "tiny", "--only", "API", *expected]) == 0
        assert run_command_line(["plugins", "check", "tiny", "--only", "APY"]) == 2


def test_a_check_that_does_not_end_is_stopped_and_said_in_both_languages(tiny, capsys):
    folder = tiny()
    (folder / "tiny_amendment.py").write_text(AMENDMENT.replace("return", "__import__('time').sleep(600)\n    return"))
    command = ["plugins", "check", "tiny", "--only", "AMD03", "--only", "PKG14", "--seconds", "4", "--json"]
    with on_path(folder):
        assert run_command_line(command) == 1
        found = {one["id"]: one for one in json.loads(capsys.readouterr().out)["checks"]}
        assert run_command_line([*command, "--no-isolate"]) == 2
    assert "did not end within 4 s" in found["AMD03"]["detail"]["en"]
    assert found["AMD03"]["detail"]["ja"].startswith("一つの点検に許された 4 秒以内に終わらず")
    assert found["AMD03"]["detail"]["en"].endswith("[shirube_amendments: tiny]")
    assert found["PKG14"]["status"] == "pass"


def test_a_hook_in_which_the_process_ends_is_entered_once(tiny):
    """No check after it, neither those that import the plugin in a process of their own, meets the same end again."""
    folder = tiny()
    plugin = folder / "tiny_plugin.py"
    plugin.write_text(plugin.read_text().replace("return", "__import__('os')._exit(0)\n    return", 1))
    with on_path(folder), Conformance("tiny") as kit:
        found = {one: kit.outcome(one) for one in ("API02", "API12", "IMP01")}
    assert [one for one, outcome in found.items() if outcome.status == "fail"] == ["API02"]
    assert found["IMP01"].detail.en == "not checked, because API02 fails"


def test_an_interrupt_that_the_plugin_raises_fails_its_check_and_the_kit_goes_on(tiny):
    folder = tiny()
    (folder / "tiny_amendment.py").write_text(AMENDMENT.replace("return", "raise KeyboardInterrupt\n    return"))
    with on_path(folder), Conformance("tiny") as kit:
        found = kit.outcome("AMD03")
        assert (found.status, found.detail.en.partition(":")[0]) == ("fail", "KeyboardInterrupt")
        assert kit.outcome("PKG14").status == "pass"


@pytest.mark.parametrize(("options", "here"), [((), False), (("--no-isolate",), True)])
def test_a_plugin_is_checked_in_a_process_apart_unless_it_is_asked_for_here(tiny, tmp_path, options, here):
    folder = tiny()
    told = tmp_path / "pid"
    said = f"open({str(told)!r}, 'w').write(str(__import__('os').getpid()))"
    (folder / "tiny_amendment.py").write_text(AMENDMENT.replace("return", f"{said}\n    return"))
    with on_path(folder):
        run_command_line(["plugins", "check", "tiny", "--only", "AMD03", *options])
    assert (int(told.read_text()) == os.getpid()) is here


def test_samples_that_end_the_process_are_said(tiny):
    folder = tiny(samples={"tiny": "tiny_samples:samples"})
    (folder / "tiny_samples.py").write_text("def samples():\n    __import__('os')._exit(7)\n", encoding="utf-8")
    with on_path(folder), pytest.raises(PluginError, match=r"samples of plugin 'tiny'.*exit status 7"):
        Conformance("tiny")


def test_the_suite_is_there_for_pytest(tiny, tmp_path):
    folder = tiny("nothing")
    path = f"import sys; sys.path.insert(0, {str(folder)!r}); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    arguments = ["-q", "-rA", "-p", "no:cacheprovider", "-k", "API", "--pyargs", "shirube.testing.suite"]
    command = [sys.executable, "-c", path, *arguments, "--shirube-plugin", "tiny"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED" in done.stdout
    assert "API05: Every record is described" in done.stdout
    assert "PASSED" in done.stdout


GONE = Deprecation(since="1.1", removed_in="2.0", instead="shirube.hooks.Reader")


def test_a_deprecated_hook_warns_at_the_function_that_implements_it():
    def shirube_old():
        return []

    with pytest.warns(ShirubeDeprecationWarning, match=r"shirube_old is deprecated since plugin API 1\.1") as caught:
        warn_of_hook(shirube_old, "shirube_old", {"shirube_old": GONE})
    assert (caught[0].filename, caught[0].lineno) == (__file__, shirube_old.__code__.co_firstlineno)


def test_a_deprecated_name_warns_at_the_line_that_uses_it_and_still_works():
    from shirube import hooks

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = sys._getframe().f_lineno + 1
        found = warn_of_use("shirube.hooks", "OldReader", {"shirube.hooks.OldReader": GONE})
    assert found is hooks.Reader
    assert (caught[0].filename, caught[0].lineno) == (__file__, line)


def test_a_name_that_never_was_is_no_attribute():
    from shirube import hooks

    with pytest.raises(AttributeError, match="NoSuchRecord"):
        _ = hooks.NoSuchRecord
