"""How long the rules of the policy take: one record after import, and a thousand records on one core.

Each record differs from the others in its texts and dates, so that no answer is remembered. The ratio is to the same
records judged by no rule but one, which is what the machinery itself costs.

Run with: python benchmarks/check_policy.py [--records 1000]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from comparing import compared, limited
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    # Imported late, so that the cold run measures the first record only.
    from shirube.records import Dataset
    from shirube.rules import Rule

#: What the first record may take, ms, and a thousand records, s of the processor.
BUDGET_COLD, BUDGET = 50.0, 3.0
REPEATS = 3
TODAY = date(2028, 4, 10)
_COLD = """
import time
from check_policy import TODAY, record
from shirube.judging import judge
from shirube.records import Subject
from shirube.rules import RuleContext
from shirube_policy.parameters import Parameters
from shirube_policy.rules import rules
chosen = Parameters()
asked = rules(chosen)
dataset = record(1)
start = time.perf_counter()
judge(asked, dataset, RuleContext(today=TODAY, parameters=chosen), "arim", Subject("dataset", "1"))
print(1000 * (time.perf_counter() - start))
"""


SCHEMA = "jsonschema: the types of the same datasets' fields, nothing of the policy"


def record(number: int) -> Dataset:
    """Return a dataset with every kind of field, unlike those of other numbers."""
    from shirube.records import Dataset, DatasetEntry, FrozenMapping, Person, Publication, Sample, Session, Usage

    person = Person(name=f"KIMOTO,Koji {number}", organization="NIMS")
    used = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return Dataset(
        id=f"2ddf932e-fa80-40d7-a010-{number:012}",
        title=f"二硫化モリブデン薄膜 {number} の硬X線光電子分光",
        description=f"試料 {number} の化学状態を調べるため、硬X線光電子分光で内殻準位を測定した。" * 6,
        registrant=person,
        manager=person,
        manager_account=person,
        project_title=f"薄膜の電子状態 {number}",
        project_number=f"JPMXP1225NM{number:04}",
        registered_on=used,
        embargo_end="2028-03-31",
        embargo_set_on=used,
        is_anonymized=number % 2 == 0,
        doi="",
        doi_requested=number % 2 == 1,
        sample=Sample(
            names=(f"MoS2-{number}",),
            composition="MoS2/SiO2/Si",
            description=f"単結晶、純度 99.9%、膜厚 {number} nm",
        ),
        usage=Usage(data_registration=True, sessions=(Session(id=f"A-25-NM-{number:04}", date=used),)),
        publications=(Publication(text="Kimoto, Microscopy 63", doi=f"10.1093/micro/dfu{number}"),),
        sibling_titles=(f"グラフェン {number} の硬X線光電子分光",),
        entries=tuple(
            DatasetEntry(
                name=f"{number}-{place}",
                session=f"A-25-NM-{number:04}",
                submitted_on=used,
                description="",
                files=FrozenMapping({"structured": (f"{number}.csv",), "nonshared_raw": (f"{number}.txt",), "raw": ()}),
                digests=FrozenMapping({f"{number}.csv": "aa", f"{number}.txt": "bb"}),
            )
            for place in range(3)
        ),
    )


def seconds_of_schema(records: int) -> float:
    """Return the processor time in which jsonschema holds as many datasets, already parsed, against their schema."""
    from shirube.datasets import render_dataset
    from shirube.recordfields import shipped_schema

    validator = Draft202012Validator(json.loads(shipped_schema()))
    documents = [json.loads(render_dataset(record(number), ".json")) for number in range(records)]
    start = time.process_time()
    wrong = sum(not validator.is_valid(document) for document in documents)
    spent = time.process_time() - start
    if wrong:
        sys.exit(f"{wrong} of the datasets do not follow the schema: nothing can be compared")
    return spent


def main() -> int:
    """Print the times; the exit code is 1 when one is over its budget (50 ms, 3 s of processor time)."""
    from shirube.judging import judge
    from shirube.records import Subject
    from shirube.rules import RuleContext
    from shirube_policy.parameters import Parameters
    from shirube_policy.rules import rules

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1000)
    records = parser.parse_args().records
    budget = BUDGET * records / 1000
    cold = min(
        float(subprocess.run([sys.executable, "-c", _COLD], cwd=sys.path[0], capture_output=True, check=True).stdout)  # noqa: S603 our own
        for _ in range(REPEATS)
    )
    chosen = Parameters()
    asked = rules(chosen)
    context = RuleContext(today=TODAY, parameters=chosen)

    def seconds(some: Sequence[Rule], first: int) -> tuple[float, int]:
        datasets = [record(first + number) for number in range(records)]
        start = time.process_time()
        found = sum(len(judge(some, one, context, "arim", Subject("dataset", one.id or ""))) for one in datasets)
        return time.process_time() - start, found

    tables = tuple(one.id for one in asked if one.id.split("-")[1] in ("EXM", "MAT"))
    text = rules(Parameters(disable=tables))
    best, found = min(seconds(asked, records * turn) for turn in range(REPEATS))
    best_of_text, _ = min(seconds(text, records * (turn + 2 * REPEATS)) for turn in range(REPEATS))
    bare, _ = min(seconds(asked[:1], records * (turn + REPEATS)) for turn in range(REPEATS))
    print(f"first record after import   {cold:8.1f} ms (budget {BUDGET_COLD:g})")
    print(f"{records} records, {len(text)} rules     {best_of_text:8.2f} s of processor time (budget {budget:g})")
    print(f"{records} records, {len(asked)} rules    {best:8.2f} s of processor time, {found} findings")
    print(f"a finding                   {1e6 * best / found:8.1f} µs")
    print(f"against one rule            {best / bare:8.1f} x")
    compared(f"{len(asked)} rules of the policy on {records} datasets", best, SCHEMA, seconds_of_schema(records), "s")
    limited("the policy's first record after import", cold, BUDGET_COLD, "ms")
    limited(f"{len(text)} rules of the policy on {records} datasets, processor", best_of_text, budget, "s")
    return int(cold > BUDGET_COLD or best_of_text > budget)


if __name__ == "__main__":
    sys.exit(main())
