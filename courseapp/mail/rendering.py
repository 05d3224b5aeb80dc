"""Facts → the three texts of a letter, by the templates of `templates/mail/`, in the language spoken."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from courseapp import template_words
from courseapp.speech import ngettext, said

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


def rendered(occasion: str, **facts: object) -> tuple[str, str, str]:
    """(subject, text, html). The subject is one line."""
    subject, text, html = (
        _templates().get_template(f"mail/{occasion}/{part}").render(facts)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return " ".join(subject.split()), text.strip() + "\n", html


@cache
def _templates() -> Environment:
    """The letters' own template environment: undefined names are errors, html is escaped, text is not."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_callables(said, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(template_words.FILTERS)
    made.globals.update(template_words.GLOBALS)
    return made
