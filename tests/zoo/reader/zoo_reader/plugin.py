"""A reader with its metadata map and its guide."""

from shirube.hooks import Guide, MetadataMap, Reader, Resource, Text, hookimpl


@hookimpl
def shirube_readers():
    return [
        Reader(
            name="zoo",
            description=Text(en="Spectra of the zoo", ja="動物園のスペクトル"),
            suffixes=(".zoo",),
            sidecar="{stem}.json",
            implementation="zoo_reader.reader",
            parameters="zoo_reader.parameters:Parameters",
        )
    ]


@hookimpl
def shirube_metadata_maps():
    return [
        MetadataMap(
            name="zoo",
            description=Text(en="Keys of the zoo", ja="動物園のキー"),
            reader="zoo",
            resource=Resource("zoo_reader", "metadata.toml"),
        )
    ]


@hookimpl
def shirube_guides():
    return [
        Guide(
            name="zoo",
            description=Text(en="Guide of the zoo", ja="動物園のガイド"),
            resource=Resource("zoo_reader", "guide.toml"),
        )
    ]
