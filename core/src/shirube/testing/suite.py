"""The conformance checks as a suite: ``pytest --pyargs shirube.testing.suite --shirube-plugin NAME``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shirube.testing import PlannedCheck

__all__ = ["pytest_generate_tests", "test_conforms"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of every check of the plugin that the command line names."""
    from shirube.errors import ShirubeError
    from shirube.testing import CHECK_LIMITS, Conformance, PlannedCheck

    plugin = metafunc.config.getoption("shirube_plugin")
    if plugin is None:
        raise pytest.UsageError("name the plugin to check: --shirube-plugin NAME")
    expected = dict(one.partition("=")[::2] for one in metafunc.config.getoption("shirube_expect"))
    limits = None if metafunc.config.getoption("shirube_no_isolate") else CHECK_LIMITS
    try:
        conformance = Conformance(plugin, expected_failures=expected, limits=limits)
    except ShirubeError as error:
        raise pytest.UsageError(str(error)) from None
    metafunc.config.add_cleanup(conformance.close)
    planned = [PlannedCheck(conformance, check) for check in conformance.checks.values()]
    metafunc.parametrize("check", planned, ids=[one.id for one in planned])


def test_conforms(check: PlannedCheck) -> None:
    """Make one check."""
    found = check.run()
    detail = "" if found.detail is None else found.detail.en
    if found.status == "skip":
        pytest.skip(detail)
    if found.status == "expected":
        pytest.xfail(detail)
    if found.status == "fail":
        pytest.fail(f"{check.id}: {check.check.message.en} ({detail})", pytrace=False)
