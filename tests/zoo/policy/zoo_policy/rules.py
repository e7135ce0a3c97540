"""The rules of the zoo."""

from shirube.messages import Text
from shirube.rules import Rule, failed, informational, not_applicable, open_, passed

SOURCE = Text(en="Rules of the zoo, section 1", ja="動物園の規則 第1節")


def _title(dataset, context):
    del context
    if dataset.title is None:
        return open_("title")
    return passed() if dataset.title.strip() else failed(found=dataset.title)


def _date(dataset, context):
    if dataset.registered_on is None:
        return not_applicable()
    return informational(days=context.today.year)


def _files(entry, context):
    del context
    return [passed() if one.size else failed(found=one.name) for one in entry.files]


def rules(parameters):
    del parameters
    return [
        Rule(
            id="ZOO-001",
            subject="dataset",
            severity="must",
            message=Text(en="The title is {found!r}.", ja="題名は {found!r} です。"),
            passed=Text(en="There is a title.", ja="題名があります。"),
            remedy=Text(en="Give it a title.", ja="題名を付けてください。"),
            judge=_title,
            outcomes=("pass", "fail", "open"),
            blocks=("registration",),
            quote="Every dataset has a title.",
            source=SOURCE,
        ),
        Rule(
            id="ZOO-002",
            subject="dataset",
            severity="info",
            message=Text(en="The year is {days}.", ja="年は {days} です。"),
            judge=_date,
            requires=("ZOO-001",),
            quote="Datasets are registered.",
            source=SOURCE,
        ),
        Rule(
            id="ZOO-003",
            subject="entry",
            severity="should",
            message=Text(en="{found} is empty.", ja="{found} は空です。"),
            judge=_files,
            derived=True,
        ),
    ]
