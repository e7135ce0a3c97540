"""``shirube plugins check NAME``: the conformance kit, without pytest."""

from __future__ import annotations

import platform
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from shirube import __version__
from shirube.cli.common import Session, common_options
from shirube.errors import UsageError, core_message

if TYPE_CHECKING:
    from shirube.isolation import Limits
    from shirube.testing import CheckOutcome, Conformance

__all__ = ["check_plugin"]


@click.command("check")
@click.argument("name")
@click.option("--only", multiple=True, metavar="ID", help="A check or a family (READ). / 点検または分類だけ")
@click.option(
    "--expect", "expected", multiple=True, metavar="ID=REASON", help="A failure that is known. / 既知の不合格とその理由"
)
@click.option(
    "--no-isolate",
    is_flag=True,
    help="Check in this process, without limits, for a debugger. / 隔離せず、制限なしで点検する（デバッグ用）",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.0, min_open=True),
    help="Time that a check has (default: 120). / 一つの点検に許す時間（秒）",
)
@click.option(
    "--memory",
    type=click.IntRange(min=1),
    help="Memory that it has, MB (default: 4096; enforced on Linux). / 一つの点検に許すメモリー（MB）",
)
@click.option("--all", "every", is_flag=True, help="List what passes, too. / 合格した点検も示す")
@common_options
def check_plugin(
    session: Session,
    name: str,
    only: tuple[str, ...],
    expected: tuple[str, ...],
    seconds: float | None,
    memory: int | None,
    *,
    no_isolate: bool,
    every: bool,
) -> int:
    """Check an installed plugin against the conformance kit.

    インストール済みのプラグインを点検する。
    """
    from shirube.progress import terminal_progress
    from shirube.testing import Conformance

    limits = None if no_isolate else _limits(seconds, memory)
    if no_isolate and (seconds is not None or memory is not None):
        raise UsageError(core_message("conformance-no-limits"))
    with Conformance(name, expected_failures=_expected(expected), limits=limits) as kit:
        wanted = _wanted(kit, only)
        found: list[CheckOutcome] = []
        with terminal_progress(name) as progress:
            for number, one in enumerate(wanted):
                progress.update(number / len(wanted), one)
                found.append(kit.outcome(one))
    _say(session, kit, found, every=every)
    session.answer("shirube-conformance/1", _document(kit, found))
    return 1 if any(one.status == "fail" for one in found) else 0


def _limits(seconds: float | None, memory: int | None) -> Limits:
    from shirube.isolation import Limits
    from shirube.testing import CHECK_LIMITS

    return Limits(
        seconds=CHECK_LIMITS.seconds if seconds is None else seconds,
        memory=CHECK_LIMITS.memory if memory is None else memory,
    )


def _expected(pairs: tuple[str, ...]) -> dict[str, str]:
    return dict(pair.partition("=")[::2] for pair in pairs)


def _wanted(kit: Conformance, only: tuple[str, ...]) -> list[str]:
    from shirube.parameters import suggestion
    from shirube.testing import FAMILIES

    for one in only:
        if one not in kit.checks and one not in FAMILIES:
            hint = suggestion(one, [*FAMILIES, *kit.checks])
            raise UsageError(core_message("conformance-unknown", id=one, hint=hint))
    return [name for name, check in kit.checks.items() if not only or name in only or check.family in only]


def _say(session: Session, kit: Conformance, found: list[CheckOutcome], *, every: bool) -> None:
    from shirube.testing import FAMILIES

    source = kit.source
    session.say(f"{source.name} ({source.distribution} {source.version})")
    family = ""
    for one in found:
        if one.status == "pass" and not every:
            continue
        if one.status == "skip" and not every and one.check.family not in _present(found):
            continue
        if one.check.family != family:
            family = one.check.family
            session.say(f"\n{session.render(FAMILIES[family])}")
        session.say(f"  {one.check.id}  {session.render(core_message(f'conformance-{one.status}'))}")
        session.say(f"    {session.render(one.check.message)}")
        if one.detail is not None:
            session.say(f"    {session.render(one.detail)}")
    count = Counter(one.status for one in found)
    numbers = {status: count[status] for status in ("pass", "fail", "skip", "expected")}
    session.say("\n" + session.render(core_message("conformance-summary", **numbers)))


def _present(found: list[CheckOutcome]) -> set[str]:
    """Return the families of which anything was checked: that a reader has no figures needs no line for each figure."""
    return {one.check.family for one in found if one.status != "skip"}


def _document(kit: Conformance, found: list[CheckOutcome]) -> dict[str, Any]:
    from shirube.hooks import API_VERSION

    source = kit.source
    return {
        "plugin": {"name": source.name, "distribution": source.distribution, "version": source.version},
        "core": __version__,
        "api": API_VERSION,
        "python": platform.python_version(),
        "platform": platform.system(),
        "checks": [_plain(one) for one in found],
    }


def _plain(one: CheckOutcome) -> dict[str, Any]:
    message = one.check.message
    return {
        "id": one.check.id,
        "family": one.check.family,
        "status": one.status,
        "message": {"en": message.en, "ja": message.ja},
        "detail": None if one.detail is None else {"en": one.detail.en, "ja": one.detail.ja},
        "seconds": round(one.seconds, 3),
    }
