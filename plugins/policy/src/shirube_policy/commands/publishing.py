"""``shirube policy datacite`` and ``catalogue``: the metadata of a DOI, and the page of the data catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from shirube.cli.common import Session, common_options, profile_option
from shirube.errors import InputError
from shirube_policy.commands.common import dataset_of, parameters_in, save
from shirube_policy.documents.texts import message

__all__ = ["catalogue", "datacite"]


@click.command(short_help="DataCite metadata of a dataset.")
@click.argument("record", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file. / 出力先")
@click.option("--draft", is_flag=True, help="Write what there is, though it is not complete. / 不足があっても書き出す")
@common_options
@profile_option
def datacite(session: Session, record: Path, output: Path | None, *, draft: bool) -> int:
    """Write the DataCite 4.5 metadata (JSON) of RECORD. Exit code 2 when mandatory properties cannot be made.

    DOI 付与に用いる DataCite 4.5 のメタデータ（JSON）を書き出します。
    """
    from shirube_policy.documents.datacite import datacite as metadata_of

    found = metadata_of(dataset_of(record, session), parameters_in(session))
    if found.missing:
        lacking = message("datacite-missing", missing=", ".join(found.missing))
        if not draft:
            raise InputError(lacking, path=record)
        session.warn(lacking)
    save(session, json.dumps(found.document, ensure_ascii=False, indent=2) + "\n", output)
    return 0


@click.command(short_help="The page of the data catalogue.")
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "markdown", "html"]), default="text", help="/ 出力形式")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file. / 出力先")
@common_options
@profile_option
def catalogue(session: Session, record: Path, form: str, output: Path | None) -> int:
    """Show the page of RECORD as ARIM's data portal shows it, every field of its form; and which figure it would have.

    データカタログの掲載内容を、ポータルの様式で示します。
    """
    from shirube_policy.documents import catalogue as pages
    from shirube_policy.documents.anonymous import as_published

    dataset = dataset_of(record, session)
    title = as_published(dataset).title or record.name
    page = pages.catalogue_page(dataset, parameters_in(session))
    figures, requested = pages.graphical_abstracts(dataset)
    if session.as_json:
        session.answer("shirube-policy-catalogue/1", {"sections": _document(page), "figures_requested": requested})
        return 0
    if form == "html":
        save(session, pages.render_html(page, title, session.lang), output)
    elif form == "markdown":
        save(session, pages.render_markdown(page, session.lang), output)
    else:
        save(session, pages.render_text(page, session.lang), output)
    code = "requested" if requested else "proposed" if figures else "none"
    session.warn(message(f"abstract-{code}", names=", ".join(figures)))
    return 0


def _document(page: Any) -> list[dict[str, Any]]:
    return [
        {
            "section": {"en": section.label.en, "ja": section.label.ja},
            "fields": [
                {
                    "label": {"en": one.label.en, "ja": one.label.ja},
                    "values": list(one.values),
                    "hidden": one.hidden,
                }
                for one in section.fields
            ],
        }
        for section in page
    ]
