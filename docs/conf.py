"""Sphinx settings of the documentation; `pages.py` writes the pages that are made from what they are about."""

import sys
from pathlib import Path

from shirube import __version__

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

from pages import write_all  # noqa: E402 the folder is on the path only now

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
# What other libraries document, which is not looked up when this is built, so that it builds without a network.
nitpick_ignore = [("py:class", "shirube._documents.Document")]  # a private type behind a public field
nitpick_ignore_regex = [("py:.*", r"(collections\.abc|datetime|numpy|pathlib|xarray)\..*")]

write_all(DOCS)
