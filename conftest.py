"""Settings of all the tests."""

from hypothesis import settings

# How long an example takes says what else the machine does; nothing here is timed by a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
