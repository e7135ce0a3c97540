"""Parsing ISO 14976: a header, blocks of named lines, and a last line that says that nothing is missing."""

from __future__ import annotations

from shirube_vamas import layout
from shirube_vamas.layout import Block, Experiment, Item, Variable
from shirube_vamas.lines import UNSPECIFIED, Lines

_Pair = tuple[str, str]


def parse(text: str, name: str) -> Experiment:
    """Return everything that a file says.

    Raises:
        InputError: The file is cut, or an item is not what the standard puts there; names the line.
    """
    lines = Lines(text, name)
    lines.skip_blank()
    if lines.text("format identifier") != layout.IDENTIFIER:
        raise lines.wrong("not-vamas")
    return _File(lines).experiment()


class _File:
    """A file that is being read: what its header says decides which items its blocks have."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.items: list[Item] = []

    def experiment(self) -> Experiment:
        lines = self.lines
        for name in ("institution identifier", "instrument model identifier", "operator identifier"):
            self._text(name)
        self._text("experiment identifier")
        self._comment("comment")
        self.mode = lines.one_of("experiment mode", layout.EXPERIMENT_MODES)
        self.scan = lines.one_of("scan mode", layout.SCAN_MODES)
        if self.scan == "MAPPING":
            raise lines.wrong("not-read", item="scan mode", text=self.scan)
        if self.mode in layout.WITH_REGIONS:
            lines.whole("number of spectral regions")
        if self.mode in layout.MAPS:
            for name in ("analysis positions", "discrete x coordinates", "discrete y coordinates"):
                lines.whole(f"number of {name}")
        self.variables = self._pairs("experimental variable")
        entries = lines.whole("number of entries in parameter inclusion or exclusion list")
        if entries:
            raise lines.wrong("not-read", item="parameter inclusion or exclusion list", text=str(entries))
        for _ in range(lines.whole("number of manually entered items in block", 0)):
            lines.whole("prefix number of manually entered item")
        upgrades = lines.whole("number of future upgrade experiment entries", 0)
        self.block_upgrades = lines.whole("number of future upgrade block entries", 0)
        for _ in range(upgrades):
            self._text("future upgrade experiment entry")
        header, count = tuple(self.items), lines.whole("number of blocks", 0)
        if not count:
            raise lines.wrong("no-blocks")
        blocks = tuple(self._block() for _ in range(count))
        lines.one_of("experiment terminator", (layout.END,))
        return Experiment(header, blocks)

    def _block(self) -> Block:
        lines, self.items = self.lines, []
        begin = lines.number + 1
        identifier = self._text("block identifier")
        self._text("sample identifier")
        for name in layout.DATE:
            self._number(name)
        self._comment("block comment")
        technique = lines.one_of("technique", layout.TECHNIQUES)
        self._add("technique", technique)
        if self.mode in layout.MAPS:
            self._numbers(("x coordinate", "y coordinate"))
        for label, unit in self.variables:
            self._number(f"{label} / {unit}")
        self._source(technique)
        self._analyser(technique)
        abscissa = self._abscissa() if self.scan == "REGULAR" else None
        variables = self._pairs("corresponding variable")
        self._signal(technique)
        return Block(identifier, tuple(self.items), abscissa, self._values(variables), begin)

    def _source(self, technique: str) -> None:
        """Take what is said of the source, and where it strikes the sample."""
        self._text("analysis source label")
        if self.mode in layout.SPUTTERED or technique in layout.ION_TECHNIQUES:
            self._numbers(layout.ION)
        self._numbers(layout.SOURCE)
        if self.mode in layout.IMAGED:
            self._numbers(layout.FIELD_OF_VIEW)
        if self.mode in layout.LINE_SCANNED:
            self._numbers(layout.LINE_SCAN)
        self._numbers(layout.INCIDENCE)

    def _analyser(self, technique: str) -> None:
        """Take what is said of the analyser and of what it detects."""
        self._text("analyser mode")
        self._number("analyser pass energy or retard ratio or mass resolution")
        if technique == "AES diff":
            self._number("differential width")
        self._numbers(layout.ANALYSER)
        self._text("species label")
        self._text("transition or charge state label")
        self._number("charge of detected particle")

    def _signal(self, technique: str) -> None:
        """Take what is said of counting, sputtering and the sample's position, and what else the writer adds."""
        lines = self.lines
        self._text("signal mode")
        self._numbers(("signal collection time", "number of scans to compile this block", "signal time correction"))
        if self.mode in layout.SPUTTERED and technique in layout.SPUTTERED_TECHNIQUES:
            self._numbers(layout.SPUTTER_SOURCE)
            self._text("sputtering mode")
        self._numbers(layout.TILT)
        for _ in range(lines.whole("number of additional numerical parameters", 0)):
            label, unit = lines.text("additional parameter label"), lines.text("additional parameter units")
            self._number(f"{label} / {unit}")
        for _ in range(self.block_upgrades):
            self._text("future upgrade block entry")

    def _abscissa(self) -> tuple[str, str, float, float]:
        label, unit = self.lines.text("abscissa label"), self.lines.text("abscissa units")
        return label, unit, self.lines.number_of("abscissa start"), self.lines.number_of("abscissa increment")

    def _values(self, variables: list[_Pair]) -> tuple[Variable, ...]:
        """Take the ordinate values, which follow each other point by point."""
        lines = self.lines
        count = lines.whole("number of ordinate values", 0)
        if not variables or count % len(variables):
            raise lines.wrong("ragged", count=count, variables=len(variables))
        for label, _ in variables:
            lines.number_of(f"minimum of {label}")
            lines.number_of(f"maximum of {label}")
        values = lines.numbers(count, "ordinate value")
        step = len(variables)
        return tuple(Variable(label, unit, tuple(values[at::step])) for at, (label, unit) in enumerate(variables))

    def _pairs(self, item: str) -> list[_Pair]:
        count = self.lines.whole(f"number of {item}s", 0)
        return [(self.lines.text(f"{item} label"), self.lines.text(f"{item} units")) for _ in range(count)]

    def _comment(self, name: str) -> None:
        count = self.lines.whole(f"number of lines in {name}", 0)
        first = self.lines.number + 1
        text = "\n".join(self.lines.text(name) for _ in range(count))
        if text:
            self.items.append(Item(name, text, first))

    def _text(self, name: str) -> str:
        text = self.lines.text(name)
        self._add(name, "" if text.lower() == "not specified" else text)
        return text

    def _numbers(self, names: tuple[str, ...]) -> None:
        for name in names:
            self._number(name)

    def _number(self, name: str) -> None:
        number = self.lines.number_of(name)
        text = "" if abs(number) >= UNSPECIFIED else f"{number:.15g}"
        self._add(name, text)

    def _add(self, name: str, text: str) -> None:
        self.items.append(Item(name, text, self.lines.number))
