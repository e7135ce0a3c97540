"""The amendment ``calibration``: what calibration files state, for the spectra that they hold for."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

from shirube.errors import InputError, ShirubeError, all_problems
from shirube.messages import joined
from shirube.records import Amended, Facts, Measurement, Origin, Quantity, Remark, Spectrum
from shirube_synchrotron.calibration.choosing import told_of
from shirube_synchrotron.calibration.document import read_calibration
from shirube_synchrotron.calibration.fitting import Held, holding_for, measured_on, objections
from shirube_synchrotron.calibration.gold import conditions_of, kinetic_of
from shirube_synchrotron.calibration.parameters import AmendmentParameters
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.calibration.record import Calibration, Conditions, Measured
from shirube_synchrotron.choice import DOUBTFUL

__all__ = ["amend", "facts_of"]


def amend(spectrum: Spectrum, measurement: Measurement, facts: Facts, parameters: AmendmentParameters) -> Amended:
    """Return what the calibration that holds for a spectrum states; nothing where none does, and why.

    What file or registration state already is left alone, but for the photon energy and its work function, between
    which the conversion decides.

    Raises:
        InputError: Calibration files that cannot be used: all of them.
    """
    del measurement
    files = _calibrations(parameters.files)
    conditions = _conditions(spectrum, facts)
    if not files or conditions is None:
        return Amended()
    tolerance = parameters.photon_energy_tolerance
    held = holding_for(list(files), conditions, tolerance, measured_on(facts))
    if held.calibration is None:
        remarks = _remarks_of_none(spectrum, files, conditions, tolerance, held)
    else:
        remarks = _remarks(spectrum, files, held, held.calibration)
    one = held.calibration
    if one is None:
        return Amended(remarks=remarks)
    stated = facts_of(one, Origin("calibration", files[one], key=DOUBTFUL if one.status == "doubtful" else None))
    wanted = {
        term: one for term, one in stated.items() if term in ("photon_energy", "work_function") or term not in facts
    }
    return Amended(wanted, remarks)


def _remarks(
    spectrum: Spectrum, files: Mapping[Calibration, str], held: Held, calibration: Calibration
) -> Iterator[Remark]:
    """Yield which calibration holds where several could, and what is doubtful of it."""
    name = files[calibration]
    if calibration.status == "doubtful":
        text = message("calibration-doubtful", region=spectrum.id, file=name, reasons=joined(calibration.reasons))
        yield Remark(text.code, text.text(), name, severity="should")
    if calibration.resolution_limit is not None:
        limit = f"{calibration.resolution_limit:.3g}"
        text = message("calibration-resolution-hidden", region=spectrum.id, file=name, limit=limit)
        yield Remark(text.code, text.text(), name)
    for text in told_of(held, spectrum, files):
        yield Remark(text.code, text.text(), name, severity="should")
    if held.others:
        others = ", ".join(files[one] for one in held.others)
        text = message("calibration-chosen", region=spectrum.id, file=name, others=others)
        yield Remark(text.code, text.text())


def _remarks_of_none(
    spectrum: Spectrum, files: Mapping[Calibration, str], conditions: Conditions, tolerance: float, held: Held
) -> Iterator[Remark]:
    """Yield why no calibration holds for a spectrum."""
    if held.others:
        names = ", ".join(files[one] for one in held.others)
        text = message("calibration-ambiguous", region=spectrum.id, files=names)
        yield Remark("calibration-ambiguous", text.text())
        return
    why = joined(
        message(
            "calibration-against",
            file=name,
            what=joined((one.text() for one in objections(calibration, conditions, tolerance)), ", ", "、"),
        ).text()
        for calibration, name in files.items()
    )
    yield Remark("calibration-none-fits", message("calibration-none-fits", region=spectrum.id, why=why).text())


def facts_of(calibration: Calibration, origin: Origin) -> dict[str, Quantity]:
    """Return a calibration as facts by term, all of one origin; what nobody stated is left out."""
    one, stated = calibration, calibration.stated
    photon = Measured(one.photon_energy, one.fermi_level.statistical, one.fermi_level.model)
    texts = {
        "calibration_standard": stated.standard,
        "calibration_operator_role": stated.operator_role,
        "calibrated_on": stated.date,
        "photon_energy_changed_on": stated.changed_on,
    }
    return {
        "photon_energy": _energy(photon, origin),
        "work_function": Quantity(one.work_function, "eV", origin=origin),
        "calibration_photon_energy": _energy(photon, origin),
        "fermi_level": _energy(one.fermi_level, origin),
        "edge_width": _energy(one.edge_width, origin),
        # A resolution that the thermal width hides was not measured: only its upper limit is known.
        **({"energy_resolution": _energy(one.resolution, origin)} if one.resolution_limit is None else {}),
        **{term: Quantity(text, origin=origin) for term, text in texts.items() if text is not None},
    }


def _energy(measured: Measured, origin: Origin) -> Quantity:
    return Quantity(measured.value, "eV", measured.standard, origin)


def _conditions(spectrum: Spectrum, facts: Facts) -> Conditions | None:
    if not any(axis.name == "energy" and len(axis) for axis in spectrum.axes):
        return None
    return conditions_of(spectrum, facts, kinetic_of(spectrum, facts))


def _calibrations(names: tuple[str, ...]) -> dict[Calibration, str]:
    """Return the calibrations of files, each with the name of its file, in the order in which they are listed.

    Raises:
        InputError: Files that cannot be used: all of them.
    """
    found: dict[Calibration, str] = {}
    problems: list[ShirubeError] = []
    for name in names:
        path = Path(name)
        try:
            found[_read(path, _stamp(path))] = path.name
        except InputError as error:
            problems.append(error)
    if problems:
        raise all_problems(problems)
    return found


@functools.lru_cache(maxsize=64)
def _read(path: Path, stamp: tuple[str, int, int] | None) -> Calibration:
    # Every spectrum of a run asks for the same files; one that was changed has another stamp.
    del stamp
    return read_calibration(path)


def _stamp(path: Path) -> tuple[str, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path.absolute()), found.st_mtime_ns, found.st_size
