"""The command ``shirube``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the version is answered before anything else is imported."""
    if sys.argv[1:] == ["--version"]:
        from shirube import __version__

        print(f"shirube {__version__}")  # noqa: T201 this is the answer
        return
    from shirube.cli import run_command_line
    from shirube.cli.answers import escape_what_is_lacking, nothing_more

    escape_what_is_lacking()
    code = run_command_line(sys.argv[1:])
    nothing_more()
    sys.exit(code)


if __name__ == "__main__":
    main()
