"""What is wrong with the invoice that a row of a table fills, said in the terms of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shirube.errors import InputError
from shirube.messages import Text
from shirube_rde.documents import Document
from shirube_rde.failure import MetadataError
from shirube_rde.invoice import INVOICE, blank_items, registration_of
from shirube_rde.items import Definition
from shirube_rde.limits import refused_by_server
from shirube_rde.metadata import Metadata
from shirube_rde.schema import invoice_problems
from shirube_rde.stated import with_stated
from shirube_rde.texts import message

__all__ = ["placed", "row_problems"]


def placed(where: Text, said: Text) -> Text:
    """Return what is said, with its place before it."""
    return Text(en=f"{where.en}: {said.en}", ja=f"{where.ja}：{said.ja}")


def row_problems(
    invoice: Document,
    schema: Mapping[str, Any],
    where: Text,
    stated: Mapping[str, str] | None = None,
    definition: Definition | None = None,
) -> list[Text]:
    """Return all that RDE would refuse of a row.

    Args:
        invoice: As the row fills it.
        schema: Of the invoice.
        where: What messages call the row.
        stated: Metadata that the row states, by key.
        definition: The metadata items of the job; None when it brings none.
    """
    found = [*_invoice_problems(invoice, schema), *_stated_problems(stated or {}, definition)]
    return [placed(where, one) for one in dict.fromkeys(found)]


def _invoice_problems(invoice: Document, schema: Mapping[str, Any]) -> Iterator[Text]:
    try:
        registration_of(invoice, INVOICE)
    except InputError as error:
        # The other checks rely on it that sections and values are of RDE's types.
        yield error.message if isinstance(error.message, Text) else error.message.text()
        return
    for key in blank_items(invoice.content):
        yield message("table-blank", key=key).text()
    for refused in refused_by_server(invoice.content):
        yield refused.text()
    yield from invoice_problems(invoice.content, schema)


def _stated_problems(stated: Mapping[str, str], definition: Definition | None) -> Iterator[Text]:
    if definition is None:
        return
    try:
        with_stated(Metadata(), stated, definition)
    except MetadataError as error:
        yield error.text()
