"""Variables in the names of data: ``${filename}``, ``${invoice:custom:key}`` …, where the template allows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from shirube.messages import Text
from shirube_rde.brought import INVOICE
from shirube_rde.documents import Document
from shirube_rde.failure import InvoiceError
from shirube_rde.hiding import Hidden
from shirube_rde.metadata import Metadata
from shirube_rde.modes import changed
from shirube_rde.texts import joined, message

_VARIABLE: Final = re.compile(r"\$\{([^{}]+)\}")

__all__ = ["named"]


def named(invoice: Document, file: str, metadata: Metadata, hidden: Hidden) -> Document:
    """Return an invoice whose data name has its variables replaced; one without variables as it is.

    Args:
        invoice: The tile's invoice.
        file: Name of the tile's first data file.
        metadata: Of the tile.
        hidden: What values must not show.

    Raises:
        InvoiceError: Variables that RDE does not know, or that nothing fills: all of them.
    """
    basic = invoice.content["basic"]
    name = str(basic.get("dataName") or "")
    if not _VARIABLE.search(name):
        return invoice
    problems: list[Text] = []

    def value(found: re.Match[str]) -> str:
        return hidden.without(_value(found.group(1).strip(), invoice.content, file, metadata, problems))

    filled = _VARIABLE.sub(value, name)
    if problems:
        raise InvoiceError(joined(list(dict.fromkeys(problems))), path=INVOICE)
    return changed(invoice, basic={**basic, "dataName": filled})


def _value(variable: str, content: Mapping[str, Any], file: str, metadata: Metadata, problems: list[Text]) -> str:
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
            problems.append(message("name-variable-unknown", variable=f"${{{variable}}}").text())
            return ""
    if value in (None, ""):
        problems.append(message("name-variable-empty", variable=f"${{{variable}}}").text())
    return str(value)
