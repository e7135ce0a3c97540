"""Trees: a folder is there whole or not at all, whatever goes wrong on the way."""

import ctypes
import errno
import json
import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.blame import PluginNote, call, note_of
from shirube.errors import InputError, OutputError
from shirube.records import FrozenMapping
from shirube.trees import (
    LONGEST_NAME,
    building,
    clear_leftovers,
    inside,
    safe_name,
    sync_trees,
    write_bytes,
    write_json,
    write_text,
)


def tree(folder):
    """Return every file below ``folder`` with its text."""
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def build(target, *, replace=False, then=lambda _: None):
    """Write one file, then do what a test wants to happen in the block."""
    with building(target, replace=replace) as folder:
        write_text(folder / "deep" / "file.txt", "new")
        then(folder)


def fail(error):
    def then(_):
        raise error

    return then


@pytest.fixture
def old(tmp_path):
    """A folder that holds something."""
    target = tmp_path / "out"
    target.mkdir()
    (target / "old.txt").write_text("old")
    return target


def test_a_folder_and_its_parents_are_made(tmp_path):
    build(tmp_path / "a" / "b" / "out")
    assert tree(tmp_path) == {"a/b/out/deep/file.txt": "new"}
    assert everything(tmp_path) == ["a", "a/b", "a/b/out", "a/b/out/deep", "a/b/out/deep/file.txt"]


def test_nothing_is_at_the_target_before_the_block_ends(tmp_path):
    target = tmp_path / "out"
    with building(target) as folder:
        assert folder.parent == target.parent
        assert not target.exists()
        assert not any(folder.iterdir())
    assert target.is_dir()


def test_an_empty_folder_is_replaced_and_keeps_its_mode(tmp_path):
    target = tmp_path / "out"
    target.mkdir(mode=0o750)
    target.chmod(0o750)
    build(target)
    assert tree(target) == {"deep/file.txt": "new"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o750
    assert names(tmp_path) == ["out"]


def test_a_new_folder_has_the_mode_of_any_new_folder(tmp_path):
    (tmp_path / "other").mkdir()
    build(tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_folder_that_holds_something_is_refused(old):
    with pytest.raises(OutputError, match="not empty"):
        build(old)
    assert tree(old.parent) == {"out/old.txt": "old"}


def test_a_folder_that_holds_something_is_replaced_when_that_is_wanted(old):
    build(old, replace=True)
    assert tree(old.parent) == {"out/deep/file.txt": "new"}
    assert names(old.parent) == ["out"]


def test_a_target_that_was_filled_meanwhile_is_refused(tmp_path):
    target = tmp_path / "out"
    with pytest.raises(OutputError, match="not empty"):
        build(target, then=lambda _: write_text(target / "theirs.txt", "theirs"))
    assert tree(tmp_path) == {"out/theirs.txt": "theirs"}
    assert names(tmp_path) == ["out"]


def test_a_file_is_never_replaced(tmp_path):
    target = tmp_path / "out"
    target.write_text("a file")
    with pytest.raises(OutputError, match="a file of this name"):
        build(target, replace=True)
    assert tree(tmp_path) == {"out": "a file"}


def test_a_file_in_place_of_a_parent_is_an_output_error(tmp_path):
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OutputError) as caught:
        build(tmp_path / "file" / "out")
    assert caught.value.exit_code == 2
    assert caught.value.path == str(tmp_path / "file" / "out")
    assert tree(tmp_path) == {"file": "a file"}


def test_the_current_folder_cannot_be_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="current folder"):
        build(Path())


def test_a_target_behind_a_link_is_made_where_the_link_leads(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    build(tmp_path / "link")
    assert tree(tmp_path / "real") == {"deep/file.txt": "new"}
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
@pytest.mark.parametrize("replace", [False, True])
def test_an_exception_in_the_block_leaves_everything_as_it_was(tmp_path, error, replace):
    target = tmp_path / "made" / "out"
    with pytest.raises(type(error)):
        build(target, replace=replace, then=fail(error))
    assert everything(tmp_path) == []


def test_an_exception_leaves_the_old_folder(old):
    with pytest.raises(KeyboardInterrupt):
        build(old, replace=True, then=fail(KeyboardInterrupt()))
    assert tree(old.parent) == {"out/old.txt": "old"}
    assert names(old.parent) == ["out"]


def test_a_full_disk_while_the_block_writes_is_an_output_error_that_names_the_target(tmp_path):
    target = tmp_path / "out"
    with pytest.raises(OutputError, match="No space left") as caught:
        build(target, then=fail(OSError(errno.ENOSPC, "No space left on device")))
    assert caught.value.path == str(target)
    assert everything(tmp_path) == []


def test_a_file_that_cannot_be_written_is_named_by_its_final_place(tmp_path):
    target = tmp_path / "out"
    with pytest.raises(OutputError) as caught:
        build(target, then=lambda folder: write_text(folder / "deep" / "file.txt" / "below.txt", "x"))
    assert caught.value.path == str(target / "deep" / "file.txt" / "below.txt")
    assert everything(tmp_path) == []


def test_an_error_of_reading_something_else_stays_what_it_is(tmp_path):
    with pytest.raises(FileNotFoundError):
        build(tmp_path / "out", then=lambda _: (tmp_path / "missing.txt").read_text())
    assert everything(tmp_path) == []


def failing(original, on, error):
    """Return ``original`` that raises on the calls whose numbers are in ``on``."""
    calls = iter(range(1000))

    def function(*arguments, **named):
        if next(calls) in on:
            raise error
        return original(*arguments, **named)

    return function


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("call", range(3))
def test_a_failing_sync_leaves_the_old_folder(old, monkeypatch, number, call):
    monkeypatch.setattr(os, "fsync", failing(os.fsync, {call}, OSError(number, os.strerror(number))))
    with pytest.raises(OutputError, match=os.strerror(number)):
        build(old, replace=True)
    monkeypatch.undo()
    assert tree(old.parent) == {"out/old.txt": "old"}
    assert names(old.parent) == ["out"]


def test_a_file_system_that_cannot_sync_folders_does(tmp_path, monkeypatch):
    real = os.fsync

    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    build(tmp_path / "out")
    assert tree(tmp_path) == {"out/deep/file.txt": "new"}


def test_every_file_and_folder_is_synced_before_the_swap(tmp_path, monkeypatch):
    events = []
    real_fsync, real_replace = os.fsync, os.replace

    def name(descriptor):
        return Path(f"/proc/self/fd/{descriptor}").readlink().name

    monkeypatch.setattr(os, "fsync", lambda fd: (events.append(name(fd)), real_fsync(fd))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (events.append(f"-> {Path(b).name}"), real_replace(a, b))[1])
    build(tmp_path / "out")
    swap = events.index("-> out")
    assert {"file.txt", "deep"} <= set(events[:swap])
    assert events[swap + 1 :] == [tmp_path.name]


@pytest.fixture
def asked(monkeypatch):
    """Return what is asked of the disk by ``os.fsync``, and how to give the system another ``syncfs`` or none."""
    events, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (events.append(Path(f"/proc/self/fd/{fd}").readlink().name), real(fd)))

    def syncfs(number):
        def call(descriptor):
            events.append(f"all with {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
            ctypes.set_errno(number or 0)
            return -1 if number else 0

        monkeypatch.setattr("shirube.trees._syncing._system_call", lambda: None if number is None else call)

    return events, syncfs


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (0, ["all with one"]),
        (None, ["a.txt", "one", "b.txt", "two"]),
        (errno.ENOSYS, ["all with one", "a.txt", "one", "b.txt", "two"]),
    ],
)
def test_folders_that_are_built_unsynced_are_synced_together_or_file_by_file(tmp_path, asked, number, wanted):
    events, syncfs = asked
    for folder, file in (("one", "a.txt"), ("two", "b.txt")):
        with building(tmp_path / folder, synced=False) as site:
            write_text(site / file, "new")
    events.clear()
    syncfs(number)
    sync_trees([tmp_path / "one", tmp_path / "two"], tmp_path)
    assert events == wanted


def test_a_file_system_that_cannot_be_synced_is_told(tmp_path, asked):
    asked[1](errno.EIO)
    with pytest.raises(OutputError, match=os.strerror(errno.EIO)):
        sync_trees([tmp_path], tmp_path / "out")
    sync_trees([], tmp_path / "out")


def test_this_system_syncs_a_file_system(tmp_path):
    build(tmp_path / "out")
    sync_trees([tmp_path / "out"], tmp_path)
    assert tree(tmp_path) == {"out/deep/file.txt": "new"}


# Of the renames the first writes the file, then the old folder goes aside, then the new one comes in.
@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("error", [OSError(errno.EBUSY, "Device or resource busy"), KeyboardInterrupt()])
def test_a_failing_rename_brings_the_old_folder_back(old, monkeypatch, call, error):
    monkeypatch.setattr(os, "replace", failing(os.replace, {call}, error))
    expected = OutputError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        build(old, replace=True)
    monkeypatch.undo()
    assert tree(old.parent) == {"out/old.txt": "old"}
    assert names(old.parent) == ["out"]


def test_an_interrupt_after_the_swap_leaves_the_whole_new_folder(old, monkeypatch):
    real = os.replace

    def replace(source, target):
        real(source, target)
        if Path(target) == old:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        build(old, replace=True)
    monkeypatch.undo()
    assert tree(old.parent) == {"out/deep/file.txt": "new"}
    assert names(old.parent) == ["out"]


def test_texts_are_utf_8_with_their_own_line_ends(tmp_path):
    write_text(tmp_path / "a" / "標.txt", "標\nx\r\n")
    assert (tmp_path / "a" / "標.txt").read_bytes() == "標\nx\r\n".encode()


def test_json_keeps_the_order_of_keys_and_ends_with_a_line_end(tmp_path):
    write_json(tmp_path / "x.json", {"z": FrozenMapping({"標": (1, None)}), "a": 0.1})
    text = (tmp_path / "x.json").read_text(encoding="utf-8")
    assert text == '{\n  "z": {\n    "標": [\n      1,\n      null\n    ]\n  },\n  "a": 0.1\n}\n'
    assert json.loads(text) == {"z": {"標": [1, None]}, "a": 0.1}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_json_refuses_what_it_cannot_say_and_writes_nothing(tmp_path, value):
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(tmp_path / "x.json", value)
    with pytest.raises(TypeError, match="Path"):
        write_json(tmp_path / "x.json", tmp_path)
    assert everything(tmp_path) == []


@given(st.text(st.characters() | st.characters(categories=["Cs"])))
def test_json_says_a_text_as_it_is_but_for_half_characters_which_are_the_text_of_their_escapes(text):
    told = text.encode("utf-8", "backslashreplace").decode("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        write_json(path, {text: [text]})
        assert json.loads(path.read_bytes()) == {told: [told]}


def test_a_failing_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.bin"
    write_bytes(path, b"old")
    monkeypatch.setattr(os, "replace", failing(os.replace, {0}, OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(OutputError, match="No space left") as caught:
        write_bytes(path, b"new")
    assert caught.value.path == str(path)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["x.bin"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Cu_0003.txt", "Cu_0003.txt"),
        ("C 1s", "C_1s"),
        ("Cu_0003.txt#2", "Cu_0003.txt-2"),
        ("a-b.c_d", "a-b.c_d"),
    ],
)
def test_plain_names_stay_readable(name, safe):
    assert safe_name(name) == safe


def test_different_japanese_names_stay_different():
    names = ["試料", "資料", "試料 1", "試料1", "標/1", "標:1", "金薄膜.txt", "銀薄膜.txt"]
    assert len({safe_name(name) for name in names}) == len(names)
    assert safe_name("金薄膜.txt").endswith(".txt")


def test_names_do_not_depend_on_how_accents_are_composed():
    assert safe_name("e\u0301") == safe_name("\u00e9")
    assert safe_name("ガ") == safe_name("カ\u3099")


@pytest.mark.parametrize("name", ["con", "CON.txt", "nul.tar.gz", "com1", "LPT9.csv", "aux "])
def test_names_that_windows_keeps_to_itself_are_avoided(name):
    assert safe_name(name).partition(".")[0].lower() not in {"con", "nul", "com1", "lpt9", "aux"}


@given(st.text() | st.text(alphabet='試./\\ :*?"<>|#-_aA1\0\n', max_size=20) | st.text(min_size=150))
def test_every_name_is_safe(name):
    safe = safe_name(name)
    assert safe
    assert len(safe) <= LONGEST_NAME
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert safe[0] not in ".-"
    assert safe[-1] not in ".-"
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    "relative", ["a.txt", "a/b.txt", "a/./b.txt", "データ/測定.txt", "a b", "..a/b..", "link/inner.txt"]
)
def test_a_path_inside_is_given(tmp_path, relative):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert inside(tmp_path, relative) == tmp_path / relative


@pytest.mark.parametrize(
    "relative",
    [
        "",
        ".",
        "..",
        "../x",
        "a/../../x",
        "a/../b",
        "/etc/passwd",
        "\\x",
        "C:x",
        "C:\\x",
        "c:/x",
        "a\\..\\x",
        "//server/x",
        "a\0b",
    ],
)
def test_a_path_that_leaves_is_refused(tmp_path, relative):
    with pytest.raises(InputError, match="leads out of its folder"):
        inside(tmp_path, relative)


def test_a_link_that_leaves_is_refused(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "out").symlink_to(tmp_path)
    (folder / "file").symlink_to(tmp_path / "secret.txt")
    (folder / "ring").symlink_to(folder / "ring")
    for relative in ("out/secret.txt", "file", "ring/x"):
        with pytest.raises(InputError, match="leads out of its folder"):
            inside(folder, relative)


@given(st.lists(st.sampled_from(["a", "..", ".", "", "b c", "標"]), max_size=6).map("/".join))
def test_what_is_given_never_leaves(relative):
    folder = Path("/nowhere/folder")
    try:
        path = inside(folder, relative)
    except InputError:
        return
    assert Path(os.path.normpath(path)).is_relative_to(folder)
    assert ".." not in path.parts


def write_as_a_plugin(error):
    note = PluginNote.of("mine", "dist-mine", "1.0", "shirube_exporters", "mine")

    def write():
        raise error

    call(note, write)


def test_a_plugins_own_mistake_in_writing_stays_the_plugins(tmp_path):
    target = tmp_path / "out"
    with pytest.raises(FileNotFoundError) as caught, building(target) as folder:
        write_as_a_plugin(FileNotFoundError(errno.ENOENT, "No such file", str(folder / "sub" / "f")))
    assert note_of(caught.value).plugin == "mine"
    assert not target.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS], ids=errno.errorcode.get)
def test_a_place_that_refuses_a_plugins_file_is_told_with_its_name_and_the_plugin(tmp_path, number):
    with pytest.raises(OutputError, match="out") as caught, building(tmp_path / "out") as folder:
        write_as_a_plugin(OSError(number, "refused", str(folder / "f")))
    assert caught.value.path == str(tmp_path / "out")
    assert note_of(caught.value).plugin == "mine"


def test_what_a_killed_process_began_aside_is_cleared_and_nothing_else(tmp_path):
    (tmp_path / ".shirube-0123456789ab.new" / "deep").mkdir(parents=True)
    (tmp_path / ".shirube-ba9876543210.old").write_text("half", encoding="utf-8")
    kept = [".shirube-work", ".shirube-0123456789ab.newer", "x.new"]
    for name in kept:
        (tmp_path / name).mkdir()
    clear_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
