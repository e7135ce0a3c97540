"""The container that RDE starts: its recipe, its entry point and what is installed in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shirube_rde.template._guided import Distribution

_RECIPE: Final = """\
# Built in this folder, on linux/amd64, with the wheels of Shirube in wheels/ (README.md says how).
FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp/matplotlib LANG=C.UTF-8
WORKDIR /app
COPY wheels/ /app/wheels/
COPY requirements.txt main.py /app/
RUN pip install --no-cache-dir -r requirements.txt
CMD ["python", "/app/main.py"]
"""
_MAIN: Final = '''\
"""The structuring program: RDE starts it in the folder that holds data/."""

import sys

from shirube.cli import run_command_line

if __name__ == "__main__":
    # What fails is in data/job.failed; tasksupport/shirube.toml says which guide the jobs follow.
    sys.exit(run_command_line(["rde", "run", "--lang", "ja"]))
'''
_REQUIREMENTS: Final = """\
# Shirube from the wheels beside this file, never from an index; what they need themselves comes from the index.
"""

__all__ = ["dockerfile", "entry_point", "requirements", "wheel"]


def dockerfile() -> str:
    """Return the recipe of the image."""
    return _RECIPE


def entry_point() -> str:
    """Return ``main.py``, which RDE's command starts."""
    return _MAIN


def requirements(distributions: Sequence[Distribution]) -> str:
    """Return ``requirements.txt``: each distribution from its wheel in the image, of exactly this version."""
    return _REQUIREMENTS + "".join(f"{_requirement(one)}\n" for one in distributions)


def wheel(one: Distribution) -> str:
    """Return the file name of a distribution's wheel."""
    return f"{one.name.replace('-', '_')}-{one.version}-py3-none-any.whl"


def _requirement(one: Distribution) -> str:
    extras = f"[{','.join(one.extras)}]" if one.extras else ""
    return f"{one.name}{extras} @ file:///app/wheels/{wheel(one)}"
