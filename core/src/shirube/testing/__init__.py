"""Help for the tests of plugins: the conformance kit, and fake installed distributions without pip.

The kit is one list of checks with three doors::

    shirube plugins check NAME
    pytest --pyargs shirube.testing.suite --shirube-plugin NAME

    from shirube.testing import parametrize_with_checks

    @parametrize_with_checks("NAME")
    def test_the_plugin_conforms(check):
        check()

:func:`check_plugin` and :func:`iter_checks` need no pytest. Behind every door the checks are made in a process apart,
within :data:`CHECK_LIMITS`, unless it is told otherwise.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from shirube.testing._distributions import SAMPLES_GROUP, fake_distribution, on_path

if TYPE_CHECKING:
    from shirube.testing._check import FAMILIES, Check, CheckOutcome
    from shirube.testing._foreign import FOREIGN
    from shirube.testing._parametrizing import parametrize_with_checks
    from shirube.testing._running import CHECK_LIMITS, Conformance, PlannedCheck, all_checks, check_plugin, iter_checks
    from shirube.testing._samples import Samples, samples_of

#: Imported on first use: the child process that watches imports must itself import little.
_HOMES: Final = {
    "CHECK_LIMITS": "_running",
    "FAMILIES": "_check",
    "FOREIGN": "_foreign",
    "Check": "_check",
    "CheckOutcome": "_check",
    "Conformance": "_running",
    "PlannedCheck": "_running",
    "Samples": "_samples",
    "all_checks": "_running",
    "check_plugin": "_running",
    "iter_checks": "_running",
    "parametrize_with_checks": "_parametrizing",
    "samples_of": "_samples",
}

__all__ = [
    "CHECK_LIMITS",
    "FAMILIES",
    "FOREIGN",
    "SAMPLES_GROUP",
    "Check",
    "CheckOutcome",
    "Conformance",
    "PlannedCheck",
    "Samples",
    "all_checks",
    "check_plugin",
    "fake_distribution",
    "iter_checks",
    "on_path",
    "parametrize_with_checks",
    "samples_of",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
