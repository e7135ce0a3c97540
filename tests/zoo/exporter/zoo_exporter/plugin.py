"""An exporter."""

from shirube.hooks import Exporter, Text, hookimpl


@hookimpl
def shirube_exporters():
    return [
        Exporter(
            name="zoo",
            description=Text(en="Files of the zoo", ja="動物園のファイル"),
            implementation="zoo_exporter.exporter",
        )
    ]
