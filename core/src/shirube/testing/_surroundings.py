"""The surroundings of a plugin: what it must leave as it is, and a watch over what it opens and whom it calls."""

from __future__ import annotations

import decimal
import locale
import logging
import os
import random
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from attrs import Factory, define

from shirube.deprecation import ShirubeDeprecationWarning

_Functions: TypeAlias = "Mapping[tuple[str, ...], int]"

__all__ = ["SURROUNDINGS", "Watch", "changed", "snapshot", "strict", "watched"]

#: What a plugin must leave as it is, by name.
SURROUNDINGS: Final = (
    "cwd",
    "environment",
    "locale",
    "logging",
    "warnings",
    "random",
    "numpy",
    "matplotlib",
    "path",
    "streams",
    "signals",
    "threads",
    "interpreter",
    "functions",
)
#: Whose functions are looked at, with all modules of the core.
_OTHERS: Final = frozenset({"builtins", "json", "numpy", "numpy.linalg", "numpy.random"})
_NETWORK: Final = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")
_LISTING: Final = ("os.listdir", "os.scandir", "glob.glob")
_CHANGING: Final = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.link",
    "os.symlink",
    "os.truncate",
)


def snapshot() -> Mapping[str, object]:
    """Return the surroundings by name, as values that compare; of numpy and matplotlib what is imported already."""
    return {
        "cwd": str(Path.cwd()),
        # What the interpreter and pytest keep there for themselves is nobody's setting.
        "environment": {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
        "locale": locale.setlocale(locale.LC_ALL),
        "logging": _logging(),
        # A filter for one module's own warnings, as libraries set it for theirs, is nobody else's matter.
        "warnings": [str(one) for one in warnings.filters if one[3] is None],
        "random": hash(random.getstate()),
        "numpy": _numpy(),
        "matplotlib": _matplotlib(),
        "path": list(sys.path),
        "streams": [id(one) for one in (sys.stdin, sys.stdout, sys.stderr, sys.excepthook, sys.displayhook)],
        "signals": [repr(signal.getsignal(one)) for one in sorted(signal.valid_signals())],
        "threads": sorted(one.name for one in threading.enumerate()),
        "interpreter": [sys.getrecursionlimit(), repr(decimal.getcontext()), sys.getswitchinterval(), _umask()],
        "functions": _functions(),
    }


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Return the names of what differs; what was not imported before cannot have been changed."""
    same = {name: before[name] is None or before[name] == after[name] for name in SURROUNDINGS}
    # What is imported meanwhile brings functions of its own.
    same["functions"] = (
        cast("_Functions", before["functions"]).items() <= cast("_Functions", after["functions"]).items()
    )
    return [name for name in SURROUNDINGS if not same[name]]


def _functions() -> _Functions:
    """Return the identities of the functions and methods of the core and of some libraries, by where they are found."""
    found: dict[tuple[str, ...], int] = {}
    for name, module in list(sys.modules.items()):
        if name in _OTHERS or name.partition(".")[0] == "shirube":
            for key, value in list(vars(module).items()):
                if callable(value):
                    found[name, key] = id(value)
                if isinstance(value, type) and value.__module__ == name:
                    methods = {one: part for one, part in vars(value).items() if callable(part)}
                    found |= {(name, key, one): id(part) for one, part in methods.items()}
    return found


def _logging() -> object:
    root = logging.getLogger()
    return [root.level, [repr(one) for one in root.handlers], logging.root.manager.disable, logging.raiseExceptions]


def _numpy() -> object:
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "geterr"):
        return None
    name, keys, place, *_ = numpy.random.get_state()
    return [numpy.geterr(), str(numpy.get_printoptions()), name, keys.tobytes(), place]


def _matplotlib() -> object:
    matplotlib: Any = sys.modules.get("matplotlib")
    if matplotlib is None or not hasattr(matplotlib, "rcParamsOrig"):
        return {}
    # What differs from how matplotlib began; asking rcParams for its backend would choose one.
    now, first = (
        {name: str(dict.get(one, name)) for name in one} for one in (matplotlib.rcParams, matplotlib.rcParamsOrig)
    )
    return {name: value for name, value in now.items() if value != first.get(name) and name != "backend"}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@define(eq=False)
class Watch:
    """What happened in the time of :func:`watched`: files opened, written and listed, and hosts called."""

    opened: list[Path] = Factory(list)
    written: list[Path] = Factory(list)
    listed: list[Path] = Factory(list)
    called: list[str] = Factory(list)

    @property
    def left(self) -> list[Path]:
        """What was written, but for what the interpreter keeps and what goes nowhere."""
        return [path for path in self.written if "__pycache__" not in path.parts and path != Path(os.devnull)]

    def note(self, event: str, arguments: Sequence[Any]) -> None:
        """Take down an audit event."""
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, str | bytes | os.PathLike):
                place = Path(os.fsdecode(path)).absolute()
                writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
                (self.written if writes or (mode and set(mode) & set("wax+")) else self.opened).append(place)
        elif event in _CHANGING:
            self.written += [Path(os.fsdecode(one)).absolute() for one in arguments[:1] if isinstance(one, str | bytes)]
        elif event in _LISTING:
            self.listed.append(Path(os.fsdecode(arguments[0] or ".")).absolute())
        elif event in _NETWORK:
            self.called.append(f"{event} {arguments[-1]!r}")


_watches: list[Watch] = []
_hooked: list[bool] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watches and event in _WATCHED:
        for one in _watches:
            with suppress(Exception):
                one.note(event, arguments)
        if event in _NETWORK:
            raise PermissionError(f"a plugin that is checked does not use the network ({event})")


_WATCHED: Final = frozenset({"open", *_NETWORK, *_LISTING, *_CHANGING})


@contextmanager
def watched() -> Iterator[Watch]:
    """Take down what is opened, listed and called in the time of the block; the network is denied."""
    if not _hooked:
        # Such a hook cannot be taken away again; without a watch it does nothing.
        sys.addaudithook(_hook)
        _hooked.append(True)
    watch = Watch()
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


@contextmanager
def strict(folder: Path, seed: int) -> Iterator[None]:
    """Run the block strictly: in the empty ``folder``, warnings as errors, no network, another random state each time.

    Afterwards folder, environment, random state and numpy's handling of errors are as they were.
    """
    before, environment = Path.cwd(), dict(os.environ)
    numpy: Any = sys.modules.get("numpy")
    handling = {} if numpy is None else numpy.geterr()
    state = random.getstate()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    random.seed(seed)
    try:
        with warnings.catch_warnings(), watched():
            warnings.simplefilter("error")
            # Of files that a generator leaves open Python speaks whenever it collects them, in whatever check.
            warnings.simplefilter("ignore", ResourceWarning)
            # What is deprecated has a check of its own.
            warnings.simplefilter("ignore", ShirubeDeprecationWarning)
            yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environment)
        random.setstate(state)
        if handling:
            numpy.seterr(**handling)
