"""NeXus: what NXmpes and NXxps require is there or said to be missing, and an array reads back as it was."""

import importlib
import tomllib
from importlib import resources

import numpy as np
import pytest

from shirube.cli import run_command_line
from shirube.records import Axis, EnergyReference, Origin, Quantity

h5py = pytest.importorskip("h5py")

STATED = {
    "time_zone": Quantity("+09:00", origin=Origin("settings")),
    "collection_scheme": Quantity("non-dispersive", origin=Origin("settings")),
    "dispersion_scheme": Quantity("hemispherical", origin=Origin("settings")),
}
REQUIRED = tomllib.loads(resources.files("shirube").joinpath("data/nexus.toml").read_text(encoding="utf-8"))


def plain(place):
    return place.decode() if isinstance(place, bytes) else place


def at(entry, path):
    """Return the field or attribute of a path below an entry, None where there is none."""
    group, _, name = path.rpartition("/")
    if name.startswith("@"):
        return plain(entry[group].attrs.get(name[1:])) if group in entry else None
    return plain(entry[path][()]) if path in entry else None


@pytest.fixture
def entries(export):
    """Return a function that exports outcomes and returns the NXentries and what is said to be missing."""
    opened = []

    def call(*outcomes):
        folder = export("nexus", *outcomes)
        found = {}
        for path in sorted(folder.glob("*.nxs")):
            opened.append(h5py.File(path, "r"))
            found |= opened[-1]
        missing = folder / "missing.txt"
        return found, missing.read_text(encoding="utf-8") if missing.exists() else ""

    yield call
    for file in opened:
        file.close()


def test_an_entry_of_which_all_is_known_is_of_nxxps_and_holds_all_that_it_requires(entries, make):
    spectrum = make.spectrum()
    found, missing = entries(make.outcome(spectrum, facts={**make.known, **STATED}))
    (entry,) = found.values()
    assert missing == ""
    assert at(entry, "definition") == "NXxps"
    assert entry["definition"].attrs["version"] == REQUIRED["version"]
    assert [
        one["path"] for kind in ("NXmpes", "NXxps") for one in REQUIRED[kind] if at(entry, one["path"]) is None
    ] == []
    assert at(entry, "start_time") == "2023-03-08T11:48:06+09:00"
    assert at(entry, "sample/name") == "グラファイト"
    analyser = entry["instrument/electronanalyzer"]
    assert (analyser["work_function"][()], analyser["work_function"].attrs["units"]) == (4.37, "eV")
    assert at(analyser, "energydispersion/energy_scan_mode") == "fixed_analyzer_transmission"
    energy = entry["instrument/beam_probe/incident_energy"]
    assert (energy[()], energy.attrs["units"]) == (400.0, "eV")
    data = entry["data"]
    assert (data.attrs["signal"], list(data.attrs["axes"]), data.attrs["energy_indices"]) == ("data", ["energy"], 0)
    assert (data["energy"].attrs["units"], data["energy"].attrs["type"]) == ("eV", "binding")
    assert data["data"].attrs["units"] == "counts"
    assert np.array_equal(data["energy"], spectrum.energy)
    assert np.array_equal(data["data"], spectrum.intensity)


@pytest.mark.parametrize(
    ("unknown", "definition"),
    [
        ("work_function", "NXmpes"),
        ("acquisition_mode", "NXmpes"),
        ("photon_energy", None),
        ("sample_name", None),
        ("time_zone", None),
        ("dispersion_scheme", None),
    ],
)
def test_an_entry_claims_no_more_than_is_known_and_says_what_it_lacks(entries, make, unknown, definition):
    facts = {term: one for term, one in {**make.known, **STATED}.items() if term != unknown}
    found, missing = entries(make.outcome(make.spectrum(), facts=facts))
    (entry,) = found.values()
    assert at(entry, "definition") == definition
    lacking = [one["path"] for kind in ("NXmpes", "NXxps") for one in REQUIRED[kind] if unknown in one.get("from", ())]
    assert lacking
    assert [path for path in lacking if path not in missing or at(entry, path) is not None] == []
    assert at(entry, "missing/description") in missing
    assert "[facts]" in missing


@pytest.mark.parametrize("kind", ["axis", "default"])
def test_the_zero_that_an_axis_was_made_with_is_no_work_function(entries, make, kind):
    facts = {**make.known, **STATED, "work_function": Quantity(0.0, "eV", origin=Origin(kind))}
    found, _ = entries(make.outcome(make.spectrum(), facts=facts))
    (entry,) = found.values()
    assert at(entry, "definition") == "NXmpes"
    assert "instrument/electronanalyzer/work_function" not in entry


def test_a_scheme_that_the_definition_does_not_know_is_not_written(entries, make):
    facts = {**make.known, **STATED, "dispersion_scheme": Quantity("round")}
    found, missing = entries(make.outcome(make.spectrum(), facts=facts))
    assert at(next(iter(found.values())), "definition") is None
    assert "energydispersion/scheme" in missing


def test_energies_of_which_nobody_said_what_they_are_make_no_nxxps(entries, make):
    spectrum = make.spectrum(reference=EnergyReference())
    found, missing = entries(make.outcome(spectrum, facts={**make.known, **STATED}))
    (entry,) = found.values()
    assert (at(entry, "definition"), entry["data/energy"].attrs.get("type")) == ("NXmpes", None)
    assert "energy_scale" in missing


def test_maps_keep_their_axes(entries, make):
    axes = (Axis("energy", [3.0, 2.0], "eV"), Axis("Y position", [0.0, 0.5, 2.0], "mm"))
    found, _ = entries(make.outcome(make.spectrum(axes=axes)))
    data = next(iter(found.values()))["data"]
    assert list(data.attrs["axes"]) == ["energy", "Y_position"]
    assert data.attrs["Y_position_indices"] == 1
    assert data["Y_position"].attrs["units"] == "mm"
    assert data["data"].shape == (2, 3)


def test_results_and_facts_are_kept_beside(entries, outcome):
    found, _ = entries(outcome)
    (entry,) = found.values()
    result = entry["results/fit"]
    assert (at(result, "status"), at(result, "scalars/bic")) == ("doubtful", 3.25)
    assert np.array_equal(result["arrays/rank_1_components"], outcome.results[0].array("rank_1_components"))
    assert result["arrays/energy"].attrs["units"] == "eV"
    assert at(entry, "facts/pass_energy") == "50.0 eV [file header a.txt:4]"


def test_texts_that_hdf5_cannot_hold_are_written_all_the_same(entries, make):
    spectrum = make.spectrum("\udc92Y.txt#1", "C\0 1s \udc91", intensity_unit="\udc91/s")
    facts = {**make.known, "sample_name": Quantity("\udc92Y", origin=Origin("header", "\udc92Y.txt", 5))}
    found, _ = entries(make.outcome(spectrum, facts=facts, results=(make.result(spectrum),)))
    (entry,) = found.values()
    assert at(entry, "facts/spectrum") == at(entry, "results/fit/target") == "\\udc92Y.txt#1"
    assert at(entry, "facts/name") == "C 1s \\udc91"
    assert at(entry, "facts/sample_name") == "\\udc92Y [file header \\udc92Y.txt:5]"
    assert entry["data/data"].attrs["units"] == "\\udc91/s"


def test_the_same_outcomes_make_the_same_bytes(export, outcome, tmp_path):
    first = {path.name: path.read_bytes() for path in export("nexus", outcome).iterdir()}
    (tmp_path / "nexus").rename(tmp_path / "before")
    assert {path.name: path.read_bytes() for path in export("nexus", outcome).iterdir()} == first


def test_without_its_extra_a_run_says_what_to_install_before_any_work(monkeypatch, tmp_path, capsys):
    real = importlib.import_module

    def lacking(name, *more):
        if name == "h5py":
            raise ModuleNotFoundError("No module named 'h5py'", name="h5py")
        return real(name, *more)

    monkeypatch.setattr("shirube._extras.import_module", lacking)
    (tmp_path / "a.csv").write_text("not numbers, which nobody finds out", encoding="utf-8")
    out = tmp_path / "out"
    assert run_command_line(["run", str(tmp_path / "a.csv"), "-o", str(out), "--export", "nexus"]) == 4
    assert "shirube[nexus]" in capsys.readouterr().err
    assert not out.exists()
