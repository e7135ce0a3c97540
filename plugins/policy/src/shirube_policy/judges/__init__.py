"""The functions that judge a dataset, one module for each family of rules."""

__all__: list[str] = []
