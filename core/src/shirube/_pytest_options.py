"""Options of pytest for :mod:`shirube.testing.suite`; loaded in every run of pytest, so it imports nothing else."""

from __future__ import annotations

from typing import Any

__all__ = ["pytest_addoption", "pytest_report_header"]


def pytest_addoption(parser: Any) -> None:
    """Add the options that name the plugin to check, its expected failures, and where it is checked."""
    group = parser.getgroup("shirube")
    group.addoption("--shirube-plugin", metavar="NAME", help="plugin that shirube.testing.suite checks")
    group.addoption(
        "--shirube-no-isolate",
        action="store_true",
        help="make the checks in this process, without limits, where a debugger and coverage see the plugin",
    )
    group.addoption(
        "--shirube-expect",
        metavar="ID=REASON",
        action="append",
        default=[],
        help="a check that is known to fail, and why; it fails when it passes",
    )


def pytest_report_header(config: Any) -> str | None:
    """Say what is checked, and against which plugin API."""
    name = config.getoption("shirube_plugin")
    if name is None:
        return None
    from shirube import __version__
    from shirube.hooks import API_VERSION

    return f"shirube {__version__}, plugin API {API_VERSION}, checking plugin {name!r}"
