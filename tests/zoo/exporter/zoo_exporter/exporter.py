"""Writes a folder for each entry, with a file for each spectrum."""

from shirube.messages import Text
from shirube.records import Dataset, Finding, Subject
from shirube.trees import safe_name, write_text

MISSING = Text(en="{name} is not there", ja="{name} がありません")


def write(outcomes, target, context, parameters):
    del context, parameters
    names = []
    for number, outcome in enumerate(outcomes):
        name = f"{number} {safe_name(outcome.entry.name)}"
        folder = target / name
        folder.mkdir()
        for place, spectrum in enumerate(outcome.entry.spectra()):
            rows = zip(spectrum.energy.tolist(), spectrum.intensity.tolist(), strict=True)
            write_text(folder / f"{place}.dat", "".join(f"{one} {other}\n" for one, other in rows))
            names.append(f"{name}/{place}.dat")
    write_text(target / "zoo.list", "".join(f"{name}\n" for name in names))


def verify(target, parameters):
    del parameters
    listed = target / "zoo.list"
    names = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else ["zoo.list"]
    return [
        Finding(
            rule="ZOO-010",
            policy="zoo",
            subject=Subject("tree", name),
            kind="pass" if (target / name).is_file() else "fail",
            severity="must",
            message=MISSING.fill(name=name) if not (target / name).is_file() else Text(en="is there", ja="あります"),
        )
        for name in names
    ]


def read(path, parameters):
    del parameters
    if not (path / "zoo.list").is_file():
        return None
    return Dataset(title="zoo")
