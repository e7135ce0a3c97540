"""Signal to noise and drift over the iterations of a spectrum, for Shirube."""
