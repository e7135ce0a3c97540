"""Formats that other programs of the field read: Igor Text, ISO 14976 (VAMAS), NeXus."""
