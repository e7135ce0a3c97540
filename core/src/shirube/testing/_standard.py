"""The kit's own samples: made-up spectra with facts, hostile ones, datasets and outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from shirube.pipeline import process
from shirube.plugins import Plugins
from shirube.records import (
    Axis,
    Dataset,
    DatasetEntry,
    EnergyReference,
    EnergyScale,
    Facts,
    FrozenMapping,
    Item,
    ItemFile,
    Origin,
    Outcome,
    Person,
    Quantity,
    Registration,
    Sample,
    Spectrum,
)
from shirube.settings import Settings
from shirube.terms import Vocabulary

__all__ = ["DAYS", "facts_of", "hostile_spectra", "standard_datasets", "standard_outcomes", "standard_spectra"]

#: Days on which rules are asked: before every policy, today's practice, far ahead.
DAYS: Final = (date(2000, 2, 29), date(2026, 4, 1), date(2099, 12, 31))
PHOTON_ENERGY: Final = 1486.6
WORK_FUNCTION: Final = 4.5
#: Settings for outcomes of files alone, with something known of them.
_QUIET: Final = {
    "run.energy_scale": "as-read",
    "run.policies": "none",
    "facts.photon_energy": PHOTON_ENERGY,
    "facts.pass_energy": 20.0,
    "facts.measured_on": "2026-04-01",
    "facts.user": "標準 花子",
}
_NUMBERS: Final = {"photon_energy": PHOTON_ENERGY, "work_function": WORK_FUNCTION, "temperature": 300.0}


def standard_spectra() -> tuple[Spectrum, ...]:
    """Return a peak of counted electrons on the binding and the kinetic scale, and over two angles."""
    binding = np.round(292.0 - 0.1 * np.arange(81), 6)
    kinetic = np.round(PHOTON_ENERGY - WORK_FUNCTION - binding, 6)
    rate = 400.0 + 1500.0 * np.exp(-0.5 * ((binding - 288.0) / 0.7) ** 2)
    counts = np.random.default_rng(20260401).poisson(rate).astype(np.float64)
    angles = Axis("angle", np.array([-1.0, 1.0]), "deg")
    return (
        _spectrum("binding", binding, counts, EnergyReference("binding", PHOTON_ENERGY, WORK_FUNCTION)),
        _spectrum("kinetic", kinetic, counts, EnergyReference("kinetic")),
        Spectrum(
            id="standard.dat#angles",
            name="C1s",
            intensity=np.stack([counts, counts[::-1]], axis=1),
            axes=(Axis("energy", kinetic, "eV"), angles),
            intensity_unit="counts",
            reference=EnergyReference("kinetic"),
        ),
    )


def hostile_spectra() -> Iterator[Spectrum]:
    """Yield spectra that no analysis may stumble over, on either scale."""
    energies = np.round(292.0 - 0.1 * np.arange(41), 6)
    ramp = np.arange(41.0)
    cases = {
        "empty": (energies[:0], ramp[:0]),
        "one": (energies[:1], ramp[:1]),
        "two": (energies[:2], ramp[:2]),
        "zeros": (energies, 0.0 * ramp),
        "flat": (energies, 0.0 * ramp + 5.0),
        "negative": (energies, -1.0 - ramp),
        "nan": (energies, np.where(ramp == 7.0, np.nan, ramp)),  # noqa: PLR2004 any point will do
        "infinite": (energies, np.where(ramp == 7.0, np.inf, ramp)),  # noqa: PLR2004 likewise
        "equal-energies": (0.0 * energies, ramp),
        "huge": (energies, 1e300 * (1.0 + ramp)),
    }
    scales: tuple[EnergyScale, ...] = ("binding", "kinetic", "unknown")
    for name, (axis, intensity) in cases.items():
        for scale in scales:
            yield _spectrum(f"{name}-{scale}", axis, intensity, EnergyReference(scale))


def _spectrum(name: str, energies: object, intensity: object, reference: EnergyReference) -> Spectrum:
    return Spectrum(
        id=f"standard.dat#{name}",
        name="C1s",
        intensity=np.asarray(intensity),
        axes=(Axis("energy", np.asarray(energies), "eV"),),
        intensity_unit="counts",
        reference=reference,
    )


def facts_of(terms: tuple[str, ...], vocabulary: Vocabulary) -> Facts:
    """Return facts that state ``terms``, each in its own unit and from the file's header."""
    facts = Facts()
    values = {"string": "text", "boolean": True, "integer": 1, "date": "2026-04-01", "time": "12:00:00"}
    for name in terms:
        term = vocabulary.get(name)
        if term is not None:
            value = _NUMBERS.get(name, 1.0) if term.type == "number" else values.get(term.type, "2026-04-01T12:00:00")
            facts = facts.add(name, Quantity(value, term.unit, origin=Origin("header", "standard.dat", 1, name)))
    return facts


def standard_datasets() -> tuple[Dataset, ...]:
    """Return a dataset of which nothing is known, one left blank, and one filled in."""
    entry = DatasetEntry(
        name="Au (1)",
        submitted_on="2026-04-01",
        registration=Registration(sample=Sample(names=("金",), composition="Au", is_new=True), data_name="Au"),
        files=FrozenMapping({"raw": ("Au_1.txt",), "main_image": ("Au_1.png",)}),
    )
    person = Person(name="標準 花子", organization="The institute", id="hanako")
    blank = Dataset(title="", description="", instruments=(), registrant=Person(name=""), entries=(DatasetEntry(),))
    full = Dataset(
        id="1",
        title="金のスペクトル",
        description="Spectra of gold.",
        registrant=person,
        manager=person,
        instruments=("AE-007",),
        registered_on="2026-04-01",
        embargo_end="2028-03-31",
        entries=(entry,),
    )
    return (Dataset(), blank, full)


def standard_outcomes(
    folder: Path, plugins: Plugins, settings: Settings, analyses: Sequence[str] = ()
) -> tuple[tuple[Outcome, ...], tuple[Item, ...]]:
    """Return outcomes of two files of numbers, one with a Japanese name, and the items they came from.

    ``analyses`` names those that are run on them.
    """
    peak = standard_spectra()[0]
    rows = "".join(f"{x:.1f},{y:.0f}\n" for x, y in zip(peak.energy, peak.intensity, strict=True))
    items = []
    for name in ("gold", "試料 2"):
        path = folder / f"{name}.csv"
        path.write_text(f"Binding energy (eV),Intensity (counts)\n{rows}", encoding="utf-8")
        items.append(Item(name=name, data=(ItemFile(path.name, path),), reader="columns"))
    quiet = settings.with_values({**_QUIET, "run.analyses": ",".join(analyses) or "none"})
    return tuple(process(item, plugins, quiet, today=DAYS[1]) for item in items), tuple(items)
