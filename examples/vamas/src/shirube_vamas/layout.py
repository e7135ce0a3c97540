"""The layout of ISO 14976: which items a file and its blocks have, in order, and in which modes."""

from __future__ import annotations

from attrs import field, frozen

IDENTIFIER = "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4"
END = "end of experiment"

EXPERIMENT_MODES = ("MAP", "MAPDP", "MAPSV", "MAPSVDP", "NORM", "SDP", "SDPSV", "SEM", "NOEXP")
SCAN_MODES = ("REGULAR", "IRREGULAR", "MAPPING")
TECHNIQUES = (
    "AES diff",
    "AES dir",
    "EDX",
    "ELS",
    "FABMS",
    "FABMS energy spec",
    "ISS",
    "SIMS",
    "SIMS energy spec",
    "SNMS",
    "SNMS energy spec",
    "UPS",
    "XPS",
    "XRF",
)
MAPS = ("MAP", "MAPDP")
WITH_REGIONS = (*MAPS, "NORM", "SDP")
SPUTTERED = ("MAPDP", "MAPSVDP", "SDP", "SDPSV")
IMAGED = (*MAPS, "MAPSV", "MAPSVDP", "SEM")
LINE_SCANNED = ("MAPSV", "MAPSVDP", "SEM")
ION_TECHNIQUES = ("FABMS", "FABMS energy spec", "ISS", "SIMS", "SIMS energy spec", "SNMS", "SNMS energy spec")
SPUTTERED_TECHNIQUES = ("AES diff", "AES dir", "EDX", "ELS", "UPS", "XPS", "XRF")

DATE = ("year", "month", "day", "hours", "minutes", "seconds", "hours in advance of GMT")
ION = (
    "sputtering ion or atom atomic number",
    "number of atoms in sputtering ion or atom particle",
    "sputtering ion or atom charge sign and number",
)
SOURCE = (
    "analysis source characteristic energy",
    "analysis source strength",
    "analysis source beam width x",
    "analysis source beam width y",
)
FIELD_OF_VIEW = ("field of view x", "field of view y")
LINE_SCAN = (
    "first linescan start x coordinate",
    "first linescan start y coordinate",
    "first linescan finish x coordinate",
    "first linescan finish y coordinate",
    "last linescan finish x coordinate",
    "last linescan finish y coordinate",
)
INCIDENCE = ("analysis source polar angle of incidence", "analysis source azimuth")
ANALYSER = (
    "magnification of analyser transfer lens",
    "analyser work function or acceptance energy of atom or ion",
    "target bias",
    "analysis width x",
    "analysis width y",
    "analyser axis take off polar angle",
    "analyser axis take off azimuth",
)
SPUTTER_SOURCE = (
    "sputtering source energy",
    "sputtering source beam current",
    "sputtering source width x",
    "sputtering source width y",
    "sputtering source polar angle of incidence",
    "sputtering source azimuth",
)
TILT = ("sample normal polar angle of tilt", "sample normal tilt azimuth", "sample rotation angle")


@frozen
class Item:
    """An item of a block: its name, the text as it stands in the file, and its line."""

    name: str
    text: str
    line: int


@frozen(eq=False)
class Variable:
    """A corresponding variable: what was measured at every point."""

    label: str
    unit: str
    values: tuple[float, ...] = field(repr=False)


@frozen(eq=False)
class Block:
    """One block.

    Attributes:
        identifier: Its name.
        items: Everything said of it, in the order of the file; what is not specified has an empty text.
        abscissa: Label, unit, start and increment; None where the scan is irregular.
        variables: In order; of an irregular scan the first is the abscissa.
        line: Line on which it begins.
    """

    identifier: str
    items: tuple[Item, ...]
    abscissa: tuple[str, str, float, float] | None
    variables: tuple[Variable, ...]
    line: int

    def item(self, name: str) -> str:
        """Return the text of an item, empty where it is absent."""
        return next((one.text for one in self.items if one.name == name), "")


@frozen(eq=False)
class Experiment:
    """A whole file: its own items, and its blocks."""

    items: tuple[Item, ...]
    blocks: tuple[Block, ...]
