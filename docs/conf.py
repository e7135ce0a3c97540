"""Sphinx settings of the documentation; the pages of guides are made from the guides themselves."""

from pathlib import Path

from shirube import __version__
from shirube.guidemarkdown import guide_markdown
from shirube.messages import LANGUAGES
from shirube.plugins import load_plugins
from shirube.settings import Settings
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


def write_guides(folder: Path) -> None:
    """Write a page a language for each installed guide, and none for a guide that is gone."""
    plugins = load_plugins()
    vocabulary = knowledge(plugins).vocabulary
    folder.mkdir(exist_ok=True)
    pages = {
        f"{name}.{lang}.md": guide_markdown(guide, vocabulary, lang)
        for name, guide in guide_data(plugins, Settings()).items()
        for lang in LANGUAGES
    }
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        page = folder / name
        # Sphinx builds again what is newer than what it built.
        if not page.is_file() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


write_guides(Path(__file__).parent / "guides")
