"""Peak fitting with an active Shirley background, ranked by the Bayesian information criterion."""

__all__: list[str] = []
