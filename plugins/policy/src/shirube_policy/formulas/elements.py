"""The 118 elements and which of them are metals."""

from __future__ import annotations

from typing import Final

_ELEMENTS: Final = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr "
    "Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir "
    "Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh "
    "Fl Mc Lv Ts Og"
)
_OTHERS: Final = "H He B C N O F Ne Si P S Cl Ar Ge As Se Br Kr Sb Te I Xe At Rn Ts Og"

#: By atomic number, from 1.
ORDERED: Final = tuple(_ELEMENTS.split())
SYMBOLS: Final = frozenset(ORDERED)
METALS: Final = SYMBOLS - frozenset(_OTHERS.split())

__all__ = ["METALS", "ORDERED", "SYMBOLS"]
