"""Help for the tests of plugins: fake installed distributions without pip, in milliseconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from shirube.hooks import ENTRY_POINT_GROUP

__all__ = ["fake_distribution", "on_path"]


def fake_distribution(
    folder: Path,
    name: str,
    *,
    version: str = "1.0",
    plugins: Mapping[str, str] | None = None,
    modules: Mapping[str, str] | None = None,
) -> Path:
    """Write what ``pip`` leaves of a distribution: its ``dist-info`` and its modules; returns ``folder``.

    Args:
        folder: Where to write; put it on ``sys.path`` with :func:`on_path`.
        name: Name of the distribution.
        version: Its version.
        plugins: Entry points of the group ``shirube.plugins``: plugin name -> module.
        modules: Source text by module name.
    """
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    points = "".join(f"{plugin} = {module}\n" for plugin, module in (plugins or {}).items())
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{points}", encoding="utf-8")
    for module, source in (modules or {}).items():
        (folder / f"{module}.py").write_text(dedent(source), encoding="utf-8")
    return folder


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
