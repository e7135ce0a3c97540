"""Which exporters write: all by themselves but those on request, which are named on the command line or in settings."""

import json

import pytest

from shirube.errors import PluginError
from shirube.hooks import Exporter, Text
from shirube.pipeline import chosen_exporters
from shirube.plugins import load_plugins
from shirube.records import Axis, Entry, Facts, Measurement, Outcome, Provenance, Spectrum
from shirube.runs import write_run
from shirube.settings import Settings
from shirube.testing import fake_distribution, on_path

LINES = "\n".join(f"{energy},{100 + energy}" for energy in range(20))
PLUGIN = """\
from shirube.hooks import Exporter, Text, hookimpl
from shirube.trees import write_text


class Writes:
    def write(self, outcomes, target, context, parameters):
        write_text(target / "names.txt", " ".join(one.entry.name for one in outcomes))


@hookimpl
def shirube_exporters():
    return [Exporter(name="always", description=Text(en="a", ja="あ"), implementation=Writes())]
"""


@pytest.fixture
def installed(tmp_path):
    """Return a folder with a plugin whose exporter always writes."""
    site = tmp_path / "site"
    site.mkdir()
    return fake_distribution(site, "always", plugins={"always": "always_plugin"}, modules={"always_plugin": PLUGIN})


@pytest.fixture
def run(installed, tmp_path, monkeypatch, capsys):
    """Return a function that types a command in a folder with two spectra and a plugin that always exports."""
    from shirube.cli import run_command_line

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.csv").write_text(LINES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        with on_path(installed):
            code = run_command_line(list(arguments))
        return code, capsys.readouterr()

    return call


def written(folder, name):
    """Leave a run folder of one spectrum."""
    folder.mkdir(parents=True)
    spectrum = Spectrum(f"{name}.csv#1", name, [1.0, 2.0, 4.0], (Axis("energy", [3.0, 2.0, 1.0], "eV"),))
    measurement = Measurement(f"{name}.csv", "columns", (spectrum,))
    entry = Entry(name, (measurement,), facts={spectrum.id: Facts()})
    write_run([Outcome(entry=entry, provenance=Provenance("0.1.0"))], folder)


def folders(place):
    # Other plugins that are installed may write, too.
    return sorted({path.name for path in place.iterdir()} & {"always", "itx"})


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ({}, {"always"}),
        ({"run.also_export": ("itx",)}, {"always", "itx"}),
        ({"run.exporters": ("itx",)}, {"itx"}),
        ({"run.exporters": ("none",)}, set()),
        ({"run.exporters": ("none",), "run.also_export": ("itx",)}, {"itx"}),
        ({"run.exporters": ("always", "itx"), "run.also_export": ("itx",)}, {"always", "itx"}),
    ],
)
def test_formats_on_request_are_written_only_when_settings_name_them(values, written, installed):
    with on_path(installed):
        chosen = chosen_exporters(load_plugins(), Settings().with_values(values))
    assert {"always", "itx"} & set(chosen) == written
    assert len(set(chosen)) == len(chosen)


def test_formats_are_named_on_the_command_line(run, tmp_path):
    assert run("run", "one", "-o", "named", "--export", "itx", "--no-analysis")[0] == 0
    assert folders(tmp_path / "named") == ["always", "itx"]


def test_a_format_that_nobody_writes_is_told_before_any_work(run, tmp_path):
    code, said = run("run", "one", "-o", "out", "--export", "itc")
    assert code == 4
    assert "itx" in said.err
    assert not (tmp_path / "out").exists()


def test_run_folders_and_the_items_of_a_batch_are_exported_without_working_again(run, tmp_path):
    for number, name in enumerate(("one", "two"), start=1):
        written(tmp_path / f"batch/items/{number:04d}_{name}", name)
    code, said = run("export", "batch", "--format", "itx", "-o", "shared", "--json")
    assert code == 0
    assert json.loads(said.out)["runs"] == 2
    files = sorted(path.relative_to(tmp_path / "shared").as_posix() for path in (tmp_path / "shared").rglob("*.itx"))
    assert files == ["itx/0001_one/one/one_1_one.itx", "itx/0002_two/two/two_1_two.itx"]
    assert run("export", "batch/items/0001_one", "-f", "itx", "-o", "single")[0] == 0
    assert (tmp_path / "single/itx/one/one_1_one.itx").read_bytes() == (tmp_path / "shared" / files[0]).read_bytes()


def test_an_export_of_nothing_or_over_something_or_of_more_than_results_is_refused(run, tmp_path):
    written(tmp_path / "out", "one")
    code, said = run("export", "out", "--format", "always", "-o", "shared")
    assert code == 2
    assert "input files" in said.err
    code, said = run("export", "one", "--format", "itx", "-o", "shared")
    assert code == 2
    code, said = run("export", "out", "--format", "itx", "-o", "out")
    assert code == 2
    assert not (tmp_path / "shared").exists()


def test_an_exporter_says_with_true_or_false_whether_it_waits_to_be_named():
    texts = Text(en="a", ja="あ")
    assert not Exporter(name="a", description=texts, implementation=object()).on_request
    with pytest.raises(PluginError, match="on_request"):
        Exporter(name="a", description=texts, implementation=object(), on_request="yes")


def test_the_formats_of_the_core_wait_to_be_named():
    assert all(one.record.on_request for one in load_plugins().exporters.values() if one.distribution == "shirube")
