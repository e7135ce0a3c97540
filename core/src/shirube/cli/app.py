"""The command group: commands are imported when they are called, plugin commands found through their hook."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import click

from shirube import __version__
from shirube._jsontext import json_text
from shirube.cli.answers import answer_json
from shirube.cli.language import language_of
from shirube.errors import MissingPluginError, PluginError, ShirubeError, UsageError, core_message, message_of
from shirube.messages import Language, Text, joined

if TYPE_CHECKING:
    from shirube.blame import PluginNote
    from shirube.plugins import Plugins

#: Commands of the core: where each is found, and its line in the help.
COMMANDS: Final[Mapping[str, tuple[str, Text]]] = {
    "batch": (
        "shirube.cli.batch:batch",
        Text(en="Work on many files, resumably.", ja="多数のファイルを処理する（中断・再開できる）。"),
    ),
    "check": (
        "shirube.cli.check:check",
        Text(en="Judge dataset files, run folders and registry trees.", ja="データセットや出力フォルダーを点検する。"),
    ),
    "config": (
        "shirube.cli.config:config",
        Text(en="Show every effective setting and its origin.", ja="有効な設定とその出どころを示す。"),
    ),
    "export": (
        "shirube.cli.export:export",
        Text(en="Write results in the formats of other programs.", ja="他のソフトウェアの形式で書き出す。"),
    ),
    "gather": (
        "shirube.cli.gather:gather",
        Text(en="Gather the results of many spectra in tables and figures.", ja="多数の結果を表と図にまとめる。"),
    ),
    "guides": (
        "shirube.cli.guides:guides",
        Text(en="List the data reference guides, or show one.", ja="データリファレンスガイドを示す。"),
    ),
    "new": (
        "shirube.cli.new:new",
        Text(en="Begin a plugin that passes the conformance kit.", ja="適合試験に通るプラグインの雛形を作る。"),
    ),
    "plugins": (
        "shirube.cli.plugins:plugins",
        Text(en="List what is installed, blocked or broken.", ja="プラグインの一覧を示す。"),
    ),
    "report": (
        "shirube.cli.report:report",
        Text(en="Write a run folder or a batch as one page of HTML.", ja="結果を 1 つの HTML ページにまとめる。"),
    ),
    "run": (
        "shirube.cli.run:run",
        Text(en="Read, map, convert, analyse, judge and write.", ja="読み込みから解析・点検・出力まで行う。"),
    ),
    "show": (
        "shirube.cli.show:show",
        Text(en="Show what is in a file and who would read it.", ja="ファイルの中身を示す。"),
    ),
}
PLUGIN_FAILED: Final = 3
INTERRUPTED: Final = 130
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
#: Where a context keeps who is to blame for its command.
_NOTE: Final = "shirube.note"

__all__ = ["COMMANDS", "CommandGroup", "run_command_line"]


class _Carried(Exception):  # noqa: N818 it is no error of its own, it only takes one past click
    """What a command raised: click gives a meaning of its own to EOFError, KeyboardInterrupt and some OSErrors."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


class CommandGroup(click.Group):
    """A group whose commands are imported on use."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it raises comes out of click as it is, but for click's own exceptions."""
        from shirube.blame import note_of, noted

        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort) as error:
            if note_of(error) is None:
                raise
            raise _Carried(error) from error
        except (ShirubeError, KeyboardInterrupt, BrokenPipeError) as error:
            # Said on purpose, or come from outside: no plugin's fault, but for one that is named already.
            raise _Carried(error) from error
        except Exception as error:
            note = ctx.meta.get(_NOTE)
            raise _Carried(error if note is None else noted(error, note)) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return sorted({*COMMANDS, *_listed_plugin_commands()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, the core's own before a plugin's.

        Raises:
            MissingPluginError: A well-known command whose distribution is not installed.
            PluginError: Nobody has the command, and a plugin that might cannot be used.
            UsageError: There is no such command; says what was perhaps meant.
        """
        if cmd_name in COMMANDS:
            module, _, name = COMMANDS[cmd_name][0].partition(":")
            return cast("click.Command", getattr(importlib.import_module(module), name))
        # Click takes what begins with a dash for an option that does not exist, and says so.
        return None if ctx.resilient_parsing or cmd_name.startswith("-") else _plugin_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing one of them."""
        del ctx
        lang = language_of(None)
        lines = {name: text.render(lang) for name, (_, text) in COMMANDS.items()}
        lines |= {name: text.render(lang) for name, text in _listed_plugin_commands().items()}
        with formatter.section("Commands" if lang == "en" else "コマンド"):
            formatter.write_dl(sorted(lines.items()))


@click.command(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="shirube", message="%(prog)s %(version)s")
def cli() -> None:
    """Make data reference guides executable.

    データリファレンスガイドを実行する。
    """


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what goes wrong is one sentence on standard error."""
    lang, as_json = _wishes(arguments)
    try:
        code = cli.main(args=list(arguments), prog_name="shirube", standalone_mode=False)
    except click.ClickException as error:
        _tell_usage(error, lang, as_json=as_json)
        return 2
    except _Carried as carried:
        return _end(carried.error, lang, as_json=as_json)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 the last resort: a sentence instead of a traceback
        return _end(error, lang, as_json=as_json)
    return code if isinstance(code, int) else 0


def _end(error: BaseException, lang: Language, *, as_json: bool) -> int:
    """Say what ended a command, and return its exit code."""
    from shirube.blame import note_of

    note = note_of(error)
    if isinstance(error, KeyboardInterrupt) or (note is None and isinstance(error, click.Abort)):
        click.echo(core_message("interrupted").render(lang), err=True)
        return INTERRUPTED
    if note is None and isinstance(error, BrokenPipeError):
        # The reader of our output has gone (``| head``); a second error while closing it helps nobody.
        _silence_output()
        return 0
    if note is None and isinstance(error, OSError) and error.errno in _FULL:
        _silence_output()
        click.echo(
            f"shirube: {core_message('answer-not-written', reason=error.strerror or error).render(lang)}", err=True
        )
        return 2
    if isinstance(error, ShirubeError):
        _tell(error, error.render(lang), error.exit_code, as_json=as_json)
        return error.exit_code
    return _tell_unexpected(error, note, lang, as_json=as_json)


def _silence_output() -> None:
    """Let what is still to be written to standard output go nowhere, so that ending does not fail once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell_usage(error: click.ClickException, lang: Language, *, as_json: bool) -> None:
    """Say in one sentence what is wrong with the arguments; click itself words the reason."""
    context = getattr(error, "ctx", None)
    command = "shirube" if context is None else context.command_path
    text = core_message("usage", reason=" ".join(error.format_message().split()), command=command).text()
    click.echo(f"shirube: {text.render(lang)}", err=True)
    if as_json:
        _tell_json({"en": text.en, "ja": text.ja}, 2, None, None)


def _tell(error: ShirubeError, sentence: str, code: int, *, as_json: bool) -> None:
    from shirube.blame import note_of

    note = note_of(error)
    click.echo(f"shirube: {sentence}", err=True)
    if note is not None and (code >= PLUGIN_FAILED or os.environ.get("SHIRUBE_DEBUG")):
        # Of bad input the reader of the message wants the file, not which plugin found out.
        click.echo(f"  {note}", err=True)
    if as_json:
        text = error.text()
        _tell_json({"en": text.en, "ja": text.ja}, code, error.path, error.line)


def _tell_unexpected(error: BaseException, note: PluginNote | None, lang: Language, *, as_json: bool) -> int:
    import traceback

    from shirube.blame import unexpected

    if os.environ.get("SHIRUBE_DEBUG"):
        traceback.print_exception(error)
    text = unexpected(error, note)
    click.echo(f"shirube: {text.render(lang)}", err=True)
    if as_json:
        _tell_json({"en": text.render("en"), "ja": text.render("ja")}, PLUGIN_FAILED, None, None)
    return PLUGIN_FAILED


def _tell_json(message: Mapping[str, str], code: int, path: str | None, line: int | None) -> None:
    document: dict[str, Any] = {
        "schema": "shirube-error/1",
        "message": message,
        "path": path,
        "line": line,
        "exit_code": code,
    }
    click.echo(answer_json(json_text(document, indent=2)))


def _wishes(arguments: Sequence[str]) -> tuple[Language, bool]:
    """Return the language and format wanted, before anything is parsed, for errors of the parsing itself."""
    wanted = None
    for number, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            wanted = argument.partition("=")[2]
        elif argument == "--lang" and number + 1 < len(arguments):
            wanted = arguments[number + 1]
    return language_of(wanted), "--json" in arguments


def _allowed_plugins() -> Plugins:
    """Return the plugins that the facility's settings allow; the command itself reports what is broken."""
    from shirube.cli.answers import answers_apart
    from shirube.plugins import load_plugins
    from shirube.settings import load_settings

    settings = load_settings()
    wanted = settings.plugins
    with answers_apart():
        plugins = load_plugins(allow=wanted.allow, block=wanted.block, files=settings.plugin_files(), strict=False)
        plugins.records("shirube_commands")
    return plugins


def _listed_plugin_commands() -> dict[str, Text]:
    """Return the commands of plugins for the help, which is there whatever is broken; that is said beside it."""
    try:
        return {name: registered.record.description for name, registered in _allowed_plugins().commands.items()}
    except Exception as error:  # noqa: BLE001 a plugin's hook may raise anything
        lang = language_of(None)
        reason = message_of(error, lang)
        click.echo(f"shirube: {core_message('plugin-commands-left-out', reason=reason).render(lang)}", err=True)
        return {}


def _plugin_command(ctx: click.Context, name: str) -> click.Command:
    from shirube.cli.answers import answers_apart
    from shirube.known import install_hint
    from shirube.parameters import suggestion

    plugins = _allowed_plugins()
    if name in plugins.commands:
        registered = plugins.commands[name]
        ctx.meta[_NOTE] = registered.note
        with answers_apart():
            return plugins.checked(registered, plugins.implementation(registered), click.Command)
    kept_out = plugins.kept_out("commands", name)
    if kept_out is not None:
        raise MissingPluginError(core_message("record-kept-out", name=name, distribution=kept_out))
    hint = install_hint("commands", name)
    if hint is not None:
        nobody = core_message("no-such-command", name=name, hint=hint)
    else:
        nobody = core_message("command-unknown", name=name, hint=suggestion(name, [*COMMANDS, *plugins.commands]))
    problems = plugins.problems()
    if problems:
        raise PluginError(joined([*problems, nobody.text()], "\n", "\n"))
    raise UsageError(nobody) if hint is None else MissingPluginError(nobody)
