"""DataCite metadata (schema 4.5, as JSON) of a dataset's catalogue, and which mandatory ones cannot be made.

Mandatory are creators, titles, publisher, publication year and resource type. The identifier is ARIM's to give.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from attrs import frozen

from shirube.errors import UsageError
from shirube.records import Dataset, Person
from shirube.spellings import split_name
from shirube.text import is_japanese
from shirube_policy.blanks import filled
from shirube_policy.documents.texts import message
from shirube_policy.embargo import open_from
from shirube_policy.parameters import Parameters
from shirube_policy.timeline import timeline

SCHEMA_VERSION: Final = "http://datacite.org/schema/kernel-4"
_DOI: Final = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_CREATIVE_COMMONS: Final = re.compile(r"CC[- ]?(BY(?:-(?:NC|SA|ND))*|0)(?:[- ]?([1-4]\.0))?", re.IGNORECASE)
_FUNDER: Final = "Ministry of Education, Culture, Sports, Science and Technology (MEXT)"
_AWARD: Final = re.compile(r"JPMXP\w+")

__all__ = ["SCHEMA_VERSION", "Metadata", "datacite", "doi_of"]


@frozen
class Metadata:
    """The document, and the fields of the dataset without which a mandatory property is missing."""

    document: dict[str, Any]
    missing: tuple[str, ...] = ()


def doi_of(text: str) -> str | None:
    """Return the DOI in a text such as ``https://doi.org/10.1000/182``, None when it is not the form of one."""
    found = _DOI.fullmatch(text.strip())
    return None if found is None else found[1]


def datacite(dataset: Dataset, parameters: Parameters) -> Metadata:
    """Return the DataCite metadata of ``dataset``.

    Raises:
        UsageError: The dataset is anonymised: it can have no DOI, whose metadata would name the creator.
    """
    if dataset.is_anonymized:
        raise UsageError(message("datacite-anonymous"))
    days = timeline(dataset, parameters.basis)
    creators = list(_creators(dataset))
    document: dict[str, Any] = {
        "schemaVersion": SCHEMA_VERSION,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Measurement data"},
        "creators": creators,
        "titles": list(_titles(dataset)),
        "publisher": {"name": parameters.publisher},
        "publicationYear": "" if days.open_from is None else str(days.open_from.year),
        "subjects": [{"subject": one} for one in dict.fromkeys(_subjects(dataset))],
        "contributors": list(_contributors(dataset)),
        "dates": list(_dates(dataset, parameters)),
        "alternateIdentifiers": list(_alternates(dataset)),
        "relatedIdentifiers": list(_related(dataset)),
        "sizes": list(_sizes(dataset)),
        "formats": list(_formats(dataset)),
        "rightsList": list(_rights(dataset)),
        "descriptions": list(_descriptions(dataset)),
        "fundingReferences": list(_funding(dataset)),
    }
    if filled(dataset.description) and dataset.description:
        document["language"] = _language(dataset.description)
    if dataset.doi and (doi := doi_of(dataset.doi)):
        document["doi"] = doi
    lacking = {
        "registrant.name": not creators,
        "title": not document["titles"],
        "embargo_end": not document["publicationYear"],
        "policies.arim.publisher": not filled(parameters.publisher),
    }
    return Metadata(
        {key: one for key, one in document.items() if one}, tuple(key for key, lacks in lacking.items() if lacks)
    )


def _creators(dataset: Dataset) -> Iterator[dict[str, Any]]:
    registrant = dataset.registrant or (None if dataset.catalogue is None else dataset.catalogue.registrant)
    if registrant is not None and filled(registrant.name):
        yield _person(registrant)


def _person(person: Person) -> dict[str, Any]:
    shown = (person.name or "").strip()
    name = split_name(shown)
    said: dict[str, Any] = {"name": f"{name.family}, {name.given}" if name.given else shown, "nameType": "Personal"}
    if name.given:
        said |= {"familyName": name.family, "givenName": name.given}
    if person.organization is not None and filled(person.organization):
        said["affiliation"] = [{"name": person.organization.strip()}]
    return said


def _titles(dataset: Dataset) -> Iterator[dict[str, Any]]:
    title, project = (one.strip() for one in (dataset.title or "", dataset.project_title or ""))
    if not filled(title):
        return
    yield {"title": title, "lang": _language(title)}
    if filled(project) and project != title:
        yield {"title": project, "titleType": "AlternativeTitle", "lang": _language(project)}


def _subjects(dataset: Dataset) -> Iterator[str]:
    catalogue = dataset.catalogue
    yield from (one for one in dataset.tags or () if filled(one))
    if catalogue is not None:
        areas = (catalogue.key_technology, catalogue.secondary_technology, catalogue.cross_technology)
        yield from (one for one in (*areas, *(catalogue.material_index or ())) if one and filled(one))


def _contributors(dataset: Dataset) -> Iterator[dict[str, Any]]:
    if dataset.manager is not None and filled(dataset.manager.name):
        yield {**_person(dataset.manager), "contributorType": "DataManager"}
    if dataset.facility and filled(dataset.facility):
        yield {"name": dataset.facility.strip(), "nameType": "Organizational", "contributorType": "HostingInstitution"}
    curators = dict.fromkeys(
        one.by for one in dataset.changes or () if one.role == "staff" and one.by and filled(one.by)
    )
    for curator in curators:
        yield {**_person(Person(name=curator)), "contributorType": "DataCurator"}


def _dates(dataset: Dataset, parameters: Parameters) -> Iterator[dict[str, str]]:
    from shirube_policy.dates import day_of

    days = timeline(dataset, parameters.basis)
    used = sorted(day for one in (dataset.usage.sessions if dataset.usage else None) or () if (day := day_of(one.date)))
    if used:
        collected = used[0].isoformat() if used[0] == used[-1] else f"{used[0].isoformat()}/{used[-1].isoformat()}"
        yield {"date": collected, "dateType": "Collected"}
    if days.registered_on is not None:
        yield {"date": days.registered_on.isoformat(), "dateType": "Submitted"}
    if days.ends_on is not None:
        yield {"date": open_from(days.ends_on).isoformat(), "dateType": "Available"}
    changed = sorted(day for one in dataset.changes or () if (day := day_of(one.date)))
    if changed:
        yield {"date": changed[-1].isoformat(), "dateType": "Updated"}


def _alternates(dataset: Dataset) -> Iterator[dict[str, str]]:
    for value, kind in ((dataset.id, "RDE dataset ID"), (dataset.project_number, "ARIM project number")):
        if value and filled(value):
            yield {"alternateIdentifier": value.strip(), "alternateIdentifierType": kind}


def _related(dataset: Dataset) -> Iterator[dict[str, str]]:
    found = (doi_of(one.doi) for one in dataset.publications or () if one.doi)
    for doi in dict.fromkeys(one for one in found if one):
        yield {"relatedIdentifier": doi, "relatedIdentifierType": "DOI", "relationType": "IsReferencedBy"}


def _sizes(dataset: Dataset) -> Iterator[str]:
    if dataset.catalogue is not None and dataset.catalogue.size and filled(dataset.catalogue.size):
        yield dataset.catalogue.size.strip()
    count = sum(1 for _ in _files(dataset)) or (dataset.catalogue.file_count if dataset.catalogue else None)
    if count:
        yield f"{count} file{'' if count == 1 else 's'}"


def _formats(dataset: Dataset) -> Iterable[str]:
    suffixes = (PurePosixPath(name).suffix.lower().removeprefix(".") for name in _files(dataset))
    return sorted({suffix for suffix in suffixes if suffix})


def _files(dataset: Dataset) -> Iterator[str]:
    for entry in dataset.entries:
        yield from () if entry.files is None else entry.files.get("structured", ())


def _rights(dataset: Dataset) -> Iterator[dict[str, str]]:
    stated = (dataset.license or "").strip()
    if not filled(stated):
        return
    commons = _CREATIVE_COMMONS.fullmatch(stated)
    if commons is None:
        yield {"rights": stated}
        return
    kind, version = commons[1].upper(), commons[2] or ("1.0" if commons[1] == "0" else "4.0")
    identifier = f"CC0-{version}" if kind == "0" else f"CC-{kind}-{version}"
    yield {"rights": stated, "rightsIdentifier": identifier, "rightsIdentifierScheme": "SPDX"}


def _descriptions(dataset: Dataset) -> Iterator[dict[str, str]]:
    if dataset.description and filled(dataset.description):
        text = dataset.description.strip()
        yield {"description": text, "descriptionType": "Abstract", "lang": _language(text)}


def _funding(dataset: Dataset) -> Iterator[dict[str, str]]:
    number = (dataset.project_number or "").strip()
    if _AWARD.fullmatch(number):
        title = (dataset.project_title or "").strip()
        yield {"funderName": _FUNDER, "awardNumber": number, **({"awardTitle": title} if filled(title) else {})}


def _language(text: str) -> str:
    return "ja" if is_japanese(text) else "en"
