"""The command line: one sentence for what is wrong, the right exit code, nothing half-written."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shirube._checks import CORE_COMMANDS
from shirube.cli import run_command_line
from shirube.cli.app import COMMANDS
from shirube.testing import fake_distribution, on_path
from shirube.text import display_width

COLUMNS = "Binding energy (eV),Intensity\n3.0,10\n2.0,20\n1.0,30\n0.0,40\n"


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "測定 1.csv"
    path.write_text(COLUMNS, encoding="utf-8")
    return path


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Call the command line in an empty folder with no plugin but the core's own."""
    settings = tmp_path / "alone.toml"
    settings.write_text("[plugins]\nallow = []\n", encoding="utf-8")
    monkeypatch.setenv("SHIRUBE_CONFIG", str(settings))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)

    def run(*arguments):
        code = run_command_line([str(one) for one in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def one_sentence(err):
    assert len(err.strip().splitlines()) == 1, err
    return err.strip()


def test_a_run_is_written_and_said_where(call, scan, tmp_path):
    code, out, err = call("run", scan, "-o", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "Written to" in out
    document = json.loads((tmp_path / "out" / "shirube.json").read_text(encoding="utf-8"))
    assert document["schema"] == "shirube-run/1"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "absent.txt", "no such file"),
        (lambda folder: _written(folder / "empty.csv", b""), "empty"),
        (lambda folder: _written(folder / "picture.png", b"\x89PNG\r\n"), "no installed reader recognises"),
        (lambda folder: _written(folder / "cut.csv", b"1,2\n2,3\n3,4\n4\n"), "cut.csv"),
        (lambda folder: _folder(folder / "nothing"), "holds no files"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2_and_nothing_is_written(call, tmp_path, make, said):
    code, out, err = call("run", make(tmp_path), "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert said in one_sentence(err)
    assert not (tmp_path / "out").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def _written(path, content):
    path.write_bytes(content)
    return path


def _folder(path):
    path.mkdir()
    return path


def test_an_output_that_holds_a_run_is_refused_unless_it_may_be_replaced(call, scan, tmp_path):
    output = tmp_path / "out"
    assert call("run", scan, "-o", output)[0] == 0
    before = (output / "shirube.json").read_bytes()
    code, _, err = call("run", scan, "-o", output)
    assert code == 2
    assert "--overwrite" in one_sentence(err)
    assert call("run", scan, "-o", output, "--overwrite")[0] == 0
    assert (output / "shirube.json").read_bytes() == before


def test_an_output_that_holds_something_else_is_never_replaced(call, scan, tmp_path):
    output = tmp_path / "thesis"
    output.mkdir()
    (output / "chapter1.tex").write_text("precious", encoding="utf-8")
    for arguments in ((), ("--overwrite",)):
        code, _, err = call("run", scan, "-o", output, *arguments)
        assert code == 2
        assert "not a run" in one_sentence(err)
    assert (output / "chapter1.tex").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("document", [b"not a run", b'{"schema": "someone-elses/1"}'])
def test_a_folder_that_only_looks_like_a_run_is_never_replaced(call, scan, tmp_path, document):
    output = _folder(tmp_path / "out")
    _written(output / "shirube.json", document)
    assert call("run", scan, "-o", output, "--overwrite")[0] == 2
    assert (output / "shirube.json").read_bytes() == document


def test_what_was_put_beside_a_run_is_never_replaced(call, scan, tmp_path):
    output = tmp_path / "out"
    call("run", scan, "-o", output)
    _written(output / "thesis.docx", b"precious")
    code, _, err = call("run", scan, "-o", output, "--overwrite")
    assert code == 2
    assert "thesis.docx" in one_sentence(err)
    assert (output / "thesis.docx").read_bytes() == b"precious"


def test_an_output_that_cannot_be_made_is_one_sentence(call, scan):
    code, _, err = call("run", scan, "-o", scan / "below-a-file")
    assert code == 2
    one_sentence(err)


def test_show_says_what_is_in_a_file(call, scan):
    code, out, _ = call("show", scan)
    assert code == 0
    assert "測定 1.csv" in out
    assert re.search(r"energy +4 +3 … 0 +-1 +eV", out)


def test_show_of_a_folder_asks_for_a_file(call, tmp_path):
    code, _, err = call("show", tmp_path)
    assert code == 2
    assert "name a file" in one_sentence(err)


def test_show_in_json_holds_the_same(call, scan):
    document = json.loads(call("show", scan, "--json")[1])
    assert document["schema"] == "shirube-show/1"
    (spectrum,) = document["spectra"]
    expected = {"name": "energy", "unit": "eV", "points": 4, "first": 3.0, "last": 0.0, "step": -1.0, "even": True}
    assert spectrum["axes"] == [expected]
    assert [one["code"] for one in document["unusual"]] == ["not-counts"]


def test_messages_are_japanese_when_asked_or_when_the_locale_is(call, scan, tmp_path, monkeypatch):
    assert "ファイルがありません" in call("show", tmp_path / "absent", "--lang", "ja")[2]
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert "ファイルがありません" in call("show", tmp_path / "absent")[2]
    assert "no such file" in call("show", tmp_path / "absent", "--lang=en")[2]
    assert "書き出しました" in call("run", scan, "-o", tmp_path / "out")[1]


def test_an_error_in_json_carries_both_languages_and_the_exit_code(call, tmp_path):
    document = json.loads(call("show", tmp_path / "absent", "--json")[1])
    assert document["schema"] == "shirube-error/1"
    assert document["exit_code"] == 2
    assert document["message"]["ja"] != document["message"]["en"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run", "{scan}", "-o", "{out}", "--guide", "ses2002"], 4),
        (["fit", "{scan}", "-o", "{out}"], 4),
        (["guides", "show", "ses2002"], 4),
        (["run", "{scan}", "-o", "{out}", "--set", "run.giude=x"], 2),
        (["run", "{scan}", "-o", "{out}", "--set", "nonsense"], 2),
        (["run", "{scan}", "-o", "{out}", "--config", "{out}"], 2),
        (["run", "{scan}", "-o", "{out}", "--today", "soon"], 2),
        (["run", "{scan}", "-o", "{out}", "--today", "20260101"], 2),
        (["run", "{scan}", "-o", "{out}", "--set", "readers.columns.scael=binding"], 2),
        (["run", "{scan}", "-o", "{out}", "--set", "readers.columns.scale=sideways"], 2),
        (["run", "{scan}"], 2),
        (["frobnicate"], 2),
    ],
)
def test_each_kind_of_error_has_its_exit_code(call, scan, tmp_path, arguments, code):
    filled = [one.format(scan=scan, out=tmp_path / "out") for one in arguments]
    assert call(*filled)[0] == code
    assert not (tmp_path / "out").exists()


def test_a_misspelt_setting_is_answered_with_what_was_meant(call, scan, tmp_path):
    err = call("run", scan, "-o", tmp_path / "out", "--set", "run.giude=x")[2]
    assert "Did you mean 'guide'" in one_sentence(err)


def test_a_section_that_belongs_to_nobody_is_a_warning(call, scan, tmp_path):
    code, _, err = call("run", scan, "-o", tmp_path / "out", "--set", "analyses.bicfti.max_peaks=3")
    assert code == 0
    assert "[analyses.bicfti] belongs to nothing" in one_sentence(err)


BROKEN = """
    from shirube.hooks import Analysis, Text, hookimpl
    class Raises:
        applies = staticmethod(lambda target, parameters: None)
        @staticmethod
        def run(target, parameters, progress):
            raise OSError(28, "the disk of the plugin is full")
    @hookimpl
    def shirube_analyses():
        return [Analysis(name="broken", description=Text(en="b", ja="b"), implementation=Raises)]
"""


def test_a_plugin_that_raises_is_named_with_exit_code_3_and_nothing_is_written(call, scan, tmp_path, monkeypatch):
    site = tmp_path / "site"
    site.mkdir()
    fake_distribution(
        site, "dist-broken", version="3.1", plugins={"broken": "fake_cli_broken"}, modules={"fake_cli_broken": BROKEN}
    )
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "all.toml", b"[plugins]\nallow = ['broken']\n")))
    with on_path(site):
        code, _, err = call("run", scan, "-o", tmp_path / "out")
    assert code == 3
    sentence = one_sentence(err)
    for word in ("the disk of the plugin is full", "'broken'", "dist-broken 3.1", "shirube_analyses"):
        assert word in sentence
    assert not (tmp_path / "out").exists()


def test_a_plugin_that_cannot_be_loaded_stops_the_run_and_can_be_blocked(call, scan, tmp_path, monkeypatch):
    site = tmp_path / "site"
    site.mkdir()
    fake_distribution(
        site, "dist-bad", plugins={"bad": "fake_cli_bad"}, modules={"fake_cli_bad": "import nothing_of_the_kind"}
    )
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "all.toml", b"[plugins]\nallow = ['bad']\n")))
    with on_path(site):
        code, _, err = call("run", scan, "-o", tmp_path / "out")
        assert (code, "nothing_of_the_kind" in one_sentence(err)) == (3, True)
        code, out, _ = call("plugins", "list", "--load", "--json")
        assert code == 3
        (row,) = [one for one in json.loads(out)["plugins"] if one["name"] == "bad"]
        assert row["status"] == "failed"


def test_the_listing_shows_conflicts_without_importing(call, tmp_path, monkeypatch):
    site = tmp_path / "site"
    site.mkdir()
    for name in ("dist-one", "dist-two"):
        module = name.replace("-", "_")
        fake_distribution(site, name, plugins={"twin": module}, modules={module: "raise SystemExit('imported')"})
    monkeypatch.delenv("SHIRUBE_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with on_path(site):
        code, out, _ = call("plugins", "list")
    assert code == 3
    assert out.count("conflict") == 2


def test_settings_are_shown_with_their_layer(call):
    code, out, _ = call("config", "show", "--set", "run.guide=x")
    assert code == 0
    assert "run.guide = 'x'  (command line)" in out


def test_a_check_of_a_run_gives_its_findings(call, scan, tmp_path):
    call("run", scan, "-o", tmp_path / "out")
    code, out, _ = call("check", tmp_path / "out", "--json")
    document = json.loads(out)
    assert (code, document["schema"], document["ok"]) == (0, "shirube-check/2", True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "damaged"),
        ('{"schema": "shirube-run/9"}', "schema"),
        ('{"schema": "shirube-run/1", "outcomes": [{}]}', "damaged"),
    ],
)
def test_a_damaged_run_folder_is_one_sentence(call, tmp_path, content, said):
    folder = _folder(tmp_path / "run")
    _written(folder / "shirube.json", content.encode())
    code, _, err = call("check", folder)
    assert code == 2
    assert said in one_sentence(err)


def test_a_run_folder_never_reads_outside_itself(call, scan, tmp_path):
    output = tmp_path / "out"
    call("run", scan, "-o", output)
    document = (output / "shirube.json").read_text(encoding="utf-8")
    (tmp_path / "secret.csv").write_text("energy,intensity\n1,1\n", encoding="utf-8")
    name = json.loads(document)["outcomes"][0]["entry"]["measurements"][0]["spectra"][0]["table"]
    (output / "shirube.json").write_text(document.replace(name, "../secret.csv"), encoding="utf-8")
    code, _, err = call("check", output)
    assert code == 2
    assert "secret" in one_sentence(err)


def test_output_into_a_closed_pipe_is_no_error(scan):
    script = f"{sys.executable} -m shirube show {str(scan)!r} | true"
    answer = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", script], capture_output=True, env=os.environ, check=False
    )
    assert answer.stderr == b""


def test_a_waiver_of_a_rule_that_nobody_has_is_told(call, scan, tmp_path, monkeypatch):
    text = '[plugins]\nallow = []\n[[waivers]]\nrule = "NO-1"\nreason = "agreed with everybody"\napproved_by = "me"\n'
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "waiving.toml", text.encode())))
    assert "NO-1" in call("run", scan, "-o", tmp_path / "out")[1]


def test_a_waiver_for_a_misspelt_entry_is_told(call, tmp_path, monkeypatch):
    scan = _written(tmp_path / "scan-1.csv", COLUMNS.encode())
    entry = json.loads(call("run", scan, "-o", tmp_path / "first", "--json")[1])["entries"][0]["name"]
    text = '[plugins]\nallow = []\n[[waivers]]\nrule = "NO-1"\nreason = "agreed"\napproved_by = "me"\nsubject = "{}"\n'
    written = text.format(entry.replace("c", "cc", 1))
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "waiving.toml", written.encode())))
    _, out, err = call("run", scan, "-o", tmp_path / "out")
    assert "NO-1" in out
    assert f"Did you mean '{entry}'" in err


def test_a_misspelt_name_in_a_block_list_is_told(call, scan, tmp_path, monkeypatch):
    text = b"[plugins]\nallow = []\nblock = ['shirubee']\n"
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "blocking.toml", text)))
    code, _, err = call("run", scan, "-o", tmp_path / "out")
    assert code == 0
    assert "Did you mean 'shirube'" in one_sentence(err)


EXPORTERS = """
    from shirube.hooks import Exporter, Text, hookimpl
    from shirube.records import Dataset, Finding, Subject
    text = Text(en="x", ja="x")
    class Greedy:
        write = staticmethod(lambda outcomes, target, context, parameters: (target / "f").write_bytes(b""))
        read = staticmethod(lambda path, parameters: Dataset() if path.name == "tree" else None)
    class Verifies:
        write = staticmethod(lambda outcomes, target, context, parameters: (target / "f").write_bytes(b""))
        @staticmethod
        def verify(target, parameters):
            subject = Subject("tree", "t")
            return [Finding(rule="V-1", policy="v", subject=subject, kind="fail", severity="must", message=text)]
    @hookimpl
    def shirube_exporters():
        return [Exporter(name="one", description=text, implementation=Greedy),
                Exporter(name="two", description=text, implementation=Greedy),
                Exporter(name="verifies", description=text, implementation=Verifies)]
"""


@pytest.fixture
def exporters(call, tmp_path, monkeypatch):
    assert call  # it goes first, because its settings are replaced here
    site = _folder(tmp_path / "site")
    fake_distribution(site, "dist-exp", plugins={"exp": "fake_cli_exp"}, modules={"fake_cli_exp": EXPORTERS})
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "all.toml", b"[plugins]\nallow = ['exp']\n")))
    with on_path(site):
        yield


@pytest.mark.usefixtures("exporters")
def test_two_exporters_that_know_one_tree_are_named(call, tmp_path):
    code, _, err = call("check", _folder(tmp_path / "tree"))
    assert code == 2
    assert "one (dist-exp 1.0), two (dist-exp 1.0)" in one_sentence(err)


@pytest.mark.usefixtures("exporters")
def test_an_exporter_verifies_its_own_tree_in_a_run_even_if_it_cannot_read_it(call, scan, tmp_path):
    assert call("run", scan, "-o", tmp_path / "out")[0] == 0
    code, out, _ = call("check", tmp_path / "out")
    assert code == 1
    assert "V-1" in out


@pytest.fixture
def alone(call, tmp_path, monkeypatch):
    """Call the command line with one plugin of the given source, in a folder of its own."""
    site = _folder(tmp_path / "site-of-one")
    monkeypatch.chdir(_folder(tmp_path / "here"))

    def run(source, *arguments, settings=b"[plugins]\nallow = ['odd']\n"):
        source = f"from shirube.hooks import *\nimport click\nT = lambda s: Text(en=s, ja=s)\n{source}"
        fake_distribution(
            site, "dist-odd", version="3.1", plugins={"odd": "fake_cli_odd"}, modules={"fake_cli_odd": source}
        )
        monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "odd.toml", settings)))
        with on_path(site):
            return call(*arguments)

    return run


ANALYSIS_THAT_RAISES = """
class Raises:
    applies = staticmethod(lambda target, parameters: None)
    @staticmethod
    def run(target, parameters, progress):
        raise {error}
@hookimpl
def shirube_analyses():
    return [Analysis(name="odd-one", description=T("x"), implementation=Raises)]
"""


@pytest.mark.parametrize(
    "error",
    [
        "EOFError('cut')",
        "BrokenPipeError(32, 'pipe')",
        "click.exceptions.Exit(0)",
        "click.UsageError('no')",
        "click.Abort()",
    ],
)
def test_an_exception_that_click_has_a_meaning_for_is_still_the_plugins(alone, scan, tmp_path, error):
    code, _, err = alone(ANALYSIS_THAT_RAISES.format(error=error), "run", scan, "-o", tmp_path / "out")
    assert code == 3
    assert "'odd-one' in hook 'shirube_analyses' of plugin 'odd'" in one_sentence(err)
    assert not (tmp_path / "out").exists()


def test_an_interrupt_says_so(alone, scan, tmp_path):
    code, _, err = alone(ANALYSIS_THAT_RAISES.format(error="KeyboardInterrupt()"), "run", scan, "-o", tmp_path / "out")
    assert (code, "interrupted" in one_sentence(err)) == (130, True)


def test_an_exception_of_several_lines_is_one_sentence(alone, scan, tmp_path):
    code, _, err = alone(ANALYSIS_THAT_RAISES.format(error="ValueError('a\\nb')"), "run", scan, "-o", tmp_path / "out")
    assert (code, "ValueError: a b" in one_sentence(err)) == (3, True)


COMMAND = """
@click.command()
def command():
    {body}
@hookimpl
def shirube_commands():
    return [Command(name="{name}", description=T("does it"), implementation={implementation})]
"""


def command_source(body="click.echo('done')", name="odd-command", implementation="command"):
    return COMMAND.format(body=body, name=name, implementation=implementation)


def test_a_plugins_command_runs_and_is_listed(alone):
    assert alone(command_source(), "odd-command") == (0, "done\n", "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (command_source(body="raise LookupError('lost')"), "LookupError: lost"),
        (command_source(body="raise EOFError('cut')"), "EOFError: cut"),
        (command_source(implementation="print"), "returned a builtin_function_or_method where Command is expected"),
        (command_source(implementation="'no_module_of_this_name:f'"), "no_module_of_this_name"),
    ],
)
def test_what_is_wrong_with_a_plugins_command_is_the_plugins(alone, source, said):
    code, _, err = alone(source, "odd-command")
    assert code == 3
    assert said in err
    assert "plugin 'odd'" in err


def test_a_plugins_command_may_say_what_a_person_did_wrong(alone):
    code, _, err = alone(command_source(body="raise click.UsageError('which one?')"), "odd-command")
    assert (code, "which one?" in err, "plugin" in err) == (2, True, False)


@pytest.mark.parametrize("name", ["run", "show"])
def test_a_plugin_cannot_take_a_command_of_the_core(alone, name):
    code, out, _ = alone(command_source(name=name), "plugins", "list", "--load", "--json")
    assert code == 3
    assert "a name that no command of the core has" in out


def test_the_core_knows_the_names_of_its_commands():
    assert sorted(COMMANDS) == sorted(CORE_COMMANDS)


def test_the_help_is_there_whatever_is_broken(alone):
    code, out, err = alone("@hookimpl\ndef shirube_commands():\n    raise ValueError('hook')", "--help")
    assert (code, "plugins" in out, "ValueError: hook" in one_sentence(err)) == (0, True, True)


def test_the_help_is_there_with_misspelt_settings(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _written(tmp_path / "shirube.toml", b"[rnu]\nx = 1\n")
    code, out, err = call("--help")
    assert (code, "plugins" in out, "rnu" in one_sentence(err)) == (0, True, True)


def test_a_hook_that_fails_is_told_without_a_record(alone, scan):
    code, _, err = alone("@hookimpl\ndef shirube_analyses():\n    raise ValueError('x')", "run", scan, "-o", "out")
    assert code == 3
    assert "raised in hook 'shirube_analyses' of plugin 'odd'" in one_sentence(err)
    assert "'-'" not in err


def test_a_misspelt_command_is_answered_with_what_was_meant(call):
    code, _, err = call("rnu")
    assert (code, "Did you mean 'run'?" in one_sentence(err)) == (2, True)


def test_a_command_of_a_plugin_that_failed_says_why(alone):
    code, _, err = alone("import no_module_of_this_name", "odd-command")
    assert code == 3
    assert "no_module_of_this_name" in err
    assert "there is no command 'odd-command'" in err


def test_a_local_plugin_file_may_bring_a_command(alone, tmp_path):
    header = "from shirube.hooks import *\nimport click\nT = lambda s: Text(en=s, ja=s)\n"
    _written(tmp_path / "site_own.py", (header + command_source(name="local")).encode())
    settings = b"[plugins]\nallow = []\nfiles = ['site_own.py']\n"
    assert alone("", "local", settings=settings) == (0, "done\n", "")


def test_a_link_that_leads_out_of_its_folder_is_refused(call, tmp_path):
    folder = _folder(tmp_path / "unpacked")
    _written(folder / "scan.csv", COLUMNS.encode())
    secret = _written(tmp_path / "secret.txt", b"secret")
    (folder / "notes.txt").symlink_to(secret)
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    code, _, err = call("run", folder, "-o", tmp_path / "out")
    assert code == 2
    assert "notes.txt: this link leads out of its folder" in err
    assert "gone.txt: this link leads to nothing" in err
    (folder / "notes.txt").unlink()
    (folder / "gone.txt").unlink()
    (folder / "again.csv").symlink_to(folder / "scan.csv")
    assert call("run", folder, "-o", tmp_path / "out")[0] == 0


def test_a_pipe_or_a_device_is_refused_without_waiting(call, tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero"):
        code, _, err = call("show", path)
        assert code == 2
        assert "neither a file nor a folder" in one_sentence(err)


ODD = """
    import numpy as np
    from shirube.hooks import Reader, Text, hookimpl
    from shirube.records import Axis, Measurement, Spectrum
    class Reads:
        claims = staticmethod(lambda source: True)
        @staticmethod
        def read(source, parameters):
            spectra = [
                Spectrum(source.name + "#1", "decay", [1.0, 2.0], [Axis("time", [0.0, 5.0], "s")]),
                Spectrum(source.name + "#2", "empty", np.zeros(0), [Axis("energy", np.zeros(0), "eV")]),
            ]
            return Measurement(source.name, "odd", spectra, sources=[source.record()])
    @hookimpl
    def shirube_readers():
        return [Reader(name="odd", description=Text(en="o", ja="o"), suffixes=(".odd",), implementation=Reads)]
"""


@pytest.fixture
def odd(tmp_path, monkeypatch):
    """A file that a plugin reads as a spectrum over time and one without points."""
    site = _folder(tmp_path / "site")
    fake_distribution(site, "dist-odd", plugins={"odd": "fake_cli_odd"}, modules={"fake_cli_odd": ODD})
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "odd.toml", b"[plugins]\nallow = ['odd']\n")))
    with on_path(site):
        yield _written(tmp_path / "a.odd", b"odd")


def test_spectra_without_energies_or_points_are_run_and_reported(call, odd, tmp_path):
    code, out, err = call("run", odd, "-o", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "decay: time 0 … 5 s" in out
    assert "empty: - (unknown)" in out
    spectra = json.loads(call("run", odd, "-o", tmp_path / "again", "--json")[1])["entries"][0]["spectra"]
    assert [(one["axis"], one["first"], one["last"]) for one in spectra] == [("time", 0.0, 5.0), ("energy", None, None)]
    assert call("check", tmp_path / "out")[0] == 0


def test_spectra_without_energies_or_points_are_shown(call, odd):
    code, out, _ = call("show", odd)
    assert code == 0
    assert re.search(r"time +2 +0 … 5 +5 +s\n", out)
    assert re.search(r"energy +0 +– +– +eV\n", out)
    document = json.loads(call("show", odd, "--json")[1])
    (time,), (energy,) = (one["axes"] for one in document["spectra"])
    assert (time["points"], time["first"], time["last"], time["step"]) == (2, 0.0, 5.0, 5.0)
    assert energy == {
        "name": "energy",
        "unit": "eV",
        "points": 0,
        "first": None,
        "last": None,
        "step": None,
        "even": True,
    }
    said = {one["code"]: one["spectra"] for one in document["unusual"]}
    assert said["no-energies"] == ["a.odd#1"]
    assert said["no-points"] == ["a.odd#2"]


def test_show_speaks_japanese_of_axes_and_scales_and_of_what_is_unusual(call, scan):
    out = call("show", scan, "--lang", "ja")[1]
    assert re.search(r"エネルギー +4 +3 … 0", out)
    assert "（束縛エネルギー" in out.replace("(", "（")
    assert "注意すべき点" in out
    assert "強度がカウント数とはわかりません" in out


def test_show_lets_no_name_command_the_terminal(call, tmp_path):
    path = _written(tmp_path / "a\x1b[31m.csv", COLUMNS.encode())
    for out in (call("show", path)[1], call("show", path, "--raw")[1]):
        assert "\x1b" not in out
        assert "a\ufffd[31m.csv#1" in out


@pytest.mark.parametrize("columns", [40, 80])
def test_show_fits_the_terminal(call, scan, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    out = call("show", scan, "--lang", "ja")[1]
    rows = [line for line in out.splitlines() if line.startswith("  ")]
    assert rows
    assert max(display_width(line) for line in rows) <= columns


@pytest.mark.parametrize(("name", "start"), [("図.png", b"\x89PNG"), ("figure.svg", b"<?xml")])
def test_show_draws_all_spectra(call, scan, tmp_path, name, start):
    pytest.importorskip("matplotlib_fontja")
    code, out, _ = call("show", scan, "--plot", tmp_path / name)
    assert code == 0
    assert f"Drawn: {tmp_path / name}" in out
    drawn = (tmp_path / name).read_bytes()
    assert drawn.startswith(start)
    call("show", scan, "--plot", tmp_path / name)
    assert (tmp_path / name).read_bytes() == drawn


def test_show_draws_beside_nothing_when_no_name_is_given(call, scan, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib_fontja")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    document = json.loads(call("show", scan, "--plot", "--json")[1])
    assert document["figure"] == "測定 1.csv.png"
    assert (tmp_path / "here" / "測定 1.csv.png").read_bytes().startswith(b"\x89PNG")


def test_show_draws_over_no_data(call, scan):
    before = scan.read_bytes()
    code, _, err = call("show", scan, "--plot", scan)
    assert code == 2
    assert ".png or .svg" in one_sentence(err)
    assert scan.read_bytes() == before


def test_a_figure_that_cannot_be_written_is_one_sentence(call, scan):
    pytest.importorskip("matplotlib_fontja")
    code, out, err = call("show", scan, "--plot", scan / "below" / "a.png")
    assert (code, out) == (2, "")
    one_sentence(err)


def test_reading_leniently_needs_a_reader_that_can(call, scan, tmp_path):
    for arguments in (("show", scan), ("run", scan, "-o", tmp_path / "out")):
        code, out, err = call(*arguments, "--lenient")
        assert (code, out) == (2, "")
        assert "no installed reader reads leniently" in one_sentence(err)
    assert not (tmp_path / "out").exists()


def test_a_report_that_cannot_be_made_leaves_no_output(call, scan, tmp_path, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("shirube.cli.reporting.report_run", fail)
    assert call("run", scan, "-o", tmp_path / "out")[0] == 3
    assert not (tmp_path / "out").exists()


def test_usage_errors_are_one_sentence_in_the_wanted_language_and_format(call):
    code, out, err = call("run", "--json", "--lang", "ja")
    assert code == 2
    assert "引数に誤りがあります" in one_sentence(err)
    assert json.loads(out)["exit_code"] == 2


def test_bad_input_is_told_without_the_plugin_that_found_out(call, tmp_path):
    turning = _written(tmp_path / "turning.csv", b"1,2\n3,4\n2,6\n")
    code, _, err = call("run", turning, "-o", tmp_path / "out")
    assert code == 2
    assert "hook" not in one_sentence(err)


def test_an_override_that_no_guide_has_is_blamed_on_the_settings(tmp_path):
    site = _folder(tmp_path / "site")
    source = """
        from shirube.hooks import Guide, Text, hookimpl
        class Here:
            read_bytes = staticmethod(lambda: TOML.encode())
            __str__ = lambda self: "guide.toml"
        TOML = '''
        match.readers = ["columns"]
        files.data = ["*.csv"]
        [overview]
        title = "t"
        instrument = "i"
        maker = "m"
        model = "m"
        edition = "1"
        issued = "2026"
        publisher = "p"
        '''
        @hookimpl
        def shirube_guides():
            return [Guide(name="toy", description=Text(en="t", ja="t"), resource=Here())]
    """
    fake_distribution(site, "dist-toy", plugins={"toy": "fake_cli_toy"}, modules={"fake_cli_toy": source})
    from shirube.errors import SettingsError
    from shirube.plugins import load_plugins
    from shirube.settings import Settings
    from shirube.vocabulary import one_guide

    with on_path(site), pytest.raises(SettingsError, match=r"\[guides\.toy\].*nosuch") as caught:
        one_guide("toy", load_plugins(allow=("toy",)), Settings().with_values({"guides.toy.nosuch": "x"}))
    assert caught.value.path is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where a full device can be had")
def test_a_full_standard_output_is_one_sentence(scan):
    script = f"{sys.executable} -m shirube show '{scan}' --json > /dev/full"
    answer = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, encoding="utf-8", check=False)
    assert answer.returncode == 2
    assert "cannot be written to standard output" in one_sentence(answer.stderr)


ENTRY_ANALYSIS = """
    from shirube.hooks import Analysis, Text, hookimpl
    class Counts:
        applies = staticmethod(lambda target, parameters: None)
        draw = staticmethod(lambda target, result, lang: [])
        @staticmethod
        def run(target, parameters, progress):
            from shirube.records import Quantity, Result
            return Result(analysis="", target="", scalars={"sweeps": Quantity(len(target.spectra))})
    @hookimpl
    def shirube_analyses():
        about = Text(en="c", ja="c")
        return [Analysis(name="counts", description=about, scope="entry", yields=("sweeps",), implementation=Counts)]
"""


def test_what_an_analysis_finds_of_a_whole_entry_is_reported(call, scan, tmp_path, monkeypatch):
    site = _folder(tmp_path / "site")
    fake_distribution(site, "dist-entry", plugins={"entry": "fake_cli_ent"}, modules={"fake_cli_ent": ENTRY_ANALYSIS})
    monkeypatch.setenv("SHIRUBE_CONFIG", str(_written(tmp_path / "all.toml", b"[plugins]\nallow = ['entry']\n")))
    with on_path(site):
        code, out, _ = call("run", scan, "-o", tmp_path / "out")
    assert code == 0
    assert "counts: done, sweeps 1" in out


@pytest.mark.parametrize("command", [("show",), ("run", "-o", "out"), ("batch", "-o", "out"), ("gather", "-o", "out")])
def test_an_empty_text_names_no_file(call, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*command, "", "--lang", "en")
    assert (code, out) == (2, "")
    assert "named by an empty text" in err
    assert not (tmp_path / "out").exists()
