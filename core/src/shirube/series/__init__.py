"""The results of many spectra: tables for people and programs, components followed along series, trends and maps."""

from shirube.series._finding import find_runs, item_names
from shirube.series._gathering import FIGURES, TABLES, Gathered, check_gather_target, gather
from shirube.series._hdf5 import read_tables
from shirube.series._leaving import leave_points, left_place
from shirube.series._points import Absent

__all__ = [
    "FIGURES",
    "TABLES",
    "Absent",
    "Gathered",
    "check_gather_target",
    "find_runs",
    "gather",
    "item_names",
    "leave_points",
    "left_place",
    "read_tables",
]
