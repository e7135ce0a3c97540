"""YAML as plain data, strictly: no tags, no aliases, no key twice, and the line of every key.

Needs the extra ``shirube[yaml]``; importing this room does not import it.
"""

from shirube._yaml import YamlDocument, parse_yaml, render_yaml

__all__ = ["YamlDocument", "parse_yaml", "render_yaml"]
