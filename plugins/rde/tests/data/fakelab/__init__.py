"""A made-up laboratory: a plugin with a reader, a guide and an analysis, as a stranger would write it."""
