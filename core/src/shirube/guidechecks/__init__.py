"""temporary"""

from shirube.guidechecks._derived import guide_rules, matches

__all__ = ["guide_rules", "matches"]
