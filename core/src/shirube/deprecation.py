"""What of the plugin API is on its way out, and warnings about it that point at the plugin's own line."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, Final

from attrs import frozen

from shirube._frozen import FrozenMapping

__all__ = ["DEPRECATED", "Deprecation", "ShirubeDeprecationWarning", "warn_of_hook", "warn_of_use"]


class ShirubeDeprecationWarning(DeprecationWarning):
    """A plugin uses what a later version of the plugin API will not have."""


@frozen(kw_only=True)
class Deprecation:
    """What is deprecated since which version of the plugin API, when it goes, and what to use instead."""

    since: str
    removed_in: str
    instead: str

    def about(self, name: str) -> str:
        """Return the warning's text."""
        gone = f"deprecated since plugin API {self.since} and goes with {self.removed_in}"
        return f"{name} is {gone}; use {self.instead}"


#: By the name of a hook, or by the dotted name of what a public module offers under another name now, which
#: ``instead`` is. What is entered here stays for a minor version at least, and goes with a major one.
DEPRECATED: Final[Mapping[str, Deprecation]] = FrozenMapping()


def warn_of_hook(function: Callable[..., Any], name: str, deprecated: Mapping[str, Deprecation] = DEPRECATED) -> None:
    """Warn at the first line of ``function``, which implements the hook ``name``, if that is deprecated."""
    if name in deprecated:
        code = function.__code__
        text = deprecated[name].about(name)
        warnings.warn_explicit(text, ShirubeDeprecationWarning, code.co_filename, code.co_firstlineno)


def warn_of_use(module: str, name: str, deprecated: Mapping[str, Deprecation] = DEPRECATED) -> Any:
    """Return what ``name`` of a public module is called now, and warn where it was used; a module's ``__getattr__``.

    Raises:
        AttributeError: The module never had such a name.
    """
    full = f"{module}.{name}"
    if full not in deprecated:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    frame = _outside(sys._getframe(1))  # noqa: SLF001 the only way to the caller's line
    text = deprecated[full].about(full)
    if frame is not None:
        registry = frame.f_globals.setdefault("__warningregistry__", {})
        place = (frame.f_code.co_filename, frame.f_lineno, frame.f_globals.get("__name__", "?"))
        warnings.warn_explicit(text, ShirubeDeprecationWarning, *place, registry=registry)
    return getattr(sys.modules[module], deprecated[full].instead.rpartition(".")[2])


def _outside(frame: FrameType | None) -> FrameType | None:
    """Return the first frame that is neither the core's nor the import system's."""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.partition(".")[0] != "shirube" and not name.startswith("importlib."):
            return frame
        frame = frame.f_back
    return None
