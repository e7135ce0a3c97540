"""What every command has: language, JSON, settings, plugins, and one way to print."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TextIO, TypeVar

import click

from shirube._jsontext import json_text
from shirube.cli.answers import answer_columns, answer_json, answers_apart
from shirube.cli.language import language_of
from shirube.errors import ShirubeError, core_message
from shirube.messages import Language, Message, Renderable
from shirube.settings import Settings, load_settings

if TYPE_CHECKING:
    from shirube.pipeline import AskedPolicy
    from shirube.plugins import Plugins
    from shirube.records import Dataset, Finding

P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["Session", "common_options", "japan_today", "lenient_option", "profile_option", "terminal_width"]


def japan_today() -> date:
    """Return today's date in Japan, where the policies' dates are meant."""
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Tokyo")).date()


class Session:
    """One call of the command line: settings, plugins, language, and how to print.

    Args:
        settings: Effective settings.
        lang: ``--lang`` as given; ``wanted`` is it or the settings' language, None where the locale decides.
        as_json: Whether ``--json`` was given.
        answers: Where the answer goes; default: standard output.
    """

    def __init__(self, settings: Settings, lang: str | None, *, as_json: bool, answers: TextIO | None = None) -> None:
        self.settings = settings
        self._answers = answers
        self.as_json = as_json
        self._asked: tuple[Settings, list[AskedPolicy]] | None = None
        self.wanted = lang or settings.run.lang
        self.lang: Language = language_of(self.wanted)
        for warning in settings.warnings:
            self.warn(warning)

    @functools.cached_property
    def plugins(self) -> Plugins:
        """The plugins that settings allow; a broken one is an error that names all broken ones."""
        from shirube.plugins import load_plugins

        wanted = self.settings.plugins
        plugins = load_plugins(allow=wanted.allow, block=wanted.block, files=self.settings.plugin_files())
        for name in self._sections_of_nobody(plugins):
            self.warn(self._of_nobody(name, plugins))
        for text in self._names_of_nobody(plugins):
            self.warn(text)
        self.check_sections(plugins)
        return plugins

    def judged(self, dataset: Dataset, name: str, today: date) -> tuple[Finding, ...]:
        """Return what the chosen policies say of a dataset called ``name``; their rules are made once."""
        from shirube.pipeline import judge_dataset, policy_rules

        settings = self.settings
        run = settings.run
        if self._asked is None or self._asked[0] is not settings:
            self._asked = (settings, policy_rules(self.plugins, settings, run))
        return judge_dataset(dataset, name, self.plugins, settings, run, today, self._asked[1])

    def read_leniently(self) -> None:
        """Set ``lenient`` of every installed reader that has it, as ``--set`` would.

        Raises:
            UsageError: None has it.
        """
        from shirube.errors import UsageError
        from shirube.parameters import fields

        plugins = self.plugins
        classes = {name: plugins.parameters_class(one) for name, one in plugins.readers.items()}
        able = [name for name, cls in classes.items() if cls and "lenient" in [one.name for one in fields(cls)]]
        if not able:
            raise UsageError(core_message("lenient-nobody"))
        self.settings = self.settings.with_values({f"readers.{name}.lenient": True for name in able})

    def use_profile(self, name: str) -> None:
        """Lay a profile of the facility's settings between the facility's own and the project's.

        Raises:
            UsageError: There is no such profile.
        """
        self.settings = self.settings.with_profile(name)

    def say(self, text: Renderable | str) -> None:
        """Print a line for people; silent with ``--json``."""
        if not self.as_json:
            click.echo(self.render(text), file=self._answers)

    def print(self, document: str) -> None:
        """Print a whole document as it is, whatever the format of the answer; its last line is ended."""
        click.echo(document, nl=not document.endswith("\n"), file=self._answers)

    def warn(self, text: Renderable | str) -> None:
        """Print a warning on standard error."""
        click.echo(f"shirube: {self.render(text)}", err=True)

    def answer(self, schema: str, document: Mapping[str, Any]) -> None:
        """Print the JSON document of a command; silent without ``--json``."""
        if self.as_json:
            text = json_text({"schema": schema, **document}, indent=2)
            click.echo(answer_json(text), file=self._answers)

    def render(self, text: Renderable | str) -> str:
        """Return ``text`` in the session's language."""
        return text if isinstance(text, str) else text.render(self.lang)

    def _of_nobody(self, section: str, plugins: Plugins) -> Message:
        """Return why a section of settings has no effect: kept out, or not installed."""
        from shirube.cli.listing import why_kept_out

        kind, _, name = section.partition(".")
        names = {plugins.kept_out(kind, name), name}
        source = next((one for one in plugins.blocked.values() if {one.name, one.distribution} & names), None)
        if source is None:
            return core_message("section-of-nobody", section=section)
        return core_message(
            "section-kept-out",
            section=section,
            plugin=source.name,
            distribution=source.distribution,
            version=source.version,
            reason=why_kept_out(source, self.settings),
        )

    def _names_of_nobody(self, plugins: Plugins) -> list[Message]:
        """Return a warning for each allowed or blocked name that nothing installed has; perhaps misspelt."""
        from shirube.parameters import suggestion

        sources = [*plugins.sources.values(), *plugins.blocked.values(), *(one.source for one in plugins.failures)]
        known = sorted({name for one in sources for name in (one.name, one.distribution)})
        wanted = self.settings.plugins
        return [
            core_message("plugin-name-unknown", list=listed, name=name, hint=suggestion(name, known))
            for listed, names in (("allow", wanted.allow or ()), ("block", wanted.block))
            for name in names
            if name not in known
        ]

    def check_sections(self, plugins: Plugins, *, guides: bool = False) -> None:
        """Refuse settings of records that would only be found wrong when the record runs, or never.

        Args:
            plugins: Whose records.
            guides: Whether to lay settings over guides and to read stated facts, too, which needs all terms.

        Raises:
            SettingsError: All of them.
        """
        from shirube.errors import SettingsError, all_problems
        from shirube.plugins import SECTIONS

        problems: list[ShirubeError] = []
        for hook, section in SECTIONS.items():
            if section == "guides" or not self.settings.section(section):
                continue
            for name, registered in plugins.records(hook).items():
                values = self.settings.section(f"{section}.{name}")
                try:
                    if values:
                        plugins.parameters(registered, values)
                except SettingsError as error:
                    problems.append(error)
        problems += [*self._wrong_overrides(plugins), *self._wrong_facts(plugins)] if guides else []
        if problems:
            raise all_problems(problems)

    def _wrong_overrides(self, plugins: Plugins) -> list[ShirubeError]:
        from shirube.errors import SettingsError

        overridden = [name for name in plugins.guides if self.settings.section(f"guides.{name}")]
        found: list[ShirubeError] = []
        if overridden:
            from shirube.vocabulary import one_guide

            for name in overridden:
                try:
                    one_guide(name, plugins, self.settings)
                except SettingsError as error:
                    found.append(error)
        return found

    def _wrong_facts(self, plugins: Plugins) -> list[ShirubeError]:
        from shirube.errors import SettingsError

        if not self.settings.section("facts"):
            return []
        from shirube.mapping import stated_facts
        from shirube.vocabulary import knowledge

        try:
            stated_facts(self.settings.section("facts"), knowledge(plugins).vocabulary)
        except SettingsError as error:
            return [error]
        return []

    def _sections_of_nobody(self, plugins: Plugins) -> list[str]:
        """Return settings sections of records that no installed plugin has; misspelt or just not installed."""
        from shirube.plugins import SECTIONS

        hooks = {section: hook for hook, section in SECTIONS.items()}
        named = {tuple(leaf.split(".")[:2]) for leaf in self.settings.leaves if leaf.split(".")[0] in hooks}
        return sorted(f"{kind}.{name}" for kind, name in named if name not in plugins.records(hooks[kind]))


def terminal_width() -> int:
    """Return the columns of the terminal, as far as lines can still be read; a pipe has as many as a page."""
    return max(40, min(answer_columns(100), 120))


def lenient_option(command: Callable[P, T]) -> Callable[P, T]:
    """Give a click command ``--lenient``, for :meth:`Session.read_leniently`."""
    option = click.option(
        "--lenient",
        is_flag=True,
        help="Read what is complete in a broken file, and report the rest. / 壊れたファイルの完全な部分だけを読む",
    )
    return option(command)


def profile_option(command: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """Give a command that takes a :class:`Session` the option ``--profile``; stands below :func:`common_options`."""

    @click.option("--profile", metavar="NAME", help="A profile of the facility's settings. / 施設の設定のプロファイル")
    @functools.wraps(command)
    def wrapped(session: Session, /, *args: Any, profile: str | None, **kwargs: Any) -> T:
        if profile is not None:
            session.use_profile(profile)
        return command(session, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def common_options(command: Callable[Concatenate[Session, P], T]) -> Callable[P, T]:
    """Give a click command ``--lang``, ``--json``, ``--config``, ``--set``, and a :class:`Session` to begin with.

    The command answers through its session: what else it, or any plugin, prints goes to standard error.
    """

    @click.option("--lang", type=click.Choice(["ja", "en"]), help="Language of messages and figures. / 表示言語")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON. / JSON で出力する")
    @click.option(
        "--config", type=click.Path(path_type=Path, dir_okay=False), help="A settings file of yours. / 設定ファイル"
    )
    @click.option(
        "--set", "sets", multiple=True, metavar="NAME=VALUE", help="One setting: analyses.bicfit.max_peaks=8. / 設定値"
    )
    @functools.wraps(command)
    def wrapped(
        *args: Any, lang: str | None, as_json: bool, config: Path | None, sets: tuple[str, ...], **kwargs: Any
    ) -> T:
        with answers_apart() as answers:
            session = Session(load_settings(config=config, sets=sets), lang, as_json=as_json, answers=answers)
            return command(session, *args, **kwargs)

    return wrapped  # type: ignore[return-value]
