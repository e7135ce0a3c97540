"""What a registry knows of a dataset. None: not supplied (nobody can tell); an empty text or list: left blank.

Dates are ISO 8601 (``2025-04-01``). Which choices a text has, a policy says; the record takes any.
"""

from __future__ import annotations

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_tuple
from shirube.records._entries import Registration, Sample
from shirube.records._facts import Value
from shirube.records._requests import Access, LicenceRequest


@frozen(kw_only=True)
class Person:
    """A person as a registry shows one; ``id`` is the account."""

    name: str | None = None
    organization: str | None = None
    id: str | None = None


@frozen(kw_only=True)
class Session:
    """One use of an instrument, under the id of its booking, on a day, or over midnight until ``ends_on``."""

    id: str
    date: str | None = None
    ends_on: str | None = None
    instrument: str | None = None


@frozen(kw_only=True)
class Usage:
    """How instruments were used: with registration of the data booked or not, and when.

    Attributes:
        data_registration: Whether the use was booked with registration of its data.
        no_registration_applied_on: When "no registration" was applied for.
        sessions: The uses.
    """

    data_registration: bool | None = None
    no_registration_applied_on: str | None = None
    sessions: tuple[Session, ...] | None = None


@frozen(kw_only=True)
class Exemption:
    """Data that somebody claims need not be registered.

    Attributes:
        session: Id of the session whose data these are.
        field: Field of the instrument (measurement, fabrication …); None asks only what holds in every field.
        process: Process within the field (spectroscopy, etching …).
        code: Code of the situation.
        reason: Reason in words.
        decided_by: Role of who decided (equipment user, staff, tool).
        conditions_appropriate: Whether conditions and procedure were proper.
        novel: Whether the material is new.
        record: What is recorded with it (coating, etching time, images …), by key.
    """

    session: str | None = None
    field: str | None = None
    process: str | None = None
    code: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    conditions_appropriate: bool | None = None
    novel: bool | None = None
    record: FrozenMapping[str, str] | None = None


@frozen(kw_only=True)
class Deletion:
    """A request to delete registered data."""

    target: str | None = None
    reason: str | None = None
    requested_by: str | None = None
    date: str | None = None


@frozen(kw_only=True)
class Anonymization:
    """What is to be hidden when data are shared.

    Attributes:
        requested: Whether it was asked for.
        via: Through whom (facility staff).
        procedure_done: Whether the procedure is complete.
        fields: What is to be hidden: name, organization, project_title, project_number.
    """

    requested: bool | None = None
    via: str | None = None
    procedure_done: bool | None = None
    fields: tuple[str, ...] | None = None


@frozen(kw_only=True)
class Publication:
    """A paper, proceedings or talk on the data."""

    text: str | None = None
    doi: str | None = None


@frozen(kw_only=True)
class Change:
    """One field of the record that somebody changed; ``contacted`` says whether the manager was told."""

    field: str
    date: str | None = None
    by: str | None = None
    role: str | None = None
    contacted: bool | None = None
    old: str | None = None
    new: str | None = None


@frozen(kw_only=True)
class GraphicalAbstract:
    """Figures that the registrant wants on the catalogue page, and whether the staff were told."""

    requested: tuple[str, ...] | None = None
    contacted: bool | None = None


@frozen(kw_only=True)
class Catalogue:
    """The page that a portal shows of a dataset: the fields of its form.

    ``size`` is the total as shown (``1.7GB``). ``key_technology``, ``secondary_technology``, ``cross_technology`` and
    ``material_index`` are the portal's subject areas; ``released_on`` is the first day after the embargo, or the last
    of the embargo, as the portal shows it.
    """

    published_on: str | None = None
    title: str | None = None
    project_title: str | None = None
    registrant: Person | None = None
    project_number: str | None = None
    direct_link: str | None = None
    card_link: str | None = None
    facility: str | None = None
    summary: str | None = None
    sample_and_conditions: str | None = None
    references: tuple[str, ...] | None = None
    key_technology: str | None = None
    secondary_technology: str | None = None
    cross_technology: str | None = None
    material_index: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    page_views: int | None = None
    downloads: int | None = None
    doi: str | None = None
    registered_on: str | None = None
    released_on: str | None = None
    dataset_id: str | None = None
    data_count: int | None = None
    file_count: int | None = None
    size: str | None = None
    instruments: tuple[str, ...] | None = None
    publications: tuple[Publication, ...] | None = None


@frozen(kw_only=True)
class DatasetEntry:
    """One entry of a dataset as far as its registry knows it.

    Attributes:
        name: Its name (データ名).
        session: Id of the session in which it was measured.
        submitted_on: When it was registered.
        late_reason: Why it was registered after the day of use.
        staff_consulted: Whether the facility's staff were consulted about that.
        description: Its own description.
        registration: What its invoice says.
        name_expands: Whether the registry fills in the variables of its name (``${filename}``).
        metadata: Its metadata by key.
        files: Names relative to the dataset by role: ``raw``, ``nonshared_raw``, ``structured``, ``meta``,
            ``main_image``, ``other_image``, ``thumbnail``, ``attachment``, ``invoice``.
        digests: SHA-256 of files, in hexadecimal, by name.
        raw_shared: Whether the registrant asked for the raw data to be shared.
    """

    name: str | None = None
    session: str | None = None
    submitted_on: str | None = None
    late_reason: str | None = None
    staff_consulted: bool | None = None
    description: str | None = None
    registration: Registration | None = None
    name_expands: bool | None = None
    metadata: FrozenMapping[str, Value] | None = None
    files: FrozenMapping[str, tuple[str, ...]] | None = None
    digests: FrozenMapping[str, str] | None = None
    raw_shared: bool | None = None


@frozen(kw_only=True)
class Dataset:
    """Registry facts of a dataset.

    Attributes:
        registrant: Who registered the data and is shown as their creator.
        manager: Whom the registry shows as the manager, and ``manager_account`` the same person's account.
        project_end: Last day of the project's use of instruments.
        embargo_end: Last day of the embargo, or the moment that RDE stores.
        embargo_set_on: When that day was decided.
        embargo_extensions: How many times the embargo was extended.
        embargo_shortening_requested: Whether a shorter embargo was asked for.
        is_anonymized: Whether anything that names the registrant is hidden.
        usage_report: Summary of the report on the use, which is published.
        publications: Papers and talks; ``publications_declared`` says whether there are any at all.
        offered_kinds: Kinds of data that are offered to data users.
        badge: How the portal offers it (open, licence).
        sibling_titles: Titles of the other datasets of the same project, ``sibling_descriptions`` their descriptions.
        deletions: Requests to delete; ``registered_this_year`` is how many data were registered in the fiscal year.
    """

    id: str | None = None
    title: str | None = None
    description: str | None = None
    registrant: Person | None = None
    manager: Person | None = None
    manager_account: Person | None = None
    data_owners: tuple[Person, ...] | None = None
    program: str | None = None
    facility: str | None = None
    instruments: tuple[str, ...] | None = None
    template: str | None = None
    project_title: str | None = None
    project_number: str | None = None
    project_end: str | None = None
    registered_on: str | None = None
    embargo_end: str | None = None
    embargo_set_on: str | None = None
    embargo_extension_reason: str | None = None
    embargo_extension_approved: bool | None = None
    embargo_extensions: int | None = None
    embargo_shortening_requested: bool | None = None
    is_anonymized: bool | None = None
    anonymization: Anonymization | None = None
    doi: str | None = None
    doi_requested: bool | None = None
    license: str | None = None
    badge: str | None = None
    tags: tuple[str, ...] | None = None
    related_links: tuple[str, ...] | None = None
    sample: Sample | None = None
    usage: Usage | None = None
    exemptions: tuple[Exemption, ...] | None = None
    deletions: tuple[Deletion, ...] | None = None
    registered_this_year: int | None = None
    usage_report: str | None = None
    publications_declared: bool | None = None
    publications: tuple[Publication, ...] | None = None
    changes: tuple[Change, ...] | None = None
    graphical_abstract: GraphicalAbstract | None = None
    catalogue: Catalogue | None = None
    offered_kinds: tuple[str, ...] | None = None
    accesses: tuple[Access, ...] | None = None
    licence_request: LicenceRequest | None = None
    sibling_titles: tuple[str, ...] | None = None
    sibling_descriptions: tuple[str, ...] | None = None
    entries: tuple[DatasetEntry, ...] = field(default=(), converter=as_tuple)
