"""Convert energy axes to binding energies with the decided photon energy and work function."""

from __future__ import annotations

from shirube.energy import binding_energy
from shirube.records import Converted, EnergyReference, Facts, Spectrum
from shirube_synchrotron import photon_energy, work_function
from shirube_synchrotron.axis import any_axis, kinetic_axis
from shirube_synchrotron.binding import adjust
from shirube_synchrotron.parameters import Parameters
from shirube_synchrotron.wording import notice

__all__ = ["convert"]


def convert(spectrum: Spectrum, facts: Facts, parameters: Parameters) -> Converted:
    """Return ``spectrum`` on the binding-energy scale, with the photon energy and work function decided.

    A kinetic axis becomes BE = hv - KE - phi. A binding axis is shifted when additional metadata correct the photon
    energy in it. Where that cannot be done the spectrum comes back as it was, and a notice says why and what to do.

    Args:
        spectrum: Energies in eV on the axis ``energy``; further axes are left alone, the order of points is kept.
        facts: Candidates for ``photon_energy`` and ``work_function`` (eV); ``low_energy`` and ``high_energy`` check
            a binding axis.
        parameters: Tolerances.
    """
    if not any(axis.name == "energy" and len(axis) for axis in spectrum.axes):
        return Converted(spectrum, notices=(notice("no-energy-axis", "should"),))
    if spectrum.reference.scale == "kinetic":
        return _from_kinetic(spectrum, facts, parameters)
    if spectrum.reference.scale == "binding":
        return adjust(spectrum, facts, parameters)
    return _unknown(spectrum, facts, parameters)


def _from_kinetic(spectrum: Spectrum, facts: Facts, parameters: Parameters) -> Converted:
    limits = kinetic_axis(spectrum.energy, parameters)
    hv = photon_energy.choose(facts, limits, spectrum.id, parameters.photon_energy_difference)
    phi = work_function.choose(facts, spectrum.id, hv.chosen)
    decisions, notices = (hv.decision, phi.decision), (*hv.notices, *phi.notices)
    if hv.chosen is None or phi.chosen is None:
        return Converted(spectrum, decisions, notices)
    photon, work = hv.chosen.number, phi.chosen.number
    reference = EnergyReference("binding", photon_energy=photon, work_function=work)
    energies = binding_energy(spectrum.energy, photon, work)
    return Converted(spectrum.with_energy(energies, reference), decisions, notices)


def _unknown(spectrum: Spectrum, facts: Facts, parameters: Parameters) -> Converted:
    hv = photon_energy.choose(facts, any_axis(), spectrum.id, parameters.photon_energy_difference)
    phi = work_function.choose(facts, spectrum.id)
    unknown = notice("energy-scale-unknown", "should")
    return Converted(spectrum, (hv.decision, phi.decision), (unknown, *hv.notices, *phi.notices))
