"""The five modes of RDE: they differ only in which files and which invoice make each data tile."""

from shirube_rde.modes._config import JobConfig, read_config
from shirube_rde.modes._files import input_files, locks, short_names
from shirube_rde.modes._leftover import beside
from shirube_rde.modes._plan import Mode, Plan, TilePlan, changed, numbered
from shirube_rde.modes._planning import plan_job
from shirube_rde.modes._rows import placed

__all__ = [
    "JobConfig",
    "Mode",
    "Plan",
    "TilePlan",
    "beside",
    "changed",
    "input_files",
    "locks",
    "numbered",
    "placed",
    "plan_job",
    "read_config",
    "short_names",
]
