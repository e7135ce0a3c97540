"""An RDE job of a hundred regions, an almost empty one, and one of 50 MB: processor time after start, and memory.

Each runs in a fresh process. Beside the hundred regions stands what a script would do without this program: read the
same numbers with NumPy, save each region as CSV and as a figure of its own with matplotlib's pyplot.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from comparing import compared

EXAMPLES = Path(__file__).parents[1] / "examples"
JOB = """
import json, sys, time
from datetime import date
from pathlib import Path
import matplotlib.backends.backend_agg, matplotlib.figure, numpy, PIL.Image, jsonschema
import shirube.figures
from shirube.plugins import load_plugins
from shirube.settings import Settings
from shirube_rde.job import run_job
plugins, settings = load_plugins(), Settings()
began = time.process_time()
report = run_job(Path(sys.argv[1]), plugins, settings, today=date(2026, 4, 15), guide="ses2002")
took = time.process_time() - began
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
spectra = [one for tile in report.tiles for one in tile.outcome.entry.spectra()]
print(json.dumps({"seconds": took, "megabytes": peak, "spectra": len(spectra), "figures": report.tiles[0].figures}))
"""
SCRIPT = """
import json, sys, time
from pathlib import Path
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
out = Path(sys.argv[2])
out.mkdir()
began = time.process_time()
text = Path(sys.argv[1]).read_text()
blocks = [part.partition("]\\n")[2].partition("[")[0] for part in text.split("[Data ")[1:]]
for number, block in enumerate(blocks):
    energy, counts = np.array(block.split(), dtype=float).reshape(-1, 2).T
    np.savetxt(out / f"{number}.csv", np.column_stack((energy, counts)), delimiter=",")
    figure, axes = plt.subplots(figsize=(6, 4), dpi=150)
    axes.plot(energy, counts, ".-")
    axes.invert_xaxis()
    axes.set(xlabel="Binding energy (eV)", ylabel="Intensity (counts)", title=f"C 1s {number}")
    figure.savefig(out / f"{number}.png")
    plt.close(figure)
print(json.dumps({"seconds": time.process_time() - began, "spectra": len(blocks)}))
"""


def regions(count: int) -> str:
    """Return a file of SES with many regions: the C 1s of the example, again and again."""
    text = (EXAMPLES / "cu-hhtp" / "Cu-HHTP_0003.txt").read_text(encoding="utf-8")
    head, body = text[: text.index("[Region 1]")], text[text.index("[Region 1]") :].rstrip()
    numbered = re.compile(r"^\[([A-Za-z ]+) 1\]", re.MULTILINE)
    parts = [
        numbered.sub(rf"[\1 {number}]", body).replace("Region Name=C 1s", f"Region Name=C 1s {number}")
        for number in range(1, count + 1)
    ]
    return re.sub(r"Number of Regions=\d+", f"Number of Regions={count}", head) + "\n\n".join(parts) + "\n"


def image(megabytes: float) -> str:
    """Return a file of SES with one region of energies and angles."""
    size = round(megabytes * 2**20 / (1001 * 8))
    energies = [f"{296 - 0.016 * index:.4f}" for index in range(1001)]
    row = "  ".join(f"{1000 + index % 97:.1f}" for index in range(size))
    angles = " ".join(f"{index * 0.001:.3f}" for index in range(size))
    return "\n".join(
        (
            "[Info]\nNumber of Regions=1\nVersion=1.3.1\n\n[Region 1]\nRegion Name=C 1s",
            f"Dimension 1 name=Binding Energy [eV]\nDimension 1 size=1001\nDimension 1 scale={' '.join(energies)}",
            f"Dimension 2 name=Angle [deg]\nDimension 2 size={size}\nDimension 2 scale={angles}\n\n[Info 1]",
            "Region Name=C 1s\nExcitation Energy=1486.6\nEnergy Scale=Binding\n\n[Data 1]",
            *(f" {energy}  {row}" for energy in energies),
            "",
        )
    )


def make_job(root: Path, text: str) -> Path:
    (root / "data" / "inputdata").mkdir(parents=True)
    (root / "data" / "invoice").mkdir()
    invoice = json.loads((EXAMPLES / "invoice.json").read_text(encoding="utf-8"))
    invoice["custom"]["bic_fitting_on_off"] = False
    (root / "data" / "invoice" / "invoice.json").write_text(json.dumps(invoice), encoding="utf-8")
    (root / "data" / "inputdata" / "a.txt").write_text(text, encoding="utf-8")
    return root


def measured(script: str, *arguments: Path) -> dict[str, float]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 this interpreter
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=100)
    parser.add_argument("--megabytes", type=float, default=50.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        one = measured(JOB, make_job(root / "one", regions(1)))
        many = make_job(root / "many", regions(arguments.regions))
        job = measured(JOB, many)
        script = measured(SCRIPT, many / "data" / "inputdata" / "a.txt", root / "script")
        large = measured(JOB, make_job(root / "large", image(arguments.megabytes)))
    print(f"a job of 1 region: {one['seconds']:.2f} s of processor after start, {one['megabytes']:.0f} MB")
    print(f"{job['spectra']} regions, {job['figures']} figures: {job['seconds']:.2f} s, {job['megabytes']:.0f} MB")
    print(f"a script that saves and draws each: {script['seconds']:.2f} s, {script['seconds'] / job['seconds']:.1f} x")
    what = f"an RDE job of {job['spectra']} regions with metadata and figures"
    compared(what, job["seconds"], "NumPy and matplotlib, saved and drawn one by one", script["seconds"], "s")
    print(
        f"a job of {arguments.megabytes:g} MB: {large['seconds']:.1f} s, at most {large['megabytes']:.0f} MB of memory"
    )


if __name__ == "__main__":
    main()
