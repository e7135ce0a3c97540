"""Items become outcomes: guides, conversions, analyses and policies of fake plugins, on a small file."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from shirube.blame import note_of
from shirube.errors import InputError, MissingPluginError, PluginError, UsageError
from shirube.intake import items_from
from shirube.pipeline import process, write
from shirube.plugins import load_plugins
from shirube.records import Item, ItemFile, Origin, Registration
from shirube.settings import Settings, load_settings
from shirube.testing import fake_distribution, on_path

TODAY = date(2026, 4, 1)
COLUMNS = "Binding energy (eV),Intensity\n3.0,10\n2.0,20\n1.0,30\n0.0,40\n"

ANALYSES = """
    from shirube.hooks import Analysis, Text, hookimpl
    from shirube.messages import Text
    from shirube.parameters import parameter, parameters

    @parameters
    class Scale:
        factor: float = parameter(1.0, en="Factor.", ja="係数", gt=0.0)
        limit: float = parameter(100.0, en="Limit.", ja="上限", unit="eV")

    class Total:
        @staticmethod
        def applies(target, parameters):
            width = float(target.spectrum.energy.max() - target.spectrum.energy.min())
            return None if width <= parameters.limit else Text(en=f"wider than {parameters.limit}", ja="広すぎます")
        @staticmethod
        def run(target, parameters, progress):
            from shirube.records import Quantity, Result
            progress.update(0.5, "summing")
            total = parameters.factor * float(target.spectrum.intensity.sum())
            return Result(analysis="", target="", scalars={"peak_area": Quantity(total)})
        @staticmethod
        def draw(target, result, lang):
            return []

    class Twice:
        applies = staticmethod(lambda target, parameters: None)
        draw = staticmethod(lambda target, result, lang: [])
        @staticmethod
        def run(target, parameters, progress):
            from shirube.records import Quantity, Result
            (area,) = [r.scalars["peak_area"].number for r in target.results if r.status == "ok"]
            return Result(analysis="", target="", scalars={"peak_width": Quantity(2 * area)})

    def text(words):
        return Text(en=words, ja=words)

    @hookimpl
    def shirube_analyses():
        return [
            Analysis(name="a-twice", description=text("twice"), requires=("peak_area",), yields=("peak_width",),
                     implementation=Twice),
            Analysis(name="total", description=text("total"), yields=("peak_area",), parameters=Scale,
                     implementation=Total),
        ]
"""

GUIDE_TOML = """
[overview]
title = "A guide"
instrument = "Toy"
maker = "Us"
model = "Toy"
edition = "1"
issued = "2026-01"
publisher = "Us"
[match]
readers = ["columns"]
[files]
data = ["*.csv"]
sidecars = ["*_extra.json"]
[[manual]]
key = "total_on_off"
name = "Total On/Off"
label = "Total"
type = "boolean"
[[manual]]
key = "limit"
name = "limit"
label = "Limit"
type = "number"
unit = "eV"
default = 100.0
minimum = 0.0
[[metadata]]
key = "temperature"
name = "Temperature"
label = "Temperature"
term = "temperature"
[conditions.any]
label = "scan"
[[conditions.any.conditions]]
term = "binding_energy_max"
label = "Upper end"
comparison = "at_least"
value = 10.0
unit = "eV"
[[analyses]]
analysis = "total"
switch = "total_on_off"
manual = { limit = "limit" }
[[analyses]]
analysis = "absent"
"""

GUIDE = """
    from pathlib import Path
    from shirube.hooks import Guide, Text, hookimpl

    class Here:
        def read_bytes(self):
            return (Path(__file__).parent / "guide.toml").read_bytes()
        def __str__(self):
            return "guide.toml"

    @hookimpl
    def shirube_guides():
        return [Guide(name="toy", description=Text(en="toy", ja="toy"), resource=Here())]
"""


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "sample"
    folder.mkdir()
    (folder / "scan.csv").write_text(COLUMNS, encoding="utf-8")
    return folder


@pytest.fixture
def installed(tmp_path):
    """Install fake plugins and return a function that loads just them."""
    folder = tmp_path / "site"
    folder.mkdir()
    names = []

    def install(**sources):
        for name, source in sources.items():
            fake_distribution(
                folder,
                f"dist-{name}",
                plugins={name: f"fake_pipeline_{name}"},
                modules={f"fake_pipeline_{name}": source},
            )
            names.append(name)
        return load_plugins(allow=tuple(names))

    with on_path(folder):
        yield install


def outcome_of(path, plugins, settings=None, registration=None, **options):
    (item,) = items_from([Path(path)], plugins, registration=registration, **options)
    return process(item, plugins, settings or Settings(), today=TODAY)


def findings_of(outcome, rule):
    return [one for one in outcome.findings if one.rule == rule]


def test_a_folder_becomes_an_entry_with_its_spectra_and_every_file_hashed(data, installed):
    (data / "notes.pdf").write_bytes(b"%PDF")
    entry = outcome_of(data, installed()).entry
    assert entry.name == "sample"
    np.testing.assert_array_equal(entry.spectra()[0].intensity, [10, 20, 30, 40])
    assert {one.name for one in entry.files} == {"scan.csv", "notes.pdf"}
    assert entry.files[0].sha256 != entry.files[1].sha256


def test_analyses_run_in_the_order_of_their_terms_not_of_their_names(data, installed):
    results = outcome_of(data, installed(analyses=ANALYSES)).results
    assert [(one.analysis, one.status) for one in results] == [("total", "ok"), ("a-twice", "ok")]
    assert results[1].scalars["peak_width"].number == 200.0


BOTH_SCOPES = """
    from shirube.hooks import Analysis, Text, hookimpl

    class Fit:
        @staticmethod
        def applies(target, parameters):
            return None
        @staticmethod
        def run(target, parameters, progress):
            from shirube.records import Quantity, Result
            return Result(analysis="z-fit", target="", scalars={"peak_width": Quantity(1.0, "eV")})
        @staticmethod
        def draw(target, result, lang):
            return ()

    class Whole(Fit):
        @staticmethod
        def run(target, parameters, progress):
            from shirube.records import Quantity, Result
            return Result(analysis="a-whole", target="", scalars={"peak_area": Quantity(float(len(target.results)))})

    @hookimpl
    def shirube_analyses():
        return [
            Analysis(name="a-whole", description=Text(en="whole", ja="全体"), scope="entry", yields=("peak_area",),
                     implementation=Whole),
            Analysis(name="z-fit", description=Text(en="fit", ja="フィット"), yields=("peak_width",),
                     implementation=Fit),
        ]
"""


def test_what_is_made_of_an_entry_sees_what_was_found_on_its_spectra(data, installed):
    results = outcome_of(data, installed(both=BOTH_SCOPES)).results
    assert [one.analysis for one in results] == ["z-fit", "a-whole"]
    assert results[1].scalars["peak_area"].number == 1.0


def test_without_its_upstream_an_analysis_is_skipped_and_says_why(data, installed):
    settings = load_settings(sets=["run.analyses=a-twice"], project=data, facility=data / "none")
    (result,) = outcome_of(data, installed(analyses=ANALYSES), settings).results
    assert result.status == "skipped"
    assert "peak_area is needed" in result.reasons[0].en


def test_settings_reach_the_parameters_and_the_provenance(data, installed):
    settings = Settings().with_values({"analyses.total.factor": "2.5"})
    outcome = outcome_of(data, installed(analyses=ANALYSES), settings)
    assert outcome.results[0].scalars["peak_area"].number == 250.0
    assert outcome.results[0].parameters["factor"] == 2.5
    assert outcome.provenance.settings == {"analyses.total.factor": "2.5"}


def test_a_parameter_out_of_range_is_refused_by_name(data, installed):
    settings = Settings().with_values({"analyses.total.factor": "-1"})
    with pytest.raises(UsageError, match=r"analyses.total.factor.*-1.*> 0"):
        outcome_of(data, installed(analyses=ANALYSES), settings)


def write_guide(tmp_path, text=GUIDE_TOML):
    (tmp_path / "site" / "guide.toml").write_text(text, encoding="utf-8")


def test_a_guide_is_chosen_by_match_and_its_checks_speak(data, installed, tmp_path):
    write_guide(tmp_path)
    outcome = outcome_of(data, installed(guide=GUIDE, analyses=ANALYSES))
    assert outcome.entry.guide == "toy"
    (missing,) = findings_of(outcome, "guide.toy.metadata.temperature")
    assert missing.kind == "fail"
    (deviation,) = findings_of(outcome, "guide.toy.conditions.any.binding_energy_max")
    assert (deviation.kind, deviation.note) == ("fail", True)
    assert "3 eV" in deviation.message.en
    assert "10 eV" in deviation.message.ja


def test_an_analysis_that_the_guide_wants_and_nobody_has_is_a_finding(data, installed, tmp_path):
    write_guide(tmp_path)
    (finding,) = findings_of(outcome_of(data, installed(guide=GUIDE, analyses=ANALYSES)), "analysis.not-installed")
    assert "'absent'" in finding.message.en


def test_without_an_invoice_the_guides_analysis_runs_and_with_one_its_switch_decides(data, installed, tmp_path):
    write_guide(tmp_path)
    plugins = installed(guide=GUIDE, analyses=ANALYSES)
    assert outcome_of(data, plugins).results[0].status == "ok"
    off = outcome_of(data, plugins, registration=Registration(document="{}"))
    assert off.results[0].status == "skipped"
    assert "not checked in the invoice" in off.results[0].reasons[0].en
    for checked in (True, "有", "on"):
        on = outcome_of(data, plugins, registration=Registration(manual={"total_on_off": checked}))
        assert on.results[0].status == "ok"


def test_facts_alone_are_no_form_and_switch_nothing_off(data, installed, tmp_path):
    write_guide(tmp_path)
    plugins = installed(guide=GUIDE, analyses=ANALYSES)
    registration = Registration(facts={"sample_thickness": 2})
    assert outcome_of(data, plugins, registration=registration).results[0].status == "ok"
    switched = Registration(facts={"sample_thickness": 2}, manual={"remark": "none"})
    assert outcome_of(data, plugins, registration=switched).results[0].status == "skipped"


def test_what_an_entry_states_holds_for_each_of_its_spectra_and_settings_win_over_it(data, installed):
    plugins = installed()
    registration = Registration(facts={"sample_thickness": 2, "calibrated_on": "2025-04-01"}, source="entry.toml")
    for facts in outcome_of(data, plugins, registration=registration).entry.facts.values():
        thickness = facts.get("sample_thickness")
        assert (thickness.value, thickness.unit) == (2.0, "mm")
        assert thickness.origin == Origin("invoice", "entry.toml", key="facts.sample_thickness")
        assert facts.get("calibrated_on").value == "2025-04-01"
    settings = Settings().with_values({"facts.sample_thickness": "3"})
    for facts in outcome_of(data, plugins, settings, registration=registration).entry.facts.values():
        assert facts.get("sample_thickness").value == 3.0


def test_facts_of_an_entry_that_are_wrong_are_refused_all_at_once(data, installed):
    registration = Registration(facts={"sample_thicknes": 2, "calibrated_on": "yesterday"}, source="entry.toml")
    with pytest.raises(InputError, match=r"entry.toml: .*sample_thicknes .*sample_thickness.*'yesterday'.*date"):
        outcome_of(data, installed(), registration=registration)


def test_a_manual_item_sets_a_parameter_and_settings_win_over_it(data, installed, tmp_path):
    write_guide(tmp_path)
    plugins = installed(guide=GUIDE, analyses=ANALYSES)
    narrow = Registration(manual={"total_on_off": True, "limit": 1.0})
    result = outcome_of(data, plugins, registration=narrow).results[0]
    assert (result.status, result.parameters["limit"]) == ("skipped", 1.0)
    explicit = Settings().with_values({"analyses.total.limit": "50"})
    assert outcome_of(data, plugins, explicit, registration=narrow).results[0].status == "ok"


def test_manual_items_are_validated(data, installed, tmp_path):
    write_guide(tmp_path)
    outcome = outcome_of(
        data,
        installed(guide=GUIDE, analyses=ANALYSES),
        registration=Registration(manual={"limit": -3.0, "total_on_off": "yes"}),
    )
    assert "not allowed" in findings_of(outcome, "guide.toy.manual.limit")[0].message.en
    assert "not of type boolean" in findings_of(outcome, "guide.toy.manual.total_on_off")[0].message.en


def test_a_facility_overrides_a_leaf_of_a_guide(installed, tmp_path):
    write_guide(tmp_path)
    settings = Settings().with_values({"guides.toy.overview.model": "Our toy"})
    from shirube.vocabulary import one_guide

    assert one_guide("toy", installed(guide=GUIDE), settings).overview.model == "Our toy"


def test_a_guide_with_a_misspelt_key_names_file_and_key(data, installed, tmp_path):
    write_guide(tmp_path, GUIDE_TOML.replace('publisher = "Us"', 'publisher = "Us"\npublishr = "Us"'))
    with pytest.raises(UsageError, match=r"guide\.toml.*publishr"):
        outcome_of(data, installed(guide=GUIDE))


def test_a_named_guide_that_is_not_installed_says_what_to_install(data, installed):
    # Where the distribution is installed, the tests keep it out.
    with pytest.raises(MissingPluginError, match=r"pip install shirube-ses2002|shirube-ses2002.*kept out"):
        outcome_of(data, installed(), guide="ses2002")


READER = """
    from shirube.hooks import Reader, Text, hookimpl
    class Greedy:
        claims = staticmethod(lambda source: True)
        read = staticmethod(lambda source, parameters: None)
    @hookimpl
    def shirube_readers():
        return [Reader(name="greedy", description=Text(en="g", ja="g"), suffixes=(".csv",), implementation=Greedy)]
"""


def test_two_readers_that_claim_one_file_are_named(data, installed):
    with pytest.raises(UsageError, match=r"columns \(shirube .*greedy \(dist-reader 1\.0\).*--reader"):
        outcome_of(data, installed(reader=READER))


def test_a_reader_that_breaks_its_contract_is_blamed(data, installed):
    with pytest.raises(PluginError, match="returned a NoneType where Measurement is expected") as caught:
        outcome_of(data, installed(reader=READER), reader="greedy")
    assert note_of(caught.value).distribution == "dist-reader"


def test_all_unreadable_files_are_told_at_once(data, installed):
    for name in ("one.csv", "two.csv"):
        (data / name).write_text("1,2\n3,4\n5,6\n4,8\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        outcome_of(data, installed())
    assert "one.csv" in str(caught.value)
    assert "two.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("picture.png", b"\x89PNG", "no installed reader recognises"),
        ("absent.csv", None, "no such file"),
    ],
)
def test_a_named_file_that_cannot_be_read_is_one_sentence(tmp_path, installed, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        outcome_of(path, installed())


def test_an_empty_folder_is_one_sentence(tmp_path, installed):
    folder = tmp_path / "nothing"
    folder.mkdir()
    with pytest.raises(InputError, match="holds no files"):
        outcome_of(folder, installed())


def test_two_files_of_one_name_cannot_make_one_entry(data, tmp_path, installed):
    other = tmp_path / "scan.csv"
    other.write_text(COLUMNS, encoding="utf-8")
    with pytest.raises(UsageError, match="same name"):
        items_from([data / "scan.csv", other], installed())


AMENDMENT = """
    from shirube.hooks import Amendment, Text, hookimpl
    class Site:
        @staticmethod
        def amend(spectrum, measurement, facts, parameters):
            from shirube.records import Amended, Origin, Quantity
            return Amended({"temperature": Quantity(300.0, "K", origin=Origin("amendment", "site"))})
    @hookimpl
    def shirube_amendments():
        return [Amendment(name="NAME", description=Text(en="s", ja="s"), sets=("temperature",), implementation=Site)]
"""


def test_an_amendment_states_a_fact(data, installed):
    entry = outcome_of(data, installed(site=AMENDMENT.replace("NAME", "site"))).entry
    quantity = entry.facts[entry.spectra()[0].id].get("temperature")
    assert (quantity.value, quantity.unit, quantity.origin.kind) == (300.0, "K", "amendment")


KNOWING = """
    from shirube.hooks import Amendment, Text, hookimpl
    class Cooled:
        @staticmethod
        def amend(spectrum, measurement, facts, parameters):
            from shirube.records import Amended, Quantity, Remark
            known = "work_function" in facts
            stated = {} if known else {"temperature": Quantity(facts.get("pass_energy").number, "K")}
            remark = Remark("temperature-guessed", Text(en=f"guessed for {spectrum.id}", ja="推定"))
            return Amended(stated, [remark])
    @hookimpl
    def shirube_amendments():
        return [Amendment(name="cooled", description=Text(en="s", ja="s"), sets=("temperature",),
                          implementation=Cooled)]
"""


def test_an_amendment_that_reads_facts_sees_the_registrations_and_no_other_amendments(data, installed):
    (item,) = items_from([data / "scan.csv"], installed())
    registered = evolve(item, registration=Registration(facts={"pass_energy": 50.0}))
    plugins = installed(cooled=KNOWING)
    settings = Settings().with_values({"facts.work_function": "4.5"})
    outcome = process(registered, plugins, settings, today=TODAY)
    (spectrum,) = outcome.entry.spectra()
    assert outcome.entry.facts[spectrum.id].get("temperature").value == 50.0
    (finding,) = [one for one in outcome.findings if one.rule == "reading.temperature-guessed"]
    assert (finding.kind, finding.message.en) == ("informational", f"guessed for {spectrum.id}")


def test_two_amendments_that_set_one_term_are_an_error_that_names_both(data, installed):
    plugins = installed(one=AMENDMENT.replace("NAME", "one"), two=AMENDMENT.replace("NAME", "two"))
    with pytest.raises(PluginError, match=r"one \(one, dist-one 1\.0\) and two \(two, dist-two 1\.0\)"):
        outcome_of(data, plugins)


def test_a_fact_in_the_settings_is_typed_and_checked(data, installed):
    good = Settings().with_values({"facts.temperature": "77"})
    entry = outcome_of(data, installed(), good).entry
    assert entry.facts[entry.spectra()[0].id].get("temperature").value == 77.0
    bad = Settings().with_values({"facts.temperture": "77", "facts.work_function": "blue"})
    with pytest.raises(UsageError, match=r"temperture.*Did you mean 'temperature'.*work_function"):
        outcome_of(data, installed(), bad)


POLICY = """
    from shirube.hooks import Policy, Text, hookimpl
    from shirube.rules import Rule, passed
    class House:
        @staticmethod
        def rules(parameters):
            def raises(entry, context):
                raise ZeroDivisionError("boom")
            text = Text(en="m", ja="m")
            return [
                Rule(id="H-1", subject="entry", severity="must", message=text, judge=raises),
                Rule(id="H-2", subject="entry", severity="must", message=text, judge=lambda entry, context: passed()),
            ]
    @hookimpl
    def shirube_policies():
        return [Policy(name="house", description=Text(en="h", ja="h"), implementation=House)]
"""


def test_a_rule_that_raises_is_an_error_finding_and_never_a_pass(data, installed):
    outcome = outcome_of(data, installed(house=POLICY))
    (broken,) = findings_of(outcome, "H-1")
    assert (broken.kind, broken.error) == ("fail", True)
    assert "boom" in broken.message.en
    assert findings_of(outcome, "H-2")[0].kind == "pass"


@pytest.mark.parametrize(
    ("chosen", "derived", "asked"), [((), False, True), (("house",), False, True), (("none",), True, False)]
)
def test_a_policy_that_the_guide_names_stands_in_for_its_checks(data, installed, tmp_path, chosen, derived, asked):
    write_guide(tmp_path, GUIDE_TOML.replace("[files]", '[checks]\npolicy = "house"\n[files]'))
    plugins = installed(guide=GUIDE, house=POLICY)
    outcome = outcome_of(data, plugins, Settings().with_values({"run.policies": chosen}))
    assert bool(findings_of(outcome, "guide.toy.files")) == derived
    assert bool(findings_of(outcome, "H-2")) == asked


def test_a_guide_whose_policy_is_not_installed_is_checked_as_any_other(data, installed, tmp_path):
    write_guide(tmp_path, GUIDE_TOML.replace("[files]", '[checks]\npolicy = "house"\n[files]'))
    assert findings_of(outcome_of(data, installed(guide=GUIDE)), "guide.toy.files")


def test_processing_touches_no_file(data, installed, tmp_path):
    plugins = installed(analyses=ANALYSES)
    before = sorted(str(path) for path in tmp_path.rglob("*") if "__pycache__" not in str(path))
    outcome_of(data, plugins)
    assert sorted(str(path) for path in tmp_path.rglob("*") if "__pycache__" not in str(path)) == before


HEADER = """
from shirube.hooks import *
from shirube.records import *
from shirube.rules import Rule, failed, passed
import numpy as np

T = lambda words: Text(en=words, ja=words)

class Does:
    def __init__(self, **functions):
        self.__dict__.update(functions)

def spectrum(name):
    axes = (Axis("energy", [1.0, 2.0, 3.0], "eV"),)
    return Spectrum(id=name, name=name, intensity=[1.0, 2.0, 3.0], axes=axes, reference=EnergyReference("kinetic"))

def measurement(source, **changes):
    about = {"name": source.name, "reader": "odd-reader", "spectra": [spectrum("s1")], "sources": [source.record()]}
    return Measurement(**{**about, **changes})

def reading(read):
    return [Reader(name="odd-reader", description=T("r"), suffixes=(".odd",),
                   implementation=Does(claims=lambda source: True, read=read))]
"""
READERS = "@hookimpl\ndef shirube_readers(): return reading(lambda source, p: measurement(source{}))\n"


def odd_outcome(tmp_path, installed, source, settings=None, **options):
    file = tmp_path / "data.odd"
    file.write_bytes(b"ODD")
    if "shirube_readers" not in source:
        source += "\n" + READERS.format("")
    return outcome_of(file, installed(odd=HEADER + source), settings, **options)


def test_a_plugin_of_the_tests_works_when_it_does_nothing_wrong(tmp_path, installed):
    assert odd_outcome(tmp_path, installed, "").entry.spectra()[0].id == "s1"


CIRCLE = """
@hookimpl
def shirube_analyses():
    return [Analysis(name=name, description=T("a"), requires=(needed,), yields=(made,), implementation=Does())
            for name, needed, made in (("one", "odd.a", "odd.b"), ("two", "odd.b", "odd.a"))]
"""
UNDECIDED = """
@hookimpl
def shirube_readers():
    return [Reader(name="odd-reader", description=T("r"), suffixes=(".odd",),
                   implementation=Does(claims=lambda source: np.ones(2)))]
"""


def analysing(function):
    return f"""
@hookimpl
def shirube_analyses():
    return [Analysis(name="odd-analysis", description=T("a"), implementation=Does(
        **{{"applies": lambda t, p: None, "run": lambda t, p, g: Result(analysis="", target=""), **{function}}}))]
"""


def giving(scalars):
    source = analysing(f"{{'run': lambda t, p, g: Result(analysis='', target='', scalars={scalars})}}")
    return source.replace("implementation=", "yields=('photon_energy', 'xray_source'), implementation=")


@pytest.mark.parametrize("quantity", ["Quantity(1.4866, 'keV')", "Quantity(1486.6, 'eV')", "Quantity(1486.6)"])
def test_a_result_in_a_unit_that_its_term_allows_is_taken_as_it_is(tmp_path, installed, quantity):
    (result,) = odd_outcome(tmp_path, installed, giving(f"{{'photon_energy': {quantity}}}")).results
    value = result.scalars["photon_energy"]
    assert f"{value.value} {value.unit}" in ("1.4866 keV", "1486.6 eV", "1486.6 None")


def converting(answer):
    return f"""
from attrs import evolve
@hookimpl
def shirube_unit_conversions():
    return [Conversion(name="odd-conversion", description=T("c"), sources=("kinetic",), target="binding",
                       implementation=Does(convert=lambda s, f, p: {answer}))]
"""


def amending(*answers):
    listed = ", ".join(
        f"Amendment(name='odd-{number}', description=T('a'), sets=('temperature',),"
        f" implementation=Does(amend=lambda s, m, f, p: {answer}))"
        for number, answer in enumerate(answers)
    )
    return f"@hookimpl\ndef shirube_amendments(): return [{listed}]\n"


def judging(rules):
    return f"""
def rule(**changes):
    about = {{"id": "A", "subject": "entry", "severity": "must", "message": T("m"), "judge": lambda e, c: passed()}}
    return Rule(**{{**about, **changes}})
@hookimpl
def shirube_policies():
    return [Policy(name="odd-policy", description=T("p"), implementation=Does(rules=lambda p: {rules}))]
"""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (analysing("{'applies': lambda t, p: 'no'}"), "returned a str where Message is expected"),
        (analysing("{'applies': lambda t, p: True}"), "returned a bool where Message is expected"),
        (analysing("{'applies': lambda t, p: Message('shirube', 'no-such-code')}"), "no-such-code"),
        (analysing("{'run': lambda t, p, g: Result(analysis='', target='', reasons='x')}"), "('x',)"),
        (giving("{'photon_energy': Quantity(1486.6, 'nm')}"), "'photon_energy' in 'nm', which cannot be converted to"),
        (giving("{'photon_energy': Quantity(1.0), 'odd.nobodys': Quantity(1.0)}"), "'odd.nobodys', which nobody def"),
        (giving("{'peak_area': Quantity(1.0)}"), "'peak_area', which it does not declare"),
        (giving("{'xray_source': Quantity('Al', 'eV')}"), "'xray_source' in 'eV', but the term has no unit"),
        (
            CIRCLE,
            "one (odd, dist-odd 1.0)",
        ),
        (converting("Converted(spectrum=None)"), "expected"),
        (converting("Converted(spectrum=s, decisions=[1])"), "expected"),
        (converting("Converted(spectrum=s, notices=['x'])"), "expected"),
        (converting("Converted(spectrum=evolve(s, id='other'))"), "changed the id of the spectrum 's1' to 'other'"),
        (READERS.format(", spectra=['x']"), "expected"),
        (READERS.format(", remarks=['x']"), "expected"),
        (READERS.format(", reader='other'"), "was read by 'other'"),
        (READERS.format(", spectra=[spectrum('s1'), spectrum('s1')]"), "the same id"),
        (
            UNDECIDED,
            "ambiguous",
        ),
        (amending("None"), "NoneType"),
        (amending("Amended({'work_function': Quantity(4.0, 'eV')})"), "'work_function', which it does not declare"),
        (amending("{'temperature': Quantity(4.0, 'K')}"), "returned a dict where Amended is expected"),
        (amending("Amended({'temperature': 4.0})"), "Amended.facts"),
        (amending(*["Amended({'temperature': Quantity(4.0, 'K')})"] * 2), "odd-0 (odd, dist-odd 1.0) and odd-1 (odd"),
        (judging("[rule(), rule()]"), "two rules have the id A"),
        (judging("[rule(requires=('B',))]"), "requires B"),
        (judging("[rule(requires=('B',)), rule(id='B', requires=('A',))]"), "in a circle"),
        (judging("[rule(subject='item')]"), "subject = 'item'"),
        (judging("[rule(severity='high')]"), "severity = 'high'"),
        (judging("[rule(message='m')]"), "message = 'm'"),
        (judging("[rule(judge=None)]"), "judge = None"),
        (judging("['text']"), "returned a str where Rule is expected"),
        (judging("None"), "NoneType"),
    ],
)
def test_what_a_plugin_does_wrong_is_blamed_on_the_plugin(tmp_path, installed, source, said):
    with pytest.raises(Exception) as caught:  # noqa: PT011 which class is the plugin's own affair
        odd_outcome(tmp_path, installed, source)
    assert said in str(caught.value)
    assert note_of(caught.value).plugin == "odd"


MAPS = """
class Here:
    def __init__(self, content):
        self.content = content
    def read_bytes(self):
        if self.content is None:
            raise FileNotFoundError("no such resource")
        return self.content
    def __str__(self):
        return "here.toml"
@hookimpl
def shirube_metadata_maps():
    return [MetadataMap(name="odd-map", description=T("m"), reader="odd-reader", resource=Here({content!r}))]
"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such resource"),
        (b"\xff\xfe", "utf-8"),
        (b"[map", "not TOML"),
        (b"map = 3", "map"),
        (b"[[map]]\nkye = 'E'\n", "kye"),
        (b"[[map]]\nkey = 'E'\nterm = 'nobodys'\n", "nobodys"),
        (b"[terms.'other.a']\nen = 'a'\nja = 'a'\ntype = 'number'\n", "outside its own prefix"),
        (b"[terms.'odd.a']\nen = 'a'\n", "malformed"),
    ],
)
def test_a_resource_that_cannot_be_used_is_blamed_on_its_plugin(tmp_path, installed, content, said):
    with pytest.raises(Exception) as caught:  # noqa: PT011 which class is the resource's own affair
        odd_outcome(tmp_path, installed, MAPS.format(content=content))
    assert said in str(caught.value)
    assert note_of(caught.value).record == "odd-map"


def test_a_guide_that_is_broken_stops_no_run_that_names_another(data, installed, tmp_path):
    write_guide(tmp_path)
    broken = GUIDE.replace("toy", "broken").replace("guide.toml", "broken.toml")
    (tmp_path / "site" / "broken.toml").write_text("x = 1", encoding="utf-8")
    plugins = installed(guide=GUIDE, broken=broken)
    assert outcome_of(data, plugins, guide="toy").entry.guide == "toy"
    outcome = outcome_of(data, plugins, guide="toy")
    write([outcome], tmp_path / "out", plugins, Settings())
    assert (tmp_path / "out" / "shirube.json").is_file()
    with pytest.raises(UsageError, match=r"broken\.toml") as caught:
        outcome_of(data, plugins)
    assert note_of(caught.value).record == "broken"


def test_what_settings_do_to_a_guide_is_not_the_plugins_fault(data, installed, tmp_path):
    write_guide(tmp_path)
    with pytest.raises(UsageError, match=r"overview\.modle") as caught:
        outcome_of(data, installed(guide=GUIDE), Settings().with_values({"guides.toy.overview.modle": "Our toy"}))
    assert note_of(caught.value) is None
    assert "[guides.toy] of the settings (command line)" in str(caught.value)


def test_braces_in_a_guide_are_said_as_they_are(data, installed, tmp_path):
    text = GUIDE_TOML.replace('name = "Temperature"', 'name = "T{x}"').replace('"Upper end"', '"{1}"')
    write_guide(tmp_path, text.replace('label = "scan"', 'label = "{"'))
    outcome = outcome_of(data, installed(guide=GUIDE, analyses=ANALYSES))
    (missing,) = findings_of(outcome, "guide.toy.metadata.temperature")
    (deviation,) = findings_of(outcome, "guide.toy.conditions.any.binding_energy_max")
    assert "“T{x}” (scan.csv#1): missing" in missing.message.en
    assert deviation.message.en.startswith("{1}: 3 eV")
    assert not any(one.error for one in outcome.findings)


def test_a_file_of_any_case_is_read(tmp_path, installed):
    file = tmp_path / "DATA.ODD"
    file.write_bytes(b"ODD")
    plugins = installed(odd=HEADER.replace(".odd", ".Odd") + READERS.format(""))
    assert outcome_of(file, plugins).entry.spectra()[0].id == "s1"


def test_what_settings_state_wins_over_an_amendment(data, installed):
    stated = Settings().with_values({"facts.temperature": "77"})
    entry = outcome_of(data, installed(site=AMENDMENT.replace("NAME", "site")), stated).entry
    quantity = entry.facts[entry.spectra()[0].id].get("temperature")
    assert (quantity.value, quantity.origin.kind) == (77.0, "settings")


def test_a_sidecar_that_two_files_share_is_one_file_of_the_item(tmp_path):
    first, shared = ItemFile("a.txt", tmp_path / "a.txt"), ItemFile("a_extra.json", tmp_path / "a_extra.json")
    second = ItemFile("a.TXT", tmp_path / "a.TXT")
    item = Item("a", data=(first, second), sidecars={"a.txt": shared, "a.TXT": shared})
    assert item.files() == (first, second, shared)
