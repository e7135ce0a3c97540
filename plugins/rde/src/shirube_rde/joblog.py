"""The log of a job in ``data/logs``: what was decided and done, and every problem with its traceback."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from shirube.messages import Language, Renderable
from shirube_rde.failure import JobError

_JAPAN: Final = ZoneInfo("Asia/Tokyo")

__all__ = ["FOLDER", "JobLog"]

FOLDER: Final = "logs"


def _now() -> datetime:
    return datetime.now(_JAPAN)


class JobLog:
    """Writes lines with the time in Japan to a file of its own; a disk that cannot take them does not stop the job.

    Args:
        data: The job's ``data`` folder.
        lang: Language of what is logged.
        now: Tells the time.
    """

    def __init__(self, data: Path, lang: Language, now: Callable[[], datetime] = _now) -> None:
        self.lang: Language = lang
        self._now = now
        self.path = data / FOLDER / f"shirube_{now():%Y%m%d_%H%M%S}.log"

    def say(self, text: Renderable | str) -> None:
        """Write one line."""
        said = text if isinstance(text, str) else text.render(self.lang)
        self._write(" ".join(said.split()))

    def failed(self, error: BaseException) -> None:
        """Write an error with its traceback, or with those of all the problems that it stands for."""
        for one in error.problems if isinstance(error, JobError) else (error,):
            self._write("".join(traceback.format_exception(one)).rstrip())

    def _write(self, text: str) -> None:
        with suppress(OSError):
            self.path.parent.mkdir(exist_ok=True)
            with self.path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.write(f"{self._now():%Y-%m-%dT%H:%M:%S%z} {text}\n")
