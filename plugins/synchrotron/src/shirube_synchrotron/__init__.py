"""Photon energy, work function and the kinetic to binding energy conversion at a synchrotron."""

from __future__ import annotations

__all__: list[str] = []
