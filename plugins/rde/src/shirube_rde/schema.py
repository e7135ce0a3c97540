"""Checking invoices against the schema of a job, with every problem said in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from shirube.messages import Text
from shirube_rde.texts import message

if TYPE_CHECKING:
    from jsonschema import SchemaError, ValidationError

#: Sections that an invoice may hold beside those that its schema requires.
_ALWAYS = ("datasetId", "basic")

__all__ = ["invoice_problems", "schema_problems"]


def schema_problems(schema: Mapping[str, Any]) -> list[Text]:
    """Return what is wrong with the schema of an invoice itself; empty when all is well."""
    from jsonschema import Draft202012Validator, SchemaError

    try:
        Draft202012Validator.check_schema(_modern(schema))
    except SchemaError as error:
        return [message("schema-invalid", place=_place(error), reason=error.message).text()]
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, Mapping) or not isinstance(required, list):
        return [message("schema-shape").text()]
    return [
        message("schema-required", section=section).text()
        for section in ("custom", "sample")
        if (section in properties) != (section in required)
    ]


def invoice_problems(invoice: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Text]:
    """Return where an invoice does not satisfy its schema; empty when it does.

    Items left blank (null) count as absent, as RDE does. References of the schema to other documents are not followed.

    Args:
        invoice: Content of ``invoice.json``.
        schema: Content of ``invoice.schema.json``, itself without problems.
    """
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    checker = FormatChecker(formats=("date", "uuid"))
    validator = Draft202012Validator(_modern(schema), format_checker=checker, registry=Registry())
    try:
        found = sorted(validator.iter_errors(_filled(invoice)), key=lambda error: [str(part) for part in error.path])
    except Unresolvable as error:
        return [message("schema-reference", reference=error.ref).text()]
    # Every missing key of one place is an error of its own, and each of them says all of them.
    return [*dict.fromkeys(_said(error) for error in found), *_superfluous(invoice, schema)]


def _superfluous(invoice: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Text]:
    known = {*_ALWAYS, *schema.get("required", ())}
    return (message("invoice-section-unknown", key=key).text() for key in invoice if key not in known)


def _modern(value: Any) -> Any:
    """Return a schema with lists of ``items`` (as RDE writes them) under their name in JSON Schema 2020-12."""
    if isinstance(value, Mapping):
        return {
            "prefixItems" if key == "items" and isinstance(one, list) else key: _modern(one)
            for key, one in value.items()
        }
    return [_modern(one) for one in value] if isinstance(value, list) else value


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(one) for key, one in value.items() if one is not None}
    return [_filled(one) for one in value] if isinstance(value, list) else value


def _place(error: SchemaError | ValidationError) -> str:
    return ".".join(str(part) for part in error.absolute_path)


def _said(error: ValidationError) -> Text:
    place = _place(error)
    value: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator == "required":
        absent = (f"{place}.{key}".lstrip(".") for key in wanted if key not in value)
        return message("invoice-required", keys=", ".join(absent)).text()
    if error.validator == "type":
        return message("invoice-type", key=place, value=repr(value), type=wanted).text()
    if error.validator == "enum":
        return message("invoice-choice", key=place, value=repr(value), choices=", ".join(map(str, wanted))).text()
    if error.validator in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        signs = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
        return message("invoice-range", key=place, value=value, range=f"{signs[error.validator]} {wanted:g}").text()
    return message("invoice-invalid", key=place or "-", value=_short(value), rule=error.validator, wanted=wanted).text()


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 one line of a terminal, with its sentence
