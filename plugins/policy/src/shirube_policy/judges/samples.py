"""Samples as the judges see them: all texts on a sample, and what kinds of material they speak of."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from shirube.records import Dataset, Sample
from shirube.rules import Judgement, RuleContext, not_applicable, open_
from shirube_policy.blanks import filled
from shirube_policy.formulas import Composition, Formula, Stack, composition, formulas_in, spelt, stacks_in
from shirube_policy.wording import say

Group: TypeAlias = Literal["inorganic", "organic", "device"]

#: RDE's terms of a sample that the rules read.
GENERAL_NAME: Final = "3adf9874-7bcb-e5f8-99cb-3d6fd9d7b55e"
CHEMICAL_COMPOSITION: Final = "0aadfff2-37de-411f-883a-38b62b2abbce"
FORMULA: Final = "33c6e9dc-5787-0f96-7683-f39281c60419"
MATERIAL_NAME: Final = "f2d5e89e-01f0-66a2-5d8e-623a4fc31698"
CAS: Final = "e2d20d02-2e38-2cd3-b1b3-66fdb8a11057"
CRYSTALLINE_STATE: Final = "1d3cab05-3eaa-cb9b-9a3f-20eb0ca26963"
CRYSTAL_STRUCTURE: Final = "efcf34e7-4308-c195-6691-6f4d28ffc9bb"
SPACE_GROUP: Final = "f63149a4-e57c-4273-4c1e-dffa41356d28"
SHAPE: Final = "7cc57dfb-8b70-4b3a-5315-fbce4cbf73d0"
SUPPLIER: Final = "5e166ac4-bfcd-457a-84bc-8626abe9188f"
LOT: Final = "0d0417a3-3c3b-496a-b0fb-5a26f8a74166"

_METAL: Final = "a674a8ef-efa8-9497-4ed4-74de55fafddb"
_POLYMER: Final = "342ba516-4d02-171c-9bc4-70a3134b47a8"
#: RDE's classes of samples. It has none for devices, so that these must be declared or inferred.
_CLASSES: Final[Mapping[str, Group]] = {
    "01cb3c01-37a4-5a43-d8ca-f523ca99a75b": "organic",
    "932e4fe1-9724-305f-ffc5-1908c31c83e5": "inorganic",
    _METAL: "inorganic",
    _POLYMER: "organic",
    "52148afb-6759-23e8-c8b8-33912ec5bfcf": "inorganic",
    "961c9637-9b83-0e9d-e60e-ffc1e2517afd": "inorganic",
}
_KINDS: Final[tuple[tuple[re.Pattern[str], Group], ...]] = (
    (re.compile(r"inorganic|metal|無機|金属|合金|セラミック|半導体", re.IGNORECASE), "inorganic"),
    (re.compile(r"(?<!in)organic|polymer|(?<!無機・)有機|高分子|ポリマー", re.IGNORECASE), "organic"),
    (re.compile(r"device|multi-?material|デバイス|マルチマテリアル", re.IGNORECASE), "device"),
)
_LAYERED: Final = re.compile(
    r"積層|多層|薄膜|界面|デバイス|ラミネート|コンパウンド|複合材|\bstack|multi-?layer|interface|device", re.IGNORECASE
)
#: Of several materials, but not in layers: catalysts on supports, oxidised surfaces.
_COMBINED: Final = re.compile(r"触媒|担持|catalyst|supported on|酸化処理|熱酸化|高温酸化|thermal oxid", re.IGNORECASE)
_ORGANIC: Final = re.compile(
    r"ポリマー|高分子|樹脂|ポリ[ァ-ヴ]|レジスト|有機|polymer|resin|\bpoly[a-z(]|organic(?!\s*free)", re.IGNORECASE
)
_POLYMERIC: Final = re.compile(
    r"ポリマー|高分子|樹脂|ポリ[ァ-ヴ]|重合|polymer|resin|\bpoly(?!cryst)[a-z(]|\([A-Za-z0-9]+\)n(?![a-z])",
    re.IGNORECASE,
)
_ALLOY: Final = re.compile(r"合金|alloy", re.IGNORECASE)
_METALLIC: Final = re.compile(
    r"ステンレス|鋼|stainless|steel|鉄|銅|アルミニウム|チタン合金|SUS|metal|金属", re.IGNORECASE
)

Judge: TypeAlias = Callable[["View"], Judgement]

__all__ = ["Group", "View", "of_group", "samples", "view"]


@frozen(eq=False)
class View:
    """A sample with what its texts come to; parsed when first asked for.

    Attributes:
        sample: The sample.
        path: Its place in the record.
        text: All that is written about it, in plain letters.
        groups: Groups of 参考2 that concern it; none when nothing tells.
    """

    sample: Sample
    path: str
    text: str
    groups: frozenset[Group] = field(factory=frozenset)

    def attribute(self, term: str) -> str:
        """Return what stands under a term, blank without."""
        return self.sample.attributes.get(term) or ""

    @functools.cached_property
    def stated(self) -> str:
        """What is written where the formula belongs."""
        return " ".join(
            one for one in (self.sample.composition, *map(self.attribute, (FORMULA, CHEMICAL_COMPOSITION))) if one
        )

    @functools.cached_property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulae among all texts."""
        return formulas_in(self.text)

    @functools.cached_property
    def composition(self) -> Composition:
        """What the field of the formula, or lacking it any text, says of elements and shares."""
        return composition(self.stated or self.text)

    @functools.cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """The stacks that any text names."""
        return stacks_in(self.text)

    @functools.cached_property
    def layered(self) -> bool:
        """Whether it is declared a device, called a stack, or written as one."""
        declared = any(group == "device" and pattern.search(self.sample.kind or "") for pattern, group in _KINDS)
        return declared or _is_layered(self.text)

    @functools.cached_property
    def alloy(self) -> bool:
        """Whether it is called an alloy, or made of two metals and nothing else."""
        named = self.composition
        return bool(_ALLOY.search(self.text)) or 1 < len(named.metals) == len(named.elements)

    @functools.cached_property
    def metal(self) -> bool:
        """Whether it is a metal."""
        return _METAL in (self.sample.classes or ()) or self.alloy or bool(_METALLIC.search(self.text))

    @functools.cached_property
    def polymer(self) -> bool:
        """Whether it is a polymer."""
        return _POLYMER in (self.sample.classes or ()) or bool(_POLYMERIC.search(self.text))


def samples(dataset: Dataset) -> dict[str, Sample]:
    """Return the dataset's sample, or lacking that the samples of its entries, each once, by its first place."""
    # A form of which nothing was filled in supplies no sample.
    if dataset.sample not in (None, Sample()):
        return {"sample": dataset.sample}
    found: dict[Sample, str] = {}
    for place, entry in enumerate(dataset.entries):
        if entry.registration is not None and entry.registration.sample is not None:
            found.setdefault(entry.registration.sample, f"entries[{place}].registration.sample")
    return {path: sample for sample, path in found.items()}


# Each of many rules looks at the same sample.
@functools.lru_cache(maxsize=64)
def view(sample: Sample, path: str) -> View:
    """Return ``sample`` as the judges see it."""
    parts = [
        *(sample.names or ()),
        sample.composition,
        sample.description,
        *(sample.tags or ()),
        *sample.attributes.values(),
    ]
    text = spelt("\n".join(unicodedata.normalize("NFC", one) for one in parts if one and filled(one)))
    return View(sample=sample, path=path, text=text, groups=_groups(sample, text))


def of_group(group: Group, judge: Judge) -> Callable[[Dataset, RuleContext], list[Judgement] | Judgement]:
    """Return a judge of datasets that asks ``judge`` of each sample that ``group`` concerns."""

    def judged(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
        held = samples(dataset)
        if not held:
            return open_("sample")
        return [_asked(group, judge, view(sample, path)) for path, sample in held.items()]

    return judged


def _asked(group: Group, judge: Judge, seen: View) -> Judgement:
    if seen.sample.composition_irrelevant or filled(seen.sample.unknown_reason):
        return not_applicable(say("composition-declared"))
    return judge(seen) if group in seen.groups else not_applicable(say("other-group"))


def _groups(sample: Sample, text: str) -> frozenset[Group]:
    """Return the groups that are declared; else those of the classes, and what the texts show besides."""
    if sample.kind:
        declared = {group for pattern, group in _KINDS if pattern.search(sample.kind)}
        if declared:
            return frozenset(declared)
    devices: set[Group] = {"device"} if _is_layered(text) or _COMBINED.search(text) else set()
    by_class = {_CLASSES[one] for one in sample.classes or () if one in _CLASSES}
    return frozenset(devices | (by_class or _inferred(text)))


def _is_layered(text: str) -> bool:
    return bool(_LAYERED.search(text)) or any(one.known == len(one.layers) for one in stacks_in(text))


def _inferred(text: str) -> set[Group]:
    formulas = formulas_in(text)
    found: set[Group] = set()
    carbon = [{"C", "H"} <= set(one.elements) for one in formulas]
    if _ORGANIC.search(text) or any(carbon):
        found.add("organic")
    if not all(carbon) or _ALLOY.search(text) or _METALLIC.search(text):
        found.add("inorganic")
    return found
