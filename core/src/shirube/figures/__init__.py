"""Figures as photoelectron spectroscopists expect them, drawn without a display and the same bytes each time.

Needs the extra ``shirube[figures]``; importing this room does not import matplotlib.
"""

from shirube.figures._axes import energy_axis, intensity_axis
from shirube.figures._canvas import new_figure, printable, style, to_pdf, to_png, to_svg
from shirube.figures._overview import PANELS, plot_overview
from shirube.figures._palette import COMPONENT_COLOURS, OKABE_ITO
from shirube.figures._parts import (
    draw_background,
    draw_components,
    draw_data,
    draw_envelope,
    draw_legend,
    draw_residuals,
    with_residuals,
)
from shirube.figures._spectra import plot_spectra, plot_spectrum

__all__ = [
    "COMPONENT_COLOURS",
    "OKABE_ITO",
    "PANELS",
    "draw_background",
    "draw_components",
    "draw_data",
    "draw_envelope",
    "draw_legend",
    "draw_residuals",
    "energy_axis",
    "intensity_axis",
    "new_figure",
    "plot_overview",
    "plot_spectra",
    "plot_spectrum",
    "printable",
    "style",
    "to_pdf",
    "to_png",
    "to_svg",
    "with_residuals",
]
