"""Well-known names and the distribution that provides each, so that a message can say what to install."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from shirube.errors import core_message
from shirube.hooks import Resource
from shirube.messages import Text

__all__ = ["distribution_of", "install_hint"]

_RESOURCE = Resource("shirube", "data/known.toml")


def distribution_of(kind: str, name: str) -> str | None:
    """Return the distribution known to provide ``name`` among ``kind`` (``guides``, ``analyses`` …), or None."""
    return _known().get(kind, {}).get(name)


def install_hint(kind: str, name: str) -> Text | None:
    """Return " Install it with: pip install …" in both languages, None when nobody is known to provide it."""
    distribution = distribution_of(kind, name)
    return (
        None
        if distribution is None
        else core_message("install-hint", distribution=distribution, folder=_folder(distribution)).text()
    )


def _folder(distribution: str) -> str:
    """Return where a distribution of this project lies in it."""
    return f"plugins/{distribution.removeprefix('shirube-')}"


@functools.cache
def _known() -> Mapping[str, Mapping[str, str]]:
    import tomllib

    return tomllib.loads(_RESOURCE.read_bytes().decode("utf-8"))
