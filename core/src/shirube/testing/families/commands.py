"""Commands: they have what every command has, and speak both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click
from click.testing import CliRunner

from shirube.testing._check import Failed, check
from shirube.testing._subject import Subject

_OPTIONS: Final = ("--lang", "--json")


@check("CMD01", requires=["API06"])
def commands_are_commands(subject: Subject) -> None:
    """What stands behind a command is a click command.

    コマンドの実装は click のコマンドである。
    """
    for one in subject.own("shirube_commands"):
        subject.plugins.checked(one, subject.plugins.implementation(one), click.Command)


@check("CMD02", requires=["CMD01"])
def commands_have_the_common_options(subject: Subject) -> None:
    """A command has the options that every command has, --lang and --json among them.

    コマンドには共通のオプション（--lang、--json など）がある。
    """
    for name, command in _leaves(subject):
        options = {option for parameter in command.params for option in parameter.opts}
        missing = [option for option in _OPTIONS if option not in options]
        if missing:
            raise Failed(f"{name}: {', '.join(missing)}")


@check("CMD03", requires=["CMD01"])
def commands_explain_themselves(subject: Subject) -> None:
    """A command prints its help and ends with 0.

    コマンドは --help で説明を示し、0 で終わる。
    """
    for name, command in _leaves(subject):
        answer = CliRunner().invoke(command, ["--help"], prog_name=name)
        if answer.exit_code or not (command.help or command.short_help or "").strip():
            raise Failed.because(
                "conformance-seen-command-help", command=name, status=answer.exit_code, help=command.help
            )


@check("CMD04", requires=["CMD01"])
def commands_refuse_unknown_options(subject: Subject) -> None:
    """An option that a command does not have is refused with exit code 2.

    存在しないオプションは終了コード 2 で断られる。
    """
    for name, command in _leaves(subject):
        answer = CliRunner().invoke(command, ["--no-such-option-anywhere"], prog_name=name)
        if answer.exit_code != 2:  # noqa: PLR2004 the code of usage errors
            raise Failed.because("conformance-seen-command-code", command=name, status=answer.exit_code)


def _leaves(subject: Subject) -> Iterator[tuple[str, click.Command]]:
    """Yield every command, and those below it, by the words that call it."""
    for one in subject.own("shirube_commands"):
        yield from _below(one.name, subject.plugins.implementation(one))


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command, info_name=name)
    for word in command.list_commands(context):
        found = command.get_command(context, word)
        if found is not None:
            yield from _below(f"{name} {word}", found)
