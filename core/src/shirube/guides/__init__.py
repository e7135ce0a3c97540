"""Data reference guides as data: one TOML file a guide, structured and checked."""

from __future__ import annotations

from shirube.guides._conditions import Calibration, Condition, SampleGuide, ScanClass
from shirube.guides._parsing import parse_guide
from shirube.guides._records import (
    GuideAnalysis,
    GuideChecks,
    GuideData,
    GuideFiles,
    GuideMatch,
    Holder,
    ManualItem,
    ManualType,
    MetadataItem,
    Overview,
    Placement,
    SidecarKey,
)
from shirube.guides._words import file_matches, registry_key, switched_on

__all__ = [
    "Calibration",
    "Condition",
    "GuideAnalysis",
    "GuideChecks",
    "GuideData",
    "GuideFiles",
    "GuideMatch",
    "Holder",
    "ManualItem",
    "ManualType",
    "MetadataItem",
    "Overview",
    "Placement",
    "SampleGuide",
    "ScanClass",
    "SidecarKey",
    "file_matches",
    "parse_guide",
    "registry_key",
    "switched_on",
]
