"""Measurements of several dimensions: a spectrum for each point, in chains that the measurement alone decides."""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from shirube.batch import ITEMS
from shirube.batch._lanes import LastWords
from shirube.batch._worker import work_on
from shirube.pipeline import Task, item_for, process
from shirube.plugins import load_plugins
from shirube.records import Axis, EnergyReference, Entry, Facts, Measurement, Spectrum
from shirube.reduction import CHAIN, chains_of, cut, cut_entry, filled
from shirube.runs import read_run
from shirube.settings import Settings

ENERGY = Axis("energy", np.arange(5.0), "eV")


def measured(shape, **axes):
    """Return an entry of one spectrum with axes of these lengths, then the energies."""
    others = tuple(Axis(name, 10.0 * np.arange(length), "mm") for name, length in axes.items())
    lengths = tuple(len(axis) for axis in (*others, ENERGY))
    intensity = np.arange(float(np.prod(lengths))).reshape(lengths)
    spectrum = Spectrum("map.txt#1", "C 1s", intensity, (*others, ENERGY), "counts", EnergyReference("binding"))
    measurement = Measurement(name="map.txt", reader="columns", spectra=(spectrum,))
    return Entry("map", (measurement,), facts={spectrum.id: Facts()}, axes=shape)


def test_each_point_becomes_a_spectrum_that_knows_where_it_was_measured():
    entry = cut_entry(measured({"x": "each", "y": "each"}, x=2, y=3))
    assert [one.id for one in entry.spectra()] == [f"map.txt#1[{i},{j}]" for i in range(2) for j in range(3)]
    last = entry.spectrum("map.txt#1[1,2]")
    assert [(axis.name, axis.values.tolist()) for axis in last.axes[:2]] == [("x", [10.0]), ("y", [20.0])]
    np.testing.assert_array_equal(last.intensity.ravel(), np.arange(25.0, 30.0))
    assert set(entry.facts) == {one.id for one in entry.spectra()}


def test_axes_that_nobody_names_are_treated_alike_and_others_as_they_are_named():
    entry = measured({}, x=2, y=3)
    axes = filled({"y": "sum"}, entry, "each")
    assert axes == {"y": "sum", "x": "each"}
    assert [one.intensity.shape for one in cut(entry.spectra()[0], axes)] == [(1, 3, 5)] * 2
    assert filled({"y": "sum"}, entry, "keep") == {"y": "sum"}
    assert filled({"y": "keep", "x": "each"}, entry, "sum") == {"y": "sum", "x": "each"}
    assert filled({"y": "keep"}, entry, "keep") == {"y": "keep"}


def test_without_such_an_axis_an_entry_stays_as_it_is():
    entry = measured({"x": "keep"}, x=4)
    assert cut_entry(entry) is entry
    assert [len(chain) for chain in chains_of(entry)] == [1]


def test_chains_end_at_fixed_places():
    entry = cut_entry(measured({"x": "each"}, x=2 * CHAIN + 3))
    assert [len(chain) for chain in chains_of(entry)] == [CHAIN, CHAIN, 3]


SERIES = """
from shirube.hooks import Analysis, Reader, Text, hookimpl
from shirube.messages import Text
from shirube.records import Axis, EnergyReference, Measurement, Result, Spectrum

CALLS = []
WRONG = []


class Mean:
    def applies(self, target, parameters):
        return Text("dark", "暗い") if target.spectrum.intensity.max() == 0 else None

    def run(self, target, parameters, progress):
        CALLS.append(1)
        return Result(analysis="mean", target=target.spectrum.id)

    def run_series(self, targets, parameters, progress):
        CALLS.append(len(targets))
        return [Result(analysis="mean", target=one.spectrum.id) for one in targets][len(WRONG):]


class Maps:
    def claims(self, source):
        return source.head.startswith(b"map")

    def read(self, source, parameters):
        number = int(source.read_bytes().split()[1])
        intensity = [[float(at)] * 4 for at in range(number)]
        axes = (Axis("x", [float(at) for at in range(number)], "mm"), Axis("energy", [1.0, 2.0, 3.0, 4.0], "eV"))
        spectrum = Spectrum(f"{source.name}#1", "C 1s", intensity, axes, "counts", EnergyReference("binding"))
        return Measurement(name=source.name, reader="maps", spectra=(spectrum,), sources=(source.record(),))


@hookimpl
def shirube_analyses():
    return [Analysis(name="mean", description=Text("mean", "平均"), implementation=Mean())]


@hookimpl
def shirube_readers():
    return [Reader(name="maps", description=Text("maps", "マップ"), suffixes=(".map",), implementation=Maps())]
"""


@pytest.fixture
def mapping(tmp_path):
    """Return plugins that read maps and analyse series, their settings, and a file of a map with so many points."""
    file = tmp_path / "mapping.py"
    file.write_text(SERIES, encoding="utf-8")
    plugins = load_plugins(allow=("mapping",), files=[file])
    values = {"plugins.allow": ("mapping",), "plugins.files": (str(file),), "run.exporters": ("none",)}

    def made(points, **more):
        path = tmp_path / "day" / "m.map"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"map {points}", encoding="utf-8")
        return path, Settings().with_values({**values, "run.other_axes": "each", **more})

    return plugins, made


def test_an_analysis_that_can_is_given_the_spectra_of_a_chain_that_it_applies_to(mapping, kit):
    plugins, made = mapping
    path, settings = made(CHAIN + 5)
    implementation = plugins.implementation(plugins.analyses["mean"])
    calls = type(implementation).run.__globals__["CALLS"]
    calls.clear()
    item = item_for(Task(group=_group(path), settings=settings, today=kit.DAY), plugins)
    outcome = process(item, plugins, settings, today=kit.DAY)
    assert calls == [CHAIN - 1, 5]
    assert [one.target for one in outcome.results] == [f"m.map#1[{at}]" for at in range(CHAIN + 5)]
    assert [one.status for one in outcome.results] == ["skipped"] + ["ok"] * (CHAIN + 4)
    calls.clear()
    whole = settings.with_values({"run.other_axes": "sum"})
    (result,) = process(item, plugins, whole, today=kit.DAY).results
    assert (calls, result.target) == ([1], "m.map#1")


def _group(path):
    from shirube.intake import Group

    return Group(path.stem, (path,))


def test_a_series_of_too_few_results_is_the_analysis_s_fault(mapping, kit):
    from shirube.blame import note_of
    from shirube.errors import PluginError

    plugins, made = mapping
    path, settings = made(4)
    implementation = plugins.implementation(plugins.analyses["mean"])
    type(implementation).run.__globals__["WRONG"].append(1)
    item = item_for(Task(group=_group(path), settings=settings, today=kit.DAY), plugins)
    with pytest.raises(PluginError, match="2 results for a series of 3") as caught:
        process(item, plugins, settings, today=kit.DAY)
    assert note_of(caught.value).plugin == "mapping"


class Crowd:
    """Works on several items at a time, which end in any order."""

    def __init__(self, number, dies=()):
        self.capacity, self._pool, self._dies = number, ThreadPoolExecutor(number), set(dies)

    def submit(self, job):
        if job.mark in self._dies:
            self._dies.remove(job.mark)
            future = Future()
            future.set_exception(ChildProcessError())
            return future
        return self._pool.submit(work_on, job)

    def died(self, error):
        return isinstance(error, ChildProcessError)

    def last_words(self, _):
        return LastWords()

    def shutdown(self):
        self._pool.shutdown()

    stop = shutdown


def written(out):
    return {path.relative_to(out): path.read_bytes() for path in sorted((out / ITEMS).rglob("*")) if path.is_file()}


def test_a_map_is_shared_out_to_many_workers_and_is_the_same_whoever_did_what(mapping, kit, tmp_path):
    plugins, made = mapping
    path, settings = made(5 * CHAIN + 3)
    found = {}
    for number in (1, 3):
        out = tmp_path / str(number)
        crowd = Crowd(number, dies={"0001_m.1"})
        summary, heard, _ = kit.run(out, path, workers=crowd, plugins=plugins, settings=settings)
        (state,) = summary.states
        assert (state.state, state.spectra, heard.retries) == ("done", 5 * CHAIN + 3, [state.item])
        assert state.statuses == {"ok": 5 * CHAIN + 2, "skipped": 1}
        assert heard.shared[0] == (state.item, 6, 0)
        assert not list(out.glob(".shirube*"))
        found[number] = written(out)
    assert found[1] == found[3]
    item = item_for(Task(group=_group(path), settings=settings, today=kit.DAY), plugins)
    (outcome,) = read_run(tmp_path / "1" / ITEMS / "0001_m")
    assert outcome.same_as(process(item, plugins, settings, today=kit.DAY))


def stop_after_two_parts(kit, out, path, plugins, settings):
    class Tired(Crowd):
        def submit(self, job):
            if job.part == 2:
                raise KeyboardInterrupt
            return super().submit(job)

    with pytest.raises(KeyboardInterrupt):
        kit.run(out, path, workers=Tired(1), plugins=plugins, settings=settings)


def test_parts_that_were_done_before_a_stop_are_not_done_again(mapping, kit, tmp_path):
    plugins, made = mapping
    path, settings = made(5 * CHAIN)

    stop_after_two_parts(kit, tmp_path / "out", path, plugins, settings)
    summary, heard, _ = kit.run(tmp_path / "out", path, workers=Crowd(1), plugins=plugins, settings=settings)
    assert (summary.states[0].state, heard.shared[0]) == ("done", ("day/m.map", 5, 2))


def test_a_part_that_fails_fails_its_item_once(mapping, kit, tmp_path):
    plugins, made = mapping
    path, settings = made(5 * CHAIN)
    (path.parent / "n.map").write_text("map 3", encoding="utf-8")
    crowd = Crowd(2, dies=set())
    real = crowd.submit

    def submit(job):
        future = Future()
        future.set_exception(ChildProcessError())
        return future if job.part == 1 else real(job)

    crowd.submit = submit
    summary, heard, _ = kit.run(
        tmp_path / "out", path, path.parent / "n.map", workers=crowd, plugins=plugins, settings=settings
    )
    assert [one.state for one in summary.states] == ["failed", "done"]
    assert [one.item for one in heard.states].count("day/m.map") == 1
    assert [path.name for path in (tmp_path / "out" / ITEMS).iterdir()] == ["0002_n"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-20],
        lambda whole: b"\x80\x04K\x01." + whole,
        lambda whole: whole.replace(b'"shirube-part/1"', b'"shirube-part/0"'),
        lambda whole: whole.replace(b'"status"', b'"state"'),
        lambda whole: whole.replace(b'"target":"', b'"target":1,"other":"'),
    ],
)
def test_kept_parts_are_data_that_no_resumed_batch_runs(mapping, kit, tmp_path, damage):
    plugins, made = mapping
    path, settings = made(5 * CHAIN)

    stop_after_two_parts(kit, tmp_path / "out", path, plugins, settings)
    kept = [one for one in (tmp_path / "out" / ".shirube-parts").rglob("*") if one.is_file()]
    assert {one.suffix for one in kept} == {".json", ".npy"}
    bad = next(one for one in kept if one.suffix == ".json")
    bad.write_bytes(damage(bad.read_bytes()))
    first, _, _ = kit.run(tmp_path / "out", path, workers=Crowd(1), plugins=plugins, settings=settings)
    assert [one.state for one in first.states] == ["failed"]
    assert "does that part again" in first.states[0].failure.message.en
    again, _, _ = kit.run(tmp_path / "out", path, workers=Crowd(1), plugins=plugins, settings=settings)
    assert [one.state for one in again.states] == ["done"]
