"""A check of the conformance kit: an id, a family, what it requires, and a function whose docstring is the message."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from attrs import frozen

from shirube.errors import core_message
from shirube.messages import LANGUAGES, Renderable, Text

if TYPE_CHECKING:
    from shirube.testing._subject import Subject

CheckFunction: TypeAlias = "Callable[[Subject], None]"
Status: TypeAlias = Literal["pass", "fail", "skip", "expected"]

FAMILIES: Final[Mapping[str, Text]] = {
    "API": Text(en="Shape of the plugin", ja="プラグインの形"),
    "IMP": Text(en="Imports", ja="インポート"),
    "READ": Text(en="Readers", ja="リーダー"),
    "MAP": Text(en="Metadata maps", ja="メタデータの対応表"),
    "AMD": Text(en="Amendments", ja="補足"),
    "CONV": Text(en="Conversions", ja="変換"),
    "GUIDE": Text(en="Guides", ja="ガイド"),
    "ANA": Text(en="Analyses", ja="解析"),
    "POL": Text(en="Policies", ja="ポリシー"),
    "EXP": Text(en="Exporters", ja="エクスポーター"),
    "CMD": Text(en="Commands", ja="コマンド"),
    "PKG": Text(en="Packaging", ja="パッケージ"),
}

#: Every check by its id, in the order in which they are written down; filled by :func:`check`.
REGISTRY: Final[dict[str, Check]] = {}

__all__ = ["FAMILIES", "REGISTRY", "Check", "CheckFunction", "CheckOutcome", "Failed", "Skipped", "Status", "check"]


class Failed(AssertionError):  # noqa: N818 it reads as a sentence where it is raised
    """The plugin does not hold what a check asks; says what was seen: names and values, or a text in both languages."""

    def __init__(self, said: str | Renderable) -> None:
        self.text = Text(said, said) if isinstance(said, str) else said if isinstance(said, Text) else said.text()
        super().__init__(self.text.en)

    @classmethod
    def because(cls, code: str, **params: object) -> Failed:
        """Return the failure whose text is a message of the core's catalogue."""
        return cls(core_message(code, **params))

    @classmethod
    def told(cls, where: str, text: Renderable) -> Failed:
        """Return the failure that says ``where``, and then what was said there."""
        return cls(Text(**{lang: f"{where}: {text.render(lang)}" for lang in LANGUAGES}))


class Skipped(Exception):  # noqa: N818 it is no error
    """A check cannot be made; ``reason`` says why, and what to do about it."""

    def __init__(self, reason: Renderable) -> None:
        super().__init__(reason.render("en"))
        self.reason = reason if isinstance(reason, Text) else reason.text()

    @classmethod
    def because(cls, code: str, **params: object) -> Skipped:
        """Return the skip whose reason is a message of the core's catalogue."""
        return cls(core_message(code, **params))


@frozen
class Check:
    """One thing that every plugin of a kind holds.

    Attributes:
        id: Stable, never reused: the family's letters and a number.
        function: Raises ``Failed`` or ``Skipped``, or whatever the plugin raised.
        requires: Ids of checks that must not fail before; otherwise this one is skipped, so that one cause fails once.
        once: Whether it looks at what cannot change in a process (installed files), so that once is enough.
    """

    id: str
    function: Callable[..., None]
    requires: tuple[str, ...] = ()
    once: bool = False

    @property
    def family(self) -> str:
        """The letters of the id."""
        return self.id.rstrip("0123456789")

    @property
    def message(self) -> Text:
        """What the check asks: the first paragraph of the docstring in English, the last one in Japanese."""
        paragraphs = (inspect.getdoc(self.function) or "").split("\n\n")
        return Text(en=" ".join(paragraphs[0].split()), ja="".join(paragraphs[-1].split("\n")))


@frozen
class CheckOutcome:
    """What came of one check.

    Attributes:
        check: The check.
        status: ``pass``, ``fail``, ``skip``, or ``expected``: it failed, as somebody said with a reason.
        detail: What was seen, why it was skipped, or why the failure is expected.
        seconds: Processor time it took.
    """

    check: Check
    status: Status
    detail: Text | None = None
    seconds: float = 0.0


def check(id_: str, *, requires: Iterable[str] = (), once: bool = False) -> Callable[[CheckFunction], CheckFunction]:
    """Enter a function as the check ``id_``; see ``Check``."""

    def enter(function: CheckFunction) -> CheckFunction:
        if id_ in REGISTRY:
            raise ValueError(f"two checks have the id {id_}")
        REGISTRY[id_] = Check(id_, function, tuple(requires), once)
        return function

    return enter
