"""Each of the 140 rules has an example for every outcome that it can have.

``TABLE`` lists them by rule and outcome: a good dataset, ``GOOD``, with what leads to the outcome changed in it.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from attrs import evolve

from shirube.judging import judge
from shirube.records import (
    Access,
    Affiliation,
    Anonymization,
    Catalogue,
    Change,
    Dataset,
    DatasetEntry,
    Deletion,
    Exemption,
    GraphicalAbstract,
    LicenceRequest,
    Person,
    Publication,
    Registration,
    Sample,
    Session,
    Subject,
    Usage,
)
from shirube.rules import RuleContext
from shirube_policy.judges.samples import CAS, LOT, SUPPLIER
from shirube_policy.parameters import Parameters
from shirube_policy.rules import rules

#: Long after the release of what was registered in the fiscal year 2025, and a day of its embargo.
AFTER = date(2028, 4, 10)
BEFORE = date(2027, 6, 1)
UUID = "2ddf932e-fa80-40d7-a010-939ab486e309"
OWNER = "a1" * 28
INVOICE = {
    "datasetId": UUID,
    "basic": {"dateSubmitted": "2025-04-01", "dataOwnerId": OWNER, "dataName": "Mo3d", "experimentId": "e1"},
}
DESCRIPTION = "二硫化モリブデン薄膜の化学状態を調べるため、硬X線光電子分光で内殻準位を測定した。" * 6
PERSON = Person(name="KIMOTO,Koji", organization="NIMS")
SAMPLE = Sample(
    id=UUID,
    names=("MoS2-Ref", "二硫化モリブデン"),
    composition="MoS2",
    description="単結晶、純度 99.9%",
    reference_url="https://zenodo.org/records/10389596",
    owner_id=OWNER,
    hide_owner=False,
    related=(UUID,),
    tags=("2D material",),
    kind="inorganic",
)
ENTRY = DatasetEntry(
    name="Mo3d",
    session="A-25-NM-0001",
    submitted_on="2025-04-01",
    description="",
    registration=Registration(document=json.dumps(INVOICE)),
    files={"structured": ("Mo3d.csv",), "nonshared_raw": ("Mo3d.txt",), "raw": (), "main_image": ("Mo3d.png",)},
    digests={"Mo3d.csv": "aa", "Mo3d.txt": "bb"},
)
PAGE = Catalogue(
    published_on="2028-04-05",
    title="二硫化モリブデン薄膜の硬X線光電子分光",
    summary=DESCRIPTION,
    project_number="JPMXP1225NM0001",
    key_technology="マテリアルの高度循環のための技術",
    cross_technology="計測・分析",
    released_on="2028-04-01",
)
REQUEST = LicenceRequest(
    affiliations=(Affiliation(country="JP", kind="academia", corporation=True),),
    institution_guarantee=True,
    corporate_approval=True,
    resident=True,
    specific_category="none",
    access_on="2028-05-01",
    data_kind="structured",
    approved_on="2028-04-20",
)
GOOD = Dataset(
    id=UUID,
    title="二硫化モリブデン薄膜の硬X線光電子分光",
    description=DESCRIPTION,
    registrant=PERSON,
    manager=PERSON,
    manager_account=PERSON,
    program="ARIM",
    facility="物質・材料研究機構",
    instruments=("NM-402",),
    project_title="薄膜の電子状態",
    project_number="JPMXP1225NM0001",
    registered_on="2025-04-01",
    embargo_end="2028-03-31",
    embargo_set_on="2025-04-01",
    is_anonymized=False,
    doi="10.71947/arim.jpmxp1225nm0001",
    badge="licence",
    sample=SAMPLE,
    usage=Usage(data_registration=True, sessions=(Session(id="A-25-NM-0001", date="2025-04-01"),)),
    publications=(Publication(text="Kimoto, Microscopy 63", doi="10.1093/micro/dfu027"),),
    changes=(),
    catalogue=PAGE,
    offered_kinds=("structured",),
    licence_request=REQUEST,
    sibling_titles=("グラフェンの硬X線光電子分光",),
    entries=(ENTRY,),
)


class Case:
    """A dataset with the day and the parameters under which it is judged."""

    def __init__(self, dataset, today=AFTER, **parameters):
        self.dataset, self.today, self.parameters = dataset, today, parameters


def ds(today=AFTER, **changes):
    return Case(evolve(GOOD, **changes), today)


def tuned(parameters, today=AFTER, **changes):
    return Case(evolve(GOOD, **changes), today, **parameters)


def entry(**changes):
    return ds(entries=(evolve(ENTRY, **changes),))


def invoice(**basic):
    document = {**INVOICE, "basic": {**INVOICE["basic"], **basic}}
    return entry(registration=Registration(document=json.dumps(document)))


def usage(today=AFTER, **changes):
    return ds(today, usage=evolve(GOOD.usage, **changes))


def unbooked(applied, day="2025-04-01"):
    sessions = None if day is None else (Session(id="s", date=day),)
    return ds(usage=Usage(data_registration=False, no_registration_applied_on=applied, sessions=sessions))


def claim(**fields):
    return ds(exemptions=(Exemption(**fields),))


def deletion(*days, year=None, **fields):
    requests = tuple(Deletion(**{"reason": "試料の取り違えのため", "date": day, **fields}) for day in days)
    return ds(deletions=requests, registered_this_year=year)


def sample(**changes):
    return ds(sample=evolve(SAMPLE, **changes))


def written(composition=None, names=("A-1",), description="組成は下記", kind="inorganic", **more):
    """Return a dataset whose sample says this and nothing else."""
    return ds(sample=Sample(names=names, composition=composition, description=description, kind=kind, **more))


def organic(composition=None, **more):
    return written(composition, kind="organic", **more)


def device(composition=None, **more):
    return written(composition, kind="device", **more)


def person(**changes):
    return ds(manager=evolve(PERSON, **changes))


def wish(today=AFTER, **fields):
    return ds(today, anonymization=Anonymization(**fields))


def hidden(**changes):
    """Return an anonymised dataset in which nothing of what is hidden is left."""
    return ds(
        **{
            "is_anonymized": True,
            "doi": "",
            "doi_requested": False,
            "sample": evolve(SAMPLE, hide_owner=True),
            "publications": (),
            **changes,
        }
    )


def access(**fields):
    whole = {"actor": "registrant", "action": "view", "data_kind": "registered", "own": True, **fields}
    return ds(accesses=(Access(**whole),))


def request(today=AFTER, **changes):
    return ds(today, licence_request=evolve(REQUEST, **changes))


def affiliated(*affiliations):
    return request(affiliations=affiliations)


def page(today=AFTER, **changes):
    return ds(today, catalogue=evolve(PAGE, **changes))


JAPAN = Affiliation(country="JP", kind="academia", corporation=True)
ABROAD = Affiliation(country="US", kind="academia", corporation=True)
UNREGISTERED = ds(usage=Usage(data_registration=False))
FAIR = ds()
UNCLAIMED = ds()
NO_SAMPLE = ds(sample=None)
DECLARED = sample(unknown_reason="持ち込み試料のため開示されていない")
POOR = ds(description="")
FOREIGN = {"resident": None, "national": False, "residence_country": "JP"}
EXTENDED = {"embargo_end": "2029-03-31", "embargo_extension_reason": "論文の査読が続いている"}
SHORT = {"embargo_end": "2027-12-31"}

MICRO = {"field": "measurement", "process": "microscopy"}
SPECTRO = {"field": "計測・化学分析", "process": "分光系"}
DEPOSIT = {"field": "fabrication", "process": "deposition"}
ETCH = {"field": "fabrication", "process": "etching"}
REACT = {"field": "synthesis", "process": "reaction"}
WHY = "検出器の電源が入っていなかった"


def exempt(**fields):
    """Return the four outcomes of a row that exempts and asks for a reason."""
    return {
        "pass": claim(reason=WHY, **fields),
        "note": claim(reason="-", **fields),
        "open": claim(**fields),
        "notApplicable": FAIR,
    }


def recorded(keys, **fields):
    """Return the four outcomes of a row that asks for something to be recorded."""
    return {
        "pass": claim(record=dict.fromkeys(keys, "120"), **fields),
        "note": claim(record={}, **fields),
        "open": claim(**fields),
        "notApplicable": FAIR,
    }


TABLE = {
    "REG-001": {
        "pass": FAIR,
        "fail": ds(entries=(evolve(ENTRY, session="other"),)),
        "open": ds(usage=None),
        "notApplicable": usage(sessions=()),
    },
    "REG-002": {
        "pass": unbooked("2025-03-01"),
        "fail": unbooked(""),
        "open": unbooked(None),
        "notApplicable": FAIR,
    },
    "REG-003": {"pass": FAIR, "informational": UNREGISTERED, "open": ds(usage=None)},
    "REG-004": {
        "pass": claim(code="measurement_error"),
        "note": claim(reason="期待外れの結果だった"),
        "notApplicable": FAIR,
    },
    "REG-005": {
        "pass": claim(decided_by="equipment user"),
        "fail": claim(decided_by=" "),
        "review": claim(decided_by="staff"),
        "open": claim(code="misleading"),
        "notApplicable": FAIR,
    },
    "REG-006": {
        "pass": FAIR,
        "fail": entry(submitted_on="2025-04-03"),
        "informational": entry(submitted_on="2025-04-03", late_reason="データが 2 TB あった"),
        "open": entry(session=None),
        "notApplicable": UNREGISTERED,
    },
    "REG-007": {
        "pass": entry(submitted_on="2025-04-03", staff_consulted=True),
        "fail": entry(submitted_on="2025-04-03", staff_consulted=False),
        "open": entry(submitted_on="2025-04-03"),
        "notApplicable": FAIR,
    },
    "REG-008": {"pass": claim(code="misleading"), "informational": claim(code="unknown"), "notApplicable": FAIR},
    "REG-009": {"pass": FAIR, "note": invoice(dataOwnerId="short"), "open": entry(registration=None)},
    "REG-010": {"pass": FAIR, "note": entry(name="${filename}"), "open": entry(name=None)},
    "DEL-001": {
        "pass": deletion("2028-04-02"),
        "fail": deletion("2028-04-02", reason="不要"),
        "open": deletion("2028-04-02", reason=None),
        "notApplicable": FAIR,
    },
    "DEL-002": {
        "pass": deletion("2028-04-02"),
        "review": deletion(*["2028-04-02"] * 3, year=20),
        "open": deletion(*["2028-04-02"] * 3),
        "notApplicable": FAIR,
    },
    "DEL-003": {
        "pass": ds(BEFORE, doi="", deletions=deletion("2027-05-01").dataset.deletions),
        "review": deletion("2028-04-02"),
        "open": ds(BEFORE, doi=None, deletions=deletion("2027-05-01").dataset.deletions),
        "notApplicable": FAIR,
    },
    "MAT-001": {"pass": FAIR, "fail": sample(composition="NaN", description="不明"), "open": NO_SAMPLE},
    "MAT-002": {
        "pass": FAIR,
        "note": sample(composition="SIO2"),
        "open": written(None),
        "notApplicable": DECLARED,
    },
    "MAT-003": {"pass": FAIR, "fail": sample(id="1"), "open": sample(id=None)},
    "MAT-004": {"pass": FAIR, "note": sample(owner_id=""), "open": sample(owner_id=None)},
    "MAT-005": {"pass": FAIR, "note": sample(reference_url="zenodo 10389596"), "open": sample(reference_url=None)},
    "MAT-006": {"pass": FAIR, "informational": sample(tags=()), "open": sample(tags=None)},
    "MAT-101": {
        "pass": FAIR,
        "note": sample(attributes={CAS: "13463-67-8"}),
        "open": NO_SAMPLE,
        "notApplicable": DECLARED,
    },
    "MAT-102": {
        "pass": written("Fe, Cu, Al 合金"),
        "fail": written("鉄"),
        "open": written(None),
        "notApplicable": FAIR,
    },
    "MAT-103": {
        "pass": written("SUS304"),
        "note": written("ステンレス鋼"),
        "open": NO_SAMPLE,
        "notApplicable": FAIR,
    },
    "MAT-104": {
        "pass": written("Ni80Fe20"),
        "note": written("Al 90%, Cu 10%"),
        "fail": written("Al 90%, Cu 20%"),
        "open": written(None, description="アルミニウム合金"),
        "notApplicable": FAIR,
    },
    "MAT-105": {
        "pass": written("α-Al2O3"),
        "informational": written("Al2O3"),
        "open": NO_SAMPLE,
        "notApplicable": FAIR,
    },
    "MAT-106": {
        "pass": FAIR,
        "note": written("Si", description="純度 100.5%"),
        "informational": written("Si", description="湿度 45%"),
        "open": NO_SAMPLE,
        "notApplicable": DECLARED,
    },
    "MAT-107": {
        "pass": written("TiO2", description="粉末、<50 nm"),
        "note": written("TiO2", description="粉末、粒径 50"),
        "open": NO_SAMPLE,
        "notApplicable": FAIR,
    },
    "MAT-108": {
        "pass": FAIR,
        "informational": written("Si", description="結晶"),
        "open": NO_SAMPLE,
        "notApplicable": DECLARED,
    },
    "MAT-201": {
        "pass": organic("C3H6O", names=("2-propanone",)),
        "informational": organic("C3H6O", names=("化合物A",)),
        "open": NO_SAMPLE,
        "notApplicable": FAIR,
    },
    "MAT-202": {
        "pass": organic("C3H6O", names=("アセトン",)),
        "fail": organic("C3H6O", names=("sample-3",)),
        "open": NO_SAMPLE,
        "notApplicable": FAIR,
    },
    "MAT-203": {
        "pass": organic("C6H12O6", names=("グルコース",)),
        "note": organic("グルコース", names=("グルコース",)),
        "open": organic(None, names=("グルコース",)),
        "notApplicable": FAIR,
    },
    "MAT-204": {
        "pass": organic("(C2H4)n", names=("ポリエチレン",)),
        "informational": organic("ポリマー", names=("ポリエチレン",)),
        "open": NO_SAMPLE,
        "notApplicable": organic("C3H6O", names=("アセトン",)),
    },
    "MAT-205": {
        "pass": organic("C3H6O", description="分析用"),
        "note": organic("C3H6O", description="純度 120%"),
        "informational": organic("C3H6O"),
        "open": NO_SAMPLE,
        "notApplicable": FAIR,
    },
    "MAT-206": {
        "pass": organic(None, names=("resist",), attributes={SUPPLIER: "Kayaku", LOT: "SU-8"}),
        "note": organic("C3H6O", attributes={SUPPLIER: "-"}),
        "informational": organic(None),
        "open": NO_SAMPLE,
        "notApplicable": organic("C3H6O"),
    },
    "MAT-207": {
        "pass": organic("ポリスチレン", description="Mw=120,000, Mn=60,000, PDI=2.0"),
        "note": organic("ポリスチレン", description="Mw=120,000, Mn=60,000, PDI=3.0"),
        "fail": organic("ポリスチレン", description="Mw=50000, Mn=80000"),
        "informational": organic("ポリスチレン"),
        "open": NO_SAMPLE,
        "notApplicable": organic("C3H6O", names=("アセトン",)),
    },
    "MAT-301": {
        "pass": device("有機 EL でのITO/NPD/Alq3/Mg など"),
        "note": device("多層膜"),
        "open": NO_SAMPLE,
        "notApplicable": FAIR,
    },
    "MAT-302": {
        "pass": device("熱酸化膜 SiO2 100 nm"),
        "note": device("Si", description="熱酸化済み"),
        "open": NO_SAMPLE,
        "notApplicable": device("SiO2/Si"),
    },
    "MAT-303": {
        "pass": device("TiO2 担持 Ni 粒子、触媒"),
        "note": device("Ni 触媒"),
        "open": NO_SAMPLE,
        "notApplicable": device("SiO2/Si"),
    },
    "MAT-304": {
        "pass": device("銅/ステンレスラミネート (Cu/SUS)"),
        "note": device("樹脂コンパウンド"),
        "open": NO_SAMPLE,
        "notApplicable": device("SiO2/Si"),
    },
    "MAT-305": {"informational": sample(composition_irrelevant=True), "open": NO_SAMPLE, "notApplicable": FAIR},
    "DSC-001": {"pass": FAIR, "fail": POOR, "open": ds(description=None)},
    "DSC-002": {
        "pass": FAIR,
        "note": ds(description="あ" * 199),
        "fail": ds(description="あ" * 179),
        "open": ds(description=None),
    },
    "DSC-003": {
        "pass": FAIR,
        "note": ds(description="あ" * 501),
        "fail": ds(description="a" * 1102),
        "open": ds(description=None),
    },
    "DSC-004": {"pass": FAIR, "note": ds(description="まだ何も書いていません。" * 20), "open": ds(description=None)},
    "DSC-005": {
        "pass": FAIR,
        "fail": ds(description="", entries=(evolve(ENTRY, description="内殻の測定"),)),
        "open": ds(description=None),
        "notApplicable": POOR,
    },
    "DSC-006": {"pass": FAIR, "fail": POOR, "open": ds(description=None)},
    "DSC-007": {
        "informational": ds(description="", usage_report="硬X線光電子分光の結果をまとめた。"),
        "open": POOR,
        "notApplicable": FAIR,
    },
    "DSC-008": {"pass": FAIR, "fail": POOR, "open": ds(manager=None)},
    "TTL-001": {"pass": FAIR, "fail": ds(title="無題"), "open": ds(title=None)},
    "TTL-002": {"pass": FAIR, "note": ds(title="あ" * 55), "fail": ds(title="あ" * 56), "open": ds(title=None)},
    "TTL-003": {"pass": FAIR, "fail": ds(title="テストデータ 3"), "open": ds(title=None)},
    "TTL-004": {"pass": ds(title="薄膜の電子状態"), "open": ds(project_title=None), "notApplicable": FAIR},
    "TTL-005": {"pass": FAIR, "fail": ds(sibling_titles=(GOOD.title,)), "open": ds(sibling_titles=None)},
    "TTL-006": {
        "pass": FAIR,
        "note": ds(title="光電子分光 1", sibling_titles=("光電子分光 2",)),
        "open": ds(sibling_titles=None),
    },
    "TTL-007": {"pass": FAIR, "informational": ds(title="Something else"), "open": ds(description=None)},
    "MGR-001": {"pass": FAIR, "fail": person(name=" "), "open": ds(manager=None)},
    "MGR-002": {"pass": FAIR, "fail": person(organization="-"), "open": person(organization=None)},
    "MGR-003": {
        "pass": FAIR,
        "fail": ds(manager_account=Person(name="KIMOTO,Koji", organization="東北大学")),
        "open": ds(manager_account=None),
    },
    "MGR-004": {"pass": FAIR, "note": person(name="kimoto@example.org"), "open": ds(manager=None)},
    "MGR-005": {
        "pass": wish(requested=True, via="機関スタッフ"),
        "review": wish(requested=True, via="e-mail to a friend"),
        "open": wish(requested=True),
        "notApplicable": FAIR,
    },
    "RGT-001": {"informational": FAIR, "open": entry(files=None), "notApplicable": entry(files={"raw": ()})},
    "RGT-002": {"pass": FAIR, "fail": entry(files={"raw": ("a.txt",)}), "open": entry(files=None)},
    "RGT-003": {"informational": FAIR, "open": entry(files=None), "notApplicable": entry(files={"raw": ()})},
    "RGT-004": {"informational": FAIR},
    "EMB-001": {"informational": FAIR, "open": ds(registered_on=None), "notApplicable": UNREGISTERED},
    "EMB-002": {
        "pass": FAIR,
        "fail": ds(embargo_end=""),
        "open": ds(embargo_end=None),
        "notApplicable": UNREGISTERED,
    },
    "EMB-003": {
        "pass": FAIR,
        "fail": ds(embargo_end="2029-04-01"),
        "open": ds(registered_on=None),
        "notApplicable": UNREGISTERED,
    },
    "EMB-004": {
        "pass": ds(**EXTENDED, embargo_extension_approved=True),
        "fail": ds(**{**EXTENDED, "embargo_extension_reason": ""}),
        "review": ds(**EXTENDED),
        "open": ds(embargo_end="2029-03-31"),
        "notApplicable": FAIR,
    },
    "EMB-005": {
        "pass": ds(**EXTENDED),
        "note": ds(**{**EXTENDED, "embargo_end": "2028-09-30"}),
        "fail": ds(**EXTENDED, embargo_extensions=2),
        "open": ds(registered_on=None),
        "notApplicable": FAIR,
    },
    "EMB-006": {"pass": ds(**SHORT), "open": ds(registered_on=None), "notApplicable": FAIR},
    "EMB-007": {"informational": FAIR, "open": ds(embargo_end=None), "notApplicable": UNREGISTERED},
    "EMB-008": {"informational": ds(BEFORE), "open": ds(embargo_end=None), "notApplicable": FAIR},
    "EMB-009": {
        "pass": FAIR,
        "note": ds(embargo_set_on="2028-03-20"),
        "open": ds(embargo_set_on=None),
        "notApplicable": UNREGISTERED,
    },
    "EMB-010": {
        "pass": FAIR,
        "review": entry(submitted_on="2026-04-01"),
        "open": ds(entries=()),
        "notApplicable": UNREGISTERED,
    },
    "EMB-011": {
        "pass": ds(embargo_end="2028-03-30T15:00:00.000Z"),
        "note": ds(embargo_end="2028-03-31T12:00:00"),
        "open": ds(embargo_end=None),
        "notApplicable": ds(embargo_end="年度末"),
    },
    "EMB-012": {
        "pass": ds(**SHORT),
        "note": ds(embargo_end="2027-03-31"),
        "open": ds(registered_on=None),
        "notApplicable": FAIR,
    },
    "ACC-001": {
        "pass": access(),
        "fail": access(actor="データ利用者"),
        "open": access(own=None),
        "notApplicable": FAIR,
    },
    "ACC-002": {"pass": FAIR, "fail": ds(offered_kinds=("生データ",)), "open": ds(offered_kinds=None)},
    "ACC-003": {
        "pass": access(actor="ARIM", purpose="サービス向上"),
        "review": access(actor="ARIM", purpose="共同研究"),
        "open": access(actor="ARIM"),
        "notApplicable": FAIR,
    },
    "ACC-004": {
        "pass": FAIR,
        "note": entry(files={"raw": ("a.txt",)}),
        "review": entry(files={"raw": ("a.txt",)}, raw_shared=True),
        "open": entry(files=None),
        "notApplicable": ds(program="other"),
    },
    "ACC-005": {"pass": FAIR, "note": entry(digests={"Mo3d.csv": "AA", "Mo3d.txt": "aa"}), "open": entry(digests=None)},
    "ANO-001": {
        "pass": wish(requested=True, procedure_done=True, fields=("氏名", "project_number")),
        "fail": wish(requested=True, procedure_done=False),
        "informational": wish(BEFORE, requested=True, procedure_done=False),
        "open": wish(requested=True),
        "notApplicable": FAIR,
    },
    "ANO-002": {
        "pass": hidden(),
        "fail": hidden(doi_requested=True),
        "open": ds(is_anonymized=None),
        "notApplicable": FAIR,
    },
    "ANO-003": {
        "pass": hidden(),
        "fail": hidden(description=f"{GOOD.description} Measured by Koji Kimoto."),
        "note": hidden(publications=(Publication(text="Koji Kimoto, Microscopy 63"),)),
        "open": ds(is_anonymized=None),
        "notApplicable": FAIR,
    },
    "ANO-004": {
        "pass": hidden(),
        "note": hidden(sample=SAMPLE),
        "open": hidden(sample=None),
        "notApplicable": FAIR,
    },
    "ANO-005": {
        "pass": hidden(usage_report="まったく別の文章です。"),
        "note": hidden(usage_report=GOOD.description),
        "open": hidden(usage_report=None),
        "notApplicable": FAIR,
    },
    "LIC-001": {
        "pass": FAIR,
        "fail": request(institution_guarantee=False),
        "open": request(institution_guarantee=None),
        "notApplicable": ds(licence_request=None),
    },
    "LIC-002": {
        "pass": FAIR,
        "fail": affiliated(ABROAD),
        "review": affiliated(JAPAN, ABROAD),
        "open": affiliated(Affiliation(kind="academia")),
        "notApplicable": ds(licence_request=None),
    },
    "LIC-003": {
        "pass": FAIR,
        "fail": affiliated(),
        "open": affiliated(evolve(JAPAN, corporation=None)),
        "notApplicable": ds(licence_request=None),
    },
    "LIC-004": {
        "pass": request(**FOREIGN, months_resident=6),
        "fail": request(**FOREIGN, months_resident=3, works_at_domestic_office=False),
        "review": request(**FOREIGN, months_resident=3, works_at_domestic_office=True),
        "open": request(resident=None),
        "notApplicable": ds(licence_request=None),
    },
    "LIC-005": {
        "pass": request(specific_category="2", permission_on="2028-04-01"),
        "fail": request(specific_category="2", permission_on="2028-06-01"),
        "open": request(specific_category="unknown"),
        "notApplicable": ds(licence_request=None),
    },
    "LIC-006": {
        "pass": FAIR,
        "fail": request(corporate_approval=False),
        "review": affiliated(evolve(JAPAN, branch_of_foreign=True)),
        "open": request(corporate_approval=None),
        "notApplicable": ds(licence_request=None),
    },
    "LIC-007": {
        "pass": FAIR,
        "fail": request(corporate_approval=False),
        "review": affiliated(JAPAN, ABROAD),
        "open": request(specific_category=None),
        "notApplicable": ds(licence_request=None),
    },
    "LIC-008": {
        "pass": FAIR,
        "fail": request(access_on="2027-01-01"),
        "open": request(data_kind=None),
        "notApplicable": ds(licence_request=None),
    },
    "LIC-009": {
        "informational": tuned({"licence_period": True}),
        "open": tuned({"licence_period": True}, licence_request=evolve(GOOD.licence_request, approved_on=None)),
        "notApplicable": FAIR,
    },
    "CAT-001": {
        "pass": FAIR,
        "fail": page(published_on="2028-03-31"),
        "open": page(published_on=None),
        "notApplicable": page(published_on=""),
    },
    "CAT-002": {"pass": FAIR, "informational": POOR, "open": ds(manager=None), "notApplicable": UNREGISTERED},
    "CAT-003": {
        "pass": FAIR,
        "note": page(key_technology=""),
        "open": page(key_technology=None),
        "notApplicable": page(BEFORE, published_on=""),
    },
    "CAT-004": {
        "pass": FAIR,
        "note": page(title="別の名称"),
        "open": page(title=None),
        "notApplicable": page(BEFORE, published_on=""),
    },
    "CAT-005": {
        "pass": FAIR,
        "note": ds(project_number="JPMXP1226NM0001"),
        "open": ds(project_number=None),
        "notApplicable": UNREGISTERED,
    },
    "DOI-001": {"pass": FAIR, "fail": POOR, "open": ds(manager=None), "notApplicable": ds(doi_requested=False)},
    "DOI-002": {
        "pass": FAIR,
        "fail": ds(is_anonymized=True),
        "open": ds(is_anonymized=None),
        "notApplicable": ds(doi_requested=False),
    },
    "DOI-003": {
        "pass": FAIR,
        "informational": POOR,
        "open": ds(manager=None),
        "notApplicable": ds(doi_requested=False),
    },
    "DOI-004": {
        "pass": FAIR,
        "informational": page(BEFORE, published_on=""),
        "open": page(published_on=None),
        "notApplicable": page(published_on=""),
    },
    "DOI-005": {"pass": FAIR, "note": ds(doi="10.1234/x"), "open": ds(doi=None), "notApplicable": ds(doi="")},
    "DOI-006": {
        "pass": FAIR,
        "note": ds(registrant=Person(name="", organization="NIMS")),
        "open": ds(registrant=None, manager=None),
        "notApplicable": UNREGISTERED,
    },
    "PUB-001": {
        "pass": FAIR,
        "note": ds(publications=(), publications_declared=True),
        "review": ds(publications=()),
    },
    "STF-001": {
        "note": ds(changes=(Change(field="title", role="staff"),)),
        "informational": ds(changes=(Change(field="title", role="ARIM スタッフ", contacted=True),)),
        "open": ds(changes=None),
        "notApplicable": FAIR,
    },
    "GAB-001": {"pass": FAIR, "note": entry(files={"main_image": ("a.tif",)}), "open": entry(files=None)},
    "GAB-002": {
        "pass": ds(graphical_abstract=GraphicalAbstract(requested=("a.png",), contacted=True)),
        "note": ds(graphical_abstract=GraphicalAbstract(requested=("a.png",), contacted=False)),
        "open": ds(graphical_abstract=GraphicalAbstract(requested=("a.png",))),
        "notApplicable": FAIR,
    },
    "SHR-001": {"pass": FAIR, "informational": POOR, "open": ds(manager=None), "notApplicable": UNREGISTERED},
    "SHR-002": {"informational": FAIR, "open": ds(badge=None), "notApplicable": UNREGISTERED},
    "SHR-003": {"notApplicable": FAIR},
    "EXM-001": exempt(code="measurement_error"),
    "EXM-002": exempt(code="control_setting_error"),
    "EXM-003": exempt(code="instrument_malfunction"),
    "EXM-004": exempt(code="meaningless_to_data_users"),
    "EXM-005": exempt(code="misleading"),
    "EXM-006": {"fail": claim(code="failed_result"), "notApplicable": FAIR},
    "EXM-007": {"fail": claim(code="no_value_to_user"), "notApplicable": FAIR},
    "EXM-008": {"informational": claim(code=""), "notApplicable": FAIR},
    "EXM-009": {
        "review": claim(code="flood"),
        "open": claim(code="tuning_image"),
        "notApplicable": FAIR,
    },
    "EXM-101": exempt(code="range_setting_error", **SPECTRO),
    "EXM-102": {"fail": claim(code="disappointing", **SPECTRO), "notApplicable": claim(code="disappointing")},
    "EXM-103": recorded(("n_accumulations", "signal_to_noise"), code="no_signal_low_concentration", **SPECTRO),
    "EXM-201": {"pass": claim(code="tuning_image", **MICRO), "notApplicable": FAIR},
    "EXM-202": {"fail": claim(code="optimised_image", **MICRO), "notApplicable": FAIR},
    "EXM-203": {
        "fail": claim(code="charge_up", novel=True, **MICRO),
        "open": claim(code="charge_up", **MICRO),
        "notApplicable": FAIR,
    },
    "EXM-204": {"informational": claim(code="charge_up", novel=False, **MICRO), "notApplicable": FAIR},
    "EXM-205": recorded(("annotation",), code="annotation", **MICRO),
    "EXM-301": exempt(code="dropped_or_contaminated", **DEPOSIT),
    "EXM-302": {"fail": claim(code="pattern_transfer_failure", **DEPOSIT), "notApplicable": FAIR},
    "EXM-303": recorded(
        ("deposition_temperature", "deposition_time", "sem_image"), code="pattern_transfer_failure", **DEPOSIT
    ),
    "EXM-401": exempt(code="handling_mistake", **ETCH),
    "EXM-402": {"fail": claim(code="condition_finding", **ETCH), "notApplicable": claim(code="tuning_image", **MICRO)},
    "EXM-403": recorded(("etching_time", "gas", "pressure", "result"), code="condition_finding", **ETCH),
    "EXM-404": recorded(("related_images",), code="condition_finding", **ETCH),
    "EXM-501": {"fail": claim(code="negative_example", field="film_quality"), "notApplicable": FAIR},
    "EXM-601": {"informational": claim(code="handling_mistake", **REACT), "notApplicable": FAIR},
    "EXM-602": recorded(("yield", "conversion"), code="handling_mistake", **REACT),
    "EXM-603": {
        "informational": claim(code="dropped_or_contaminated", field="物質・合成", process="成形・混練"),
        "notApplicable": FAIR,
    },
}

CASES = [(rule, outcome, case) for rule, outcomes in TABLE.items() for outcome, case in outcomes.items()]


def judged(dataset, today=AFTER, **parameters):
    chosen = Parameters(**parameters)
    context = RuleContext(today=today, parameters=chosen)
    return judge(rules(chosen), dataset, context, "arim", Subject("dataset", "d"))


def outcome(finding):
    return "note" if finding.kind == "fail" and finding.note else finding.kind


@pytest.mark.parametrize(("rule", "expected", "case"), CASES, ids=[f"{rule}-{kind}" for rule, kind, _ in CASES])
def test_a_rule_comes_to_what_it_declares(rule, expected, case):
    found = [one for one in judged(case.dataset, case.today, **case.parameters) if one.rule == f"ARIM-{rule}"]
    assert [one.message.en for one in found if one.error] == []
    assert expected in [outcome(one) for one in found], [one.message.en for one in found]


def test_every_declared_outcome_has_an_example_and_no_other():
    declared = {one.id.removeprefix("ARIM-"): set(one.outcomes) for one in rules(Parameters())}
    assert {rule: set(outcomes) for rule, outcomes in TABLE.items()} == declared


def test_there_are_140_rules_of_which_28_are_exemptions_and_26_on_materials():
    families = Counter(one.id.split("-")[1] for one in rules(Parameters()))
    assert sum(families.values()) == 140
    assert (families["EXM"], families["MAT"]) == (28, 26)
    assert sum(one.derived for one in rules(Parameters())) == 16


def test_severities_are_those_of_the_wording():
    by_severity = Counter(one.severity for one in rules(Parameters()))
    # The two rows of the table that only point to others ask nothing of anybody.
    assert by_severity == {"must": 27, "should": 61, "may": 34, "info": 18}


def test_a_good_dataset_fails_nothing_and_leaves_nothing_open():
    found = judged(GOOD)
    assert [(one.rule, one.kind, one.message.en) for one in found if one.kind in ("fail", "open", "review")] == []


def test_of_a_dataset_nobody_described_nothing_fails():
    assert {one.kind for one in judged(Dataset())} == {"open", "notApplicable", "informational", "review"}


def test_during_the_embargo_what_comes_after_it_waits():
    early = {one.rule: one.due for one in judged(FAIR.dataset, BEFORE) if one.due}
    assert early["ARIM-DOI-004"] == early["ARIM-SHR-001"] == "2028-04-01"
