"""The command of the zoo."""

import click

from shirube.cli.common import common_options


@click.command()
@common_options
def count(session):
    """Count the animals."""
    session.say("3")
    return 0
