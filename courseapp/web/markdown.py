"""Descriptions as html: paragraphs, lists, links and emphasis; everything else is shown as it was typed."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_LINK = re.compile(r"\[([^\]\n]{1,200})\]\((https?://[^\s()<>\"']{1,500})\)")
_STRONG = re.compile(r"\*\*([^*\n]{1,300})\*\*")


def html(text: str) -> Markup:
    """Escaped first, marked up after, so nothing typed can become a tag."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return Markup("\n").join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> Markup:
    lines = block.strip().split("\n")
    if all(line.lstrip().startswith("- ") for line in lines):
        items = Markup("").join(Markup("<li>{}</li>").format(_inline(line.lstrip()[2:])) for line in lines)
        return Markup("<ul>{}</ul>").format(items)
    return Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line) for line in lines))


def _inline(line: str) -> Markup:
    safe = str(escape(line))
    safe = _STRONG.sub(r"<strong>\1</strong>", safe)
    return Markup(_LINK.sub(r'<a href="\2">\1</a>', safe))  # noqa: S704 - escaped above
