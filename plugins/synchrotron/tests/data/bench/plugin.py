"""What the made-up instrument registers; nothing of it is called as SES calls it."""

from shirube.hooks import Guide, MetadataMap, Reader, Resource, Text, hookimpl


@hookimpl
def shirube_readers():
    return [
        Reader(
            name="bench",
            description=Text(en="Regions as JSON", ja="JSON のリージョン"),
            suffixes=(".bench",),
            sidecar="{name}.side.json",
            implementation="bench.reader",
        )
    ]


@hookimpl
def shirube_metadata_maps():
    return [
        MetadataMap(
            name="bench",
            description=Text(en="Keys of the instrument", ja="装置のキー"),
            reader="bench",
            resource=Resource("bench", "metadata.toml"),
        )
    ]


@hookimpl
def shirube_guides():
    return [
        Guide(
            name="bench",
            description=Text(en="The guide of the instrument", ja="装置のガイド"),
            resource=Resource("bench", "guide.toml"),
        )
    ]
