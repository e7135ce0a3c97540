"""SES text files and the data reference guide of the SES2002 soft X-ray photoelectron spectrometer, for Shirube."""

__all__: list[str] = []
