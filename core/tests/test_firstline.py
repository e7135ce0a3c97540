"""The first line of a file says what was written last, however long what stood there before was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube._firstline import FirstLine, first_line

DOCUMENTS = st.one_of(st.none(), st.lists(st.text(), max_size=4), st.dictionaries(st.text(), st.integers(), max_size=3))


@given(documents=st.lists(DOCUMENTS, min_size=1, max_size=5))
def test_what_was_written_last_is_read_while_the_file_is_open(tmp_path_factory, documents):
    path = tmp_path_factory.mktemp("line") / "line"
    with FirstLine(path) as line:
        for document in documents:
            line.write(document)
            assert first_line(path) == document


def test_where_nothing_was_written_there_is_nothing(tmp_path):
    with pytest.raises(FileNotFoundError):
        first_line(tmp_path / "line")
    with FirstLine(tmp_path / "line"), pytest.raises(ValueError, match="Expecting value"):
        first_line(tmp_path / "line")
