"""Running the checks on a plugin: each strictly, twice, after what it requires; failures that are expected are told."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from unittest import SkipTest

from attrs import frozen

from shirube.blame import note_of
from shirube.errors import UsageError, core_message, message_of
from shirube.messages import Text
from shirube.parameters import suggestion
from shirube.testing._check import REGISTRY, Check, CheckOutcome, Failed, Skipped
from shirube.testing._samples import Samples, samples_of
from shirube.testing._subject import Subject, installed
from shirube.testing._surroundings import strict
from shirube.testing.families import load_families

#: Each check is run so many times, each time with hooks asked in another order and another random state.
ROUNDS: Final = 2

__all__ = ["Conformance", "PlannedCheck", "all_checks", "check_plugin", "iter_checks"]


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

    Raises:
        MissingPluginError: The plugin is not installed.
        PluginError: Its samples cannot be had.
        UsageError: There is no check of an expected failure's id, or its reason is empty.
    """

    def __init__(
        self, plugin: str, samples: Samples | None = None, expected_failures: Mapping[str, str] | None = None
    ) -> None:
        self.checks = {one.id: one for one in all_checks()}
        self.expected = dict(expected_failures or {})
        for name, reason in self.expected.items():
            if name not in self.checks:
                raise UsageError(core_message("conformance-unknown", id=name, hint=suggestion(name, self.checks)))
            if not reason.strip():
                raise UsageError(core_message("conformance-without-reason", id=name))
        self.source = installed(plugin)
        tried = samples_of(plugin) if samples is None else samples
        self._root = Path(tempfile.mkdtemp(prefix="shirube-check-"))
        self._subjects = [Subject(self.source, tried, self._root, seed) for seed in range(ROUNDS)]
        self._outcomes: dict[str, CheckOutcome] = {}
        #: Which failed check keeps another from being made.
        self._causes: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what the checks wrote."""
        shutil.rmtree(self._root, ignore_errors=True)

    def outcome(self, id_: str) -> CheckOutcome:
        """Return what came of one check, made on the first call."""
        if id_ not in self._outcomes:
            check = self.checks[id_]
            began = time.process_time()
            found = self._blocked(check) or self._tried(check)
            seconds = time.process_time() - began
            self._outcomes[id_] = self._told(CheckOutcome(check, found.status, found.detail, seconds))
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

    def _tried(self, check: Check) -> CheckOutcome:
        for number, subject in enumerate(self._subjects[: 1 if check.once else ROUNDS]):
            try:
                with strict(subject.folder(), subject.seed):
                    check.function(subject)
            except Skipped as skipped:
                return _skipped(check, skipped.reason)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 a plugin may raise anything
                seen = _seen(error)
                detail = seen if number == 0 else core_message("conformance-second-time", seen=seen).text()
                return CheckOutcome(check, "fail", detail)
        return CheckOutcome(check, "pass")

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
    plugin: str, *, samples: Samples | None = None, expected_failures: Mapping[str, str] | None = None
) -> Iterator[PlannedCheck]:
    """Yield every check of an installed plugin as a function; arguments as for :class:`shirube.testing.Conformance`.

    The functions are made to be called within the loop: what the checks wrote is removed when it ends.
    """
    with Conformance(plugin, samples, expected_failures) as conformance:
        for check in conformance.checks.values():
            yield PlannedCheck(conformance, check)


def check_plugin(
    plugin: str, *, samples: Samples | None = None, expected_failures: Mapping[str, str] | None = None
) -> tuple[CheckOutcome, ...]:
    """Return what came of every check of an installed plugin; arguments as for :class:`shirube.testing.Conformance`."""
    with Conformance(plugin, samples, expected_failures) as conformance:
        return tuple(conformance.outcomes())


def _skipped(check: Check, reason: Text) -> CheckOutcome:
    return CheckOutcome(check, "skip", reason)


def _seen(error: BaseException) -> Text:
    """Return what a failure says in both languages; of an exception, which record raised it."""
    if isinstance(error, Failed):
        said = str(error)
        return Text(said, said)
    note = note_of(error)
    inside = "" if note is None or note.record is None else f" [{note.hook}: {note.record}]"
    kind = "" if type(error).__name__ in message_of(error) else f"{type(error).__name__}: "
    return Text(*(f"{kind}{message_of(error, lang)}{inside}" for lang in ("en", "ja")))
