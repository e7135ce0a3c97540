"""Fake installed distributions without pip, in milliseconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from shirube.hooks import ENTRY_POINT_GROUP

__all__ = ["SAMPLES_GROUP", "fake_distribution", "on_path"]

#: Entry-point group of the functions that return a plugin's :class:`shirube.testing.Samples`.
SAMPLES_GROUP = "shirube.samples"


def fake_distribution(
    folder: Path,
    name: str,
    *,
    version: str = "1.0",
    plugins: Mapping[str, str] | None = None,
    modules: Mapping[str, str] | None = None,
    samples: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    metadata: Sequence[str] = (),
) -> Path:
    """Write what ``pip`` leaves of a distribution: its ``dist-info`` and its modules; returns ``folder``.

    Args:
        folder: Where to write; put it on ``sys.path`` with :func:`on_path`.
        name: Name of the distribution.
        version: Its version.
        plugins: Entry points of the group ``shirube.plugins``: plugin name -> module.
        modules: Source text by module name; ``package.module`` lies in a folder.
        samples: Entry points of the group ``shirube.samples``: plugin name -> ``module:function``.
        files: Text of further files, by path; ``METADATA`` aside, those of the ``dist-info`` among them.
        metadata: Further lines of the metadata, such as ``Requires-Dist: shirube>=0.1,<0.2``; a blank line begins the
            readme.
    """
    base = f"{name.replace('-', '_')}-{version}.dist-info"
    head = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *metadata]
    written = {f"{module.replace('.', '/')}.py": dedent(source) for module, source in (modules or {}).items()}
    written |= files or {}
    written[f"{base}/METADATA"] = "".join(f"{line}\n" for line in head)
    written[f"{base}/entry_points.txt"] = _points({ENTRY_POINT_GROUP: plugins, SAMPLES_GROUP: samples})
    written[f"{base}/RECORD"] = "".join(f"{path},,\n" for path in (*written, f"{base}/RECORD"))
    (folder / base).mkdir(parents=True)
    for path, text in written.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def _points(groups: Mapping[str, Mapping[str, str] | None]) -> str:
    lines = []
    for group, points in groups.items():
        if points is not None:
            lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    return "".join(f"{line}\n" for line in lines)


@contextmanager
def on_path(folder: Path) -> Iterator[None]:
    """Make the distributions in ``folder`` installed for the time of the block."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if file.startswith(str(folder)):
                del sys.modules[name]
