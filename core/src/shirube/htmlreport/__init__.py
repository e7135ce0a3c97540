"""The report of a run or a batch: one file of HTML that needs nothing else, in one language.

Needs the extra ``shirube[report]``; importing this room does not import jinja2.
"""

from shirube.htmlreport._runs import Judgement, run_page
from shirube.htmlreport._words import Words
from shirube.htmlreport._writing import Written, write_report

__all__ = ["Judgement", "Words", "Written", "run_page", "write_report"]
