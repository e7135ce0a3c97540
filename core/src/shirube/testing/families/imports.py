"""What importing the plugin does: little, quickly, and nothing to its surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from shirube.testing._check import CheckFunction, Failed, check
from shirube.testing._subject import Subject

#: What an entry module must not import: each costs more than all of Shirube's start.
HEAVY: Final = frozenset(
    [
        "numpy",
        "scipy",
        "sklearn",
        "matplotlib",
        "pandas",
        "pint",
        "jsonschema",
        "cattrs",
        "rich",
        "xarray",
        "h5py",
        "torch",
        "lmfit",
        "PIL",
        "yaml",
    ]
)
#: Processor time in seconds that importing an entry module may take, beyond what the core itself needs.
BUDGET: Final = 0.15


def _report(subject: Subject, part: str) -> Any:
    return subject.probe[part]


@check("IMP01", requires=["API01"], once=True)
def imports_nothing_heavy(subject: Subject) -> None:
    """The entry module imports nothing heavy (numpy, scipy, matplotlib …): every start of shirube would pay for it.

    入口のモジュールは重いライブラリーを import しない（毎回の起動が遅くなるため）。
    """
    heavy = sorted({name.partition(".")[0] for name in _report(subject, "entry")["modules"]} & HEAVY)
    if heavy:
        raise Failed(", ".join(heavy))


@check("IMP02", requires=["API01", "IMP01"], once=True)
def starts_quickly(subject: Subject) -> None:
    """Importing the entry module takes less than 0.15 s of processor time.

    入口のモジュールの import は CPU 時間 0.15 秒未満で終わる。
    """
    seconds = _report(subject, "entry")["seconds"]
    if seconds > BUDGET:
        raise Failed(f"{seconds:.2f} s")


@check("IMP03", requires=["API01"], once=True)
def imports_no_other_plugin(subject: Subject) -> None:
    """The plugin imports no other plugin: each works with the core alone.

    他のプラグインを import しない。
    """
    if subject.probe["others"]:
        raise Failed(", ".join(subject.probe["others"]))


@check("IMP04", requires=["API01"], once=True)
def prints_nothing(subject: Subject) -> None:
    """Importing prints nothing: what shirube prints may be read by a program.

    import しても何も出力しない。
    """
    _refuse(subject, "printed")


@check("IMP05", requires=["API01", "API12"], once=True)
def warns_nothing(subject: Subject) -> None:
    """Importing raises no warning.

    import しても警告が出ない。
    """
    _refuse(subject, "warned")


@check("IMP06", requires=["API01", "IMP08"], once=True)
def writes_nothing(subject: Subject) -> None:
    """Importing writes no file.

    import してもファイルを書かない。
    """
    _refuse(subject, "written")


@check("IMP07", requires=["API01"], once=True)
def calls_nobody(subject: Subject) -> None:
    """Importing does not use the network.

    import してもネットワークを使わない。
    """
    _refuse(subject, "called")


@check("IMP08", requires=["API01"], once=True)
def draws_by_figure(subject: Subject) -> None:
    """Nothing imports matplotlib.pyplot, whose state all figures of a process share: use shirube.figures.

    matplotlib.pyplot を import しない（状態がプロセス全体で共有されるため。shirube.figures を使う）。
    """
    modules = [*_report(subject, "entry")["modules"], *_report(subject, "rest")["modules"]]
    if "matplotlib.pyplot" in modules:
        raise Failed("matplotlib.pyplot")


def _refuse(subject: Subject, what: str) -> None:
    for part in ("entry", "rest"):
        seen: str | Sequence[str] = _report(subject, part)[what]
        if seen:
            raise Failed(repr(seen if isinstance(seen, str) else seen[0]))


def _leaves(id_: str, name: str, en: str, ja: str) -> CheckFunction:
    def leaves(subject: Subject) -> None:
        for part in ("entry", "rest"):
            if name in _report(subject, part)["changes"]:
                entry = part == "entry"
                raise Failed.because("conformance-seen-entry-module" if entry else "conformance-seen-referred-modules")

    leaves.__doc__ = f"Importing leaves {en} as it was.\n\nimport しても{ja}を変えない。"
    leaves.__name__ = f"leaves_{name}"
    return check(id_, requires=["API01", "IMP01"], once=True)(leaves)


_SURROUNDINGS: Final = (
    ("IMP09", "cwd", "the current folder", "カレントフォルダー"),
    ("IMP10", "environment", "the environment variables", "環境変数"),
    ("IMP11", "locale", "the locale", "ロケール"),
    ("IMP12", "logging", "the root logger and its handlers", "ルートロガーとそのハンドラー"),
    ("IMP13", "warnings", "the warning filters", "警告のフィルター"),
    ("IMP14", "random", "the state of Python's random numbers", "Python の乱数の状態"),
    ("IMP15", "numpy", "numpy's random state, error handling and print options", "numpy の乱数の状態と設定"),
    ("IMP16", "matplotlib", "matplotlib's settings", "matplotlib の設定"),
    ("IMP17", "path", "the path on which modules are found", "モジュールの探索パス"),
    ("IMP18", "streams", "the standard streams and the hooks for uncaught exceptions", "標準入出力と例外フック"),
    ("IMP19", "signals", "the signal handlers", "シグナルハンドラー"),
    ("IMP20", "threads", "the threads of the process", "スレッド"),
    ("IMP21", "interpreter", "recursion limit, decimal context, switch interval and umask", "インタープリターの設定"),
    ("IMP22", "functions", "the functions of Shirube, numpy, json and Python", "Shirube・numpy・json・Python の関数"),
    ("IMP23", "exit", "the handlers that run when the process ends", "プロセスの終了時に呼ばれるハンドラー"),
)
#: The checks that are made of the table above.
LEAVES: Final = tuple(_leaves(*row) for row in _SURROUNDINGS)
