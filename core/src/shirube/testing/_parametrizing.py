"""The checks as tests of pytest, which only its own users need to have."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shirube.isolation import Limits
from shirube.testing._running import CHECK_LIMITS, Conformance, PlannedCheck
from shirube.testing._samples import Samples

if TYPE_CHECKING:
    import pytest

__all__ = ["parametrize_with_checks"]


def parametrize_with_checks(
    plugin: str,
    *,
    samples: Samples | None = None,
    expected_failures: Mapping[str, str] | None = None,
    limits: Limits | None = CHECK_LIMITS,
) -> pytest.MarkDecorator:
    """Return the decorator that gives a test's argument ``check`` every check of an installed plugin in turn.

    The test calls it. Arguments as for :class:`shirube.testing.Conformance`.
    """
    import pytest

    conformance = Conformance(plugin, samples, expected_failures, limits=limits)
    # Tests may run in any order and number; only the end of the process is sure to come after the last of them.
    atexit.register(conformance.close)
    planned = [PlannedCheck(conformance, check) for check in conformance.checks.values()]
    return pytest.mark.parametrize("check", planned, ids=[one.id for one in planned])
