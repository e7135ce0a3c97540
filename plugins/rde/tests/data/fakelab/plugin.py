"""What the made-up laboratory registers."""

from shirube.hooks import Analysis, Guide, MetadataMap, Reader, Resource, Text, hookimpl


@hookimpl
def shirube_readers():
    return [
        Reader(
            name="fakelab",
            description=Text(en="Two columns with a sidecar", ja="2 列と追加メタデータ"),
            suffixes=(".csv",),
            sidecar="{stem}_metadata.json",
            implementation="fakelab.reader",
        )
    ]


@hookimpl
def shirube_metadata_maps():
    return [
        MetadataMap(
            name="fakelab",
            description=Text(en="Keys of the sidecar", ja="追加メタデータのキー"),
            reader="fakelab",
            resource=Resource("fakelab", "metadata.toml"),
        )
    ]


@hookimpl
def shirube_guides():
    return [
        Guide(
            name="fakelab",
            description=Text(en="The laboratory's guide", ja="研究室のガイド"),
            resource=Resource("fakelab", "guide.toml"),
        )
    ]


@hookimpl
def shirube_analyses():
    return [
        Analysis(
            name="fakelab",
            description=Text(en="The highest point", ja="最大点"),
            yields=("fakelab.peak_height", "fakelab.peak_place"),
            terms=Resource("fakelab", "terms.toml"),
            implementation="fakelab.analysis",
            parameters="fakelab.analysis:Parameters",
        )
    ]
