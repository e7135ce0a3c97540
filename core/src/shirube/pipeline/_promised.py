"""Results keep what their analysis and their terms promise: declared terms, in units of those terms."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from shirube.blame import Registered, blamed
from shirube.errors import MissingPluginError, PluginError, UnitError, core_message
from shirube.hooks import Analysis
from shirube.messages import Message, joined
from shirube.records import Quantity, Result
from shirube.terms import Term, Vocabulary
from shirube.units import convert

__all__ = ["keeps_promises"]


def keeps_promises(registered: Registered[Analysis], result: Result, vocabulary: Vocabulary) -> Result:
    """Return ``result`` as it is, if every scalar has a declared term and a unit that its term allows.

    A number without a unit is in the unit of its term; one in another unit that converts to it stays as it is.

    Raises:
        PluginError: A term is not among those that the analysis yields, nobody defines it, or the unit of its value
            cannot be converted to its own: all of them.
    """
    problems = [one.text() for one in _broken(registered, result, vocabulary)]
    if problems:
        raise blamed(PluginError(joined(problems)), registered)
    return result


def _broken(registered: Registered[Analysis], result: Result, vocabulary: Vocabulary) -> Iterator[Message]:
    told = {"analysis": registered.name}
    for key, quantity in result.scalars.items():
        if key not in vocabulary:
            yield core_message("result-term-unknown", term=key, **told)
        elif key not in registered.record.yields:
            yield core_message("result-term-undeclared", term=key, **told)
        elif not _fits(quantity, vocabulary[key]):
            unit = vocabulary[key].unit
            if unit is None:
                yield core_message("result-unit-of-none", term=key, unit=quantity.unit, **told)
            else:
                yield core_message("result-unit-other", term=key, unit=quantity.unit, wanted=unit, **told)


def _fits(quantity: Quantity, term: Term) -> bool:
    if quantity.unit is None or quantity.unit == term.unit:
        return True
    return term.unit is not None and _converts(quantity.unit, term.unit)


@functools.cache
def _converts(unit: str, wanted: str) -> bool:
    try:
        convert(1.0, unit, wanted)
    except UnitError:
        return False
    except MissingPluginError:
        # A unit of the optional library, which is not installed here: it cannot be judged, so nobody is blamed.
        return True
    return True
