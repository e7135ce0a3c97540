"""The cases of 参考2, most of them the policy's own examples, as a registrant writes them for a formula."""

from __future__ import annotations

from datetime import date

import pytest

from shirube.judging import judge
from shirube.records import Dataset, Sample, Subject
from shirube.rules import RuleContext
from shirube_policy.parameters import Parameters
from shirube_policy.rules import rules

#: By rule: what it is content with, what it notes or advises on, and what does not concern it. A group is declared
#: where the text alone does not tell it.
CASES = {
    "MAT-002": (("MoS2", "Al 90%, Cu 10%", "SiO2/Si"), ("semi", "sample A", "SIO2"), ()),
    "MAT-101": (("二酸化チタン (Titanium dioxide, TiO2)", "CAS 13463-67-7"), ("CAS 13463-67-8",), ()),
    "MAT-102": (("Fe, Cu, Al",), ("鉄", "fe"), ()),
    "MAT-103": (("SUS304", "JIS G 4305", "AISI 1045", "A5052"), ("SUS", "ステンレス鋼"), ("TiO2",)),
    "MAT-104": (("Ni80Fe20", "Ti-6Al-4V", "Al 90at%, Cu 10at%"), ("Al 90%, Cu 20%", "AlCu合金"), ("TiO2",)),
    "MAT-105": (("α-Al2O3", "TiO2 アナターゼ", "Ti β相"), ("Al2O3", "TiO2 相分離"), ("MoS2",)),
    "MAT-106": (("99.99%", "4N", "4N5", "半導体グレード"), ("100.5%", "湿度 45%"), ()),
    "MAT-107": (("Fe 粉末 <50 nm", "Fe 粉末 0.5–2 µm", "Fe 粉末 球状"), ("Fe 粉末 粒径 50",), ("Fe",)),
    "MAT-108": (("Si 単結晶", "Si amorphous", "MoS2 空間群 P63/mmc"), ("Si 結晶",), ()),
    "MAT-201": (("2-propanone", "SMILES CC(C)=O"), ("化合物A",), ()),
    "MAT-202": (("アセトン", "ポリエチレン"), ("sample-3",), ()),
    "MAT-203": (("グルコース C6H12O6",), ("グルコース",), ()),
    "MAT-204": (("(C2H4)n", "重合度 1000"), ("ポリマー",), ("アセトン",)),
    "MAT-205": (("99.5%", "分析用"), ("120%",), ()),
    "MAT-207": (
        ("ポリマー Mw=120,000, Mn=60,000, PDI=2.0",),
        ("ポリマー PDI=0.8", "ポリマー Mw=50000 Mn=80000"),
        ("MnO2",),
    ),
    "MAT-301": (
        ("SiO2/Si 界面", "アルミナ/SUS 摺動界面", "有機 EL でのITO/NPD/Alq3/Mg"),
        ("多層膜", "https://x.org/a/b", "mol/L", "2024/05/01"),
        (),
    ),
    "MAT-302": (("NiAl 系合金高温酸化", "熱酸化膜 SiO2 100 nm"), ("熱酸化済み",), ("Fe3+",)),
    "MAT-303": (("TiO2 担持 Ni 粒子", "Mg 担持型 Ti 触媒"), ("Ni 触媒",), ("TiO2",)),
    "MAT-304": (
        ("ポリプロピレン/タルクコンパウンド (PP/タルク)", "銅/ステンレスラミネート (Cu/SUS)"),
        ("樹脂コンパウンド",),
        ("TiO2",),
    ),
}
KINDS = {"0": None, "1": "inorganic", "2": "organic", "3": "device"}
FLAT = [
    (rule, text, expected)
    for rule, groups in CASES.items()
    for expected, texts in zip(("pass", "amiss", "notApplicable"), groups, strict=True)
    for text in texts
]
#: Whoever declares nothing is asked all the same.
UNDECLARED = [
    ("MAT-303", "Ni 触媒", "amiss"),
    ("MAT-303", "TiO2 担持 Ni 粒子", "pass"),
    ("MAT-302", "Si 熱酸化済み", "amiss"),
    ("MAT-301", "Ni 触媒", "notApplicable"),
    ("MAT-204", "(C2H4)n", "pass"),
]


def outcome(rule, text, kind):
    chosen = Parameters()
    dataset = Dataset(sample=Sample(names=("x-1",), composition=text, kind=kind))
    context = RuleContext(today=date(2026, 4, 1), parameters=chosen)
    found = judge(rules(chosen), dataset, context, "arim", Subject("dataset", "d"))
    (one,) = [one for one in found if one.rule == f"ARIM-{rule}"]
    return "amiss" if one.kind in ("fail", "informational") else one.kind


@pytest.mark.parametrize(("rule", "text", "expected"), FLAT)
def test_a_case_of_the_policy_comes_to_what_it_says(rule, text, expected):
    assert outcome(rule, text, KINDS[rule[4]]) == expected


@pytest.mark.parametrize(("rule", "text", "expected"), UNDECLARED)
def test_the_group_of_a_sample_follows_from_its_text(rule, text, expected):
    assert outcome(rule, text, None) == expected
