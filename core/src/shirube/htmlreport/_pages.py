"""Pages: templates filled with escaped data, one style sheet and one script, and a policy that admits nothing else."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import zlib
from importlib import resources
from typing import Any, Final

from shirube import __version__
from shirube._extras import require
from shirube.htmlreport._paper import LEFT, RIGHT, WIDTH
from shirube.htmlreport._words import Words

#: Characters that no page may hold, and half characters that no encoding can.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Signs that turn the direction of what follows. An element keeps them within itself, a title or a label cannot.
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: What the key of a figure shows of a layer, in a box of 400 by 200.
_KEYS: Final = {
    "fill": "M20 180C120 180 120 20 200 20S280 180 380 180z",
    "dots": "M80 100h0M200 100h0M320 100h0",
    "points": "M200 100h0",
    "chosen": "M200 100h0",
    "line": "M20 100H380",
}

__all__ = ["folded", "render"]


def render(template: str, words: Words, **values: Any) -> str:
    """Return a page.

    Args:
        template: Name of the template.
        words: The language.
        values: What the template asks for; all texts are escaped.

    Raises:
        MissingPluginError: The extra ``shirube[report]`` is not installed.
    """
    style, script = _resource("style.css"), _resource("script.js")
    safe = require("markupsafe", "report").Markup
    page: str = (
        _environment()
        .get_template(template)
        .render(
            say=words,
            lang=words.lang,
            version=__version__,
            policy=_policy(style, script),
            style=safe(style),
            script=safe(script),
            paper={"width": WIDTH, "left": LEFT, "inner": WIDTH - LEFT - RIGHT},
            keys=_KEYS,
            **values,
        )
    )
    return page


def folded(body: str, row: object, words: Words, *, packed: bool) -> str:
    """Return a part of a page folded in below its row of the overview.

    Args:
        body: The part, as :func:`render` returned it.
        row: Its row of the overview.
        words: The language.
        packed: Keep it compressed, to become elements when it is unfolded.
    """
    safe = require("markupsafe", "report").Markup
    text = base64.b64encode(zlib.compress(body.encode("utf-8"), 9)).decode("ascii") if packed else None
    return render("folded.html.j2", words, row=row, body=safe(body), packed=text, short=("K", "BIC"))


def clean(value: Any) -> Any:
    """Return a text without characters that a page may not hold; anything else as it is."""
    return _UNFIT.sub("\ufffd", value) if type(value) is str else value


def level(text: str) -> str:
    """Return a text for a title or a label, without signs that turn its direction."""
    return _TURNING.sub("", text)


@functools.cache
def _environment() -> Any:
    jinja2 = require("jinja2", "report")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_resource),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["level"] = level
    return environment


@functools.cache
def _resource(name: str) -> str:
    return resources.files("shirube.htmlreport").joinpath("templates", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return a content security policy: this style sheet, this script and images within the page, nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
