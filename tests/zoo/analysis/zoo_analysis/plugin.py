"""An analysis."""

from shirube.hooks import Analysis, Resource, Text, hookimpl


@hookimpl
def shirube_analyses():
    return [
        Analysis(
            name="zoo",
            description=Text(en="Mean energy", ja="平均エネルギー"),
            yields=("zoo_analysis.mean", "zoo_analysis.points"),
            terms=Resource("zoo_analysis", "terms.toml"),
            implementation="zoo_analysis.analysis",
            parameters="zoo_analysis.parameters:Parameters",
        )
    ]
