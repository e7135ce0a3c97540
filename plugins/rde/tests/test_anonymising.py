"""Anonymised datasets: no name in anything that is published, and a word where one remains; what may become public."""

import io
import json
import shutil
import zipfile
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shirube.cli.app import run_command_line
from shirube.exporting import RenderedFigure
from shirube.messages import Text
from shirube.plugins import load_plugins
from shirube.records import Decision, Origin, Quantity
from shirube.settings import Settings
from shirube.testing import fake_distribution, on_path
from shirube_rde import exporter
from shirube_rde.anonymising import anonymised
from shirube_rde.hiding import hide
from shirube_rde.job import run_job
from shirube_rde.layout import Job
from shirube_rde.parameters import Parameters
from shirube_rde.remaining import names_shown, not_looked_into
from shirube_rde.sharing import raw_folder

ANONYMOUS = Parameters(anonymised=True, hidden_names=("KIMOTO, Koji", "山田 太郎"))


@pytest.mark.parametrize(
    "text",
    [
        *("measured by Koji Kimoto", "KIMOTO_Koji_0001.txt", "kimoto", "kojikimoto.csv", "Ｋｉｍｏｔｏ, Koji"),
        *("山田太郎の試料", "太郎　山田", "C1s山田", "山田_01"),
    ],
)
def test_a_name_is_found_in_any_order_case_and_width(text):
    hidden = hide(ANONYMOUS.hidden_names)
    assert hidden.shows_in(text)
    assert not hidden.shows_in(hidden.without(text))


@pytest.mark.parametrize("text", ["Kimotoshi", "Koji", "太郎", "山", "C1s", ""])
def test_no_part_that_may_be_another_word_is_hidden(text):
    assert hide(ANONYMOUS.hidden_names).without(text) == text


@given(st.text())
def test_without_names_nothing_changes(text):
    assert hide([]).without(text) == text
    assert hide(["", " , "]).without(text) == text


@given(name=st.from_regex(r"[A-Z]{4,8}, [A-Z][a-z]{2,6}", fullmatch=True), around=st.tuples(st.text(), st.text()))
def test_what_is_hidden_is_gone_wherever_it_stood(name, around):
    hidden = hide([name])
    assert not hidden.shows_in(hidden.without(f"{around[0]} {name} {around[1]}"))


@pytest.fixture
def named(outcome, spectrum, facts, result):
    """Return an outcome whose region, file, facts, decision and result all show a name."""
    region = spectrum("KIMOTO_0001.txt#1", name="C1s 山田")
    known = facts(user="Sato Hanako", comments="x", raw_file_name="Z:/kimoto/a.txt", lens_mode="Kimoto's", sweeps=4)
    found = result(target=region.id)
    chosen = Quantity(650.0, "eV", origin=Origin("sidecar", "KIMOTO_0001_metadata.json"))
    return outcome(
        "KIMOTO_0001",
        spectra=[region],
        facts_by_id={region.id: known},
        files={"KIMOTO_0001.txt": b"User=Sato Hanako"},
        results=(found,),
        decisions=(Decision("photon_energy", chosen, subject=region.id),),
    )


def test_what_is_published_of_an_anonymised_run_shows_no_name(named, context, contents, tmp_path):
    drawn = evolve(context(named), figures=(figure(named, "clean"), figure(named, "kimoto_c1s")))
    (tmp_path / "out").mkdir()
    exporter.write([named], tmp_path / "out", drawn, ANONYMOUS)
    written = contents(tmp_path / "out" / "data")
    public = {name: content for name, content in written.items() if not name.startswith("nonshared_raw/")}
    for name, content in public.items():
        for text in ("KIMOTO", "kimoto", "山田", "Sato", "Hanako"):
            assert text not in name
            assert text.encode() not in content
    assert written["nonshared_raw/KIMOTO_0001.txt"] == b"User=Sato Hanako"
    metadata = json.loads(written["meta/metadata.json"])
    assert "user" not in metadata["constant"]
    (values,) = metadata["variable"]
    assert values["number_of_sweeps"] == {"value": 4}
    assert values["excitation_energy"] == {"value": 650.0}
    assert values["fakelab_peak_height"] == {"value": 5.0}


def figure(outcome, name):
    return RenderedFigure(
        name=name,
        entry=outcome.entry.name,
        target="elsewhere",
        source="spectrum",
        main=False,
        caption=Text(en="", ja=""),
        png=b"",
    )


def test_figures_that_were_drawn_with_a_name_are_left_out_of_a_run(named, context, tmp_path):
    without_sidecar = evolve(named, decisions=())
    pictures = context(without_sidecar).figures
    names = ("clean", "kimoto_c1s")
    figures = [evolve(one, name=name, target="x", main=False) for one, name in zip(pictures, names, strict=True)]
    (tmp_path / "out").mkdir()
    exporter.write([without_sidecar], tmp_path / "out", context(without_sidecar, figures=figures), ANONYMOUS)
    images = [path.name for path in (tmp_path / "out" / "data").rglob("*.png")]
    assert images
    assert {name.removesuffix(".png") for name in images} == {"clean"}


def test_names_that_become_one_stay_apart(outcome, spectrum, facts):
    spectra = [spectrum("KIMOTO.txt#1"), spectrum("kimoto.txt#1")]
    shown = anonymised(outcome(spectra=spectra, facts_by_id={one.id: facts(sweeps=4) for one in spectra}), ANONYMOUS)
    ids = [one.id for one in shown.entry.spectra()]
    assert len(set(ids)) == 2
    assert set(shown.entry.facts) == set(ids)


def test_nothing_is_taken_out_where_nobody_asked(named):
    assert anonymised(named, Parameters(hidden_names=("KIMOTO",))) is named


@pytest.mark.parametrize(
    ("parameters", "folder"),
    [
        (Parameters(), "nonshared_raw"),
        (Parameters(raw_sharing="shared"), "raw"),
        (Parameters(raw_sharing="shared", anonymised=True), "nonshared_raw"),
        (Parameters(raw_sharing="shared", restricted_files=("scan*",)), "nonshared_raw"),
        (Parameters(raw_sharing="shared", restricted_files=("*.TXT",)), "nonshared_raw"),
        (Parameters(raw_sharing="shared", restricted_files=("secret/*",)), "nonshared_raw"),
        (Parameters(raw_sharing="shared", restricted_files=("*.csv",)), "raw"),
    ],
)
def test_an_input_becomes_public_only_where_everything_allows_it(parameters, folder):
    assert raw_folder("secret/scan.txt", parameters) == folder


def test_nothing_restricted_lands_in_raw(outcome, context, contents, tmp_path):
    files = {"scan.txt": b"1", "scan_metadata.json": b"2", "a/notes.docx": b"3"}
    made = outcome(files=files)
    (tmp_path / "out").mkdir()
    policy = Parameters(raw_sharing="shared", restricted_files=("*_metadata.json", "*.docx"))
    exporter.write([made], tmp_path / "out", context(made), policy)
    data = tmp_path / "out" / "data"
    assert contents(data / "raw") == {"scan.txt": b"1"}
    assert contents(data / "nonshared_raw") == {"scan_metadata.json": b"2", "a/notes.docx": b"3"}


@pytest.fixture
def anonymous_job(tmp_path, data, invoice):
    """Return a job of a person's file, whose invoice names that person."""
    inputs = tmp_path / "job" / "data" / "inputdata"
    inputs.mkdir(parents=True)
    shutil.copy(data / "lg4x" / "C1s_sample.csv", inputs / "C1s_KIMOTO.csv")
    sidecar = {"Excitation Energy": 650.0, "Pass Energy": 50, "User": "KIMOTO", "Time": "10:20:30"}
    (inputs / "C1s_KIMOTO_metadata.json").write_text(json.dumps(sidecar), encoding="utf-8")
    place = tmp_path / "job" / "data" / "invoice" / "invoice.json"
    place.parent.mkdir()
    place.write_text(json.dumps(invoice(description="by Koji Kimoto"), ensure_ascii=False), encoding="utf-8")
    return tmp_path / "job"


@pytest.fixture
def laboratory(tmp_path, data):
    folder = tmp_path / "site"
    shutil.copytree(data / "fakelab", folder / "fakelab", ignore=shutil.ignore_patterns("__pycache__"))
    with on_path(fake_distribution(folder, "fakelab", plugins={"fakelab": "fakelab.plugin"})):
        yield load_plugins(allow=["fakelab", "rde"])


def run(job, plugins, **settings):
    given = {"run.reader": "fakelab", "exporters.rde.anonymised": True}
    given |= {f"exporters.rde.{name}": value for name, value in settings.items()}
    return run_job(job, plugins, Settings().with_values(given), today=date(2026, 1, 15))


def test_an_anonymised_job_shows_no_name_and_says_where_one_remains(anonymous_job, laboratory, contents):
    report = run(anonymous_job, laboratory, raw_sharing="shared")
    assert report.named == ("invoice/invoice.json:1",)
    assert not report.shared
    data = anonymous_job / "data"
    made = {
        name: content
        for name, content in contents(data).items()
        if name.startswith(("meta", "struct", "main", "other", "thumb"))
    }
    assert made
    assert not [name for name, content in made.items() if "kimoto" in name.lower() or b"kimoto" in content.lower()]
    assert not (data / "raw").exists()
    assert sorted(contents(data / "nonshared_raw")) == ["C1s_KIMOTO.csv", "C1s_KIMOTO_metadata.json"]
    (log,) = (data / "logs").iterdir()
    assert "invoice/invoice.json:1" in log.read_text(encoding="utf-8")


def test_figures_of_letters_are_drawn_without_names_too(anonymous_job, laboratory, contents):
    pytest.importorskip("matplotlib_fontja")
    report = run(anonymous_job, laboratory, vector_figures="svg")
    assert report.named == ("invoice/invoice.json:1",)
    made = contents(anonymous_job / "data" / "structured")
    drawn = {name: content.lower() for name, content in made.items() if name.endswith(".svg")}
    # Beside the outlines of its letters stands what a text says, which makes names findable.
    assert any(b"<!-- c1s -->" in content for content in drawn.values())
    assert not [name for name, content in drawn.items() if "kimoto" in name.lower() or b"kimoto" in content]


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def support(job, name, text):
    path = job / "data" / "tasksupport" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_finished_tile_loses_its_names_too(anonymous_job, laboratory):
    inputs = anonymous_job / "data" / "inputdata"
    for path in inputs.iterdir():
        path.unlink()
    constant = {"user": {"value": "SUZUKI, Ichiro"}, "location": {"value": "KIT"}, "lens": {"value": "by Suzuki"}}
    finished = {"constant": constant, "variable": [{"user": {"value": "SUZUKI, Ichiro"}, "step": {"value": 1.5}}]}
    tree = {"0000/meta/metadata.json": json.dumps(finished), "0000/structured/a.csv": "x\nsuzuki\n"}
    (inputs / "tree.zip").write_bytes(packed(tree))
    support(anonymous_job, "rdeconfig.yaml", "system: {extended_mode: rdeformat}\n")
    report = run(anonymous_job, laboratory)
    written = json.loads((anonymous_job / "data" / "meta" / "metadata.json").read_text(encoding="utf-8"))
    assert written == {"constant": {"lens": {"value": "by anonymous"}}, "variable": [{"step": {"value": 1.5}}]}
    assert report.named == ("structured/a.csv:2",)


def test_a_data_name_that_the_job_fills_shows_no_name_of_a_file(anonymous_job, laboratory, invoice):
    support(anonymous_job, "rdeconfig.yaml", "system: {magic_variable: true}\n")
    place = anonymous_job / "data" / "invoice" / "invoice.json"
    place.write_text(json.dumps(invoice(dataName="run ${filename}"), ensure_ascii=False), encoding="utf-8")
    assert run(anonymous_job, laboratory).named == ()
    assert json.loads(place.read_text(encoding="utf-8"))["basic"]["dataName"] == "run C1s_anonymous.csv"


def test_what_a_table_states_shows_no_name(anonymous_job, laboratory):
    named = {"ja": "名", "en": "name"}
    keys = {key: {"name": named, "schema": {"type": "string"}} for key in ("user", "room")}
    form = {"type": "object", "required": ["custom", "sample"]}
    form["properties"] = {
        part: {"type": "object", "label": named, "required": [], "properties": {}} for part in ("custom", "sample")
    }
    support(anonymous_job, "metadata-def.json", json.dumps(keys))
    support(anonymous_job, "invoice.schema.json", json.dumps(form))
    inputs = anonymous_job / "data" / "inputdata"
    files = {path.name: path.read_bytes() for path in inputs.iterdir()}
    for path in inputs.iterdir():
        path.unlink()
    (inputs / "data.zip").write_bytes(packed(files))
    table = "a,b,c,d,e\nbasic/dataName,basic/description,meta/user,meta/room,inputdata1\n"
    table += "x,y,SUZUKI Ichiro,Kimoto and suzuki ichiro,C1s_KIMOTO.csv\n"
    (inputs / "smarttable_x.csv").write_text(table, encoding="utf-8")
    assert run(anonymous_job, laboratory).named == ()
    written = json.loads((anonymous_job / "data" / "meta" / "metadata.json").read_text(encoding="utf-8"))
    assert written["constant"] == {"room": {"value": "anonymous and anonymous"}}


def test_a_job_that_is_not_anonymised_says_nothing_of_names(anonymous_job, laboratory):
    assert run(anonymous_job, laboratory, anonymised=False).named is None


def test_verify_finds_a_name_in_the_tree_of_any_program(written, capsys):
    tree = written("a")
    assert run_command_line(["rde", "verify", str(tree), "--hide", "山田 太郎", "--json", "--lang", "en"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]["findings"]
    failed = {(one["rule"], one["path"], one.get("line")) for one in findings if one["kind"] == "fail"}
    assert failed == {
        ("RDE-ANO-001", "data/meta/metadata.json", 4),
        ("RDE-ANO-002", "data/meta/metadata.json", None),
    }
    assert run_command_line(["rde", "verify", str(tree)]) == 0


def test_verify_finds_inputs_of_an_anonymised_dataset_that_become_public(written):
    tree = written("a", parameters=Parameters(raw_sharing="shared"))
    findings = exporter.verify(tree, Parameters(anonymised=True, hidden_names=("nobody",)))
    assert {one.rule for one in findings if one.counts} == {"RDE-ANO-002", "RDE-ANO-003"}


def test_each_line_with_a_name_is_told_as_far_as_it_helps(tmp_path):
    structured = tmp_path / "data" / "structured"
    structured.mkdir(parents=True)
    (structured / "few.txt").write_text("Suzuki Ichiro\nCu\nSUZUKI, ICHIRO\n", encoding="utf-8")
    (structured / "many.txt").write_text("Suzuki Ichiro\n" * 500, encoding="utf-8")
    few, many = names_shown(Job(tmp_path / "data"), hide(["Suzuki, Ichiro"]))
    assert few == "structured/few.txt:1,3"
    assert many == "structured/many.txt:" + ",".join(map(str, range(1, 21))) + ",…"


def test_names_are_looked_for_in_workbooks_and_files_that_cannot_be_looked_into_are_named(tmp_path):
    structured = tmp_path / "data" / "structured"
    structured.mkdir(parents=True)
    for name, text in (("book.xlsx", "<t>Suzuki Ichiro</t>"), ("clean.xlsx", "<t>Cu</t>")):
        with zipfile.ZipFile(structured / name, "w") as archive:
            archive.writestr("xl/sharedStrings.xml", text)
    with zipfile.ZipFile(structured / "nested.zip", "w") as archive:
        archive.writestr("notes.bin", b"\0")
    (structured / "b.pdf").write_bytes(b"%PDF-1.7")
    (structured / "drawn.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "data" / "main_image").mkdir()
    (tmp_path / "data" / "main_image" / "drawn.png").write_bytes(b"\x89PNG")
    (structured / "t.csv").write_text("a\n1\n", encoding="utf-8")
    job = Job(tmp_path / "data")
    assert names_shown(job, hide(["Suzuki, Ichiro"])) == ("structured/book.xlsx",)
    (said,) = not_looked_into(job)
    assert said.render("en").startswith("names cannot be looked for in structured/b.pdf, structured/nested.zip; ")
