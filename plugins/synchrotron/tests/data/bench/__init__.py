"""A made-up instrument for tests: JSON files of regions, with sidecars of its own."""
