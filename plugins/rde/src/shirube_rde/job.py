"""Running a structuring job in its folder, as RDE starts one (mode Invoice: one tile of all files)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TypeVar

from attrs import evolve, frozen

from shirube.errors import InputError, ShirubeError, UsageError
from shirube.exporting import ExportContext
from shirube.intake import item_of
from shirube.messages import Language
from shirube.parameters import build
from shirube.pipeline import export_context, process
from shirube.plugins import Plugins
from shirube.progress import Progress
from shirube.records import Item, ItemFile, Outcome, Registration
from shirube.rendering import render_figures
from shirube.settings import Settings, project_settings
from shirube_rde.definition import Definition, from_document, merge
from shirube_rde.documents import Document, parse_document, read_document
from shirube_rde.failure import failing_visibly
from shirube_rde.invoice import read_registration, unfilled
from shirube_rde.layout import Job
from shirube_rde.metadata import Metadata, undefined_keys
from shirube_rde.parameters import Parameters
from shirube_rde.schema import invoice_problems, schema_problems
from shirube_rde.swapping import recover, replacing_outputs
from shirube_rde.texts import joined, message
from shirube_rde.tree import definition_for, schema_for, write_tiles

T = TypeVar("T")

__all__ = ["JobReport", "run_job"]


@frozen(eq=False)
class JobReport:
    """What a job came to.

    Attributes:
        outcome: What came of its files.
        metadata: What is in ``metadata.json``; its ``missing`` keys are defined and have no value.
        undefined: Keys that have a value and no definition, so that they were not written.
        figures: How many figures were written.
        shared: Whether the input files become public.
    """

    outcome: Outcome
    metadata: Metadata
    undefined: tuple[str, ...]
    figures: int
    shared: bool


@frozen(eq=False)
class _Given:
    """What a job brings: the item, and its own definition and form where there are any."""

    item: Item
    definition: Definition | None
    schema: Document | None


def run_job(
    root: Path,
    plugins: Plugins,
    settings: Settings,
    *,
    today: date,
    lang: Language = "ja",
    guide: str | None = None,
    progress: Progress | None = None,
) -> JobReport:
    """Structure the job in ``root``: from its invoice, its definitions and ``data/inputdata`` make all the rest.

    The outputs of an earlier run are replaced, inputs and invoice are never touched, and the same input gives the same
    bytes. When something goes wrong the outputs are as they were, and ``data/job.failed`` says what.

    Args:
        root: The folder that holds ``data``.
        plugins: Who does the work.
        settings: Effective settings.
        today: The date on which rules judge, in Japan.
        lang: Language of figures, and the first one in ``job.failed``.
        guide: Name of the guide; None for the settings', or the one that matches.
        progress: Told how far the analyses are.

    Raises:
        InputError: No job; an invoice, definition or file that is not as it should be: all of them in one error.
        OutputError: Metadata that RDE cannot take, or a folder that cannot be written.
        Exception: Whatever a plugin raised, with a note that names it.
    """
    job = Job(root / "data")
    if not job.data.is_dir():
        raise InputError(message("job-without-data"), path=root)
    with failing_visibly(job.data, lang):
        recover(job.data)
        # The template says which guide its jobs follow; whoever runs the program may say otherwise.
        settings = settings.with_project(project_settings(job.data / "tasksupport"))
        given = _given(job, plugins, settings, guide)
        outcome = process(given.item, plugins, settings, today=today, progress=progress)
        context = _context(outcome, given.item, plugins, settings, lang)
        if given.schema is None:
            _check_derived_form(outcome, context)
        return _written(job, outcome, given, context, settings)


def _given(job: Job, plugins: Plugins, settings: Settings, guide: str | None) -> _Given:
    problems: list[ShirubeError] = []
    registration = _tried(problems, lambda: _registration(job))
    definition = _tried(problems, lambda: _own_definition(job))
    schema = _tried(problems, lambda: _own_schema(job))
    if registration is not None and schema is not None:
        _tried(problems, lambda: _check_invoice(registration, schema))
    item = _tried(problems, lambda: _item(job, plugins, settings))
    if problems or item is None:
        raise _one_of(problems)
    named = evolve(item, registration=registration, guide=guide, reader=settings.run.reader)
    return _Given(named, definition, schema)


def _tried(problems: list[ShirubeError], function: Callable[[], T]) -> T | None:
    try:
        return function()
    except (InputError, UsageError) as error:
        problems.append(error)
        return None


def _one_of(problems: Sequence[ShirubeError]) -> ShirubeError:
    return problems[0] if len(problems) == 1 else InputError(joined([problem.text() for problem in problems]))


def _registration(job: Job) -> Registration:
    path = job.data / "invoice" / "invoice.json"
    if not path.is_file():
        raise InputError(message("job-without-invoice"))
    name = "data/invoice/invoice.json"
    registration = read_registration(path, name)
    blank = unfilled(parse_document(registration.document or "{}", name).content)
    if blank:
        raise InputError(joined(blank), path=name)
    return registration


def _own_definition(job: Job) -> Definition | None:
    if not job.definition.is_file():
        return None
    name = "data/tasksupport/metadata-def.json"
    return from_document(read_document(job.definition, name), name)


def _own_schema(job: Job) -> Document | None:
    if not job.schema.is_file():
        return None
    name = "data/tasksupport/invoice.schema.json"
    document = read_document(job.schema, name)
    problems = schema_problems(document.content)
    if problems:
        raise InputError(joined(problems), path=name)
    return document


def _check_invoice(registration: Registration, schema: Document) -> None:
    name = "data/invoice/invoice.json"
    problems = invoice_problems(parse_document(registration.document or "{}", name).content, schema.content)
    if problems:
        raise InputError(message("job-invoice-problems", problems=joined(problems)), path=name)


def _check_derived_form(outcome: Outcome, context: ExportContext) -> None:
    registration = outcome.entry.registration
    if registration is not None and outcome.entry.guide is not None:
        _check_invoice(registration, Document(schema_for([outcome], context), ""))


def _item(job: Job, plugins: Plugins, settings: Settings) -> Item:
    folder = job.data / "inputdata"
    found = [path for path in folder.rglob("*") if not path.name.startswith(".")]
    _check_links(job, [folder, *sorted(found)])
    paths = [path for path in found if path.is_file()]
    files = [ItemFile(path.relative_to(folder).as_posix(), path) for path in paths]
    if not files:
        raise InputError(message("job-without-files"))
    item = item_of("data", files, plugins, reader=settings.run.reader)
    if not item.data:
        names = ", ".join(file.name for file in item.files())
        raise InputError(message("job-without-data-files", files=names, readers=", ".join(plugins.readers)))
    return evolve(item, name=PurePosixPath(item.data[0].name).stem)


def _check_links(job: Job, paths: Sequence[Path]) -> None:
    """Refuse links that lead out of the job's input; RDE makes none, but an archive that was unpacked there can."""
    inside = job.data.resolve() / "inputdata"
    astray = [path for path in paths if path.is_symlink() and not _leads_into(path, inside)]
    if astray:
        named = (f"data/{path.relative_to(job.data).as_posix()}" for path in astray)
        raise _one_of([InputError(message("input-link"), path=name) for name in named])


def _leads_into(link: Path, folder: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(folder)
    except (OSError, RuntimeError):
        # It leads nowhere, or to itself (a RuntimeError until Python 3.12).
        return False


def _context(outcome: Outcome, item: Item, plugins: Plugins, settings: Settings, lang: Language) -> ExportContext:
    figures = render_figures([outcome], plugins, lang)
    return export_context(plugins, settings, figures=figures, items=[item], lang=lang)


def _written(job: Job, outcome: Outcome, given: _Given, context: ExportContext, settings: Settings) -> JobReport:
    parameters = build(Parameters, settings.section("exporters.rde"), "exporters.rde")
    derived = definition_for([outcome], context)
    definition = derived if given.definition is None else merge(given.definition, derived)
    with replacing_outputs(job.data) as folder:
        (metadata,) = write_tiles([outcome], folder, definition, context, parameters)
    return JobReport(
        outcome=outcome,
        metadata=metadata,
        undefined=undefined_keys(outcome, definition, derived),
        figures=len(context.figures),
        shared=parameters.raw_sharing == "shared",
    )
