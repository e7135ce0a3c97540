"""Every command line that README and documentation show does what they say, in a copy of the examples."""

import re
import shlex
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from shirube.cli import run_command_line
from shirube.testing import on_path

ROOT = Path(__file__).parents[1]
PATTERNS = ("README.md", "core/README.md", "docs/*.md", "plugins/*/README.md", "examples/**/README.md")
DOCUMENTS = sorted(path for pattern in PATTERNS for path in ROOT.glob(pattern))

#: A Japanese page shows the same command lines as its sibling, which tests/test_docs_pages.py sees to.
TYPED = [path for path in DOCUMENTS if not path.name.endswith(".ja.md")]

#: Command lines that are not run here, by their beginning, and why.
EXCLUDED = {
    "python3 -m venv": "makes an environment; the environment of the tests is one",
    ".venv/bin/pip install": "likewise",
    ".venv/bin/tox": "runs these tests",
    ".venv/bin/shirube run": "tests/test_end_to_end.py types it, with fits as long as they take",
    "tox": "runs these tests, or half an hour of fuzzing",
    "pip install shirube": "installs from a package index; nothing is on one yet",
    'pip install "shirube': "likewise",
    "uv build": "builds every distribution, as tox -e wheels does",
    "docker": "needs Docker; tox -e rdetoolkit runs the jobs",
    "mkdir -p $TEMPLATE": "fills the folder that Docker builds",
    "cp dist/": "likewise",
    "cd $TEMPLATE": "likewise",
    "shirube rde verify .": "judges what the container has left",
    "shirube plugins check beam-7": "judges a built wheel, too; tox -m new does all of it",
    "pytest --pyargs": "pytest within pytest; tests/test_conformance.py does it",
    "python benchmarks/": "statistics and measurements of minutes",
    "python plugins/ses2002/fuzz/": "half an hour of fuzzing",
    "export SHIRUBE_CONFIG=/opt/": "a place of a facility; examples/facility/README.md shows the same with the example",
}

#: What stands in the scratch folder under the names that a document uses, besides the examples: real files.
_C1S = "examples/cu-hhtp/Cu-HHTP_0003.txt"
_SERIES = "plugins/ses2002/tests/data/specqp/scienta_single_region_adddimension_1.txt"
SUPPLIED = {
    "C1s.txt": _C1S,
    "Ag3d.txt": "plugins/bicfit/tests/data/pynxtools-xps/Ag_0001.txt",
    "scan.txt": _C1S,
    "measured_0001.txt": _C1S,
    "session1/Cu-HHTP_0003.txt": _C1S,
    "session2/Cu-HHTP_0003.txt": _C1S,
    "C1s.csv": "plugins/bicfit/tests/data/lg4x/PET_C1s.csv",
    "invoice.json": "examples/invoice.json",
    _SERIES: _SERIES,
}
#: A job of RDE, in the scratch folder itself and below it.
JOB = {
    "data/inputdata/Cu-HHTP_0003.txt": _C1S,
    "data/invoice/invoice.json": "examples/invoice.json",
    "data/tasksupport/shirube.toml": "examples/rde-template/template/tasksupport/shirube.toml",
    "data/tasksupport/metadata-def.json": "examples/rde-template/template/tasksupport/metadata-def.json",
    "data/tasksupport/invoice.schema.json": "examples/rde-template/template/tasksupport/invoice.schema.json",
}
#: Datasets as a person leaves them, who has filled in what `shirube policy new` writes.
DATASETS = ("datasets/one.yaml", "datasets/two.yaml", "old.yaml", "new.yaml")
DATASET = """\
id: a1ff60a0-5c10-4140-9d86-9f448e56e5d0
title: Photoelectron spectra of Cu-HHTP films
description: C 1s, O 1s and survey spectra of a film of Cu-HHTP, measured to see how copper is bound.
registrant: {name: "Sato, Keiko", organization: Example University}
manager: {name: "Sato, Keiko", organization: Example University}
facility: Example facility
instruments: ["AE-001 SES2002"]
project_title: Films of frameworks
project_number: JPMXP1225AE0001
registered_on: 2025-10-27
embargo_end: 2028-03-31
is_anonymized: false
license: CC BY 4.0
tags: [XPS]
usage: {sessions: [{id: A-25-AE-0001, date: 2025-10-26}]}
entries:
  - name: Cu-HHTP C 1s
    files: {structured: [structured/c1s.csv], main_image: [main_image/c1s.png]}
"""
REQUEST = """\
affiliations: [{name: University, country: JP, kind: academia, corporation: true}]
institution_guarantee: true
corporate_approval: true
national: true
residence_country: JP
months_resident: 3
specific_category: none
"""

#: So that nothing takes minutes: the search for peaks and the whole conformance kit are tested elsewhere.
SMALL = "[analyses.bicfit]\nmax_peaks = 1\nstarts = 1\n"
SMALLER = {
    "shirube batch examples": ["--no-figures"],
    "shirube plugins check ses2002": ["--only", "API"],
    "shirube fit examples/fe2p-haxpes": ["--max-peaks", "2"],
    "shirube fit scan.txt": ["--max-peaks", "3", "--starts", "10"],
    "shirube run session1": ["--no-analysis"],
}


def blocks(document, language):
    """Return the lines of each block of a language, as they stand."""
    text = document.read_text(encoding="utf-8")
    return [block.splitlines() for block in re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def steps(line):
    """Return the commands of a line, without the words that explain them."""
    shown = re.split(r"\s+#\s|\s{2,}(?=\S)", line.strip())[0]
    return [step.strip() for step in shown.split("&&") if step.strip()]


def is_pattern(step):
    """Whether a line shows how a command is used, with places to fill in, instead of one that can be typed."""
    places = (word for word in step.split() if not Path(word).exists())
    return any(re.fullmatch(r"[A-Z_]{2,}(\.\.\.)?", word) for word in places) or bool(
        re.search(r"\.\.\.|…|\[[^ ]*\||--\w+ \w+(\|\w+)+|=[A-Z]+\b", step)
    )


def reason_not_to_run(step):
    return next((why for begin, why in EXCLUDED.items() if step.startswith(begin)), None)


def smaller(step):
    """Return the options that make a long command a short one."""
    return next((options for begin, options in SMALLER.items() if step.startswith(begin)), [])


def admitted_codes(line):
    """Return the exit codes that the line's comment admits: `exit code 1: why` only that, `exit code 1 when …` both."""
    stated = re.search(r"exit code (\d+)(:?)", line)
    return ({int(stated[1])} if stated[2] else {0, int(stated[1])}) if stated else {0}


class Scratch:
    """A folder with the examples, in which command lines are run one after another."""

    def __init__(self, folder, installed, monkeypatch, stack):
        self.folder, self.installed, self.monkeypatch, self.stack = folder, installed, monkeypatch, stack
        self.places = 0

    def run(self, step):
        """Run one command and return its exit code."""
        words = [one for word in shlex.split(step) for one in self.expanded(word)]
        program, arguments = Path(words[0]).name, words[1:]
        match program:
            case "shirube":
                code = run_command_line([*arguments, *smaller(step)])
                if arguments[:2] == ["policy", "new"]:
                    Path("dataset.yaml").write_text(DATASET, encoding="utf-8")
                return code
            case "mkdir":
                Path(arguments[-1]).mkdir()
            case "cp":
                for source in arguments[:-1]:
                    shutil.copy(source, arguments[-1])
            case "cd":
                self.monkeypatch.chdir(arguments[0])
            case "export":
                self.monkeypatch.setenv(*arguments[0].split("=", 1))
            case "pip":
                self.install(Path(arguments[-1]))
            case "python":
                return subprocess.run([sys.executable, *arguments], check=False, stdout=subprocess.DEVNULL).returncode
            case _:
                pytest.fail(f"nobody runs {step!r}: teach this test the command, or name a reason not to")
        return 0

    def expanded(self, word):
        return sorted(str(path.relative_to(Path.cwd())) for path in Path.cwd().glob(word)) if "*" in word else [word]

    def install(self, project):
        """Install a project of the scratch folder, as pip would leave it."""
        self.places += 1
        copy = shutil.copytree(project, self.folder / f".copy-{self.places}" / project.name)
        self.stack.enter_context(on_path(self.installed(copy, self.folder / f".site-{self.places}")))


@pytest.fixture
def scratch(installed, monkeypatch, tmp_path):
    hidden = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=hidden)
    supplied = SUPPLIED | JOB | {f"JOB/{name}": source for name, source in JOB.items()}
    for name, source in supplied.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, tmp_path / name)
    for name in DATASETS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(DATASET, encoding="utf-8")
    (tmp_path / "request.yaml").write_text(REQUEST, encoding="utf-8")
    (tmp_path / "shirube.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.delenv("SHIRUBE_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        yield Scratch(tmp_path, installed, monkeypatch, stack)


def named(documents):
    return [pytest.param(one, id=str(one.relative_to(ROOT))) for one in documents]


@pytest.mark.parametrize("document", named(DOCUMENTS))
def test_every_block_says_whether_it_is_typed_or_printed(document):
    fences = re.findall(r"^```(.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) % 2 == 0
    assert "" not in fences[::2]
    assert [line for block in blocks(document, "text") for line in block if line.startswith("shirube ")] == []


@pytest.mark.thorough
@pytest.mark.parametrize("document", named(one for one in TYPED if blocks(one, "sh")))
def test_every_command_line_ends_as_it_is_said_to(document, scratch, capsys):
    for line in (line for block in blocks(document, "sh") for line in block):
        for step in steps(line):
            if is_pattern(step) or reason_not_to_run(step):
                continue
            code = scratch.run(step)
            said = capsys.readouterr()
            assert code in admitted_codes(line), f"{step}\n{said.out[-600:]}\n{said.err}"


def test_nothing_is_excluded_or_made_smaller_that_no_document_shows():
    shown = [step for one in TYPED for block in blocks(one, "sh") for line in block for step in steps(line)]
    assert [begin for begin in (*EXCLUDED, *SMALLER) if not any(step.startswith(begin) for step in shown)] == []


def usages(document):
    """Return the lines and spans of text that show how a command is used."""
    text = document.read_text(encoding="utf-8")
    shown = [step for block in blocks(document, "sh") for line in block for step in steps(line)]
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`(shirube [^`]+)`", prose.replace("\n", " "))
    return sorted({one for one in (*shown, *spans) if one.startswith("shirube ")})


@pytest.mark.parametrize("document", named(one for one in DOCUMENTS if usages(one)))
def test_every_command_that_is_shown_exists_with_its_options(document, scratch, capsys):
    assert scratch.folder == Path.cwd()
    helps = {}
    for usage in usages(document):
        words = usage.split()[1:]
        plain = next((at for at, word in enumerate(words) if not re.fullmatch(r"[a-z][a-z0-9-]*", word)), len(words))
        path = tuple(words[:plain])
        if path not in helps:
            code = run_command_line([*path, "--help"])
            said = capsys.readouterr()
            assert code == 0, f"{usage}: {said.err}"
            helps[path] = said.out
        options = re.findall(r"(?<![\w-])--[a-z][a-z-]*", usage)
        assert [one for one in options if one not in helps[path] and one not in ("--help", "--version")] == [], usage
