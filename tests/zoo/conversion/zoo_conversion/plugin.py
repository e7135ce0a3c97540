"""A conversion, and an amendment."""

from shirube.hooks import Amendment, Conversion, Text, hookimpl


@hookimpl
def shirube_unit_conversions():
    return [
        Conversion(
            name="zoo",
            description=Text(en="Kinetic to binding energies", ja="運動エネルギーから束縛エネルギーへ"),
            sources=("kinetic", "binding"),
            target="binding",
            requires=("photon_energy", "work_function"),
            decides=("photon_energy",),
            implementation="zoo_conversion.conversion",
        )
    ]


@hookimpl
def shirube_amendments():
    return [
        Amendment(
            name="zoo",
            description=Text(en="The pass energy of the zoo", ja="動物園のパスエネルギー"),
            sets=("pass_energy",),
            readers=("columns",),
            implementation="zoo_conversion.amendment",
        )
    ]
