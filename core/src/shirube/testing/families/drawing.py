"""Figures of analyses: they render in both languages, always the same, and leave nothing open."""

from __future__ import annotations

import sys
from typing import Any

from shirube.figures import new_figure, to_png
from shirube.messages import LANGUAGES, Language
from shirube.records import Drawing
from shirube.testing._check import Failed, check
from shirube.testing._subject import Subject
from shirube.testing._surroundings import changed, snapshot
from shirube.testing.families.analyses import Analysed, analysed


@check("ANA14", requires=["ANA02"], once=True)
def figures_render(subject: Subject) -> None:
    """The figures of a result render in English and in Japanese, without an error, a warning or a missing letter.

    図は英語でも日本語でも、エラーや警告、字の欠けなく描ける。
    """
    _pages(subject)


@check("ANA15", requires=["ANA14"], once=True)
def figures_are_named(subject: Subject) -> None:
    """The figures of a result have names of their own, and at most one is the main one.

    図の名前は重複せず、主となる図は多くても一つである。
    """
    for one in analysed(subject):
        drawings = _drawings(subject, one, "en")
        names = [drawing.name for drawing in drawings]
        if len(set(names)) != len(names) or sum(drawing.main for drawing in drawings) > 1:
            raise Failed(f"{one.shown}: {names}")


@check("ANA16", requires=["ANA14"], once=True)
def figures_are_the_same_twice(subject: Subject) -> None:
    """Drawn again, a figure is the same to the last byte.

    再び描いても、図は 1 バイトも変わらない。
    """
    again = _drawn(subject)
    different = [key for key, picture in _pages(subject).items() if again.get(key) != picture]
    if different or len(_pages(subject)) != len(again):
        raise Failed(" ".join(different[0])) if different else Failed.because("conformance-seen-more-figures")


@check("ANA17", requires=["ANA14"], once=True)
def drawing_leaves_surroundings(subject: Subject) -> None:
    """Drawing leaves matplotlib's settings and all other surroundings as they were, and no figure open in pyplot.

    描画は matplotlib の設定などの周囲を変えず、pyplot に図を残さない。
    """
    differing = _first(subject)[0]
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if differing or (pyplot is not None and pyplot.get_fignums()):
        raise Failed(", ".join(differing)) if differing else Failed.because("conformance-seen-figure-open")


def _pages(subject: Subject) -> dict[tuple[str, str, str], bytes]:
    return _first(subject)[1]


def _first(subject: Subject) -> tuple[list[str], dict[tuple[str, str, str], bytes]]:
    """Return which surroundings the first drawing changes, and its pictures."""

    def drawn() -> tuple[list[str], dict[tuple[str, str, str], bytes]]:
        analysed(subject)
        # A figure of the kit's own, so that what the libraries do on their first is not blamed on the plugin.
        to_png(new_figure(1.0, 1.0), dpi=40)
        before = snapshot()
        pictures = _drawn(subject)
        return changed(before, snapshot()), pictures

    return subject.once("pages", drawn)


def _drawn(subject: Subject) -> dict[tuple[str, str, str], bytes]:
    """Return the pictures of a result of each analysis by target, name and language."""
    first = {one.registered.name: one for one in reversed(analysed(subject))}
    return {
        (one.shown, drawing.name, lang): to_png(drawing.figure, dpi=40)
        for one in first.values()
        for lang in LANGUAGES
        for drawing in _drawings(subject, one, lang)
    }


def _drawings(subject: Subject, one: Analysed, lang: Language) -> tuple[Drawing, ...]:
    answer = subject.plugins.call(one.registered, "draw", one.target, one.result, lang)
    return subject.plugins.checked_all(one.registered, answer, Drawing)
