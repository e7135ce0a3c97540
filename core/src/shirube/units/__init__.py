"""Units of metadata: one spelling for each, exact conversion, and no guess about units without a fixed size."""

from shirube.units._conversion import convert
from shirube.units._spelling import canonical, is_arbitrary

__all__ = ["canonical", "convert", "is_arbitrary"]
