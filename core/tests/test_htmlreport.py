"""The report of a run or a batch: one page that loads nothing, says everything in one language, and trusts no data."""

import base64
import hashlib
import json
import re
import sys
import zlib
from html.parser import HTMLParser

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shirube.cli import run_command_line
from shirube.exporting import RenderedFigure
from shirube.htmlreport._paths import thinned
from shirube.htmlreport._scales import ticks
from shirube.messages import Text
from shirube.records import (
    Axis,
    Decision,
    EnergyReference,
    Entry,
    Facts,
    Finding,
    Measurement,
    NamedArray,
    Origin,
    Outcome,
    PluginVersion,
    Provenance,
    Quantity,
    Result,
    Source,
    Spectrum,
    Subject,
)
from shirube.runs import write_run
from shirube.tables import Column, Table

EVIL = (
    '</script><script>alert(1)</script> "x" \' & <img src=x onerror=alert(2)> '
    "\u202egnp.exe \x00\x1b[31m javascript:alert(3)"
)
ENERGY = np.linspace(280.0, 290.0, 101)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)


def number(name, values, term="", unit=""):
    return Column(name, Text(name, f"{name}・日"), values, unit, term=term)


def fit(target, reasons=()):
    """Return a fit of two components as any analysis may store one."""
    first = 80.0 * np.exp(-(((ENERGY - 284.0) / 0.6) ** 2))
    second = 30.0 * np.exp(-(((ENERGY - 287.0) / 0.6) ** 2))
    arrays = {
        "energy": ENERGY,
        "intensity": 10.0 + first + second,
        "rank_1_envelope": 10.0 + first + second,
        "rank_1_background": np.full(101, 10.0),
        "rank_1_components": np.stack((first, second)),
        "rank_1_residuals": np.sin(ENERGY) * 2.6,
        "rank_2_envelope": 10.0 + first,
    }
    peaks = Table(
        "peaks",
        Text("Lines", "ピーク一覧"),
        (
            number("position", [284.0, 287.123456], "peak_position", "eV"),
            number("position_uncertainty", [0.0123, 0.5], unit="eV"),
            number("position_low", [283.97, np.nan], unit="eV"),
            number("position_high", [284.03, np.nan], unit="eV"),
            number("area", [80.0, 30.0], "peak_area"),
            number("empty", [np.nan, np.nan]),
        ),
        rank=1,
    )
    models = Table(
        "models",
        Text("Models", "モデル"),
        (
            number("k", [1.0, 2.0, 3.0], "component_count"),
            number("bic", [900.0, 120.25, 131.5], "bic"),
        ),
    )
    told = Table(
        "report",
        Text("ISO 19830", "ISO 19830"),
        (
            Column("item", Text("Code", "コード"), ("background",)),
            Column("item_en", Text("Item (English)", "項目（英語）"), ("Background model",)),
            Column("item_ja", Text("Item (Japanese)", "項目（日本語）"), ("バックグラウンドの種類",)),
        ),
    )
    said = Table(
        "remarks",
        Text("Remarks", "注記"),
        (
            Column("code", Text("Code", "コード"), ("scale-taken",)),
            Column("en", Text("Remark (English)", "注記（英語）"), ("The scale was taken as it is.",)),
            Column("ja", Text("Remark (Japanese)", "注記（日本語）"), ("エネルギー軸はそのままです。",)),
        ),
    )
    return Result(
        analysis="anyfit",
        target=target,
        status="doubtful" if reasons else "ok",
        reasons=reasons,
        tables=(models, peaks, told, said),
        arrays=[NamedArray(name, values) for name, values in arrays.items()],
        scalars={"photon_energy": Quantity(1486.6, "eV", 0.2)},
    )


def spectrum(spectrum_id="a.txt#1", name="C 1s"):
    axes = (Axis("energy", ENERGY, "eV"),)
    values = 10.0 + 80.0 * np.exp(-(((ENERGY - 284.0) / 0.6) ** 2))
    return Spectrum(spectrum_id, name, values, axes, "counts", EnergyReference("binding", 1486.6, 4.5))


def outcome(one=None, name="entry", results=None, **changes):
    one = spectrum() if one is None else one
    origin = Origin("header", "a.txt", 7, "Excitation Energy")
    photon = Quantity(1486.6, "eV", origin=origin)
    facts = {one.id: Facts().add("photon_energy", photon).add("instrument", Quantity("R4000"))}
    rejected = (Quantity(21.2, "eV", origin=Origin("sidecar", "a.json", 2)),)
    finding = Finding(
        rule="R-1",
        policy="p",
        kind="fail",
        severity="must",
        subject=Subject("entry", name),
        message=Text("The step is too large.", "ステップが大きすぎます。"),
    )
    made = Outcome(
        entry=Entry(
            name,
            (Measurement("a.txt", "r", (one,), sources=(Source("a.txt", 12345, "ab" * 32),)),),
            facts=facts,
            guide="some_guide",
        ),
        results=(fit(one.id),) if results is None else results,
        findings=(finding, evolve(finding, rule="R-2", kind="pass")),
        decisions=(Decision("photon_energy", photon, rejected, Text("Header first.", "ヘッダー優先。"), one.id),),
        provenance=Provenance(
            "0.1.0", (PluginVersion("anyfit", "shirube-anyfit", "9.8.7"),), settings={"run.fail_on": "must"}
        ),
    )
    return evolve(made, **changes)


class Page(HTMLParser):
    """What a test asks of a page: its elements with their attributes, and the texts in them."""

    def __init__(self, text):
        super().__init__()
        self.text, self.elements, self.words, self.open = text, [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "img", "link", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    def all(self, tag, **attributes):
        return [a for t, a in self.elements if t == tag and all(a.get(k) == v for k, v in attributes.items())]

    @property
    def shown(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Call ``shirube report`` with no plugin but the core's own."""
    settings = tmp_path / "alone.toml"
    settings.write_text("[plugins]\nallow = []\n", encoding="utf-8")
    monkeypatch.setenv("SHIRUBE_CONFIG", str(settings))

    def run(*arguments, lang="en"):
        code = run_command_line(["report", *map(str, arguments), "--lang", lang])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def page_of(call, tmp_path):
    """Return the page of a run of outcomes."""

    def page(*outcomes, lang="en", figures=()):
        folder = tmp_path / "out"
        folder.mkdir(exist_ok=True)
        write_run(outcomes, folder, figures)
        code, _, err = call(folder, lang=lang)
        assert (code, err) == (0, "")
        found = Page((folder / "report.html").read_text(encoding="utf-8"))
        assert found.open == []
        return found

    return page


def row_of(page, words):
    """Return the cells of the first row of a table that holds a text."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page.text, re.DOTALL)
    row = next(one for one in rows if words in one)
    return [re.sub(r"<br>|<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)]


def test_the_page_says_what_was_measured_how_it_was_calibrated_and_how_it_was_made(page_of):
    page = page_of(outcome())
    for told in ("R4000", "ab" * 32, "12,345 bytes", "some_guide", "shirube-anyfit", "9.8.7", "run.fail_on"):
        assert told in page.shown
    assert row_of(page, "Header first.")[1:] == [
        "Photon energy",
        "1486.6 eV",
        "file header a.txt:7, “Excitation Energy”",
        "Header first.",
        "21.2 eV (additional metadata a.json:2)",
    ]
    assert "The step is too large." in page.shown
    assert "R-2" not in page.shown
    assert "fail 1, pass 1" in page.shown


def test_japanese_pages_are_japanese(page_of):
    page = page_of(outcome(), lang="ja")
    assert page.all("html") == [{"lang": "ja"}]
    for told in (
        "ヘッダー優先。",
        "ステップが大きすぎます。",
        "束縛エネルギー (eV)",
        "ピーク一覧",
        "バックグラウンドの種類",
        "残差 (σ)",
    ):
        assert told in page.shown
    assert "Background model" not in page.shown
    assert ("エネルギー軸はそのままです。" in page.shown, "scale-taken" in page.shown) == (True, False)
    assert "The step is too large." not in page.shown


def test_a_table_joins_values_with_their_uncertainties_and_intervals_and_drops_empty_columns(page_of):
    page = page_of(outcome())
    assert row_of(page, "287.12") == ["287.12 ± 0.50", "30"]
    assert row_of(page, "283.970 –") == ["284.000 ± 0.012  283.970 – 284.030", "80"]
    assert row_of(page, "Background model") == ["Background model"]


def test_a_fit_is_drawn_with_its_components_residuals_and_criterion_whoever_made_it(page_of):
    page = page_of(outcome())
    labels = [one["aria-label"] for one in page.all("svg", role="img")]
    assert labels[0] == (
        "C 1s: data and the model of rank 1 with components: 2, 290 – 280 eV. "
        "Residuals below lie between −2.6 and 2.6 standard deviations."
    )
    assert labels[1] == "BIC over 1 to 3 components; it is smallest, 120.25, for 2."
    assert labels[2].startswith("C 1s: data and the model of rank 2 with components: 0")
    assert len(page.all("path", **{"class": "fill c2"})) == 1
    assert "Binding energy (eV)" in page.shown


def test_binding_energies_run_to_the_left_and_others_to_the_right(page_of):
    kinetic = evolve(spectrum(), reference=EnergyReference("kinetic"))
    for one, falls in ((spectrum(), True), (kinetic, False)):
        page = page_of(outcome(one, results=()))
        (figure,) = re.findall(r'<svg role="img".*?</svg>\n(?:<figcaption|</figure)', page.text, re.DOTALL)
        shown = [
            (int(place), float(text)) for place, text in re.findall(r'class="below" x="(\d+)"[^>]*>([^<]+)<', figure)
        ]
        assert [value for _, value in sorted(shown)] == sorted((value for _, value in shown), reverse=falls)
        # The highest point of the data is over 284 eV, a bit off the middle.
        path = next(one["d"] for one in page.all("path", **{"class": "dots"}))
        points = np.cumsum([[int(x), int(y)] for x, y in re.findall(r"m(-?\d+) ?(-?\d+)h0", path)], axis=0)
        place = points[np.argmin(points[:, 1]), 0]
        assert place == pytest.approx(720 + (0.6 if falls else 0.4) * 4640, abs=50)


def test_what_cannot_be_drawn_as_lines_is_shown_as_the_run_folder_has_it(page_of):
    axes = (Axis("energy", ENERGY, "eV"), Axis("angle", [0.0, 1.0], "deg"))
    cube = Spectrum("a.txt#1", "map", np.ones((101, 2)), axes, "counts", EnergyReference("binding"))
    stored = RenderedFigure(
        name="map",
        entry="entry",
        target=cube.id,
        source="spectrum",
        main=True,
        caption=Text("A map", "マップ"),
        png=PNG,
    )
    page = page_of(outcome(cube, results=()), figures=[stored])
    (image,) = page.all("img")
    assert image["alt"] == "A map"
    assert base64.b64decode(image["src"].removeprefix("data:image/png;base64,")) == PNG
    drawn = page_of(outcome(cube, results=()))
    assert drawn.all("img") == []
    assert "summed over Angle" in drawn.shown


def test_nothing_out_of_data_becomes_markup_or_a_link(page_of):
    reasons = (Text(EVIL, EVIL),)
    hostile = spectrum(f"{EVIL}#1", EVIL)
    source = Source(EVIL, 1, EVIL)
    made = outcome(hostile, EVIL, (evolve(fit(hostile.id, reasons), parameters={EVIL: EVIL}),))
    made = evolve(
        made,
        entry=evolve(made.entry, guide=EVIL, files=(source,)),
        provenance=Provenance(EVIL, (PluginVersion(EVIL, EVIL, EVIL),), settings={EVIL: EVIL}),
    )
    page = page_of(made)
    assert [attributes for tag, attributes in page.elements if any(name.startswith("on") for name in attributes)] == []
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert {one["href"][0] for one in page.all("a")} == {"#"}
    assert "\x00" not in page.text
    assert "\x1b" not in page.text
    assert page.shown.count("<script>alert(1)</script>") > 10
    labels = [value for _, attributes in page.elements for value in attributes.values() if value]
    assert not any("\u202e" in label for label in labels)


def test_the_page_loads_nothing_and_runs_nothing_but_its_own(page_of):
    page = page_of(outcome())
    (policy,) = [one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
        assert not re.search(r"https?:|@import|url\(|fetch|XMLHttp", text)
    assert not [a for _, a in page.elements if "style" in a]
    assert not [a for _, a in page.elements if a.get("src", "data:")[:5] != "data:" or "srcset" in a]


def test_every_link_leads_to_an_element_and_no_name_is_given_twice(page_of):
    page = page_of(outcome(), outcome(spectrum("b.txt#1"), name="second"))
    ids = [one["id"] for _, one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    assert {one["href"].removeprefix("#") for one in page.all("a")} <= set(ids)


def test_the_same_run_gives_the_same_bytes(page_of):
    assert page_of(outcome()).text == page_of(outcome()).text


def test_an_old_report_stays_when_the_new_one_cannot_be_made(call, page_of, tmp_path):
    page_of(outcome())
    before = (tmp_path / "out" / "report.html").read_bytes()
    (tmp_path / "out" / "shirube.json").write_text("{}", encoding="utf-8")
    code, out, err = call(tmp_path / "out")
    assert (code, out) == (2, "")
    assert "shirube.json" in err
    assert (tmp_path / "out" / "report.html").read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["entries", "report.html", "shirube.json"]


def test_only_a_report_is_replaced_where_a_file_is_named(call, page_of, tmp_path):
    page_of(outcome())
    thesis, report = tmp_path / "thesis.html", tmp_path / "mine.html"
    thesis.write_text("<html>precious", encoding="utf-8")
    code, out, err = call(tmp_path / "out", "-o", thesis)
    assert (code, out, thesis.read_text(encoding="utf-8")) == (2, "", "<html>precious")
    assert "is no report of shirube" in err
    assert [call(tmp_path / "out", "-o", report)[0] for _ in range(2)] == [0, 0]


def test_a_folder_that_is_neither_run_nor_batch_is_refused_in_a_sentence(call, tmp_path):
    code, _, err = call(tmp_path)
    assert code == 2
    assert "there is neither a run (shirube.json) nor a batch (batch.jsonl) here" in err
    assert len(err.splitlines()) == 1


def test_without_jinja2_it_says_what_to_install(call, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    write_run([outcome()], tmp_path)
    code, _, err = call(tmp_path)
    assert code == 4
    assert 'pip install "shirube[report]"' in err
    assert not (tmp_path / "report.html").exists()


def test_the_answer_in_json_says_where_and_how_large(call, tmp_path):
    write_run([outcome()], tmp_path)
    code, out, _ = call(tmp_path, "-o", tmp_path / "sub" / "x.html", "--json")
    answer = json.loads(out)
    assert code == 0
    size = (tmp_path / "sub" / "x.html").stat().st_size
    assert answer == {
        "schema": "shirube-report/1",
        "file": str(tmp_path / "sub" / "x.html"),
        "bytes": size,
        "kind": "run",
        "entries": 1,
        "left_out": 0,
    }


def test_a_run_may_be_replaced_with_the_report_in_it(tmp_path, call):
    scan = tmp_path / "a.csv"
    scan.write_text("Binding energy (eV),Intensity\n3.0,10\n2.0,20\n1.0,30\n0.0,40\n", encoding="utf-8")
    out = tmp_path / "again"
    assert run_command_line(["run", str(scan), "-o", str(out)]) == 0
    assert call(out)[0] == 0
    assert run_command_line(["run", str(scan), "-o", str(out), "--overwrite"]) == 0
    assert not (out / "report.html").exists()


def batch(folder, states, *, ended=True, runs=()):
    """Write a batch folder as ``shirube batch`` leaves it."""
    lines = [{"event": "start", "today": "2026-11-21", "settings": "s", "plugins": []}]
    lines += [{"event": "item", **one} for one in states]
    lines += [{"event": "end", "done": 1, "failed": 1}] if ended else []
    folder.mkdir(exist_ok=True)
    text = "".join(json.dumps({"schema": "shirube-batch/1", "at": "x", **one}) + "\n" for one in lines)
    (folder / "batch.jsonl").write_text(text, encoding="utf-8")
    for name, made in runs:
        (folder / "items" / name).mkdir(parents=True)
        write_run([made], folder / "items" / name)


def done(name, folder="0001_a"):
    return {
        "item": name,
        "name": name,
        "folder": folder,
        "state": "done",
        "spectra": 1,
        "statuses": {"ok": 1},
        "attempts": 1,
        "seconds": 2.5,
    }


FAILED = {
    "item": "d/bad.txt",
    "name": "bad",
    "folder": "0002_bad",
    "state": "failed",
    "attempts": 2,
    "failure": {
        "message": {"en": "/home/x/bad.txt: row 7 is cut", "ja": "/home/x/bad.txt: 7 行目が途切れています"},
        "path": "/home/x/bad.txt",
        "line": 7,
        "plugin": "ses2002",
    },
}


def read(path):
    page = Page(path.read_text(encoding="utf-8"))
    assert page.open == []
    return page


def test_a_batch_begins_with_a_row_for_each_item_and_says_why_some_failed(call, tmp_path):
    folder = tmp_path / "測定 batch"
    batch(folder, [done("d/試料 1.txt"), FAILED], runs=[("0001_a", outcome())])
    for kind, content in (("figures", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("tables", b"a,b\n")):
        (folder / kind).mkdir()
        (folder / kind / ("fit_a_1_trend.svg" if kind == "figures" else "all parameters.csv")).write_bytes(content)
    (folder / "figures" / "position.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert call(folder)[0] == 0
    page = read(folder / "report.html")
    assert row_of(page, "試料 1.txt") == [
        "d/試料 1.txt",
        "ok",
        "1",
        "2",
        "120.2",
        "284.000 ± 0.012 eV",
        "2.5",
        "folder",
    ]
    assert row_of(page, "row 7")[:4] == ["d/bad.txt", "bad.txt: row 7 is cut", "bad.txt:7", "ses2002"]
    assert "/home/x" not in page.text
    assert {one["data-status"] for one in page.all("tr") if "data-status" in one} == {"ok", "failed"}
    assert {one["href"] for one in page.all("a")} >= {"#i1", "items/0001_a/", "tables/all%20parameters.csv"}
    captions = [one["alt"] for one in page.all("img")]
    assert captions == ["fit a 1: position, area and width of each component along the series", "position"]
    assert "R4000" in page.shown
    assert next(one["aria-label"] for one in page.all("svg", role="img")).startswith("C 1s: data and the model")
    assert "has not come to its end" not in page.shown


def test_a_batch_that_was_stopped_or_damaged_is_told_as_it_is(call, tmp_path):
    batch(tmp_path / "b", [done("d/1", "gone"), {**FAILED, "state": "planned", "failure": None}], ended=False)
    assert call(tmp_path / "b")[0] == 0
    page = read(tmp_path / "b" / "report.html")
    assert "This batch has not come to its end" in page.shown
    assert row_of(page, "d/1")[1] == "unreadable"
    assert row_of(page, "d/bad.txt")[1] == "planned"
    assert "it has no shirube.json" in page.shown


def test_links_of_a_report_elsewhere_lead_to_the_items(call, tmp_path):
    batch(tmp_path / "b", [done("d/1")], runs=[("0001_a", outcome())])
    assert call(tmp_path / "b", "-o", tmp_path / "reports" / "x.html")[0] == 0
    assert "../b/items/0001_a/" in {one["href"] for one in read(tmp_path / "reports" / "x.html").all("a")}


def test_of_very_many_items_the_details_are_packed_and_beyond_a_limit_left_out(call, tmp_path, monkeypatch):
    monkeypatch.setattr("shirube.htmlreport._batches._UNPACKED", 2)
    monkeypatch.setattr("shirube.htmlreport._batches.SHOWN", 3)
    batch(tmp_path / "b", [done(f"d/{n}") for n in range(5)], runs=[("0001_a", outcome(spectrum(name=EVIL)))])
    code, out, _ = call(tmp_path / "b")
    assert code == 0
    assert "details are left out: 2" in out
    page = read(tmp_path / "b" / "report.html")
    assert "2 more are left out" in page.shown
    assert len(page.all("details", **{"class": "item"})) == 3
    packed = re.findall(r'<script type="application/octet-stream">([A-Za-z0-9+/=]+)</script>', page.text, re.DOTALL)
    assert len(packed) == 3
    inner = Page(zlib.decompress(base64.b64decode(packed[0])).decode())
    assert inner.open == []
    assert inner.all("script") == []
    assert "<script>alert(1)</script>" in inner.shown
    anchors = [one["href"] for one in page.all("a") if re.fullmatch(r"#i\d", one["href"])]
    assert anchors == ["#i1", "#i2", "#i3"]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_ticks_are_round_numbers_within_their_axis(low, width, most):
    found = ticks(low + width, low, most)
    values = [value for value, _ in found]
    assert len(found) <= most + 1
    assert len(found) >= 1 or most < 5
    slack = 1e-6 * max(abs(low), width)
    assert all(low - slack <= value <= low + width + slack for value in values)
    assert values == sorted(values)
    assert len({text for _, text in found}) == len(found)
    for value, text in found:
        assert float(text.replace("−", "-")) == pytest.approx(value, abs=1e-9 * max(1.0, abs(value)))


@given(st.integers(1, 5000), st.integers(2, 50), st.integers(0, 2**32 - 1))
def test_a_long_line_keeps_its_lowest_and_highest_points(size, columns, seed):
    y = np.random.default_rng(seed).normal(size=size)
    x = np.arange(float(size))
    kept, heights = thinned(x, y, columns)
    assert kept.size <= max(2 * columns, 1)
    assert (heights.min(), heights.max()) == (y.min(), y.max())
    assert np.array_equal(y[kept.astype(int)], heights)
    assert (np.diff(kept) > 0).all()
