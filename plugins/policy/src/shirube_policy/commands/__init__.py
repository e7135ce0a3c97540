"""The commands below ``shirube policy``."""
