"""Requests to use shared data: who asks for a licence, and who wants to do what with which data."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Affiliation:
    """An institution that a person belongs to.

    Attributes:
        name: Its name.
        country: ISO 3166 code of the country under whose law it is (``JP``).
        kind: industry, government or academia.
        corporation: Whether it is a corporation (a freelancer's own business is none).
        branch_of_foreign: Whether it is the branch of a foreign corporation.
    """

    name: str | None = None
    country: str | None = None
    kind: str | None = None
    corporation: bool | None = None
    branch_of_foreign: bool | None = None


@frozen(kw_only=True)
class LicenceRequest:
    """What an institution declares of a person who asks for a licence. Nothing of it is ever guessed.

    Attributes:
        affiliations: Every institution; empty for a person who belongs to none.
        institution_guarantee: Whether the institution guarantees the person.
        corporate_approval: Whether the corporation approves the use.
        resident: Whether the person is a resident under the law on foreign exchange; wins over what it follows from:
        national: Whether the person is a national of the registry's country.
        residence_country: ISO 3166 code of the country of residence.
        months_resident: Months since the person came to live in the registry's country.
        works_at_domestic_office: Whether the person works at an office in the registry's country.
        specific_category: ``none``, ``1``, ``2``, ``3`` or ``unknown`` (特定類型).
        permission_on: When the authority's permission was given.
        access_on: When the data are first used; default: today.
        data_kind: structured or registered.
        approved_on: When the licence was approved.
    """

    affiliations: tuple[Affiliation, ...] | None = None
    institution_guarantee: bool | None = None
    corporate_approval: bool | None = None
    resident: bool | None = None
    national: bool | None = None
    residence_country: str | None = None
    months_resident: float | None = None
    works_at_domestic_office: bool | None = None
    specific_category: str | None = None
    permission_on: str | None = None
    access_on: str | None = None
    data_kind: str | None = None
    approved_on: str | None = None


@frozen(kw_only=True)
class Access:
    """Somebody's wish to use data, or a use that took place.

    Attributes:
        actor: Role of the person (registrant, data user, member of an operating organisation).
        action: view, download or secondary use.
        data_kind: registered or structured.
        date: When; default: today.
        own: Whether the data are the person's own.
        purpose: What for.
    """

    actor: str | None = None
    action: str | None = None
    data_kind: str | None = None
    date: str | None = None
    own: bool | None = None
    purpose: str | None = None
