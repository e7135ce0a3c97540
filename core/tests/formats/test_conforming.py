"""The formats of the core keep what the kit asks of every exporter: names, the same bytes, full disks, sudden ends."""

import pytest

from shirube.testing import Conformance, fake_distribution, on_path

pytest.importorskip("h5py")

PLUGIN = """\
from shirube.hooks import Exporter, Text, hookimpl

TEXT = Text(en="the core's format", ja="コアの形式")


@hookimpl
def shirube_exporters():
    return [
        Exporter(name=f"{name}-again", description=TEXT, implementation=f"shirube.formats.{name}", on_request=True)
        for name in ("itx", "vamas", "nexus")
    ]
"""


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """Return the kit on a plugin that offers the formats of the core once more, as its own."""
    folder = tmp_path_factory.mktemp("again")
    fake_distribution(folder, "again", plugins={"again": "again_plugin"}, modules={"again_plugin": PLUGIN})
    with on_path(folder), Conformance("again", limits=None) as conformance:
        yield conformance


@pytest.mark.parametrize("check", [f"EXP{number:02d}" for number in range(1, 9)])
def test_the_formats_pass(kit, check):
    outcome = kit.outcome(check)
    assert outcome.status == "pass", outcome.detail
