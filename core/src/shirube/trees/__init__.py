"""Folders and files that appear whole or not at all, and names that are safe on every file system."""

from shirube.trees._building import building, swap_in
from shirube.trees._files import NOT_WRITABLE, clear_leftovers, write_bytes, write_json, write_text
from shirube.trees._names import LONGEST_NAME, inside, safe_name
from shirube.trees._syncing import sync_trees

__all__ = [
    "LONGEST_NAME",
    "NOT_WRITABLE",
    "building",
    "clear_leftovers",
    "inside",
    "safe_name",
    "swap_in",
    "sync_trees",
    "write_bytes",
    "write_json",
    "write_text",
]
