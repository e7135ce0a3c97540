"""The settings of the SES reader."""

from __future__ import annotations

import codecs
from typing import Final

from shirube.errors import SettingsError
from shirube.messages import Message
from shirube.parameters import parameter, parameters

#: The encoding is found, not stated.
DETECT: Final = "detect"
#: What an SES file is made of beside its texts, and so the same in every encoding that it may have.
_FRAME: Final = "[Info 1]\r\nab=-1.5E+0003,;\x0b"

__all__ = ["DETECT", "Parameters"]


@parameters
class Parameters:
    """Settings of the reader ``ses2002``."""

    lenient: bool = parameter(
        default=False,
        en="Read the regions that are complete and report the broken ones, instead of refusing the file.",
        ja="壊れたリージョンがあってもファイル全体を拒否せず、完全なリージョンだけを読み、残りを報告します。",
    )
    encoding: str = parameter(
        default=DETECT,
        en='Encoding of names and comments: cp932, euc-jp, cp1252 or the like; "detect" finds it.',
        ja="名前やコメントの文字コード（cp932、euc-jp、cp1252 など）。「detect」なら自動で判定します。",
    )

    def __attrs_post_init__(self) -> None:
        """Check that there is such an encoding, and that a file of SES can have it.

        Raises:
            SettingsError: There is none, or it is none of single bytes for ASCII.
        """
        if self.encoding != DETECT and not _is_encoding(self.encoding):
            raise SettingsError(Message("shirube_ses2002", "no-such-encoding", {"encoding": repr(self.encoding)}))


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name).name != "idna" and _FRAME.encode(name) == _FRAME.encode("ascii")
    except (LookupError, ValueError):
        return False
