"""What the documentation says of hooks, errors, versions and languages is what the code says."""

import importlib.util
import re
from pathlib import Path

import pytest

from shirube import errors
from shirube.cli.app import INTERRUPTED, PLUGIN_FAILED
from shirube.hooks import API_VERSION, HOOKS
from shirube.messages import LANGUAGES
from shirube.plugins import load_plugins
from shirube.testing import all_checks

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
#: `core-levels` and `speed` are not among them: scripts of benchmarks/ write them, and they are figures in tables.
USER_PAGES = (
    "start",
    "batch",
    "results",
    "report",
    "exports",
    "series",
    "calibration",
    "peak-fits",
    "quantification",
    "policy",
    "rde",
    "errors",
    "facility",
    "security",
    "tutorial-guide",
)


@pytest.fixture(scope="module")
def pages():
    """Import the module that writes pages, which stands beside the documentation."""
    spec = importlib.util.spec_from_file_location("shirube_pages", DOCS / "pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(name):
    return (DOCS / name).read_text(encoding="utf-8")


def section(text, title):
    return text.split(f"## `{title}`\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_in_the_reference_with_its_exact_signature_and_its_record(hook, pages):
    text = section(pages.hook_pages()["reference.md"], hook)
    assert f"def {hook}() -> Iterable[{HOOKS[hook].__name__}]: ..." in text
    assert f"{{py:class}}`shirube.hooks.{HOOKS[hook].__name__}`" in text
    assert f":: shirube.hooks.{HOOKS[hook].__name__}\n" in read("hooks.md")


@pytest.mark.parametrize("hook", HOOKS)
def test_the_example_of_every_hook_registers_its_record(hook, pages, tmp_path):
    plugin = tmp_path / "shown.py"
    names = f"from shirube.hooks import Resource, Text, hookimpl, {HOOKS[hook].__name__}\n\n\n"
    example = pages.hook_example(hook)
    (name,) = re.findall(r'name="(\w+)"', example)
    # The examples bear the names of shipped records, which nobody may register twice.
    plugin.write_text(names + example.replace(f'name="{name}"', f'name="{name}-shown"'), encoding="utf-8")
    found = load_plugins(files=[plugin]).records(hook)
    assert type(found[f"{name}-shown"].record) is HOOKS[hook]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_implemented_in_a_test_of_the_core(hook):
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "core" / "tests").rglob("*.py"))
    assert any(f"def {hook}()" in text or f'"{hook}"' in text for text in tests)


def test_the_reference_holds_every_check_of_the_conformance_kit_in_both_languages(pages):
    for lang in LANGUAGES:
        text = pages.check_pages()[f"checks.{lang}.md"]
        assert [one.id for one in all_checks() if f"| {one.id} | {one.message.render(lang)} |" not in text] == []


def test_the_version_of_the_plugin_api_is_documented(pages):
    assert f"version {API_VERSION} of the plugin API" in pages.hook_pages()["reference.md"]
    assert f"{{py:data}}`shirube.hooks.API_VERSION`, {API_VERSION} at present" in read("conformance.md")


def test_every_message_has_its_line_in_both_languages(pages):
    catalogues = pages.catalogues()
    assert {"shirube", "shirube_rde", "shirube_synchrotron.calibration"} <= set(catalogues)
    for lang in LANGUAGES:
        text = pages.message_pages()[f"messages.{lang}.md"]
        assert [code for codes in catalogues.values() for code in codes if f"\n| {code} | " not in text] == []
    assert "| ファイルがありません。" in pages.message_pages()["messages.ja.md"]


@pytest.mark.parametrize("page", ["errors.md", "errors.ja.md"])
def test_the_exit_codes_and_exceptions_are_those_of_the_code(page):
    classes = {
        name: one.exit_code
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, errors.ShirubeError)
    }
    told = dict(re.findall(r"^\| `(\w+)` \|.*\| (\d+) \|$", read(page), re.MULTILINE))
    assert {name: int(code) for name, code in told.items()} == classes
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", read(page), re.MULTILINE)}
    assert codes == {0, 1, PLUGIN_FAILED, INTERRUPTED, *classes.values()}


def shape(text):
    """Return what a page and its sibling have in common: levels of headings, code without comments, rows, links."""
    bare = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = [len(marks) for marks in re.findall(r"^(#+) ", bare, re.MULTILINE)]
    rows = [line.count("|") for line in bare.splitlines() if line.startswith("|")]
    blocks = re.findall(r"^```(sh|python)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    typed = [[re.split(r"\s+#\s|\s{2,}(?=\S)", line)[0] for line in code.splitlines()] for _, code in blocks]
    return {"headings": headings, "rows": rows, "typed": typed, "points": len(re.findall(r"^\* ", bare, re.MULTILINE))}


@pytest.mark.parametrize("page", USER_PAGES)
def test_a_page_for_users_says_the_same_in_japanese(page):
    japanese = read(f"{page}.ja.md")
    assert shape(japanese) == shape(read(f"{page}.md"))
    assert (
        len(re.findall(r"[぀-ヿ一-鿿]", japanese)) > len(re.findall(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", japanese)) * 20
    )


def test_every_page_for_users_is_in_the_table_of_contents_in_both_languages():
    index = read("index.md")
    assert [name for page in USER_PAGES for name in (page, f"{page}.ja") if f"\n{name}\n" not in index] == []
