"""Which elements a survey shows, and how much of each there is, at any photon energy."""

__all__: list[str] = []
