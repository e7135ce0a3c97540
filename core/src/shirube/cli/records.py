"""The records that a person names: dataset files, run folders, what registries write; and the datasets in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.cli.common import Session
from shirube.cli.registering import read_dataset
from shirube.datasets import SUFFIXES
from shirube.datasets import read_dataset as read_dataset_file
from shirube.errors import InputError, ShirubeError, all_problems, core_message
from shirube.records import Dataset, DatasetEntry, Outcome
from shirube.runs import is_run, read_run

__all__ = ["Problems", "dataset_at", "dataset_of_run", "named_paths", "run_trees"]


@frozen
class Problems:
    """What is wrong with some of many records, so that the others are answered all the same."""

    found: list[ShirubeError] = field(factory=list)

    @contextmanager
    def collected(self, records: Sequence[object]) -> Iterator[None]:
        """Keep an error of the block for the end; the only one of ``records`` fails at once."""
        try:
            yield
        except InputError as error:
            if len(records) == 1:
                raise
            self.found.append(error)

    def raise_all(self) -> None:
        """Raise what was found, as one error.

        Raises:
            InputError: One of the records could not be read.
        """
        if self.found:
            raise all_problems(self.found)


def named_paths(paths: Iterable[Path]) -> list[tuple[str, Path]]:
    """Return the paths, each once, with names that tell them apart: the file name, else the path as given."""
    once = list(dict.fromkeys(paths))
    times = Counter(path.resolve().name for path in once)
    return [(_name(path) if times[path.resolve().name] == 1 else path.as_posix(), path) for path in once]


def dataset_at(path: Path, session: Session) -> Dataset:
    """Return the dataset of a dataset file, a run folder, or whatever an exporter reads.

    Raises:
        InputError: There is nothing there, nobody understands it, or it is broken.
    """
    if not path.exists():
        raise InputError(core_message("input-missing"), path=path)
    if is_run(path):
        for tree, _ in run_trees(path, session):
            found = read_dataset(tree, session.plugins, session.settings)
            if found is not None:
                return found[1]
        return dataset_of_run(read_run(path))
    found = read_dataset(path, session.plugins, session.settings)
    if found is not None:
        return found[1]
    if path.is_dir() or path.suffix.lower() not in SUFFIXES:
        raise InputError(core_message("nothing-to-check", suffixes=", ".join(SUFFIXES)), path=path)
    return read_dataset_file(path)


def run_trees(path: Path, session: Session) -> list[tuple[Path, str]]:
    """Return the folders that exporters wrote into a run folder, each with its exporter's name."""
    return [(path / name, name) for name in session.plugins.exporters if (path / name).is_dir()]


def dataset_of_run(outcomes: Iterable[Outcome]) -> Dataset:
    """Return what a run knows of the dataset that its entries will make: their names and registrations."""
    entries = [
        DatasetEntry(
            name=outcome.entry.name if registration is None else registration.data_name or outcome.entry.name,
            registration=registration,
        )
        for outcome in outcomes
        for registration in (outcome.entry.registration,)
    ]
    return Dataset(entries=as_tuple(entries))


def _name(path: Path) -> str:
    return path.resolve().name or path.as_posix()
