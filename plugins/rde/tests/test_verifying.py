"""What ``verify`` finds: nothing in a sound tree, and each defect that is planted in one."""

import json
import os
import shutil
import struct
import zlib

import pytest
from PIL import Image

from shirube.errors import InputError
from shirube_rde import exporter
from shirube_rde.texts import message
from shirube_rde.verification import RULES

#: Rules on anonymised datasets have tests of their own.
ANONYMITY = {"RDE-ANO-001", "RDE-ANO-002", "RDE-ANO-003"}


def edit(path, change):
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def metadata(change):
    return lambda data: edit(data / "meta" / "metadata.json", change)


def definition(change):
    return lambda data: edit(data / "tasksupport" / "metadata-def.json", change)


def schema(change):
    return lambda data: edit(data / "tasksupport" / "invoice.schema.json", change)


def invoice(change):
    return lambda data: edit(data / "invoice" / "invoice.json", change)


def text(name, content):
    def plant(data):
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    return plant


def link(name, target):
    def plant(data):
        path = data / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return plant


def chunk(kind, content=b""):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks, width=4):
    """Plant a PNG of a sound signature and header, followed by ``chunks``."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 4, 8, 2, 0, 0, 0))
    content = b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks)
    return lambda data: (data / "other_image" / "a.png").write_bytes(content)


def emptied(name):
    """Plant a file in the place of a folder."""

    def plant(data):
        shutil.rmtree(data / name, ignore_errors=True)
        (data / name).write_text("x", encoding="utf-8")

    return plant


def main_image(data):
    (path,) = (data / "main_image").iterdir()
    return path


def cut_short(data):
    path = main_image(data)
    path.write_bytes(path.read_bytes()[:-40])


def first(content):
    return content["variable"][0]


def field(key, **changes):
    return schema(lambda all_: all_["properties"]["custom"]["properties"][key].update(changes))


def item(key, **changes):
    return definition(lambda all_: all_[key].update(changes))


def large_thumbnail(data):
    (path,) = (data / "thumbnail").iterdir()
    Image.new("RGB", (1600, 1000)).save(path)


DEFECTS = {
    "a job.failed left behind": ("RDE-JOB-001", text("job.failed", "ErrorCode=1\nErrorMessage=x\n")),
    "a link to a folder elsewhere": ("RDE-JOB-002", link("structured/link", "/")),
    "a link to itself": ("RDE-JOB-002", link("structured/loop", "loop")),
    "a link to nothing": ("RDE-JOB-002", link("nonshared_raw/gone.txt", "nowhere")),
    "a link to a file of the tree": ("RDE-JOB-002", link("structured/again.txt", "../nonshared_raw/scan.txt")),
    "a folder of a tile that is a link": ("RDE-JOB-002", link("structured", "main_image")),
    "metadata that are a link": ("RDE-JOB-002", link("meta/metadata.json", "../divided/0001/meta/metadata.json")),
    "a tile that is a link": ("RDE-JOB-002", link("divided/0002", "0001")),
    "a job.failed that is a link to nothing": ("RDE-JOB-001", link("job.failed", "nowhere")),
    "a pipe": ("RDE-JOB-002", lambda data: os.mkfifo(data / "structured" / "pipe.csv")),
    "a pipe as metadata": (
        "RDE-JOB-002",
        lambda data: ((data / "meta" / "metadata.json").unlink(), os.mkfifo(data / "meta" / "metadata.json")),
    ),
    "a pipe as image": ("RDE-JOB-002", lambda data: os.mkfifo(data / "other_image" / "pipe.png")),
    "divided that is a file": ("RDE-TIL-006", emptied("divided")),
    "an image folder that is a file": ("RDE-TIL-006", emptied("divided/0001/other_image")),
    "a file numbered like a tile": ("RDE-TIL-001", text("divided/0002", "x")),
    "a gap in the tiles": ("RDE-TIL-001", lambda data: (data / "divided" / "0001").rename(data / "divided" / "0002")),
    "a tile of three digits": (
        "RDE-TIL-001",
        lambda data: (data / "divided" / "0001").rename(data / "divided" / "001"),
    ),
    "a file among the tiles": ("RDE-TIL-001", text("divided/readme.txt", "x")),
    "a tile without metadata": (
        "RDE-TIL-002",
        lambda data: (data / "divided" / "0001" / "meta" / "metadata.json").unlink(),
    ),
    "a tile without structured data": ("RDE-TIL-003", lambda data: shutil.rmtree(data / "structured")),
    "a tile without a main image": ("RDE-TIL-003", lambda data: shutil.rmtree(data / "main_image")),
    "a tile without a thumbnail": ("RDE-TIL-003", lambda data: shutil.rmtree(data / "divided" / "0001" / "thumbnail")),
    "a tile without its input": ("RDE-TIL-004", lambda data: shutil.rmtree(data / "nonshared_raw")),
    "a tile without its invoice": ("RDE-TIL-005", lambda data: shutil.rmtree(data / "divided" / "0001" / "invoice")),
    "an input both public and not": ("RDE-RAW-001", text("raw/scan.txt", "x")),
    "an SVG as main image": ("RDE-IMG-001", text("main_image/a.svg", "<svg/>")),
    "a PDF among the images": ("RDE-IMG-001", text("other_image/a.pdf", "%PDF")),
    "a text that calls itself an image": ("RDE-IMG-002", text("other_image/a.PNG", "no image")),
    "a PNG that ends after its header": ("RDE-IMG-002", png()),
    "a PNG without image data": ("RDE-IMG-002", png(chunk(b"IEND"))),
    "a PNG with empty image data": ("RDE-IMG-002", png(chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND"))),
    "an image that was cut short": ("RDE-IMG-002", cut_short),
    "a thumbnail that was not made small": ("RDE-IMG-004", large_thumbnail),
    "metadata in a folder of another name": ("RDE-TIL-007", text("metadata/metadata.json", "{}")),
    "tiles within a tile": ("RDE-TIL-007", text("divided/0001/divided/0001/meta/metadata.json", "{}")),
    "a hidden file beside the folders": ("RDE-TIL-007", text(".DS_Store", "x")),
    "an empty table": ("RDE-TIL-008", text("structured/empty.csv", "")),
    "a second file of metadata": ("RDE-TIL-009", text("meta/metadata_old.json", "{}")),
    "a table with rows of unequal length": ("RDE-CSV-001", text("structured/a.csv", "x,y\n1,2\n3\n")),
    "a table in Shift JIS": (
        "RDE-CSV-001",
        lambda data: (data / "structured" / "a.csv").write_bytes("エネルギー,強度\n1,2\n".encode("cp932")),
    ),
    "a description of files that is not JSON": ("RDE-FIL-001", text("filemeta.json", "{")),
    "a description without a list of files": ("RDE-FIL-001", text("filemeta.json", "{}")),
    "a description of a file that is not there": (
        "RDE-FIL-001",
        text("filemeta.json", '{"filemetadata": [{"filename": "structured/gone.csv", "metadata": {}}]}'),
    ),
    "a PNG that calls itself a JPEG": (
        "RDE-IMG-002",
        lambda data: shutil.copy(main_image(data), data / "other_image" / "a.jpg"),
    ),
    "a Japanese name of structured data": ("RDE-NAM-001", text("structured/試料.csv", "x")),
    "names that differ in case": (
        "RDE-NAM-002",
        lambda data: (text("structured/a.csv", "x\n")(data), text("structured/A.CSV", "x\n")(data)),
    ),
    "a hidden leftover": ("RDE-NAM-003", text("structured/.~lock.a.csv#", "x")),
    "no definition": ("RDE-DEF-001", lambda data: (data / "tasksupport" / "metadata-def.json").unlink()),
    "a definition that is not JSON": ("RDE-DEF-001", text("tasksupport/metadata-def.json", "{,}")),
    "a definition without a Japanese name": ("RDE-DEF-002", definition(lambda all_: all_["user"]["name"].pop("ja"))),
    "a definition of an illegal type": (
        "RDE-DEF-002",
        definition(lambda all_: all_["user"].update(schema={"type": "text"})),
    ),
    "a format that nobody knows": ("RDE-DEF-003", item("date", schema={"type": "string", "format": "datetime"})),
    "a format of a number": ("RDE-DEF-003", item("date", schema={"type": "number", "format": "date"})),
    "a unit of a text": ("RDE-DEF-003", item("step_time", schema={"type": "string"})),
    "a unit taken from nothing": ("RDE-DEF-003", item("step_time", unit="$nothing")),
    "a blank name": ("RDE-DEF-003", item("user", name={"ja": " ", "en": "User"})),
    "an order used twice": ("RDE-DEF-004", item("step_time", order=1)),
    "an item without order": ("RDE-DEF-004", definition(lambda all_: all_["user"].pop("order"))),
    "code in the definition": ("RDE-DEF-005", item("user", action="metadata_value.upper()")),
    "a key with blanks": (
        "RDE-DEF-006",
        definition(lambda all_: all_.update({"Pass Energy": {**all_["user"], "order": 99}})),
    ),
    "a default of nothing": ("RDE-DEF-007", text("tasksupport/default_value.csv", "key,value\ncommon.data_type,XPS\n")),
    "a minimum of a text": ("RDE-SCH-003", field("remark", minimum=0)),
    "a default of another type": ("RDE-SCH-003", field("limit", default="200")),
    "a default that is no choice": ("RDE-SCH-003", field("form", default="粉")),
    "a text area without rows": ("RDE-SCH-003", field("remark", options={"widget": "textarea"})),
    "a required field that is not defined": (
        "RDE-SCH-003",
        lambda data: (
            schema(lambda all_: all_["properties"]["custom"].update(required=["ghost"]))(data),
            invoice(lambda all_: all_["custom"].update(ghost="1"))(data),
        ),
    ),
    "no schema": ("RDE-SCH-001", lambda data: (data / "tasksupport" / "invoice.schema.json").unlink()),
    "a schema of an illegal type": (
        "RDE-SCH-002",
        schema(lambda all_: all_["properties"]["custom"]["properties"]["form"].update(type="text")),
    ),
    "a section that is not required": ("RDE-SCH-002", schema(lambda all_: all_["required"].remove("sample"))),
    "NaN in the metadata": (
        "RDE-MET-001",
        text("meta/metadata.json", '{"constant": {"user": {"value": NaN}}, "variable": []}'),
    ),
    "metadata in Shift JIS": (
        "RDE-MET-001",
        lambda data: (data / "meta" / "metadata.json").write_bytes('{"constant": {"測": 1}}'.encode("cp932")),
    ),
    "metadata without variable": ("RDE-MET-002", metadata(lambda all_: all_.pop("variable"))),
    "a bare value": ("RDE-MET-002", metadata(lambda all_: all_["constant"].update(user="A"))),
    "a null value": ("RDE-MET-002", metadata(lambda all_: all_["constant"].update(user={"value": None}))),
    "an object as value": ("RDE-MET-002", metadata(lambda all_: all_["constant"].update(user={"value": {}}))),
    "an extra key in an item": ("RDE-MET-002", metadata(lambda all_: all_["constant"]["user"].update(type="string"))),
    "an undefined item": ("RDE-MET-003", metadata(lambda all_: all_["constant"].update(userr={"value": "A"}))),
    "a number as text": ("RDE-MET-004", metadata(lambda all_: first(all_)["pass_energy"].update(value="50"))),
    "a text as number": ("RDE-MET-004", metadata(lambda all_: all_["constant"]["user"].update(value=5))),
    "a fraction as integer": ("RDE-MET-004", metadata(lambda all_: first(all_)["number_of_sweeps"].update(value=4.5))),
    "true as number": ("RDE-MET-004", metadata(lambda all_: first(all_)["pass_energy"].update(value=True))),
    "another unit": ("RDE-MET-005", metadata(lambda all_: first(all_)["step_time"].update(unit="s"))),
    "a unit left out": ("RDE-MET-005", metadata(lambda all_: first(all_)["step_time"].pop("unit"))),
    "a unit where none is defined": (
        "RDE-MET-005",
        metadata(lambda all_: first(all_)["pass_energy"].update(unit="eV")),
    ),
    "a text of more than 1024 bytes": (
        "RDE-MET-006",
        metadata(lambda all_: all_["constant"]["user"].update(value="あ" * 342)),
    ),
    "an American date": ("RDE-MET-007", metadata(lambda all_: first(all_).update(date={"value": "3/31/2025"}))),
    "a time of twelve hours": ("RDE-MET-007", metadata(lambda all_: first(all_).update(time={"value": "4:02:39 AM"}))),
    "a time without offset": ("RDE-MET-010", metadata(lambda all_: first(all_).update(time={"value": "10:20:30"}))),
    "a date of the basic form": ("RDE-MET-007", metadata(lambda all_: first(all_).update(date={"value": "20250331"}))),
    "no metadata": ("RDE-MET-011", text("meta/metadata.json", '{"constant": {}, "variable": []}')),
    "a spectrum without metadata": ("RDE-MET-011", metadata(lambda all_: all_["variable"].append({}))),
    "a key written twice": (
        "RDE-MET-001",
        text("meta/metadata.json", '{"constant": {"user": {"value": "A"}, "user": {"value": "B"}}, "variable": []}'),
    ),
    "an invoice that is not JSON": ("RDE-INV-001", text("invoice/invoice.json", "{")),
    "an invoice without basic": ("RDE-INV-002", invoice(lambda all_: all_.pop("basic"))),
    "a data name that is a number": ("RDE-INV-002", invoice(lambda all_: all_["basic"].update(dataName=5))),
    "a choice that is none": ("RDE-INV-003", invoice(lambda all_: all_["custom"].update(form="液体"))),
    "a text for a number": ("RDE-INV-003", invoice(lambda all_: all_["custom"].update(limit="150"))),
    "a number below its minimum": ("RDE-INV-003", invoice(lambda all_: all_["custom"].update(limit=-1))),
    "no sample though required": ("RDE-INV-003", invoice(lambda all_: all_.pop("sample"))),
    "a section nobody knows": ("RDE-INV-003", invoice(lambda all_: all_.update(extra={}))),
    "a data name of 257 characters": ("RDE-INV-004", invoice(lambda all_: all_["basic"].update(dataName="あ" * 257))),
    "an experiment id of 257 characters": (
        "RDE-INV-004",
        invoice(lambda all_: all_["basic"].update(experimentId="1" * 257)),
    ),
    "a description of 8193 characters": (
        "RDE-INV-004",
        invoice(lambda all_: all_["basic"].update(description="a" * 8193)),
    ),
    "a misspelt manual item": ("RDE-INV-005", invoice(lambda all_: all_["custom"].update(frm="粉末"))),
    "an American date of submission": (
        "RDE-INV-006",
        invoice(lambda all_: all_["basic"].update(dateSubmitted="01/15/2026")),
    ),
    "a dataset id that is none": ("RDE-INV-006", invoice(lambda all_: all_.update(datasetId="17"))),
    "an owner that is none": ("RDE-INV-006", invoice(lambda all_: all_["basic"].update(dataOwnerId="me"))),
    "an instrument that is none": ("RDE-INV-006", invoice(lambda all_: all_["basic"].update(instrumentId="AE-007"))),
    "no data name": ("RDE-INV-006", invoice(lambda all_: all_["basic"].pop("dataName"))),
    "a new sample without a name": ("RDE-INV-009", invoice(lambda all_: all_["sample"].update(names=[""]))),
    "a sample that is none": ("RDE-INV-009", invoice(lambda all_: all_["sample"].update(sampleId="Si-1"))),
    "an owner of the sample who is none": ("RDE-INV-009", invoice(lambda all_: all_["sample"].update(ownerId="me"))),
    "an attribute stated twice": (
        "RDE-INV-009",
        invoice(lambda all_: all_["sample"].update(generalAttributes=all_["sample"]["generalAttributes"] * 2)),
    ),
    "tiles of two datasets": (
        "RDE-INV-010",
        invoice(lambda all_: all_.update(datasetId="0e44ba41-2ddf-4b9a-a6ea-bb1d0ae7e1ab")),
    ),
    "a line written twice": (
        "RDE-INV-007",
        invoice(lambda all_: all_["basic"].update(description="光エネルギー(eV):800\n光エネルギー(eV):800")),
    ),
    "a variable nobody filled": ("RDE-INV-008", invoice(lambda all_: all_["basic"].update(dataName="${filename}"))),
}
NOTES = {
    "several main images": (
        "RDE-IMG-003",
        lambda data: shutil.copy(main_image(data), data / "main_image" / "a.png"),
    ),
    "an image too large to be checked": ("RDE-IMG-002", png(chunk(b"IDAT"), chunk(b"IEND"), width=10**8)),
    "fewer images than spectra": (
        "RDE-IMG-005",
        metadata(lambda all_: all_.update(variable=all_["variable"] * 3)),
    ),
    "an input that nothing was made of": ("RDE-RAW-002", text("nonshared_raw/second.txt", "x")),
    "tiles of one name": (
        "RDE-INV-011",
        lambda data: shutil.copy(
            data / "divided" / "0001" / "invoice" / "invoice.json", data / "invoice" / "invoice.json"
        ),
    ),
    "numbers as texts": (
        "RDE-MET-012",
        lambda data: [
            metadata(lambda all_: all_["constant"]["user"].update(value="20.0"))(tile)
            for tile in (data, data / "divided" / "0001")
        ],
    ),
    "a TIFF among the images": ("RDE-IMG-001", text("other_image/a.tif", "II*")),
    "a Japanese name of an input": ("RDE-NAM-001", text("nonshared_raw/試料.dat", "x")),
    "a hidden input": ("RDE-NAM-003", text("nonshared_raw/.hidden", "x")),
    "a constant that is defined as variable": (
        "RDE-MET-008",
        metadata(lambda all_: all_["constant"].update(pass_energy=first(all_).pop("pass_energy"))),
    ),
}


def failing(findings):
    return {finding.rule for finding in findings if finding.counts}


def test_a_tree_written_here_has_nothing_wrong(written, parameters):
    findings = exporter.verify(written("a", "b", "c"), parameters)
    assert failing(findings) == set()
    assert not [finding for finding in findings if finding.note]
    not_passed = {rule.id for rule in RULES} - {finding.rule for finding in findings if finding.kind == "pass"}
    # What is missing is told, no template states defaults here, and nobody asked for anonymity.
    assert not_passed == {"RDE-MET-009", "RDE-DEF-007", *ANONYMITY}


def test_what_is_defined_but_missing_is_said_without_blame(written, parameters):
    (said,) = [finding for finding in exporter.verify(written(), parameters) if finding.rule == "RDE-MET-009"]
    assert said.kind == "informational"
    assert "excitation_energy, comments, date, time" in said.message.en
    assert "_uncertainty" not in said.message.en


def test_what_an_analysis_yields_is_not_missed_where_none_was_made(written, parameters):
    tree = written()
    path = tree / "data" / "meta" / "metadata.json"

    def missing(*keys):
        content = json.loads(path.read_text(encoding="utf-8"))
        for key in keys:
            del first(content)[key]
        path.write_text(json.dumps(content), encoding="utf-8")
        return next(one.message.en for one in exporter.verify(tree, parameters) if one.rule == "RDE-MET-009")

    analysed = [key for key in first(json.loads(path.read_text(encoding="utf-8"))) if key.startswith("fakelab_peak")]
    assert "fakelab_peak_place" in missing("fakelab_peak_place")
    assert "fakelab_peak" not in missing(*(key for key in analysed if key != "fakelab_peak_place"))


@pytest.mark.parametrize("defect", DEFECTS)
def test_finds(defect, written, parameters):
    if os.name == "nt" and ("link" in defect or "pipe" in defect):
        pytest.skip("Windows has no pipes in folders, and lets few make links")
    tree = written("a", "b")
    rule, plant = DEFECTS[defect]
    plant(tree / "data")
    findings = exporter.verify(tree, parameters)
    assert rule in failing(findings)
    assert not [finding for finding in findings if finding.error]


@pytest.mark.parametrize("oddity", NOTES)
def test_notes(oddity, written, parameters):
    tree = written("a", "b")
    rule, plant = NOTES[oddity]
    plant(tree / "data")
    findings = exporter.verify(tree, parameters)
    assert [finding.rule for finding in findings if finding.note] == [rule]
    assert failing(findings) == set()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
def test_a_sound_image_passes(form, written, parameters):
    tree = written("a")
    Image.new("RGB", (40, 30), (9, 9, 200)).save(tree / "data" / "other_image" / f"a.{form}", format=form)
    assert failing(exporter.verify(tree, parameters)) == set()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few make links")
def test_nothing_that_a_link_leads_to_is_read(written, parameters, tmp_path):
    tree = written("a")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").write_text("ErrorMessage=secret", encoding="utf-8")
    link("job.failed", tmp_path / "elsewhere" / "secret.txt")(tree / "data")
    link("structured/folder", tmp_path / "elsewhere")(tree / "data")
    link("tasksupport", tmp_path / "elsewhere")(tree / "data")
    findings = exporter.verify(tree, parameters)
    assert [finding.path for finding in findings if finding.rule == "RDE-JOB-002"] == [
        "data/job.failed",
        "data/structured/folder",
        "data/tasksupport",
    ]
    assert not [finding for finding in findings if "secret" in finding.message.en]


def test_one_cause_gives_one_failure(written, parameters):
    tree = written("a")
    text("meta/metadata.json", "{")(tree / "data")
    assert failing(exporter.verify(tree, parameters)) == {"RDE-MET-001"}


def test_a_finding_names_the_file_the_place_and_what_to_do_in_both_languages(written, parameters):
    tree = written("a", "b")
    edit(
        tree / "data" / "divided" / "0001" / "meta" / "metadata.json",
        lambda all_: first(all_)["step_time"].update(unit="s"),
    )
    (found,) = [finding for finding in exporter.verify(tree, parameters) if finding.counts]
    assert found.path == "data/divided/0001/meta/metadata.json"
    assert found.message.en == "variable[0].step_time is in the unit s, but its defined unit is msec"
    assert found.message.ja == "variable[0].step_time の単位は s ですが、定義された単位は msec です"
    assert found.remedy.en.startswith("convert the value")
    assert (found.policy, found.subject.kind, found.subject.id) == ("rde", "tree", "tree")


def test_all_problems_of_an_invoice_are_found_in_one_pass(written, parameters):
    tree = written("a")
    edit(
        tree / "data" / "invoice" / "invoice.json",
        lambda all_: all_["custom"].update(form="液体", limit="x", fit_on_off="yes"),
    )
    said = [finding.message.en for finding in exporter.verify(tree, parameters) if finding.rule == "RDE-INV-003"]
    assert said == [
        "custom.fit_on_off is 'yes', which is not of type boolean",
        "custom.form is '液体', which is none of the choices: 粉末, フィルム, その他",
        "custom.limit is 'x', which is not of type number",
    ]


def test_items_left_blank_satisfy_the_schema_unless_required(written, parameters):
    tree = written("a")
    invoice(lambda all_: all_["custom"].update(form=None, limit=None))(tree / "data")
    assert failing(exporter.verify(tree, parameters)) == set()
    schema(lambda all_: all_["properties"]["custom"].update(required=["form", "limit"]))(tree / "data")
    (found,) = [finding for finding in exporter.verify(tree, parameters) if finding.counts]
    assert found.message.en == "required, but left blank: custom.form, custom.limit"


def test_attributes_of_the_sample_must_come_in_the_order_of_the_schema(written, parameters):
    tree = written("a")
    first_term, second_term = "0aadfff2-37de-411f-883a-38b62b2abbce", "0444cf53-db47-b208-7b5f-54429291a140"
    wanted = [
        {"type": "object", "required": ["termId"], "properties": {"termId": {"const": term}}}
        for term in (first_term, second_term)
    ]
    schema(
        lambda all_: all_["properties"]["sample"]["properties"].update(
            generalAttributes={"type": "array", "items": wanted}
        )
    )(tree / "data")
    invoice(lambda all_: all_["sample"].update(generalAttributes=[{"termId": second_term}, {"termId": first_term}]))(
        tree / "data"
    )
    assert failing(exporter.verify(tree, parameters)) == {"RDE-INV-003"}
    invoice(lambda all_: all_["sample"].update(generalAttributes=[{"termId": first_term}, {"termId": second_term}]))(
        tree / "data"
    )
    assert failing(exporter.verify(tree, parameters)) == set()


def test_a_schema_that_refers_elsewhere_is_not_followed(written, parameters):
    tree = written("a")
    elsewhere = {"$ref": "https://example.org/other.json"}
    schema(lambda all_: all_["properties"]["custom"]["properties"].update(form=elsewhere))(tree / "data")
    (found,) = [finding for finding in exporter.verify(tree, parameters) if finding.counts]
    assert "https://example.org/other.json" in found.message.en


def test_a_unit_taken_from_another_item_may_be_any(written, parameters):
    tree = written("a")
    definition(lambda all_: all_["step_time"].update(unit="$user"))(tree / "data")
    assert failing(exporter.verify(tree, parameters)) == set()


def test_a_folder_without_a_job_is_an_error(tmp_path, parameters):
    with pytest.raises(InputError, match="there is no RDE job here"):
        exporter.verify(tmp_path, parameters)


def test_data_itself_may_be_named(written, parameters):
    assert failing(exporter.verify(written("a") / "data", parameters)) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_tested_and_says_what_to_do_in_both_languages(rule):
    assert rule.id in {planted for planted, _ in (*DEFECTS.values(), *NOTES.values())} | {"RDE-MET-009"} | ANONYMITY
    for code in (rule.id, f"{rule.id}-remedy"):
        said = message(code).text()
        assert said.en
        assert said.ja
        assert said.en != said.ja
