"""The five modes of RDE, on jobs that are made here: which files and which invoice each tile has."""

import io
import json
import os
import unicodedata
import zipfile

import pytest

from shirube.errors import InputError, MissingPluginError
from shirube_rde.failure import InvoiceError, JobError, TableError, TemplateError
from shirube_rde.verification import verify_job

pytestmark = pytest.mark.usefixtures("drawn_quickly")
OWNER = "0" * 20 + "abcDEF" * 6
TERM = "3adf9874-7bcb-e5f8-99cb-3d6fd9d7b55e"
NAMED = {"ja": "名", "en": "name"}
FIELDS = {"form": "string", "fit_on_off": "boolean", "limit": "number", "remark": "string"}
SCHEMA = {
    "type": "object",
    "required": ["custom", "sample"],
    "properties": {
        "custom": {
            "type": "object",
            "label": NAMED,
            "required": [],
            "properties": {key: {"label": NAMED, "type": kind} for key, kind in FIELDS.items()},
        },
        "sample": {"type": "object", "label": NAMED, "properties": {}},
    },
}
#: The sheet of tiles as RDE makes it: format, sections, keys, labels.
HEAD = [
    ["invoiceList_format_id", "Sample_RDE_DataSet"],
    ["data_file_names", "basic", "basic", "sample", "sample.general", "custom", "custom"],
    ["name", "dataName", "dataOwnerId", "names", "general_name", "fit_on_off", "limit"],
    ["ファイル名", "データ名", "所有者", "試料名", "一般名称", "BIC", "上限"],
]


@pytest.fixture
def job(new_job, tmp_path):
    """Return a job with a form, and no input file yet."""
    root = new_job(tmp_path / "job")
    for path in inputs(root).iterdir():
        path.unlink()
    write(root, "tasksupport/invoice.schema.json", json.dumps(SCHEMA))
    return root


@pytest.fixture(scope="session")
def measured(data):
    return (data / "lg4x" / "C1s_sample.csv").read_bytes()


def inputs(root):
    return root / "data" / "inputdata"


def write(root, name, text):
    path = root / "data" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def configure(root, text):
    write(root, "tasksupport/rdeconfig.yaml", text)


def read(root, name):
    return json.loads((root / "data" / name).read_text(encoding="utf-8"))


def names(root, place=""):
    return sorted(path.name for path in (root / "data" / place).iterdir())


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(sheets):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def excel_invoice(*rows, head=HEAD):
    terms = [["term_id", "key_name"], [TERM, "sample.general.general_name"]]
    return workbook({"invoice_form": [*head, *rows], "generalTerm": terms})


def failed(root):
    return (root / "data" / "job.failed").read_text(encoding="utf-8")


# Invoice


def test_all_files_make_one_tile_where_nothing_says_otherwise(job, run, measured):
    for name in ("b.csv", "a.csv"):
        write(job, f"inputdata/{name}", measured)
    report = run(job)
    assert report.mode == "Invoice"
    (tile,) = report.tiles
    assert [spectrum.id for spectrum in tile.outcome.entry.spectra()] == ["a.csv#1", "b.csv#1"]
    assert names(job, "nonshared_raw") == ["a.csv", "b.csv"]
    assert len(read(job, "meta/metadata.json")["variable"]) == 2
    assert not (job / "data" / "divided").exists()


def test_japanese_file_names_of_any_normal_form_and_cp932_texts_just_work(job, run, measured):
    decomposed = unicodedata.normalize("NFD", "が試料")
    write(job, f"inputdata/{decomposed}.csv", measured)
    write(job, "inputdata/が試料_metadata.json", json.dumps({"User": "山田　太郎"}))
    write(job, "inputdata/測定メモ.txt", "測定条件：室温".encode("cp932"))
    run(job)
    assert read(job, "meta/metadata.json")["constant"]["user"] == {"value": "山田　太郎"}
    assert len(names(job, "nonshared_raw")) == 3
    assert all(name.isascii() for part in ("structured", "main_image", "thumbnail") for name in names(job, part))
    assert (job / "data" / "nonshared_raw" / "測定メモ.txt").read_bytes() == "測定条件：室温".encode("cp932")


@pytest.mark.parametrize("changes", [{}, {"dataName": ""}])
def test_files_that_nobody_reads_are_named_when_others_fail(changes, job, run, invoice):
    write(job, "invoice/invoice.json", json.dumps(invoice(**changes)))
    write(job, "inputdata/a.csv", "BE/eV,I\n1,two\n")
    write(job, "inputdata/x.dat", b"\0\1")
    write(job, "inputdata/zero.txt", "")
    with pytest.raises(JobError, match=r"nobody reads these files.*: x\.dat, zero\.txt; check") as caught:
        run(job)
    assert "two" in str(caught.value)
    assert "zero.txt" in failed(job)


def test_names_that_differ_in_case_are_refused(job, run, measured):
    for name in ("a.csv", "A.csv", "b.csv"):
        write(job, f"inputdata/{name}", measured)
    if len(names(job, "inputdata")) != 3:
        pytest.skip("this file system holds one of them only")
    with pytest.raises(InputError, match=r"upper and lower case: A\.csv, a\.csv;"):
        run(job)


def test_what_is_no_file_is_refused(job, run, measured):
    write(job, "inputdata/a.csv", measured)
    os.mkfifo(inputs(job) / "pipe")
    with pytest.raises(InputError, match=r"data/inputdata/pipe: this is a pipe"):
        run(job)


@pytest.mark.parametrize("name", ["x_excel_invoice.xlsm", "X_EXCEL_INVOICE.XLSX", "SmartTable_x.xlsx"])
def test_a_table_that_is_not_named_as_one_is_refused(name, job, run, measured):
    write(job, "inputdata/a.csv", measured)
    write(job, f"inputdata/{name}", b"PK")
    with pytest.raises(TableError, match=rf"'{name}' is not taken for a table"):
        run(job)


def test_what_a_job_passes_over_is_remarked(job, run, measured, invoice):
    write(job, "invoice/invoice.json", json.dumps(invoice(custom={"form": "x", "fit_on_of": True})))
    write(job, "inputdata/a.csv", measured)
    write(job, "inputdata/~$list.xlsx", b"lock")
    open_table, unknown = (one.en for one in run(job).remarks)
    assert open_table.startswith("left out: ~$list.xlsx, which Excel keeps")
    assert "does not know: custom.fit_on_of;" in unknown
    assert read(job, "invoice/invoice.json")["custom"]["fit_on_of"] is True


# MultiDataTile


def test_each_file_makes_a_tile_and_brings_its_sidecar(job, run, measured):
    configure(job, "system:\n  extended_mode: MultiDataTile\n")
    for name in ("c", "a", "b"):
        write(job, f"inputdata/{name}.csv", measured)
    write(job, "inputdata/b_metadata.json", '{"User": "佐藤"}')
    report = run(job)
    assert report.mode == "MultiDataTile"
    assert [(tile.place, tile.outcome.entry.name) for tile in report.tiles] == [
        ("", "a"),
        ("divided/0001", "b"),
        ("divided/0002", "c"),
    ]
    assert names(job, "divided/0001/nonshared_raw") == ["b.csv", "b_metadata.json"]
    assert read(job, "divided/0001/meta/metadata.json")["constant"]["user"] == {"value": "佐藤"}
    assert read(job, "divided/0002/invoice/invoice.json") == read(job, "invoice/invoice.json")
    assert not [one for one in verify_job(job) if one.counts and one.rule != "RDE-DEF-001"]


def test_a_file_that_fails_stops_the_job_and_every_other_problem_is_said_too(job, run, measured):
    configure(job, "system: {extended_mode: MultiDataTile}\n")
    write(job, "inputdata/a.csv", measured)
    write(job, "inputdata/b.csv", "BE/eV,I\n1,two\n")
    write(job, "inputdata/c.csv", "BE/eV,I\n1,three\n")
    write(job, "inputdata/d.md", "notes")
    with pytest.raises(Exception, match=r"two.*three"):
        run(job)
    assert "d.md" in failed(job)
    assert not (job / "data" / "divided").exists()
    assert not (job / "data" / "meta").exists()


def test_a_file_that_fails_is_left_out_where_the_template_says_so(job, run, measured):
    configure(job, "system: {extended_mode: MultiDataTile}\nmultidata_tile: {ignore_errors: true}\n")
    write(job, "inputdata/a.csv", "BE/eV,I\n1,two\n")
    write(job, "inputdata/b.csv", measured)
    write(job, "inputdata/c.csv", measured)
    report = run(job)
    assert [(tile.place, tile.outcome.entry.name) for tile in report.tiles] == [("", "b"), ("divided/0001", "c")]
    assert [one.tile.where.en for one in report.left_out] == ["a.csv"]
    assert names(job, "divided") == ["0001"]
    (log,) = (job / "data" / "logs").iterdir()
    assert "ValueError" in log.read_text(encoding="utf-8")
    write(job, "inputdata/b.csv", "BE/eV,I\nx,y\n")
    write(job, "inputdata/c.csv", "BE/eV,I\nx,y\n")
    with pytest.raises(Exception, match="unexpected error"):
        run(job)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("system: {extended_mode: multidatatile}\n", "it must be one of rdeformat, MultiDataTile"),
        (
            "multidatatile: {ignore_errors: true}\n",
            "section multidatatile means nothing to RDE; write multidata_tile",
        ),
        ("system: {save_rwa: true}\n", "system.save_rwa is no key that RDE knows"),
        ("system: {magic_variable: 1}\n", "system.magic_variable is 1; it must be true or false"),
        ("system: [\n", "line 2"),
        ("- system\n", "the file must hold sections"),
    ],
)
def test_a_configuration_that_rde_would_misunderstand_is_refused(text, said, job, run, measured):
    configure(job, text)
    write(job, "inputdata/a.csv", measured)
    with pytest.raises(TemplateError, match=r"rdeconfig\.yaml") as caught:
        run(job)
    assert said in str(caught.value)
    assert failed(job).startswith("ErrorCode=112\n")


def test_a_project_file_configures_jobs_too_and_what_this_program_does_otherwise_is_said(job, run, measured):
    (job / "pyproject.toml").write_text(
        '[tool.rdetoolkit.system]\nextended_mode = "MultiDataTile"\nsave_raw = true\n', encoding="utf-8"
    )
    write(job, "inputdata/a.csv", measured)
    report = run(job)
    assert report.mode == "MultiDataTile"
    assert report.overruled == ("system.save_raw",)
    assert not (job / "data" / "raw").exists()


def test_variables_in_data_names_are_filled_and_a_second_run_starts_from_the_original(job, run, measured, contents):
    configure(job, "system: {extended_mode: MultiDataTile, magic_variable: true}\n")
    invoice = read(job, "invoice/invoice.json")
    invoice["basic"]["dataName"] = "${filename} ${invoice:custom:form} ${invoice:sample:names}"
    write(job, "invoice/invoice.json", json.dumps(invoice, ensure_ascii=False))
    for name in ("a", "b"):
        write(job, f"inputdata/{name}.csv", measured)
    run(job)
    assert read(job, "invoice/invoice.json")["basic"]["dataName"] == "a.csv フィルム Si(100)"
    assert read(job, "divided/0001/invoice/invoice.json")["basic"]["dataName"] == "b.csv フィルム Si(100)"
    assert read(job, "temp/invoice_org.json") == invoice
    first = contents(job / "data")
    run(job)
    second = contents(job / "data")
    assert {name: one for name, one in first.items() if not name.startswith("logs/")} == {
        name: one for name, one in second.items() if not name.startswith("logs/")
    }
    write(
        job,
        "invoice/invoice.json",
        json.dumps(invoice | {"basic": {**invoice["basic"], "dataName": "new ${filename}"}}),
    )
    run(job)
    assert read(job, "invoice/invoice.json")["basic"]["dataName"] == "new a.csv"


@pytest.mark.parametrize("variable", ["nothing", "invoice:custom:remark", "metadata:constant:none", "invoice:basic"])
def test_a_variable_that_nothing_fills_is_refused(variable, job, run, measured, invoice):
    configure(job, "system: {magic_variable: true}\n")
    write(job, "invoice/invoice.json", json.dumps(invoice(dataName=f"x ${{{variable}}}")))
    write(job, "inputdata/a.csv", measured)
    with pytest.raises(InvoiceError, match="the data name holds"):
        run(job)
    assert not (job / "data" / "meta").exists()


def test_every_variable_that_nothing_fills_is_said(job, run, measured, invoice):
    configure(job, "system: {magic_variable: true}\n")
    write(job, "invoice/invoice.json", json.dumps(invoice(dataName="${nothing} ${filename} ${metadata:constant:none}")))
    write(job, "inputdata/a.csv", measured)
    with pytest.raises(InvoiceError, match=r"\$\{nothing\}.*\$\{metadata:constant:none\}"):
        run(job)


# ExcelInvoice


def test_each_row_of_an_excel_invoice_makes_a_tile(job, run, measured, contents):
    rows = [
        ["一.csv", "first", OWNER, "Si", "silicon", True, 150],
        ["two.csv", "second", OWNER, "Ge", None, False, None],
    ]
    write(job, "inputdata/list_excel_invoice.xlsx", excel_invoice(*rows))
    packed = {
        "一.csv": measured,
        "sub/two.csv": measured,
        "sub/two_metadata.json": '{"User": "鈴木"}',
        "__MACOSX/x": "x",
    }
    write(job, "inputdata/data.zip", zipped(packed))
    original = read(job, "invoice/invoice.json")
    report = run(job)
    assert report.mode == "ExcelInvoice"
    assert [tile.place for tile in report.tiles] == ["", "divided/0001"]
    first, second = read(job, "invoice/invoice.json"), read(job, "divided/0001/invoice/invoice.json")
    assert first["basic"]["dataName"] == "first"
    assert first["basic"]["dateSubmitted"] == original["basic"]["dateSubmitted"]
    assert first["basic"]["description"] is None
    assert first["custom"] == {"form": None, "fit_on_off": True, "limit": 150, "remark": None}
    assert first["sample"]["generalAttributes"] == [{"termId": TERM, "value": "silicon"}]
    assert (second["custom"]["fit_on_off"], second["custom"]["limit"]) == (False, None)
    assert second["sample"]["names"] == ["Ge"]
    assert second["sample"]["generalAttributes"][0]["value"] is None
    assert names(job, "nonshared_raw") == ["一.csv"]
    assert names(job, "divided/0001/nonshared_raw") == ["two.csv", "two_metadata.json"]
    assert "fakelab_peak_height" in read(job, "meta/metadata.json")["variable"][0]
    assert "fakelab_peak_height" not in read(job, "divided/0001/meta/metadata.json")["variable"][0]
    assert read(job, "temp/invoice_org.json") == original
    before = {name: one for name, one in contents(job / "data").items() if not name.startswith("logs/")}
    run(job)
    assert {name: one for name, one in contents(job / "data").items() if not name.startswith("logs/")} == before


def test_rows_may_name_folders_of_the_archive(job, run, measured):
    head = [HEAD[0], ["", *HEAD[1][1:]], ["data_folder_names", *HEAD[2][1:]], HEAD[3]]
    rows = [["s1", "first", OWNER, "Si"], ["s2", "second", OWNER, "Ge"]]
    write(job, "inputdata/list_excel_invoice.xlsx", excel_invoice(*rows, head=head))
    write(job, "inputdata/data.zip", zipped({"s1/a.csv": measured, "s1/b.csv": measured, "s2/a.csv": measured}))
    run(job)
    assert names(job, "nonshared_raw") == ["a.csv", "b.csv"]
    assert names(job, "divided/0001/nonshared_raw") == ["a.csv"]


def test_all_that_is_wrong_with_an_excel_invoice_is_said_with_its_row(job, run, measured):
    rows = [
        ["a.csv", "first", OWNER, "Si", None, "maybe", "wide"],
        ["gone.csv", "second", OWNER, "Ge", None, None, None],
    ]
    write(job, "inputdata/list_excel_invoice.xlsx", excel_invoice(*rows))
    write(job, "inputdata/data.zip", zipped({"a.csv": measured, "other.csv": measured}))
    with pytest.raises(TableError) as caught:
        run(job)
    said = str(caught.value)
    for part in (
        "row 5: custom.fit_on_off is 'maybe', which is not of type boolean",
        "row 5: custom.limit is 'wide', which is not of type number",
        "row 6: the file 'gone.csv' is not in the archive (data.zip)",
        "files of data.zip that no row names: other.csv",
    ):
        assert part in said
    assert failed(job).startswith("ErrorCode=113\n")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"x_excel_invoice.xlsx": b"no workbook"}, "the table cannot be read"),
        ({"x_excel_invoice.xlsx": "other"}, "exactly one sheet must begin with invoiceList_format_id"),
        ({"x_excel_invoice.xlsx": "head"}, "the table has no row below its keys"),
        ({"x_excel_invoice.xlsx": "gap"}, "there are blank rows between the rows"),
        ({"x_excel_invoice.xlsx": "rows", "stray.csv": b"x"}, "mode ExcelInvoice takes one"),
        ({"x_excel_invoice.xlsx": "rows", "a.zip": b"PK"}, "this zip file cannot be read"),
        ({"x_excel_invoice.xlsx": "rows"}, "there is no zip file with the files that the rows name"),
    ],
)
def test_an_excel_invoice_that_is_none_is_refused(files, said, job, run):
    row = ["a.csv", "first", OWNER, "Si"]
    books = {
        "other": lambda: workbook({"sheet": [["x"]]}),
        "head": excel_invoice,
        "gap": lambda: excel_invoice(row, [], row),
        "rows": lambda: excel_invoice(row),
    }
    for name, content in files.items():
        write(job, f"inputdata/{name}", content if isinstance(content, bytes) else books[content]())
    with pytest.raises(InputError) as caught:
        run(job)
    assert said in str(caught.value)
    assert failed(job).startswith("ErrorCode=113\n")


def test_without_the_extra_a_workbook_is_refused_in_one_sentence(job, run, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    write(job, "inputdata/x_excel_invoice.xlsx", b"PK")
    with pytest.raises(MissingPluginError, match=r"install shirube-rde\[excel\]"):
        run(job)
    assert failed(job).startswith("ErrorCode=141\n")


def test_a_table_needs_the_schema_that_says_of_what_type_its_cells_are(job, run):
    (job / "data" / "tasksupport" / "invoice.schema.json").unlink()
    write(job, "inputdata/smarttable_x.csv", "名前\nbasic/dataName\nx\n")
    with pytest.raises(TableError, match=r"only when the job has data/tasksupport/invoice\.schema\.json"):
        run(job)


# SmartTable

TABLE = """データ名,試料,試料説明,BIC,上限,温度,ファイル,ファイル2
basic/dataName,sample/names,sample/description,custom/fit_on_off,custom/limit,meta/room,inputdata1,inputdata2
first,Si,板,TRUE,,295.5,a/scan.csv,
second,,,false,20,,b/scan.csv,note.txt
"""
DEFINITION = {"room": {"name": NAMED, "schema": {"type": "number"}, "unit": "K", "order": 1}}


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("smarttable_x.csv", lambda: TABLE.encode("utf-8-sig")),
        ("smarttable_x.csv", lambda: TABLE.replace("\n", "\r\n").encode("cp932")),
        ("smarttable_x.tsv", lambda: TABLE.replace(",", "\t").encode()),
        ("smarttable_x.xlsx", lambda: workbook({"s": [line.split(",") for line in TABLE.splitlines()]})),
    ],
)
def test_each_row_of_a_smart_table_makes_a_tile_the_last_one_in_data_itself(name, encoded, job, run, measured):
    write(job, f"inputdata/{name}", encoded())
    write(job, "tasksupport/metadata-def.json", json.dumps(DEFINITION))
    write(job, "inputdata/data.zip", zipped({"a/scan.csv": measured, "b/scan.csv": measured, "note.txt": "x"}))
    form = read(job, "invoice/invoice.json")
    report = run(job)
    assert report.mode == "SmartTable"
    assert [tile.place for tile in report.tiles] == ["divided/0001", ""]
    first, second = read(job, "divided/0001/invoice/invoice.json"), read(job, "invoice/invoice.json")
    assert (first["basic"]["dataName"], second["basic"]["dataName"]) == ("first", "second")
    assert (first["custom"]["fit_on_off"], first["custom"]["limit"]) == (True, None)
    assert (second["custom"]["fit_on_off"], second["custom"]["limit"]) == (False, 20)
    # A row that names a sample registers a new one: nothing of the one on the web form is left.
    assert first["sample"]["sampleId"] is None
    assert first["sample"]["description"] == "板"
    assert first["sample"]["composition"] is None
    assert second["sample"]["composition"] == "Si"
    # A sample without a name is none that RDE takes: a blank cell leaves the form's.
    assert first["sample"]["names"] == ["Si"]
    assert second["sample"]["names"] == form["sample"]["names"] != []
    assert first["sample"]["ownerId"] == OWNER
    assert read(job, "divided/0001/meta/metadata.json")["constant"]["room"] == {"value": 295.5, "unit": "K"}
    assert "room" not in read(job, "meta/metadata.json")["constant"]
    assert names(job, "divided/0001/nonshared_raw") == ["scan.csv"]
    assert names(job, "nonshared_raw") == ["note.txt", "scan.csv"]
    assert not list((job / "data").rglob("smarttable_x*"))[1:]


def edited(content, edit):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_cells_of_a_workbook_that_would_be_read_as_something_else_are_refused(job, run, measured):
    rows = [line.split(",") for line in TABLE.splitlines()]
    write(job, "tasksupport/metadata-def.json", json.dumps(DEFINITION))

    def edit(sheet):
        sheet["A3"], sheet["E4"] = '="x" & 1', "#DIV/0!"
        sheet.merge_cells("F3:F4")
        sheet.merge_cells("A1:B1")

    write(job, "inputdata/smarttable_x.xlsx", edited(workbook({"s": rows}), edit))
    write(job, "inputdata/data.zip", zipped({"a/scan.csv": measured, "b/scan.csv": measured, "note.txt": "x"}))
    with pytest.raises(TableError) as caught:
        run(job)
    for part in ("cell A3 holds a formula", "cell E4 holds the error #DIV/0!", "the cells F3:F4 are merged"):
        assert part in str(caught.value)
    assert "A1:B1" not in str(caught.value)


def test_cells_of_an_excel_invoice_that_would_be_read_as_something_else_are_refused(job, run, measured):
    def edit(sheet):
        sheet["B5"] = '="x" & 1'
        sheet.merge_cells("C5:C6")

    rows = [["a.csv", "first", OWNER, "Si"], ["b.csv", "second", OWNER, "Ge"]]
    write(job, "inputdata/x_excel_invoice.xlsx", edited(excel_invoice(*rows), edit))
    write(job, "inputdata/data.zip", zipped({"a.csv": measured, "b.csv": measured}))
    with pytest.raises(TableError, match=r"cell B5 holds a formula.*the cells C5:C6 are merged"):
        run(job)


def test_a_formula_whose_value_is_stored_or_an_empty_text_is_read(job, run, measured):
    rows = [["a", "b", "c"], ["basic/dataName", "basic/description", "inputdata1"], ["x", "y", "a.csv"]]
    stored = {
        '<c r="A3"><f>B1</f><v></v></c>': '<c r="A3" t="str"><f>B1</f><v>named</v></c>',
        '<c r="B3"><f>B1</f><v></v></c>': '<c r="B3" t="str"><f>B1</f><v></v></c>',
    }

    def edit(sheet):
        sheet["A3"], sheet["B3"] = "=B1", "=B1"

    content = edited(workbook({"s": rows}), edit)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"].decode().replace("<v />", "<v></v>")
    for without, having in stored.items():
        assert without in sheet
        sheet = sheet.replace(without, having)
    write(job, "inputdata/smarttable_x.xlsx", zipped(files | {"xl/worksheets/sheet1.xml": sheet}))
    write(job, "inputdata/data.zip", zipped({"a.csv": measured}))
    run(job)
    assert read(job, "invoice/invoice.json")["basic"]["dataName"] == "named"
    assert read(job, "invoice/invoice.json")["basic"]["description"] is None


def test_the_smart_table_itself_is_registered_where_the_template_says_so(job, run, measured):
    configure(job, "smarttable: {save_table_file: true}\n")
    write(job, "inputdata/smarttable_x.csv", "名前,f\nbasic/dataName,inputdata1\nx,a.csv\n")
    write(job, "inputdata/data.zip", zipped({"a.csv": measured}))
    run(job)
    assert names(job, "nonshared_raw") == ["a.csv", "smarttable_x.csv"]


def test_all_that_is_wrong_with_a_smart_table_is_said_with_its_row(job, run, measured):
    table = "a,b,c,d,e\nbasic/dataName,custom/none,costum/limit,inputdata1,inputdata1\nx,1,2,scan.csv,\ny,,,gone.csv,\n"
    write(job, "inputdata/smarttable_x.csv", table)
    write(job, "inputdata/data.zip", zipped({"a/scan.csv": measured, "b/scan.csv": measured}))
    with pytest.raises(TableError) as caught:
        run(job)
    for part in (
        "the second row has keys that are not known: costum/limit",
        "these keys stand in two columns: inputdata1",
        "row 3: custom.none is no item of the form; known are form, fit_on_off, limit, remark",
    ):
        assert part in str(caught.value)


def test_metadata_of_a_table_that_cannot_be_written_are_refused_before_anything_is_read(job, run):
    write(job, "tasksupport/metadata-def.json", json.dumps(DEFINITION))
    write(
        job, "inputdata/smarttable_x.csv", "a,b,c,d\nmeta/room,basic/dataName,meta/other,inputdata1\nwarm,x,2,a.csv\n"
    )
    write(job, "inputdata/data.zip", zipped({"a.csv": "no data"}))
    with pytest.raises(TableError) as caught:
        run(job)
    for part in ("row 3: meta: room is 'warm', which is not of type number", "meta/other, which"):
        assert part in str(caught.value)
    assert failed(job).startswith("ErrorCode=113\n")


def test_what_a_table_states_of_single_spectra_holds_for_each_of_them(job, run, measured):
    each = {"name": NAMED, "schema": {"type": "integer"}, "variable": 1, "unit": "K"}
    write(job, "tasksupport/metadata-def.json", json.dumps({**DEFINITION, "each": each}))
    write(job, "inputdata/smarttable_x.csv", "a,b,c\nmeta/each,inputdata1,inputdata2\n7,a.csv,b.csv\n")
    write(job, "inputdata/data.zip", zipped({"a.csv": measured, "b.csv": measured}))
    run(job)
    written = read(job, "meta/metadata.json")
    assert [one["each"] for one in written["variable"]] == [{"value": 7, "unit": "K"}] * 2
    assert "each" not in written["constant"]


def test_every_problem_of_every_row_is_said_as_the_table_s(job, run, measured):
    form = json.loads(json.dumps(SCHEMA))
    form["properties"]["custom"]["properties"]["form"]["enum"] = ["フィルム"]
    write(job, "tasksupport/invoice.schema.json", json.dumps(form))
    write(job, "tasksupport/metadata-def.json", json.dumps(DEFINITION))
    table = "a,b,c,d,e,f,g,h\n"
    table += "basic/dataName,basic/foo,basic/dataOwnerId,custom/foo,custom/form,custom/limit,meta/foo,inputdata1\n"
    table += f",1,{OWNER},2,glass,wide,3,a.csv\nx,,abc,,,,,\n"
    write(job, "inputdata/smarttable_x.csv", table)
    write(job, "inputdata/data.zip", zipped({"a.csv": measured}))
    with pytest.raises(TableError) as caught:
        run(job)
    for part in (
        "row 3: basic.dataName is left blank; write it into the table",
        "row 3: basic.foo is no item of the form; known are dateSubmitted, dataOwnerId, dataName",
        "row 3: custom.foo is no item of the form",
        "row 3: custom.form is 'glass', which is none of the choices: フィルム",
        "row 3: custom.limit is 'wide', which is not of type number",
        "row 3: the table states meta/foo, which metadata-def.json does not define",
        "row 4 names no file (inputdata1)",
        "row 4: basic.dataOwnerId is 'abc'",
    ):
        assert part in str(caught.value)
    assert "invoice that RDE gave" not in str(caught.value)
    assert failed(job).startswith("ErrorCode=113\n")


# rdeformat


def test_a_packed_job_tree_is_registered_again_with_what_this_program_makes(job, run, measured, picture):
    configure(job, "system: {extended_mode: rdeformat}\n")
    finished = {"constant": {"user": {"value": "x"}}, "variable": []}
    packed = {
        "tree/0000/raw/a.csv": measured,
        "tree/0000/structured/old.csv": "x\n1\n",
        "tree/0000/main_image/old.png": picture(),
        "tree/0001/nonshared_raw/unknown.bin": b"\0",
        "tree/0001/meta/metadata.json": json.dumps(finished),
        "tree/0001/main_image/old.png": picture(),
        "tree/0001/logs/old.log": "x",
    }
    write(job, "inputdata/tree.zip", zipped(packed))
    report = run(job)
    assert report.mode == "rdeformat"
    assert [tile.place for tile in report.tiles] == ["", "divided/0001"]
    assert names(job, "nonshared_raw") == ["a.csv"]
    assert not (job / "data" / "raw").exists()
    assert "old.csv" in names(job, "structured")
    assert len(names(job, "structured")) > 1
    assert names(job, "other_image") == ["old.png"]
    assert len(names(job, "main_image")) == 1
    assert read(job, "divided/0001/meta/metadata.json") == finished
    assert names(job, "divided/0001") == ["invoice", "main_image", "meta", "nonshared_raw"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.csv": b"x"}, "mode rdeformat takes exactly one zip file"),
        ({"a.zip": zipped({"0000/readme.txt": "x"})}, "these files are in no folder of a data tile: 0000/readme.txt"),
        ({"a.zip": zipped({"0000/logs/a.log": "x"})}, "the zip file holds no data tile"),
        (
            {"a.zip": zipped({"0000/raw/a.csv": "x", "0000/nonshared_raw/a.csv": "y"})},
            "would be registered under one name: 0000/nonshared_raw/a.csv, 0000/raw/a.csv;",
        ),
        (
            {"a.zip": zipped({"0000/raw/a.csv": "x", "old/0000/raw/a.csv": "y"})},
            "would be registered under one name: 0000/raw/a.csv, old/0000/raw/a.csv;",
        ),
        (
            {"a.zip": zipped({"0000/meta/metadata.json": '{"constant": {"x": {"value": NaN}}, "variable": []}'})},
            "0000/meta/metadata.json: NaN is not a number of JSON",
        ),
        ({"a.zip": zipped({"0000/meta/metadata.json": "{}"})}, "0000/meta/metadata.json: .*must hold"),
    ],
)
def test_a_packed_job_tree_that_is_none_is_refused(files, said, job, run):
    configure(job, "system: {extended_mode: rdeformat}\n")
    for name, content in files.items():
        write(job, f"inputdata/{name}", content)
    with pytest.raises(TableError, match=said):
        run(job)


def test_what_a_packed_job_tree_holds_besides_is_not_lost_without_a_word(job, run, measured):
    configure(job, "system: {extended_mode: rdeformat}\n")
    packed = {
        "0000/raw/a.csv": measured,
        "0000/nonshared_raw/a.csv": measured,
        "0001/meta/metadata.json": '{"constant": {}, "variable": []}',
        "0001/attachment/keep.pdf": "x",
        "0001/logs/old.log": "x",
    }
    write(job, "inputdata/tree.zip", zipped(packed))
    passed_over, no_image = (one.en for one in run(job).remarks)
    assert passed_over.startswith("not registered, since no output of a data tile: 0001/attachment/keep.pdf; ")
    assert no_image.startswith("0001: this finished tile brings no main image")
    log = next((job / "data" / "logs").glob("*.log")).read_text(encoding="utf-8")
    assert "0001/attachment/keep.pdf" in log
    assert names(job, "nonshared_raw") == ["a.csv"]


@pytest.mark.parametrize("name", ["../out.csv", "/abs.csv"])
def test_an_archive_that_leads_out_of_its_folder_is_refused(name, job, run, measured):
    write(job, "inputdata/smarttable_x.csv", "名前,f\nbasic/dataName,inputdata1\nx,out.csv\n")
    write(job, "inputdata/data.zip", zipped({name: measured}))
    with pytest.raises(TableError, match=r"^data/inputdata/data\.zip"):
        run(job)
    assert not list(job.parent.rglob("out.csv"))
