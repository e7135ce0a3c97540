"""The plugin as the core sees it: cheap to import, its records complete."""

import subprocess
import sys

from shirube.plugins import load_plugins
from shirube_rde.parameters import Parameters


def test_the_exporter_and_the_command_are_registered():
    plugins = load_plugins(allow=["rde"])
    exporter = plugins.exporters["rde"]
    assert (exporter.plugin, exporter.distribution) == ("rde", "shirube-rde")
    assert plugins.parameters_class(exporter) is Parameters
    assert all(plugins.provides(exporter, method) for method in ("write", "verify", "read"))
    assert plugins.commands["rde"].record.description.ja


def test_importing_the_plugin_imports_nothing_heavy():
    heavy = ("numpy", "scipy", "matplotlib", "PIL", "jsonschema", "click")
    code = f"import sys, shirube_rde.plugin; print([name for name in {heavy!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert answer.stdout.strip() == "[]"


def test_importing_the_exporter_needs_neither_jsonschema_nor_matplotlib():
    code = (
        "import sys, shirube_rde.exporter, shirube_rde.tree, shirube_rde.verification, shirube_rde.invoice;"
        "print([name for name in ('jsonschema', 'matplotlib', 'PIL', 'scipy') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert answer.stdout.strip() == "[]"
