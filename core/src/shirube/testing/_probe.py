"""Imports a plugin in a process of its own and says, as JSON, what that changed; run as a module."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import io
import json
import os
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from shirube._discovery import discover
from shirube._loader import import_reference
from shirube.deprecation import ShirubeDeprecationWarning
from shirube.plugins import SECTIONS, Plugins, load_plugins
from shirube.testing._surroundings import changed, snapshot, watched

__all__ = ["probe"]

#: Libraries whose name differs from that of their distribution, and what of scipy is costly.
_IMPORTED_AS: Final = {
    "numpy": "numpy.random",
    "scikit-learn": "sklearn",
    "scipy": "scipy.optimize",
    "pyyaml": "yaml",
    "PyYAML": "yaml",
}


def probe(name: str, module: str, distribution: str) -> dict[str, Any]:
    """Return what importing the entry module of plugin ``name`` does, and then importing all that it refers to."""
    others = sorted(one.module for one in discover().plugins.values() if one.name != name)
    package = module.partition(".")[0]
    with _observed(package) as entry:
        importlib.import_module(module)
    # Some libraries change settings when they are imported; here only what the plugin itself does is to show.
    for library in ("numpy.random", *_libraries(distribution)):
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    with _observed(package) as rest:
        _import_all(load_plugins(allow=(name,), strict=False), name)
    return {"entry": entry, "rest": rest, "others": [one for one in others if one in sys.modules]}


def _libraries(distribution: str) -> list[str]:
    """Return what the libraries are imported as that a distribution requires, plugins and the core aside."""
    names = {re.split(r"[^\w.-]", one)[0] for one in metadata.requires(distribution) or ()}
    drawn = ["matplotlib"] if any("figures" in one for one in metadata.requires(distribution) or ()) else []
    return [*drawn, *(_IMPORTED_AS.get(name, name) for name in sorted(names) if not name.startswith("shirube"))]


def _import_all(plugins: Plugins, name: str) -> None:
    for hook in SECTIONS:
        for registered in plugins.records(hook).values():
            if registered.plugin == name:
                for reference in (getattr(registered.record, "implementation", None), registered.record.parameters):
                    # Not by way of the plugins, which put the current folder back.
                    if isinstance(reference, str):
                        import_reference(reference)


@contextlib.contextmanager
def _observed(package: str) -> Iterator[dict[str, Any]]:
    """Yield a report that is filled when the block ends, whatever it raised."""
    report: dict[str, Any] = {}
    out = io.StringIO()
    known = set(sys.modules)
    began = time.process_time()
    with (
        warnings.catch_warnings(record=True) as warned,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
        watched() as watch,
        _exit_handlers(package) as handlers,
    ):
        warnings.simplefilter("always")
        before = snapshot()
        try:
            yield report
        except BaseException as error:  # noqa: BLE001 whatever it is, the report says it
            report["error"] = f"{type(error).__name__}: {error}"
        after = snapshot()
    report |= {
        "seconds": time.process_time() - began,
        "modules": sorted(set(sys.modules) - known),
        "changes": [*changed(before, after), *(["exit"] if handlers else [])],
        "printed": out.getvalue()[:200],
        "warned": [str(one.message) for one in warned],
        "deprecated": [
            f"{one.message} ({Path(one.filename).name}, line {one.lineno})"
            for one in warned
            if issubclass(one.category, ShirubeDeprecationWarning)
        ],
        "written": [str(path) for path in watch.left],
        "called": watch.called,
    }


@contextlib.contextmanager
def _exit_handlers(package: str) -> Iterator[list[object]]:
    """Yield a list of the exit handlers that modules of ``package`` register in the block; libraries have theirs."""
    found: list[object] = []
    register = atexit.register

    def noted(function: Callable[..., object], /, *args: Any, **kwargs: Any) -> Callable[..., object]:
        caller = str(sys._getframe(1).f_globals.get("__name__"))  # noqa: SLF001 nothing else says who calls
        if caller.partition(".")[0] == package:
            found.append(function)
        return register(function, *args, **kwargs)

    atexit.register = noted  # type: ignore[assignment]
    try:
        yield found
    finally:
        atexit.register = register


def _main(arguments: Sequence[str]) -> None:
    answer = sys.stdout
    report: Mapping[str, Any] = probe(*arguments)
    answer.write(json.dumps(report))
    answer.flush()
    # Threads that the plugin left behind would be waited for.
    os._exit(0)


if __name__ == "__main__":
    _main(sys.argv[1:])
