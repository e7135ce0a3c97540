"""A healthy plugin of the zoo."""
