"""The callback for rdetoolkit, which then makes tiles, raw files and invoices, and calls this for all the rest.

A program is three lines: ``import rdetoolkit``, ``from shirube_rde.adapter import dataset`` and
``rdetoolkit.workflows.run(custom_dataset_function=dataset)``. Needs the extra ``shirube-rde[rdetoolkit]``.
"""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from shirube.cli.common import japan_today
from shirube.cli.language import language_of
from shirube.messages import Language, Text
from shirube.plugins import Plugins, load_plugins
from shirube.records import FrozenMapping, ItemFile
from shirube.settings import Settings, load_settings, project_settings
from shirube_rde.brought import read_invoice, read_template
from shirube_rde.failure import TemplateError, as_one, code_of, reason_of, render_both
from shirube_rde.layout import Job
from shirube_rde.making import Made, Maker
from shirube_rde.modes import TilePlan, beside, short_names
from shirube_rde.parameters import exporter_parameters
from shirube_rde.sharing import raw_folder
from shirube_rde.texts import message
from shirube_rde.tiles import write_made
from shirube_rde.writing import definitions_of, shown

if TYPE_CHECKING:
    from rdetoolkit.models.rde2types import RdeInputDirPaths, RdeOutputResourcePath

#: Folders of an unpacked job tree (mode rdeformat) whose files are data; in the others is what was made of them.
_RAW: Final = ("raw", "nonshared_raw")
_MADE: Final = ("structured", "meta", "main_image", "other_image", "thumbnail", "logs")

__all__ = ["dataset"]


def dataset(srcpaths: RdeInputDirPaths, resource_paths: RdeOutputResourcePath) -> None:
    """Make structured data, metadata and images of one tile; called by rdetoolkit, versions 1.6 and 1.7.

    Args:
        srcpaths: Where the job's input is.
        resource_paths: Where the tile's files lie, and where what is made of them goes.

    Raises:
        StructuredError: What ``job.failed`` shall say, with the stable code of this program.
    """
    settings = load_settings().with_project(project_settings(srcpaths.tasksupport))
    lang = language_of(None, settings.run.lang)
    try:
        _make(srcpaths, resource_paths, settings, lang)
    except Exception as error:  # noqa: BLE001 whatever it is, job.failed must say it in one line
        _fail(error, lang)


def _make(srcpaths: Any, resource_paths: Any, settings: Settings, lang: Language) -> None:
    problems: list[Exception] = []
    template = read_template(Job(srcpaths.tasksupport.parent), problems)
    if problems:
        raise as_one(problems)
    parameters = exporter_parameters(settings)
    plugins = _plugins(settings)
    maker = Maker(plugins=plugins, settings=settings, template=template, today=japan_today(), lang=lang)
    tile = _tile(resource_paths, plugins)
    if srcpaths.config.system.save_raw and any(
        raw_folder(one.name, parameters) == "nonshared_raw" for one in tile.files
    ):
        raise TemplateError(message("adapter-save-raw"), path="data/tasksupport/rdeconfig.yaml")
    (made,), _ = maker.make([tile])
    if made.outcome is not None:
        (clean,) = shown([made], maker)
        _write(clean, maker, resource_paths)


def _tile(resource_paths: Any, plugins: Plugins) -> TilePlan:
    """Return the tile as rdetoolkit has prepared it."""
    # Version 1.6 lists the row of a SmartTable, which it writes to a file, among the data.
    rows = {getattr(resource_paths, name, None) for name in ("smarttable_rowfile", "smarttable_rawfile")}
    listed = [path for path in resource_paths.rawfiles if path not in rows]
    made = [path for path in listed if _is_made(path)]
    raw = [path for path in listed if path not in made]
    files = [ItemFile(path.name, path) for path in raw if path.is_file()]
    sidecars = [one.record.sidecar for one in plugins.readers.values() if one.record.sidecar]
    around = [ItemFile(path.name, path) for one in files for path in sorted(one.path.parent.iterdir())]
    where = ", ".join(path.name for path in raw) or "-"
    return TilePlan(
        where=Text(en=where, ja=where),
        files=(*short_names(files), *beside(files, around, sidecars)),
        invoice=read_invoice(resource_paths.invoice / "invoice.json"),
        stated=FrozenMapping(_stated(resource_paths.smarttable_row_data)),
        given=FrozenMapping({("meta", path.name): path for path in made if path.parent.name == "meta"}),
    )


def _is_made(path: Path) -> bool:
    parts = path.parent.parts
    return any(part in _MADE for part in parts) and not any(part in _RAW for part in parts)


def _stated(row: Mapping[str, Any] | None) -> Mapping[str, str]:
    """Return what the row of a SmartTable states of metadata; blank cells are numbers that are none."""
    return {
        key.removeprefix("meta/"): value
        for key, value in (row or {}).items()
        if key.startswith("meta/") and isinstance(value, str)
    }


def _write(made: Made, maker: Maker, resource_paths: Any) -> None:
    """Build what is made of a tile aside, and move it where rdetoolkit wants it when all of it is there."""
    parameters = exporter_parameters(maker.settings)
    _, definition = definitions_of([made], maker)
    places = {
        "structured": resource_paths.struct,
        "meta": resource_paths.meta,
        "main_image": resource_paths.main_image,
        "other_image": resource_paths.other_image,
        "thumbnail": resource_paths.thumbnail,
        "nonshared_raw": resource_paths.nonshared_raw,
    }
    outcome = made.outcome
    if outcome is None:
        return
    figures = maker.context([made.item], [outcome]).figures
    with tempfile.TemporaryDirectory(dir=resource_paths.temp, prefix="shirube-") as aside:
        folder = Path(aside) / "tile"
        write_made(outcome, folder, definition, figures, parameters, made.tile.stated)
        _keep_sidecars(made, folder, resource_paths)
        for path in sorted(folder.iterdir()):
            if path.is_file():
                path.replace(resource_paths.struct.parent / path.name)
                continue
            for file in sorted(path.iterdir()):
                places[path.name].mkdir(parents=True, exist_ok=True)
                file.replace(places[path.name] / file.name)


def _keep_sidecars(made: Made, folder: Path, resource_paths: Any) -> None:
    """Register the sidecars that lie beside a tile's files, which rdetoolkit does not know of."""
    known = set(resource_paths.rawfiles)
    for one in made.tile.files:
        if one.path not in known:
            (folder / "nonshared_raw").mkdir(exist_ok=True)
            shutil.copyfile(one.path, folder / "nonshared_raw" / one.path.name)


def _fail(error: Exception, lang: Language) -> NoReturn:
    from rdetoolkit.exceptions import StructuredError

    raise StructuredError(render_both(reason_of(error), lang), code_of(error), eobj=error) from error


def _plugins(settings: Settings) -> Plugins:
    wanted = settings.plugins
    return _loaded(wanted.allow, wanted.block, settings.plugin_files())


@functools.cache
def _loaded(allow: tuple[str, ...] | None, block: tuple[str, ...], files: tuple[Path, ...]) -> Plugins:
    return load_plugins(allow=allow, block=block, files=files)
