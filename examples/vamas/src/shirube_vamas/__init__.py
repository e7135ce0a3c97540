"""VAMAS (ISO 14976) files and a data reference guide for laboratory XPS, for Shirube."""
