"""The mean energy of a spectrum, weighted by its intensities."""

import numpy as np

from shirube.messages import Text
from shirube.progress import NoProgress
from shirube.records import Drawing, Quantity, Result
from shirube.tables import Column, Table

ODD = Text(en="the intensities are no counts", ja="強度が計数ではありません")
FEW = Text(en="there are too few points", ja="点が足りません")


def applies(target, parameters):
    del parameters
    spectrum = target.spectrum
    if not spectrum.is_one_dimensional or spectrum.energy.size < 3:
        return FEW
    counts = spectrum.intensity
    if not np.isfinite(counts).all() or counts.min() < 0.0 or not 0.0 < counts.max() < 1e12:
        return ODD
    return None


def run(target, parameters, progress):
    spectrum = target.spectrum
    weights = spectrum.intensity**parameters.power
    random = np.random.default_rng(parameters.seed)
    means = []
    for number in range(8):
        progress.update(number / 8, "resampling")
        drawn = weights * random.uniform(0.9, 1.1, weights.size)
        means.append(float(np.average(spectrum.energy, weights=drawn)))
    progress.update(1.0)
    mean = float(np.average(spectrum.energy, weights=weights))
    label = Text(en="Means", ja="平均")
    column = Column("mean", Text(en="Mean", ja="平均"), np.array(means), "eV")
    return Result(
        analysis="zoo",
        target=spectrum.id,
        scalars={
            "zoo_analysis.mean": Quantity(mean, "eV", float(np.std(means))),
            "zoo_analysis.points": Quantity(int(weights.size)),
        },
        tables=(Table("means", label, (column,)),),
    )


def run_series(targets, parameters, progress):
    found = []
    for number, target in enumerate(targets):
        progress.update(number / len(targets))
        found.append(run(target, parameters, NoProgress()))
    return found


def draw(target, result, lang):
    from shirube.figures import new_figure

    mean = result.scalars["zoo_analysis.mean"].number
    figure = new_figure(4, 3)
    axes = figure.add_subplot()
    axes.plot(target.spectrum.energy, target.spectrum.intensity, ".")
    axes.axvline(mean)
    axes.set_title("Mean" if lang == "en" else "平均")
    yield Drawing("mean", figure, main=True)
