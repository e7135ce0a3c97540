"""A policy, and a command."""

from shirube.hooks import Command, Policy, Text, hookimpl


@hookimpl
def shirube_policies():
    return [
        Policy(
            name="zoo",
            description=Text(en="Rules of the zoo", ja="動物園の規則"),
            implementation="zoo_policy.rules",
            gates={"registration": Text(en="registration", ja="登録")},
        )
    ]


@hookimpl
def shirube_commands():
    return [
        Command(
            name="zoo",
            description=Text(en="Count the animals.", ja="動物を数える。"),
            implementation="zoo_policy.cli:count",
        )
    ]
