"""A dataset template for RDE, whole, out of a guide: definitions, forms, job files, container and explanations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shirube.trees import building, write_text
from shirube_rde.template._catalogue import catalogue_schema
from shirube_rde.template._container import dockerfile, entry_point, requirements
from shirube_rde.template._guided import Guided, guided
from shirube_rde.template._jobs import batch_file, default_values, jobs_file, program_settings, toolkit_settings
from shirube_rde.template._readme import readme
from shirube_rde.template._text import as_json

__all__ = ["Guided", "guided", "template_files", "write_template"]


def template_files(found: Guided, image: str) -> Mapping[str, str]:
    """Return the files of a submission by place, always the same for the same guide and versions.

    Args:
        found: The guide with all that is derived from it.
        image: Name of the container's image in ``jobs.template.yaml``.
    """
    definition, form = as_json(found.metadata_definition), as_json(found.form)
    return {
        "README.md": readme(found, image),
        "container/Dockerfile": dockerfile(),
        "container/main.py": entry_point(),
        "container/requirements.txt": requirements(found.distributions),
        "template/batch.yaml": batch_file(),
        "template/catalog.schema.json": as_json(catalogue_schema(found.guide)),
        "template/invoice.schema.json": form,
        "template/jobs.template.yaml": jobs_file(image),
        "template/metadata-def.json": definition,
        "template/tasksupport/default_value.csv": default_values(found.guide),
        "template/tasksupport/invoice.schema.json": form,
        "template/tasksupport/metadata-def.json": definition,
        "template/tasksupport/rdeconfig.yaml": toolkit_settings(),
        "template/tasksupport/shirube.toml": program_settings(found.guide.name, found.parameters),
    }


def write_template(found: Guided, target: Path, image: str) -> tuple[str, ...]:
    """Write a submission into the new or empty folder ``target`` and return the places of its files.

    Raises:
        OutputError: The folder holds something, or cannot be written.
    """
    files = template_files(found, image)
    with building(target) as folder:
        for place, text in files.items():
            write_text(folder / place, text)
    return tuple(files)
