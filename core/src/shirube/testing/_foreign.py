"""Foreign files: small beginnings of formats that a reader of something else must leave alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shirube._frozen import FrozenMapping

__all__ = ["FOREIGN"]

_PNG: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde"

#: Bytes by the name of their format. :attr:`Samples.formats` names those that are a reader's own.
FOREIGN: Final[Mapping[str, bytes]] = FrozenMapping(
    {
        "nothing": b"",
        "zeros": bytes(512),
        "every-byte": bytes(range(256)) * 4,
        "prose": b"Dear colleague,\n\nthe spectra of Tuesday are in the other folder.\n\nBest regards\n",
        "japanese-prose": "試料は火曜日に測定しました。\n結果は別のフォルダーにあります。\n".encode(),
        "japanese-prose-cp932": "試料は火曜日に測定しました。\r\n".encode("cp932"),
        "byte-order-mark": b"\xff\xfe",
        "one-line": b"x",
        "json": b'{"kind": "something else", "values": [1, 2, 3]}\n',
        "xml": b'<?xml version="1.0" encoding="UTF-8"?>\n<something><else/></something>\n',
        "html": b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body></body></html>\n",
        "toml": b'[section]\nkey = "value"\n\n[[list]]\nnumber = 1\n',
        "source": b"from __future__ import annotations\n\nimport sys\n\nprint(sys.argv)\n",
        "png": _PNG,
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "zip": b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(20) + b"a.txt",
        "gzip": b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0" + bytes(8),
        "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(56),
        "program": b"\x7fELF\x02\x01\x01" + bytes(57),
        "office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
        "ses": b"[Info]\r\nNumber of Regions=1\r\nVersion=1.3.1\r\n\r\n[Region 1]\r\nRegion Name=C1s\r\n",
        "vamas": b"VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4\r\nA\r\nB\r\n",
        "igor": b"IGOR\r\nWAVES/D\twave0\r\nBEGIN\r\n\t1\r\n\t2\r\nEND\r\n",
        "spectrum-list": b"# name,date,operator\nC1s,2025-04-01,A\nO1s,2025-04-01,B\n",
    }
)
