"""The plugin holds what every plugin of its kind holds."""

from shirube.testing import parametrize_with_checks


@parametrize_with_checks("drift")
def test_the_plugin_conforms(check):
    check()
