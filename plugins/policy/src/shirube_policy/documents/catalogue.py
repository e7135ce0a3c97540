"""The catalogue page (データカタログ) of a dataset as ARIM's portal shows it: every field of its form, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from shirube.messages import Language, Text
from shirube.records import Catalogue, Dataset, DatasetEntry, Person, Publication
from shirube_policy.blanks import filled
from shirube_policy.documents.anonymous import as_published
from shirube_policy.documents.texts import label
from shirube_policy.embargo import open_from
from shirube_policy.hidden import kinds_hidden
from shirube_policy.parameters import Parameters
from shirube_policy.timeline import timeline

#: Kinds of images that the portal previews.
IMAGES: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
_BLANK: Final = "—"

__all__ = ["IMAGES", "Field", "Section", "catalogue_page", "graphical_abstracts", "render_markdown", "render_text"]


@frozen
class Field:
    """One field of the form: its label, and its values; none when it is empty."""

    label: Text
    values: tuple[str, ...]
    hidden: bool = False


@frozen
class Section:
    """A part of the page."""

    label: Text
    fields: tuple[Field, ...]


def catalogue_page(dataset: Dataset, parameters: Parameters) -> tuple[Section, ...]:
    """Return the page: what the catalogue says, and where it does not, what the dataset says.

    Of an anonymised dataset is hidden what is to be: registrant, organisation, title and number of the project; in the
    other fields it is replaced.
    """
    hidden = kinds_hidden(dataset) if dataset.is_anonymized else ()
    dataset = as_published(dataset)
    page = dataset.catalogue or Catalogue()
    days = timeline(dataset, parameters.basis)
    released = page.released_on or ("" if days.ends_on is None else open_from(days.ends_on).isoformat())
    registered = page.registered_on or ("" if days.registered_on is None else days.registered_on.isoformat())
    raw = _counts(dataset)
    number = [page.project_number or dataset.project_number, page.direct_link]
    return (
        _section(
            "head",
            _field("title", [page.title or dataset.title]),
            _field("project-title", [page.project_title or dataset.project_title], hide="project_title" in hidden),
            _field("registrant", [_person(page.registrant or dataset.registrant)], hide="name" in hidden),
            _field("project-number", number, hide="project_number" in hidden),
            _field("facility", [page.facility or dataset.facility, page.card_link]),
        ),
        _section(
            "summary",
            _field("summary", [page.summary or dataset.description]),
            _field("conditions", [page.sample_and_conditions]),
            _field("references", page.references or dataset.related_links or ()),
            _field("graphical-abstract", graphical_abstracts(dataset)[0]),
        ),
        _section(
            "keywords",
            _field("key-technology", [page.key_technology]),
            _field("secondary-technology", [page.secondary_technology]),
            _field("cross-technology", [page.cross_technology]),
            _field("material-index", page.material_index or ()),
            _field("tags", page.tags or dataset.tags or ()),
        ),
        _section("metrics", _field("page-views", [page.page_views]), _field("downloads", [page.downloads])),
        _section(
            "index",
            _field("doi", [page.doi or dataset.doi]),
            _field("registered-on", [registered]),
            _field("released-on", [released]),
            _field("dataset-id", [page.dataset_id or dataset.id]),
            _field("data-count", [page.data_count if page.data_count is not None else raw[0]]),
            _field("file-count", [page.file_count if page.file_count is not None else raw[1]]),
            _field("size", [page.size]),
        ),
        _section("equipment", _field("instruments", page.instruments or dataset.instruments or ())),
        _section("results", _field("publications", _publications(page.publications or dataset.publications or ()))),
    )


def graphical_abstracts(dataset: Dataset) -> tuple[tuple[str, ...], bool]:
    """Return the figures for the page, and whether they were requested; else the first main image is proposed."""
    dataset = as_published(dataset)
    wanted = None if dataset.graphical_abstract is None else dataset.graphical_abstract.requested
    if wanted:
        return tuple(wanted), True
    images = [name for entry in dataset.entries for name in _images(entry)]
    shown = [name for name in images if name.lower().endswith(IMAGES)]
    return tuple(shown[:1]), False


def render_text(page: Iterable[Section], lang: Language) -> str:
    """Return the page as plain text."""
    lines = []
    for section in page:
        lines += [f"[{section.label.render(lang)}]"]
        for one in section.fields:
            shown = _shown(one, lang)
            lines += [f"{one.label.render(lang)}: {shown[0]}", *(f"    {value}" for value in shown[1:])]
        lines.append("")
    return "\n".join(lines)


def render_markdown(page: Iterable[Section], lang: Language) -> str:
    """Return the page as Markdown."""
    from shirube.reports import markdown_escaped

    lines = []
    for section in page:
        lines += [f"## {markdown_escaped(section.label.render(lang))}", ""]
        for one in section.fields:
            values = "; ".join(markdown_escaped(value) for value in _shown(one, lang))
            lines.append(f"- **{markdown_escaped(one.label.render(lang))}**: {values}")
        lines.append("")
    return "\n".join(lines)


def render_html(page: Iterable[Section], title: str, lang: Language) -> str:
    """Return the page as HTML that loads nothing."""
    from html import escape

    from shirube.reports import html_page

    body = [f"<h1>{escape(title)}</h1>"]
    for section in page:
        body.append(f"<h2>{escape(section.label.render(lang))}</h2>\n<table>")
        for one in section.fields:
            cells = "<br>".join(escape(value).replace("\n", "<br>") for value in _shown(one, lang))
            body.append(f"<tr><th>{escape(one.label.render(lang))}</th><td>{cells}</td></tr>")
        body.append("</table>")
    return html_page(title, "\n".join(body), lang)


def _section(code: str, *fields: Field) -> Section:
    return Section(label(f"catalogue-section-{code}"), fields)


def _field(code: str, values: Iterable[object], *, hide: bool = False) -> Field:
    texts = (str(value).strip() for value in values if value is not None)
    kept = tuple(text for text in texts if text and (filled(text) or text.isdecimal()))
    return Field(label(f"catalogue-{code}"), () if hide else kept, hidden=hide)


def _shown(one: Field, lang: Language) -> tuple[str, ...]:
    if one.hidden:
        return (label("hidden").render(lang),)
    return one.values or (_BLANK,)


def _person(person: Person | None) -> str | None:
    if person is None or not filled(person.name):
        return None
    return f"{person.name} ({person.organization})" if filled(person.organization) else person.name


def _publications(publications: Iterable[Publication]) -> Iterator[str]:
    for one in publications:
        parts = [part for part in (one.text, one.doi and f"DOI: {one.doi}") if part and filled(part)]
        yield " ".join(parts)


def _images(entry: DatasetEntry) -> tuple[str, ...]:
    return () if entry.files is None else entry.files.get("main_image", ())


def _counts(dataset: Dataset) -> tuple[int | None, int | None]:
    """Return how many data and how many files there are, as far as the entries tell."""
    files = [entry.files for entry in dataset.entries]
    if not files or None in files:
        return len(files) or None, None
    return len(files), sum(len(names) for roles in files if roles is not None for names in roles.values())
