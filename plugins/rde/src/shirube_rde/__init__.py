"""RDE for Shirube: reads the jobs of RDE and writes the trees that RDE registers."""

__all__: list[str] = []
