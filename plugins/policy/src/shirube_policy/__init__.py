"""The ARIM data registration and sharing policy (2025-04-01) as executable rules."""

__all__: list[str] = []
