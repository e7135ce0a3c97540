"""``plugins list`` and ``config show``: what is active, kept out, broken or overridden, and who says so."""

import json

import pytest

from shirube.cli import run_command_line
from shirube.testing import fake_distribution, on_path

SITE = """
from shirube.hooks import Analysis, Guide, Resource, Text, hookimpl
from shirube.parameters import parameter, parameters

@parameters
class Parameters:
    factor: float = parameter(1.0, en="Factor.", ja="係数", gt=0.0)
    names: tuple[str, ...] = parameter((), en="Names.", ja="名前")

class Work:
    pass

@hookimpl
def shirube_analyses():
    about = Text(en="site", ja="site")
    return [Analysis(name="site", description=about, implementation=Work(), parameters=Parameters)]

@hookimpl
def shirube_guides():
    about = Text(en="site", ja="site")
    return [Guide(name="site", description=about, resource=Resource("site_data", "guide.toml"))]
"""
GUIDE = """
[overview]
title = "Site"
instrument = "Site"
maker = "Maker"
model = "One"
edition = "1"
issued = "2026-01"
publisher = "Us"

[match]
readers = ["columns"]

[files]
data = ["*.csv"]

[axes]
angle = "sum"

[[analyses]]
analysis = "site"
parameters = { factor = 2.0 }

[conditions.narrow]
label = "narrow"

[[conditions.narrow.conditions]]
term = "pass_energy"
label = "Pass energy"
comparison = "equal"
value = 50.0
"""
FACILITY = """
[plugins]
allow = ["dist-site", "dist-broken", "dist-blocked", "nobody"]
block = ["blocked"]
files = ["local.py"]

[analyses.site]
factor = 3.0

[guides.site.conditions.narrow.conditions.pass_energy]
value = 100.0

[facts]
work_function = 4.4

[profiles.strict.run]
fail_on = "may"

[[waivers]]
rule = "A-1"
reason = "agreed"
approved_by = "K. Sato"
expires = 2027-03-31
"""


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    home = tmp_path / "facility"
    home.mkdir()
    (home / "shirube.toml").write_text(FACILITY, encoding="utf-8")
    (home / "local.py").write_text("", encoding="utf-8")
    site = tmp_path / "site"
    fake_distribution(site, "dist-site", plugins={"site": "fake_site"}, modules={"fake_site": SITE})
    fake_distribution(site, "dist-broken", plugins={"broken": "fake_broken"}, modules={"fake_broken": "import nope"})
    for name in ("blocked", "other"):
        fake_distribution(site, f"dist-{name}", plugins={name: f"fake_{name}"}, modules={f"fake_{name}": "1 / 0"})
    (site / "site_data").mkdir()
    (site / "site_data" / "__init__.py").write_text("", encoding="utf-8")
    (site / "site_data" / "guide.toml").write_text(GUIDE, encoding="utf-8")
    monkeypatch.setenv("SHIRUBE_CONFIG", str(home / "shirube.toml"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = run_command_line([str(one) for one in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    with on_path(site):
        yield run


def rows(out):
    return {row["name"]: row for row in json.loads(out)["plugins"]}


def test_the_metadata_alone_say_what_is_there_and_what_is_kept_out_by_whom(call):
    code, out, _ = call("plugins", "list", "--json")
    found = rows(out)
    assert code == 0
    states = {name: found[name]["status"] for name in ("site", "broken", "blocked", "other", "local", "nobody")}
    assert states == {
        "site": "installed",
        "broken": "installed",
        "blocked": "blocked",
        "other": "blocked",
        "local": "installed",
        "nobody": "absent",
    }
    assert "plugins.block (facility shirube.toml)" in found["blocked"]["reason"]["en"]
    assert "plugins.allow (facility shirube.toml)" in found["other"]["reason"]["en"]
    assert found["local"]["distribution"] == "local.py"
    assert "plugins.allow" in found["nobody"]["reason"]["ja"]


def test_loading_adds_failures_with_reasons_records_and_what_overrides_them(call):
    code, out, _ = call("plugins", "list", "--load", "--json")
    found = rows(out)
    assert code == 3
    assert (found["broken"]["status"], "nope" in found["broken"]["reason"]["en"]) == ("failed", True)
    assert found["blocked"]["status"] == "blocked"
    assert found["site"]["records"] == ["guides.site", "analyses.site"]
    assert {one["name"]: one["value"] for one in found["site"]["overrides"]} == {
        "analyses.site.factor": 3.0,
        "guides.site.conditions.narrow.conditions.pass_energy.value": 100.0,
    }
    _, out, _ = call("plugins", "list", "--load")
    assert "value = 100.0  (facility shirube.toml, instead of 50.0: default dist-site 1.0)" in out
    assert "facts.work_function = 4.4  (facility shirube.toml)" in out
    # A state is a word; the sentence with the reason follows in its own line.
    assert "{" not in out


@pytest.mark.parametrize("load", [[], ["--load"]])
def test_a_plugin_file_that_is_not_there_is_told(call, tmp_path, load):
    (tmp_path / "facility" / "local.py").unlink()
    code, out, _ = call("plugins", "list", *load, "--json")
    assert code == 3
    assert rows(out)["local"]["status"] == "failed"
    assert "local.py" in rows(out)["local"]["reason"]["en"]


@pytest.mark.parametrize("load", [[], ["--load"]])
def test_a_plugin_file_that_has_the_name_of_an_installed_plugin_is_told(call, tmp_path, load):
    (tmp_path / "facility" / "local.py").rename(tmp_path / "facility" / "site.py")
    config = tmp_path / "facility" / "shirube.toml"
    config.write_text(FACILITY.replace("local.py", "site.py"), encoding="utf-8")
    code, out, _ = call("plugins", "list", *load, "--json")
    assert code == 3
    (row,) = [one for one in json.loads(out)["plugins"] if one["distribution"] == "site.py"]
    assert row["status"] in ("conflict", "failed")
    assert (
        "has the name of the plugin 'site' of dist-site 1.0; rename the file, or remove it from" in row["reason"]["en"]
    )


def test_what_is_kept_out_is_not_told_as_not_installed(call, tmp_path):
    config = tmp_path / "facility" / "shirube.toml"
    sections = "[guides.blocked]\nx = 1\n[readers.other]\nx = 1\n[readers.nowhere]\nx = 1\n"
    config.write_text(FACILITY.replace('"dist-broken", ', "") + sections, encoding="utf-8")
    file = tmp_path / "data.xyz"
    file.write_bytes(b"no measurement")
    code, _, err = call("show", file, "--lang", "en")
    assert code == 2
    assert (
        "[guides.blocked] has no effect: blocked (dist-blocked 1.0) is installed, but kept out: "
        "in the list plugins.block (facility shirube.toml)" in err
    )
    assert "[readers.other] has no effect: other (dist-other 1.0) is installed, but kept out: not in the list" in err
    assert "[readers.nowhere] belongs to nothing that is installed" in err
    assert "no installed reader recognises this file" in err
    keeps = [line for line in err.splitlines() if "[plugins] of the settings keeps out" in line]
    assert "blocked (dist-blocked 1.0)" in keeps[0] and "other (dist-other 1.0)" in keeps[0]  # noqa: PT018 one line


def settings(out):
    return {one["name"]: one for one in json.loads(out)["settings"]}


def test_what_is_set_says_its_layer_file_and_what_it_overrides(call, tmp_path):
    (tmp_path / "shirube.toml").write_text("[analyses.site]\nfactor = 4.0\n", encoding="utf-8")
    code, out, _ = call("config", "show", "--json", "--profile", "strict", "--set", "analyses.site.factor=5")
    document, found = json.loads(out), settings(out)
    assert code == 0
    assert [one["layer"] for one in document["files"]] == ["facility", "project"]
    assert document["files"][0]["path"] == str(tmp_path / "facility" / "shirube.toml")
    factor = found["analyses.site.factor"]
    assert (factor["value"], factor["layer"]) == ("5", "command line")
    assert [(one["value"], one["layer"]) for one in factor["overrides"]] == [(4.0, "project"), (3.0, "facility")]
    assert found["run.fail_on"]["layer"] == "profile"
    assert document["waivers"] == [
        {
            "rule": "A-1",
            "reason": "agreed",
            "approved_by": "K. Sato",
            "expires": "2027-03-31",
            "subject": None,
            "path": None,
        }
    ]


def test_everything_effective_has_an_origin_down_to_defaults_and_the_guide(call, tmp_path):
    config = tmp_path / "facility" / "shirube.toml"
    config.write_text(FACILITY.replace('"dist-broken", ', ""), encoding="utf-8")
    code, out, err = call("config", "show", "--all", "--guide", "site", "--json")
    found = settings(out)
    assert code == 0, err
    factor = found["analyses.site.factor"]
    assert [factor["value"], *(one["value"] for one in factor["overrides"])] == [3.0, 2.0, 1.0]
    assert [one["layer"] for one in factor["overrides"]] == ["guide", "default"]
    assert (found["analyses.site.names"]["layer"], found["analyses.site.names"]["file"]) == ("default", "dist-site 1.0")
    assert (found["run.axes.angle"]["value"], found["run.axes.angle"]["layer"]) == ("sum", "guide")
    assert found["run.fail_on"]["value"] == "must"
    changed = found["guides.site.conditions.narrow.conditions.pass_energy.value"]
    assert (changed["value"], changed["overrides"][0]["value"]) == (100.0, 50.0)
    assert call("config", "show", "--all", "--guide", "nobody")[0] == 4


def test_what_a_guide_only_keeps_is_as_settings_say_of_all_axes_or_of_that_one(call, tmp_path):
    config = tmp_path / "facility" / "shirube.toml"
    config.write_text(FACILITY.replace('"dist-broken", ', ""), encoding="utf-8")
    asked = ["config", "show", "--all", "--guide", "site", "--json", "--set", "guides.site.axes.angle=keep"]
    for more, chain in (
        ([], [("keep", "guide")]),
        (["run.other_axes=each"], [("each", "command line"), ("keep", "guide")]),
        (["run.other_axes=keep"], [("keep", "guide")]),
        (["run.other_axes=each", "run.axes.angle=sum"], [("sum", "command line"), ("each", "command line")]),
    ):
        code, out, err = call(*asked, *(part for one in more for part in ("--set", one)))
        assert code == 0, err
        angle = settings(out)["run.axes.angle"]
        found = [(one["value"], one["layer"]) for one in (angle, *angle["overrides"])]
        assert found[: len(chain)] == chain


def test_values_that_would_stop_a_run_are_refused_all_at_once_after_they_are_shown(call, tmp_path):
    wrong = "[analyses.site]\nfaktor = 3\n[guides.site.conditions.narow]\nmax_width = 3\n[facts]\nnope = 3\n"
    (tmp_path / "shirube.toml").write_text(wrong, encoding="utf-8")
    code, out, err = call("config", "show", "--lang", "en")
    assert code == 2
    assert "analyses.site.faktor = 3" in out
    assert "analyses.site.faktor is no parameter; remove or rename it. Did you mean 'factor'?" in err
    assert "[guides.site] of the settings (facility shirube.toml, project shirube.toml): " in err
    assert "conditions.narow.label: this key is missing" in err
    assert "nope" in err
