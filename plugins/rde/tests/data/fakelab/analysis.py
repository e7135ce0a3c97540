"""Finds the highest point of a spectrum."""

import numpy as np

from shirube.messages import Text
from shirube.parameters import parameter, parameters
from shirube.records import Drawing, Quantity, Result
from shirube.tables import Column, Table


@parameters
class Parameters:
    max_range: float = parameter(200.0, en="Widest range.", ja="最大の範囲", unit="eV", gt=0.0)


def applies(target, parameters):
    if np.ptp(target.spectrum.energy) > parameters.max_range:
        return Text(en="the range is too wide", ja="範囲が広すぎます")
    return None


def run(target, parameters, progress):
    del parameters, progress
    spectrum = target.spectrum
    place = int(np.argmax(spectrum.intensity))
    height, energy = float(spectrum.intensity[place]), float(spectrum.energy[place])
    table = Table(
        "peaks",
        Text(en="Peaks", ja="ピーク"),
        (
            Column("position", Text(en="Position", ja="位置"), [energy], "eV"),
            Column("height", Text(en="Height", ja="高さ"), [height], "counts"),
        ),
    )
    scalars = {
        "fakelab.peak_height": Quantity(height),
        "fakelab.peak_place": Quantity(energy * 1000.0, "meV"),
    }
    return Result(analysis="fakelab", target=spectrum.id, scalars=scalars, tables=(table,))


def draw(target, result, lang):
    del result, lang
    from shirube.figures import new_figure

    figure = new_figure(4, 3)
    figure.add_subplot().plot(target.spectrum.energy, target.spectrum.intensity)
    yield Drawing("peak", figure, main=True, caption=Text(en="The peak", ja="ピーク"))
