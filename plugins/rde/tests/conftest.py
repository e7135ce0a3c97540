"""Hand-built outcomes, invoices and contexts; nothing here comes out of the code under test."""

import functools
import hashlib
import io
import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shirube.exporting import ExportContext, RenderedFigure
from shirube.guides import parse_guide
from shirube.hooks import Analysis
from shirube.messages import Text
from shirube.plugins import load_plugins
from shirube.records import (
    Axis,
    EnergyReference,
    Entry,
    Facts,
    Measurement,
    Origin,
    Outcome,
    Quantity,
    Registration,
    Result,
    Source,
    Spectrum,
)
from shirube.settings import Settings
from shirube.tables import Column, Table
from shirube.terms import core_terms, parse_terms
from shirube.testing import fake_distribution, on_path
from shirube_rde.job import run_job
from shirube_rde.parameters import Parameters

DATA = Path(__file__).parent / "data"
OWNER = "0" * 20 + "abcDEF" * 6
INVOICE = "data/invoice/invoice.json"
TODAY = date(2026, 1, 15)


@pytest.fixture(scope="session")
def data():
    return DATA


@pytest.fixture(scope="session")
def guide():
    return parse_guide((DATA / "fakelab" / "guide.toml").read_text(encoding="utf-8"), "fakelab", "guide.toml")


@pytest.fixture(scope="session")
def vocabulary():
    terms = parse_terms((DATA / "fakelab" / "terms.toml").read_text(encoding="utf-8"), "terms.toml")
    return core_terms().extended(terms, "fakelab")


@pytest.fixture(scope="session")
def analysis():
    return Analysis(
        name="fakelab",
        description=Text(en="peak", ja="ピーク"),
        yields=("fakelab.peak_height", "fakelab.peak_place"),
        implementation=object(),
    )


@pytest.fixture
def parameters():
    return Parameters()


@pytest.fixture(scope="session")
def spectrum():
    """Return a function that makes a spectrum of three points."""

    def make(spectrum_id="scan.txt#1", name="C1s", intensity=(1.0, 5.0, 2.0), photon_energy=650.0, **fields):
        energies = 290.0 - 0.5 * np.arange(len(intensity))
        given = {
            "axes": (Axis("energy", energies, "eV"),),
            "intensity_unit": "counts",
            "reference": EnergyReference("binding", photon_energy=photon_energy, work_function=0.0),
        }
        return Spectrum(id=spectrum_id, name=name, intensity=intensity, **(given | fields))

    return make


@pytest.fixture(scope="session")
def facts():
    """Return a function that makes facts, each with one candidate from a header."""

    def make(**values):
        made = Facts()
        for line, (term, value) in enumerate(values.items(), start=1):
            number, unit = value if isinstance(value, tuple) else (value, None)
            made = made.add(term, Quantity(number, unit, origin=Origin("header", "scan.txt", line, term)))
        return made

    return make


@pytest.fixture
def outcome(spectrum, facts, tmp_path):
    """Return a function that makes an outcome whose one input file really lies in ``tmp_path/inputs``."""

    def make(name="run1", spectra=None, facts_by_id=None, files=None, registration=None, guide="fakelab", **fields):
        spectra = (spectrum(),) if spectra is None else tuple(spectra)
        if facts_by_id is None:
            known = facts(user="山田", pass_energy=(50.0, "eV"), sweeps=4, step_time=(100.0, "ms"))
            facts_by_id = {one.id: known for one in spectra}
        given = {"scan.txt": f"measured for {name}\r\n".encode()} if files is None else files
        sources = []
        for file, content in given.items():
            place = tmp_path / "inputs" / name / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            sources.append(Source(file, len(content), hashlib.sha256(content).hexdigest()))
        measured = Measurement(name=sources[0].name, reader="ses", spectra=spectra, sources=sources[:1])
        entry = Entry(
            name=name,
            measurements=(measured,),
            facts=facts_by_id,
            files=sources,
            registration=registration,
            guide=guide,
        )
        return Outcome(entry=entry, **fields)

    return make


@pytest.fixture(scope="session")
def result():
    """Return a function that makes what an analysis found on a spectrum."""

    def make(target="scan.txt#1", height=5.0, **fields):
        table = Table(
            "peaks",
            Text(en="Peaks", ja="ピーク"),
            (Column("position", Text(en="Position", ja="位置"), [289.5, np.nan], "eV"),),
        )
        scalars = {"fakelab.peak_height": Quantity(height), "fakelab.peak_place": Quantity(289500.0, "meV")}
        return Result(analysis="fakelab", target=target, **({"scalars": scalars, "tables": (table,)} | fields))

    return make


@pytest.fixture(scope="session")
def picture():
    """Return a function that makes the bytes of a PNG of one colour."""

    @functools.cache
    def make(size=(450, 300), colour=(200, 30, 30)):
        from PIL import Image

        out = io.BytesIO()
        Image.new("RGB", size, colour).save(out, format="PNG")
        return out.getvalue()

    return make


@pytest.fixture
def context(guide, vocabulary, analysis, picture, tmp_path):
    """Return a function that makes the context for some outcomes: two figures each, the second the main one."""

    def make(*outcomes, **fields):
        figures = [
            RenderedFigure(
                name=name,
                entry=one.entry.name,
                target=one.entry.spectra()[0].id,
                source="fakelab" if name == "fit" else "spectrum",
                main=name == "fit",
                leads=name == "fit",
                caption=Text(en=name, ja=name),
                png=picture(colour=(10, 20, 200 if name == "fit" else 90)),
            )
            for one in outcomes
            for name in ("survey", "fit")
        ]
        inputs = {
            one.entry.name: {file.name: tmp_path / "inputs" / one.entry.name / file.name for file in one.entry.files}
            for one in outcomes
        }
        given = {
            "lang": "ja",
            "vocabulary": vocabulary,
            "guides": {"fakelab": guide},
            "figures": figures,
            "inputs": inputs,
            "analyses": (analysis,),
        }
        return ExportContext(**(given | fields))

    return make


@pytest.fixture(scope="session")
def invoice():
    """Return a function that makes an invoice as RDE's web form writes it, with some places changed."""

    def make(custom=None, sample=None, **basic):
        return {
            "datasetId": "1e44ba41-2ddf-4b9a-a6ea-bb1d0ae7e1ab",
            "basic": {
                "dateSubmitted": "2026-01-15",
                "dataOwnerId": OWNER,
                "dataName": "Si2p 清浄表面",
                "instrumentId": "2f1c3b7e-2a37-4cb9-9a0e-3a52e5e2c0aa",
                "experimentId": "EXP-1",
                "description": "清浄表面の測定\n2 行目",
                **basic,
            },
            "custom": {"form": "フィルム", "fit_on_off": True, "limit": 150.0, "remark": None, **(custom or {})},
            "sample": {
                "sampleId": "",
                "names": ["Si(100)"],
                "composition": "Si",
                "referenceUrl": None,
                "description": None,
                "generalAttributes": [{"termId": "3adf9874-7bcb-e5f8-99cb-3d6fd9d7b55e", "value": "silicon"}],
                "specificAttributes": [],
                "ownerId": OWNER,
                **(sample or {}),
            },
        }

    return make


@pytest.fixture(scope="session")
def registration(invoice):
    """Return a function that makes the registration of an invoice."""

    def make(**changes):
        document = json.dumps(invoice(**changes), ensure_ascii=False, indent=4)
        return Registration(document=document, source="invoice.json")

    return make


@pytest.fixture(scope="session")
def contents():
    """Return a function that gives every file below a folder with its bytes, for comparing trees."""

    def read(folder):
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return read


@pytest.fixture
def written(outcome, context, parameters, registration, result, tmp_path):
    """Return a function that writes a sound tree of some tiles and returns its folder."""

    def write_tiles(*names, **fields):
        from shirube_rde import exporter

        called = {name: {"dataName": name} if len(names) > 1 else {} for name in names or ("run1",)}
        outcomes = [
            outcome(name, registration=registration(**changes), results=(result(),)) for name, changes in called.items()
        ]
        target = tmp_path / "tree"
        target.mkdir()
        exporter.write(outcomes, target, context(*outcomes), fields.get("parameters", parameters))
        return target

    return write_tiles


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory, data):
    """Return a folder in which the made-up laboratory's plugin is installed."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(data / "fakelab", folder / "fakelab", ignore=shutil.ignore_patterns("__pycache__"))
    return fake_distribution(folder, "fakelab", plugins={"fakelab": "fakelab.plugin"})


@pytest.fixture
def plugins(laboratory):
    with on_path(laboratory):
        yield load_plugins(allow=["fakelab", "rde"])


@pytest.fixture
def job(tmp_path, new_job):
    """Return a job folder: the measured C 1s with its additional metadata, and an invoice that asks for the fit."""
    return new_job(tmp_path / "job")


@pytest.fixture
def real_figures():
    """Ask for figures as they are really drawn, which takes most of a job's time."""


@pytest.fixture(scope="session")
def quick_figures(picture):
    """Return what takes the place of drawing: a picture of one colour for each spectrum."""

    def render(outcomes, _plugins, _lang, most=None, vector=None):
        del most, vector
        caption = Text(en="", ja="")
        return tuple(
            RenderedFigure(
                name=f"figure{number}",
                entry=outcome.entry.name,
                target=spectrum.id,
                source="spectrum",
                main=number == 0,
                caption=caption,
                png=picture(),
            )
            for outcome in outcomes
            for number, spectrum in enumerate(outcome.entry.spectra())
        )

    return render


@pytest.fixture
def drawn_quickly(request, monkeypatch, quick_figures):
    """Let jobs make pictures of one colour instead of figures, unless a test asks for real ones."""
    if "real_figures" not in request.fixturenames:
        monkeypatch.setattr("shirube_rde.making.render_figures", quick_figures)


@pytest.fixture(scope="session")
def new_job(data, invoice):
    """Return a function that makes a job folder: the measured C 1s with its sidecar, and an invoice."""

    def make(root):
        inputs = root / "data" / "inputdata"
        inputs.mkdir(parents=True)
        shutil.copy(data / "lg4x" / "C1s_sample.csv", inputs)
        sidecar = {"Excitation Energy": 650.0, "Pass Energy": 50, "Dwell": 0.1, "User": "山田", "Time": "10:20:30"}
        for path, content in ((inputs / "C1s_sample_metadata.json", sidecar), (root / INVOICE, invoice())):
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return root

    return make


@pytest.fixture
def run(plugins):
    """Return a function that runs a job with the made-up laboratory's reader, as the core reads two columns, too."""

    def start(root, settings=None, **fields):
        return run_job(
            root, plugins, Settings().with_values({"run.reader": "fakelab"} | (settings or {})), today=TODAY, **fields
        )

    return start
