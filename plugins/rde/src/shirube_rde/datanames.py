"""Variables in the names of data: ``${filename}``, ``${invoice:custom:key}`` …, where the template allows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from shirube_rde.brought import INVOICE
from shirube_rde.documents import Document
from shirube_rde.failure import InvoiceError
from shirube_rde.metadata import Metadata
from shirube_rde.modes import changed
from shirube_rde.texts import message

_VARIABLE: Final = re.compile(r"\$\{([^{}]+)\}")

__all__ = ["named"]


def named(invoice: Document, file: str, metadata: Metadata) -> Document:
    """Return an invoice whose data name has its variables replaced; one without variables as it is.

    Args:
        invoice: The tile's invoice.
        file: Name of the tile's first data file.
        metadata: Of the tile.

    Raises:
        InvoiceError: A variable that RDE does not know, or that nothing fills.
    """
    basic = invoice.content["basic"]
    name = str(basic.get("dataName") or "")
    if not _VARIABLE.search(name):
        return invoice
    filled = _VARIABLE.sub(lambda found: _value(found.group(1).strip(), invoice.content, file, metadata), name)
    return changed(invoice, basic={**basic, "dataName": filled})


def _value(variable: str, content: Mapping[str, Any], file: str, metadata: Metadata) -> str:
    kind, *rest = variable.split(":")
    value: Any = None
    match kind, rest:
        case "filename", []:
            value = file
        case "invoice", ["sample", "names"]:
            names = (content.get("sample") or {}).get("names") or ()
            value = "_".join(str(one) for one in names if one)
        case "invoice", ["basic" | "custom" as section, key]:
            value = (content.get(section) or {}).get(key)
        case "metadata", ["constant", key]:
            value = metadata.constant.get(key, {}).get("value")
        case _:
            raise InvoiceError(message("name-variable-unknown", variable=f"${{{variable}}}"), path=INVOICE)
    if value in (None, ""):
        raise InvoiceError(message("name-variable-empty", variable=f"${{{variable}}}"), path=INVOICE)
    return str(value)
