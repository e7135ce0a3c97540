"""Converts kinetic to binding energies."""

from shirube.energy import binding_energy
from shirube.messages import Text
from shirube.records import Converted, Decision, EnergyReference, Notice

RULE = Text(en="the only one that is stated", ja="唯一の値")
MISSING = Text(en="the photon energy is not known; state it", ja="光エネルギーが不明です。指定してください")


def convert(spectrum, facts, parameters):
    del parameters
    if spectrum.reference.scale == "binding":
        return Converted(spectrum)
    photon, work = facts.get("photon_energy"), facts.get("work_function")
    if photon is None or work is None:
        return Converted(spectrum, notices=(Notice("photon-energy-missing", MISSING, "should"),))
    if all(axis.name != "energy" for axis in spectrum.axes):
        return Converted(spectrum)
    energies = binding_energy(spectrum.energy, photon.number, work.number)
    reference = EnergyReference("binding", photon.number, work.number)
    decision = Decision("photon_energy", photon, rule=RULE)
    return Converted(spectrum.with_energy(energies, reference), (decision,))
