"""The settings of the SES reader."""

from __future__ import annotations

from shirube.parameters import parameter, parameters

__all__ = ["Parameters"]


@parameters
class Parameters:
    """Settings of the reader ``ses2002``."""

    lenient: bool = parameter(
        default=False,
        en="Read the regions that are complete and report the broken ones, instead of refusing the file.",
        ja="壊れたリージョンがあってもファイル全体を拒否せず、完全なリージョンだけを読み、残りを報告します。",
    )
