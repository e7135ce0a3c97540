"""Running the checks on a plugin: each after what it requires; failures that are expected are told."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from unittest import SkipTest

from attrs import frozen

from shirube.errors import UsageError, core_message
from shirube.isolation import Limits
from shirube.messages import Text
from shirube.parameters import suggestion
from shirube.testing._check import REGISTRY, Check, CheckOutcome, Failed
from shirube.testing._maker import IsolatedMaker, maker
from shirube.testing._samples import Samples
from shirube.testing._subject import installed
from shirube.testing.families import load_families

#: What a check may use unless it is said otherwise: ten times what the longest one of the shipped plugins takes.
CHECK_LIMITS: Final = Limits(seconds=120.0, memory=4096)

__all__ = ["CHECK_LIMITS", "Conformance", "PlannedCheck", "all_checks", "check_plugin", "iter_checks"]


def all_checks() -> tuple[Check, ...]:
    """Return every check there is, family by family, in the order of their ids."""
    load_families()
    return tuple(REGISTRY.values())


class Conformance:
    """The checks of one plugin, each made when it is asked for, with its prerequisites before.

    A context manager: what the checks wrote is removed at the end.

    Args:
        plugin: Name of an installed plugin.
        samples: What to try it on; default: what the plugin declares (see :class:`shirube.testing.Samples`).
        expected_failures: Reason by id of checks that are known to fail. One that passes all the same is a failure.
        limits: What a check may use. The checks are made in a process apart: whatever ends it, or does not end, fails
            the check that met it, and the kit goes on. None: they are made in this process, where a debugger or
            coverage sees the plugin, and where nothing guards against that.

    Raises:
        MissingPluginError: The plugin is not installed.
        PluginError: Its samples cannot be had.
        UsageError: There is no check of an expected failure's id, or its reason is empty.
    """

    def __init__(
        self,
        plugin: str,
        samples: Samples | None = None,
        expected_failures: Mapping[str, str] | None = None,
        *,
        limits: Limits | None = CHECK_LIMITS,
    ) -> None:
        self.checks = {one.id: one for one in all_checks()}
        self.expected = dict(expected_failures or {})
        for name, reason in self.expected.items():
            if name not in self.checks:
                raise UsageError(core_message("conformance-unknown", id=name, hint=suggestion(name, self.checks)))
            if not reason.strip():
                raise UsageError(core_message("conformance-without-reason", id=name))
        self.source = installed(plugin)
        self._root = Path(tempfile.mkdtemp(prefix="shirube-check-"))
        self._outcomes: dict[str, CheckOutcome] = {}
        #: Which failed check keeps another from being made.
        self._causes: dict[str, str] = {}
        try:
            self._make = maker(plugin, samples, self._root, limits)
        except BaseException:
            shutil.rmtree(self._root, ignore_errors=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what the checks wrote, and end their process."""
        if isinstance(self._make, IsolatedMaker):
            self._make.close()
        shutil.rmtree(self._root, ignore_errors=True)

    def outcome(self, id_: str) -> CheckOutcome:
        """Return what came of one check, made on the first call."""
        if id_ not in self._outcomes:
            check = self.checks[id_]
            self._outcomes[id_] = self._told(self._blocked(check) or self._made(check))
        return self._outcomes[id_]

    def outcomes(self) -> Iterator[CheckOutcome]:
        """Yield what came of every check."""
        for name in self.checks:
            yield self.outcome(name)

    def _blocked(self, check: Check) -> CheckOutcome | None:
        for name in check.requires:
            failed = name if self.outcome(name).status in ("fail", "expected") else self._causes.get(name)
            if failed is not None:
                self._causes[check.id] = failed
                return _skipped(check, core_message("conformance-after", id=failed).text())
        return None

    def _made(self, check: Check) -> CheckOutcome:
        found = self._make(check.id)
        if found.after is not None:
            self._causes[check.id] = found.after
        return CheckOutcome(check, found.status, found.detail, found.seconds)

    def _told(self, found: CheckOutcome) -> CheckOutcome:
        reason = self.expected.get(found.check.id)
        if reason is None or found.status == "skip":
            return found
        if found.status == "pass":
            detail = core_message("conformance-unexpected-pass", reason=reason).text()
            return CheckOutcome(found.check, "fail", detail, found.seconds)
        return CheckOutcome(found.check, "expected", Text(reason, reason), found.seconds)


@frozen
class PlannedCheck:
    """A check of one plugin, ready to be made: a function without arguments."""

    conformance: Conformance
    check: Check

    @property
    def id(self) -> str:
        """The check's id."""
        return self.check.id

    def run(self) -> CheckOutcome:
        """Make the check and return what came of it; nothing is raised."""
        return self.conformance.outcome(self.check.id)

    def __call__(self) -> None:
        """Make the check as a test.

        Raises:
            AssertionError: It fails; says what the check asks, and what was seen.
            SkipTest: It is skipped, or its failure is expected; says why.
        """
        found = self.run()
        seen = "" if found.detail is None else found.detail.en
        if found.status == "fail":
            raise Failed(f"{self.id}: {self.check.message.en} ({seen})")
        if found.status != "pass":
            raise SkipTest(f"{found.status}: {seen}")


def iter_checks(
    plugin: str,
    *,
    samples: Samples | None = None,
    expected_failures: Mapping[str, str] | None = None,
    limits: Limits | None = CHECK_LIMITS,
) -> Iterator[PlannedCheck]:
    """Yield every check of an installed plugin as a function; arguments as for :class:`shirube.testing.Conformance`.

    The functions are made to be called within the loop: what the checks wrote is removed when it ends.
    """
    with Conformance(plugin, samples, expected_failures, limits=limits) as conformance:
        for check in conformance.checks.values():
            yield PlannedCheck(conformance, check)


def check_plugin(
    plugin: str,
    *,
    samples: Samples | None = None,
    expected_failures: Mapping[str, str] | None = None,
    limits: Limits | None = CHECK_LIMITS,
) -> tuple[CheckOutcome, ...]:
    """Return what came of every check of an installed plugin; arguments as for :class:`shirube.testing.Conformance`."""
    with Conformance(plugin, samples, expected_failures, limits=limits) as conformance:
        return tuple(conformance.outcomes())


def _skipped(check: Check, reason: Text) -> CheckOutcome:
    return CheckOutcome(check, "skip", reason)
