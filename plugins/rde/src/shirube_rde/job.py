"""Running a structuring job in its folder, as RDE starts one: whatever its mode, tiles go in and a tree comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from shirube.errors import InputError
from shirube.findings import render_text
from shirube.messages import Language, Text
from shirube.plugins import Plugins
from shirube.progress import NoProgress, Progress
from shirube.settings import Settings, project_settings
from shirube_rde.anonymousgiven import hidden_in
from shirube_rde.brought import Template, read_invoice, read_template, unknown_items
from shirube_rde.failure import InvoiceError, TableError, as_one, attempt, failing_visibly
from shirube_rde.joblog import JobLog
from shirube_rde.layout import Job
from shirube_rde.making import LeftOut, Made, Maker
from shirube_rde.modes import Mode, Plan, input_files, locks, numbered, plan_job
from shirube_rde.originals import original_invoice
from shirube_rde.parameters import exporter_parameters
from shirube_rde.remaining import names_shown, not_looked_into, said_of_names
from shirube_rde.swapping import recover
from shirube_rde.texts import message
from shirube_rde.writing import TileReport, write_job

__all__ = ["JobReport", "TileReport", "run_job"]


@frozen(eq=False)
class JobReport:
    """What a job came to.

    Attributes:
        mode: How RDE calls what it did.
        tiles: The tiles, in the order of the mode.
        left_out: Those that failed, where the template says that they are left out.
        overruled: Keys of the template's configuration that say otherwise than this program does.
        shared: Whether the input files become public.
        named: Files of an anonymised dataset that show a name all the same; None where none was asked for.
        remarks: What whoever registers the data should know besides.
    """

    mode: Mode
    tiles: tuple[TileReport, ...]
    left_out: tuple[LeftOut, ...]
    overruled: tuple[str, ...]
    shared: bool
    named: tuple[str, ...] | None = None
    remarks: tuple[Text, ...] = ()


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

    The outputs of an earlier run are replaced, inputs are never touched, and the same input gives the same bytes. The
    invoice is replaced where the mode fills it, and the original kept. When something goes wrong everything is as it
    was, and ``data/job.failed`` says what.

    Args:
        root: The folder that holds ``data``.
        plugins: Who does the work.
        settings: Effective settings.
        today: The date on which rules judge, in Japan.
        lang: Language of figures and of the log, and the first one in ``job.failed``.
        guide: Name of the guide; None for the settings', or the one that matches.
        progress: Told how far the analyses are.

    Raises:
        InputError: No job; an invoice, definition or file that is not as it should be.
        JobError: Several such problems: all of them.
        OutputError: Metadata that RDE cannot take, or a folder that cannot be written.
        Exception: Whatever a plugin raised, with a note that names it.
    """
    job = Job(root / "data")
    if not job.data.is_dir():
        raise InputError(message("job-without-data"), path=root)
    log = JobLog(job.data, lang)
    with failing_visibly(job.data, lang), _logged(log), ExitStack() as stack:
        recover(job.data)
        # The template says which guide its jobs follow; whoever runs the program may say otherwise.
        settings = settings.with_project(project_settings(job.data / "tasksupport"))
        original = original_invoice(job)
        template, plan = _planned(job, original, plugins, settings, stack)
        log.say(message("log-plan", mode=plan.mode, tiles=len(plan.tiles)))
        maker = Maker(
            plugins=plugins,
            settings=settings,
            template=template,
            today=today,
            lang=lang,
            guide=guide,
            progress=progress or NoProgress(),
        )
        ignoring = plan.mode == "MultiDataTile" and template.config.ignore_errors
        made, left_out = maker.make(plan.tiles, ignore_errors=ignoring)
        if left_out:
            _log_left_out(log, left_out)
            made = _closed_up(plan, made)
        tiles = write_job(job, original, made, maker)
        _log_tiles(log, tiles, template.config.overruled)
        parameters = exporter_parameters(settings)
        named = names_shown(job, hidden_in(made, parameters)) if parameters.anonymised else None
        unsearched = not_looked_into(job) if parameters.anonymised else ()
        remarks = (*_remarks(job, plan, template, made), *(one.text() for one in unsearched))
        for remark in remarks:
            log.say(remark)
        for said in said_of_names(named):
            log.say(said)
        return JobReport(
            mode=plan.mode,
            tiles=tiles,
            left_out=tuple(left_out),
            overruled=template.config.overruled,
            shared=parameters.raw_sharing == "shared" and not parameters.anonymised,
            named=named,
            remarks=remarks,
        )


def _planned(job: Job, original: Path, plugins: Plugins, settings: Settings, stack: ExitStack) -> tuple[Template, Plan]:
    """Return the template and the plan of a job.

    Raises:
        Exception: What is wrong with template, invoice, or input files: everything.
    """
    problems: list[Exception] = []
    invoice = attempt(problems, lambda: read_invoice(original), InvoiceError)
    template = read_template(job, problems)
    files = attempt(problems, lambda: input_files(job))
    if problems or invoice is None or files is None:
        raise as_one(problems)
    schema = {} if template.schema is None else template.schema.content
    reader = settings.run.reader
    plan = attempt(
        problems,
        lambda: plan_job(
            files, invoice, schema, template.config, plugins, stack, definition=template.definition, reader=reader
        ),
        TableError,
    )
    if plan is None:
        raise as_one(problems)
    return template, plan


def _remarks(job: Job, plan: Plan, template: Template, made: Sequence[Made]) -> Iterator[Text]:
    """Yield what whoever registers the data should know, though the job went well."""
    yield from plan.remarks
    open_tables = locks(job)
    if open_tables:
        yield message("input-locks", files=", ".join(open_tables)).text()
    unknown = dict.fromkeys(key for one in made for key in unknown_items(one.tile.invoice, template.schema))
    if unknown:
        yield message("job-items-unknown", keys=", ".join(unknown)).text()
    for one in made:
        # A finished tile of an archive, for which nothing draws a picture.
        if one.outcome is None and not any(role == "main_image" for role, _ in one.tile.given):
            yield message("packed-no-image", tile=one.tile.where).text()


def _closed_up(plan: Plan, made: Sequence[Made]) -> list[Made]:
    """Return tiles with the places that they have without those that were left out."""
    tiles = numbered(plan.mode, [one.tile for one in made]).tiles
    return [evolve(one, tile=tile) for one, tile in zip(made, tiles, strict=True)]


@contextmanager
def _logged(log: JobLog) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        log.failed(error)
        raise
    log.say(message("log-done"))


def _log_left_out(log: JobLog, left_out: Sequence[LeftOut]) -> None:
    for one in left_out:
        log.say(message("job-left-out", tile=one.tile.where))
        log.failed(one.error)


def _log_tiles(log: JobLog, tiles: Sequence[TileReport], overruled: Sequence[str]) -> None:
    if overruled:
        log.say(message("job-overruled", keys=", ".join(overruled)))
    for tile in tiles:
        place = f"data/{tile.place}".rstrip("/")
        log.say(message("log-tile", place=place, figures=tile.figures))
        for code, keys in (("metadata-missing", tile.metadata.missing), ("job-undefined", tile.undefined)):
            if keys:
                log.say(message(code, keys=", ".join(keys)))
        if tile.outcome is not None:
            log.say(render_text([one for one in tile.outcome.findings if one.kind != "pass"], log.lang))
