"""The formats of a report by name, each written by a module of its own that is imported on use."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Literal, TypeAlias, get_args

from shirube._jsontext import json_text
from shirube.messages import Language
from shirube.reports._report import CHECK_SCHEMA, Report, report_to_json

Format: TypeAlias = Literal["json", "sarif", "junit", "markdown", "html"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

__all__ = ["FORMATS", "Format", "render_report"]


def render_report(report: Report, form: Format, lang: Language, *, verbose: bool = False) -> str:
    """Return the report in one of the formats, the same text for the same report.

    Args:
        report: What was judged.
        form: The format.
        lang: Language of the texts; JSON holds both.
        verbose: Whether what passed and what does not apply is listed, too; JSON and JUnit always hold everything.
    """
    if form == "json":
        document = {"schema": CHECK_SCHEMA, **report_to_json(report)}
        return json_text(document, indent=2) + "\n"
    text: str = import_module(f"shirube.reports._{form}").render(report, lang, verbose=verbose)
    return text
