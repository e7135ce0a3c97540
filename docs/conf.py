"""Sphinx settings of the documentation; the pages of guides and of checks are made from what they are about."""

from pathlib import Path

from shirube import __version__
from shirube.guidemarkdown import guide_markdown
from shirube.messages import LANGUAGES, Text
from shirube.plugins import load_plugins
from shirube.settings import Settings
from shirube.testing import FAMILIES, all_checks
from shirube.vocabulary import guide_data, knowledge

project = "Shirube"
author = "The Shirube developers"
copyright = "2026, The Shirube developers"  # noqa: A001 the name is Sphinx's
release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Shirube {__version__}"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
myst_heading_anchors = 3
nitpick_ignore_regex = [("py:.*", ".*")]


def guide_pages() -> dict[str, str]:
    """Return a page a language for each installed guide."""
    plugins = load_plugins()
    vocabulary = knowledge(plugins).vocabulary
    return {
        f"{name}.{lang}.md": guide_markdown(guide, vocabulary, lang)
        for name, guide in guide_data(plugins, Settings()).items()
        for lang in LANGUAGES
    }


def check_pages() -> dict[str, str]:
    """Return a page a language with every check of the conformance kit, family by family."""
    titles = Text(en="Every check", ja="点検の一覧")
    pages = {}
    for lang in LANGUAGES:
        lines = [f"# {titles.render(lang)}"]
        for family, label in FAMILIES.items():
            rows = [f"| {one.id} | {one.message.render(lang)} |" for one in all_checks() if one.family == family]
            lines += ["", f"## {label.render(lang)}", "", "| | |", "|---|---|", *rows]
        pages[f"checks.{lang}.md"] = "\n".join(lines) + "\n"
    return pages


def write_pages(folder: Path, pages: dict[str, str]) -> None:
    """Write generated pages, and remove those that are gone."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        page = folder / name
        # Sphinx builds again what is newer than what it built.
        if not page.is_file() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


write_pages(Path(__file__).parent / "guides", guide_pages())
write_pages(Path(__file__).parent / "checks", check_pages())
