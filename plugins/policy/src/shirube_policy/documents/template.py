"""The file to fill in: every field of a dataset with what it means, as YAML that can be read as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, get_args, get_origin

import attrs

from shirube.messages import Language
from shirube.recordfields import SCHEMA_FILE, dataset_records, field_words
from shirube.records import Dataset
from shirube.wrapping import wrapped
from shirube_policy.documents.texts import label, message

#: The sections of the file. What stands first is asked of everybody; what a minus precedes is written as a comment.
_SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "dataset": ("id", "title", "description", "tags", "-related_links"),
    "people": ("registrant", "manager", "-manager_account", "-data_owners"),
    "project": ("project_title", "project_number", "project_end", "facility", "instruments", "-program", "-template"),
    "embargo": (
        "registered_on",
        "embargo_end",
        "-embargo_set_on",
        "-embargo_extension_reason",
        "-embargo_extension_approved",
        "-embargo_extensions",
        "-embargo_shortening_requested",
    ),
    "sample": ("sample",),
    "sharing": ("is_anonymized", "-anonymization", "doi_requested", "-doi", "-license", "-badge", "-offered_kinds"),
    "results": ("publications_declared", "-publications", "-usage_report", "-graphical_abstract"),
    "siblings": ("sibling_titles", "-sibling_descriptions"),
    "usage": ("-usage", "-exemptions", "-deletions", "-registered_this_year"),
    "later": ("-catalogue", "-changes", "-accesses", "-licence_request"),
    "entries": ("-entries",),
}
#: Fields of records that the form itself has no use for, or that programs write.
_LEFT_OUT: Final = ("document", "source", "facts", "attributes", "classes", "id_")
_WIDTH: Final = 100

__all__ = ["template"]


def template(lang: Language, dataset: Dataset | None = None, *, schema: bool = False) -> str:
    """Return the file to fill in.

    Args:
        lang: Language of the comments.
        dataset: What is known already and stands in it.
        schema: Whether its first line tells editors that the JSON Schema lies beside it.
    """
    lines = [f"# yaml-language-server: $schema={SCHEMA_FILE}"] if schema else []
    lines += [f"# {line}" for line in wrapped(message("template-head").render(lang), _WIDTH)]
    types = {one.name: one.type for one in attrs.fields(dataset_records()["Dataset"])}
    for code, names in _SECTIONS.items():
        title = label(f"template-{code}").render(lang)
        lines += ["", f"# ---- {title} ----"]
        for name in names:
            plain = name.removeprefix("-")
            if dataset is not None and getattr(dataset, plain) not in (None, ()):
                lines += [*_meant("Dataset", plain, lang, 0), *_known(dataset, plain)]
                continue
            lines += _field("Dataset", plain, types[plain], lang, 0, commented=name != plain)
    return "\n".join(lines) + "\n"


def _field(record: str, name: str, wanted: Any, lang: Language, depth: int, *, commented: bool) -> Iterator[str]:
    """Yield the lines of one field: what it means, then its key; a part of a commented field is commented, too."""
    indent = "  " * depth
    yield from _meant(record, name, lang, depth)
    mark = f"{indent}#" if commented else indent
    cls, several = _record(wanted)
    if cls is None:
        yield f"{mark}{name}:{_example(wanted)}"
        return
    yield f"{mark}{name}:"
    inner = [one for one in attrs.fields(cls) if one.name not in _LEFT_OUT]
    body = [line for one in inner for line in _field(cls.__name__, one.name, one.type, lang, 0, commented=False)]
    yield from _indented(body, indent, several=several, commented=commented)


def _meant(record: str, name: str, lang: Language, depth: int) -> Iterator[str]:
    """Yield what a field means, as comments."""
    words = field_words()[record][name]
    meant = words.text.render(lang)
    if words.choices:
        meant = f"{meant.rstrip('.')} ({' | '.join(words.choices)})"
    indent = "  " * depth
    for line in wrapped(meant, _WIDTH - len(indent)):
        yield f"{indent}# {line}"


def _known(dataset: Dataset, name: str) -> list[str]:
    """Return the lines of a field that is known."""
    from shirube.datasets import render_dataset

    return render_dataset(Dataset(**{name: getattr(dataset, name)}), ".yaml").splitlines()


def _indented(body: Sequence[str], indent: str, *, several: bool, commented: bool) -> Iterator[str]:
    """Yield the lines of a nested record; of a list its first element, which begins with a dash."""
    dashed = not several
    for line in body:
        comment = line.lstrip().startswith("#")
        lead = "  "
        if several:
            lead = "    "
            if not comment and not dashed:
                lead, dashed = "  - ", True
        # A comment within what is commented out stays one when the first mark is removed.
        yield f"{indent}#{lead}{line}" if commented else f"{indent}{lead}{line}"


def _record(wanted: Any) -> tuple[type | None, bool]:
    """Return the record class of a field, and whether the field holds a list of them."""
    for one in (wanted, *get_args(wanted)):
        if isinstance(one, type) and attrs.has(one):
            return one, False
        if get_origin(one) is tuple and attrs.has(get_args(one)[0]):
            return get_args(one)[0], True
    return None, False


def _example(wanted: Any) -> str:
    kinds = [get_origin(one) or one for one in (get_args(wanted) or (wanted,))]
    return "  # true | false" if kinds[0] is bool and len(kinds) <= 2 else "  # [ , ]" if tuple in kinds else ""  # noqa: PLR2004
