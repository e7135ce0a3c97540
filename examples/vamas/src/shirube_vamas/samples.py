"""What the conformance kit tries the plugin on: a regular and an irregular scan, made up, of a few points."""

from importlib.resources import files

from shirube.testing import Samples

_NAMES = ("irregular.vms", "regular.vms")


def samples() -> Samples:
    """Return the sample files of this package."""
    folder = files("shirube_vamas") / "samples"
    return Samples(files={name: (folder / name).read_bytes() for name in _NAMES}, formats=("vamas",))
