"""A small file of each variant of the format, by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from shirube_ses2002.testing._records import SesRegion, SesStyle
from shirube_ses2002.testing._writer import ses_bytes

__all__ = ["examples"]

_ITERATIONS = "Seq. Iteration[a.u.]"
_ANGLES = "Y-Scale [deg]"


def examples() -> dict[str, bytes]:
    """Return the bytes of a file of each variant, by a name that says which."""
    return {**_of_regions(), **_of_headers(), **_of_styles()}


def _region(*sizes: int, points: int = 4, **changes: Any) -> SesRegion:
    """Return a region of binding energies with as many points as said, in two more dimensions at most."""
    energies = np.round(10.0 - 0.5 * np.arange(points), 10)
    shape = (points, *sizes)
    return SesRegion(energies=energies, intensity=1.5 * np.arange(np.prod(shape)).reshape(shape), **changes)


def _of_regions() -> dict[str, bytes]:
    angles, iterations = (_ANGLES, (-1.5, 0.0, 1.5)), (_ITERATIONS, (1.0, 2.0))
    regions: dict[str, list[SesRegion]] = {
        "binding": [_region()],
        "kinetic": [_region(scale="Kinetic")],
        "one-point": [_region(points=1)],
        "regions-12": [_region(name="same") for _ in range(12)],
        "angles": [_region(3, axes=(angles,))],
        "positions": [_region(3, axes=(("Y-Scale [mm]", (0.1, 0.2, 0.3)),))],
        "iterations": [_region(2, axes=(iterations,), run_mode=["Name=Add Dimension", "Name=Add Dimension"])],
        "region-iterations": [_region(2, axes=(("Region Iteration[a.u.]", (1.0, 2.0)),))],
        "delays": [_region(2, axes=(("Delay(fs)", (-50.0, 50.0)),))],
        "angles-iterations": [_region(3, 2, axes=(angles, iterations))],
        "iterations-angles": [_region(2, 3, axes=(iterations, angles))],
        "mixed": [_region(3, 2, axes=(angles, iterations)), _region(), _region(2, axes=(iterations,))],
    }
    return {name: ses_bytes(written) for name, written in regions.items()}


def _of_headers() -> dict[str, bytes]:
    points = [f"Point {number}={570 + number / 10} eV" for number in range(1, 4)]
    table = ["\x0bPosition\x0bP\x0bX", "\x0b1\x0b1.500\x0b0.100", "\x0b2\x0b3.000\x0b0.100"]
    regions = {
        "cis": _region(3, axes=(("Photon Energy [eV]", (570.1, 570.2, 570.3)),), run_mode=["Name=CIS", *points]),
        "manipulator-scan": _region(2, axes=(("Point [Position]", (1.0, 2.0)),), run_mode=table),
        "manipulator": _region(manipulator={"X": "2.302", "Y": "-1.57", "Polar": "89.997", "R1": ""}),
        "deflector": _region(run_mode=["Name=DA30", "Thetay_Low=-5", "Thetay_High=5"], info={"ThetaX": "0"}),
        "interface": _region(interface=["T=23.4", "Sample Stage Temperature=20.5"], manipulator={}),
        "signal": _region(signal=["Counts=ADC", "I0=2.5E-9"]),
        "comment": _region(info={"Comments": "cleaved\n\n[Data 1]\n[sic] a=b\nPass Energy=200 first"}),
        "equals": _region(name="Survey hv=4600", info={"Sample": "[Data 1] x=y", "User": ""}),
        "us-date": _region(info={"Date": "3/23/2025", "Time": "4:02:39 AM"}),
        "garbage-energy": _region(info={"Excitation Energy": "3.10021844987699E-317"}),
        "no-energy": _region(info={"Excitation Energy": None}),
    }
    return {name: ses_bytes([region]) for name, region in regions.items()}


def _of_styles() -> dict[str, bytes]:
    japanese = {"Sample": "アルミの板、かるく研磨 600 ℃", "Comments": "表面のソフトエッチング"}
    styles = {
        "lf": SesStyle(line_end="\n"),
        "cr": SesStyle(line_end="\r"),
        "crcrlf": SesStyle(line_end="\r\r\n"),
        "bom": SesStyle(bom=True),
        "utf-8": SesStyle(encoding="utf-8"),
        "utf-16": SesStyle(encoding="utf-16"),
        "utf-16-be": SesStyle(encoding="utf-16-be", bom=True),
        "cp932": SesStyle(encoding="cp932"),
        "euc-jp": SesStyle(encoding="euc-jp"),
        "decimal-comma": SesStyle(decimal=","),
        "header-comma": SesStyle(header_decimal=","),
        "tabs": SesStyle(separator="\t", trailing="\t"),
        "plain": SesStyle(number="{:.5f}".format, trailing=" "),
        "old-keys": SesStyle(old_keys=True),
        "no-blank-line": SesStyle(last_lines=1),
        "no-line-end": SesStyle(last_lines=0),
    }
    beyond_ascii = {name for name, style in styles.items() if style.encoding != "ascii"}
    files = {
        name: ses_bytes(
            [_region(2, axes=((_ITERATIONS, (1.0, 2.0)),), info=japanese if name in beyond_ascii else {})], style
        )
        for name, style in styles.items()
    }
    western = _region(info={"Sample": "Ångström 20 °C", "Comments": "µ-metal … ½"})
    return {**files, "cp1252": ses_bytes([western], SesStyle(encoding="cp1252"))}
