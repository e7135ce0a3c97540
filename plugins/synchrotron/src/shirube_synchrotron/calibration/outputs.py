"""What ``shirube calibrate`` writes: calibration files, figures, and table and figure of a series."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from shirube.messages import Language
from shirube_synchrotron.calibration.document import document_of
from shirube_synchrotron.calibration.record import Calibration
from shirube_synchrotron.calibration.workflow import Calibrated

__all__ = ["calibration_bytes", "outputs_of"]


def outputs_of(done: Sequence[Calibrated], folder: Path, lang: Language) -> dict[Path, bytes]:
    """Return every file that calibrations are written to, with its bytes; a refused edge is written nowhere."""
    from shirube.figures import to_png
    from shirube_synchrotron.calibration.drawing import draw_edge, picture_of_region

    files: dict[Path, bytes] = {}
    made = []
    for one in done:
        if one.calibration is None:
            continue
        made.append(one.calibration)
        stem = _free(f"{Path(one.file).stem}_calibration", folder, files)
        files[folder / f"{stem}.json"] = calibration_bytes(one.calibration)
        picture = picture_of_region(one.region)
        if picture is not None:
            files[folder / f"{stem}.png"] = to_png(draw_edge(picture, lang))
    if len(made) > 1:
        files |= _series(made, folder, lang)
    return files


def calibration_bytes(calibration: Calibration) -> bytes:
    """Return the bytes of a calibration file."""
    text = json.dumps(document_of(calibration), ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode()


def _series(made: Sequence[Calibration], folder: Path, lang: Language) -> dict[Path, bytes]:
    from shirube.figures import to_png
    from shirube.tables import write_csv
    from shirube_synchrotron.calibration.series import draw_series, series_table

    return {
        folder / "calibration_series.csv": write_csv(series_table(made)).encode(),
        folder / "calibration_series.png": to_png(draw_series(made, lang)),
    }


def _free(stem: str, folder: Path, taken: dict[Path, bytes]) -> str:
    number, name = 1, stem
    while folder / f"{name}.json" in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
