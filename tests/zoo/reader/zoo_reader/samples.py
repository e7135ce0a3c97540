"""What the conformance kit tries the reader on."""

from shirube.testing import Samples

_ROWS = "".join(f"{100 + number / 10} {number * number}\n" for number in range(8))


def samples():
    lion = f"ZOO 1\nPass Energy=20\nLens=Wide\n\n{_ROWS}END\n".encode()
    return Samples(files={"lion.zoo": lion, "lion.json": b'{"Excitation Energy": 800.0}'})
