"""With one plugin missing the rest works, and one sentence says what is missing and how to install it."""

import json
import os
from importlib import metadata
from pathlib import Path

import pytest

from shirube.cli import run_command_line

pytestmark = pytest.mark.thorough

EXAMPLES = Path(__file__).parents[1] / "examples"
PLUGINS = ("bicfit", "policy", "quant", "rde", "ses2002", "synchrotron")
MISSING = os.environ.get("SHIRUBE_WITHOUT")


@pytest.fixture(params=[MISSING] if MISSING else PLUGINS)
def without(request, tmp_path, monkeypatch):
    """Name the plugin that is missing: really not installed in its environment, blocked by settings elsewhere."""
    name = request.param
    if MISSING:
        with pytest.raises(metadata.PackageNotFoundError):
            metadata.version(f"shirube-{name}")
    else:
        settings = tmp_path / "facility.toml"
        settings.write_text(f"[plugins]\nblock = ['{name}']\n", encoding="utf-8")
        monkeypatch.setenv("SHIRUBE_CONFIG", str(settings))
    return name


def run(capsys, *arguments):
    code = run_command_line([str(one) for one in arguments])
    return code, capsys.readouterr()


def test_the_rest_of_the_run_works(without, tmp_path, capsys):
    output = tmp_path / "out"
    data = tmp_path / "data"
    data.mkdir()
    (data / "scan.csv").write_text("Binding energy,I\n3,10\n2,20\n1,30\n0,40\n", encoding="utf-8")
    source = data if without == "ses2002" else EXAMPLES / "cu-hhtp" / "Cu-HHTP_0002.txt"
    code, printed = run(capsys, "run", source, "-o", output)
    assert code == 0, printed.err
    assert (output / "shirube.json").is_file()
    assert (output / "rde").is_dir() == (without != "rde")


ARGUMENTS = {
    "bicfit": ["fit", "x.txt", "-o", "o"],
    "quant": ["elements", "x.txt"],
    "rde": ["rde", "run"],
    "ses2002": ["run", EXAMPLES / "cu-hhtp", "--guide", "ses2002", "-o", "o"],
}


def remedy(name):
    """Return what is said of a plugin that is missing: how to install it, or that settings keep it out."""
    return f"pip install shirube-{name}" if MISSING else f"comes with shirube-{name}, which is installed but kept out"


def test_what_is_missing_is_said_with_what_to_do_about_it(without, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if without == "policy":
        code, printed = run(capsys, "check", EXAMPLES / "cu-hhtp", "--set", "run.policies=arim")
        assert code in (2, 4)
        dataset = tmp_path / "dataset.toml"
        dataset.write_text('title = "Gold"\n', encoding="utf-8")
        code, printed = run(capsys, "check", dataset, "--set", "run.policies=arim")
        assert (code, remedy("policy") in printed.err) == (4, True)
        return
    if without == "synchrotron":
        code, printed = run(capsys, "run", EXAMPLES / "fe2p-haxpes", "-o", tmp_path / "out", "--json")
        findings = json.loads(printed.out)["entries"][0]["findings"]
        assert remedy("synchrotron") in json.dumps(findings)
        return
    code, printed = run(capsys, *ARGUMENTS[without])
    assert code == 4
    assert remedy(without) in printed.err
    assert len(printed.err.strip().splitlines()) == 1
