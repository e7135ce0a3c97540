"""States the pass energy, which no file of the zoo says."""

from shirube.records import Amended, Origin, Quantity


def amend(spectrum, measurement, facts, parameters):
    del spectrum, measurement, facts, parameters
    return Amended({"pass_energy": Quantity(20.0, "eV", origin=Origin("amendment", "zoo"))})
