"""What plugins answer when they are asked to amend what is known of a spectrum."""

from __future__ import annotations

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.records import _checks
from shirube.records._facts import Quantity
from shirube.records._spectra import Remark


@frozen
class Amended:
    """What an amendment returns: facts by term, and what the reader of a report must know (why nothing is stated)."""

    facts: FrozenMapping[str, Quantity] = field(
        factory=FrozenMapping, converter=as_frozen, validator=_checks.all_by_text(Quantity)
    )
    remarks: tuple[Remark, ...] = field(default=(), converter=as_tuple, validator=_checks.all_of(Remark))
