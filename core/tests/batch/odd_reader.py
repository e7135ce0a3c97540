"""A local plugin whose reader does what its file says: reads slowly, dies, hangs, takes all memory, prints."""

import os
import time
from pathlib import Path

from shirube.errors import InputError
from shirube.hooks import Reader, Text, hookimpl
from shirube.records import Axis, Measurement, Spectrum


class Odd:
    def claims(self, source):
        return source.head.startswith(b"odd ")

    def read(self, source, parameters):
        del parameters
        word, _, rest = source.read_bytes().decode().removeprefix("odd ").partition(" ")
        if word != "read":
            self.misbehave(word, rest)
        else:
            time.sleep(float(rest or 0.0))
        axis = Axis("energy", [float(at) for at in range(8)], "eV")
        level = float(sum(source.name.encode()))
        spectrum = Spectrum(f"{source.name}#1", "C 1s", [level + at for at in range(8)], (axis,), "counts")
        return Measurement(name=source.name, reader="odd", spectra=(spectrum,), sources=(source.record(),))

    def misbehave(self, word, rest):
        if word == "print":
            print("printed by a plugin")  # noqa: T201 that is the point
        elif word == "eat":
            kept = []
            while True:
                kept.append(bytearray(10**7))
        elif word == "hang":
            time.sleep(600)
        elif word == "raise":
            raise InputError("not what it claims to be", path="odd", line=3)
        elif word == "die" or not Path(rest).exists():
            if word == "once":
                Path(rest).touch()
            os._exit(7)


@hookimpl
def shirube_readers():
    return [Reader(name="odd", description=Text("odd", "奇妙"), suffixes=(".odd",), implementation=Odd())]
