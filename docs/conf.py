"""Sphinx settings of the documentation."""

from shirube import __version__

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
