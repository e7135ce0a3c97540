"""A Dask cluster that is running already does the same work; without the extra, one sentence says what is missing."""

import sys
from pathlib import Path

import pytest

from shirube.batch import DOCUMENT, ITEMS, ClusterWorkers
from shirube.errors import MissingPluginError, UsageError
from shirube.plugins import load_plugins

ODD = Path(__file__).with_name("odd_reader.py")


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPluginError, match=r"shirube\[dask\]") as caught:
        ClusterWorkers("tcp://127.0.0.1:1")
    assert caught.value.exit_code == 4


@pytest.mark.filterwarnings("ignore")
def test_where_no_scheduler_answers_that_is_said_with_the_address(monkeypatch):
    pytest.importorskip("distributed")
    from shirube.batch import _cluster

    monkeypatch.setattr(_cluster, "_ANSWERED", 0.5)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:1'") as caught:
        ClusterWorkers("tcp://127.0.0.1:1")
    assert "\n" not in caught.value.render()


@pytest.fixture
def cluster():
    """Return the address of a cluster of two threads of this process."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=None
    ) as started:
        yield started.scheduler_address


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_writes_what_this_machine_writes(cluster, kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv", "c.csv")
    (folder / "d.csv").write_text("energy_eV,intensity\n1,2\n2,x\n", encoding="utf-8")
    named = [folder / f"{name}.csv" for name in "abcd"]
    workers = ClusterWorkers(cluster)
    assert workers.capacity >= 2
    there, _, _ = kit.run(tmp_path / "there", *named, workers=workers, seconds=60.0)
    here, _, _ = kit.run(tmp_path / "here", *named)
    assert [one.state for one in there.states] == [one.state for one in here.states]
    assert sum(one.state == "done" for one in there.states) == 3
    written = [
        {path.relative_to(out): path.read_bytes() for path in sorted((out / ITEMS).rglob("*")) if path.is_file()}
        for out in (tmp_path / "there", tmp_path / "here")
    ]
    assert written[0] == written[1]
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == [DOCUMENT, ITEMS, "tables"]


@pytest.mark.filterwarnings("ignore")
def test_an_item_that_hangs_or_ends_its_worker_fails_alone_and_says_why(kit, tmp_path):
    """Workers are processes with nannies here, as ``dask worker`` begins them."""
    distributed = pytest.importorskip("distributed")
    folder = tmp_path / "day"
    folder.mkdir()
    for name, said in {"a": "read", "b": "hang", "c": "raise", "d": "die", "e": "read"}.items():
        (folder / f"{name}.odd").write_text(f"odd {said}", encoding="utf-8")
    plugins = load_plugins(allow=("odd_reader",), files=[ODD])
    values = {"plugins.allow": ("odd_reader",), "plugins.files": (str(ODD),)}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as started:
        workers = ClusterWorkers(started.scheduler_address)
        summary, _, _ = kit.run(tmp_path / "out", folder, workers=workers, plugins=plugins, values=values, seconds=2.0)
    states = {state.item[4]: state for state in summary.states}
    assert {name: one.state for name, one in states.items() if one.state == "done"} == {"a": "done", "e": "done"}
    said = {name: one.failure.message.en for name, one in states.items() if one.failure}
    assert "took longer than 2 s" in said["b"]
    assert states["b"].failure.plugin == "odd_reader"
    assert "2 times" in said["d"]
    assert states["c"].failure.line == 3
    assert not (tmp_path / "out" / ".shirube-work").exists()
