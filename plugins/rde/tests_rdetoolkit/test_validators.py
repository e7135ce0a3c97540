"""What rdetoolkit's own validators say of the trees written here, on the examples and with the guide of the SES2002."""

import json
import shutil
from pathlib import Path

import pytest

from shirube.cli.app import run_command_line

validation = pytest.importorskip("rdetoolkit.validation")
exceptions = pytest.importorskip("rdetoolkit.exceptions")

EXAMPLES = Path(__file__).parents[3] / "examples"
#: Files of rdetoolkit and of what it is built on warn of their own future.
pytestmark = pytest.mark.filterwarnings("ignore")


def shirube(*arguments):
    assert run_command_line([str(one) for one in arguments]) in (0, 1)


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """Return ``data`` of a run on two folders of measurements, which makes two tiles, with an invoice each."""
    out = tmp_path_factory.mktemp("run") / "out"
    inputs = (EXAMPLES / "cu-hhtp", EXAMPLES / "fe2p-haxpes")
    invoice = EXAMPLES / "invoice.json"
    shirube("run", *inputs, "--guide", "ses2002", "--invoice", invoice, "-o", out, "--today", "2026-04-15")
    return out / "rde" / "data"


@pytest.fixture(scope="session")
def job(tree, tmp_path_factory):
    """Return the folder of a finished job whose template (``tasksupport``) is the one derived from the guide."""
    root = tmp_path_factory.mktemp("job")
    shutil.copytree(EXAMPLES / "cu-hhtp", root / "data" / "inputdata")
    shutil.copytree(tree / "tasksupport", root / "data" / "tasksupport")
    (root / "data" / "invoice").mkdir()
    shutil.copy(EXAMPLES / "invoice.json", root / "data" / "invoice")
    shirube("rde", "run", root, "--guide", "ses2002", "--today", "2026-04-15")
    return root


@pytest.fixture(params=["divided/0001", "."])
def tile(request, tree):
    return tree / request.param


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_metadata_of_every_tile_are_valid(tile):
    validation.metadata_validate(tile / "meta" / "metadata.json")
    assert load(tile / "meta" / "metadata.json")["variable"][0]["pass_energy"]["value"] in (100.0, 200.0)


def test_the_metadata_definition_is_valid_and_has_the_thirty_items_of_the_guide(tree):
    defined = validation.MetadataDefinitionValidator().validate(path=tree / "tasksupport" / "metadata-def.json")
    items = [item for item in defined.values() if item["mode"] == "Derived from data"]
    assert len(items) == 30
    assert [item["order"] for item in defined.values()] == list(range(1, len(defined) + 1))
    assert defined["step_time"]["unit"] == "msec"


def test_the_schema_of_the_invoice_is_valid_and_has_the_thirteen_items_of_the_guide(tree):
    schema = validation.InvoiceValidator(tree / "tasksupport" / "invoice.schema.json").schema
    assert len(schema["properties"]["custom"]["properties"]) == 13


def test_the_invoice_of_every_tile_satisfies_the_schema(tree, tile):
    validation.invoice_validate(tile / "invoice" / "invoice.json", tree / "tasksupport" / "invoice.schema.json")


def test_the_metadata_agree_with_the_definition_key_by_key(tree, tile):
    defined = load(tree / "tasksupport" / "metadata-def.json")
    metadata = load(tile / "meta" / "metadata.json")
    cells = [cell for cells in (metadata["constant"], *metadata["variable"]) for cell in cells.items()]
    assert len(cells) > 15
    for key, cell in cells:
        assert cell.get("unit") == defined[key].get("unit")


def test_the_shipped_template_is_valid():
    template = EXAMPLES / "rde-template" / "template"
    for folder in (template, template / "tasksupport"):
        defined = validation.MetadataDefinitionValidator().validate(path=folder / "metadata-def.json")
        assert len(defined) > 40
        form = validation.InvoiceValidator(folder / "invoice.schema.json")
        form.validate(obj=load(EXAMPLES / "invoice.json"))


def test_rdetoolkit_reads_the_templates_configuration():
    config = pytest.importorskip("rdetoolkit.config")
    settings = config.parse_config_file(path=str(EXAMPLES / "rde-template/template/tasksupport/rdeconfig.yaml"))
    assert settings.system.extended_mode is None
    assert (settings.system.save_raw, settings.system.save_nonshared_raw) == (False, True)


def test_the_validators_do_refuse_what_is_wrong(tree, tmp_path):
    definition = load(tree / "tasksupport" / "metadata-def.json")
    del definition["pass_energy"]["name"]
    with pytest.raises(exceptions.MetadataValidationError):
        validation.MetadataDefinitionValidator().validate(json_obj=definition)
    metadata = load(tree / "meta" / "metadata.json")
    metadata["variable"][0]["pass_energy"] = 50.0
    (tmp_path / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    with pytest.raises(exceptions.MetadataValidationError):
        validation.metadata_validate(tmp_path / "metadata.json")
    invoice = load(tree / "invoice" / "invoice.json")
    invoice["custom"]["form"] = "液体"
    (tmp_path / "invoice.json").write_text(json.dumps(invoice), encoding="utf-8")
    with pytest.raises(exceptions.InvoiceSchemaValidationError):
        validation.invoice_validate(tmp_path / "invoice.json", tree / "tasksupport" / "invoice.schema.json")


def test_a_job_run_in_place_is_valid(job):
    data = job / "data"
    validation.metadata_validate(data / "meta" / "metadata.json")
    validation.invoice_validate(data / "invoice" / "invoice.json", data / "tasksupport" / "invoice.schema.json")
    assert (data / "invoice" / "invoice.json").read_bytes() == (EXAMPLES / "invoice.json").read_bytes()
    assert not (data / "job.failed").exists()


def test_rdetoolkits_own_workflow_accepts_the_finished_job(job, tmp_path, monkeypatch):
    from rdetoolkit import workflows

    root = shutil.copytree(job, tmp_path / "job")
    monkeypatch.chdir(root)

    def nothing(srcpaths, resource_paths):
        del srcpaths, resource_paths

    answer = json.loads(workflows.run(custom_dataset_function=nothing))
    assert [status["status"] for status in answer["statuses"]] == ["success"]
    assert not (root / "data" / "job.failed").exists()
    assert load(root / "data" / "meta" / "metadata.json") == load(job / "data" / "meta" / "metadata.json")


def test_our_own_verify_finds_nothing_wrong_either(job, tree):
    from shirube_rde.verification import verify_job

    for folder in (job, tree):
        assert [finding.message.en for finding in verify_job(folder) if finding.counts] == []
