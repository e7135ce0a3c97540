"""What a job brings beside its data files: the definitions of its template and its invoices, checked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attrs import frozen

from shirube.records import FrozenMapping, Registration, Value
from shirube_rde.defaults import read_defaults
from shirube_rde.definition import from_document
from shirube_rde.documents import Document, read_document
from shirube_rde.failure import InvoiceError, TemplateError, attempt
from shirube_rde.invoice import registration_of, unfilled
from shirube_rde.items import Definition
from shirube_rde.layout import Job
from shirube_rde.limits import refused_by_server
from shirube_rde.modes import JobConfig, read_config
from shirube_rde.schema import invoice_problems, schema_problems
from shirube_rde.texts import joined, message

INVOICE: Final = "data/invoice/invoice.json"
_DEFINITION: Final = "data/tasksupport/metadata-def.json"
_SCHEMA: Final = "data/tasksupport/invoice.schema.json"

__all__ = ["INVOICE", "Template", "checked_registration", "read_invoice", "read_template", "unknown_items"]


@frozen(eq=False)
class Template:
    """What the dataset template brings.

    Attributes:
        definition: The metadata items.
        schema: The form.
        config: How its jobs are configured.
        defaults: Values of manual items that are left blank.
    """

    definition: Definition | None
    schema: Document | None
    config: JobConfig
    defaults: FrozenMapping[str, Value] = FrozenMapping()


def read_template(job: Job, problems: list[Exception]) -> Template:
    """Return the template of a job; what is wrong with it becomes part of ``problems``."""
    definition = attempt(problems, lambda: _definition(job), TemplateError)
    schema = attempt(problems, lambda: _schema(job), TemplateError)
    config = attempt(problems, lambda: read_config(job), TemplateError)
    form = {} if schema is None else schema.content
    defaults = attempt(problems, lambda: read_defaults(job, form), TemplateError)
    return Template(definition, schema, config or JobConfig(), defaults or FrozenMapping())


def read_invoice(path: Path) -> Document:
    """Return the invoice at ``path``, which messages call ``data/invoice/invoice.json``.

    Raises:
        InvoiceError: There is none.
        InputError: It is no JSON object, or its sections are not of RDE's types.
    """
    if not path.is_file():
        raise InvoiceError(message("job-without-invoice"))
    document = read_document(path, INVOICE)
    registration_of(document, INVOICE)
    return document


def checked_registration(invoice: Document, schema: Document | None) -> Registration:
    """Return what the invoice of one tile says.

    Raises:
        InputError: An item that RDE always fills is blank, its server would refuse one, or the invoice breaks its
            schema: everything that is wrong.
    """
    registration = registration_of(invoice, INVOICE)
    problems = [one.text() for one in (*unfilled(invoice.content), *refused_by_server(invoice.content))]
    found = [] if schema is None else invoice_problems(invoice.content, schema.content)
    if found:
        problems.append(message("job-invoice-problems", problems=joined(found)).text())
    if problems:
        raise InvoiceError(joined(problems), path=INVOICE)
    return registration


def unknown_items(invoice: Document, schema: Document | None) -> list[str]:
    """Return the manual items of an invoice that its form does not know; none without a form."""
    if schema is None:
        return []
    custom = (schema.content.get("properties") or {}).get("custom") or {}
    return [f"custom.{key}" for key in invoice.content.get("custom") or {} if key not in custom.get("properties", {})]


def _definition(job: Job) -> Definition | None:
    if not job.definition.is_file():
        return None
    return from_document(read_document(job.definition, _DEFINITION), _DEFINITION)


def _schema(job: Job) -> Document | None:
    if not job.schema.is_file():
        return None
    document = read_document(job.schema, _SCHEMA)
    problems = schema_problems(document.content)
    if problems:
        raise TemplateError(joined(problems), path=_SCHEMA)
    return document
