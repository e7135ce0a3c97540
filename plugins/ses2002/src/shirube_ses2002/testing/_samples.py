"""What the conformance kit tries this plugin on."""

from __future__ import annotations

import json
from typing import Final

from shirube.testing import Samples
from shirube_ses2002.testing._examples import examples

__all__ = ["samples"]

#: One of each number of dimensions, and of each way of writing that makes a difference to what is read.
_CHOSEN: Final = ("binding", "kinetic", "angles", "mixed", "manipulator", "comment")
_SIDECAR: Final = {"Excitation Energy": 800.0}


def samples() -> Samples:
    """Return small SES files, one with a sidecar."""
    every = examples()
    files = {f"{name}.txt": every[name] for name in _CHOSEN}
    files["binding_metadata.json"] = json.dumps(_SIDECAR).encode()
    return Samples(files=files, formats=("ses",))
