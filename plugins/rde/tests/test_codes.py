"""Error codes: each is documented and can come about, and nothing is raised that has none."""

import ast
import re
from pathlib import Path

import pytest

import shirube_rde
from shirube_rde.casting import cast
from shirube_rde.failure import CODES, INTERRUPTED, UNEXPECTED, JobError, code_of

pytestmark = pytest.mark.usefixtures("drawn_quickly")
SOURCES = Path(shirube_rde.__file__).parent
MANUAL = Path(__file__).parents[3] / "docs" / "rde.md"
#: Raised and caught within the package: a cell that does not fit its column, a value that does not fit its item.
INNER = {"ValueError", "Refused"}
#: What makes one error of several that have codes, and rdetoolkit's class, which is given the code.
PASSED_ON = {"as_one", "StructuredError"}


def failed(root):
    code, said = (root / "data" / "job.failed").read_text(encoding="utf-8").splitlines()
    return int(code.removeprefix("ErrorCode=")), said


@pytest.mark.parametrize("kind", CODES, ids=lambda kind: kind.__name__)
def test_an_error_of_each_kind_gives_its_code(kind, job, run, monkeypatch):
    def fails(*_, **__):
        raise kind("said")

    monkeypatch.setattr("shirube_rde.making.process", fails)
    with pytest.raises(kind):
        run(job)
    assert failed(job) == (CODES[kind], "ErrorMessage=said")


def test_an_error_that_nobody_foresaw_has_a_code_too_and_its_traceback_is_in_the_log(job, run, monkeypatch):
    def fails(*_, **__):
        raise ZeroDivisionError("by\nnought")

    monkeypatch.setattr("shirube_rde.making.process", fails)
    with pytest.raises(ZeroDivisionError):
        run(job)
    code, said = failed(job)
    assert code == UNEXPECTED
    assert "ZeroDivisionError: by nought" in said
    (log,) = (job / "data" / "logs").iterdir()
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert "in fails" in log.read_text(encoding="utf-8")


def test_of_several_problems_the_first_ones_code_counts():
    first, second = (kind("x") for kind in list(CODES)[:2])
    error = JobError([first, second])
    assert code_of(error) == CODES[type(first)]
    assert error.exit_code == first.exit_code
    assert JobError([ZeroDivisionError("x"), first]).exit_code == 3


def test_codes_are_unlike():
    assert len({*CODES.values(), INTERRUPTED, UNEXPECTED}) == len(CODES) + 2


def raised():
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES.rglob("*.py"))
    found = (node.exc for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Raise))
    return {ast.unparse(one.func) for one in found if isinstance(one, ast.Call)}


def test_whatever_is_raised_has_a_code():
    coded = {kind.__name__ for kind in CODES}
    assert raised() - INNER <= coded | PASSED_ON
    assert len(raised() & coded) > 5


@pytest.mark.parametrize("text", ["1_000", "-", "nan", "inf", "１x"])
def test_a_cell_that_is_no_number_is_none(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        cast(text, "number")


@pytest.mark.skipif(not MANUAL.is_file(), reason="the manual is in the repository, not in the wheel")
def test_the_manual_lists_every_error_code():
    listed = {int(code) for code in re.findall(r"^\| (\d{3}) \|", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)}
    assert listed == {INTERRUPTED, UNEXPECTED, *CODES.values()}
