"""A dataset template out of a guide: what is in it, and that it is always the same."""

import csv
import io
import json
import shutil
import tomllib

import pytest

from shirube.cli.app import run_command_line
from shirube.errors import MissingPluginError, UsageError
from shirube.plugins import load_plugins
from shirube.settings import Settings
from shirube.testing import fake_distribution, on_path
from shirube_rde.template import guided, template_files


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory, data):
    """Return a folder in which the made-up laboratory's plugin is installed."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(data / "fakelab", folder / "fakelab", ignore=shutil.ignore_patterns("__pycache__"))
    return fake_distribution(folder, "fakelab", plugins={"fakelab": "fakelab.plugin"})


@pytest.fixture
def plugins(laboratory):
    with on_path(laboratory):
        yield load_plugins(allow=["fakelab", "rde"])


@pytest.fixture
def files(plugins):
    return template_files(guided("fakelab", plugins, Settings()), "example/fakelab:v1")


def test_everything_that_is_submitted_is_there(files):
    assert list(files) == [
        "README.md",
        "container/Dockerfile",
        "container/main.py",
        "container/requirements.txt",
        "template/batch.yaml",
        "template/catalog.schema.json",
        "template/invoice.schema.json",
        "template/jobs.template.yaml",
        "template/metadata-def.json",
        "template/tasksupport/default_value.csv",
        "template/tasksupport/invoice.schema.json",
        "template/tasksupport/metadata-def.json",
        "template/tasksupport/rdeconfig.yaml",
        "template/tasksupport/shirube.toml",
    ]
    for name in ("metadata-def.json", "invoice.schema.json"):
        assert files[f"template/{name}"] == files[f"template/tasksupport/{name}"]


def test_the_definition_holds_the_guides_items_first_then_what_its_analyses_yield(files):
    defined = json.loads(files["template/metadata-def.json"])
    assert list(defined) == [
        *("user", "excitation_energy", "pass_energy", "number_of_sweeps", "step_time", "comments", "date", "time"),
        *("fakelab_peak_height", "fakelab_peak_place", "fakelab_peak_place_uncertainty"),
    ]
    assert [item["order"] for item in defined.values()] == list(range(1, 12))


def test_the_form_asks_for_every_manual_item_in_both_languages_with_choices_units_and_defaults(files):
    schema = json.loads(files["template/invoice.schema.json"])
    assert schema["required"] == ["custom", "sample"]
    fields = schema["properties"]["custom"]["properties"]
    assert list(fields) == ["form", "fit_on_off", "limit", "sweeps_planned", "remark"]
    assert fields["form"]["enum"] == ["粉末", "フィルム", "その他"]
    assert fields["limit"] == {
        "label": {"ja": "範囲", "en": "Range"},
        "type": "number",
        "description": "上限値 / Upper limit.",
        "default": 200.0,
        "minimum": 0,
        "options": {"unit": "eV"},
    }


def test_defaults_are_those_of_the_manual_items(files):
    rows = list(csv.DictReader(io.StringIO(files["template/tasksupport/default_value.csv"])))
    assert rows == [{"key": "limit", "value": "200.0"}]


def test_jobs_follow_the_guide_and_keep_inputs_from_the_public(files):
    assert tomllib.loads(files["template/tasksupport/shirube.toml"]) == {
        "run": {"guide": "fakelab", "lang": "ja"},
        "exporters": {"rde": {"raw_sharing": "nonshared", "anonymised": False, "utc_offset": "+09:00"}},
    }
    assert "docker_image: example/fakelab:v1" in files["template/jobs.template.yaml"]


def test_what_a_facility_decided_is_in_its_template(plugins):
    decided = Settings().with_values(
        {
            "exporters.rde.raw_sharing": "shared",
            "exporters.rde.anonymised": True,
            "exporters.rde.utc_offset": None,
            "guides.fakelab.manual.limit.default": 50.0,
        }
    )
    files = template_files(guided("fakelab", plugins, decided), "x")
    assert tomllib.loads(files["template/tasksupport/shirube.toml"])["exporters"]["rde"] == {
        "raw_sharing": "shared",
        "anonymised": True,
        "utc_offset": "none",
    }
    assert files["template/tasksupport/default_value.csv"] == "key,value\nlimit,50.0\n"


def test_the_container_holds_exactly_what_the_guide_needs_from_wheels(files):
    lines = [line for line in files["container/requirements.txt"].splitlines() if not line.startswith("#")]
    assert [line.split("[")[0].split(" ")[0] for line in lines] == ["shirube", "fakelab", "shirube-rde"]
    assert all(" @ file:///app/wheels/" in line for line in lines)
    compile(files["container/main.py"], "main.py", "exec")


def test_the_readme_lists_every_item_and_copies_every_wheel(files):
    readme = files["README.md"]
    assert readme.count("\n| `") >= 5 + 11
    for line in files["container/requirements.txt"].splitlines()[1:]:
        assert f"dist/{line.rsplit('/', 1)[1]}" in readme


def test_a_guide_that_is_not_installed_is_named(plugins):
    with pytest.raises(MissingPluginError, match="nowhere"):
        guided("nowhere", plugins, Settings())


def test_a_guide_out_of_a_local_file_cannot_go_into_a_container(plugins, monkeypatch):
    from importlib.metadata import PackageNotFoundError

    from shirube_rde.template import _guided

    real = _guided.metadata

    def uninstalled(name):
        if name == "fakelab":
            raise PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(_guided, "metadata", uninstalled)
    with pytest.raises(UsageError, match="fakelab"):
        guided("fakelab", plugins, Settings())


def test_the_command_writes_it_twice_alike_and_never_over_something(laboratory, contents, tmp_path, capsys):
    with on_path(laboratory):
        for name in ("one", "two"):
            assert (
                run_command_line(["rde", "template", "--guide", "fakelab", "-o", str(tmp_path / name), "--json"]) == 0
            )
            answer = json.loads(capsys.readouterr().out)
            assert answer["schema"] == "shirube-rde-template/1"
            assert sorted(answer["files"]) == sorted(contents(tmp_path / name))
        assert contents(tmp_path / "one") == contents(tmp_path / "two")
        assert run_command_line(["rde", "template", "--guide", "fakelab", "-o", str(tmp_path / "one")]) == 2
        assert contents(tmp_path / "one") == contents(tmp_path / "two")
