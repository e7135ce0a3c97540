"""The entry module: cheap to import, complete, and consistent with its resources."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import get_args

import click
import pytest

from shirube.messages import catalogue
from shirube.plugins import load_plugins
from shirube.terms import core_terms, parse_terms
from shirube_bicfit import plugin
from shirube_bicfit.choices import Background, IntervalMethod, Lineshape, NoiseKind, Origin, RejectionKind
from shirube_bicfit.layout import Doublet, Layout
from shirube_bicfit.tabulating import COMMONS

EVERYTHING = Layout(asymmetric=True, doublet=Doublet(6.0, 0.7, free_splitting=True, free_ratio=True), sloped=True)
PACKAGE = Path(str(resources.files("shirube_bicfit")))


def test_importing_the_entry_module_imports_nothing_heavy():
    code = "import sys, shirube_bicfit.plugin; print(*sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "scipy", "sklearn", "matplotlib", "click"} & set(out)


def test_the_hooks_return_one_analysis_one_exporter_and_one_command():
    (analysis,), (command,), (exporter,) = (
        plugin.shirube_analyses(),
        plugin.shirube_commands(),
        plugin.shirube_exporters(),
    )
    assert (analysis.name, analysis.scope, command.name, exporter.name) == ("bicfit", "spectrum", "fit", "nims")


def test_the_core_finds_everything_that_the_records_name():
    plugins = load_plugins()
    analysis, command = plugins.analyses["bicfit"], plugins.commands["fit"]
    assert all(plugins.provides(analysis, name) for name in ("applies", "run", "draw"))
    assert plugins.parameters(analysis, {"max_peaks": "5"}).max_peaks == 5
    assert isinstance(plugins.implementation(command), click.Command)


def test_terms_are_those_the_analysis_yields_with_the_plugins_prefix():
    (analysis,) = plugin.shirube_analyses()
    terms = parse_terms(analysis.terms.read_bytes().decode("utf-8"), str(analysis.terms))
    assert {term.key for term in terms} == set(analysis.yields)
    assert len(core_terms().extended(terms, "bicfit")) == len(core_terms()) + len(terms)
    assert all(term.source for term in terms)


def fields_of(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_messages_say_the_same_in_both_languages():
    for code, text in catalogue("shirube_bicfit").items():
        assert text.en, code
        assert text.ja, code
        assert fields_of(text.en) == fields_of(text.ja), code


REPORTED = (
    "software", "range", "noise", "background", "line-shape", "constraints", "parameters", "initial-values",
    "optimisation", "residuals", "selection", "uncertainties",
)  # fmt: skip
MEASURED = ("position", "fwhm", "height", "lorentz_fraction", "area", "area_percent")


def codes_in_the_source():
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.glob("*.py")))
    return set(re.findall(r"""message\(\s*["']([a-z-]+)["']""", source))


def test_every_message_that_is_used_is_in_the_catalogue_and_the_other_way_round():
    made = {
        *(f"bound-{name}_{end}" for name in ("centre", "fwhm", "fraction") for end in ("min", "max")),
        "bound-height_min",
        *(f"scale-{scale}" for scale in ("kinetic", "unknown")),
        *(f"status-{status}" for status in ("ok", "doubtful", "refused", "skipped", "failed")),
        *(f"background-{background}" for background in ("shirley", "linear")),
        *(f"quantity-{name}" for name in (*Layout().line_names, *EVERYTHING.names)),
        *(f"noise-born-{kind}" for kind in get_args(RejectionKind)),
        *(f"label-{label}" for label in ("starts", "models", "best")),
        *(f"noise-{kind}" for kind in get_args(NoiseKind)),
        *(f"noise-kind-{kind}" for kind in get_args(NoiseKind)),
        *(f"method-{kind}" for kind in get_args(NoiseKind)),
        *(f"interval-{method}" for method in get_args(IntervalMethod) if method != "fisher"),
        *(f"wanted-{kind}" for kind in ("int", "float")),
        *(f"intervals-{method}" for method in get_args(IntervalMethod)),
        *(f"origin-{origin}" for origin in get_args(Origin)),
        *(f"told-{background}" for background in get_args(Background)),
        *(f"shape-{lineshape}" for lineshape in get_args(Lineshape)),
        *(f"report-{item}" for item in REPORTED),
        *(f"column-{name}" for name in (*MEASURED, *COMMONS, "background_low", "background_high")),
    }
    assert codes_in_the_source() | made == set(catalogue("shirube_bicfit"))


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.name)
def test_modules_import_only_the_public_core(path):
    imports = re.findall(r"^\s*(?:from|import) (shirube[\w.]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert not [name for name in imports if "._" in name]
    assert all(name.split(".")[0] in {"shirube", "shirube_bicfit"} for name in imports)
