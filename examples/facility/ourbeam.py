"""The facility's own plugin, one file: where its instrument stands, its work function, and two rules of its own.

`shirube.toml` names it in `plugins.files`. It is code with the rights of whoever runs shirube: keep it where only those
can write who may change what everybody runs.
"""

from collections.abc import Sequence

from shirube.hooks import Amendment, Policy, Text, hookimpl
from shirube.parameters import parameter, parameters
from shirube.records import (
    Amended,
    Dataset,
    Entry,
    Exemption,
    Facts,
    Measurement,
    Origin,
    Quantity,
    Spectrum,
)
from shirube.rules import Judgement, Rule, RuleContext, failed, not_applicable, open_, passed

#: Situations in which we do not register data, and what must be recorded then: rows of our own beside the policy's.
ALIGNMENT = "alignment"
RECORDED = "shots"


@parameters
class Site:
    """Settings of the section ``[amendments.ourbeam]``."""

    location: str = parameter("BL00", en="Where the instrument stands.", ja="装置の設置場所")
    work_function: float = parameter(
        4.4, en="Work function of the analyser.", ja="分析器の仕事関数", unit="eV", gt=0.0, le=10.0
    )


class SiteFacts:
    """States what no file of our instrument says."""

    @staticmethod
    def amend(spectrum: Spectrum, measurement: Measurement, facts: Facts, parameters: Site) -> Amended:
        """Return the location, unless the file states one, and the work function."""
        del spectrum, measurement
        origin = Origin("amendment", "ourbeam")
        stated = {"work_function": Quantity(parameters.work_function, "eV", origin=origin)}
        if "location" not in facts:
            stated["location"] = Quantity(parameters.location, origin=origin)
        return Amended(stated)


class Rules:
    """The rules of our handbook."""

    @staticmethod
    def rules(parameters: None) -> Sequence[Rule]:
        """Return a rule for entries, and one for the data that are not registered."""
        del parameters
        return [
            Rule(
                id="OUR-ENT-001",
                subject="entry",
                severity="must",
                message=Text(
                    en="the entry is called {name!r}, not by proposal and run (P123-01)",
                    ja="エントリー名 {name!r} が課題番号と実験番号（P123-01）ではありません",
                ),
                remedy=Text(en="Rename the folder.", ja="フォルダー名を変えてください。"),
                judge=_is_named_by_proposal,
                source=Text(en="Handbook of BL00, 2.1", ja="BL00 利用の手引き 2.1"),
                quote="Folders are named by proposal and run.",
            ),
            Rule(
                id="OUR-EXE-001",
                subject="dataset",
                severity="must",
                message=Text(
                    en="data left out for {code} lack the number of shots",
                    ja="{code} のため登録しないデータに、ショット数の記録がありません",
                ),
                remedy=Text(en="Record it under record.shots.", ja="record.shots に記してください。"),
                judge=_alignment_is_recorded,
                source=Text(en="Handbook of BL00, 4.3", ja="BL00 利用の手引き 4.3"),
                quote="Alignment shots are not registered; their number is recorded.",
            ),
        ]


def _is_named_by_proposal(entry: Entry, context: RuleContext) -> Judgement:
    """Judge the name of an entry, which is its folder's."""
    del context
    proposal, _, run = entry.name.partition("-")
    named = proposal[:1] == "P" and proposal[1:].isdecimal() and run.isdecimal()
    return passed() if named else failed(name=entry.name)


def _alignment_is_recorded(dataset: Dataset, context: RuleContext) -> Sequence[Judgement] | Judgement:
    """Judge each of our exemptions."""
    del context
    if dataset.exemptions is None:
        return open_("exemptions")
    ours = [(place, one) for place, one in enumerate(dataset.exemptions) if one.code == ALIGNMENT]
    return [_recorded(one, f"exemptions[{place}]") for place, one in ours] or not_applicable()


def _recorded(one: Exemption, path: str) -> Judgement:
    shots = "" if one.record is None else one.record.get(RECORDED, "")
    return passed() if shots.isdecimal() else failed(path=path, code=ALIGNMENT)


@hookimpl
def shirube_amendments() -> list[Amendment]:
    """Register what we know of our instrument."""
    return [
        Amendment(
            name="ourbeam",
            description=Text(en="Location and work function of BL00", ja="BL00 の設置場所と仕事関数"),
            sets=("location", "work_function"),
            readers=("ses2002",),
            parameters=Site,
            implementation=SiteFacts(),
        )
    ]


@hookimpl
def shirube_policies() -> list[Policy]:
    """Register our rules."""
    return [
        Policy(
            name="ourbeam",
            description=Text(en="The handbook of BL00", ja="BL00 利用の手引き"),
            implementation=Rules(),
        )
    ]
