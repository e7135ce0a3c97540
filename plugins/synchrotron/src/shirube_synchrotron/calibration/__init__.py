"""Calibration at the Fermi edge of gold: from a scan to a photon energy, its file, sidecars, facts and figures."""

from __future__ import annotations

__all__: list[str] = []
