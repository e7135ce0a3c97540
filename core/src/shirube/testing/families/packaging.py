"""The distribution: typed, licensed, described, bound to the core that it works with, and complete."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Final, cast

from attrs import frozen

from shirube._discovery import GROUP
from shirube.testing._check import Failed, Skipped, check
from shirube.testing._subject import Subject

_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*")
_VERSION: Final = re.compile(r"\d+(\.\d+)*([abc]|rc|\.?dev|\.?post)?\d*(\+[\w.]+)?")
_TEST: Final = re.compile(r"(^|/)(tests?/|test_[^/]*\.py$|conftest\.py$)")
#: Calls that make code of data.
_CODE_OF_DATA: Final = frozenset(
    ("eval", "exec", "pickle.load", "pickle.loads", "yaml.load", "yaml.unsafe_load", "marshal.loads", "shelve.open")
)


@frozen
class _Import:
    """A module that a file of the package imports."""

    module: str
    file: str
    line: int

    @property
    def top(self) -> str:
        """Its first word."""
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.module} ({self.file}, line {self.line})"


@check("PKG01", requires=["API01"], once=True)
def is_typed(subject: Subject) -> None:
    """The package is typed: it holds the file py.typed.

    パッケージは型付きである（py.typed がある）。
    """
    if not (subject.package / "py.typed").is_file():
        raise Failed.because("conformance-seen-no-file", package=subject.package.name, file="py.typed")


@check("PKG02", requires=["API01"], once=True)
def is_licensed(subject: Subject) -> None:
    """The metadata name a licence.

    メタデータにライセンスが書かれている。
    """
    about = _metadata(subject)
    classified = any(one.startswith("License ::") for one in about.get_all("Classifier") or ())
    if not (about.get("License-Expression") or about.get("License") or classified):
        raise Failed.because("conformance-seen-no-field", field="License-Expression")


@check("PKG03", requires=["PKG02"], once=True)
def carries_its_licence(subject: Subject) -> None:
    """The distribution carries the text of its licence.

    配布物にライセンスの全文が入っている。
    """
    if not _metadata(subject).get_all("License-File"):
        raise Failed.because("conformance-seen-no-field", field="License-File")


@check("PKG04", requires=["API01"], once=True)
def is_described(subject: Subject) -> None:
    """The metadata say what the distribution is, in one line and in a readme.

    メタデータに一行の説明と README がある。
    """
    about = _metadata(subject)
    missing = [
        name
        for name, text in (("Summary", about.get("Summary")), ("Description", about.get_payload()))
        if not str(text or about.get(name) or "").strip()
    ]
    if missing:
        raise Failed(", ".join(missing))


@check("PKG05", requires=["API01"], once=True)
def says_which_python(subject: Subject) -> None:
    """The metadata say which Python is required.

    メタデータに必要な Python のバージョンが書かれている。
    """
    if not _metadata(subject).get("Requires-Python"):
        raise Failed.because("conformance-seen-no-field", field="Requires-Python")


@check("PKG06", requires=["API01"], once=True)
def bounds_the_core(subject: Subject) -> None:
    """The core is required from a version on and below another (shirube>=0.1,<0.2).

    本体への依存に下限と上限がある（shirube>=0.1,<0.2）。
    """
    found = [one for one in _requirements(subject) if re.match(r"shirube(?![\w.-])", one)]
    if not found:
        raise Failed.because("conformance-seen-core-not-required")
    if not all(sign in found[0] for sign in (">=", "<")) or not re.search(r"<(?!=)", found[0]):
        raise Failed(found[0])


@check("PKG07", requires=["API01"], once=True)
def requires_no_plugin(subject: Subject) -> None:
    """No other plugin is required.

    他のプラグインに依存しない。
    """
    others = {point.dist.name for point in metadata.entry_points(group=GROUP) if point.dist is not None}
    wanted = {name for name in map(_name_of, _requirements(subject)) if name in {_normal(one) for one in others}}
    if wanted - {_normal(subject.source.distribution)}:
        raise Failed(", ".join(sorted(wanted)))


@check("PKG08", requires=["API01"], once=True)
def declares_its_imports(subject: Subject) -> None:
    """What the package imports is required by its metadata: alone in an environment it works.

    パッケージが import するものは依存に書かれている（単独の環境でも動く）。
    """
    allowed = _closure(subject)
    own = {*sys.stdlib_module_names, "shirube", subject.package.name}
    # As a rule a distribution is called as what it offers; to ask which one does takes long.
    strangers = [one for one in _imports(subject) if one.top not in own and _normal(one.top) not in allowed]
    offered = metadata.packages_distributions() if strangers else {}
    for one in strangers:
        known = {_normal(name) for name in offered.get(one.top, [])}
        if known and not known & allowed:
            raise Failed(str(one))


@check("PKG09", requires=["API01"], once=True)
def imports_public_rooms_only(subject: Subject) -> None:
    """Of the core the package imports public modules and names only: none that begins with an underscore.

    本体の公開モジュールと公開された名前だけを import する（下線で始まるものを使わない）。
    """
    for one in _imports(subject):
        if one.top == "shirube" and any(map(_is_private, one.module.split("."))):
            raise Failed(str(one))


@check("PKG10", requires=["API01"], once=True)
def makes_no_code_of_data(subject: Subject) -> None:
    """Data never become code: the package calls neither eval, exec, pickle.load, yaml.load nor their like.

    データをコードにしない（eval、exec、pickle.load、yaml.load などを呼ばない）。
    """
    for file, tree in _trees(subject):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _CODE_OF_DATA:
                raise Failed(f"{ast.unparse(node.func)} ({file}, line {node.lineno})")


@check("PKG11", requires=["API01"], once=True)
def ships_no_tests(subject: Subject) -> None:
    """The wheel holds no tests, which would be imported and run where they do not belong.

    wheel にテストが入っていない。
    """
    tests = [name for name in _installed_files(subject) if _TEST.search(name) and ".dist-info/" not in name]
    if tests:
        raise Failed(tests[0])


@check("PKG12", requires=["API01"], once=True)
def keeps_to_its_package(subject: Subject) -> None:
    """The wheel puts one package at the top, the plugin's own, and nothing into shirube's.

    wheel は自分のパッケージ一つだけを最上位に置き、shirube の中に何も入れない。
    """
    tops = {name.partition("/")[0] for name in _installed_files(subject) if not name.startswith("../")}
    strangers = sorted(
        one for one in tops if one != subject.package.name and not one.endswith((".dist-info", ".data", "__pycache__"))
    )
    if strangers:
        raise Failed(", ".join(strangers))


@check("PKG13", requires=["API01"], once=True)
def has_a_version(subject: Subject) -> None:
    """The version is one that installers can compare (PEP 440), and greater than nothing.

    バージョンは比較できる形（PEP 440）である。
    """
    version = subject.source.version
    if not _VERSION.fullmatch(version) or version == "0.0.0":
        raise Failed(repr(version))


@check("PKG14", requires=["API01"], once=True)
def modules_are_explained(subject: Subject) -> None:
    """Every module says in a docstring what it is for.

    どのモジュールも docstring で役割を述べる。
    """
    silent = [file for file, tree in _trees(subject) if tree.body and ast.get_docstring(tree) is None]
    if silent:
        raise Failed(silent[0])


def _metadata(subject: Subject) -> Message:
    return cast("Message", subject.distribution.metadata)


def _requirements(subject: Subject) -> Sequence[str]:
    return [one for one in subject.distribution.requires or () if "extra ==" not in one.replace("'", '"')]


def _name_of(requirement: str) -> str:
    found = _NAME.match(requirement)
    return _normal(found[0]) if found else ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(subject: Subject) -> set[str]:
    """Return the distributions that may be counted on: those required, those of the core, and of its extras named."""
    names = {_name_of(one) for one in subject.distribution.requires or ()}
    extras = {extra for one in _requirements(subject) for extra in _extras(one) if _name_of(one) == "shirube"}
    for one in metadata.requires("shirube") or ():
        marker = re.search(r"extra == ['\"]([\w-]+)['\"]", one)
        if marker is None or marker[1] in extras:
            names.add(_name_of(one))
    return names


def _extras(requirement: str) -> list[str]:
    found = re.match(r"[\w.-]+\s*\[([^\]]*)\]", requirement)
    return [one.strip() for one in found[1].split(",")] if found else []


def _trees(subject: Subject) -> Sequence[tuple[str, ast.Module]]:
    def parsed() -> list[tuple[str, ast.Module]]:
        files: list[Path] = sorted(subject.package.rglob("*.py"))
        return [
            (path.relative_to(subject.package).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
            for path in files
        ]

    return subject.once("trees", parsed)


def _imports(subject: Subject) -> Iterator[_Import]:
    for file, tree in _trees(subject):
        for node in _needed(tree):
            if isinstance(node, ast.Import):
                yield from (_Import(one.name, file, node.lineno) for one in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module is not None:
                yield from (_Import(f"{node.module}.{one.name}", file, node.lineno) for one in node.names)


def _needed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a module but those for type checkers only, and imports that may fail."""
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return
    if isinstance(node, ast.Try) and any("ImportError" in ast.unparse(one.type or node) for one in node.handlers):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _needed(child)


def _installed_files(subject: Subject) -> list[str]:
    files = [str(one).replace("\\", "/") for one in subject.distribution.files or ()]
    if not files or any(name.endswith(".pth") for name in files):
        raise Skipped.because("conformance-editable")
    return files


def _is_private(part: str) -> bool:
    return part.startswith("_") and not part.endswith("__")
