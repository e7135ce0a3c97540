"""Which of the planted defects rdetoolkit's validators see: the others pass them, and are found here alone."""

import warnings

import pytest

from shirube_rde.verification import verify_job

validation = pytest.importorskip("rdetoolkit.validation")
pytestmark = pytest.mark.filterwarnings("ignore")

#: What rdetoolkit's validators refuse, too: shapes, types and required items of single documents.
SEEN = frozenset(
    {
        "a bare value",
        "a choice that is none",
        "a definition that is not JSON",
        "a definition without a Japanese name",
        "a number below its minimum",
        "a pipe as metadata",
        "a required field that is not defined",
        "a sample that is none",
        "a schema of an illegal type",
        "a section nobody knows",
        "a section that is not required",
        "a text for a number",
        "a text of more than 1024 bytes",
        "a tile without its invoice",
        "a tile without metadata",
        "an instrument that is none",
        "an invoice that is not JSON",
        "an invoice without basic",
        "an owner of the sample who is none",
        "an owner that is none",
        "metadata in Shift JIS",
        "metadata without variable",
        "no data name",
        "no definition",
        "no sample though required",
        "no schema",
    }
)


def accepted(data):
    """Tell whether every validator that rdetoolkit has accepts every document of a tree that it is made for."""
    support = data / "tasksupport"
    # They would wait for ever for what a pipe in the place of a document has to say.
    if any(path.is_fifo() for path in data.rglob("*.json")):
        return False
    tiles = [data, *(path for path in sorted(data.glob("divided/[0-9][0-9][0-9][0-9]")) if path.is_dir())]
    try:
        validation.MetadataDefinitionValidator().validate(path=support / "metadata-def.json")
        for tile in tiles:
            validation.metadata_validate(tile / "meta" / "metadata.json")
            validation.invoice_validate(tile / "invoice" / "invoice.json", support / "invoice.schema.json")
    except Exception:  # noqa: BLE001 validators answer with exceptions of many kinds, some of them unforeseen
        return False
    return True


def test_a_sound_tree_is_accepted(written):
    assert accepted(written("a", "b") / "data")


def test_most_defects_pass_them(request):
    defects = {item.callspec.params["defect"] for item in request.session.items if "defect" in item.fixturenames}
    assert defects >= SEEN
    assert len(defects - SEEN) >= 20


def test_rdetoolkit_sees_it_or_not(defect, planted):
    data, rule = planted
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert accepted(data) == (defect not in SEEN)
    assert rule in {finding.rule for finding in verify_job(data) if finding.counts}
