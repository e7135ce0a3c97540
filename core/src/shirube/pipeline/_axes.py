"""What is said of axes beside the energies: those summed over, those nobody has, and what to do with the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shirube._axes import ENERGY
from shirube.errors import core_message
from shirube.guidechecks import region_list
from shirube.guides import GuideData
from shirube.messages import Text, joined
from shirube.parameters import suggestion
from shirube.records import AnalysisTarget, Axis, Entry, Finding, Subject
from shirube.reduction import DEFAULT, kept_axes, summed_axes
from shirube.settings import RunSettings

__all__ = ["how_to_analyse", "summed", "unknown"]


def summed(entry: Entry) -> tuple[Finding, ...]:
    """Return one finding that says over which axes analyses saw sums; none when there was nothing to sum."""
    groups: dict[str, list[str]] = {}
    for spectrum in entry.spectra():
        if axes := summed_axes(spectrum, entry.axes):
            groups.setdefault(_counted(axes), []).append(spectrum.id)
    if not groups:
        return ()
    told = [core_message("axes-of", axes=axes, where=region_list(entry, ids)).text() for axes, ids in groups.items()]
    return (_finding("summed", entry, core_message("axes-summed", axes=joined(told)).text()),)


def unknown(entry: Entry, guide: GuideData | None, run: RunSettings) -> Iterator[Finding]:
    """Yield a finding for each axis that settings name and no spectrum has; a note where it looks misspelt."""
    present = list(dict.fromkeys(axis.name for one in entry.spectra() for axis in one.axes if axis.name != ENERGY))
    known = {*DEFAULT, *(() if guide is None else guide.axes)}
    for name in run.axes:
        if name in present:
            continue
        hint = Text(en="", ja="") if name in known else suggestion(name, [*present, *sorted(known)])
        shown = ", ".join(present) or "-"
        text = core_message("axes-unknown", name=f"run.axes.{name}", present=shown, hint=hint).text()
        yield _finding("unknown", entry, text, note=bool(hint.en))


def how_to_analyse(target: AnalysisTarget) -> Iterator[Text]:
    """Yield how the axes that a declined spectrum has beside its energies could be summed over, or taken apart."""
    if ENERGY not in [axis.name for axis in target.spectrum.axes]:
        return
    kept = kept_axes(target.spectrum, {})
    if kept:
        settings = {how: " ".join(f"--set run.axes.{axis.name}={how}" for axis in kept) for how in ("sum", "each")}
        yield core_message("axes-kept", axes=_counted(kept), **settings).text()


def _finding(code: str, entry: Entry, message: Text, *, note: bool = False) -> Finding:
    return Finding(
        rule=f"analysis.axes-{code}",
        policy="analysis",
        subject=Subject("entry", entry.name),
        kind="fail" if note else "informational",
        severity="should" if note else "info",
        message=message,
        note=note,
    )


def _counted(axes: Sequence[Axis]) -> str:
    return ", ".join(f"{axis.name} ({len(axis)})" for axis in axes)
