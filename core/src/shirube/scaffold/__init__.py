"""New plugins: a project of one screen that builds, installs and passes the conformance kit at once."""

from shirube.scaffold._kinds import KINDS, Kind
from shirube.scaffold._project import new_project

__all__ = ["KINDS", "Kind", "new_project"]
