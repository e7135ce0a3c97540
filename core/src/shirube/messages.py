"""Messages in Japanese and English: a catalogue per package, or a text that carries both languages."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias, cast, get_args

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen, freeze

Language: TypeAlias = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
CATALOGUE: Final = "messages.toml"

__all__ = ["CATALOGUE", "LANGUAGES", "Language", "Message", "Renderable", "Text", "catalogue", "joined"]


@frozen
class Text:
    """A text in both languages. ``{name}`` marks a place that :meth:`render` fills."""

    en: str
    ja: str

    def render(self, lang: Language = "en", **params: object) -> str:
        """Return the text in ``lang`` with its places filled.

        Without ``params`` the text is returned as it stands, so braces in finished texts are safe.
        """
        template = self.ja if lang == "ja" else self.en
        if not params:
            return template
        return template.format_map({key: _plain(value, lang) for key, value in params.items()})

    def fill(self, **params: object) -> Text:
        """Return the text with its places filled in both languages."""
        if not params:
            return self
        return Text(en=self.render("en", **params), ja=self.render("ja", **params))


@functools.cache
def catalogue(package: str) -> Mapping[str, Text]:
    """Return the messages of ``package``, read from its ``messages.toml``.

    The file has one table a message: the table's name is the code, its keys ``en`` and ``ja``.
    """
    import tomllib
    from importlib import resources

    text = resources.files(package).joinpath(CATALOGUE).read_text(encoding="utf-8")
    tables = cast("dict[str, dict[str, str]]", tomllib.loads(text))
    return freeze({code: Text(en=table["en"], ja=table["ja"]) for code, table in tables.items()})


@frozen
class Message:
    """A message by its code in a package's catalogue, with the values that fill its places."""

    package: str
    code: str
    params: FrozenMapping[str, object] = field(factory=FrozenMapping, converter=as_frozen)

    def render(self, lang: Language = "en") -> str:
        """Return the message in ``lang``.

        Raises:
            KeyError: The package has no message of this code.
        """
        return catalogue(self.package)[self.code].render(lang, **self.params)

    def text(self) -> Text:
        """Return the message rendered in both languages."""
        return Text(en=self.render("en"), ja=self.render("ja"))


Renderable: TypeAlias = Text | Message


def joined(texts: Iterable[Text], en: str = "; ", ja: str = "；") -> Text:
    """Return several texts as one."""
    listed = tuple(texts)
    return Text(en=en.join(one.en for one in listed), ja=ja.join(one.ja for one in listed))


def _plain(value: object, lang: Language) -> object:
    return value.render(lang) if isinstance(value, Text | Message) else value
