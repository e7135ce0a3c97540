"""Optional dependencies: imported where they are needed, and missed with the command that installs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from shirube.errors import MissingPluginError, core_message

__all__ = ["missing", "require"]


def require(module: str, extra: str) -> Any:
    """Import the optional dependency ``module`` that comes with ``shirube[extra]``.

    Raises:
        MissingPluginError: It is not installed. A dependency that is there but broken raises what it raises.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        root = module.partition(".")[0]
        if (error.name or "").partition(".")[0] != root:
            raise
        raise missing(root, extra) from None


def missing(module: str, extra: str) -> MissingPluginError:
    """Return the error that says which extra brings ``module``."""
    return MissingPluginError(core_message("extra-missing", module=module, extra=extra))
