"""The pages that are written from what they are about: guides, conformance checks, hooks, messages."""

import inspect
import re
import textwrap
import tomllib
from importlib import metadata, resources
from pathlib import Path

import attrs

from shirube.guidemarkdown import guide_markdown
from shirube.hooks import API_VERSION, ENTRY_POINT_GROUP, HOOKS, HookSpecs, Record
from shirube.messages import LANGUAGES, Language, Text
from shirube.plugins import load_plugins
from shirube.reports import markdown_escaped
from shirube.settings import Settings
from shirube.testing import FAMILIES, all_checks
from shirube.vocabulary import guide_data, knowledge


def guide_pages() -> dict[str, str]:
    """Return a page a language for each installed guide."""
    plugins = load_plugins()
    vocabulary = knowledge(plugins).vocabulary
    return {
        f"{name}.{lang}.md": guide_markdown(guide, vocabulary, lang)
        for name, guide in guide_data(plugins, Settings()).items()
        for lang in LANGUAGES
    }


def check_pages() -> dict[str, str]:
    """Return a page a language with every check of the conformance kit, family by family."""
    titles = Text(en="Every check", ja="点検の一覧")
    pages = {}
    for lang in LANGUAGES:
        lines = [f"# {titles.render(lang)}"]
        for family, label in FAMILIES.items():
            rows = [f"| {one.id} | {one.message.render(lang)} |" for one in all_checks() if one.family == family]
            lines += ["", f"## {label.render(lang)}", "", "| | |", "|---|---|", *rows]
        pages[f"checks.{lang}.md"] = "\n".join(lines) + "\n"
    return pages


def hook_pages() -> dict[str, str]:
    """Return the page of all hooks: signature, contract, example and record of each."""
    head = f"# Hook by hook\n\nOf version {API_VERSION} of the plugin API (`shirube.hooks.API_VERSION`).\n"
    return {"reference.md": head + "".join(_hook_section(name) for name in HOOKS)}


def hook_signature(name: str) -> str:
    """Return a hook's signature as a plugin writes it."""
    signature = str(inspect.signature(getattr(HookSpecs(), name)))
    return name + signature.replace("'", "")


def hook_example(name: str) -> str:
    """Return the example in a hook's docstring, as the code that a plugin would hold."""
    return textwrap.dedent(_hook_docstring(name)[1])


def _hook_docstring(name: str) -> tuple[str, str]:
    text = inspect.getdoc(getattr(HookSpecs, name)) or ""
    contract, _, example = text.partition("For example::\n\n")
    return contract.strip(), example


def _hook_section(name: str) -> str:
    contract, _ = _hook_docstring(name)
    code = f"def {hook_signature(name)}: ..."
    return (
        f"\n## `{name}`\n\n```python\n{code}\n```\n\n{contract}\n\n"
        f"```python\n{hook_example(name)}\n```\n\n{_record_table(HOOKS[name])}"
    )


def _record_table(record: type[Record]) -> str:
    title = f"The fields of a {{py:class}}`shirube.hooks.{record.__name__}`:"
    rows = [
        f"| `{one.name}` | `{str(one.type).replace('|', chr(92) + '|')}` | {_default(one)} |"
        for one in attrs.fields(record)
    ]
    return "\n".join([title, "", "| field | type | left out |", "|---|---|---|", *rows, ""])


def _default(one: "attrs.Attribute[object]") -> str:
    if one.default is attrs.NOTHING:
        return "required"
    if isinstance(one.default, attrs.Factory):
        return "empty"
    return f"`{one.default!r}`"


def message_pages() -> dict[str, str]:
    """Return a page a language with every sentence of the core's catalogue and of each installed plugin's."""
    titles = Text(en="Every message", ja="メッセージの一覧")
    pages = {}
    for lang in LANGUAGES:
        lines = [f"# {titles.render(lang)}"]
        for package, messages in catalogues().items():
            rows = [f"| {code} | {_sentence(text, lang)} |" for code, text in sorted(messages.items())]
            lines += ["", f"## {package}", "", "| | |", "|---|---|", *rows]
        pages[f"messages.{lang}.md"] = "\n".join(lines) + "\n"
    return pages


def catalogues() -> dict[str, dict[str, dict[str, str]]]:
    """Return every catalogue of messages: code -> language -> text, by package, the core's first."""
    plugins = sorted(one.module.partition(".")[0] for one in metadata.entry_points(group=ENTRY_POINT_GROUP))
    found = {}
    for package in ("shirube", *plugins):
        root = Path(str(resources.files(package)))
        for path in sorted(root.rglob("messages.toml")):
            name = ".".join((package, *path.relative_to(root).parts[:-1]))
            found[name] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def _sentence(text: dict[str, str], lang: Language) -> str:
    return re.sub(r"\s+", " ", markdown_escaped(text[lang]))


def write_pages(folder: Path, pages: dict[str, str]) -> None:
    """Write generated pages, and remove those that are gone."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        page = folder / name
        # Sphinx builds again what is newer than what it built.
        if not page.is_file() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


def write_all(docs: Path) -> None:
    """Write every generated page below the folder of the documentation."""
    write_pages(docs / "guides", guide_pages())
    write_pages(docs / "checks", check_pages())
    write_pages(docs / "hooks", hook_pages())
    write_pages(docs / "messages", message_pages())
