"""The calibration at the Au Fermi edge: with what, by whom, when, and what it gave."""

from __future__ import annotations

from functools import partial
from typing import Final

from shirube.guidechecks import guide_of, leaf
from shirube.guides import Calibration
from shirube.mentions import mention
from shirube.records import Entry
from shirube.rules import Judgement, RuleContext, failed, open_, passed
from shirube_ses2002.checks.stated import first, photon_energy, regions, say

CALIBRATED: Final = "calibration_photon_energy"
#: What the calibration determines; the photon energy is that of the calibration, not of the measurement.
_TERMS: Final = {"photon_energy": CALIBRATED}

__all__ = ["JUDGES"]


def as_recommended(term: str, pattern: str, entry: Entry, context: RuleContext) -> Judgement:
    """Judge that a text of the calibration mentions what is recommended.

    Args:
        term: The term that holds the text.
        pattern: Leaf of the guide's calibration block that it must mention.
        entry: The entry.
        context: Has the guide.
    """
    guide = guide_of(context)
    wanted = leaf(getattr(_block(context), pattern), guide, f"calibration.{pattern}")
    value = first(entry, term)
    if value is None:
        return open_(term)
    return passed(value=value) if mention(wanted, [value]) == "affirmed" else failed(note=True, value=value)


def since_the_last_change(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the photon energy in use is the calibrated one, and was calibrated after it was last changed."""
    tolerance = _block(context).photon_energy_tolerance
    known = [one.number for _, facts in regions(entry) if (one := photon_energy(facts)) is not None]
    calibrated = first(entry, CALIBRATED)
    far = [one for one in known if calibrated is not None and abs(one - float(calibrated)) > tolerance]
    if calibrated is not None and far:
        return failed(note=True, detail=say("energies-differ", calibrated=f"{float(calibrated):g}", hv=f"{far[0]:g}"))
    done, changed = first(entry, "calibrated_on"), first(entry, "photon_energy_changed_on")
    # Dates of facts are ISO 8601, which sorts as the days do.
    if done is not None and changed is not None and str(done) < str(changed):
        return failed(note=True, detail=say("calibrated-before", done=done, changed=changed))
    stated = {CALIBRATED: calibrated, "calibrated_on": done, "photon_energy_changed_on": changed}
    missing = [term for term, value in stated.items() if value is None]
    missing += [] if known else ["photon_energy"]
    return open_(", ".join(missing)) if missing else passed(done=done, changed=changed)


def complete(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the calibration gave everything that the guide says it determines."""
    guide = guide_of(context)
    terms = [_TERMS.get(one, one) for one in leaf(_block(context).yields, guide, "calibration.yields")]
    missing = [term for term in terms if first(entry, term) is None]
    if len(missing) == len(terms):
        return open_(", ".join(missing))
    return failed(missing=", ".join(missing)) if missing else passed()


def _block(context: RuleContext) -> Calibration:
    guide = guide_of(context)
    return leaf(guide.calibration, guide, "calibration")


JUDGES: Final = {
    "CAL-001": partial(as_recommended, "calibration_standard", "standard_pattern"),
    "CAL-002": partial(as_recommended, "calibration_operator_role", "operator_pattern"),
    "CAL-003": since_the_last_change,
    "CAL-004": complete,
}
