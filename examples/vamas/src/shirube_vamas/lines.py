"""The lines of a file one by one: every item of ISO 14976 has a line of its own, and a name."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from shirube.errors import InputError
from shirube.messages import Message

#: Numbers of this size and above stand for "not specified".
UNSPECIFIED = 1e36
_SHOWN = 10


class Lines:
    """A cursor over the lines of a file.

    Args:
        text: The whole text.
        name: Name of the file, for errors.
    """

    def __init__(self, text: str, name: str) -> None:
        # str.splitlines would split at more than line ends.
        self._lines = re.split(r"\r\n|\r|\n", text)
        if not self._lines[-1]:
            self._lines.pop()
        self.name = name
        #: Number of the line that was taken last, from 1.
        self.number = 0

    def skip_blank(self) -> None:
        """Go past empty lines; some programs write them before the first item."""
        while self.number < len(self._lines) and not self._lines[self.number].strip():
            self.number += 1

    def text(self, item: str) -> str:
        """Take the next line.

        Raises:
            InputError: There is none.
        """
        if self.number >= len(self._lines):
            raise self.wrong("cut", item=item)
        self.number += 1
        return self._lines[self.number - 1].strip()

    def whole(self, item: str, least: int | None = None) -> int:
        """Take a whole number.

        Raises:
            InputError: The line holds something else, or less than ``least``.
        """
        text = self.text(item)
        try:
            number = int(text)
        except ValueError:
            raise self.wrong("not-whole", item=item, text=text[:40]) from None
        if least is not None and number < least:
            raise self.wrong("negative", item=item, number=number)
        return number

    def number_of(self, item: str) -> float:
        """Take a number.

        Raises:
            InputError: The line holds something else, or nothing finite.
        """
        text = self.text(item)
        number = _finite(text)
        if number is None:
            raise self.wrong("not-number", item=item, text=text[:40])
        return number

    def numbers(self, count: int, item: str) -> list[float]:
        """Take ``count`` numbers, a line each.

        Raises:
            InputError: There are fewer lines, or some hold no finite number: all of them are named.
        """
        begin = self.number
        taken = self._lines[begin : begin + count]
        found = [_finite(line) for line in taken]
        wrong = [begin + index + 1 for index, number in enumerate(found) if number is None]
        if wrong:
            self.number = wrong[0]
            shown = ", ".join(map(str, wrong[:_SHOWN])) + (" …" if len(wrong) > _SHOWN else "")
            text = self._lines[wrong[0] - 1].strip()[:40]
            raise self.wrong("not-numbers", count=len(wrong), text=text, lines=shown)
        self.number += len(taken)
        if len(taken) < count:
            raise self.wrong("cut", item=item)
        return [number for number in found if number is not None]

    def one_of(self, item: str, choices: Sequence[str]) -> str:
        """Take one of ``choices``, whatever its case.

        Raises:
            InputError: It is another text.
        """
        text = self.text(item)
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise self.wrong("not-one-of", item=item, choices=", ".join(choices), text=text[:40])

    def wrong(self, code: str, **params: object) -> InputError:
        """Return the error about the line that was taken last."""
        return InputError(Message("shirube_vamas", code, params), path=self.name, line=max(self.number, 1))


def _finite(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
