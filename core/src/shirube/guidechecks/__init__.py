"""The checks of a guide: derived as rules from what the guide asks, and each alone for a policy of the guide.

Each function ``judge_…`` judges an entry against the guide of its context, a facility's overrides included. What it
answers fills these places of a rule's message:

===================  ===============================================================================================
judge_match          ``model`` (the guide's), ``seen`` (what the files name)
judge_files          ``patterns``
judge_sidecars       ``file``
judge_manual         ``item``, ``problem``
judge_metadata       ``item``, ``where``, ``problem``
judge_conditions     ``item``, ``scan``, ``value``, ``where``, ``wanted``
===================  ===============================================================================================
"""

from __future__ import annotations

from shirube.guidechecks._conditions import judge_conditions, scan_classes
from shirube.guidechecks._derived import guide_rules
from shirube.guidechecks._files import judge_files, judge_sidecars
from shirube.guidechecks._manual import judge_manual, manual_items, manual_problem
from shirube.guidechecks._match import judge_match, matches
from shirube.guidechecks._metadata import item_name, judge_metadata, value_problem
from shirube.guidechecks._shared import guide_of, leaf, not_asked, region_list

__all__ = [
    "guide_of",
    "guide_rules",
    "item_name",
    "judge_conditions",
    "judge_files",
    "judge_manual",
    "judge_match",
    "judge_metadata",
    "judge_sidecars",
    "leaf",
    "manual_items",
    "manual_problem",
    "matches",
    "not_asked",
    "region_list",
    "scan_classes",
    "value_problem",
]
