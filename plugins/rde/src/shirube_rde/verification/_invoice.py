"""Rules on ``invoice.json``: its shape, its schema, and the limits that the server has and no validator checks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from shirube.errors import InputError
from shirube.rules import Judgement, Rule
from shirube_rde.documents import Document
from shirube_rde.invoice import registration_of
from shirube_rde.limits import refused_of_sample, refused_values, too_long
from shirube_rde.schema import invoice_problems
from shirube_rde.verification._inspected import Inspected, content_of, fault, rule

__all__ = ["INVOICE_RULES"]


def _readable(tree: Inspected) -> Iterator[Judgement] | None:
    if all(one.invoice is None for one in tree.tiles):
        return None
    return (
        fault(tree.name(one.tile.invoice), one.invoice.message)
        for one in tree.tiles
        if isinstance(one.invoice, InputError)
    )


def _shaped(tree: Inspected) -> Iterator[Judgement] | None:
    documents = [(tree.name(one.tile.invoice), one.invoice) for one in tree.tiles if isinstance(one.invoice, Document)]
    if not documents:
        return None
    return (fault(name, problem) for name, one in documents if (problem := _misshapen(one, name)) is not None)


def _misshapen(document: Document, name: str) -> Any:
    try:
        registration_of(document, name)
    except InputError as error:
        return error.message
    return None


def _per_invoice(
    check: Callable[[Mapping[str, Any]], Iterator[dict[str, object]]],
) -> Callable[[Inspected], Iterator[Judgement] | None]:
    """Return a check of all invoices from one that yields the places of one invoice that are wrong."""

    def checked(tree: Inspected) -> Iterator[Judgement] | None:
        found = list(tree.invoices())
        if not found:
            return None
        return (fault(name, None, note=False, **params) for name, content in found for params in check(content))

    return checked


def _schema(tree: Inspected) -> Iterator[Judgement] | None:
    schema, found = content_of(tree.schema), list(tree.invoices())
    if schema is None or not found:
        return None
    return (fault(name, problem) for name, content in found for problem in invoice_problems(content, schema))


def _unknown_items(tree: Inspected) -> Iterator[Judgement] | None:
    schema, found = content_of(tree.schema), list(tree.invoices())
    if schema is None or not found:
        return None
    known = schema.get("properties", {}).get("custom", {}).get("properties", {})
    return (
        fault(name, key=f"custom.{key}")
        for name, content in found
        for key in content.get("custom") or {}
        if key not in known
    )


def _repeated(content: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    lines = [line.strip() for line in (content["basic"].get("description") or "").splitlines() if line.strip()]
    for line in dict.fromkeys(lines):
        if lines.count(line) > 1:
            yield {"line_text": line[:80]}


def _unexpanded(content: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    name = content["basic"].get("dataName") or ""
    if re.search(r"\$\{[^}]*\}", name):
        yield {"name": name}


def _one_dataset(tree: Inspected) -> Iterator[Judgement] | None:
    found = list(tree.invoices())
    if len(found) < 2:  # noqa: PLR2004 one alone agrees with itself
        return None
    ids = dict.fromkeys(str(content.get("datasetId")) for _, content in found)
    return iter([fault(found[-1][0], ids=", ".join(ids))] if len(ids) > 1 else [])


def _unlike_names(tree: Inspected) -> Iterator[Judgement] | None:
    found = list(tree.invoices())
    if len(found) < 2:  # noqa: PLR2004 one alone has its name for itself
        return None
    count = Counter(content["basic"].get("dataName") for _, content in found)
    return (fault(found[-1][0], note=True, name=name, count=number) for name, number in count.items() if number > 1)


_SOUND: Final = ("RDE-INV-001", "RDE-INV-002")
_BOTH: Final = (*_SOUND, "RDE-SCH-001", "RDE-SCH-002")
INVOICE_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-INV-001", "must", _readable),
    rule("RDE-INV-002", "must", _shaped, ("RDE-INV-001",)),
    rule("RDE-INV-003", "must", _schema, _BOTH),
    rule("RDE-INV-004", "must", _per_invoice(too_long), _SOUND),
    rule("RDE-INV-005", "should", _unknown_items, _BOTH),
    rule("RDE-INV-006", "must", _per_invoice(refused_values), _SOUND),
    rule("RDE-INV-007", "should", _per_invoice(_repeated), _SOUND),
    rule("RDE-INV-008", "must", _per_invoice(_unexpanded), _SOUND),
    rule("RDE-INV-009", "must", _per_invoice(refused_of_sample), _SOUND),
    rule("RDE-INV-010", "must", _one_dataset, _SOUND),
    rule("RDE-INV-011", "should", _unlike_names, _SOUND),
)
