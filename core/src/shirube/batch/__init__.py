"""Many items: worked on by local processes or a cluster, resumable, each in a run folder of its own."""

from shirube.batch._batch import Observer, Summary, Wish, run_batch
from shirube.batch._cluster import ClusterWorkers
from shirube.batch._hashes import fingerprint
from shirube.batch._manifest import DOCUMENT, ITEMS, ItemState, Manifest, read_manifest
from shirube.batch._plan import Failure
from shirube.batch._resuming import Agenda
from shirube.batch._workers import LocalWorkers, Workers, processors

__all__ = [
    "DOCUMENT",
    "ITEMS",
    "Agenda",
    "ClusterWorkers",
    "Failure",
    "ItemState",
    "LocalWorkers",
    "Manifest",
    "Observer",
    "Summary",
    "Wish",
    "Workers",
    "fingerprint",
    "processors",
    "read_manifest",
    "run_batch",
]
