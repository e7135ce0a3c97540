"""Results that wait for the other parts of their measurement come back to the last bit, whatever they hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.batch._parts import kept_results, stored_results
from shirube.errors import InputError
from shirube.messages import Text
from shirube.records import NamedArray, Origin, Quantity, Result
from shirube.tables import Column, Table

TEXTS = st.text(max_size=8)
NUMBERS = st.lists(st.floats(), max_size=5)


@st.composite
def results(draw):
    rows = draw(st.integers(0, 3))
    cells = [draw(st.lists(st.floats(), min_size=rows, max_size=rows)), [draw(TEXTS) for _ in range(rows)]]
    columns = [
        Column(f"c{place}", Text(draw(TEXTS) or "c", "列"), values, draw(TEXTS)) for place, values in enumerate(cells)
    ]
    columns.append(Column("k", Text("K", "数"), np.arange(float(rows)), whole=True, term="component_count"))
    shape = draw(st.sampled_from([(0,), (3,), (2, 0), (2, 3)]))
    values = draw(st.lists(st.floats(), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    scalar = draw(st.one_of(st.integers(-9, 9), st.floats(allow_nan=False, allow_infinity=False), TEXTS))
    return Result(
        "lines",
        draw(TEXTS) or "t",
        draw(st.sampled_from(["ok", "doubtful"])),
        (Text(draw(TEXTS) or "r", "理由"),),
        {"bic": Quantity(scalar, origin=Origin("analysis", "lines"))},
        (Table("lines", Text("Lines", "線"), columns, rank=draw(st.one_of(st.none(), st.integers(1, 3)))),),
        (NamedArray("curve", np.array(values).reshape(shape), "counts"),),
        {"most": draw(st.integers(0, 3)), "names": ("a", "b")},
    )


@settings(max_examples=30, deadline=None)
@given(some=st.lists(results(), max_size=3))
def test_what_is_kept_comes_back_to_the_last_bit(tmp_path_factory, some):
    folder = tmp_path_factory.mktemp("parts")
    kept_results(folder, 0, some)
    kept_results(folder, 1, some[:1])
    found = stored_results(folder, 2)
    assert len(found) == len(some) + len(some[:1])
    for mine, its in zip([*some, *some[:1]], found, strict=True):
        assert mine.same_as(its)
        assert [array.values.tobytes() for array in mine.arrays] == [array.values.tobytes() for array in its.arrays]
        assert not its.arrays[0].values.flags.writeable
        for one, other in zip(mine.tables[0].columns, its.tables[0].columns, strict=True):
            assert plain(one.values) == plain(other.values)


def plain(values):
    return values if isinstance(values, tuple) else values.tobytes()


@pytest.mark.parametrize("numbers", [np.zeros(1), np.zeros((2, 2)), np.zeros(4, dtype=">f4"), np.array([None])])
def test_other_numbers_are_refused_and_removed(tmp_path, numbers):
    kept_results(tmp_path, 0, [Result("lines", "t", arrays=(NamedArray("curve", np.arange(4.0)),))])
    np.save(tmp_path / "000000.npy", numbers, allow_pickle=True)
    with pytest.raises(InputError, match="does that part again"):
        stored_results(tmp_path, 1)
    assert not list(tmp_path.iterdir())
