"""The kinds of plugins there are templates for, and what each is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.messages import Text

KindName: TypeAlias = Literal["reader", "guide", "analysis", "policy", "exporter", "instrument"]

__all__ = ["KINDS", "Kind", "KindName"]


@frozen(kw_only=True)
class Kind:
    """A kind of plugin.

    Attributes:
        name: The kind.
        summary: What the project says of itself.
        modules: The package's files: the folder of the template by file name.
        dependencies: What the package needs beside the core.
        extras: Extras of the core that it needs.
        values: What else fills places of the templates.
    """

    name: KindName
    summary: Text
    modules: FrozenMapping[str, str] = field(converter=as_frozen)
    dependencies: tuple[str, ...] = field(default=(), converter=as_tuple)
    extras: tuple[str, ...] = field(default=(), converter=as_tuple)
    values: FrozenMapping[str, str] = field(factory=FrozenMapping, converter=as_frozen)

    @property
    def has_samples(self) -> bool:
        """Whether there are sample files for the conformance kit."""
        return "samples.py" in self.modules


_READER: Final[Mapping[str, str]] = FrozenMapping(
    dict.fromkeys(("reader.py", "metadata.toml", "samples.py", "sample.txt"), "reader")
)

KINDS: Final[Mapping[str, Kind]] = FrozenMapping(
    {
        str(one.name): one
        for one in (
            Kind(
                name="reader",
                summary=Text(en="A reader of instrument files", ja="装置ファイルのリーダー"),
                modules={"plugin.py": "reader", **_READER},
            ),
            Kind(
                name="guide",
                summary=Text(en="A data reference guide", ja="データリファレンスガイド"),
                modules={"plugin.py": "guide", "guide.toml": "guide"},
                values={"reader": "columns", "suffix": ".csv"},
            ),
            Kind(
                name="analysis",
                summary=Text(en="An analysis of spectra", ja="スペクトルの解析"),
                modules=dict.fromkeys(("plugin.py", "analysis.py", "terms.toml"), "analysis"),
                dependencies=("numpy>=1.26",),
                extras=("figures",),
            ),
            Kind(
                name="policy",
                summary=Text(en="Rules for datasets", ja="データセットの規則"),
                modules=dict.fromkeys(("plugin.py", "policy.py"), "policy"),
            ),
            Kind(
                name="exporter",
                summary=Text(en="An export for a registry", ja="登録先への出力"),
                modules=dict.fromkeys(("plugin.py", "exporter.py"), "exporter"),
            ),
            Kind(
                name="instrument",
                summary=Text(en="A reader and a data reference guide", ja="リーダーとデータリファレンスガイド"),
                modules={"plugin.py": "instrument", **_READER, "guide.toml": "guide"},
                values={"suffix": ".txt"},
            ),
        )
    }
)
