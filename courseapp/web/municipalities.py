"""The municipalities that a form suggests: the same three hundred lines for everybody, made once per process."""

from __future__ import annotations

from functools import cache

from flask import Flask
from markupsafe import Markup

from courseapp.domain import geography


def attach(app: Flask) -> None:
    """Let templates suggest them."""
    app.jinja_env.globals["municipality_options"] = options


@cache
def options() -> Markup:
    """An option for each, in Norwegian order."""
    return Markup("\n").join(
        Markup('<option value="{}"></option>').format(name) for name in geography.municipality_names()
    )
