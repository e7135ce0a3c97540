"""What this plugin registers: the reader of ISO 14976 files, the map of their keys, and a guide."""

from shirube.hooks import Guide, MetadataMap, Reader, Resource, Text, hookimpl


@hookimpl
def shirube_readers() -> list[Reader]:
    """Register the reader."""
    return [
        Reader(
            name="vamas",
            description=Text(en="VAMAS files (ISO 14976)", ja="VAMAS ファイル（ISO 14976）"),
            suffixes=(".vms", ".vamas", ".npl"),
            implementation="shirube_vamas.reader",
        )
    ]


@hookimpl
def shirube_metadata_maps() -> list[MetadataMap]:
    """Register the map."""
    return [
        MetadataMap(
            name="vamas",
            description=Text(en="Items of ISO 14976", ja="ISO 14976 の項目"),
            reader="vamas",
            resource=Resource("shirube_vamas", "metadata.toml"),
        )
    ]


@hookimpl
def shirube_guides() -> list[Guide]:
    """Register the guide."""
    return [
        Guide(
            name="vamas",
            description=Text(
                en="Laboratory XPS with monochromatic Al Kα, exchanged as ISO 14976",
                ja="単色化 Al Kα 線を用いる実験室 XPS（ISO 14976）",
            ),
            resource=Resource("shirube_vamas", "guide.toml"),
        )
    ]
