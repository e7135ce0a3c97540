"""A batch: every data file an item, what is done stays done, and one bad file stops nobody."""

import json
import sys

import pytest

from shirube.batch import DOCUMENT, ITEMS, read_manifest
from shirube.cli import run_command_line
from shirube.errors import InputError, OutputError, PluginError
from shirube.runs import read_run
from shirube.trees import swap_in


def lines(out):
    return [json.loads(line) for line in (out / DOCUMENT).read_text(encoding="utf-8").splitlines()]


def test_every_data_file_becomes_a_run_folder_under_a_name_of_its_own(kit, tmp_path):
    one = kit.inputs(tmp_path / "day1", "a.csv", "b.csv")
    two = kit.inputs(tmp_path / "day2", "a.csv")
    summary, heard, _ = kit.run(tmp_path / "out", one, two / "a.csv", one / "b.csv")
    assert [state.item for state in summary.states] == ["day1/a.csv", "day1/b.csv", "day2/a.csv"]
    folders = sorted(path.name for path in (tmp_path / "out" / ITEMS).iterdir())
    assert folders[:2] == ["0001_a", "0002_b"]
    assert len(folders) == 3
    for state, name in zip(summary.states, ["a", "b", "a (2)"], strict=True):
        (outcome,) = read_run(tmp_path / "out" / ITEMS / state.folder)
        assert outcome.entry.name == state.name == name
        assert len(outcome.entry.spectra()) == state.spectra == 1
    assert heard.gathered == 1


def test_what_a_batch_writes_is_what_a_run_writes(kit, tmp_path, plugins):
    from shirube.pipeline import Task, item_for, work, write
    from shirube.settings import Settings

    folder = kit.inputs(tmp_path / "day", "a.csv")
    kit.run(tmp_path / "out", folder)
    settings = Settings().with_values({"run.exporters": ("none",), "run.analyses": ("none",), "plugins.allow": ()})
    from shirube.intake import Group

    task = Task(group=Group("a", (folder / "a.csv",)), settings=settings, today=kit.DAY)
    done = work(task, item_for(task, plugins), plugins)
    write([done.outcome], tmp_path / "run", plugins, settings, figures=())
    ours = {path.relative_to(tmp_path / "run"): path.read_bytes() for path in (tmp_path / "run").rglob("*.*")}
    place = tmp_path / "out" / ITEMS / "0001_a"
    assert {path.relative_to(place): path.read_bytes() for path in place.rglob("*.*")} == ours


def test_the_tables_of_a_batch_are_those_of_its_run_folders_none_of_which_it_reads_again(kit, tmp_path, monkeypatch):
    from shirube.series import find_runs, gather

    folder, out = kit.inputs(tmp_path / "day", "a.csv", "b.csv"), tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.delattr("shirube.series._piling.read_run")
        kit.run(out, folder)
    gather(find_runs([out]), tmp_path / "again", figures=False)
    for path in (out / "tables").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / "tables" / path.name).read_bytes()
    assert sorted(path.name for path in out.iterdir()) == [DOCUMENT, ITEMS, "tables"]


def test_a_gathering_of_a_batch_says_how_many_items_left_nothing_to_gather(kit, tmp_path, capsys):
    class Tired(kit.Here):
        def submit(self, job):
            if job.folder == "0004_d":
                raise KeyboardInterrupt
            return super().submit(job)

    def gathered(folder):
        assert run_command_line(["gather", str(folder), "-o", str(tmp_path / "all"), "--overwrite", *quick]) == 0
        return [one["en"].partition(": ")[2] for one in json.loads(capsys.readouterr().out)["notes"]]

    bad, quick = "energy_eV,intensity\n1,2\n2,x\n", ("--no-figures", "--json")
    folder, out = kit.inputs(tmp_path / "day", "a.csv", "b.csv", "c.csv"), tmp_path / "out"
    files = [folder / f"{name}.csv" for name in "abcd"]
    files[2].write_text(bad, encoding="utf-8")
    kit.run(out, *files[:3])
    failed = "of {} items, 1 failed and are not in the tables; batch.jsonl says why"
    assert [one for one in gathered(out) if " items, " in one] == [failed.format(3)]
    files[1].write_text(bad, encoding="utf-8")
    kit.run(out, *files[:3])
    files[3].write_text(kit.table(), encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        kit.run(out, *files, workers=Tired())
    told = [one for one in gathered(out / ITEMS) if " items, " in one]
    assert [told[0], told[2]] == [
        failed.format(4),
        "of 4 items, 1 are still to be done and not in the tables (batch.jsonl)",
    ]
    assert told[1].startswith("of 4 items, 1 failed when done again; in the tables is what an earlier start made")
    assert not [one for one in gathered(out / ITEMS / "0001_a") if " items, " in one]


def test_what_would_stop_the_tables_is_told_before_the_work(kit, tmp_path):
    folder, out = kit.inputs(tmp_path / "day", "a.csv"), tmp_path / "out"
    kit.run(out, folder)
    (out / "tables" / "mine.csv").write_text("mine", encoding="utf-8")
    workers = kit.Here()
    with pytest.raises(OutputError, match=r"mine\.csv"):
        kit.run(out, kit.inputs(tmp_path / "day", "a.csv", "b.csv"), workers=workers)
    assert (workers.asked, (out / "tables" / "mine.csv").read_text(encoding="utf-8")) == ([], "mine")


def test_what_is_written_down_as_done_is_on_the_disk(kit, tmp_path, monkeypatch):
    from concurrent.futures import Future

    from shirube.batch import _storing
    from shirube.batch._worker import work_on

    class Lazy(kit.Here):
        def submit(self, job):
            future = Future()
            future.set_result(work_on(job, synced=False))
            return future

    out, synced = tmp_path / "out", []

    def sync_trees(roots, _):
        for root in roots:
            (outcome,) = read_run(root)
            assert read_manifest(out).items[f"day/{outcome.entry.name}.csv"].state == "planned"
            assert not (out / ITEMS / root.name.rpartition("-")[0]).exists()
            synced.append(outcome.entry.name)

    monkeypatch.setattr(_storing, "sync_trees", sync_trees)
    summary, heard, _ = kit.run(out, kit.inputs(tmp_path / "day", "a.csv", "b.csv", "c.csv"), workers=Lazy())
    assert [state.state for state in summary.states] == ["done"] * 3
    assert sorted(synced) == sorted(state.name for state in heard.states) == ["a", "b", "c"]


def test_files_that_nobody_reads_are_passed_over_in_folders_and_fail_when_they_are_named(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    (folder / "notes.txt").write_text("nothing to read", encoding="utf-8")
    summary, heard, _ = kit.run(tmp_path / "one", folder)
    assert (heard.passed, len(summary.states)) == (["notes.txt"], 1)
    summary, _, _ = kit.run(tmp_path / "two", folder, folder / "notes.txt")
    assert [(state.item, state.state) for state in summary.states] == [
        ("day/a.csv", "done"),
        ("day/notes.txt", "failed"),
    ]


def test_inputs_that_do_not_exist_are_told_all_at_once_before_anything_is_written(kit, tmp_path):
    with pytest.raises(InputError, match=r"(?s)no1.*no2"):
        kit.run(tmp_path / "out", tmp_path / "no1", tmp_path / "no2")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("settings", [["--set", "run.also_export=nexus"], ["--export", "--set", "run.exporters=nexus"]])
def test_an_exporter_whose_extra_is_missing_is_told_before_anything_begins(
    kit, tmp_path, monkeypatch, capsys, settings
):
    monkeypatch.setitem(sys.modules, "h5py", None)
    folder = kit.inputs(tmp_path / "day", "a.csv")
    assert run_command_line(["batch", str(folder), "-o", str(tmp_path / "out"), *settings]) == 4
    assert "shirube[nexus]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_one_bad_file_stops_nobody_and_says_why_it_failed(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv", "c.csv")
    (folder / "b.csv").write_text("energy_eV,intensity\n1,2\n2,x\n", encoding="utf-8")
    summary, _, _ = kit.run(tmp_path / "out", folder / "a.csv", folder / "b.csv", folder / "c.csv")
    assert [state.state for state in summary.states] == ["done", "failed", "done"]
    (failed,) = summary.failed
    assert failed.failure.message.en.startswith("day/b.csv: ")
    assert not (tmp_path / "out" / ITEMS / failed.folder).exists()


def test_a_second_start_does_what_failed_and_what_has_changed_and_nothing_else(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv", "c.csv")
    (folder / "c.csv").write_text("energy_eV,intensity\n1,2\n2,x\n", encoding="utf-8")
    named = [folder / f"{name}.csv" for name in "abc"]
    kit.run(tmp_path / "out", *named)
    (folder / "b.csv").write_text(kit.table(7.0), encoding="utf-8")
    (folder / "c.csv").write_text(kit.table(3.0), encoding="utf-8")
    summary, heard, workers = kit.run(tmp_path / "out", *named)
    assert workers.asked == ["0002_b", "0003_c"]
    assert (heard.agenda.done, heard.agenda.changed, heard.agenda.failed) == (1, 1, 1)
    assert [state.state for state in summary.states] == ["done"] * 3
    (outcome,) = read_run(tmp_path / "out" / ITEMS / "0002_b")
    assert outcome.entry.spectra()[0].intensity[0] == 700.0


def test_when_all_is_done_nothing_is_touched(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv")
    kit.run(tmp_path / "out", folder)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    summary, heard, workers = kit.run(tmp_path / "out", folder)
    assert (workers.asked, heard.gathered, heard.agenda.done) == ([], 0, 2)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before
    assert [state.state for state in summary.states] == ["done", "done"]


@pytest.mark.parametrize("change", [{"values": {"run.energy_scale": "as-read"}}, {"lang": "ja"}])
def test_with_other_settings_everything_is_done_again(kit, tmp_path, change):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    kit.run(tmp_path / "out", folder)
    _, heard, workers = kit.run(tmp_path / "out", folder, **change)
    assert (workers.asked, heard.agenda.changed) == (["0001_a"], 1)
    assert len(list((tmp_path / "out" / ITEMS).iterdir())) == 1


def test_a_kill_after_a_redo_was_put_in_place_leaves_nothing_for_the_settings_before(kit, tmp_path, monkeypatch):
    folder, out = kit.inputs(tmp_path / "day", "a.csv"), tmp_path / "out"
    before, after = {"run.energy_scale": "as-read"}, {"facts.photon_energy": 400.0, "facts.work_function": 4.5}
    kit.run(out, folder, values=before)
    place = out / ITEMS / "0001_a"
    first = (place / "shirube.json").read_bytes()

    def killed(source, target):
        swap_in(source, target)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("shirube.batch._storing.swap_in", killed)
        with pytest.raises(SystemExit):
            kit.run(out, folder, values=after)
    assert (place / "shirube.json").read_bytes() != first
    _, _, workers = kit.run(out, folder, values=before)
    assert workers.asked == ["0001_a"]
    assert (place / "shirube.json").read_bytes() == first


def test_a_redo_that_fails_leaves_what_was_done_and_the_old_settings_find_it_again(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    out = tmp_path / "out"
    kit.run(out, folder)
    place = out / ITEMS / "0001_a"
    before = {path: path.read_bytes() for path in place.rglob("*.*")}
    summary, _, _ = kit.run(out, folder, values={"run.analyses": ("nosuch",)})
    (failed,) = summary.failed
    assert "items/0001_a keeps what an earlier start made" in failed.failure.message.en
    assert {path: path.read_bytes() for path in place.rglob("*.*")} == before
    told = "".join(path.read_text(encoding="utf-8") for path in (out / "tables").glob("*.csv"))
    assert "failed" in told
    assert "items/0001_a keeps" in told
    summary, heard, workers = kit.run(out, folder)
    assert (workers.asked, heard.gathered, summary.failed) == ([], 1, ())
    assert read_manifest(out).items["day/a.csv"].state == "done"
    told = "".join(path.read_text(encoding="utf-8") for path in (out / "tables").glob("*.csv"))
    assert "failed" not in told


@pytest.mark.parametrize("wrapped", [str, lambda name: (name,), "none, {}".format])
def test_a_file_that_a_setting_names_is_part_of_the_settings(kit, tmp_path, wrapped):
    from shirube.settings import Settings

    folder = kit.inputs(tmp_path / "day", "a.csv")
    curve = tmp_path / "tr.csv"
    curve.write_text("1,2", encoding="utf-8")
    plain = {"run.exporters": ("none",), "run.analyses": ("none",), "plugins.allow": ()}
    settings = Settings().with_values({**plain, "analyses.odd.transmission": wrapped(str(curve))})
    asked = []
    for text in ("1,2", "1,2", "1,3"):
        curve.write_text(text, encoding="utf-8")
        asked.append(kit.run(tmp_path / "out", folder, settings=settings)[2].asked)
    assert asked == [["0001_a"], [], ["0001_a"]]


def test_limits_are_no_settings_that_change_anything(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    kit.run(tmp_path / "out", folder)
    _, _, workers = kit.run(tmp_path / "out", folder, values={"run.item_seconds": 5.0}, seconds=5.0)
    assert workers.asked == []


def test_a_batch_that_goes_on_judges_on_the_day_of_its_first_start(kit, tmp_path):
    from datetime import date

    folder = kit.inputs(tmp_path / "day", "a.csv")
    kit.run(tmp_path / "out", folder, today=date(2025, 3, 1))
    kit.inputs(folder, "a.csv", "b.csv")
    _, _, workers = kit.run(tmp_path / "out", folder)
    assert workers.asked == ["0002_b"]
    (outcome,) = read_run(tmp_path / "out" / ITEMS / "0002_b")
    assert outcome.provenance.judged_on == "2025-03-01"


def test_files_that_come_later_take_no_ones_place_whatever_their_order(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "b.csv")
    kit.run(tmp_path / "out", folder)
    (folder / "a.csv").write_text(kit.table(9.0), encoding="utf-8")
    summary, heard, _ = kit.run(tmp_path / "out", folder)
    assert {state.item: state.folder for state in summary.states} == {"day/b.csv": "0001_b", "day/a.csv": "0002_a"}
    (folder / "b.csv").unlink()
    _, heard, workers = kit.run(tmp_path / "out", folder)
    assert (workers.asked, heard.agenda.absent) == ([], 1)
    assert (tmp_path / "out" / ITEMS / "0001_b").is_dir()


def test_an_item_whose_worker_dies_gets_another_one_and_fails_when_that_dies_too(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv", "c.csv")
    dying = kit.Here(dies=["0001_a", "0002_b", "0002_b"])
    summary, heard, _ = kit.run(tmp_path / "out", folder, workers=dying)
    assert heard.retries == ["day/a.csv", "day/b.csv"]
    assert [(state.state, state.attempts) for state in summary.states] == [("done", 2), ("failed", 2), ("done", 1)]
    assert "2 times" in summary.states[1].failure.message.en


def test_a_worker_with_other_plugins_ends_the_batch_with_what_differs(kit, tmp_path, monkeypatch):
    from shirube.batch import _worker

    folder = kit.inputs(tmp_path / "day", "a.csv")
    monkeypatch.setattr(_worker, "_loaded", {})
    monkeypatch.setattr(_worker, "fingerprint", lambda _: ("shirube 9.9", "odd (odd-plugin 1.0): readers.odd"))
    workers = kit.Here()
    with pytest.raises(PluginError, match=r"\+ shirube 9\.9; \+ odd .* - shirube") as caught:
        kit.run(tmp_path / "out", folder, workers=workers)
    assert (caught.value.exit_code, workers.ended) == (3, ["stop"])
    assert "\n" not in caught.value.render()


def test_workers_that_write_where_this_process_does_not_look_are_found_out(kit, tmp_path):
    class Far(kit.Here):
        def submit(self, job):
            future = super().submit(job)
            for site in job.plan.work.iterdir():
                site.rename(tmp_path / f"far-{site.name}")
            return future

    folder = kit.inputs(tmp_path / "day", "a.csv")
    with pytest.raises(OutputError, match="where all workers see it"):
        kit.run(tmp_path / "out", folder, workers=Far())


@pytest.mark.parametrize("torn", [b'{"schema":"shirube-batch/1","event":"it', b"\x00\x00\xff"])
def test_a_line_that_was_being_written_when_the_power_failed_costs_its_item_only(kit, tmp_path, torn):
    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv")
    kit.run(tmp_path / "out", folder)
    path = tmp_path / "out" / DOCUMENT
    kept = path.read_bytes().splitlines(keepends=True)
    states = [b'"done"' in line and b'"item":' in line for line in kept]
    last = max(at for at, found in enumerate(states) if found)
    path.write_bytes(b"".join(kept[:last]) + torn)
    assert read_manifest(tmp_path / "out").torn == 1
    _, _, workers = kit.run(tmp_path / "out", folder)
    assert workers.asked == ["0002_b"]
    assert [state.state for state in read_manifest(tmp_path / "out").items.values()] == ["done", "done"]


def test_a_run_folder_without_its_line_is_made_again_and_a_line_without_its_folder_too(kit, tmp_path):
    import shutil

    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv")
    kit.run(tmp_path / "out", folder)
    shutil.rmtree(tmp_path / "out" / ITEMS / "0001_a")
    _, _, workers = kit.run(tmp_path / "out", folder)
    assert workers.asked == ["0001_a"]
    assert sorted(path.name for path in (tmp_path / "out" / ITEMS).iterdir()) == ["0001_a", "0002_b"]


def test_a_folder_that_holds_something_else_is_no_output(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("precious", encoding="utf-8")
    with pytest.raises(OutputError, match="only an empty folder or a batch"):
        kit.run(tmp_path / "out", folder)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize(
    ("line", "said"), [(b'{"schema":"shirube-batch/9"}\n', "shirube-batch/9"), (b"abc\n", "no manifest")]
)
def test_a_manifest_of_something_else_is_refused(kit, tmp_path, line, said):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / DOCUMENT).write_bytes(line)
    with pytest.raises(InputError, match=said):
        kit.run(tmp_path / "out", folder)


def test_two_batches_do_not_write_into_one_folder_at_a_time(kit, tmp_path):
    pytest.importorskip("fcntl")
    folder = kit.inputs(tmp_path / "day", "a.csv")

    class Greedy(kit.Here):
        def submit(self, job):
            with pytest.raises(OutputError, match="another batch is at work"):
                kit.run(tmp_path / "out", folder)
            return super().submit(job)

    summary, _, _ = kit.run(tmp_path / "out", folder, workers=Greedy())
    assert summary.states[0].state == "done"


def test_the_manifest_holds_a_line_for_each_thing_that_happened(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    kit.run(tmp_path / "out", folder)
    told = lines(tmp_path / "out")
    assert [(one["event"], one.get("state")) for one in told] == [
        ("start", None),
        ("item", "planned"),
        ("item", "done"),
        ("end", None),
    ]
    assert {one["schema"] for one in told} == {"shirube-batch/1"}
    assert str(tmp_path) not in (tmp_path / "out" / DOCUMENT).read_text(encoding="utf-8")


def test_a_line_whose_folder_leads_elsewhere_is_told_by_its_number_and_nothing_is_written_there(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    kit.run(tmp_path / "out", folder)
    path = tmp_path / "out" / DOCUMENT
    path.write_bytes(path.read_bytes().replace(b'"folder":"0001_a"', b'"folder":"../../evil"'))
    with pytest.raises(InputError, match=r"line 2: no run folder of a batch is called '\.\./\.\./evil'"):
        kit.run(tmp_path / "out", folder)
    assert not (tmp_path / "evil").exists()


def test_a_run_folder_whose_document_was_cut_short_is_made_again(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv")
    kit.run(tmp_path / "out", folder)
    document = tmp_path / "out" / ITEMS / "0002_b" / "shirube.json"
    whole = document.read_bytes()
    document.write_bytes(whole[: len(whole) // 2])
    _, _, workers = kit.run(tmp_path / "out", folder)
    assert (workers.asked, document.read_bytes()) == (["0002_b"], whole)


def test_what_is_left_counts_items_that_were_done_with_other_settings(kit, tmp_path):
    import os
    import signal

    class Interrupted(kit.Here):
        def submit(self, job):
            os.kill(os.getpid(), signal.SIGINT)
            return super().submit(job)

    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv", "c.csv")
    kit.run(tmp_path / "out", folder)
    summary, _, _ = kit.run(tmp_path / "out", folder, workers=Interrupted(), lang="ja")
    assert (summary.stopped, summary.left) == (True, 2)


def test_where_all_items_fail_the_tables_say_so(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv", "b.csv")
    kit.run(tmp_path / "out", folder)
    for name in ("a", "b"):
        (folder / f"{name}.csv").write_text("energy_eV,intensity\n1,2\n2,x\n", encoding="utf-8")
    kit.run(tmp_path / "out", folder / "a.csv", folder / "b.csv")
    for path in (tmp_path / "out" / "tables").glob("*.csv"):
        statuses = [line.count(",failed,") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        assert statuses == [1, 1]


def test_failures_name_files_as_items_are_named_and_not_where_they_lie(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    (folder / "b.csv").write_text("energy_eV,intensity\n1,2\n2,x\n", encoding="utf-8")
    kit.run(tmp_path / "out", folder / "a.csv", folder / "b.csv")
    (state,) = [one for one in read_manifest(tmp_path / "out").items.values() if one.failure]
    assert (state.failure.path, state.failure.message.en.partition(":")[0]) == ("day/b.csv", "day/b.csv")
    for path in (tmp_path / "out" / DOCUMENT, *(tmp_path / "out" / "tables").glob("*.csv")):
        assert str(tmp_path) not in path.read_text(encoding="utf-8")


def test_control_characters_of_a_file_name_reach_no_log_and_no_table(kit, tmp_path):
    folder = kit.inputs(tmp_path / "day", "a.csv")
    for name, text in (("x\ny\x1b[31m.csv", kit.table()), ("z\n\x1b[0m.csv", "energy_eV,intensity\n1,2\n2,x\n")):
        try:
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            pytest.skip("this file system has no such names")
    summary, _, _ = kit.run(tmp_path / "out", *folder.iterdir())
    assert {state.item: state.state for state in summary.states} == {
        "day/a.csv": "done",
        "day/x\\ny\\x1b[31m.csv": "done",
        "day/z\\n\\x1b[0m.csv": "failed",
    }
    (failed,) = summary.failed
    assert failed.failure.message.en.startswith("day/z\\n\\x1b[0m.csv: ")
    for path in (tmp_path / "out" / "tables").glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert ("\x1b" in text, len(text.splitlines())) == (False, 4)
