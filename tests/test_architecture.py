"""The shape of the house: what start-up imports, what is documented, what every package says in both languages."""

import re
import string
import subprocess
import sys
import tomllib
from importlib import metadata, resources
from pathlib import Path

import pytest

from shirube.hooks import HOOKS
from shirube.known import _known
from shirube.plugins import load_plugins

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "shirube",
    "shirube_bicfit",
    "shirube_policy",
    "shirube_quant",
    "shirube_rde",
    "shirube_ses2002",
    "shirube_synchrotron",
)
CATALOGUES = (*PACKAGES, "shirube.htmlreport", "shirube.batch", "shirube.series", "shirube_synchrotron.calibration")
HEAVY = {"numpy", "h5py", "scipy", "sklearn", "matplotlib", "pint", "jsonschema", "cattrs", "rich", "xarray", "xraylib"}


def imported_by(*code):
    script = f"import sys\n{'; '.join(code)}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return set(answer.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["plugins", "list"]], ids=" ".join)
def test_start_up_imports_nothing_heavy(arguments):
    call = f"sys.argv = ['shirube', *{arguments!r}]"
    run = "import shirube.__main__ as m\ntry:\n    m.main()\nexcept SystemExit as e:\n    assert not e.code, e.code"
    assert not imported_by(call, "pass\n" + run) & HEAVY


def test_the_version_needs_neither_click_nor_pluggy():
    call = "sys.argv = ['shirube', '--version']"
    assert not imported_by(call, "import shirube.__main__ as m", "m.main()") & {"click", "pluggy", "attrs", "attr"}


@pytest.mark.parametrize("package", PACKAGES[1:])
def test_an_entry_module_imports_nothing_heavy(package):
    assert not imported_by(f"import {package}.plugin") & HEAVY


def test_importing_shirube_imports_nothing_but_itself():
    assert not imported_by("import shirube") & (HEAVY | {"click", "pluggy", "attrs"})


def test_every_public_name_of_the_package_can_be_had():
    import shirube

    assert [name for name in shirube.__all__ if getattr(shirube, name) is None] == []


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_a_real_plugin_behind_it(hook):
    assert load_plugins().records(hook)


@pytest.mark.parametrize("package", CATALOGUES)
def test_messages_say_the_same_in_both_languages(package):
    file = resources.files(package).joinpath("messages.toml")
    if not file.is_file():
        pytest.skip("this package has no messages")
    for code, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
        assert set(table) == {"en", "ja"}, code
        places = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in table.values()]
        assert places[0] == places[1], code
        # A word that both languages write alike ("BIC", "eV") and a text of places alone need no Japanese letters.
        alike = table["ja"] == table["en"] or not re.search(r"[A-Za-z]", re.sub(r"\{[^{}]*\}", "", table["en"]))
        assert alike or re.search(r"[぀-ヿ一-鿿]", table["ja"]), code


@pytest.mark.parametrize("package", CATALOGUES)
def test_every_message_in_the_source_exists_and_every_message_is_used(package):
    file = resources.files(package).joinpath("messages.toml")
    known = set(tomllib.loads(file.read_text(encoding="utf-8"))) if file.is_file() else set()
    folder = Path(str(resources.files(package)))
    files = (path for pattern in ("*.py", "*.j2") for path in folder.rglob(pattern))
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    quoted = {code for code in known if f'"{code}"' in source or f"'{code}'" in source}
    unused = {code for code in known - quoted if not _composed(code, source)}
    assert unused == set()


def _composed(code, source):
    """Whether the code is put together at run time: f"status-{status}", f"{rule}-remedy"."""
    cuts = [place for place, sign in enumerate(code) if sign == "-"]
    return any(f"{code[:cut]}-{{" in source or f'}}-{code[cut + 1 :]}"' in source for cut in cuts)


def test_each_well_known_name_is_provided_by_the_distribution_that_is_said_to():
    plugins = load_plugins()
    sections = {"readers", "guides", "conversions", "analyses", "policies", "exporters", "commands"}
    assert set(_known()) == sections
    from shirube.plugins import SECTIONS

    hooks = {section: hook for hook, section in SECTIONS.items()}
    for section, names in _known().items():
        for name, distribution in names.items():
            if (section, name) == ("conversions", "binding"):
                assert distribution == "shirube-synchrotron"
                continue
            assert plugins.records(hooks[section])[name].distribution == distribution


@pytest.mark.parametrize("package", PACKAGES)
def test_wheels_are_typed_and_licensed(package):
    distribution = metadata.metadata(package.replace("_", "-"))
    assert distribution["License-Expression"] == "MIT"
    assert resources.files(package).joinpath("py.typed").is_file()


@pytest.mark.parametrize("package", PACKAGES[1:])
def test_a_plugin_bounds_the_core_it_works_with(package):
    requirement = next(
        one for one in metadata.requires(package.replace("_", "-")) if re.match(r"shirube(\[|[<>=])", one)
    )
    assert "<0.2" in requirement
    assert ">=0.1" in requirement


DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "core/*.md", "plugins/*/README.md", "examples/**/README.md")
    for path in ROOT.glob(pattern)
)
#: Folders of docs/ that are written when the documentation is built, which checks every link into them.
WRITTEN = ("checks/", "guides/", "hooks/", "messages/")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_links_to_exists(document):
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert [target for target in missing if not (document.parent.name == "docs" and target.startswith(WRITTEN))] == []


def test_the_commands_of_the_readme_are_those_that_are_tested():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first, second = re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)
    assert first.endswith("shirube run --guide ses2002 examples/cu-hhtp examples/fe2p-haxpes -o out")
    assert second in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
