"""Writes SES text files of every variant, for tests, benchmarks and fuzzing.

The writer shares no code with the reader, so that what one writes the other can be held against. It writes one to three
dimensions, any number of regions, old and new keys, run modes and manipulators with their tables, comments of several
lines, and any encoding, line end, decimal mark, number format and separator: :class:`SesRegion` says what,
:class:`SesStyle` how. :func:`examples` has a file of each variant by name,
:mod:`shirube_ses2002.testing.strategies` draws them for property tests (it needs hypothesis).
"""

from __future__ import annotations

from shirube_ses2002.testing._examples import examples
from shirube_ses2002.testing._records import SesRegion, SesStyle, ses_number
from shirube_ses2002.testing._writer import as_printed, ses_bytes

__all__ = ["SesRegion", "SesStyle", "as_printed", "examples", "ses_bytes", "ses_number"]
