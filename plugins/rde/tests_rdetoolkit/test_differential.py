"""The same jobs on their own and under rdetoolkit: equal trees, but for the differences that the manual lists."""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from shirube.cli.app import run_command_line

pytest.importorskip("rdetoolkit")
openpyxl = pytest.importorskip("openpyxl")

EXAMPLES = Path(__file__).parents[3] / "examples"
CORE_LEVEL = EXAMPLES / "cu-hhtp" / "Cu-HHTP_0002.txt"
OTHER = EXAMPLES / "cu-hhtp" / "Cu-HHTP_0003.txt"
OWNER = "EXAMPLE0" * 7
TERM = "3adf9874-7bcb-e5f8-99cb-3d6fd9d7b55e"
PROGRAM = """
import rdetoolkit
from shirube_rde.adapter import dataset
rdetoolkit.workflows.run(custom_dataset_function=dataset)
"""
CONFIGURATION = "system: {{extended_mode: {mode}, save_thumbnail_image: false, feature_description: false}}\n"
#: What tells the time, is scratch, or is input: no output that RDE registers.
ASIDE = ("logs", "temp", "inputdata", "tasksupport", "attachment", "invoice_patch")


@pytest.fixture(scope="session")
def support(tmp_path_factory):
    """Return ``tasksupport`` of the template that follows the guide of the SES2002."""
    out = tmp_path_factory.mktemp("template") / "out"
    assert run_command_line(["rde", "template", "--guide", "ses2002", "-o", str(out)]) == 0
    return out / "template" / "tasksupport"


@pytest.fixture
def jobs(tmp_path, support):
    """Return a function that makes a job of some input files, and runs it in both ways."""

    def run(files, mode="null", invoice=None, exporter=""):
        roots = [tmp_path / name for name in ("native", "toolkit")]
        for root in roots:
            inputs = root / "data" / "inputdata"
            inputs.mkdir(parents=True)
            for name, content in files.items():
                (inputs / name).write_bytes(content)
            shutil.copytree(support, root / "data" / "tasksupport")
            configuration = CONFIGURATION.format(mode=mode)
            (root / "data" / "tasksupport" / "rdeconfig.yaml").write_text(configuration, encoding="utf-8")
            with (root / "data" / "tasksupport" / "shirube.toml").open("a", encoding="utf-8") as settings:
                settings.write(exporter)
            (root / "data" / "invoice").mkdir()
            text = json.dumps(invoice or quick_invoice(), ensure_ascii=False, indent=4)
            (root / "data" / "invoice" / "invoice.json").write_text(text, encoding="utf-8")
        native, toolkit = roots
        return (native, run_command_line(["rde", "run", str(native)])), (toolkit, under_rdetoolkit(toolkit))

    return run


def quick_invoice(**basic):
    invoice = json.loads((EXAMPLES / "invoice.json").read_text(encoding="utf-8"))
    invoice["custom"]["bic_fitting_on_off"] = False
    invoice["basic"] |= basic
    return invoice


def under_rdetoolkit(root):
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    return subprocess.run(command, cwd=root, check=False).returncode


def registered(root):
    """Return the files that RDE registers, JSON as what it says: rdetoolkit writes it in a way of its own."""
    data = root / "data"
    files = {path.relative_to(data).as_posix(): path for path in data.rglob("*") if path.is_file()}
    return {
        name: json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".json" else path.read_bytes()
        for name, path in files.items()
        if name.split("/")[0] not in ASIDE and not ({"logs", "temp", "invoice_patch"} & set(name.split("/")))
    }


def same(pair, differing=()):
    (native, native_code), (toolkit, toolkit_code) = pair
    assert (native_code, toolkit_code) == (0, 0)
    ours, theirs = registered(native), registered(toolkit)
    assert {name for name in ours.keys() ^ theirs.keys() if name not in differing} == set()
    assert [name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name] and name not in differing] == []
    return ours, theirs


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_invoice(jobs):
    ours, _ = same(jobs({"a.txt": CORE_LEVEL.read_bytes(), "試料.txt": OTHER.read_bytes(), "memo.pdf": b"x"}))
    assert {"meta/metadata.json", "nonshared_raw/試料.txt", "filemeta.json"} <= ours.keys()
    assert len([name for name in ours if name.startswith("structured/")]) == 2
    assert len([name for name in ours if name.startswith("thumbnail/")]) == 1


def test_multi_data_tile(jobs):
    ours, _ = same(jobs({"b.txt": CORE_LEVEL.read_bytes(), "a.txt": OTHER.read_bytes()}, "MultiDataTile"))
    assert "nonshared_raw/a.txt" in ours
    assert "divided/0001/nonshared_raw/b.txt" in ours


def test_excel_invoice(jobs):
    book = openpyxl.Workbook()
    rows = [
        ["invoiceList_format_id", "ses2002"],
        ["data_file_names", "basic", "basic", "sample", "sample", "sample.general", "custom", "custom"],
        ["name", "dataName", "dataOwnerId", "names", "ownerId", "general_name", "form", "vacuum"],
        ["ファイル名", "データ名", "所有者", "試料名", "試料の所有者", "一般名称", "形状", "真空度"],
        ["a.txt", "first", OWNER, "one", OWNER, "Cu-HHTP", "フィルム", 5],
        ["b.txt", "second", OWNER, "two", OWNER, "x", None, None],
    ]
    book.active.title = "invoice_form"
    for row in rows:
        book.active.append(row)
    terms = book.create_sheet("generalTerm")
    for row in (["term_id", "key_name"], [TERM, "sample.general.general_name"]):
        terms.append(row)
    out = io.BytesIO()
    book.save(out)
    packed = zipped({"a.txt": CORE_LEVEL.read_bytes(), "b.txt": OTHER.read_bytes()})
    ours, _ = same(jobs({"list_excel_invoice.xlsx": out.getvalue(), "data.zip": packed}))
    assert ours["invoice/invoice.json"]["basic"]["dataName"] == "first"
    assert ours["invoice/invoice.json"]["custom"]["vacuum"] == 5
    assert ours["divided/0001/invoice/invoice.json"]["custom"]["vacuum"] is None


def test_smart_table_but_for_blank_cells_which_rdetoolkit_takes_out(jobs):
    table = (
        "データ名,試料名,形状,真空度,ファイル\n"
        "basic/dataName,sample/names,custom/form,custom/vacuum,inputdata1\n"
        "first,one,フィルム,5,a.txt\n"
        "second,two,,7.5,sub/b.txt\n"
    )
    packed = zipped({"a.txt": CORE_LEVEL.read_bytes(), "sub/b.txt": OTHER.read_bytes()})
    invoices = ("invoice/invoice.json", "divided/0001/invoice/invoice.json")
    ours, theirs = same(jobs({"smarttable_list.csv": table.encode(), "data.zip": packed}), invoices)
    assert ours[invoices[0]]["basic"]["dataName"] == "second"
    assert ours[invoices[1]] == theirs[invoices[1]]
    assert ours[invoices[0]]["custom"].pop("form") is None
    assert ours[invoices[0]] == theirs[invoices[0]]


def test_rdeformat_but_for_raw_files_thumbnails_and_main_images_that_the_archive_holds(jobs, picture):
    packed = zipped(
        {
            "t/0000/nonshared_raw/a.txt": CORE_LEVEL.read_bytes(),
            "t/0000/structured/old.csv": "x\n1\n",
            "t/0001/nonshared_raw/b.txt": OTHER.read_bytes(),
            "t/0001/raw/c.bin": b"x",
            "t/0001/main_image/old.png": picture(),
            "t/0001/thumbnail/old.png": picture(),
        }
    )
    one = "divided/0001"
    moved = (
        f"{one}/raw/c.bin",
        f"{one}/nonshared_raw/c.bin",
        f"{one}/main_image/old.png",
        f"{one}/other_image/old.png",
    )
    ours, theirs = same(jobs({"tree.zip": packed}, "rdeformat"), moved)
    assert "structured/old.csv" in ours
    assert f"{one}/raw/c.bin" in theirs
    assert f"{one}/nonshared_raw/c.bin" in ours


def test_what_fails_says_the_same_in_both_ways(jobs):
    broken = CORE_LEVEL.read_bytes().replace(b"[Data 1]", b"[Data 9]")
    native, toolkit = jobs({"a.txt": broken})
    assert native[1] != 0
    assert toolkit[1] != 0
    said = [(root / "data" / "job.failed").read_text(encoding="utf-8").strip() for root, _ in (native, toolkit)]
    assert said[0] == said[1]
    assert said[0].startswith("ErrorCode=110\n")


def test_figures_in_a_vector_format_are_the_same_too(jobs):
    ours, _ = same(jobs({"scan.txt": CORE_LEVEL.read_bytes()}, exporter='vector_figures = "svg"\n'))
    images = [Path(name).stem for name in ours if name.startswith(("main_image/", "other_image/"))]
    assert images
    assert sorted(name for name in ours if name.endswith(".svg")) == sorted(f"structured/{one}.svg" for one in images)
