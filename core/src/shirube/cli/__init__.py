"""The command line: commands of the core and of plugins, errors as one sentence, exit codes as documented."""

from shirube.cli.app import run_command_line

__all__ = ["run_command_line"]
