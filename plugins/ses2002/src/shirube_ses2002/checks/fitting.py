"""BIC fitting: which regions the switch and the limit of the form select."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from shirube.energy import scan_width
from shirube.guidechecks import guide_of, manual_items, region_list
from shirube.guides import switched_on
from shirube.records import Entry
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, passed
from shirube_ses2002.checks.stated import no_spectrum, say

ANALYSIS: Final = "bicfit"
_LIMIT: Final = "max_range"

__all__ = ["JUDGES"]


@frozen
class _Selection:
    """The regions that are narrow enough to be fitted, those that are not, and the limit in eV."""

    fitted: tuple[str, ...]
    skipped: tuple[str, ...]
    limit: float


def selected(entry: Entry, context: RuleContext) -> Judgement:
    """Compute which regions are fitted and which are too wide."""
    chosen = _selection(entry, context)
    if isinstance(chosen, Judgement):
        return chosen
    wide = region_list(entry, chosen.skipped) if chosen.skipped else say("none")
    return informational(fitted=len(chosen.fitted), skipped=len(chosen.skipped), limit=f"{chosen.limit:g}", wide=wide)


def any_selected(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that a region is narrow enough to be fitted."""
    chosen = _selection(entry, context)
    if isinstance(chosen, Judgement):
        return chosen
    limit = f"{chosen.limit:g}"
    return passed(limit=limit) if chosen.fitted else failed(note=True, limit=limit)


def about(entry: Entry, context: RuleContext) -> Judgement:
    """Tell what the fit does."""
    del entry, context
    return informational()


def _selection(entry: Entry, context: RuleContext) -> _Selection | Judgement:
    """Return which regions are selected, or that none was to be."""
    guide = guide_of(context)
    analysis = next((one for one in guide.analyses if one.analysis == ANALYSIS), None)
    manual = manual_items(entry)
    if analysis is None or manual is None or not switched_on(manual.get(analysis.switch or "")):
        return not_applicable(say("fit-is-off"))
    if not entry.spectra():
        return no_spectrum()
    key = analysis.manual.get(_LIMIT)
    default = next((one.default for one in guide.manual if one.key == key), None)
    limit = float(manual.get(key or "", default if default is not None else "inf"))
    spectra = entry.spectra()
    fitted = tuple(one.id for one in spectra if scan_width(one) <= limit)
    return _Selection(fitted, tuple(one.id for one in spectra if one.id not in fitted), limit)


JUDGES: Final = {"BIC-001": selected, "BIC-002": any_selected, "BIC-003": about}
