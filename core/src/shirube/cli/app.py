"""The command group: commands are imported when they are called, plugin commands found through their hook."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from shirube import __version__
from shirube.cli.language import language_of
from shirube.errors import MissingPluginError, ShirubeError, core_message
from shirube.messages import Language, Text

if TYPE_CHECKING:
    from shirube.plugins import Plugins

#: Commands of the core: where each is found, and its line in the help.
COMMANDS: Final[Mapping[str, tuple[str, Text]]] = {
    "check": (
        "shirube.cli.check:check",
        Text(en="Judge dataset files, run folders and registry trees.", ja="データセットや出力フォルダーを点検する。"),
    ),
    "config": (
        "shirube.cli.config:config",
        Text(en="Show every effective setting and its origin.", ja="有効な設定とその出どころを示す。"),
    ),
    "guides": (
        "shirube.cli.guides:guides",
        Text(en="List the data reference guides, or show one.", ja="データリファレンスガイドを示す。"),
    ),
    "plugins": (
        "shirube.cli.plugins:plugins",
        Text(en="List what is installed, blocked or broken.", ja="プラグインの一覧を示す。"),
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

__all__ = ["COMMANDS", "CommandGroup", "run_command_line"]


class CommandGroup(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return sorted({*COMMANDS, *_plugin_commands()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, the core's own before a plugin's.

        Raises:
            MissingPluginError: A well-known command whose distribution is not installed.
        """
        del ctx
        if cmd_name in COMMANDS:
            module, _, name = COMMANDS[cmd_name][0].partition(":")
            return _as_command(getattr(importlib.import_module(module), name))
        return _plugin_command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing one of them."""
        del ctx
        lang = language_of(None)
        lines = {name: text.render(lang) for name, (_, text) in COMMANDS.items()}
        lines |= {name: text.render(lang) for name, text in _plugin_commands().items()}
        with formatter.section("Commands" if lang == "en" else "コマンド"):
            formatter.write_dl(sorted(lines.items()))


@click.command(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="shirube", message="%(prog)s %(version)s")
def cli() -> None:
    """Make data reference guides executable.

    データリファレンスガイドを実行する。
    """


def run_command_line(arguments: Sequence[str]) -> int:  # noqa: PLR0911 each kind of end has its code
    """Run one command and return its exit code; what goes wrong is one sentence on standard error."""
    lang, as_json = _wishes(arguments)
    try:
        code = cli.main(args=list(arguments), prog_name="shirube", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        click.echo(core_message("interrupted").render(lang), err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (``| head``); a second error while closing it helps nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ShirubeError as error:
        _tell(error, error.render(lang), error.exit_code, as_json=as_json)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 the last resort: a sentence instead of a traceback
        return _tell_unexpected(error, lang, as_json=as_json)
    return code if isinstance(code, int) else 0


def _tell(error: ShirubeError, sentence: str, code: int, *, as_json: bool) -> None:
    from shirube.blame import note_of

    note = note_of(error)
    click.echo(f"shirube: {sentence}", err=True)
    if note is not None:
        click.echo(f"  {note}", err=True)
    if as_json:
        text = error.text()
        _tell_json({"en": text.en, "ja": text.ja}, code, error.path, error.line)


def _tell_unexpected(error: Exception, lang: Language, *, as_json: bool) -> int:
    import traceback

    from shirube.blame import note_of

    note = note_of(error)
    what = f"{type(error).__name__}: {error}"
    if os.environ.get("SHIRUBE_DEBUG"):
        traceback.print_exception(error)
    if note is None:
        text = core_message("core-bug", error=what)
    else:
        text = core_message(
            "plugin-raised",
            error=what,
            plugin=note.plugin,
            distribution=f"{note.distribution} {note.version}",
            hook=note.hook,
            record=note.record or "-",
        )
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
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


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
    from shirube.plugins import load_plugins
    from shirube.settings import load_settings

    wanted = load_settings().plugins
    return load_plugins(allow=wanted.allow, block=wanted.block, strict=False)


def _plugin_commands() -> dict[str, Text]:
    plugins = _allowed_plugins()
    return {
        name: registered.record.description for name, registered in plugins.commands.items() if name not in COMMANDS
    }


def _plugin_command(name: str) -> click.Command | None:
    from shirube.known import install_hint

    plugins = _allowed_plugins()
    if name in plugins.commands:
        return _as_command(plugins.implementation(plugins.commands[name]))
    hint = install_hint("commands", name)
    if hint is not None:
        for failure in plugins.failures:
            click.echo(
                core_message("plugin-failed", plugin=failure.source.name, reason=failure.reason).render(), err=True
            )
        raise MissingPluginError(core_message("no-such-command", name=name, hint=hint))
    return None


def _as_command(target: object) -> click.Command:
    if not isinstance(target, click.Command):
        raise TypeError(target)
    return target
