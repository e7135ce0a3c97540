"""Chemical formulae, compositions, stacks and the names that stand for them, as people write them in RDE's form."""

from shirube_policy.formulas.amounts import FormulaError
from shirube_policy.formulas.compositions import Composition, Part, composition
from shirube_policy.formulas.elements import METALS, SYMBOLS
from shirube_policy.formulas.names import is_designation, is_material
from shirube_policy.formulas.parser import Formula, formulas_in, is_formula, parse_formula, suggested
from shirube_policy.formulas.spelling import spelt
from shirube_policy.formulas.stacks import Stack, stacks_in

__all__ = [
    "METALS",
    "SYMBOLS",
    "Composition",
    "Formula",
    "FormulaError",
    "Part",
    "Stack",
    "composition",
    "formulas_in",
    "is_designation",
    "is_formula",
    "is_material",
    "parse_formula",
    "spelt",
    "stacks_in",
    "suggested",
]
