"""The structuring program: RDE starts it in the folder that holds data/."""

import sys

from shirube.cli import run_command_line

if __name__ == "__main__":
    # What fails is in data/job.failed; tasksupport/shirube.toml says which guide the jobs follow.
    sys.exit(run_command_line(["rde", "run", "--lang", "ja"]))
