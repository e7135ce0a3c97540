"""Optional dependencies: missed in one sentence, and never blamed for what they themselves miss."""

import pytest

from shirube._extras import require
from shirube.errors import MissingPluginError


def test_what_is_installed_is_imported():
    assert require("json.decoder", "units").JSONDecoder().decode("[1]") == [1]


def test_what_is_missing_is_said_with_the_command_that_installs_it():
    with pytest.raises(MissingPluginError) as caught:
        require("no_such_library.part", "units")
    assert 'this needs no_such_library, which is not installed; run: pip install "shirube[units]"' in str(caught.value)
    assert 'pip install "shirube[units]"' in caught.value.render("ja")
    assert caught.value.exit_code == 4


def test_a_dependency_that_misses_its_own_says_so_itself(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import its_own_dependency\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="its_own_dependency"):
        require("half_installed", "units")
